"""The directory as last read whole: staging a new generation, and putting it in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    OrgUnit,
    ProviderId,
)
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.store.statements import Reading, Writing
from wizard.sync.changes import note_changes

__all__ = ["PinnedConnection", "Staging", "clear_leftovers", "pin_connection", "pinned_connection"]

_KINDS = {
    "user": (
        "id TEXT NOT NULL, address TEXT NOT NULL, address_key TEXT NOT NULL,"
        " given_name TEXT NOT NULL, family_name TEXT NOT NULL, state TEXT NOT NULL,"
        " unit_path TEXT NOT NULL, aliases TEXT NOT NULL, is_admin INTEGER NOT NULL,"
        " digest TEXT NOT NULL"
    ),
    "deleted": "id TEXT NOT NULL",
    "unit": "id TEXT NOT NULL, parent_id TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL",
    "group": "id TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL",
    "member": "group_id TEXT NOT NULL, member_id TEXT NOT NULL, kind TEXT NOT NULL",
    "walked": "group_id TEXT NOT NULL",
}
_UNIQUE = {
    "user": "id",
    "deleted": "id",
    "unit": "id",
    "group": "id",
    "member": "group_id, member_id, kind",
    "walked": "group_id",
}
_INDEXES = (
    ("user", "address_key"),
    ("unit", "path"),
    ("unit", "parent_id"),
    ("member", "member_id"),
)
_STAGED = re.compile(rf"({'|'.join(_KINDS)})_g(\d+)")


@dataclass(frozen=True, kw_only=True)
class PinnedConnection:
    """Whose directory this database mirrors, and how its last good read went.

    `people` counts users before scope; `rights` are scopes, `domains` the verified ones.
    """

    provider: ProviderId
    customer_id: str
    ou_id: str
    account_id: str
    generation: int
    people: int
    rights: frozenset[str]
    domains: frozenset[str]
    read_at: str | None


@dataclass(frozen=True, kw_only=True)
class _Row:
    provider: ProviderId
    customer_id: str
    ou_id: str
    account_id: str
    generation: int
    people: int
    rights: str
    domains: str
    read_at: str | None


def pinned_connection(database: Database) -> PinnedConnection | None:
    """What is pinned, None before the first `pin_connection`."""
    with database.read() as read:
        row = read.first(
            _Row,
            "SELECT provider, customer_id, ou_id, account_id, generation, people, rights, domains,"
            " read_at FROM connection",
        )
    if row is None:
        return None
    return PinnedConnection(
        provider=row.provider,
        customer_id=row.customer_id,
        ou_id=row.ou_id,
        account_id=row.account_id,
        generation=row.generation,
        people=row.people,
        rights=frozenset(row.rights.split()),
        domains=frozenset(row.domains.split()),
        read_at=row.read_at,
    )


def pin_connection(
    database: Database, *, provider: ProviderId, customer_id: str, ou_id: str, account_id: str
) -> None:
    """Tie this database to one customer for good, at first use; later the same costs one read.

    Another admin of the same customer may come and keeps every link; another customer is
    refused with `Trouble(OTHER_CUSTOMER, expected=…, found=…)`. When the service knows the
    connection by a new id, links are to be rebuilt from the service before anything else.
    What a crash left of a read is cleared.
    """
    wanted = (provider, customer_id, ou_id, account_id)
    pinned = pinned_connection(database)
    if pinned is None or _identity(pinned) != wanted:
        _pin(database, wanted)
    if _leftovers(database) and database.staging_lock.acquire(seconds=0):
        try:
            clear_leftovers(database)
        finally:
            database.staging_lock.release()


def _identity(pinned: PinnedConnection) -> tuple[ProviderId, str, str, str]:
    return pinned.provider, pinned.customer_id, pinned.ou_id, pinned.account_id


def _pin(database: Database, wanted: tuple[ProviderId, str, str, str]) -> None:
    provider, customer_id, ou_id, account_id = wanted
    with database.transaction() as work:
        # Looked at again inside: another process may have been faster.
        pinned = pinned_connection(database)
        if pinned is None:
            work.execute(
                "INSERT INTO connection (one, provider, customer_id, ou_id, account_id)"
                " VALUES (1, ?, ?, ?, ?)",
                (provider.value, customer_id, ou_id, account_id),
            )
        elif (pinned.provider, pinned.customer_id) != (provider, customer_id):
            raise Trouble(Code.OTHER_CUSTOMER, expected=pinned.customer_id, found=customer_id)
        elif _identity(pinned) != wanted:
            work.execute(
                "UPDATE connection SET ou_id = ?, account_id = ?, links_rebuilt_at = NULL",
                (ou_id, account_id),
            )


class Staging:
    """A new generation being filled, invisible until `publish`.

    Rows go into tables without keys, a page a transaction; `finish` makes the indexes and takes
    out what a listing told twice (the later one counts).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction(durable=False) as work:
            self._base = work.value(int, "SELECT generation FROM connection")
            self.generation = max([self._base, *_generations(work)]) + 1
            for kind, columns in _KINDS.items():
                work.execute(f"CREATE TABLE {self.table(kind)} ({columns}) STRICT")

    def table(self, kind: str) -> str:
        """The name of this generation's table of a kind, such as `user_g7`."""
        return f"{kind}_g{self.generation}"

    def add_users(self, page: Sequence[DirectoryUser]) -> None:
        """Keep one page of people."""
        self._add("user", 10, map(_user_row, page))

    def add_deleted(self, ids: Sequence[str]) -> None:
        """Keep one page of ids that the directory itself reports as deleted."""
        self._add("deleted", 1, ((user_id,) for user_id in ids))

    def add_units(self, units: Sequence[OrgUnit]) -> None:
        """Keep the organizational units."""
        self._add("unit", 4, ((unit.id, unit.parent_id, unit.path, unit.name) for unit in units))

    def add_groups(self, page: Sequence[DirectoryGroup]) -> None:
        """Keep one page of groups."""
        self._add("group", 3, ((group.id, group.address, group.name) for group in page))

    def add_members(self, edges: Sequence[MemberEdge]) -> None:
        """Keep the direct members of some groups."""
        rows = ((edge.group_id, edge.member_id, edge.kind.value) for edge in edges)
        self._add("member", 3, rows)

    def add_walked(self, group_ids: Sequence[str]) -> None:
        """Keep whose members were read, also of groups that have none."""
        self._add("walked", 1, ((group_id,) for group_id in group_ids))

    def _add(self, kind: str, width: int, rows: Iterable[Sequence[str | int]]) -> None:
        marks = ", ".join("?" * width)
        with self._database.transaction(durable=False) as work:
            work.many(f"INSERT INTO {self.table(kind)} VALUES ({marks})", rows)  # noqa: S608 - our own table names

    def finish(self, cancel: Cancel) -> None:
        """Take out duplicates and make the indexes."""
        for kind, columns in _UNIQUE.items():
            cancel.check()
            with self._database.transaction(durable=False, cancel=cancel) as work:
                self._make_unique(work, kind, columns)
        for kind, column in _INDEXES:
            cancel.check()
            with self._database.transaction(durable=False, cancel=cancel) as work:
                table = self.table(kind)
                work.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")

    def _make_unique(self, work: Writing, kind: str, columns: str) -> None:
        table = self.table(kind)
        work.execute(f"CREATE INDEX {table}_key ON {table} ({columns})")
        twice = f"SELECT 1 FROM {table} GROUP BY {columns} HAVING count(*) > 1 LIMIT 1"  # noqa: S608 - our own table names
        if work.value(bool, f"SELECT EXISTS ({twice})"):
            last = f"SELECT max(rowid) FROM {table} GROUP BY {columns}"  # noqa: S608 - same
            work.execute(f"DELETE FROM {table} WHERE rowid NOT IN ({last})")  # noqa: S608 - same

    def count(self, kind: str) -> int:
        """How many rows of a kind are staged."""
        with self._database.read() as read:
            return read.value(int, f"SELECT count(*) FROM {self.table(kind)}")  # noqa: S608 - our own table names

    def lacks_units(self) -> bool:
        """Whether people stand in units below the root, and not one unit is staged."""
        with self._database.read() as read:
            return read.value(
                bool,
                f"SELECT NOT EXISTS (SELECT 1 FROM {self.table('unit')})"  # noqa: S608 - our own table names
                f" AND EXISTS (SELECT 1 FROM {self.table('user')} WHERE unit_path <> '/')",
            )

    def group_ids(self) -> list[str]:
        """The ids of all staged groups."""
        with self._database.read() as read:
            return list(read.values(str, f"SELECT DISTINCT id FROM {self.table('group')}"))  # noqa: S608 - our own table names

    def count_vanished(self) -> int:
        """How many people of the current generation this one lacks unexplained.

        Explained is who the directory itself reports as deleted. To be asked after `finish`.
        """
        with self._database.read() as read:
            return read.value(int, f"SELECT count(*) {self._vanished}")

    def vanished(self, most: int) -> list[str]:
        """Ids of those people: all, or as many as `most` drawn by lot."""
        with self._database.read() as read:
            drawn = f"SELECT old.id {self._vanished} ORDER BY random() LIMIT ?"
            return list(read.values(str, drawn, (most,)))

    @property
    def _vanished(self) -> str:
        user, deleted = self.table("user"), self.table("deleted")
        return (
            "FROM snap_user AS old"  # noqa: S608 - our own table names
            f" WHERE NOT EXISTS (SELECT 1 FROM {user} WHERE id = old.id)"
            f" AND NOT EXISTS (SELECT 1 FROM {deleted} WHERE id = old.id)"
        )

    def publish(
        self, *, rights: frozenset[str], domains: frozenset[str], groups_listed: bool
    ) -> int:
        """Make this generation the current one, in one transaction; how many people it has."""
        with self._database.transaction() as work:
            if work.value(int, "SELECT generation FROM connection") != self._base:
                raise Trouble(Code.SYNC_ALREADY_RUNNING)
            note_changes(work, self.table("user"), self._database.clock.now())
            for kind in _KINDS:
                work.execute(f"DROP VIEW IF EXISTS snap_{kind}")
                work.execute(f"CREATE VIEW snap_{kind} AS SELECT * FROM {self.table(kind)}")  # noqa: S608 - our own table names
            people = work.value(int, "SELECT count(*) FROM snap_user")
            now = to_text(self._database.clock.now())
            work.execute(
                "UPDATE connection SET generation = ?, read_at = ?, full_read_at = ?, people = ?,"
                " rights = ?, domains = ?, groups_listed = ?",
                (
                    self.generation,
                    now,
                    now,
                    people,
                    _words(rights),
                    _words(domains),
                    groups_listed,
                ),
            )
            _drop(work, keep=self.generation)
        return people

    def discard(self) -> None:
        """Drop what was staged; the current generation stays as it is."""
        with self._database.transaction(durable=False) as work:
            for kind in _KINDS:
                work.execute(f"DROP TABLE IF EXISTS {self.table(kind)}")


def clear_leftovers(database: Database) -> None:
    """Drop generations that a crash left half-filled; the caller holds the staging lock."""
    with database.transaction(durable=False) as work:
        current = list(work.values(int, "SELECT generation FROM connection"))
        _drop(work, keep=current[0] if current else 0)


def _leftovers(database: Database) -> bool:
    with database.read() as read:
        return bool(_generations(read) - set(read.values(int, "SELECT generation FROM connection")))


def _generations(read: Reading) -> set[int]:
    names = read.values(str, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {int(found[2]) for name in names if (found := _STAGED.fullmatch(name))}


def _drop(work: Writing, *, keep: int) -> None:
    for generation in _generations(work) - {keep}:
        for kind in _KINDS:
            work.execute(f"DROP TABLE IF EXISTS {kind}_g{generation}")


def _words(values: frozenset[str]) -> str:
    return " ".join(sorted(values))


def _user_row(user: DirectoryUser) -> tuple[str | int, ...]:
    told = (
        user.id,
        user.address,
        user.address.casefold(),
        user.given_name,
        user.family_name,
        user.state.value,
        user.unit_path,
        " ".join(user.aliases),
        int(user.is_admin),
    )
    content = "\x1f".join(map(str, told)).encode()
    return (*told, blake2b(content, digest_size=16).hexdigest())
