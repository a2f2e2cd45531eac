"""Taking a sync back in the window: looked at, counted, done, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_undoing import A_MISTAKE
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import open_run
from tests.ui.stage import Stage
from tests.ui.undo_scenes import asked, counted, with_a_mistake
from wizard.core.runs import PlanCounts, RunOutcome
from wizard.core.trouble import Code

Open = Callable[..., Stage]


def taken_back(stage: Stage) -> list[str]:
    return stage.bench.undoing.taken_back


def number(stage: Stage) -> QLineEdit:
    field = stage.find("undo-number")
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def test_nothing_happens_before_the_number_is_typed(activity: Open) -> None:
    stage = activity(with_a_mistake)
    asked(stage)
    offer = stage.frame.page.offer
    assert (offer.valid, offer.danger, offer.tail) == (False, True, "Type the number first")
    QTest.keyClicks(number(stage), "41")
    assert not stage.frame.page.offer.valid
    assert any("41 is not the number" in words for words in stage.all_words())
    assert taken_back(stage) == []


def test_by_the_keyboard_alone_the_number_and_enter_take_it_back(activity: Open) -> None:
    stage = activity(with_a_mistake)
    asked(stage)
    assert stage.frame.focusWidget() is number(stage)
    QTest.keyClicks(number(stage), "40")
    primary = stage.find("primary")
    primary.setFocus()
    QTest.keyClick(primary, Qt.Key.Key_Space)
    stage.until(lambda: bool(taken_back(stage)))
    stage.until(lambda: "Taken back" in stage.all_words())
    assert any("3 stay as they are" in words for words in stage.all_words())
    assert not stage.shown("undo-number")


def test_the_schedule_of_this_computer_is_told_at_once(activity: Open) -> None:
    stage = activity(with_a_mistake)
    counted(stage)
    stage.press("primary")
    stage.until(lambda: "look-again" in stage.bench.schedule.asked)
    stage.press("primary")
    stage.until(lambda: stage.shown("run-rows"))
    assert not stage.shown("undo")


def test_where_nobody_loses_access_no_number_is_asked_for(activity: Open) -> None:
    stage = activity(with_a_mistake)
    stage.bench.undoing.view = replace(
        A_MISTAKE, deactivated=0, made=0, returned=0, counts=PlanCounts(update=32), people=32
    )
    asked(stage)
    assert not stage.shown("undo-number")
    stage.press("primary")
    stage.until(lambda: bool(taken_back(stage)))


def test_what_can_not_be_reached_is_told_and_looked_at_again(activity: Open) -> None:
    stage = activity(with_a_mistake)
    stage.bench.fail("undo-look", Code.OFFLINE)
    open_run(0)(stage)
    stage.press("run-undo")
    stage.until(lambda: stage.frame.page.offer.trouble is not None)
    assert any("This computer is offline" in words for words in stage.all_words())
    stage.press("primary")
    stage.until(lambda: stage.shown("undo-number"))


def test_leaving_it_as_it_is_leads_back_and_changes_nothing(activity: Open) -> None:
    stage = activity(with_a_mistake)
    counted(stage)
    stage.press("undo-leave")
    assert stage.shown("run-rows")
    assert taken_back(stage) == []
    counted(stage)
    stage.press("activity-back")
    assert stage.shown("run-rows")


def test_a_sync_that_changed_nothing_offers_no_way_back(activity: Open) -> None:
    def nothing(bench: FakeWorkbench) -> None:
        with_a_mistake(bench)
        first = bench.home.rows[0]
        report = replace(first.report, done=PlanCounts(), outcome=RunOutcome.DONE)
        bench.home.rows = [replace(first, report=report), *bench.home.rows[1:]]

    stage = activity(nothing)
    open_run(0)(stage)
    assert not stage.shown("run-undo")
