"""The guard asks on the page: who is held and why, the number to type, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui import guard_scenes as guard
from tests.ui import sample
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.guard_scenes import LEFT, leavers, stopped_again, type_number
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from tests.ui.test_pages_setup import OpenAt
from wizard.core.runs import HeldKind, PlanCounts, Trigger
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.services.contract import PreviewView
from wizard.ui.guard_panel import GuardPanel
from wizard.ui.widgets.buttons import Button, Kind


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[OpenAt]:
    """Opens a window at a step, with everything before it done; closes it in the end."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_stage(bench: FakeWorkbench, step: StepId) -> Stage:
        at_step(bench, step)
        stage = Stage(bench, step)
        opened.append(stage)
        return stage

    yield open_stage
    for stage in opened:
        stage.close()


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


def asked(stage: Stage) -> None:
    stage.until(lambda: stage.shown("guard") and bool(stage.words("guard-names")))


def danger(stage: Stage) -> Button:
    button = stage.find("primary")
    assert isinstance(button, Button)
    assert button.kind is Kind.DANGER
    return button


def test_a_background_sync_that_stopped_says_how_many_and_why_the_likeliest_first(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    words = stage.all_words()
    assert stage.words("page-title") == "This sync would deactivate 64 people"
    assert "Your limit is 21 in a day. Look before it goes on." in words
    gone = words.index("Unit Operations / Terminals / Moss is gone")
    assert words[gone - 1 : gone] == ["62"] or "62" in words
    assert gone < words.index("No longer in the directory")
    assert "Put the unit that took its place in the scope." in words
    assert stage.words("guard-names") == "Sindre Aas, Marit Holm, Aleksandra Wiśniewska and 61 more"
    assert stage.words("guard-otherwise").startswith("If you do nothing, nobody leaves.")
    assert danger(stage).words == "Deactivate 64 people"


@pytest.mark.parametrize("typed", ["", "6", "46", "640", "sixty-four", "-64", "64.0"])
def test_any_other_number_approves_nothing(
    bench: FakeWorkbench, open_at: OpenAt, typed: str
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    type_number(stage, typed)
    assert not danger(stage).isEnabled()
    field = stage.find("guard-number")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    assert bench.approved == []
    assert [order for order in bench.schedule.asked if order.startswith("run")] == []
    if typed == "46":
        assert "46 is not the number. 64 people are held." in stage.all_words()


def test_the_number_typed_lets_exactly_this_plan_go_on_at_once(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    field = stage.find("guard-number")
    assert isinstance(field, QLineEdit)
    assert field.accessibleName() == "Type the number of people"
    field.setFocus()
    QTest.keyClicks(field, "64")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.until(lambda: bench.approved == [("run-2", HeldKind.LEAVE, LEFT)])
    stage.until(lambda: "run:person" in bench.schedule.asked)
    stage.until(lambda: not stage.shown("guard"))
    button = stage.find("primary")
    assert isinstance(button, Button)
    assert button.kind is Kind.PRIMARY


def test_more_people_than_were_approved_are_asked_about_anew(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    type_number(stage, "64")
    stage.press("primary")
    stage.until(lambda: not stage.shown("guard"))
    stopped_again(bench, leavers(65, "run-3"))
    asked(stage)
    assert stage.words("page-title") == "This sync would deactivate 65 people"
    assert stage.words("guard-number") == ""
    assert not danger(stage).isEnabled()


def test_a_plan_that_changed_meanwhile_is_told_beside_the_number(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    bench.fail("approve", Code.APPROVAL_OUTDATED)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    type_number(stage, "64")
    stage.press("primary")
    stage.until(lambda: any("decide again" in words for words in stage.all_words()))
    assert bench.approved == []
    assert "run:person" not in bench.schedule.asked


def test_who_is_not_ready_puts_it_off_and_finds_it_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    stage.press("guard-later")
    assert not stage.shown("guard")
    assert stage.shown("sync-state")
    assert not stage.shown("run-now")
    stage.press("guard-open")
    assert stage.shown("guard")
    assert stage.find("guard-people").hasFocus()
    for _ in range(2):
        QTest.keyClick(stage.frame.focusWidget(), Qt.Key.Key_Tab)
    assert stage.find("guard-number").hasFocus()
    assert bench.approved == []


def test_after_the_cause_was_put_right_the_sync_goes_on_without_a_word(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    stage.press("guard-again")
    stage.until(lambda: "run:person" in bench.schedule.asked)
    bench.asked_about = ()
    bench.schedule.finish(PlanCounts(unchanged=434), run_id="run-3")
    stage.until(lambda: stage.shown("sync-state"))
    assert not stage.shown("guard")
    assert not stage.shown("guard-open")
    assert bench.approved == []


def test_everyone_held_is_listed_a_part_at_a_time_and_can_be_searched(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    guard.all_people(stage)
    assert stage.words("guard-told") == "50 of 64"
    stage.press("guard-more")
    stage.until(lambda: stage.words("guard-told") == "64 of 64")
    assert not stage.shown("guard-more")
    search = stage.find("guard-search")
    assert isinstance(search, QLineEdit)
    QTest.keyClicks(search, "marit")
    stage.until(lambda: stage.words("guard-told") == "1 of 1")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    stage.until(lambda: stage.frame.panes.sheet is None)


def test_the_plan_that_was_held_is_saved_as_a_file(
    bench: FakeWorkbench, open_at: OpenAt, tmp_path: Path
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    panel = stage.find("guard")
    assert isinstance(panel, GuardPanel)
    panel.save_to(tmp_path / "plan.csv")
    stage.until(lambda: stage.words("guard-names") == "Saved 64 rows.")
    assert len((tmp_path / "plan.csv").read_text(encoding="utf-8").splitlines()) == LEFT


def test_a_first_sync_with_more_than_its_preview_is_asked_and_goes_on(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    guard.first_run_stopped(stage)
    assert stage.words("page-title") == "This sync would make 180 accounts"
    assert danger(stage).words == "Make 180 accounts"
    type_number(stage, "180")
    stage.press("primary")
    stage.until(lambda: bench.approved == [("run-1", HeldKind.CREATE, 180)])
    stage.until(lambda: "run:person" in bench.schedule.asked)
    began = datetime.now(UTC)
    stage.until(lambda: not stage.shown("guard") and stage.shown("sync-percent"))
    bench.schedule.finish(PlanCounts(create=180), run_id="run-2", started_at=began)
    stage.until(lambda: bench.answers.first_sync_done)


def test_a_first_sync_that_begins_before_the_window_hears_of_the_yes_is_its_own(
    bench: FakeWorkbench, open_at: OpenAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_at(bench, StepId.FIRST_SYNC)
    guard.first_run_stopped(stage)
    type_number(stage, "180")
    schedule = bench.schedule
    run_now = schedule.run_now

    def run_and_end(trigger: Trigger = Trigger.PERSON) -> None:
        """The run is over while the job that asked for it still is under way."""
        run_now(trigger)
        began = datetime.now(UTC)
        schedule.finish(PlanCounts(create=180), run_id="run-2", started_at=began)
        bench.step("approved")

    bench.hold("approved")
    monkeypatch.setattr(schedule, "run_now", run_and_end)
    stage.press("primary")
    stage.until(lambda: bench.answers.first_sync_done)
    bench.release("approved")
    stage.until(lambda: not stage.frame.page.working)
    assert stage.words("proof").startswith("It worked")


def test_a_preview_that_the_limits_hold_can_be_approved_and_is_made_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    held = replace(leavers(), run_id="")
    counts = PlanCounts(deactivate=LEFT, unchanged=370)
    bench.planned = PreviewView(
        run_id="preview-1", made_at=sample.NOW, counts=counts, leave_limit=21, held=(held,)
    )
    stage = open_at(bench, StepId.PREVIEW)
    guard.from_preview(stage)
    type_number(stage, "64")
    bench.planned = replace(bench.planned, run_id="preview-2", held=())
    stage.press("primary")
    stage.until(lambda: bench.approved == [("preview-1", HeldKind.LEAVE, LEFT)])
    stage.until(lambda: stage.frame.page.offer.valid and not stage.shown("guard"))
    assert not stage.shown("held-leave")
    assert bench.schedule.asked == []


def test_looking_away_from_what_is_held_shows_the_preview_again(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    bench.planned = PreviewView(
        run_id="preview-1",
        made_at=sample.NOW,
        counts=PlanCounts(deactivate=LEFT),
        leave_limit=21,
        held=(leavers(),),
    )
    stage = open_at(bench, StepId.PREVIEW)
    guard.from_preview(stage)
    stage.press("guard-later")
    assert stage.shown("plan-search")
    assert not stage.shown("guard")
    assert bench.approved == []


def test_in_a_low_window_the_closed_button_says_where_the_number_is_typed(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    asked(stage)
    stage.frame.resize(900, 500)
    stage.until(lambda: stage.frame.page.offer.tail == "Scroll down to the number")
    bar = stage.frame.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.until(lambda: stage.frame.page.offer.tail == "Type the number first")
    bar.setValue(0)
    stage.until(lambda: stage.frame.page.offer.tail == "Scroll down to the number")
    stage.frame.resize(1100, 1000)
    stage.until(lambda: stage.frame.page.offer.tail == "Type the number first")


def test_a_number_that_is_typed_while_looking_goes_into_its_field(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    stage.frame.resize(900, 500)
    asked(stage)
    everybody = stage.find("guard-people")
    everybody.setFocus()
    QTest.keyClicks(everybody, "x")
    field = stage.find("guard-number")
    assert isinstance(field, QLineEdit)
    assert (field.text(), field.hasFocus()) == ("", False)
    QTest.keyClicks(everybody, "6")
    assert field.hasFocus()
    QTest.keyClicks(field, "4")
    stage.settle()
    assert danger(stage).isEnabled()
    area = stage.frame.view.viewport()
    below = field.mapTo(area, QPoint(0, field.height())).y()
    assert below <= area.height(), "the page has come to it"
