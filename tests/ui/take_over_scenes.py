"""The states in which another computer keeps people in step, and this one may take over."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.ui import halden, sample
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import Stage
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code
from wizard.services.contract import SchedulerState, SchedulerView

__all__ = ["HOLDER", "asked", "in_background", "stopped", "under_way"]

HOLDER = (
    ("host", "SERVER01"),
    ("person", "tomasz.wilk@halden-freight.example"),
    ("last_run_at", "2026-11-03T10:02:00Z"),
)


def _refused(started_at: datetime) -> SchedulerView:
    report = RunReport(
        run_id="",
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.NOT_THE_SYNCER,
        started_at=started_at,
        finished_at=started_at,
        trouble=Code.NOT_THE_SYNCER,
        trouble_facts=HOLDER,
    )
    state = SchedulerState.NEEDS_PERSON
    return SchedulerView(state=state, last=report, trouble=Code.NOT_THE_SYNCER)


def stopped(stage: Stage) -> None:
    """The first sync found that another computer does it."""
    schedule = stage.bench.schedule
    stage.until(lambda: "run:first" in schedule.asked)
    schedule.show(_refused(datetime.now(UTC)))
    stage.until(lambda: stage.shown("trouble"))


def asked(stage: Stage) -> None:
    """The question is open."""
    stopped(stage)
    stage.press("take-over")
    stage.until(lambda: stage.shown("take-over-sheet"))


def under_way(stage: Stage) -> None:
    """It was confirmed, and the service has yet to answer."""
    stage.bench.hold("take_over")
    asked(stage)
    stage.press("take-over-confirm")


def in_background(bench: FakeWorkbench) -> None:
    """After a good first sync another computer took over."""
    bench.schedule.finish(halden.FIRST)
    bench.schedule.show(_refused(sample.NOW))
