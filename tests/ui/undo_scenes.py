"""The states in which a past sync is taken back: looked at, counted, done, and nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_undoing import A_MISTAKE
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import home_scene, in_step, open_run
from tests.ui.sample import ROWS, people
from tests.ui.stage import Stage
from wizard.core.runs import HeldKind, PersonPlan, PlanCounts, PlanKind, Reason
from wizard.core.trouble import Code
from wizard.ui.home.ids import HomeId

__all__ = ["UNDO_SCENES", "asked", "counted", "with_a_mistake"]

Act = Callable[[Stage], None]

_WHY = (
    (PlanKind.SKIP, Reason.CHANGED_SINCE, 2),
    (PlanKind.SKIP, Reason.PROTECTED, 1),
    (PlanKind.DEACTIVATE, Reason.MADE_THEN, 6),
    (PlanKind.DEACTIVATE, Reason.RETURNED_THEN, 2),
    (PlanKind.UPDATE, Reason.GIVEN_BACK, 3),
    (PlanKind.UPDATE, Reason.TAKEN_BACK, 24),
    (PlanKind.REACTIVATE, Reason.LEFT_THEN, 5),
)


def _rows() -> list[PersonPlan]:
    everyone = iter(people(43))
    lise = ROWS[0]
    rows = [
        replace(next(everyone), kind=kind, reason=reason, scope_by="", account_id="a")
        for kind, reason, count in _WHY
        for _ in range(count)
    ]
    changed = next(n for n, row in enumerate(rows) if row.reason is Reason.TAKEN_BACK)
    back = replace(
        rows[changed],
        name=lise.old_name,
        old_name=lise.name,
        address=lise.old_address,
        old_address=lise.address,
    )
    return [*rows[:changed], back, *rows[changed + 1 :]]


def with_a_mistake(bench: FakeWorkbench) -> None:
    """The newest sync made, changed and deactivated people who should not have been."""
    in_step(bench)
    first = bench.home.rows[0]
    done = PlanCounts(create=6, adopt=3, update=25, reactivate=2, deactivate=7)
    report = replace(first.report, done=done, planned=done)
    bench.home.rows = [replace(first, report=report), *bench.home.rows[1:]]
    bench.undoing.rows = _rows()


def asked(stage: Stage) -> None:
    """What taking it back would do is shown."""
    open_run(0)(stage)
    stage.press("run-undo")
    stage.until(lambda: stage.shown("undo-count") and stage.words("undo-count") != "")


def counted(stage: Stage) -> None:
    """The number of people is typed."""
    asked(stage)
    _type(stage, str(A_MISTAKE.people))


def _type(stage: Stage, words: str) -> None:
    field = stage.find("undo-number")
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(words)
    line.textEdited.emit(words)
    stage.settle()


def _mistyped(stage: Stage) -> None:
    asked(stage)
    _type(stage, "41")


def _looking(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.hold("undo-look")


def _opened(stage: Stage) -> None:
    open_run(0)(stage)
    stage.press("run-undo")


def _offline(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.fail("undo-look", Code.OFFLINE)


def _elsewhere(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.fail("undo", Code.NOT_THE_SYNCER, host="SERVER01")


def _few(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.undoing.view = replace(
        A_MISTAKE,
        counts=PlanCounts(update=24),
        people=24,
        made=0,
        deactivated=0,
        returned=0,
        reactivated=0,
        given_back=0,
        left_alone=0,
    )
    bench.undoing.rows = [row for row in _rows() if row.reason is Reason.TAKEN_BACK]


def _large(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.undoing.view = replace(A_MISTAKE, held=((HeldKind.LEAVE, 8),))


def _already(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.undoing.taken_back = [bench.home.rows[0].report.run_id]
    bench.undoing.rows = [
        replace(row, kind=PlanKind.SKIP, reason=Reason.TAKEN_BACK_BEFORE) for row in _rows()
    ]


def _pressed(stage: Stage) -> None:
    counted(stage)
    stage.press("primary")


def _under_way(bench: FakeWorkbench) -> None:
    with_a_mistake(bench)
    bench.hold("undo")


def _done(stage: Stage) -> None:
    _pressed(stage)
    stage.until(lambda: bool(stage.bench.undoing.taken_back))
    stage.settle()


_ACTIVITY = HomeId.ACTIVITY

UNDO_SCENES = (
    home_scene("undo-looking", _ACTIVITY, _looking, _opened),
    home_scene("undo", _ACTIVITY, with_a_mistake, asked),
    home_scene("undo-counted", _ACTIVITY, with_a_mistake, counted),
    home_scene("undo-mistyped", _ACTIVITY, with_a_mistake, _mistyped),
    home_scene("undo-large", _ACTIVITY, _large, asked),
    home_scene("undo-few", _ACTIVITY, _few, asked),
    home_scene("undo-already", _ACTIVITY, _already, asked),
    home_scene("undo-offline", _ACTIVITY, _offline, _opened),
    home_scene("undo-under-way", _ACTIVITY, _under_way, _pressed),
    home_scene("undo-elsewhere", _ACTIVITY, _elsewhere, _pressed),
    home_scene("undo-done", _ACTIVITY, with_a_mistake, _done),
)
