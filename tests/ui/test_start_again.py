"""A set-up that stands on this computer: who comes for another one is told, and has to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.sample import REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Place, Role, StepId
from wizard.services.contract import (
    SchedulerState,
    SchedulerView,
    SessionStartState,
    UnitView,
)
from wizard.services.contract.home import ErasedView
from wizard.ui.resuming import Resuming

HERE = UnitView(id="ou-1", name="Halden Freight", manageable=True)
OTHER = UnitView(id="ou-7", name="Guest House", manageable=True)
Open = Callable[..., Stage]


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[Open]:
    """Opens the window at a step of a set-up that is done and syncs on this computer."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_window(step: StepId, *units: UnitView) -> Stage:
        bench = FakeWorkbench(REAL)
        at_step(bench, StepId.DONE)
        bench.units = units
        bench.schedule.show(SchedulerView(state=SchedulerState.WAITING))
        stage = Stage(bench, step)
        opened.append(stage)
        return stage

    yield open_window
    for stage in opened:
        stage.close()


def met(stage: Stage) -> None:
    """Wait until the page says whose set-up stands here."""
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("trouble-title") == "This computer is already set up for Halden Freight"


def type_name(stage: Stage, words: str) -> None:
    """Type what the sheet asks for."""
    field = stage.find("start-again-word")
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(words)
    line.textEdited.emit(words)
    stage.settle()


def erase(stage: Stage) -> None:
    """Start again, with the name typed."""
    stage.press("start-again")
    type_name(stage, "halden freight")
    stage.press("start-again-confirm")


def test_who_owns_another_unit_is_told_whose_set_up_stands_here(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    known = stage.bench.answers
    met(stage)
    told = stage.all_words()
    assert any("It was set up by ingrid.solberg@" in words for words in told)
    assert stage.words("primary") == "Use another account"
    assert stage.bench.answers == known
    stage.press("primary")
    assert stage.words("primary") == "Open the sign-in page"
    stage.press("primary")
    met(stage)
    assert stage.bench.answers == known
    assert stage.bench.home.machine_view.signed_in
    stage.bench.units = (HERE,)
    stage.press("primary")
    stage.press("primary")
    stage.until(lambda: stage.shown("greeted"))
    assert stage.bench.answers == known


def test_starting_again_wants_the_name_and_says_what_becomes_of_the_sync(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    met(stage)
    stage.press("start-again")
    assert "nothing is synced from here anymore" in stage.words("start-again-words-0")
    assert not stage.find("start-again-confirm").isEnabled()
    type_name(stage, "Guest House")
    assert not stage.find("start-again-confirm").isEnabled()
    stage.press("start-again-leave")
    assert "erase" not in stage.bench.called
    assert stage.bench.answers.first_sync_done
    erase(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.WELCOME)
    assert replace(stage.bench.answers, service_answered=False) == Answers()
    assert stage.bench.schedule.asked == ["stop"]
    assert not stage.shown("start-again-sheet")


def test_a_name_that_is_typed_as_it_is_seen_fits(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    # Kept with two spaces, one at its end, and a letter in two parts that a keyboard has in one.
    kept = "Kra\u030aka  Frakt "
    stage.bench.change(replace(stage.bench.answers, ou_name=kept))
    stage.until(lambda: stage.shown("trouble"))
    stage.press("start-again")
    type_name(stage, "Kraka Frakt")
    assert not stage.find("start-again-confirm").isEnabled()
    assert "Kraka Frakt is not the name." in " ".join(stage.all_words())
    type_name(stage, " kr\u00e5ka frakt")
    assert stage.find("start-again-confirm").isEnabled()


def test_nothing_of_an_erased_set_up_starts_with_the_session(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    background = stage.bench.background
    background.state, background.keep_running = SessionStartState.ON, True
    met(stage)
    erase(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.WELCOME)
    assert background.session_start().state is SessionStartState.OFF
    assert background.keep_running is None


def test_the_pause_of_an_erased_set_up_is_over(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    stage.bench.schedule.show(SchedulerView(state=SchedulerState.PAUSED))
    met(stage)
    erase(stage)
    stage.until(lambda: stage.frame.walk.step is StepId.WELCOME)
    assert stage.bench.schedule.asked == ["stop", "resume"]


def test_what_could_not_be_erased_starts_with_the_session_as_before(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    background = stage.bench.background
    background.state, background.keep_running = SessionStartState.ON, True
    met(stage)
    stage.bench.fail("erase", Code.DISK_FULL)
    erase(stage)
    stage.until(lambda: stage.shown("start-again-wrong"))
    assert background.session_start().state is SessionStartState.ON
    assert background.keep_running is True


def test_a_server_that_goes_on_is_said_to(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    stage.bench.change(replace(stage.bench.answers, place=Place.SERVER))
    met(stage)
    stage.press("start-again")
    assert "A server keeps the people of Halden Freight in step" in stage.words(
        "start-again-words-0"
    )


def test_what_could_not_be_erased_goes_on_syncing(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    met(stage)
    stage.bench.fail("erase", Code.DISK_FULL)
    erase(stage)
    stage.until(lambda: stage.shown("start-again-wrong"))
    assert stage.bench.schedule.asked == ["stop", "start"]
    assert stage.bench.answers.first_sync_done
    assert stage.find("start-again-confirm").isEnabled()


def test_a_key_that_stays_at_the_service_is_said_to(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    stage.bench.home.left_there = Trouble(
        Code.PROVISIONING_TOKEN_LEFT, name="Halden Freight", label="HF-LAPTOP-12"
    )
    met(stage)
    erase(stage)
    stage.until(lambda: stage.shown("notice-provisioning-token-left"))
    assert stage.frame.walk.step is StepId.WELCOME
    assert any("HF-LAPTOP-12" in words for words in stage.all_words())


def test_who_owns_both_goes_on_with_the_one_that_stands(open_at: Open) -> None:
    stage = open_at(StepId.ORGANIZATIONAL_UNIT, HERE, OTHER)
    known = stage.bench.answers
    stage.until(lambda: stage.shown("unit-ou-7"))
    stage.press("unit-ou-7")
    met(stage)
    assert stage.bench.answers == known
    assert stage.words("primary") == "Go on with it"
    stage.press("start-again")
    assert stage.shown("start-again-sheet")
    stage.press("start-again-leave")
    stage.press("primary")
    assert stage.frame.walk.step is not StepId.ORGANIZATIONAL_UNIT
    assert stage.bench.answers.ou_id == "ou-1"


# ------------------------------------------------------------ closed while it erases


def close_while_erasing(stage: Stage, gate: Event, trouble: Trouble | None = None) -> None:
    """Begin to erase, and close the sheet before that has come to its end."""

    def erasing(cancel: Cancel) -> ErasedView:
        assert gate.wait(10)
        if trouble is not None:
            raise trouble
        stage.bench.change(Answers())
        return ErasedView()

    stage.bench.home.erase = erasing  # type: ignore[method-assign] # it takes its time
    erase(stage)
    stage.press("start-again-sheet-close")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert stage.frame.findChild(QWidget, "start-again-sheet") is None


def test_what_could_not_be_erased_is_told_though_the_sheet_was_closed(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    met(stage)
    gate = Event()
    close_while_erasing(stage, gate, Trouble(Code.DISK_FULL))
    gate.set()
    stage.until(lambda: stage.shown("notice-disk-full"))
    assert stage.bench.schedule.asked == ["stop", "start"]
    assert stage.bench.answers.first_sync_done


def test_what_could_not_be_erased_is_told_wherever_the_person_is_then(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    met(stage)
    gate = Event()
    close_while_erasing(stage, gate, Trouble(Code.DISK_FULL))
    stage.frame.open_home()
    stage.settle()
    gate.set()
    stage.until(lambda: stage.shown("notice-disk-full"))
    assert stage.frame.at_home


def test_what_was_erased_after_the_sheet_was_closed_leads_to_the_first_page(open_at: Open) -> None:
    stage = open_at(StepId.SIGN_IN, OTHER)
    met(stage)
    gate = Event()
    close_while_erasing(stage, gate)
    stage.frame.open_home()
    gate.set()
    stage.until(lambda: stage.frame.walk.step is StepId.WELCOME and not stage.frame.at_home)


# ------------------------------------------------------------ a resume file instead


def test_a_file_for_another_unit_erases_what_stands_only_by_its_typed_name(open_at: Open) -> None:
    stage = open_at(StepId.DONE)
    stage.bench.schedule.asked.clear()
    resuming = Resuming(stage.frame, stage.jobs, stage.frame)
    known = stage.bench.answers
    resuming.go_on_with("ou-7")
    stage.until(lambda: stage.shown("start-again-sheet"))
    assert "The file is for another organizational unit" in stage.words("start-again-words-0")
    assert "nothing is synced from here anymore" in stage.words("start-again-words-1")
    assert not stage.find("start-again-confirm").isEnabled()
    stage.press("start-again-leave")
    assert (stage.bench.answers, stage.bench.hand_over.taken) == (known, [])
    resuming.go_on_with("ou-7")
    stage.until(lambda: stage.shown("start-again-sheet"))
    type_name(stage, "Halden Freight")
    stage.press("start-again-confirm")
    stage.until(lambda: stage.bench.answers.wanted_ou == "ou-7")
    assert "erase" in stage.bench.called
    assert stage.bench.schedule.asked == ["stop"]
    assert (stage.bench.answers.role, stage.bench.answers.ou_id) == (Role.IT, "")
    stage.until(lambda: stage.frame.walk.step is not StepId.DONE)
    assert not stage.shown("start-again-sheet")


def test_what_a_server_syncs_is_not_said_to_end_by_a_file(open_at: Open) -> None:
    stage = open_at(StepId.DONE)
    stage.bench.schedule.asked.clear()
    stage.bench.change(replace(stage.bench.answers, place=Place.SERVER))
    Resuming(stage.frame, stage.jobs, stage.frame).go_on_with("ou-7")
    stage.until(lambda: stage.shown("start-again-sheet"))
    assert "A server keeps the people of Halden Freight in step" in " ".join(stage.all_words())


def test_a_file_is_not_taken_where_what_stands_could_not_be_erased(open_at: Open) -> None:
    stage = open_at(StepId.DONE)
    stage.bench.schedule.asked.clear()
    Resuming(stage.frame, stage.jobs, stage.frame).go_on_with("ou-7")
    stage.until(lambda: stage.shown("start-again-sheet"))
    stage.bench.fail("erase", Code.DISK_FULL)
    type_name(stage, "Halden Freight")
    stage.press("start-again-confirm")
    stage.until(lambda: stage.shown("start-again-wrong"))
    assert stage.bench.hand_over.taken == []
    assert stage.bench.schedule.asked == ["stop", "start"]
