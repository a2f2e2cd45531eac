"""Rows of the directory as the Directory API shows them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable

import msgspec

from wizard.practice.google.mask import Mask
from wizard.practice.google.store import Customer

__all__ = ["Json", "etag", "group", "member", "public_user", "unit", "user"]

Json = dict[str, object]
_NEVER = "1970-01-01T00:00:00.000Z"


def etag(*parts: object) -> str:
    """A quoted entity tag that changes with its parts."""
    text = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.blake2s(text.encode(), digest_size=15).hexdigest()}"'


def _full(row: sqlite3.Row) -> str:
    return f"{row['given']} {row['family']}".strip()


def _name(row: sqlite3.Row, _: dict[int, str]) -> Json:
    name: Json = {}
    if row["given"]:
        name["givenName"] = row["given"]
    if row["family"]:
        name["familyName"] = row["family"]
    if name:
        name["fullName"] = _full(row)
    return name


def _aliases(row: sqlite3.Row) -> list[str]:
    return msgspec.json.decode(row["aliases"], type=list[str])


def _emails(row: sqlite3.Row, _: dict[int, str]) -> list[Json]:
    return [
        {"address": row["address"], "primary": True},
        *({"address": alias} for alias in _aliases(row)),
    ]


# What each member of a person is, made only when it is wanted; None leaves it out.
_USER: dict[str, Callable[[sqlite3.Row, dict[int, str]], object]] = {
    "kind": lambda _row, _units: "admin#directory#user",
    "id": lambda row, _units: row["id"],
    "etag": lambda row, _units: etag(row["id"], row["version"]),
    "primaryEmail": lambda row, _units: row["address"],
    "name": _name,
    "isAdmin": lambda row, _units: bool(row["admin"]),
    "isDelegatedAdmin": lambda row, _units: bool(row["delegated"]),
    "agreedToTerms": lambda _row, _units: True,
    "suspended": lambda row, _units: bool(row["suspended"]),
    "suspensionReason": lambda row, _units: "ADMIN" if row["suspended"] else None,
    "archived": lambda row, _units: bool(row["archived"]),
    "changePasswordAtNextLogin": lambda _row, _units: False,
    "creationTime": lambda row, _units: row["created"],
    "lastLoginTime": lambda _row, _units: _NEVER,
    "orgUnitPath": lambda row, units: units[row["unit"]],
    "aliases": lambda row, _units: _aliases(row) or None,
    "nonEditableAliases": lambda row, _units: [f"{row['address']}.test-google-a.com"],
    "emails": _emails,
    "customerId": lambda row, _units: row["customer"],
    "includeInGlobalAddressList": lambda _row, _units: True,
    "isMailboxSetup": lambda _row, _units: True,
    "isEnrolledIn2Sv": lambda _row, _units: False,
    "isEnforcedIn2Sv": lambda _row, _units: False,
}
_DELETED = ("kind", "id", "etag", "primaryEmail")
_PUBLIC = ("kind", "id", "etag", "primaryEmail", "name")


def user(row: sqlite3.Row, units: dict[int, str], mask: Mask) -> Json:
    """A person. `units` maps a unit's number to its path; only members in `mask` are made."""
    names = _DELETED if row["deleted"] else mask or _USER
    content: Json = {}
    for name in names:
        make = _USER.get(name)
        if make is None or (mask and name not in mask):
            continue
        value = make(row, units)
        if value is not None:
            content[name] = value
    return content


def public_user(row: sqlite3.Row, units: dict[int, str], mask: Mask) -> Json:
    """A person as everybody of the domain may see them."""
    whole = user(row, units, {})
    return {name: whole[name] for name in _PUBLIC if name in whole and (not mask or name in mask)}


def group(row: sqlite3.Row) -> Json:
    """A group; `row` has `members`, the number of direct ones."""
    return {
        "kind": "admin#directory#group",
        "id": row["id"],
        "etag": etag(row["id"], row["name"], row["members"]),
        "email": row["email"],
        "name": row["name"],
        "directMembersCount": str(row["members"]),
        "description": row["description"],
        "adminCreated": True,
        "nonEditableAliases": [f"{row['email']}.test-google-a.com"],
    }


def member(row: sqlite3.Row) -> Json:
    """A member of a group; `row` has the current `address` of a person, and `suspended`."""
    content: Json = {
        "kind": "admin#directory#member",
        "etag": etag(row["member"], row["role"]),
        "id": row["member"],
        "role": row["role"],
        "type": row["kind"],
        "status": "SUSPENDED" if row["suspended"] else "ACTIVE",
    }
    address = row["email"] or row["address"]
    # The whole company as a member has no address.
    if address:
        content["email"] = address
    return content


def unit(row: sqlite3.Row, parent: sqlite3.Row | None) -> Json:
    """An organizational unit; the root has no parent."""
    content: Json = {
        "kind": "admin#directory#orgUnit",
        "etag": etag(row["id"], row["path"]),
        "orgUnitId": row["id"],
        "orgUnitPath": row["path"],
        "name": row["name"],
        "description": row["description"],
        "blockInheritance": False,
    }
    if parent is not None:
        content |= {"parentOrgUnitId": parent["id"], "parentOrgUnitPath": parent["path"]}
    return content


def customer(who: Customer) -> Json:
    """A company."""
    return {
        "kind": "admin#directory#customer",
        "id": who.id,
        "etag": etag(who.id),
        "customerDomain": who.domain,
        "alternateEmail": "office@partner.example",
        "customerCreationTime": "2019-03-04T08:00:00.000Z",
        "language": "en",
        "postalAddress": {"organizationName": who.name, "countryCode": "NO"},
    }


def domains(who: Customer) -> list[Json]:
    """The domains of a company."""
    return [
        {
            "kind": "admin#directory#domain",
            "etag": etag(name, verified),
            "domainName": name,
            "isPrimary": name == who.domain,
            "verified": verified,
            "creationTime": "1551686400000",
        }
        for name, verified in who.domains
    ]
