"""The directory of the Google stand-in on disk: made once from the sample, changed by control."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec

from wizard.core.clock import to_text
from wizard.practice.google.groups import make_groups
from wizard.practice.google.sample import (
    CUSTOMER,
    DOMAIN,
    OTHER_CUSTOMER,
    OTHER_DOMAIN,
    SECOND_DOMAIN,
    UNITS,
    Person,
    mix,
    other_people,
    people,
    person_id,
)
from wizard.practice.rows import Rows

__all__ = ["Customer", "DirectoryStore", "Expected", "customers"]

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE units (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, customer TEXT NOT NULL, path TEXT NOT NULL,
  name TEXT NOT NULL, parent INTEGER, description TEXT NOT NULL);
CREATE TABLE people (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, customer TEXT NOT NULL, address TEXT NOT NULL,
  address_key TEXT NOT NULL, given TEXT NOT NULL, family TEXT NOT NULL, unit INTEGER NOT NULL,
  suspended INTEGER NOT NULL, archived INTEGER NOT NULL, admin INTEGER NOT NULL,
  delegated INTEGER NOT NULL, deleted INTEGER NOT NULL, aliases TEXT NOT NULL,
  created TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE groups (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, customer TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT NOT NULL);
CREATE VIEW groups_with_size AS
  SELECT g.*, (SELECT count(*) FROM members m WHERE m.grp = g.number) AS members FROM groups g;
CREATE TABLE members (
  grp INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, member TEXT NOT NULL,
  email TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (grp, number)) WITHOUT ROWID;
CREATE TABLE refresh_tokens (
  hash BLOB PRIMARY KEY, person TEXT NOT NULL, scope TEXT NOT NULL, ended INTEGER NOT NULL);
CREATE TABLE access_tokens (
  hash BLOB PRIMARY KEY, person TEXT NOT NULL, scope TEXT NOT NULL, expires TEXT NOT NULL,
  parent BLOB);
"""
# Made after loading: on random values this is many times faster than keeping them up to date.
_INDEXES = """
CREATE UNIQUE INDEX people_by_id ON people (id);
CREATE UNIQUE INDEX people_by_address ON people (address_key) WHERE deleted = 0;
CREATE INDEX people_deleted ON people (customer, number) WHERE deleted = 1;
CREATE INDEX people_other ON people (number) WHERE customer <> 'C0nordby1';
CREATE INDEX members_by_member ON members (member);
CREATE TABLE aliases (alias TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
BATCH = 5000


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A company at Google."""

    id: str
    domain: str
    name: str
    domains: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Somebody who must have an account when everyone counts."""

    id: str
    address: str


def customers() -> dict[str, Customer]:
    """The two companies by customer id; each domain with whether it is verified."""
    ours = Customer(
        id=CUSTOMER,
        domain=DOMAIN,
        name="Nordby",
        domains=((DOMAIN, True), (SECOND_DOMAIN, True), ("nordby-labs.example", False)),
    )
    other = Customer(
        id=OTHER_CUSTOMER, domain=OTHER_DOMAIN, name="Fjordline", domains=((OTHER_DOMAIN, True),)
    )
    return {ours.id: ours, other.id: other}


class DirectoryStore(Rows):
    """The people, units and groups of the sample, and what happened to them since."""

    def __init__(
        self, *, path: Path, count: int, seed: int, announce: Callable[[str], None]
    ) -> None:
        path.touch(mode=0o600)
        super().__init__(path, statements=256)
        if self.one("PRAGMA user_version")[0] == 0:
            try:
                self._make(count, seed, announce)
            except BaseException:
                self.close()
                raise
        self.seed = int(self.fact("seed"))
        self.count = int(self.fact("people"))
        if (self.count, self.seed) != (count, seed):
            announce(
                f"This folder holds a sample of {self.count:,} people (seed {self.seed})."
                " It is kept; use an empty folder for another one."
            )

    def fact(self, name: str) -> str:
        """Something written down when the sample was made."""
        return str(self.one("SELECT value FROM facts WHERE name = ?", name)[0])

    # ------------------------------------------------------------ making it

    def _make(self, count: int, seed: int, announce: Callable[[str], None]) -> None:
        if count >= 50_000:
            announce(f"Inventing {count:,} people. This happens once.")
        # Either the whole sample is there after a crash, or nothing of it.
        with self.transaction():
            for statement in _TABLES.split(";"):
                self.rows.execute(statement)
            self.rows.executemany(
                "INSERT INTO facts VALUES (?,?)",
                [("people", str(count)), ("seed", str(seed)), ("hired", "0")],
            )
            units = self._make_units(CUSTOMER, seed)
            other = self._make_units(OTHER_CUSTOMER, seed)
            self._load(people(count, seed), CUSTOMER, seed, units)
            self._load(other_people(), OTHER_CUSTOMER, seed, other)
            make_groups(self.rows, seed=seed, units=units)
            for statement in _INDEXES.split(";"):
                self.rows.execute(statement)
            self.rows.execute(
                "INSERT OR IGNORE INTO aliases SELECT lower(json_each.value), number FROM people,"
                " json_each(people.aliases) WHERE deleted = 0"
            )
            self.rows.execute("PRAGMA user_version = 1")

    def _make_units(self, customer: str, seed: int) -> dict[str, int]:
        numbers: dict[str, int] = {}
        paths: dict[str, int] = {}
        base = int(self.one("SELECT count(*) FROM units")[0])
        wanted = UNITS if customer == CUSTOMER else UNITS[:1]
        for number, unit in enumerate(wanted, start=base):
            parent_path = unit.path.rpartition("/")[0] or "/"
            self.run(
                "INSERT INTO units VALUES (?,?,?,?,?,?,?)",
                number,
                f"id:03ph{mix(seed, 7_000_000 + number) % 36**9:011x}",
                customer,
                unit.path,
                unit.path.rpartition("/")[2] or customers()[customer].name,
                None if unit.path == "/" else paths[parent_path],
                unit.description,
            )
            numbers[unit.key] = paths[unit.path] = number
        return numbers

    def _load(
        self, crowd: Iterator[Person], customer: str, seed: int, units: dict[str, int]
    ) -> None:
        while batch := list(islice(crowd, BATCH)):
            rows = [self._row(person, customer, seed, units) for person in batch]
            self.rows.executemany(
                "INSERT INTO people VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)", rows
            )

    def _row(
        self, person: Person, customer: str, seed: int, units: dict[str, int]
    ) -> tuple[object, ...]:
        return (
            person.number,
            person_id(seed, person.number),
            customer,
            person.address,
            person.address.lower(),
            person.given,
            person.family,
            units.get(person.unit, units["root"]),
            person.suspended,
            person.archived,
            person.admin,
            person.delegated,
            person.deleted,
            msgspec.json.encode(person.aliases).decode() if person.aliases else "[]",
            to_text(person.created),
        )

    def start_over(self) -> None:
        """The sample as it was at first; tokens end, too."""
        count, seed = self.count, self.seed
        made = self.all(
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
            " AND type IN ('table', 'view') ORDER BY type DESC"
        )
        ours = set(re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", _TABLES + _INDEXES))
        with self.transaction():
            for row in made:
                # Names that this program gave; they can't be bound as values. Tables of others
                # in this file stay, and are empty.
                how = f"DROP {row['type']}" if row["name"] in ours else "DELETE FROM"
                self.rows.execute(f'{how} "{row["name"]}"')
        self._make(count, seed, lambda _words: None)

    def unit_paths(self) -> list[str]:
        """The paths of our organizational units, in the order of the tree."""
        rows = self.all("SELECT path FROM units WHERE customer = ? ORDER BY path", CUSTOMER)
        return [str(row["path"]) for row in rows]

    def someone_suspended(self) -> str | None:
        """The id of somebody who is suspended, of those changed last; None for nobody."""
        row = self.maybe(
            "SELECT id FROM people WHERE customer = ? AND suspended = 1 AND deleted = 0"
            " ORDER BY version DESC, number DESC LIMIT 1",
            CUSTOMER,
        )
        return None if row is None else str(row["id"])

    # ------------------------------------------------------------ the truth

    def expected_in_scope(self) -> Iterator[Expected]:
        """Everybody of ours who is not deleted, suspended or archived, in a fixed order."""
        last = -1
        # In pieces: an open cursor would stand in the way of what is changed meanwhile.
        while rows := self.all(
            "SELECT number, id, address FROM people WHERE customer = ? AND deleted = 0"
            " AND suspended = 0 AND archived = 0 AND number > ? ORDER BY number LIMIT ?",
            CUSTOMER,
            last,
            BATCH,
        ):
            yield from (Expected(id=row["id"], address=row["address"]) for row in rows)
            last = rows[-1]["number"]

    def count_people(self) -> dict[str, int]:
        """How many of ours there are: people (not deleted), in_scope, suspended, archived."""
        row = self.one(
            "SELECT count(*) AS people, total(suspended) AS suspended, total(archived) AS archived,"
            " total(NOT suspended AND NOT archived) AS in_scope FROM people"
            " WHERE customer = ? AND deleted = 0",
            CUSTOMER,
        )
        return {name: int(row[name]) for name in ("people", "in_scope", "suspended", "archived")}

    # ------------------------------------------------------------ changes

    def find(self, who: str) -> sqlite3.Row | None:
        """Somebody of ours by id, address or alias, in any case; deleted people by id only."""
        key = who.strip().lower()
        if re.fullmatch(r"[0-9]{21}", key):
            return self.maybe("SELECT * FROM people WHERE id = ?", key)
        row = self.maybe("SELECT * FROM people WHERE address_key = ? AND deleted = 0", key)
        if row is None:
            row = self.maybe(
                "SELECT p.* FROM aliases a JOIN people p ON p.number = a.number"
                " WHERE a.alias = ? AND p.deleted = 0",
                key,
            )
        return row

    def someone(self, nth: int = 0) -> sqlite3.Row | None:
        """An ordinary person in scope, counted from the end; never an administrator."""
        return self.maybe(
            "SELECT * FROM people WHERE customer = ? AND deleted = 0 AND suspended = 0"
            " AND archived = 0 AND admin = 0 AND delegated = 0 AND number >= 4"
            " ORDER BY number DESC LIMIT 1 OFFSET ?",
            CUSTOMER,
            nth,
        )
