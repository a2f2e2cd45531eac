"""One run of the sync from reading to the report, and the preview that stops before writing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.runs import (
    HeldCause,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunReport,
    Trigger,
)
from wizard.core.settings import LeaverPolicy, ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.store.statements import Cell, Writing
from wizard.sync.evidence import gather_evidence
from wizard.sync.guard import Guarded, guard
from wizard.sync.journal import resume
from wizard.sync.match import confirm, match
from wizard.sync.parts import Held, Listen, PlanSummary, SyncParts
from wizard.sync.planner import make_plan
from wizard.sync.read import read_directory
from wizard.sync.report import held_trouble
from wizard.sync.runs import (
    begin_run,
    close_interrupted,
    enter_phase,
    forget_run,
    plan_counts,
    prune,
)
from wizard.sync.scope import judge
from wizard.sync.work import SCOPE_BY, Ending, Work, pin, record, unstored_report

__all__ = ["preview", "run"]

log = logging.getLogger(__name__)

_COPY_SERVES = timedelta(hours=24)
_NO_LIMIT = {HeldCause.SETTINGS_UNREADABLE, HeldCause.LINKS_NOT_REBUILT}


def preview(
    parts: SyncParts, settings: ProvisioningSettings, cancel: Cancel, listen: Listen
) -> PlanSummary:
    """Read, compare and guard as a run would, and write nothing but the local database.

    `settings` may be a draft, and need not be enabled. Raises `Trouble` when the directory or
    the accounts could not be read whole.
    """
    pin(parts)
    run_id, started = begin_run(
        parts.database, parts.clock, settings=settings, trigger=Trigger.PERSON, preview=True
    )
    work = Work(parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen)
    try:
        plan = _plan(work, preview=True)
        summary = PlanSummary(
            run_id=run_id,
            made_at=started,
            counts=plan.counts,
            people_read=work.people_read,
            leave_limit=plan.guarded.leave_limit,
            held=plan.guarded.held,
            links_known=plan.links_known,
            requests=work.requests,
            settings=settings,
        )
        with parts.database.transaction() as writing:
            writing.execute(
                "UPDATE run SET finished_at = ?, outcome = ?, report = ? WHERE id = ?",
                (
                    to_text(parts.clock.now()),
                    RunOutcome.DONE,
                    msgspec.json.encode(summary).decode(),
                    run_id,
                ),
            )
            prune(writing, parts.clock, keep=run_id)
    except BaseException:
        with parts.database.transaction() as writing:
            forget_run(writing, run_id)
        raise
    return summary


def run(
    parts: SyncParts,
    settings: ProvisioningSettings,
    trigger: Trigger,
    cancel: Cancel,
    listen: Listen,
) -> RunReport:
    """Bring the accounts in step with the directory; the report is stored before it is returned.

    What the world does wrong ends in the report (`outcome`, `trouble`), never as an exception.
    `planned.writes` is what was done, plus `failed`, plus the writes among what `held` tells (it
    tells of protected people, and of grace that would begin, too); only a run that failed, was
    cancelled or lost its lease leaves a rest, which the next run plans anew.
    """
    started = parts.clock.now()
    ending = Ending()
    try:
        pin(parts)
        run_id, started = begin_run(
            parts.database, parts.clock, settings=settings, trigger=trigger, preview=False
        )
    except Trouble as trouble:
        ending.stopped(trouble)
        return unstored_report("", trigger, started, parts, ending)
    log.info("run %s begins", run_id, extra={"event": "run-started", "run": run_id})
    work = Work(parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen)
    try:
        _go(work, ending)
    except Trouble as trouble:
        log.info("run %s stopped: %s", run_id, trouble)
        ending.stopped(trouble)
    ending.people_read, ending.requests = work.people_read, work.requests
    return record(work, trigger, started, ending)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    counts: PlanCounts
    guarded: Guarded
    links_known: bool


def _plan(work: Work, *, preview: bool) -> _Plan:
    """Read, judge, match, plan and guard: the part that a preview and a run share."""
    parts = work.parts
    read = read_directory(
        parts.database,
        parts.reader,
        needs_groups=work.settings.scope.needs_groups,
        groups=frozenset((*work.settings.scope.group_ids, *work.settings.scope.exclude_group_ids)),
        cancel=work.cancel,
        progress=lambda done, total: work.tell(RunPhase.READ, done, total),
    )
    work.requests += read.requests
    work.people_read = read.people
    work.cancel.check()
    work.tell(RunPhase.COMPARE, 0, read.people)
    with parts.database.transaction(durable=False, cancel=work.cancel) as writing:
        enter_phase(writing, work.run_id, RunPhase.COMPARE)
        writing.execute(
            "UPDATE run SET generation = ? WHERE id = ?", (read.generation, work.run_id)
        )
        judge(writing, work.settings.scope, work.settings.address)
    matched = match(parts, work.cancel)
    work.requests += matched.requests
    _make_plan(work)
    _confirm_plan(work)
    with parts.database.transaction(cancel=work.cancel) as writing:
        guarded = guard(
            writing,
            parts,
            work.settings,
            work.run_id,
            links_known=matched.links_known,
            preview=preview,
        )
        if not preview:
            _remember_absence(writing, work.settings, work.run_id, parts.clock.now())
        writing.execute(
            "UPDATE run SET held = ? WHERE id = ?",
            (msgspec.json.encode(guarded.held).decode(), work.run_id),
        )
        counts = plan_counts(writing, work.run_id)
    work.problems, work.planned = counts.problem, counts
    work.tell(RunPhase.COMPARE, read.people, read.people)
    return _Plan(counts=counts, guarded=guarded, links_known=matched.links_known)


def _confirm_plan(work: Work) -> None:
    """Until the plan changes no account that this run has not seen.

    It ends: whoever was looked at stays seen, and a list that fails is not asked for again.
    """
    may_list = True
    while True:
        found = confirm(work.parts, work.run_id, work.cancel, may_list=may_list)
        if not found.requests:
            return
        work.requests += found.requests
        may_list = may_list and found.listed
        if found.changed:
            _make_plan(work)


def _make_plan(work: Work) -> None:
    with work.parts.database.transaction(cancel=work.cancel) as writing:
        make_plan(writing, work.parts, work.settings, work.run_id)


def _go(work: Work, ending: Ending) -> None:
    """The run itself, in order; what stops it is raised."""
    parts, settings = work.parts, work.settings
    if not settings.enabled:
        ending.outcome, ending.trouble = RunOutcome.OFF, Trouble(Code.PROVISIONING_OFF)
        return
    _settings_fresh_enough(parts)
    work.requests += resume(parts, work.cancel)
    with parts.database.transaction() as writing:
        close_interrupted(writing, parts.clock, keep=work.run_id)
    plan = _plan(work, preview=False)
    ending.held = plan.guarded.held
    work.fresh.begin()
    evidence = gather_evidence(parts, work.run_id, work.cancel, work.fresh.step)
    work.requests += evidence.asked
    work.write(plan.guarded)
    stopped = [held for held in plan.guarded.held if not _only_unsure(held)]
    if stopped:
        ending.outcome, ending.trouble = RunOutcome.STOPPED_BY_GUARD, held_trouble(stopped)
    elif work.failed and work.failed >= plan.counts.unchanged + work.written:
        # Hardly anybody is in step: that is no success with exceptions.
        ending.outcome, ending.trouble = RunOutcome.FAILED, _most_failed(work)
    elif not plan.links_known:
        ending.outcome, ending.trouble = RunOutcome.PARTLY, Trouble(Code.LINKS_NOT_REBUILT)
    elif plan.guarded.held:
        ending.outcome, ending.trouble = RunOutcome.PARTLY, Trouble(Code.SETTINGS_UNREADABLE)
    elif unproven := evidence.without + work.stayed:
        ending.outcome = RunOutcome.PARTLY
        ending.trouble = Trouble(Code.LEAVERS_UNPROVEN, people=unproven)
    elif work.failed:
        ending.outcome = RunOutcome.PARTLY


def _most_failed(work: Work) -> Trouble:
    return Trouble(
        Code.WRITE_FAILED, problem="most", failed=work.failed, tried=work.failed + work.written
    )


def _only_unsure(held: Held) -> bool:
    """Whether it is held because something could not be read, and not for its size."""
    return bool(held.causes) and held.causes[0].cause in _NO_LIMIT


def _settings_fresh_enough(parts: SyncParts) -> None:
    """Off there is off here: without the service's word the last copy serves for a day.

    One from a day or more ahead is of a clock that was wrong, and how old it is nobody knows.
    """
    if parts.settings_live:
        return
    read_at = parts.settings_read_at
    if read_at is None or abs(parts.clock.now() - read_at) > _COPY_SERVES:
        raise Trouble(Code.SETTINGS_UNREADABLE)


# Grace counts from the first run that missed somebody and was allowed to; who is back starts
# with a clean sheet. With leavers kept nobody's grace runs.
_CAME_BACK = """
UPDATE link SET absent_since = NULL, leave_approved = 0
WHERE (absent_since IS NOT NULL OR leave_approved) AND (:keep OR user_id IN
    (SELECT user_id FROM verdict WHERE in_scope))
"""
_WENT = """
UPDATE link SET absent_since = :now WHERE absent_since IS NULL AND NOT :keep AND user_id IN (
    SELECT x.user_id FROM plan_leaver x JOIN plan_item i ON i.user_id = x.user_id
    WHERE i.run_id = :run AND NOT i.held)
"""


def _remember_absence(
    writing: Writing, settings: ProvisioningSettings, run_id: str, now: datetime
) -> None:
    keep: Cell = settings.leavers is LeaverPolicy.KEEP
    writing.execute(_CAME_BACK, {"keep": keep})
    writing.execute(_WENT, {"keep": keep, "now": to_text(now), "run": run_id})
    writing.execute(SCOPE_BY)
