"""What became of the last run where another computer keeps people in step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wizard.core.clock import to_text
from wizard.core.runs import RunOutcome, RunSummary
from wizard.core.trouble import Fact
from wizard.services.learning import adds_up
from wizard.services.outside import too_old

__all__ = ["LATELY", "LastElsewhere", "last_elsewhere"]

LATELY = 5
"""How many runs are asked for: one that is told late stands before one that ended after it."""


@dataclass(frozen=True, kw_only=True)
class LastElsewhere:
    """The last run by the service's word.

    `ended_at` is None where there was none. `run` is None where it can't be told how it went:
    the key of a sync may not read that. `host` is who has the task now, '' for nobody.
    """

    ended_at: datetime | None
    run: RunSummary | None = None
    host: str = ""

    def found(self, minutes: int, now: datetime) -> tuple[bool, dict[str, Fact]]:
        """Whether all is well, and the facts to tell; runs are due every so many `minutes`."""
        if self.ended_at is None:
            return False, {"elsewhere": True}
        facts: dict[str, Fact] = {"finished_at": to_text(self.ended_at), "host": self.host}
        run = self.run
        if run is not None and run.undoes and (run.done.writes or run.failed):
            # Nobody syncs by a schedule since; that it is long ago follows from it.
            return False, facts | {"taken_back": True}
        if too_old(self.ended_at, minutes, now):
            return False, facts | {"old": True}
        if run is None:
            return True, facts | {"untold": True}
        return _judged(run, facts)


def _judged(run: RunSummary, facts: dict[str, Fact]) -> tuple[bool, dict[str, Fact]]:
    if run.outcome is RunOutcome.STOPPED_BY_GUARD:
        return False, facts | {"held": sum(people for _, people in run.held) or True}
    if run.outcome is RunOutcome.CANCELLED:
        return False, facts | {"cancelled": True}
    if run.outcome is RunOutcome.FAILED or (run.failed and not adds_up(run)):
        return False, facts | {"failed": True}
    if run.failed:
        return False, facts | {"problems": run.failed}
    return True, facts


def last_elsewhere(
    runs: Iterable[RunSummary] | None, *, last_run_at: datetime | None, host: str
) -> LastElsewhere:
    """From the newest runs, None where they may not be read, and what the lease says.

    A lease that has heard of a later run than these knows its end alone.
    """
    last = max(runs or (), key=lambda run: run.finished_at, default=None)
    if last is None:
        return LastElsewhere(ended_at=last_run_at, host=host)
    if last_run_at is not None and last_run_at > last.finished_at:
        return LastElsewhere(ended_at=last_run_at, host=host)
    return LastElsewhere(ended_at=last.finished_at, run=last, host=host)
