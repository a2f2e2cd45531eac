"""A person's word that a plan which the guard stopped may go on: for these people, once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from wizard.core.clock import Clock, to_text
from wizard.core.runs import HeldKind, PlanKind, Reason
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.store.statements import Cell, Reading, Writing

__all__ = [
    "PLANNED_AS",
    "Approval",
    "approve",
    "covering_approval",
    "end_approval",
    "is_approved",
    "release_approvals",
    "use_approval",
    "withdraw_approvals",
]

log = logging.getLogger(__name__)

_GOOD_FOR = timedelta(hours=24)
PLANNED_AS: Mapping[HeldKind, tuple[PlanKind, ...]] = MappingProxyType(
    {
        HeldKind.CREATE: (PlanKind.CREATE, PlanKind.ADOPT, PlanKind.REACTIVATE),
        HeldKind.UPDATE: (PlanKind.UPDATE,),
        HeldKind.LEAVE: (PlanKind.DEACTIVATE, PlanKind.SKIP),
    }
)
"""How the plan calls those of one kind; who leaves after a grace is skipped until then."""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What was approved: so many people of one kind, until a moment."""

    id: str
    kind: HeldKind
    people: int
    expires_at: datetime


def approve(
    database: Database, *, run_id: str, kind: HeldKind, typed: int, person: str, clock: Clock
) -> Approval:
    """Keep the approval of everyone whom the guard held in this run, or preview.

    `typed` is the number that the person typed. Raises `Trouble(APPROVAL_OUTDATED)` when it is
    not how many are held, or when that was more than a day ago. Of a preview of taking a run back
    it is good for taking that run back, and for nothing else.
    """
    now = clock.now()
    approval = Approval(
        id=secrets.token_hex(8), kind=kind, people=typed, expires_at=now + _GOOD_FOR
    )
    listed = ", ".join(f"'{name.value}'" for name in PLANNED_AS[kind])
    held = f"FROM plan_item WHERE run_id = :run AND held AND kind IN ({listed})"
    with database.transaction() as writing:
        people = writing.value(int, f"SELECT count(*) {held}", {"run": run_id})
        recent = writing.value(
            bool,
            "SELECT EXISTS (SELECT 1 FROM run WHERE id = ? AND started_at > ?)",
            (run_id, to_text(now - _GOOD_FOR)),
        )
        if people and not recent:
            raise Trouble(Code.APPROVAL_OUTDATED, problem="old", people=people, typed=typed)
        if not people or people != typed:
            raise Trouble(Code.APPROVAL_OUTDATED, people=people, typed=typed)
        writing.execute(
            "INSERT INTO approval (id, kind, run_id, person, given_at, expires_at, undoes)"
            " SELECT :id, :kind, id, :person, :now, :until, undoes FROM run WHERE id = :run",
            {
                "id": approval.id,
                "kind": kind,
                "run": run_id,
                "person": person,
                "now": to_text(now),
                "until": to_text(approval.expires_at),
            },
        )
        writing.execute(
            f"INSERT INTO approval_person SELECT :id, user_id {held}",
            {"id": approval.id, "run": run_id},
        )
    log.info("approval %s: %d people, kind %s, run %s", approval.id, people, kind.value, run_id)
    return approval


def is_approved(reading: Reading, run_id: str, kind: HeldKind, *, now: datetime) -> bool:
    """Whether a person approved already what was held in this run, and no run has used it yet."""
    return reading.value(
        bool,
        "SELECT EXISTS (SELECT 1 FROM approval WHERE run_id = ? AND kind = ?"
        " AND used_by IS NULL AND expires_at > ?)",
        (run_id, kind, to_text(now)),
    )


def covering_approval(
    reading: Reading,
    kind: HeldKind,
    members: str,
    values: Mapping[str, Cell],
    *,
    now: datetime,
) -> str | None:
    """The id of an approval, unused and not expired, that names all whom `members` selects.

    `members` is a SELECT of `user_id` with parameters `values`, `run` among them: what this run
    takes back, if it does, is what the approval has to be for.
    """
    return next(
        reading.values(
            str,
            "SELECT a.id FROM approval a WHERE a.kind = :held_kind AND a.used_by IS NULL"  # noqa: S608 - SQL of the guard's own
            " AND a.undoes = (SELECT undoes FROM run WHERE id = :run)"
            " AND a.given_at <= :at AND a.expires_at > :at AND NOT EXISTS ("
            f" SELECT 1 FROM ({members}) m WHERE m.user_id NOT IN"
            " (SELECT user_id FROM approval_person WHERE approval_id = a.id))"
            " ORDER BY a.given_at DESC LIMIT 1",
            {**values, "held_kind": kind, "at": to_text(now)},
        ),
        None,
    )


def withdraw_approvals(writing: Writing, ids: Sequence[str]) -> None:
    """Forget those of these approvals that no run has used."""
    for approval in ids:
        writing.execute("DELETE FROM approval WHERE id = ? AND used_by IS NULL", (approval,))


def use_approval(writing: Writing, approval_id: str, run_id: str) -> None:
    """Use an approval up."""
    writing.execute("UPDATE approval SET used_by = ? WHERE id = ?", (run_id, approval_id))
    log.info("approval %s: used by run %s", approval_id, run_id)


def end_approval(writing: Writing, run_id: str) -> None:
    """Take back, from leavers whom this run was to deactivate and did not, that it was approved.

    Whose grace began with the run keeps the mark, and so is not asked about again when it ends;
    so does somebody protected, who stays in any case.
    """
    writing.execute(
        "UPDATE link SET leave_approved = 0 WHERE leave_approved AND active AND user_id IN ("
        " SELECT p.user_id FROM approval a JOIN approval_person p ON p.approval_id = a.id"
        " JOIN plan_item i ON i.run_id = a.used_by AND i.user_id = p.user_id"
        " WHERE a.used_by = :run AND (i.kind = :deactivate OR i.reason = :no_evidence))",
        {"run": run_id, "deactivate": PlanKind.DEACTIVATE, "no_evidence": Reason.NO_EVIDENCE},
    )


def release_approvals(writing: Writing, run_id: str) -> None:
    """Let an approval count again whose run ended before it had done what was approved."""
    writing.execute("UPDATE approval SET used_by = NULL WHERE used_by = ?", (run_id,))
