"""What `sync` does, told to a service manager: a line of the log for each thing that happens."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from wizard.core.runs import RunOutcome, RunReport
from wizard.services.json_log import event

if TYPE_CHECKING:
    from wizard.services.contract import SchedulerView

__all__ = ["RunLog"]

_LEVELS = {
    RunOutcome.DONE: logging.INFO,
    RunOutcome.OFF: logging.INFO,
    RunOutcome.CANCELLED: logging.INFO,
    RunOutcome.NOT_THE_SYNCER: logging.WARNING,
    RunOutcome.PARTLY: logging.WARNING,
}
"""Every other end is for a person to look at."""


class RunLog:
    """Hears a schedule and the reports of its runs; says nothing twice."""

    def __init__(self) -> None:
        self._phase = ""
        self._waits: tuple[str, str] | None = None
        self._stands_for = ""

    def heard(self, view: SchedulerView) -> None:
        """The schedule has moved on."""
        phase = view.progress.phase.value if view.progress is not None else ""
        if phase and phase != self._phase:
            event("phase", f"The run is at: {phase}.", figures={"phase": phase})
        self._phase = phase
        if view.stands_for and view.stands_for != self._stands_for:
            self.stands_still(view.stands_for)
        self._stands_for = view.stands_for
        if view.next_run_at is None or view.progress is not None:
            return
        waits = (view.state.value, _shown(view.next_run_at))
        if waits != self._waits:
            self._waits = waits
            state, due = waits
            code = view.trouble.value if view.trouble else ""
            figures: dict[str, object] = {"state": state, "next_run_at": due}
            event("waiting", f"The next run is at {due}.", code=code, figures=figures)

    def ended(self, report: RunReport) -> None:
        """A run has ended, or could not begin."""
        from wizard.services.telling import report_lines

        figures: dict[str, object] = {
            "outcome": report.outcome.value,
            "trigger": report.trigger.value,
            "seconds": round((report.finished_at - report.started_at).total_seconds(), 1),
            "people_read": report.people_read,
            "planned": report.planned.writes,
            "written": report.done.writes,
            "failed": report.failed,
            "held": sum(people for _, people in report.held),
            "requests": report.requests,
        }
        event(
            "run-ended",
            " ".join(line.strip() for line in report_lines(report)),
            level=_LEVELS.get(report.outcome, logging.ERROR),
            run=report.run_id,
            code=report.trouble.value if report.trouble else "",
            figures=figures,
        )

    def stands_still(self, run_id: str) -> None:
        """Nothing begins by itself, since this run took one back; with the command that goes on."""
        from wizard.services.telling_undo import GO_ON, standing_still

        event("standing-still", " ".join(standing_still()), run=run_id, figures={"go_on": GO_ON})

    def stopped(self, exit_code: int) -> None:
        """The command ends, because it was told to."""
        event("stopped", "Told to end.", figures={"exit_code": int(exit_code)})


def _shown(when: datetime) -> str:
    from wizard.core.clock import to_text

    return to_text(when)
