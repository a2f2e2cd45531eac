"""SCIM filters (RFC 7644, section 3.4.2.2): parsed, tested on a resource, and turned into SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from wizard.practice.account.database import address_key
from wizard.practice.scim.errors import ScimRefusal, ScimType, scim_refuse
from wizard.practice.scim.schema import USER_URN

__all__ = [
    "All",
    "AnyOf",
    "Compare",
    "Filter",
    "Not",
    "Where",
    "matches",
    "parse",
    "to_sql",
    "wanted_single",
]

_TOKEN = re.compile(
    r'\s*(?:(?P<mark>[()\[\]])|(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>[^\s()\[\]"]+))'
)
OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"})
_EXACT = frozenset({"id", "externalid", "meta.version", "meta.location"})
MAX_DEPTH = 40


@dataclass(frozen=True, kw_only=True)
class Compare:
    """`path operator value`; `path` in lower case without the schema."""

    path: str
    operator: str
    value: object = None


@dataclass(frozen=True, kw_only=True)
class All:
    """Every part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """One part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: Filter


@dataclass(frozen=True, kw_only=True)
class Where:
    """One value of a multi-valued attribute for which everything inside holds."""

    path: str
    part: Filter


Filter = Compare | All | AnyOf | Not | Where


def _bad(detail: str) -> ScimRefusal:
    return scim_refuse(400, ScimType.INVALID_FILTER, detail)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        text = text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise _bad(f"Cannot be read from letter {position + 1} on.")
            kind = found.lastgroup or ""
            self._tokens.append((kind, found.group(kind)))
            position = found.end()
        self._at = 0
        self._depth = 0

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, kind: str, text: str) -> bool:
        found_kind, found = self._peek()
        if found_kind == kind and found.lower() == text:
            self._at += 1
            return True
        return False

    def whole(self) -> Filter:
        result = self._any()
        if self._peek()[0] != "end":
            raise _bad(f"{self._peek()[1]!r} is not expected here.")
        return result

    def _any(self) -> Filter:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _bad("Too deep.")
        parts = [self._all()]
        while self._take("word", "or"):
            parts.append(self._all())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(parts=tuple(parts))

    def _all(self) -> Filter:
        parts = [self._single()]
        while self._take("word", "and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def _single(self) -> Filter:
        if self._take("word", "not"):
            if self._peek() != ("mark", "("):
                raise _bad("not needs parentheses.")
            return Not(part=self._single())
        if self._take("mark", "("):
            inner = self._any()
            if not self._take("mark", ")"):
                raise _bad("A parenthesis is not closed.")
            return inner
        return self._comparison()

    def _comparison(self) -> Filter:
        kind, word = self._next()
        path = _path(word)
        if kind != "word" or path is None:
            raise _bad(f"{word!r} is no attribute.")
        if self._take("mark", "["):
            inner = self._any()
            if not self._take("mark", "]"):
                raise _bad("A bracket is not closed.")
            return Where(path=path, part=inner)
        operator = self._next()[1].lower()
        if operator not in OPERATORS:
            raise _bad(f"{operator!r} is no operator.")
        if operator == "pr":
            return Compare(path=path, operator=operator)
        kind, text = self._next()
        if kind not in {"text", "word"}:
            raise _bad(f"{operator} needs a value.")
        try:
            value = msgspec.json.decode(text if kind == "text" else text.lower())
        except (msgspec.DecodeError, UnicodeError) as problem:
            raise _bad(f"{text!r} is no value.") from problem
        if isinstance(value, (dict, list)):
            raise _bad(f"{text!r} is no value.")
        if operator in {"co", "sw", "ew"} and not isinstance(value, str):
            raise _bad(f"{operator} compares text.")
        if operator in {"gt", "ge", "lt", "le"} and (value is None or isinstance(value, bool)):
            raise _bad(f"{operator} needs something that has an order.")
        return Compare(path=path, operator=operator, value=value)


def _path(word: str) -> str | None:
    prefix = f"{USER_URN}:".lower()
    path = word.lower().removeprefix(prefix)
    return path if re.fullmatch(r"[a-z$][a-z0-9_$-]*(\.[a-z$][a-z0-9_$-]*)?", path) else None


def parse(text: str) -> Filter:
    """The filter; the SCIM answer 400 invalidFilter when it is none."""
    return _Parser(text).whole()


def _values(resource: Mapping[str, object], path: str) -> list[object]:
    """All values at a path, through lists; names in any case."""
    found: list[object] = [resource]
    for name in path.split("."):
        inner: list[object] = []
        for value in found:
            if isinstance(value, Mapping):
                inner.extend(held for key, held in value.items() if key.lower() == name)
        found = [one for held in inner for one in (held if isinstance(held, list) else [held])]
    return found


def _holds(compare: Compare, held: object) -> bool:
    wanted = compare.value
    if isinstance(held, str) and isinstance(wanted, str):
        if compare.path not in _EXACT:
            held, wanted = held.casefold(), wanted.casefold()
        return _text_holds(compare.operator, held, wanted)
    if isinstance(held, bool) or isinstance(wanted, bool) or held is None or wanted is None:
        return (held is wanted) if compare.operator == "eq" else False
    if isinstance(held, (int, float)) and isinstance(wanted, (int, float)):
        order = {
            "eq": held == wanted,
            "gt": held > wanted,
            "ge": held >= wanted,
            "lt": held < wanted,
            "le": held <= wanted,
        }
        return order.get(compare.operator, False)
    return False


def _text_holds(operator: str, held: str, wanted: str) -> bool:
    results = {
        "eq": held == wanted,
        "co": wanted in held,
        "sw": held.startswith(wanted),
        "ew": held.endswith(wanted),
        "gt": held > wanted,
        "ge": held >= wanted,
        "lt": held < wanted,
        "le": held <= wanted,
    }
    return results.get(operator, False)


def matches(part: Filter, resource: Mapping[str, object]) -> bool:
    """Whether the filter holds for a resource, or for one value of a list."""
    if isinstance(part, All):
        return all(matches(inner, resource) for inner in part.parts)
    if isinstance(part, AnyOf):
        return any(matches(inner, resource) for inner in part.parts)
    if isinstance(part, Not):
        return not matches(part.part, resource)
    if isinstance(part, Where):
        values = _values(resource, part.path)
        return any(isinstance(one, Mapping) and matches(part.part, one) for one in values)
    values = _values(resource, part.path)
    if part.operator == "pr":
        return any(value not in (None, "", {}) for value in values)
    if part.operator == "ne":
        equal = Compare(path=part.path, operator="eq", value=part.value)
        return not any(_holds(equal, _plain(value)) for value in values)
    return any(_holds(part, _plain(value)) for value in values)


def _plain(value: object) -> object:
    """`emails eq "x"` means `emails.value eq "x"`."""
    return value.get("value") if isinstance(value, Mapping) else value


_COLUMNS = {"id": "id", "externalid": "external_id", "username": "user_name_key"}


def to_sql(part: Filter) -> tuple[str, list[object]] | None:
    """A WHERE clause for filters over id, externalId, userName and active, or None."""
    if isinstance(part, (All, AnyOf)):
        inner = [to_sql(one) for one in part.parts]
        known = [one for one in inner if one is not None]
        if len(known) < len(inner):
            return None
        joint = " AND " if isinstance(part, All) else " OR "
        values = [value for _, given in known for value in given]
        return "(" + joint.join(sql for sql, _ in known) + ")", values
    if isinstance(part, Not):
        negated = to_sql(part.part)
        # A missing externalId makes a comparison unknown, which NOT would keep unknown.
        return None if negated is None else (f"NOT coalesce({negated[0]}, 0)", negated[1])
    if isinstance(part, Where):
        return None
    return _compare_sql(part)


def wanted_single(part: Filter) -> bool:
    """Whether at most one account of a unit can match: something unique is compared whole."""
    if isinstance(part, All):
        return any(wanted_single(one) for one in part.parts)
    return isinstance(part, Compare) and part.operator == "eq" and part.path in _COLUMNS


def _compare_sql(part: Compare) -> tuple[str, list[object]] | None:
    if part.path == "active" and part.operator == "eq" and isinstance(part.value, bool):
        return "active = ?", [int(part.value)]
    column = _COLUMNS.get(part.path)
    if column is None:
        return None
    if part.operator == "pr":
        return f"{column} IS NOT NULL", []
    if not isinstance(part.value, str):
        return None
    value = address_key(part.value) if part.path == "username" else part.value
    if part.operator == "eq":
        return f"{column} = ?", [value]
    if part.operator == "co":
        return f"instr({column}, ?) > 0", [value]
    if part.operator == "sw":
        return f"substr({column}, 1, ?) = ?", [len(value), value]
    return None
