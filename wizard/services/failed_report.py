"""The report of a background run that something kept from beginning or going on."""

from __future__ import annotations

from datetime import datetime

from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble

__all__ = ["failed_report", "mistake"]

_OUTCOMES = {
    Code.CANCELLED: RunOutcome.CANCELLED,
    Code.NOT_THE_SYNCER: RunOutcome.NOT_THE_SYNCER,
    Code.PROVISIONING_OFF: RunOutcome.OFF,
    Code.GUARD_STOPPED: RunOutcome.STOPPED_BY_GUARD,
}


def mistake(problem: Exception) -> Trouble:
    """A mistake of the program's own, as a trouble."""
    return Trouble(Code.INTERNAL, kind=type(problem).__name__)


def failed_report(
    trigger: Trigger, started: datetime, ended: datetime, trouble: Trouble
) -> RunReport:
    """What there is to report of it; it has no id."""
    return RunReport(
        run_id="",
        trigger=trigger,
        outcome=_OUTCOMES.get(trouble.code, RunOutcome.FAILED),
        started_at=started,
        finished_at=ended,
        trouble=trouble.code,
        trouble_facts=tuple((name, str(value)) for name, value in trouble.facts.items()),
    )
