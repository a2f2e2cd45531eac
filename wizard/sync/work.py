"""A run under way: what it tells, how it writes, what it comes to, and how that is recorded."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from wizard.accounts.base import WriteKind
from wizard.core.cancel import Cancel
from wizard.core.runs import (
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Trouble
from wizard.sync.executor import Told, apply_plan
from wizard.sync.fresh import Freshness
from wizard.sync.guard import Guarded
from wizard.sync.parts import Held, Listen, SyncParts
from wizard.sync.report import outcome_of
from wizard.sync.runs import done_counts, enter_phase, finish_run, plan_counts, prune
from wizard.sync.snapshot import pin_connection

__all__ = ["SCOPE_BY", "Ending", "Work", "pin", "record", "unstored_report"]

log = logging.getLogger(__name__)

_EVENTS_A_SECOND = 10

SCOPE_BY = """
UPDATE link SET scope_by = v.scope_by FROM verdict v
WHERE v.user_id = link.user_id AND v.in_scope AND v.scope_by <> link.scope_by
"""
"""Remembers at each link what has its person in scope, to name causes by when they fall out."""


@dataclass
class Ending:
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
        """The run cannot go on because of this."""
        self.outcome, self.trouble = outcome_of(trouble), trouble


@dataclass(kw_only=True)
class Work:
    """A run or preview under way; `requests` and `people_read` as far as it has come."""

    parts: SyncParts
    settings: ProvisioningSettings
    run_id: str
    cancel: Cancel
    listen: Listen
    requests: int = 0
    people_read: int = 0
    created: int = 0
    adopted: int = 0
    changed: int = 0
    failed: int = 0
    problems: int = 0
    stayed: int = 0
    undoes: str = ""
    planned: PlanCounts = field(default_factory=PlanCounts)
    done: Counter[WriteKind] = field(default_factory=Counter)
    fresh: Freshness = field(init=False)
    _told_at: float = float("-inf")
    _told: RunPhase | None = None

    def __post_init__(self) -> None:
        self.fresh = Freshness(self.parts.clock, self.cancel)

    @property
    def written(self) -> int:
        """How many people's accounts were written so far."""
        return self.created + self.adopted + self.changed

    def tell(self, phase: RunPhase, done: int, total: int, now: str = "") -> None:
        """Tell how far it is, not more often than a person can see; a phase's ends always."""
        moment = self.parts.clock.monotonic()
        early = moment - self._told_at < 1 / _EVENTS_A_SECOND
        if early and phase is self._told and (done < total or not total):
            return
        self._told_at, self._told = moment, phase
        self.listen(
            RunProgress(
                phase=phase,
                done=done,
                total=total,
                created=self.created,
                adopted=self.adopted,
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

    def write(self, guarded: Guarded) -> None:
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
                    continue
                self.done[one.kind] += 1
                if one.kind is WriteKind.CREATE:
                    self.created += 1
                elif one.kind is WriteKind.ADOPT:
                    self.adopted += 1
                else:
                    self.changed += 1
            if ended:
                self.tell(RunPhase.WRITE, self.written + self.failed, total, now=ended[-1].name)

        applied = apply_plan(
            self.parts, self.run_id, guarded.uncounted, self.cancel, told, self.fresh
        )
        self.requests += applied.requests
        self.stayed = applied.stayed
        with self.parts.database.transaction() as writing:
            writing.execute(SCOPE_BY)


def pin(parts: SyncParts) -> None:
    """Make sure that the database belongs to this connection; `Trouble(OTHER_CUSTOMER)`."""
    pin_connection(
        parts.database,
        provider=parts.provider,
        customer_id=parts.customer_id,
        ou_id=parts.ou_id,
        account_id=parts.account_id,
    )


def record(work: Work, trigger: Trigger, started: datetime, ending: Ending) -> RunReport:
    """Count, store the report, forget what is too old, and tell the account service."""
    parts = work.parts
    work.tell_the_end(0)
    try:
        with parts.database.transaction() as writing:
            enter_phase(writing, work.run_id, RunPhase.REPORT)
            ending.planned = plan_counts(writing, work.run_id)
            ending.done, ending.failed = done_counts(writing, work.run_id)
            report = replace(
                unstored_report(work.run_id, trigger, started, parts, ending), undoes=work.undoes
            )
            finish_run(writing, report)
            if report.outcome is RunOutcome.NOT_THE_SYNCER:
                # Somebody else writes now: what we know of the accounts is out of date.
                writing.execute("UPDATE connection SET links_rebuilt_at = NULL")
            prune(writing, parts.clock, keep=work.run_id)
    except Trouble as trouble:
        # A full disk must not hide how the run ended; the journal is what counts.
        log.info("run %s could not be recorded: %s", work.run_id, trouble)
        if ending.trouble is None:
            ending.stopped(trouble)
        if not ending.done.writes:
            # Where not even the journal can be read: what was told of while it was done.
            ending.planned, ending.failed = work.planned, work.failed
            ending.done = PlanCounts(**{kind.value: many for kind, many in work.done.items()})
        report = replace(
            unstored_report(work.run_id, trigger, started, parts, ending), undoes=work.undoes
        )
    if not parts.tell_service(report):
        return replace(report, told=False)
    work.tell_the_end(1)
    return report


def unstored_report(
    run_id: str, trigger: Trigger, started: datetime, parts: SyncParts, ending: Ending
) -> RunReport:
    """The report of a run that came to this, before anything is stored of it."""
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
