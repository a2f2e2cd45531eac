"""What happens to sample people: hired, renamed, let go, suspended, moved."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from wizard.core.clock import Clock, to_text
from wizard.practice.google.sample import CUSTOMER, DOMAIN, person_id
from wizard.practice.google.store import DirectoryStore

__all__ = ["Changed", "Changes", "NoSuchPersonError"]

# Whoever is hired gets a number above every sample and below the other customer's people.
FIRST_HIRE = 800_000_000


class NoSuchPersonError(Exception):
    """Nobody is called that."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Somebody after a change."""

    id: str
    address: str
    given_name: str
    family_name: str
    unit_path: str
    suspended: bool
    archived: bool
    deleted: bool


class Changes:
    """Every change is one transaction. `who` is an id, an address, an alias, or 'any'."""

    def __init__(self, store: DirectoryStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def _found(self, who: str) -> sqlite3.Row:
        row = self._store.someone() if who == "any" else self._store.find(who)
        if row is None or row["customer"] != CUSTOMER:
            raise NoSuchPersonError(who)
        return row

    def _now(self, number: int) -> Changed:
        row = self._store.one(
            "SELECT p.*, u.path FROM people p JOIN units u ON u.number = p.unit WHERE p.number = ?",
            number,
        )
        return Changed(
            id=row["id"],
            address=row["address"],
            given_name=row["given"],
            family_name=row["family"],
            unit_path=row["path"],
            suspended=bool(row["suspended"]),
            archived=bool(row["archived"]),
            deleted=bool(row["deleted"]),
        )

    def _unit(self, path: str) -> int:
        row = self._store.maybe(
            "SELECT number FROM units WHERE customer = ? AND path = ?", CUSTOMER, path
        )
        if row is None:
            raise NoSuchPersonError(path)
        return int(row["number"])

    def hire(
        self, *, given: str = "", family: str = "", address: str = "", unit: str = "/Sales"
    ) -> Changed:
        """Somebody new; without an address one is made. `sqlite3.IntegrityError` when taken."""
        with self._store.transaction():
            order = int(self._store.fact("hired")) + 1
            self._store.run("UPDATE facts SET value = ? WHERE name = 'hired'", str(order))
            number = FIRST_HIRE + order
            address = address or f"new.hire{order}@{DOMAIN}"
            self._store.run(
                "INSERT INTO people VALUES (?,?,?,?,?,?,?,?,0,0,0,0,0,'[]',?,1)",
                number,
                person_id(self._store.seed, number),
                CUSTOMER,
                address,
                address.lower(),
                given or "New",
                family or f"Hire {order}",
                self._unit(unit),
                to_text(self._clock.now()),
            )
        return self._now(number)

    def rename(
        self, who: str, *, given: str | None, family: str | None, address: str | None
    ) -> Changed:
        """Another name or address; the old address becomes an alias, as at Google."""
        row = self._found(who)
        if given is None and family is None and address is None:
            family = f"{row['family']}-Renamed".strip()
        with self._store.transaction():
            aliases = msgspec.json.decode(row["aliases"], type=list[str])
            if address is not None and address.lower() != row["address_key"]:
                aliases = [a for a in aliases if a.lower() != address.lower()] + [row["address"]]
                self._store.run("DELETE FROM aliases WHERE alias = ?", address.lower())
                self._store.run(
                    "INSERT OR IGNORE INTO aliases VALUES (?,?)", row["address_key"], row["number"]
                )
            self._store.run(
                "UPDATE people SET given = ?, family = ?, address = ?, address_key = ?,"
                " aliases = ?, version = version + 1 WHERE number = ?",
                row["given"] if given is None else given,
                row["family"] if family is None else family,
                row["address"] if address is None else address,
                row["address_key"] if address is None else address.lower(),
                msgspec.json.encode(aliases).decode(),
                row["number"],
            )
        return self._now(row["number"])

    def let_go(self, who: str) -> Changed:
        """Deleted: listed among the deleted for a while, and in no group any longer."""
        row = self._found(who)
        with self._store.transaction():
            self._store.run(
                "UPDATE people SET deleted = 1, version = version + 1 WHERE number = ?",
                row["number"],
            )
            self._store.run("DELETE FROM members WHERE member = ?", row["id"])
            self._store.run("DELETE FROM aliases WHERE number = ?", row["number"])
        return self._now(row["number"])

    def let_go_many(self, count: int) -> list[Changed]:
        """So many at once, or as many as there are."""
        gone: list[Changed] = []
        while len(gone) < count and self._store.someone() is not None:
            gone.append(self.let_go("any"))
        return gone

    def suspend(self, who: str, *, suspended: bool) -> Changed:
        """Suspended, or no longer."""
        row = self._found(who)
        self._store.run(
            "UPDATE people SET suspended = ?, version = version + 1 WHERE number = ?",
            suspended,
            row["number"],
        )
        return self._now(row["number"])

    def archive(self, who: str, *, archived: bool) -> Changed:
        """Archived, or no longer."""
        row = self._found(who)
        self._store.run(
            "UPDATE people SET archived = ?, version = version + 1 WHERE number = ?",
            archived,
            row["number"],
        )
        return self._now(row["number"])

    def give_role(self, who: str, role: str) -> Changed:
        """`full` admin, `delegated` admin of a part of the rights, or `none`."""
        row = self._found(who)
        self._store.run(
            "UPDATE people SET admin = ?, delegated = ?, version = version + 1 WHERE number = ?",
            role == "full",
            role == "delegated",
            row["number"],
        )
        return self._now(row["number"])

    def move(self, who: str, unit: str) -> Changed:
        """Into another organizational unit, by its path."""
        row = self._found(who)
        self._store.run(
            "UPDATE people SET unit = ?, version = version + 1 WHERE number = ?",
            self._unit(unit),
            row["number"],
        )
        return self._now(row["number"])
