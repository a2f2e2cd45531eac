"""One run of the sync from reading to the report, and the preview that stops before writing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from wizard.accounts.base import WriteKind
from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.runs import (
    HeldCause,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.settings import LeaverPolicy, ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.store.statements import Cell, Writing
from wizard.sync.evidence import gather_evidence
from wizard.sync.executor import Told, apply_plan
from wizard.sync.guard import Guarded, guard
from wizard.sync.journal import resume
from wizard.sync.match import match
from wizard.sync.parts import Held, Listen, PlanSummary, SyncParts
from wizard.sync.planner import make_plan
from wizard.sync.read import read_directory
from wizard.sync.report import held_trouble, outcome_of
from wizard.sync.runs import (
    begin_run,
    close_interrupted,
    done_counts,
    enter_phase,
    finish_run,
    forget_run,
    plan_counts,
    prune,
)
from wizard.sync.scope import judge
from wizard.sync.snapshot import pin_connection

__all__ = ["preview", "run"]

log = logging.getLogger(__name__)

_COPY_SERVES = timedelta(hours=24)
_EVENTS_A_SECOND = 10
_GIVES_ACCESS = {WriteKind.CREATE, WriteKind.ADOPT, WriteKind.REACTIVATE}
_NO_LIMIT = {HeldCause.SETTINGS_UNREADABLE, HeldCause.LINKS_NOT_REBUILT}


def preview(
    parts: SyncParts, settings: ProvisioningSettings, cancel: Cancel, listen: Listen
) -> PlanSummary:
    """Read, compare and guard as a run would, and write nothing but the local database.

    `settings` may be a draft, and need not be enabled. Raises `Trouble` when the directory or
    the accounts could not be read whole.
    """
    _pin(parts)
    run_id, started = begin_run(
        parts.database, parts.clock, scope=settings.scope, trigger=Trigger.PERSON, preview=True
    )
    work = _Work(parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen)
    try:
        plan = work.plan(preview=True)
        summary = PlanSummary(
            run_id=run_id,
            made_at=started,
            counts=plan.counts,
            people_read=work.people_read,
            leave_limit=plan.guarded.leave_limit,
            held=plan.guarded.held,
            links_known=plan.links_known,
            requests=work.requests,
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
    `planned.writes` is what was done, plus `failed`, plus what `held` tells; only a run that
    failed, was cancelled or lost its lease leaves a rest, which the next run plans anew.
    """
    started = parts.clock.now()
    ending = _Ending()
    try:
        _pin(parts)
        run_id, started = begin_run(
            parts.database, parts.clock, scope=settings.scope, trigger=trigger, preview=False
        )
    except Trouble as trouble:
        ending.stopped(trouble)
        return _report("", trigger, started, parts, ending)
    work = _Work(parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen)
    try:
        _go(work, ending)
    except Trouble as trouble:
        log.info("run %s stopped: %s", run_id, trouble)
        ending.stopped(trouble)
    ending.people_read, ending.requests = work.people_read, work.requests
    return _record(work, trigger, started, ending)


@dataclass
class _Ending:
    """What a run has come to so far."""

    outcome: RunOutcome = RunOutcome.DONE
    trouble: Trouble | None = None
    held: tuple[Held, ...] = ()
    people_read: int = 0
    requests: int = 0
    planned: PlanCounts = field(default_factory=PlanCounts)
    done: PlanCounts = field(default_factory=PlanCounts)
    failed: int = 0

    def stopped(self, trouble: Trouble) -> None:
        self.outcome, self.trouble = outcome_of(trouble), trouble


@dataclass(frozen=True, kw_only=True)
class _Plan:
    counts: PlanCounts
    guarded: Guarded
    links_known: bool


@dataclass(kw_only=True)
class _Work:
    """A run or preview under way; `requests` and `people_read` as far as it has come."""

    parts: SyncParts
    settings: ProvisioningSettings
    run_id: str
    cancel: Cancel
    listen: Listen
    requests: int = 0
    people_read: int = 0
    created: int = 0
    changed: int = 0
    failed: int = 0
    problems: int = 0
    _told_at: float = float("-inf")

    def tell(self, phase: RunPhase, done: int, total: int, now: str = "") -> None:
        """Tell how far it is, not more often than a person can see, the end always."""
        moment = self.parts.clock.monotonic()
        if moment - self._told_at < 1 / _EVENTS_A_SECOND and (done < total or not total):
            return
        self._told_at = moment
        self.listen(
            RunProgress(
                phase=phase,
                done=done,
                total=total,
                created=self.created,
                changed=self.changed,
                problems=self.problems + self.failed,
                now=now,
            )
        )

    def tell_the_end(self, done: int) -> None:
        """Tell of the report; a listener that objects can no longer change how the run ended."""
        try:
            self.tell(RunPhase.REPORT, done, 1)
        except Trouble as trouble:
            log.info("a listener objected at the end: %s", trouble.code.value)

    def plan(self, *, preview: bool) -> _Plan:
        """Read, judge, match, plan and guard: the part that a preview and a run share."""
        parts = self.parts
        read = read_directory(
            parts.database,
            parts.reader,
            needs_groups=self.settings.scope.needs_groups,
            cancel=self.cancel,
            progress=lambda done, total: self.tell(RunPhase.READ, done, total),
        )
        self.requests += read.requests
        self.people_read = read.people
        self.cancel.check()
        self.tell(RunPhase.COMPARE, 0, read.people)
        with parts.database.transaction(durable=False, cancel=self.cancel) as writing:
            enter_phase(writing, self.run_id, RunPhase.COMPARE)
            writing.execute(
                "UPDATE run SET generation = ? WHERE id = ?", (read.generation, self.run_id)
            )
            judge(writing, self.settings.scope)
        matched = match(parts, self.cancel)
        self.requests += matched.requests
        with parts.database.transaction(cancel=self.cancel) as writing:
            make_plan(writing, parts, self.settings, self.run_id)
            guarded = guard(
                writing,
                parts,
                self.settings,
                self.run_id,
                links_known=matched.links_known,
                preview=preview,
            )
            if not preview:
                _remember_absence(writing, self.settings, self.run_id, parts.clock.now())
            writing.execute(
                "UPDATE run SET held = ? WHERE id = ?",
                (msgspec.json.encode(guarded.held).decode(), self.run_id),
            )
            counts = plan_counts(writing, self.run_id)
        self.problems = counts.problem
        self.tell(RunPhase.COMPARE, read.people, read.people)
        return _Plan(counts=counts, guarded=guarded, links_known=matched.links_known)

    def write(self, plan: _Plan) -> None:
        """Carry the plan out, as far as it isn't held."""
        with self.parts.database.transaction() as writing:
            enter_phase(writing, self.run_id, RunPhase.WRITE)
            total = writing.value(
                int,
                "SELECT count(*) FROM plan_item WHERE run_id = ? AND NOT held"
                " AND kind IN ('create', 'adopt', 'update', 'deactivate', 'reactivate')",
                (self.run_id,),
            )
        self.tell(RunPhase.WRITE, 0, total)

        def told(ended: Sequence[Told]) -> None:
            for one in ended:
                if not one.worked:
                    self.failed += 1
                elif one.kind in _GIVES_ACCESS:
                    self.created += 1
                else:
                    self.changed += 1
            if ended:
                done = self.created + self.changed + self.failed
                self.tell(RunPhase.WRITE, done, total, now=ended[-1].name)

        self.requests += apply_plan(
            self.parts, self.run_id, plan.guarded.uncounted, self.cancel, told
        )
        with self.parts.database.transaction() as writing:
            writing.execute(_SCOPE_BY)


def _pin(parts: SyncParts) -> None:
    pin_connection(
        parts.database,
        provider=parts.provider,
        customer_id=parts.customer_id,
        ou_id=parts.ou_id,
        account_id=parts.account_id,
    )


def _go(work: _Work, ending: _Ending) -> None:
    """The run itself, in order; what stops it is raised."""
    parts, settings = work.parts, work.settings
    if not settings.enabled:
        ending.outcome, ending.trouble = RunOutcome.OFF, Trouble(Code.PROVISIONING_OFF)
        return
    _settings_fresh_enough(parts)
    work.requests += resume(parts, work.cancel)
    with parts.database.transaction() as writing:
        close_interrupted(writing, parts.clock, keep=work.run_id)
    plan = work.plan(preview=False)
    ending.held = plan.guarded.held
    evidence = gather_evidence(parts, work.run_id, work.cancel)
    work.requests += evidence.asked
    work.write(plan)
    stopped = [held for held in plan.guarded.held if not _only_unsure(held)]
    if stopped:
        ending.outcome, ending.trouble = RunOutcome.STOPPED_BY_GUARD, held_trouble(stopped)
    elif not plan.links_known:
        ending.outcome, ending.trouble = RunOutcome.PARTLY, Trouble(Code.LINKS_NOT_REBUILT)
    elif plan.guarded.held:
        ending.outcome, ending.trouble = RunOutcome.PARTLY, Trouble(Code.SETTINGS_UNREADABLE)
    elif work.failed or evidence.without:
        ending.outcome = RunOutcome.PARTLY


def _only_unsure(held: Held) -> bool:
    """Whether it is held because something could not be read, and not for its size."""
    return bool(held.causes) and held.causes[0].cause in _NO_LIMIT


def _settings_fresh_enough(parts: SyncParts) -> None:
    """Off there is off here: without the service's word the last copy serves for a day."""
    if parts.settings_live:
        return
    read_at = parts.settings_read_at
    if read_at is None or parts.clock.now() - read_at > _COPY_SERVES:
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
_SCOPE_BY = """
UPDATE link SET scope_by = v.scope_by FROM verdict v
WHERE v.user_id = link.user_id AND v.in_scope AND v.scope_by <> link.scope_by
"""


def _remember_absence(
    writing: Writing, settings: ProvisioningSettings, run_id: str, now: datetime
) -> None:
    keep: Cell = settings.leavers is LeaverPolicy.KEEP
    writing.execute(_CAME_BACK, {"keep": keep})
    writing.execute(_WENT, {"keep": keep, "now": to_text(now), "run": run_id})
    writing.execute(_SCOPE_BY)


def _record(work: _Work, trigger: Trigger, started: datetime, ending: _Ending) -> RunReport:
    """Count, store the report, and forget what is too old."""
    parts = work.parts
    work.tell_the_end(0)
    try:
        with parts.database.transaction() as writing:
            enter_phase(writing, work.run_id, RunPhase.REPORT)
            ending.planned = plan_counts(writing, work.run_id)
            ending.done, ending.failed = done_counts(writing, work.run_id)
            report = _report(work.run_id, trigger, started, parts, ending)
            finish_run(writing, report)
            prune(writing, parts.clock, keep=work.run_id)
    except Trouble as trouble:
        # A full disk must not hide how the run ended; the journal is what counts.
        log.info("run %s could not be recorded: %s", work.run_id, trouble)
        if ending.trouble is None:
            ending.stopped(trouble)
        return _report(work.run_id, trigger, started, parts, ending)
    work.tell_the_end(1)
    return report


def _report(
    run_id: str, trigger: Trigger, started: datetime, parts: SyncParts, ending: _Ending
) -> RunReport:
    trouble = ending.trouble
    facts = trouble.facts.items() if trouble is not None else ()
    return RunReport(
        run_id=run_id,
        trigger=trigger,
        outcome=ending.outcome,
        started_at=started,
        finished_at=parts.clock.now(),
        planned=ending.planned,
        done=ending.done,
        failed=ending.failed,
        people_read=ending.people_read,
        held=tuple((held.kind, held.people) for held in ending.held),
        requests=ending.requests,
        trouble=trouble.code if trouble is not None else None,
        trouble_facts=tuple((name, str(value)) for name, value in facts),
    )
