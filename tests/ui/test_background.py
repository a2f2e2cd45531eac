"""The window and the background sync: tray, the question at closing, a word when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.sample import NOW, REAL
from tests.ui.stage import Stage, dressed
from wizard.core.runs import RunOutcome, RunPhase, RunProgress, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Place, StepId
from wizard.services.contract import SchedulerState, SchedulerView, SessionStartState
from wizard.ui.background_words import background_words, tomorrow_morning, until_words
from wizard.ui.program import Program
from wizard.ui.tray import Tray
from wizard.ui.widgets.session_start import SessionStartChoice

_PATIENCE_MS = 10_000
WAITING = SchedulerView(state=SchedulerState.WAITING, next_run_at=NOW + timedelta(minutes=30))


class TestTray(Tray):
    """A tray that a test can take away, and that keeps what it was told."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__(now=lambda: NOW)
        self.available = True
        self.told: list[str] = []

    @property
    def there(self) -> bool:
        return self.available and self._icon is not None

    def tell(self, title: str, words: str) -> bool:
        self.told.append(title)
        return True

    def action(self, name: str) -> QAction:
        found = self.menu.findChild(QAction, name)
        assert isinstance(found, QAction)
        return found


class Opened:
    """A program whose set-up is done, with its schedule running."""

    def __init__(self, qtbot: QtBot, *, tray: bool = True, hidden: bool = False) -> None:
        self.qtbot = qtbot
        dressed()
        self.bench = FakeWorkbench(REAL)
        self.bench.answers = replace(
            self.bench.answers,
            organization_account_id="oa-1",
            provisioning_on=True,
            first_sync_done=True,
        )
        self.trays: list[TestTray] = []
        self.program = Program(self.bench, make_tray=self._tray)
        self._has_tray = tray
        self.ended: list[bool] = []
        self.program.ended.connect(lambda: self.ended.append(True))
        if hidden:
            self.program.stay_hidden()
        else:
            self.program.show()
        self.until(lambda: "start" in self.bench.schedule.asked)
        self.show(WAITING)
        self.until(lambda: bool(self.trays))

    def _tray(self) -> TestTray:
        tray = TestTray()
        tray.available = self._has_tray
        self.trays.append(tray)
        return tray

    @property
    def tray(self) -> TestTray:
        return self.trays[0]

    def show(self, view: SchedulerView) -> None:
        self.bench.schedule.show(view)
        self.qtbot.wait(120)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=_PATIENCE_MS)

    def press(self, name: str) -> None:
        button = self.program.frame.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton)
        assert button.isVisibleTo(self.program.frame)
        button.click()
        self.qtbot.wait(20)

    def sheet(self, name: str) -> bool:
        found = self.program.frame.findChild(QWidget, name)
        return isinstance(found, QWidget) and found.isVisibleTo(self.program.frame)

    def close(self) -> None:
        if not self.ended:
            self.program.close_soon()
        self.until(lambda: bool(self.ended))
        self.program.frame.deleteLater()
        self.program.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.qtbot.wait(10)


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opened]:
    program = Opened(qtbot)
    yield program
    program.close()


def test_closing_the_window_asks_once_and_the_sync_may_go_on(opened: Opened) -> None:
    opened.program.frame.close()
    assert opened.sheet("keep-syncing-sheet")
    assert opened.program.frame.isVisible()
    opened.press("keep-syncing")
    assert not opened.program.frame.isVisible()
    assert opened.bench.background.keep_running is True
    assert not opened.ended
    opened.tray.opened.emit()
    assert opened.program.frame.isVisible()
    opened.program.frame.close()
    assert not opened.program.frame.isVisible()
    assert not opened.bench.closed


def test_quitting_at_the_question_ends_everything_and_is_remembered(opened: Opened) -> None:
    opened.program.frame.close()
    opened.press("quit-syncing")
    opened.until(lambda: bool(opened.ended))
    assert opened.bench.background.keep_running is False
    assert opened.bench.closed


def test_whoever_chose_to_quit_is_not_asked_again(opened: Opened) -> None:
    opened.bench.background.keep_running = False
    opened.program.frame.close()
    opened.until(lambda: bool(opened.ended))


def test_the_question_can_be_put_aside_and_the_window_stays(opened: Opened) -> None:
    opened.program.frame.close()
    opened.press("keep-syncing-sheet-close")
    assert opened.program.frame.isVisible()
    assert opened.bench.background.keep_running is None
    assert not opened.ended


def test_without_a_tray_closing_says_that_the_sync_stops(qtbot: QtBot) -> None:
    opened = Opened(qtbot, tray=False)
    opened.program.frame.close()
    assert opened.sheet("sync-stops-sheet")
    opened.press("minimize-window")
    assert opened.program.frame.isMinimized()
    assert not opened.ended
    opened.program.bring_to_front()
    opened.until(lambda: not opened.program.frame.isMinimized())
    opened.program.frame.close()
    opened.press("quit-syncing")
    opened.until(lambda: bool(opened.ended))
    opened.close()


@pytest.mark.parametrize("state", [SchedulerState.OFF, SchedulerState.STOPPED])
def test_where_nothing_syncs_closing_asks_nothing(opened: Opened, state: SchedulerState) -> None:
    opened.show(SchedulerView(state=state))
    opened.program.frame.close()
    opened.until(lambda: bool(opened.ended))


def test_being_told_to_end_by_the_system_asks_nothing(opened: Opened) -> None:
    opened.program.close_soon()
    opened.until(lambda: bool(opened.ended))


def test_a_page_that_waits_for_something_goes_on_waiting_while_the_question_stands(
    opened: Opened,
) -> None:
    job = opened.program.frame.page.work(
        lambda job: job.cancel.wait(60), lambda _none: None, lambda _trouble: None
    )
    opened.program.frame.close()
    assert opened.sheet("keep-syncing-sheet")
    assert job.running


def test_the_tray_quits_without_a_question(opened: Opened) -> None:
    opened.tray.action("tray-quit").trigger()
    opened.until(lambda: bool(opened.ended))


def test_the_tray_syncs_pauses_and_goes_on(opened: Opened) -> None:
    schedule = opened.bench.schedule
    opened.tray.action("tray-pause-hour").trigger()
    opened.until(lambda: schedule.view().paused_until == NOW + timedelta(hours=1))
    opened.until(lambda: opened.tray.action("tray-resume").isVisible())
    opened.tray.action("tray-resume").trigger()
    opened.until(lambda: "resume" in schedule.asked)
    opened.until(lambda: not opened.tray.action("tray-resume").isVisible())
    opened.tray.action("tray-sync").trigger()
    opened.until(lambda: "run:person" in schedule.asked)
    opened.until(lambda: not opened.tray.action("tray-sync").isEnabled())


def test_where_another_computer_syncs_the_tray_offers_no_pause_and_says_so(
    opened: Opened,
) -> None:
    opened.show(replace(WAITING, state=SchedulerState.STOPPED, elsewhere=True, next_run_at=None))
    shown = [action.text() for action in opened.tray.menu.actions() if action.isVisible()]
    assert "Pause" not in shown
    assert "Another computer keeps people in step" in shown
    assert not opened.tray.action("tray-resume").isVisible()


def test_after_a_sync_was_taken_back_the_tray_says_why_it_stands_still(opened: Opened) -> None:
    opened.show(
        replace(WAITING, state=SchedulerState.PAUSED, stands_for="undo-1", next_run_at=None)
    )
    assert opened.tray.action("tray-state").text() == "Stands still: a sync was taken back"
    assert opened.tray.action("tray-resume").text() == "Go on"
    assert opened.tray.action("tray-resume").isVisible()


def test_started_in_the_background_the_window_stays_away_until_it_is_opened(qtbot: QtBot) -> None:
    opened = Opened(qtbot, hidden=True)
    assert not opened.program.frame.isVisible()
    opened.tray.opened.emit()
    assert opened.program.frame.isVisible()
    opened.close()


def failed(code: Code) -> SchedulerView:
    report = RunReport(
        run_id="r",
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.FAILED,
        started_at=NOW,
        finished_at=NOW,
        trouble=code,
    )
    return SchedulerView(state=SchedulerState.NEEDS_PERSON, last=report, trouble=code)


def test_a_person_is_called_once_for_each_cause(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened.program.frame, "isActiveWindow", lambda: False)
    for _ in range(3):
        opened.show(failed(Code.SIGN_IN_EXPIRED))
        opened.show(SchedulerView(state=SchedulerState.RUNNING))
    assert len(opened.tray.told) == 1
    opened.show(failed(Code.OTHER_CUSTOMER))
    assert len(opened.tray.told) == 2
    opened.show(WAITING)
    opened.show(failed(Code.SIGN_IN_EXPIRED))
    assert len(opened.tray.told) == 3


def test_whoever_looks_at_the_window_is_not_called(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened.program.frame, "isActiveWindow", lambda: True)
    opened.show(failed(Code.SIGN_IN_EXPIRED))
    assert opened.tray.told == []


def test_a_disk_that_refuses_a_choice_is_told_and_the_person_goes_on(opened: Opened) -> None:
    opened.bench.background.could_not_save()
    opened.until(lambda: opened.sheet("notice-disk-full"))
    opened.press("notice-ok-disk-full")
    assert not opened.sheet("notice-disk-full")


def test_the_words_of_every_state_say_how_it_is() -> None:
    words = {state: background_words(SchedulerView(state=state), NOW) for state in SchedulerState}
    assert words[SchedulerState.OFFLINE] == "Waiting for the network"
    assert words[SchedulerState.PAUSED] == "Paused until you go on"
    progress = RunProgress(phase=RunPhase.WRITE, done=99, total=240)
    running = SchedulerView(state=SchedulerState.RUNNING, progress=progress)
    assert background_words(running, NOW) == "A sync is running: 40 %"
    overdue = replace(WAITING, overdue=True)
    assert background_words(overdue, NOW) == "It has been too long since a good sync"
    assert background_words(failed(Code.SIGN_IN_EXPIRED), NOW) != words[SchedulerState.WAITING]
    assert background_words(WAITING, NOW).startswith("Kept in step, next sync at ")


def test_the_end_of_a_pause_is_said_as_people_say_it() -> None:
    morning = tomorrow_morning(NOW)
    assert morning.hour == 8
    assert until_words(morning, NOW) == "until tomorrow at 08:00"
    assert until_words(NOW + timedelta(minutes=5), NOW).startswith("until ")
    assert until_words(NOW + timedelta(days=9), NOW).count("-") == 2


def test_a_set_up_whose_sync_runs_on_a_server_starts_none_here(qtbot: QtBot) -> None:
    dressed()
    bench = FakeWorkbench(REAL)
    bench.answers = replace(
        bench.answers,
        organization_account_id="oa-1",
        provisioning_on=True,
        first_sync_done=True,
        place=Place.SERVER,
    )
    program = Program(bench)
    assert not program.keeps_in_step
    program.show()
    with qtbot.waitSignal(program.ended, timeout=_PATIENCE_MS):
        program.frame.close()
    assert "start" not in bench.schedule.asked
    program.frame.deleteLater()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("first_sync_done", [True, False])
def test_a_set_up_whose_provisioning_is_off_waits_for_somebody_to_switch_it_on(
    qtbot: QtBot, first_sync_done: bool
) -> None:
    dressed()
    bench = FakeWorkbench(REAL)
    bench.answers = replace(
        bench.answers,
        organization_account_id="oa-1",
        provisioning_on=False,
        first_sync_done=first_sync_done,
    )
    program = Program(bench)
    assert program.keeps_in_step is first_sync_done
    program.show()
    if first_sync_done:
        qtbot.waitUntil(lambda: "start" in bench.schedule.asked, timeout=_PATIENCE_MS)
    with qtbot.waitSignal(program.ended, timeout=_PATIENCE_MS):
        program.frame.close()
    assert ("start" in bench.schedule.asked) is first_sync_done
    program.frame.deleteLater()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# ------------------------------------------------------------ starting with the session


@pytest.fixture
def stage() -> Iterator[Stage]:
    dressed()
    made = Stage(FakeWorkbench(REAL), StepId.WELCOME)
    yield made
    made.close()


def placed(stage: Stage) -> SessionStartChoice:
    choice = SessionStartChoice(stage.frame.desk)
    choice.setParent(stage.frame)
    choice.show()
    stage.settle()
    return choice


def test_starting_with_the_session_is_switched_on_and_off(stage: Stage) -> None:
    placed(stage)
    background = stage.bench.background
    stage.press("session-start-toggle")
    stage.until(lambda: background.state is SessionStartState.ON)
    assert "in the background" in stage.words("session-start-words")
    stage.press("session-start-toggle")
    stage.until(lambda: background.state is SessionStartState.OFF)


def test_a_start_that_the_system_switched_off_is_said(stage: Stage) -> None:
    stage.bench.background.state = SessionStartState.BLOCKED
    placed(stage)
    stage.until(lambda: "own settings" in stage.words("session-start-words"))


def test_where_the_system_offers_no_start_nothing_is_offered(stage: Stage) -> None:
    stage.bench.background.state = SessionStartState.ABSENT
    choice = placed(stage)
    stage.until(lambda: not choice.isVisible())


def test_a_start_that_cannot_be_written_is_told_and_stays_as_it_was(stage: Stage) -> None:
    choice = placed(stage)
    stage.bench.background.fails = Trouble(Code.FOLDER_NOT_WRITABLE, folder="~/.config/autostart")
    stage.press("session-start-toggle")
    stage.until(lambda: stage.shown("session-start-wrong"))
    assert "autostart" in stage.words("session-start-wrong")
    assert choice.state is SessionStartState.OFF
    toggle = stage.find("session-start-toggle")
    assert isinstance(toggle, QAbstractButton)
    assert not toggle.isChecked()
