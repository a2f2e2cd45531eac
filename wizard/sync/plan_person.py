"""One person of a stored plan: what the directory told of them, and whether they really left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.runs import PlanKind, Reason
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database
from wizard.sync.evidence import Proof, proof_of

__all__ = ["Compared", "PlannedPerson", "compared", "planned_person", "prove_gone"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPerson:
    """What is known of somebody beside their row of the plan.

    `state` and `unit_path` are as the directory was last read, None where they were not in it;
    `absent_since` is when they were first missed, None where they are not. `proof` is what a run
    found when it looked them up, at `seen_at`.
    """

    kind: PlanKind
    reason: Reason
    held: bool
    unit_path: str | None
    state: UserState | None
    aliases: str | None
    absent_since: datetime | None
    proof: Proof | None
    seen_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A plan against what is in place: how many are kept in step, come and go."""

    in_place: int
    more: int
    fewer: int


_PERSON = """
SELECT i.kind, i.reason, i.held, u.unit_path, u.state, u.aliases, l.absent_since,
    e.proof, e.seen_at
FROM plan_item i LEFT JOIN snap_user u ON u.id = i.user_id
    LEFT JOIN link l ON l.user_id = i.user_id
    LEFT JOIN evidence e ON e.run_id = i.run_id AND e.user_id = i.user_id
WHERE i.run_id = ? AND i.user_id = ?
"""

_COMPARED = """
SELECT
    coalesce(sum(account_id <> '' AND kind IN ('update', 'unchanged', 'deactivate', 'skip')), 0)
        AS in_place,
    coalesce(sum(kind IN ('create', 'adopt', 'reactivate')), 0) AS more,
    coalesce(sum(account_id <> '' AND kind IN ('deactivate', 'skip')), 0) AS fewer
FROM plan_item WHERE run_id = ?
"""


def planned_person(database: Database, run_id: str, user_id: str) -> PlannedPerson | None:
    """One person of a plan; None where the plan, or the person in it, is not kept any more."""
    with database.read() as reading:
        return reading.first(PlannedPerson, _PERSON, (run_id, user_id))


def compared(database: Database, run_id: str) -> Compared:
    """A plan against what is in place."""
    with database.read() as reading:
        found = reading.first(Compared, _COMPARED, (run_id,))
    return found or Compared(in_place=0, more=0, fewer=0)


def prove_gone(
    database: Database, reader: DirectoryReader, run_id: str, user_id: str, cancel: Cancel
) -> Proof | None:
    """Look one leaver up by id, as a run would before it deactivates them; one request.

    None for somebody who is no leaver in this plan. Raises `Trouble` where the directory can't
    be asked. Nothing is stored: a run looks for itself.
    """
    return proof_of(database, reader, run_id, user_id, cancel)
