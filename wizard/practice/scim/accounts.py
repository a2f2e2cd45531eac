"""The accounts of a unit: kept unique, versioned, and never without an active owner."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from wizard.practice.account.database import Database, address_key, new_id
from wizard.practice.scim.errors import ScimType, scim_refuse
from wizard.practice.scim.filters import Filter, matches, to_sql, wanted_single
from wizard.practice.scim.patch import Operation, apply
from wizard.practice.scim.schema import USER_URN, Attributes, clean

__all__ = ["Accounts", "Found", "resource", "version_of"]

_VERSION = re.compile(r'(?:W/)?"([^"]*)"')
_BODY = msgspec.json.Decoder(dict[str, object])


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of a listing and how many there are in all."""

    rows: list[sqlite3.Row]
    total: int


def version_of(row: sqlite3.Row) -> str:
    """The entity tag of an account."""
    return f'W/"{row["version"]}"'


def resource(row: sqlite3.Row, base: str) -> Attributes:
    """A stored account as a SCIM resource; `base` is the address of the SCIM end."""
    content: Attributes = {"schemas": [USER_URN], "id": row["id"]}
    if row["external_id"] is not None:
        content["externalId"] = row["external_id"]
    content["userName"] = row["user_name"]
    content |= _BODY.decode(row["body"])
    content["active"] = bool(row["active"])
    content["roles"] = [{"value": row["role"], "primary": True}]
    content["meta"] = {
        "resourceType": "User",
        "created": row["created"],
        "lastModified": row["modified"],
        "location": f"{base}/Users/{row['id']}",
        "version": version_of(row),
    }
    return content


def _stored(row: sqlite3.Row) -> Attributes:
    """The attributes that a client can write, as they are now."""
    content: Attributes = {"userName": row["user_name"], "active": bool(row["active"])}
    if row["external_id"] is not None:
        content["externalId"] = row["external_id"]
    return content | _BODY.decode(row["body"])


@dataclass(frozen=True, kw_only=True)
class _Columns:
    user_name: str
    external_id: str | None
    active: bool
    body: bytes

    @classmethod
    def of(cls, attributes: Attributes, *, active: bool) -> _Columns:
        rest = dict(attributes)
        external = rest.pop("externalId", None)
        return cls(
            user_name=str(rest.pop("userName")).strip(),
            external_id=str(external) if external else None,
            active=bool(rest.pop("active", active)),
            body=msgspec.json.encode(rest),
        )


class Accounts:
    """All changes happen inside the caller's transaction; a refused one changes nothing."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._totals: dict[tuple[str, str, tuple[object, ...]], int] = {}
        # Position after the last account of a page, so that the next page need not skip rows.
        self._pages: dict[tuple[str, str, tuple[object, ...], int], int] = {}

    def get(self, unit: str, account: str) -> sqlite3.Row:
        """One account; 404."""
        row = self._db.maybe("SELECT * FROM accounts WHERE unit = ? AND id = ?", unit, account)
        if row is None:
            raise scim_refuse(404, detail=f"There is no account {account!r}.")
        return row

    def create(self, unit: str, body: Mapping[str, object]) -> sqlite3.Row:
        """A new account; 409 uniqueness."""
        columns = _Columns.of(clean(body), active=True)
        now, account = self._db.now(), new_id("u")
        try:
            self._db.run(
                "INSERT INTO accounts (id, unit, external_id, user_name, user_name_key, active,"
                " role, body, version, created, modified) VALUES (?,?,?,?,?,?,'member',?,1,?,?)",
                account,
                unit,
                columns.external_id,
                columns.user_name,
                address_key(columns.user_name),
                columns.active,
                columns.body,
                now,
                now,
            )
        except sqlite3.IntegrityError as problem:
            raise self._taken(unit, columns) from problem
        self._remember_nothing()
        return self._db.one("SELECT * FROM accounts WHERE id = ?", account)

    def _taken(self, unit: str, columns: _Columns) -> Exception:
        row = self._db.maybe(
            "SELECT id FROM accounts WHERE unit = ? AND user_name_key = ?",
            unit,
            address_key(columns.user_name),
        )
        which = "userName" if row is not None else "externalId"
        return scim_refuse(409, ScimType.UNIQUENESS, f"Another account has this {which}.")

    def replace(
        self, unit: str, account: str, body: Mapping[str, object], wanted: str | None
    ) -> sqlite3.Row:
        """Replace an account; 404, 409, 412."""
        row = self.get(unit, account)
        attributes = clean(body)
        # RFC 9110, section 13.2.1: a condition counts only where all else would be fine.
        _check_version(row, wanted)
        return self._write(row, attributes)

    def patch(
        self, unit: str, account: str, operations: list[Operation], wanted: str | None
    ) -> sqlite3.Row:
        """Change an account; 400, 404, 409, 412."""
        row = self.get(unit, account)
        attributes = apply(_stored(row), operations)
        _check_version(row, wanted)
        return self._write(row, attributes)

    def _write(self, row: sqlite3.Row, attributes: Attributes) -> sqlite3.Row:
        columns = _Columns.of(attributes, active=True)
        same = (
            columns.user_name == row["user_name"]
            and columns.external_id == row["external_id"]
            and columns.active == bool(row["active"])
            and _BODY.decode(columns.body) == _BODY.decode(row["body"])
        )
        if same:
            return row
        if row["active"] and not columns.active:
            self._keep_an_owner(row)
        try:
            self._db.run(
                "UPDATE accounts SET external_id = ?, user_name = ?, user_name_key = ?,"
                " active = ?, body = ?, version = version + 1, modified = ? WHERE seq = ?",
                columns.external_id,
                columns.user_name,
                address_key(columns.user_name),
                columns.active,
                columns.body,
                self._db.now(),
                row["seq"],
            )
        except sqlite3.IntegrityError as problem:
            raise scim_refuse(
                409, ScimType.UNIQUENESS, "Another account has this userName or externalId."
            ) from problem
        self._remember_nothing()
        return self._db.one("SELECT * FROM accounts WHERE seq = ?", row["seq"])

    def _keep_an_owner(self, row: sqlite3.Row) -> None:
        if row["role"] != "owner":
            return
        others = self._db.one(
            "SELECT count(*) FROM accounts WHERE unit = ? AND role = 'owner' AND active = 1"
            " AND seq <> ?",
            row["unit"],
            row["seq"],
        )
        if others[0] == 0:
            raise scim_refuse(
                409,
                ScimType.MUTABILITY,
                "This is the last active owner of the organizational unit.",
                code="last-owner",
            )

    def delete(self, unit: str, account: str, wanted: str | None) -> None:
        """Delete an account for good; 403 for owners, 404, 409, 412."""
        row = self.get(unit, account)
        _check_version(row, wanted)
        self._keep_an_owner(row)
        if row["role"] == "owner":
            raise scim_refuse(
                403, detail="Owners are not deleted by provisioning.", code="not-allowed"
            )
        self._db.run("DELETE FROM accounts WHERE seq = ?", row["seq"])
        self._remember_nothing()

    def _remember_nothing(self) -> None:
        """Something was written; totals and positions may have changed."""
        if self._totals or self._pages:
            self._totals.clear()
            self._pages.clear()

    def page(self, unit: str, start: int, count: int) -> Found:
        """Accounts `start` (1-based) to `start + count - 1` in order of creation."""
        return self._page(unit, "1", (), start, count)

    def _page(
        self, unit: str, clause: str, values: tuple[object, ...], start: int, count: int
    ) -> Found:
        # The clause is made of fixed column names; every value is a parameter. The plus sign
        # keeps SQLite from sorting a whole unit by name only to sort it back by position.
        where = f"FROM accounts WHERE +unit = ? AND {clause}"
        total = self._totals.get((unit, clause, values))
        if total is None:
            total = int(self._db.one(f"SELECT count(*) {where}", unit, *values)[0])
            self._totals[unit, clause, values] = total
        position = self._pages.get((unit, clause, values, start))
        skip = 0 if position is not None else start - 1
        rows = self._db.all(
            f"SELECT * {where} AND seq > ? ORDER BY seq LIMIT ? OFFSET ?",
            unit,
            *values,
            position or 0,
            count,
            skip,
        )
        if rows:
            self._pages[unit, clause, values, start + len(rows)] = rows[-1]["seq"]
        return Found(rows=rows, total=total)

    def search(self, unit: str, wanted: Filter, start: int, count: int, base: str) -> Found:
        """The accounts for which a filter holds, as a page in order of creation."""
        clause = to_sql(wanted)
        if clause is not None:
            sql, values = clause
            if count and wanted_single(wanted):
                return self._few(unit, sql, tuple(values), start, count)
            return self._page(unit, sql, tuple(values), start, count)
        found, total = [], 0
        for row in self.every(unit):
            if matches(wanted, resource(row, base)):
                total += 1
                if start <= total < start + count:
                    found.append(row)
        return Found(rows=found, total=total)

    def _few(
        self, unit: str, clause: str, values: tuple[object, ...], start: int, count: int
    ) -> Found:
        """Like `_page`, for a clause that an index answers with one account or none."""
        sql = f"SELECT * FROM accounts WHERE unit = ? AND {clause}"  # noqa: S608  # as in _page
        rows = self._db.all(sql, unit, *values)
        return Found(rows=rows[start - 1 : start - 1 + count], total=len(rows))

    def every(self, unit: str) -> Iterator[sqlite3.Row]:
        """All accounts of a unit, one after the other."""
        yield from self._db.rows.execute(
            "SELECT * FROM accounts WHERE unit = ? ORDER BY seq", (unit,)
        )


def _check_version(row: sqlite3.Row, wanted: str | None) -> None:
    """If-Match (RFC 7232, section 3.1), compared weakly as RFC 7644, section 3.14 needs it."""
    if wanted is None or wanted.strip() == "*":
        return
    if str(row["version"]) not in _VERSION.findall(wanted):
        raise scim_refuse(412, detail="The account has changed in the meantime.")
