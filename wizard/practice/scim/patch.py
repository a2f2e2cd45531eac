"""SCIM PATCH (RFC 7644, section 3.5.2) on the stored form of an account."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.practice.scim.errors import ScimRefusal, ScimType, scim_refuse
from wizard.practice.scim.filters import All, Compare, Filter, matches, parse
from wizard.practice.scim.schema import BY_NAME, USER_URN, Attribute, Attributes, clean_value

__all__ = ["Operation", "apply", "read_operations"]

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MAX_OPERATIONS = 100
_PATH = re.compile(
    r"(?P<name>[A-Za-z$][A-Za-z0-9_$-]*)(?:\[(?P<filter>.*)\])?(?:\.(?P<part>[A-Za-z$][\w$-]*))?",
    re.DOTALL,
)
_READ_ONLY = frozenset({"id", "meta", "schemas"})


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One change; `given` says whether a value was sent at all."""

    op: str
    path: str | None
    value: object
    given: bool


@dataclass(frozen=True, kw_only=True)
class _Target:
    attribute: Attribute
    part: Attribute | None
    where: Filter | None


def _bad(kind: ScimType, detail: str) -> ScimRefusal:
    return scim_refuse(400, kind, detail)


def read_operations(body: Mapping[str, object]) -> list[Operation]:
    """The operations of a PatchOp message; 400 invalidSyntax when it is none."""
    if body.get("schemas") != [PATCH_URN]:
        raise _bad(ScimType.INVALID_SYNTAX, f"schemas names {PATCH_URN} alone.")
    sent = body.get("Operations")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MAX_OPERATIONS:
        raise _bad(ScimType.INVALID_SYNTAX, f"Operations has 1 to {MAX_OPERATIONS} entries.")
    if set(body) - {"schemas", "Operations"}:
        raise _bad(ScimType.INVALID_SYNTAX, "There is more in it than schemas and Operations.")
    return [_read(one) for one in sent]


def _read(one: object) -> Operation:
    if not isinstance(one, Mapping) or set(one) - {"op", "path", "value"}:
        raise _bad(ScimType.INVALID_SYNTAX, "An operation has op, path and value.")
    op, path = one.get("op"), one.get("path")
    if not isinstance(op, str) or op.lower() not in {"add", "replace", "remove"}:
        raise _bad(ScimType.INVALID_SYNTAX, "op is add, replace or remove.")
    if path is not None and not isinstance(path, str):
        raise _bad(ScimType.INVALID_PATH, "path is text.")
    if "path" in one and not path:
        raise _bad(ScimType.INVALID_PATH, "path is empty.")
    return Operation(op=op.lower(), path=path, value=one.get("value"), given="value" in one)


def _target(path: str) -> _Target:
    prefix = f"{USER_URN}:"
    short = path[len(prefix) :] if path.lower().startswith(prefix.lower()) else path
    found = _PATH.fullmatch(short)
    if found is None:
        raise _bad(ScimType.INVALID_PATH, f"{path!r} cannot be read.")
    name = found.group("name").lower()
    attribute = BY_NAME.get(name)
    if name in _READ_ONLY or (attribute is not None and attribute.mutability == "readOnly"):
        raise _bad(ScimType.MUTABILITY, f"{path!r} cannot be changed.")
    if attribute is None:
        raise _bad(ScimType.INVALID_PATH, f"{path!r} is no attribute of an account.")
    part_name, where = found.group("part"), found.group("filter")
    part = attribute.part(part_name) if part_name else None
    if (part_name and part is None) or (where is not None and not attribute.many):
        raise _bad(ScimType.INVALID_PATH, f"{path!r} is no attribute of an account.")
    return _Target(attribute=attribute, part=part, where=None if where is None else parse(where))


def apply(stored: Attributes, operations: list[Operation]) -> Attributes:
    """The account after all operations; the given one is left as it is.

    Raises the SCIM answer 400 (invalidPath, invalidValue, noTarget, mutability).
    """
    changed = copy.deepcopy(stored)
    for operation in operations:
        if operation.path is not None:
            _apply_at(changed, operation, _target(operation.path))
            continue
        if operation.op == "remove":
            raise _bad(ScimType.NO_TARGET, "remove needs a path.")
        if not isinstance(operation.value, Mapping):
            raise _bad(ScimType.INVALID_VALUE, "Without a path the value is an object.")
        for name, value in operation.value.items():
            one = Operation(op=operation.op, path=str(name), value=value, given=True)
            if str(name).lower() in _READ_ONLY:
                # RFC 7644, section 3.5.2.1: what is read-only in a whole resource is ignored.
                continue
            _apply_at(changed, one, _target(str(name)))
    if not isinstance(changed.get("userName"), str) or not str(changed["userName"]).strip():
        raise _bad(ScimType.INVALID_VALUE, "userName is needed.")
    return changed


def _apply_at(stored: Attributes, operation: Operation, target: _Target) -> None:
    if operation.op != "remove" and not operation.given:
        raise _bad(ScimType.INVALID_VALUE, f"{operation.op} needs a value.")
    if target.attribute.many and (target.where is not None or target.part is not None):
        _apply_within(stored, operation, target)
    elif operation.op == "remove":
        _remove(stored, target)
    elif target.attribute.many:
        _put_many(stored, operation, target.attribute)
    else:
        _put_single(stored, operation, target)


def _remove(stored: Attributes, target: _Target) -> None:
    attribute, part = target.attribute, target.part
    if attribute.required:
        raise _bad(ScimType.MUTABILITY, f"{attribute.name} cannot be removed.")
    held = stored.get(attribute.name)
    if part is None:
        stored.pop(attribute.name, None)
    elif isinstance(held, dict):
        held.pop(part.name, None)
        if not held:
            del stored[attribute.name]


def _put_single(stored: Attributes, operation: Operation, target: _Target) -> None:
    attribute, part = target.attribute, target.part
    held = stored.get(attribute.name)
    if part is not None:
        value: object | None = clean_value(part, operation.value)
        parts = dict(held) if isinstance(held, dict) else {}
        if value is None:
            parts.pop(part.name, None)
        else:
            parts[part.name] = value
        value = parts or None
    else:
        value = clean_value(attribute, operation.value)
        # Both add and replace of a complex attribute set the parts that are named.
        if isinstance(value, dict) and isinstance(held, dict):
            value = {**held, **value}
    if value is None:
        if attribute.required:
            raise _bad(ScimType.INVALID_VALUE, f"{attribute.name} is needed.")
        stored.pop(attribute.name, None)
    else:
        stored[attribute.name] = value


def _one_primary(values: list[object], newest: list[object]) -> None:
    """A new primary value takes the mark from the one before (RFC 7644, section 3.5.2)."""
    if not any(isinstance(value, dict) and value.get("primary") for value in newest):
        return
    for value in values:
        if isinstance(value, dict) and value not in newest and value.get("primary"):
            value["primary"] = False


def _put_many(stored: Attributes, operation: Operation, attribute: Attribute) -> None:
    cleaned = clean_value(attribute, operation.value)
    fresh = cleaned if isinstance(cleaned, list) else []
    if operation.op == "replace":
        if fresh:
            stored[attribute.name] = fresh
        else:
            stored.pop(attribute.name, None)
        return
    held = stored.get(attribute.name)
    values = held if isinstance(held, list) else []
    added = [value for value in fresh if value not in values]
    _one_primary(values, added)
    if values or added:
        stored[attribute.name] = values + added


def _seed(where: Filter | None) -> Attributes:
    """What a new value must hold so that `where` selects it; {} when that cannot be told."""
    parts = where.parts if isinstance(where, All) else (where,)
    seed: Attributes = {}
    for part in parts:
        if not isinstance(part, Compare) or part.operator != "eq":
            return {}
        seed[part.path] = part.value
    return seed


def _apply_within(stored: Attributes, operation: Operation, target: _Target) -> None:
    """Change the values of a list that the filter selects (all of them without a filter)."""
    attribute, part = target.attribute, target.part
    held = stored.get(attribute.name)
    values = [dict(one) for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    hit = [
        number
        for number, one in enumerate(values)
        if target.where is None or matches(target.where, one)
    ]
    if operation.op == "remove":
        for number in hit:
            if part is None or part.required:
                values[number] = {}
            else:
                values[number].pop(part.name, None)
    else:
        if not hit and operation.op == "add" and (seed := _seed(target.where)):
            values.append(seed)
            hit = [len(values) - 1]
        if not hit:
            raise _bad(ScimType.NO_TARGET, "No value is selected by the path.")
        change = operation.value if part is None else {part.name: operation.value}
        if not isinstance(change, Mapping):
            raise _bad(ScimType.INVALID_VALUE, f"A value of {attribute.name} is an object.")
        for number in hit:
            values[number] = {**values[number], **change}
        _one_primary(
            [value for number, value in enumerate(values) if number not in hit],
            [values[number] for number in hit],
        )
    kept = clean_value(attribute, [value for value in values if value])
    if kept is None:
        stored.pop(attribute.name, None)
    else:
        stored[attribute.name] = kept
