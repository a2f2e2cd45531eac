"""Reads groups, and members of those that somebody has just chosen, into the current snapshot."""

from __future__ import annotations

import json
from collections.abc import Sequence

from wizard.core.cancel import Cancel
from wizard.core.directory import MemberEdge, MemberKind
from wizard.core.trouble import Code
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database
from wizard.store.statements import Writing
from wizard.sync.read import PATIENCE, closed_after, same_as_before
from wizard.sync.snapshot import pinned_connection

__all__ = ["missing_groups", "read_groups"]

# Of the groups named, and of those known to be within them, the ones whose members are not known.
_MISSING = """
WITH RECURSIVE reach (group_id) AS (
    SELECT value FROM json_each(:ids)
    UNION
    SELECT m.member_id FROM reach r
        JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'group'
)
SELECT group_id FROM reach WHERE group_id NOT IN (SELECT group_id FROM snap_walked)
ORDER BY group_id
"""


def missing_groups(database: Database, group_ids: Sequence[str]) -> list[str]:
    """Which groups, among these and those within them, still have to be read."""
    with database.read() as reading:
        return list(reading.values(str, _MISSING, {"ids": json.dumps(list(group_ids))}))


def read_groups(
    database: Database, reader: DirectoryReader, group_ids: Sequence[str], cancel: Cancel
) -> int:
    """Add what the current snapshot lacks of these groups, and of all within them; how many.

    Also the list of groups, where the last read needed none. People are as they were read last:
    the next read replaces everything. Raises `Trouble` as `read_directory` does; what was read
    until then stays, since each group is whole.
    """
    pinned = pinned_connection(database)
    if pinned is None or pinned.generation == 0:
        raise RuntimeError("there is no snapshot to add to")
    generation = pinned.generation
    if _listed(database) and not missing_groups(database, group_ids):
        return 0
    with database.staging_lock.holding(
        seconds=PATIENCE, cancel=cancel, busy=Code.SYNC_ALREADY_RUNNING
    ):
        same_as_before(reader, pinned, cancel)
        _list_groups(database, reader, generation, cancel)
        read = 0
        while missing := missing_groups(database, group_ids):
            read += len(missing)
            with closed_after(reader.members(missing, cancel)) as groups:
                for group_id, edges in groups:
                    cancel.check()
                    _keep(database, generation, group_id, edges)
    return read


def _listed(database: Database) -> bool:
    with database.read() as reading:
        return reading.value(bool, "SELECT groups_listed FROM connection")


def _list_groups(
    database: Database, reader: DirectoryReader, generation: int, cancel: Cancel
) -> None:
    """List the groups where the snapshot has no list; whole, or not at all."""
    if _listed(database):
        return
    with closed_after(reader.groups(cancel)) as pages:
        groups = [group for page in pages for group in page]
    cancel.check()
    with database.transaction(durable=False) as writing:
        _make_room(writing, generation)
        writing.execute(f"DELETE FROM group_g{generation}")  # noqa: S608 - our own table names
        writing.many(
            f"INSERT INTO group_g{generation} VALUES (?, ?, ?)",  # noqa: S608 - same
            ((group.id, group.address, group.name) for group in groups),
        )
        writing.execute("UPDATE connection SET groups_listed = 1")


def _make_room(writing: Writing, generation: int) -> None:
    """A snapshot of before has no table of the groups whose members are known."""
    writing.execute(
        f"CREATE TABLE IF NOT EXISTS walked_g{generation} (group_id TEXT NOT NULL) STRICT"
    )
    writing.execute("DROP VIEW IF EXISTS snap_walked")
    writing.execute(f"CREATE VIEW snap_walked AS SELECT * FROM walked_g{generation}")  # noqa: S608 - our own table names


def _keep(database: Database, generation: int, group_id: str, edges: Sequence[MemberEdge]) -> None:
    """One group's members, and that they are known, in one step."""
    seen: set[tuple[str, MemberKind]] = set()
    with database.transaction(durable=False) as writing:
        _make_room(writing, generation)
        writing.execute(f"DELETE FROM member_g{generation} WHERE group_id = ?", (group_id,))  # noqa: S608 - our own table names
        for edge in edges:
            key = (edge.member_id, edge.kind)
            if key not in seen:
                seen.add(key)
                writing.execute(
                    f"INSERT INTO member_g{generation} VALUES (?, ?, ?)",  # noqa: S608 - same
                    (edge.group_id, edge.member_id, edge.kind.value),
                )
        writing.execute(f"INSERT INTO walked_g{generation} VALUES (?)", (group_id,))  # noqa: S608 - same
