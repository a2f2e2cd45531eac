"""The list of everybody whom the sync knows: made when something changed, then only looked at."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from wizard.content.search import plain, wanted_words
from wizard.core.cancel import Cancel
from wizard.core.clock import from_text, to_text
from wizard.core.people import MemberRow, MembersFound, MembersView, Standing
from wizard.core.runs import PlanKind, Reason
from wizard.store.database import Database
from wizard.store.statements import Cell, Reading, Writing

__all__ = [
    "NEW_FOR",
    "bring_up_to_date",
    "every_row",
    "find",
    "matches",
    "newest_plan",
    "rows",
    "unit_words",
]

NEW_FOR = timedelta(days=7)
_AT_ONCE = 500

# A list depends on the snapshot, on what runs and previews came to, and on the day ("new").
_STAMP = """
SELECT c.generation || '|' || coalesce(c.links_rebuilt_at, '') || '|'
    || (SELECT count(*) || '|' || coalesce(max(finished_at), '') FROM run
        WHERE finished_at IS NOT NULL)
    || '|' || :day
FROM connection c
"""

_NEWEST_PLAN = """
SELECT r.id FROM run r WHERE r.generation > 0
    AND EXISTS (SELECT 1 FROM plan_item i WHERE i.run_id = r.id)
ORDER BY r.preview, r.started_at DESC, r.id DESC LIMIT 1
"""

_FRESH = """
CREATE TEMP TABLE IF NOT EXISTS people_fresh (user_id TEXT PRIMARY KEY) WITHOUT ROWID
"""
_FILL_FRESH = """
INSERT OR IGNORE INTO people_fresh SELECT user_id FROM journal
WHERE answered_at >= :week_ago AND state = 'done' AND kind IN ('create', 'adopt')
"""

# Whether there is an account is the link's word; what is to be decided is the newest plan's.
_STANDING = """
CASE
    WHEN p.kind = :k_problem OR l.claimed_twice OR (p.held AND p.kind <> :k_skip)
        THEN 'to-decide'
    WHEN l.user_id IS NULL THEN
        CASE WHEN coalesce(v.in_scope, p.kind IN (:k_create, :k_adopt), 0) THEN 'waiting'
            ELSE 'no-account' END
    WHEN NOT l.active THEN 'ended'
    WHEN p.reason IN (:r_protected, :r_last_owner, :r_leavers_kept) THEN 'active'
    WHEN l.absent_since IS NOT NULL OR p.kind = :k_deactivate OR p.reason = :r_no_evidence
        THEN 'leaving'
    WHEN f.user_id IS NOT NULL THEN 'new'
    ELSE 'active'
END
"""

_REASON = """
CASE
    WHEN p.held AND p.kind <> :k_skip THEN :r_held
    WHEN p.kind = :k_problem THEN p.reason
    WHEN l.claimed_twice THEN :r_claimed_twice
    WHEN l.user_id IS NULL THEN coalesce(nullif(v.reason, ''), p.reason, '')
    WHEN l.active AND p.reason IN (:r_protected, :r_last_owner, :r_leavers_kept, :r_no_evidence)
        THEN p.reason
    WHEN l.active AND l.absent_since IS NULL AND coalesce(p.kind, '') <> :k_deactivate THEN ''
    WHEN u.id IS NULL THEN CASE WHEN d.id IS NULL THEN :r_vanished ELSE :r_deleted END
    ELSE coalesce(v.reason, '')
END
"""

_NAME = """
coalesce(nullif(trim(u.given_name || ' ' || u.family_name), ''), nullif(u.address, ''),
    nullif(trim(l.given_name || ' ' || l.family_name), ''), l.address, e.user_id)
"""

_FILL = f"""
INSERT INTO person (place, user_id, name, address, unit_path, standing, reason, is_owner,
    in_directory)
SELECT row_number() OVER (ORDER BY plain(name), plain(address), user_id) - 1, *
FROM (
    SELECT e.user_id, {_NAME} AS name, coalesce(nullif(u.address, ''), l.address, '') AS address,
        coalesce(u.unit_path, '') AS unit_path, {_STANDING} AS standing, {_REASON} AS reason,
        coalesce(l.is_owner, 0) AS is_owner, u.id IS NOT NULL AS in_directory
    FROM (SELECT id AS user_id FROM snap_user UNION SELECT user_id FROM link) e
    LEFT JOIN snap_user u ON u.id = e.user_id
    LEFT JOIN snap_deleted d ON d.id = e.user_id
    LEFT JOIN link l ON l.user_id = e.user_id
    LEFT JOIN verdict v ON v.user_id = e.user_id
    LEFT JOIN plan_item p ON p.run_id = :run AND p.user_id = e.user_id
    LEFT JOIN people_fresh f ON f.user_id = e.user_id
)
"""  # noqa: S608 - put together from constants of this module

_FILL_KEYS = """
INSERT INTO person_key (place, standing, search)
SELECT x.place, x.standing, plain(x.name || ' ' || x.address || ' ' || coalesce(u.aliases, '')
    || CASE WHEN l.address_key <> fold(x.address) THEN ' ' || l.address ELSE '' END
    || CASE WHEN v.address_key <> fold(x.address) THEN ' ' || v.address ELSE '' END)
FROM person x LEFT JOIN snap_user u ON u.id = x.user_id LEFT JOIN link l ON l.user_id = x.user_id
LEFT JOIN verdict v ON v.user_id = x.user_id
ORDER BY x.place
"""

_COLUMNS = """
x.place, x.user_id, x.name, x.address, x.unit_path, x.standing, x.reason, x.is_owner,
x.in_directory
"""

_CONSTANTS: dict[str, Cell] = {
    **{f"k_{kind.value}": kind.value for kind in PlanKind},
    **{f"r_{reason.value.replace('-', '_')}": reason.value for reason in Reason},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    place: int
    user_id: str
    name: str
    address: str
    unit_path: str
    standing: Standing
    reason: str
    is_owner: bool
    in_directory: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counted:
    standing: Standing
    people: int


def newest_plan(reading: Reading) -> str:
    """The id of the newest run that came to a plan, of a preview where no run did, or ''."""
    return next(reading.values(str, _NEWEST_PLAN), "")


def bring_up_to_date(database: Database, cancel: Cancel) -> MembersView:
    """Make the list anew where something changed, and count it.

    About a second and a half for 100,000 people, in one transaction whose loss would only mean
    making it again; a fiftieth of that where nothing changed.
    """
    with database.read() as reading:
        view = _counted(reading) if _is_current(reading, database) else None
    if view is not None:
        return view
    with database.transaction(durable=False, cancel=cancel) as writing:
        # Looked at again inside: another process may have been faster.
        if not _is_current(writing, database):
            _make(writing, database)
    with database.read() as reading:
        return _counted(reading)


def _stamp(reading: Reading, database: Database) -> str:
    day = f"{database.clock.now():%Y-%m-%d}"
    return next(reading.values(str, _STAMP, {"day": day}), "")


def _is_current(reading: Reading, database: Database) -> bool:
    made = next(reading.values(str, "SELECT stamp FROM person_list"), None)
    return made is not None and made == _stamp(reading, database)


def _make(writing: Writing, database: Database) -> None:
    now = database.clock.now()
    writing.execute("DELETE FROM person")
    writing.execute("DELETE FROM person_key")
    writing.execute(_FRESH)
    writing.execute("DELETE FROM people_fresh")
    writing.execute(_FILL_FRESH, {"week_ago": to_text(now - NEW_FOR)})
    writing.execute(_FILL, {**_CONSTANTS, "run": newest_plan(writing)})
    writing.execute(_FILL_KEYS)
    writing.execute(
        "INSERT OR REPLACE INTO person_list (one, stamp, made_at) VALUES (1, ?, ?)",
        (_stamp(writing, database), to_text(now)),
    )


def _counted(reading: Reading) -> MembersView:
    found = reading.all(
        _Counted, "SELECT standing, count(*) AS people FROM person_key GROUP BY standing"
    )
    read_at = next(reading.values(str, "SELECT coalesce(read_at, '') FROM connection"), "")
    made_at = next(reading.values(str, "SELECT made_at FROM person_list"), "")
    numbers = {row.standing: row.people for row in found}
    return MembersView(
        counts=tuple((standing, numbers.get(standing, 0)) for standing in Standing),
        read_at=from_text(read_at) if read_at else None,
        made_at=from_text(made_at) if made_at else None,
    )


def find(
    database: Database,
    standings: frozenset[Standing],
    search: str,
    limit: int,
    cancel: Cancel | None = None,
) -> MembersFound:
    """See `PeopleCalls.find`. The keys are gone through in order until enough are found."""
    where, values = _filter(standings, search)
    with database.read(cancel=cancel) as reading:
        found = reading.all(
            _Row,
            f"SELECT {_COLUMNS} FROM person_key k JOIN person x ON x.place = k.place"  # noqa: S608 - constants of this module
            f" WHERE {where} ORDER BY k.place LIMIT :limit",
            {**values, "limit": limit + 1},
        )
    return MembersFound(rows=tuple(map(_shown, found[:limit])), more=len(found) > limit)


def matches(
    database: Database,
    standings: frozenset[Standing],
    search: str,
    cancel: Cancel | None = None,
) -> array[int]:
    """See `PeopleCalls.matches`: one text from SQLite, so that no row becomes an object."""
    where, values = _filter(standings, search)
    with database.read(cancel=cancel) as reading:
        text = reading.value(
            str,
            "SELECT json_group_array(place) FROM (SELECT k.place FROM person_key k"  # noqa: S608 - same
            f" WHERE {where} ORDER BY k.place)",
            values,
        )
    return array("I", msgspec.json.decode(text, type=list[int]))


def rows(database: Database, places: Sequence[int]) -> Sequence[MemberRow]:
    """See `PeopleCalls.rows`."""
    with database.read() as reading:
        found = reading.all(
            _Row,
            f"SELECT {_COLUMNS} FROM json_each(?) j JOIN person x ON x.place = j.value"  # noqa: S608 - same
            " ORDER BY j.key",
            (msgspec.json.encode(list(places)).decode(),),
        )
    return [_shown(row) for row in found]


def every_row(
    database: Database, standings: frozenset[Standing], search: str, cancel: Cancel
) -> Iterator[MemberRow]:
    """All who fit, a few hundred in memory; of one state, though a sync ends meanwhile."""
    where, values = _filter(standings, search)
    cancel.check()
    with database.read() as reading:
        found = reading.rows(
            _Row,
            f"SELECT {_COLUMNS} FROM person_key k JOIN person x ON x.place = k.place"  # noqa: S608 - same
            f" WHERE {where} ORDER BY k.place",
            values,
        )
        for number, row in enumerate(found, start=1):
            if number % _AT_ONCE == 0:
                cancel.check()
            yield _shown(row)


def _filter(standings: frozenset[Standing], search: str) -> tuple[str, dict[str, Cell]]:
    where = "1"
    values: dict[str, Cell] = {}
    if standings:
        where = "k.standing IN (SELECT value FROM json_each(:standings))"
        values["standings"] = msgspec.json.encode(sorted(standings)).decode()
    # The longest word is the rarest: most rows then cost one comparison.
    for number, word in enumerate(sorted(wanted_words(plain(search)), key=len, reverse=True)):
        where += f" AND instr(k.search, :word{number})"
        values[f"word{number}"] = word
    return where, values


def _shown(row: _Row) -> MemberRow:
    return MemberRow(
        place=row.place,
        user_id=row.user_id,
        name=row.name,
        address=row.address,
        unit=unit_words(row.unit_path),
        standing=row.standing,
        reason=row.reason,
        is_owner=row.is_owner,
        in_directory=row.in_directory,
    )


def unit_words(path: str) -> str:
    """A unit's path as people read it: '/Sales/North' is 'Sales / North', the root ''."""
    return path.strip("/").replace("/", " / ")
