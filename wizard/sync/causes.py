"""Why a plan became too large: the likely causes, so that the person can repair the first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.core.runs import HeldCause, Reason
from wizard.core.settings import ProvisioningSettings
from wizard.store.statements import Cell, Reading
from wizard.sync.parts import Cause
from wizard.sync.runs import scope_text
from wizard.sync.scope import group_words, name_in, unit_words

__all__ = ["change_causes", "leave_causes"]

_OF_REASON = {
    Reason.VANISHED: HeldCause.VANISHED,
    Reason.DELETED: HeldCause.VANISHED,
    Reason.SUSPENDED: HeldCause.SUSPENDED,
    Reason.ARCHIVED: HeldCause.SUSPENDED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Leavers:
    """How many left for one reason who were last in scope by one unit or group."""

    why: Reason
    scope_by: str
    still_used: bool
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Guarded:
    name: str


_GROUPED = """
SELECT x.why, count(*) AS people,
    CASE x.why WHEN 'excluded' THEN now.scope_by ELSE l.scope_by END AS scope_by,
    EXISTS (SELECT 1 FROM verdict v WHERE v.in_scope AND v.scope_by = l.scope_by) AS still_used
FROM ({members}) m JOIN plan_leaver x ON x.user_id = m.user_id
JOIN link l ON l.user_id = x.user_id LEFT JOIN verdict now ON now.user_id = x.user_id
WHERE x.protected = '' GROUP BY 1, 3
"""

_PROTECTED = """
SELECT coalesce(nullif(trim(l.given_name || ' ' || l.family_name), ''), l.address) AS name
FROM ({members}) m JOIN plan_leaver x ON x.user_id = m.user_id
JOIN link l ON l.user_id = x.user_id WHERE x.protected <> '' ORDER BY l.address_key
"""


def leave_causes(
    reading: Reading,
    settings: ProvisioningSettings,
    run_id: str,
    *,
    members: str,
    values: Mapping[str, Cell],
) -> tuple[Cause, ...]:
    """What made so many leave, the likeliest cause first; `members` selects their `user_id`."""
    scope = settings.scope
    edited = _last_scope(reading, run_id) not in {None, scope_text(settings)}
    units_gone = _missing(reading, "snap_unit", scope.unit_ids)
    groups_gone = _missing(reading, "snap_group", scope.group_ids)
    found: Counter[tuple[HeldCause, str]] = Counter()
    for row in reading.rows(_Leavers, _GROUPED.format(members=members), values):
        cause, name = _cause(row, edited=edited, units_gone=units_gone, groups_gone=groups_gone)
        found[cause, name] += row.people
    causes = [
        Cause(cause=cause, people=people, name=name)
        for (cause, name), people in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]
    guarded = reading.all(_Guarded, _PROTECTED.format(members=members), values)
    if guarded:
        person = Cause(cause=HeldCause.PROTECTED, people=len(guarded), name=guarded[0].name)
        causes.append(person)
    return tuple(causes)


def change_causes(cause: HeldCause, *, people: int, today: int, limit: int) -> tuple[Cause, ...]:
    """Why so many are created or changed: of itself, or because of what the day had brought."""
    own = Cause(cause=cause, people=people)
    if today and people <= limit:
        return (Cause(cause=HeldCause.BUSY_DAY, people=today), own)
    return (own,)


def _cause(
    row: _Leavers, *, edited: bool, units_gone: bool, groups_gone: bool
) -> tuple[HeldCause, str]:
    known = _OF_REASON.get(row.why)
    if known is not None:
        return known, ""
    if edited:
        return HeldCause.SCOPE_EDITED, ""
    if row.why is Reason.EXCLUDED:
        return HeldCause.EXCLUDED, row.scope_by
    unit, group = name_in(unit_words(), row.scope_by), name_in(group_words(), row.scope_by)
    if unit is not None:
        gone = units_gone and not row.still_used
        return HeldCause.UNIT_GONE if gone else HeldCause.UNIT_MOVED, unit
    if group is not None:
        gone = groups_gone and not row.still_used
        return HeldCause.GROUP_GONE if gone else HeldCause.GROUP_EMPTIED, group
    return HeldCause.OUT_OF_SCOPE, ""


def _missing(reading: Reading, view: str, ids: tuple[str, ...]) -> bool:
    """Whether the scope names something that the directory no longer has."""
    return reading.value(
        bool,
        f"SELECT EXISTS (SELECT 1 FROM json_each(?) WHERE value NOT IN (SELECT id FROM {view}))",  # noqa: S608 - one of two views
        (json.dumps(ids),),
    )


def _last_scope(reading: Reading, run_id: str) -> str | None:
    """The scope, as stored, of the last run that went through, None before the first."""
    return next(
        reading.values(
            str,
            "SELECT scope FROM run WHERE NOT preview AND undoes = '' AND id <> ? AND scope <> ''"
            " AND outcome IN ('done', 'partly') ORDER BY started_at DESC LIMIT 1",
            (run_id,),
        ),
        None,
    )
