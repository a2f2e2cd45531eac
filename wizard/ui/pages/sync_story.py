"""What a page hears of one run: when each phase began, what it told, how long it may take."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

from wizard.content.text import t
from wizard.core.runs import RunOutcome, RunPhase, RunProgress, RunReport
from wizard.core.trouble import Code, Trouble

__all__ = ["PHASES", "Story", "adds_up", "phase_title", "trouble_of"]

PHASES = (RunPhase.READ, RunPhase.COMPARE, RunPhase.WRITE, RunPhase.REPORT)
_ENOUGH = 20
"""People after which the time left is worth saying."""


class Story:
    """When each phase began and what it told, as this page saw it, `since` it was asked for."""

    def __init__(self, since: datetime | None = None) -> None:
        self.began: dict[RunPhase, float] = {}
        self.last: dict[RunPhase, RunProgress] = {}
        self.started_at = since or datetime.now(UTC)

    def hear(self, progress: RunProgress) -> None:
        """Take in the newest word of the run."""
        self.began.setdefault(progress.phase, monotonic())
        self.last[progress.phase] = progress

    def took(self, phase: RunPhase) -> float:
        """Seconds that a phase took, or has taken so far."""
        at = PHASES.index(phase)
        later = [self.began[one] for one in PHASES[at + 1 :] if one in self.began]
        return (later[0] if later else monotonic()) - self.began.get(phase, monotonic())

    def left(self) -> float | None:
        """Seconds that writing may still take, None while that is a guess."""
        told = self.last.get(RunPhase.WRITE)
        if told is None or told.done < _ENOUGH or not told.total:
            return None
        gone = monotonic() - self.began[RunPhase.WRITE]
        return gone / told.done * (told.total - told.done)


def phase_title(phase: RunPhase, *, done: bool) -> str:
    """What a phase is called while it runs, and once it is done."""
    names = {
        RunPhase.READ: (t("Reading the directory"), t("Read the directory")),
        RunPhase.COMPARE: (t("Comparing it with your scope"), t("Compared it with your scope")),
        RunPhase.WRITE: (t("Writing accounts"), t("Wrote accounts")),
        RunPhase.REPORT: (t("Report to the account service"), t("Reported to the account service")),
    }
    return names[phase][1 if done else 0]


def adds_up(report: RunReport) -> str:
    """The proof line of a run: what was planned is accounted for, done or told as a problem.

    A run that did not come through proves nothing: ''.
    """
    if not report.came_through:
        return ""
    planned = report.planned.writes
    held = sum(people for _, people in report.held)
    accounted = report.done.writes + report.failed + held
    return t(
        "**It worked:** {planned} were planned and {accounted} are accounted for.",
        planned=f"{planned:,}",
        accounted=f"{accounted:,}",
    )


def trouble_of(report: RunReport) -> Trouble:
    """What stopped the run, or that most of what it tried failed."""
    if report.outcome is RunOutcome.PARTLY:
        tried = report.done.writes + report.failed
        return Trouble(Code.WRITE_FAILED, problem="most", failed=report.failed, tried=tried)
    code = report.trouble or _code_of(report.outcome)
    return Trouble(code, retry_after=None, **dict(report.trouble_facts))


def _code_of(outcome: RunOutcome) -> Code:
    return {
        RunOutcome.CANCELLED: Code.CANCELLED,
        RunOutcome.STOPPED_BY_GUARD: Code.GUARD_STOPPED,
        RunOutcome.NOT_THE_SYNCER: Code.NOT_THE_SYNCER,
        RunOutcome.OFF: Code.PROVISIONING_OFF,
    }.get(outcome, Code.INTERNAL)
