"""The guard asking, on every page that it may ask on, as data for pictures and layout checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QLineEdit

from tests.ui import halden, sample
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import Stage
from wizard.core.runs import (
    HeldCause,
    HeldKind,
    PersonPlan,
    PlanCounts,
    PlanKind,
    Reason,
    RunOutcome,
    RunReport,
    Trigger,
)
from wizard.core.trouble import Code
from wizard.services.contract import HeldCauseView, HeldView, SchedulerState, SchedulerView

__all__ = [
    "LEFT",
    "all_people",
    "asking",
    "first_run_stopped",
    "from_preview",
    "leavers",
    "mistyped",
    "put_off",
    "stopped_again",
    "type_number",
    "typed",
]

LEFT = 64


def leavers(count: int = LEFT, run_id: str = "run-2") -> HeldView:
    """So many people whose unit is gone, but for two."""
    return HeldView(
        kind=HeldKind.LEAVE,
        people=count,
        limit=21,
        causes=(
            HeldCauseView(
                cause=HeldCause.UNIT_GONE.value,
                people=count - 2,
                name="Unit Operations / Terminals / Moss",
            ),
            HeldCauseView(cause=HeldCause.VANISHED.value, people=2),
        ),
        run_id=run_id,
        held_at=sample.NOW,
        grace_days=14,
    )


def _people(count: int) -> list[PersonPlan]:
    named = ("Sindre Aas", "Marit Holm", "Aleksandra Wiśniewska")
    return [
        PersonPlan(
            user_id=f"l-{number}",
            external_id=f"google:C0test:l-{number}",
            account_id=f"a-{number}",
            kind=PlanKind.DEACTIVATE,
            reason=Reason.HELD,
            address=f"person.{number}@terminals.halden-freight.example",
            name=named[number] if number < len(named) else f"Person {number}",
        )
        for number in range(count)
    ]


def _report(run_id: str) -> RunReport:
    now = datetime.now(UTC)  # a page takes no report for its own run's that is older
    return RunReport(
        run_id=run_id,
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.STOPPED_BY_GUARD,
        started_at=now,
        finished_at=now + timedelta(minutes=1),
        planned=PlanCounts(deactivate=LEFT, unchanged=halden.MEMBERS - LEFT),
        held=((HeldKind.LEAVE, LEFT),),
        trouble=Code.GUARD_STOPPED,
        trouble_facts=(("what", "leave"), ("people", str(LEFT)), ("limit", "21")),
    )


def asking(bench: FakeWorkbench) -> None:
    """The newest run was stopped: 64 people would leave."""
    stopped_again(bench, leavers())


def stopped_again(bench: FakeWorkbench, *views: HeldView) -> None:
    """A run that the guard stopped, with this to ask."""
    new = views[0].kind is HeldKind.CREATE
    bench.rows = sample.people(views[0].people) if new else _people(views[0].people)
    bench.asked_about = views
    bench.schedule.show(
        SchedulerView(
            state=SchedulerState.NEEDS_PERSON,
            last=replace(_report(views[0].run_id), held=((views[0].kind, views[0].people),)),
            trouble=Code.GUARD_STOPPED,
        )
    )


def type_number(stage: Stage, words: str) -> None:
    """Type into the field as keys would."""
    field = stage.find("guard-number")
    assert isinstance(field, QLineEdit)
    field.setText(words)
    field.textEdited.emit(words)
    stage.settle()


def _asked(stage: Stage) -> None:
    stage.until(lambda: stage.shown("guard") and bool(stage.words("guard-names")))


def typed(stage: Stage) -> None:
    """The number fits."""
    _asked(stage)
    type_number(stage, str(LEFT))


def mistyped(stage: Stage) -> None:
    """Another number."""
    _asked(stage)
    type_number(stage, "46")


def all_people(stage: Stage) -> None:
    """The side sheet with everyone."""
    _asked(stage)
    stage.press("guard-people")
    stage.until(lambda: stage.shown("guard-more"))


def put_off(stage: Stage) -> None:
    """Asked, and not decided yet."""
    _asked(stage)
    stage.press("guard-later")


def from_preview(stage: Stage) -> None:
    """The preview's own question."""
    stage.until(lambda: stage.shown("held-leave"))
    stage.press("held-leave")
    _asked(stage)


def first_run_stopped(stage: Stage) -> None:
    """The first sync stopped, having more to make than its preview showed."""
    schedule = stage.bench.schedule
    stage.until(lambda: "run:first" in schedule.asked)
    cause = HeldCauseView(cause=HeldCause.NOT_IN_PREVIEW.value, people=180)
    held = HeldView(
        kind=HeldKind.CREATE,
        people=180,
        limit=103,
        causes=(cause,),
        run_id="run-1",
        held_at=sample.NOW,
    )
    stage.until(lambda: schedule.view().state is SchedulerState.RUNNING)
    stopped_again(stage.bench, held)
    stage.until(lambda: stage.shown("guard") and bool(stage.words("guard-names")))
