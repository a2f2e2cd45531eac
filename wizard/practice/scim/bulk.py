"""SCIM Bulk (RFC 7644, section 3.7): many operations, each answered for itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wizard.practice.scim.accounts import Accounts, version_of
from wizard.practice.scim.describe import MAX_OPERATIONS
from wizard.practice.scim.errors import ScimRefusal, ScimType, scim_refuse
from wizard.practice.scim.patch import read_operations
from wizard.practice.scim.schema import Attributes

__all__ = ["Message", "read", "run"]

REQUEST_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
_PATH = re.compile(r"/Users(?:/([A-Za-z0-9_:-]+))?")
_KEYS = frozenset({"method", "bulkId", "version", "path", "data"})


@dataclass(frozen=True, kw_only=True)
class Message:
    """A bulk request; `fail_on` is 0 when every operation is to be tried."""

    operations: list[Attributes]
    fail_on: int


@dataclass(kw_only=True)
class _Progress:
    made: dict[str, str] = field(default_factory=dict)
    failures: int = 0


def read(body: Attributes) -> Message:
    """The message; 400 when it is none, 413 when it holds too many operations."""
    sent, fail_on = body.get("Operations"), body.get("failOnErrors", 0)
    if body.get("schemas") != [REQUEST_URN] or set(body) - {
        "schemas",
        "Operations",
        "failOnErrors",
    }:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, f"schemas names {REQUEST_URN} alone.")
    if not isinstance(sent, list) or not sent:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, "Operations has one entry or more.")
    if len(sent) > MAX_OPERATIONS:
        raise scim_refuse(413, ScimType.TOO_MANY, f"At most {MAX_OPERATIONS} operations.")
    if isinstance(fail_on, float) and fail_on.is_integer():
        fail_on = int(fail_on)
    if isinstance(fail_on, bool) or not isinstance(fail_on, int) or fail_on < 0:
        raise scim_refuse(400, ScimType.INVALID_VALUE, "failOnErrors is a whole number.")
    if "failOnErrors" in body and fail_on < 1:
        raise scim_refuse(400, ScimType.INVALID_VALUE, "failOnErrors is 1 or more.")
    return Message(operations=[_checked(one) for one in sent], fail_on=fail_on)


def _checked(one: object) -> Attributes:
    if not isinstance(one, dict) or set(one) - _KEYS:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, "An operation has other members.")
    method, path = one.get("method"), one.get("path")
    if not isinstance(method, str) or method.upper() not in {"POST", "PUT", "PATCH", "DELETE"}:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, "method is POST, PUT, PATCH or DELETE.")
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise scim_refuse(400, ScimType.INVALID_PATH, "path is /Users or /Users/{id}.")
    for name in ("bulkId", "version"):
        if name in one and not isinstance(one[name], str):
            raise scim_refuse(400, ScimType.INVALID_SYNTAX, f"{name} is text.")
    if "data" in one and not isinstance(one["data"], dict):
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, "data is an object.")
    return one


def run(
    accounts: Accounts, unit: str, base: str, message: Message, *, refuse_first: int = 0
) -> Attributes:
    """Do the operations in order, inside the caller's transaction.

    With `refuse_first` the first one is refused with this status, whatever it asks for.

    Each operation is one statement that writes, and every check comes before it, so a refused
    operation leaves nothing behind and needs no savepoint of its own.
    """
    progress = _Progress()
    answers: list[Attributes] = []
    for operation in message.operations:
        refused = refuse_first if not answers else 0
        answers.append(_one(accounts, unit, base, operation, progress, refused))
        if message.fail_on and progress.failures >= message.fail_on:
            break
    return {"schemas": [RESPONSE_URN], "Operations": answers}


def _one(
    accounts: Accounts,
    unit: str,
    base: str,
    operation: Attributes,
    progress: _Progress,
    refused: int,
) -> Attributes:
    method = str(operation["method"]).upper()
    answer: Attributes = {"method": method}
    bulk_id = operation.get("bulkId")
    if bulk_id is not None:
        answer["bulkId"] = bulk_id
    try:
        if refused:
            raise scim_refuse(refused, detail="A practice fault.")
        answer |= _done(accounts, unit, base, method, operation, progress)
    except ScimRefusal as refusal:
        progress.failures += 1
        answer |= {"status": str(refusal.status), "response": refusal.body}
        user = _user_of(operation, progress)
        if method != "POST" and user is not None:
            answer["location"] = f"{base}/Users/{user}"
    return answer


def _user_of(operation: Attributes, progress: _Progress) -> str | None:
    found = _PATH.fullmatch(str(operation["path"]))
    user = found.group(1) if found else None
    if user is not None and user.startswith("bulkId:"):
        return progress.made.get(user.removeprefix("bulkId:"))
    return user


def _done(
    accounts: Accounts,
    unit: str,
    base: str,
    method: str,
    operation: Attributes,
    progress: _Progress,
) -> Attributes:
    data = operation.get("data")
    body = data if isinstance(data, dict) else {}
    version = operation.get("version")
    wanted = version if isinstance(version, str) else None
    if method == "POST":
        bulk_id = operation.get("bulkId")
        if operation["path"] != "/Users" or not isinstance(bulk_id, str) or not bulk_id:
            raise scim_refuse(400, ScimType.INVALID_SYNTAX, "POST has /Users and a bulkId.")
        row = accounts.create(unit, body)
        progress.made[bulk_id] = row["id"]
        status = "201"
    else:
        user = _user_of(operation, progress)
        if user is None:
            raise scim_refuse(400, ScimType.INVALID_PATH, f"{method} has /Users and an id.")
        if method == "DELETE":
            accounts.delete(unit, user, wanted)
            return {"status": "204", "location": f"{base}/Users/{user}"}
        if method == "PUT":
            row = accounts.replace(unit, user, body, wanted)
        else:
            row = accounts.patch(unit, user, read_operations(body), wanted)
        status = "200"
    return {
        "status": status,
        "version": version_of(row),
        "location": f"{base}/Users/{row['id']}",
    }
