"""Starting and ending the program: no display, an unknown profile, one window, a clean end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import ExpectedLogs
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import dressed
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.logs import log_path, logging_to
from wizard.ui.gate import Gate
from wizard.ui.program import Program
from wizard.ui.run import mistakes_told

ROOT = Path(__file__).resolve().parents[2]


def _start(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    command = [sys.executable, "-m", "wizard", "--home", str(home), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_without_a_display_the_program_says_so_in_a_sentence(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        return
    done = _start(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no screen to open a window on.")
    assert "Traceback" not in done.stderr


def test_a_given_profile_shows_its_computers_and_asks(qtbot: QtBot) -> None:
    dressed()
    trouble = Trouble(
        Code.PROFILE_NOT_TRUSTED, retry_after=None, hosts="accounts.example.test, api.example.test"
    )
    gate = Gate(trouble)
    qtbot.addWidget(gate)
    gate.show()
    shown = [label.text() for label in gate.findChildren(QLabel)]
    assert "accounts.example.test" in shown
    assert "api.example.test" in shown
    agree = gate.findChild(QAbstractButton, "profile-agree")
    assert isinstance(agree, QAbstractButton)
    with qtbot.waitSignal(gate.agreed):
        agree.click()


def test_a_profile_that_is_closed_away_is_not_used(qtbot: QtBot) -> None:
    dressed()
    gate = Gate(Trouble(Code.PROFILE_NOT_TRUSTED, retry_after=None, hosts="api.example.test"))
    qtbot.addWidget(gate)
    gate.show()
    with qtbot.waitSignal(gate.refused):
        gate.close()


def test_what_keeps_the_program_from_starting_is_shown_in_words(qtbot: QtBot) -> None:
    dressed()
    gate = Gate(Trouble(Code.PROFILE_NOT_FOUND, retry_after=None, file="nordby"))
    qtbot.addWidget(gate)
    gate.show()
    assert gate.findChild(QAbstractButton, "profile-agree") is None
    assert gate.windowTitle() == "This profile isn’t here"


def test_closing_the_window_stops_the_workbench_first(qtbot: QtBot) -> None:
    dressed()
    bench = FakeWorkbench()
    program = Program(bench)
    program.show()
    with qtbot.waitSignal(program.ended):
        program.frame.close()
    assert bench.closed
    assert not program.frame.isVisible()
    program.frame.deleteLater()
    program.deleteLater()
    qtbot.wait(10)


def test_another_copy_brings_the_first_window_forward(qtbot: QtBot) -> None:
    dressed()
    program = Program(FakeWorkbench())
    program.show()
    program.frame.showMinimized()
    program.bring_to_front()
    qtbot.waitUntil(lambda: not program.frame.isMinimized())
    with qtbot.waitSignal(program.ended):
        program.close_soon()
    program.frame.deleteLater()
    program.deleteLater()
    qtbot.wait(10)


def test_a_start_with_a_resume_file_goes_on_with_it_once_the_window_is_there(
    qtbot: QtBot,
) -> None:
    dressed()
    bench = FakeWorkbench()
    program = Program(bench)
    program.show("ou-7")
    qtbot.waitUntil(lambda: program.frame.walk.step is StepId.SIGN_IN)
    assert bench.answers.wanted_ou == "ou-7"
    # Another copy that is started with another file hands it over and ends.
    program.bring_to_front("ou-8")
    qtbot.waitUntil(lambda: bench.answers.wanted_ou == "ou-8")
    with qtbot.waitSignal(program.ended):
        program.close_soon()
    program.frame.deleteLater()
    program.deleteLater()
    qtbot.wait(10)


class _Faulty(QObject):
    """Something of the window whose slot raises, as nobody foresaw."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pressed.connect(self._did)

    def _did(self) -> None:
        raise LookupError("access_token=planted-secret of olga.brandt@nordby.example")


def test_a_slot_that_raises_is_told_and_logged_and_the_window_goes_on(
    qtbot: QtBot, tmp_path: Path, expect_log: ExpectedLogs
) -> None:
    dressed()
    expect_log("wizard.ui.run", "a mistake of the program's own")
    program = Program(FakeWorkbench())
    faulty = _Faulty()
    before = sys.excepthook
    with logging_to(tmp_path), mistakes_told(program.tell_mistake):
        program.show()
        for _ in range(3):
            faulty.pressed.emit()
        notices = program.frame.notices
        qtbot.waitUntil(lambda: notices.findChild(QWidget, "notice-internal") is not None)
        assert len(notices.findChildren(QWidget, "notice-internal")) == 1
        dismiss = notices.findChild(QAbstractButton, "notice-ok-internal")
        assert isinstance(dismiss, QAbstractButton)
        dismiss.click()
        faulty.pressed.emit()
        qtbot.waitUntil(lambda: notices.findChild(QWidget, "notice-internal") is not None)
        assert program.frame.isVisible()
    assert sys.excepthook is before
    logged = log_path(tmp_path).read_text(encoding="utf-8")
    assert logged.count("\nLookupError: ") == 4
    assert "in _did" in logged
    assert "planted-secret" not in logged
    assert "olga.brandt" not in logged
    with qtbot.waitSignal(program.ended):
        program.frame.close()
    program.frame.deleteLater()
    program.deleteLater()
    qtbot.wait(10)


def test_ctrl_c_outside_a_slot_still_ends_the_program(
    capsys: pytest.CaptureFixture[str], expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.ui.run", "a mistake of the program's own")
    told: list[Trouble] = []
    passed: list[type[BaseException]] = []
    before, sys.excepthook = sys.excepthook, lambda kind, _problem, _tb: passed.append(kind)
    try:
        with mistakes_told(told.append):
            sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
            sys.excepthook(Trouble, Trouble(Code.DISK_FULL, folder="there"), None)
    finally:
        sys.excepthook = before
    assert passed == [KeyboardInterrupt]
    assert [trouble.code for trouble in told] == [Code.DISK_FULL]
    assert not capsys.readouterr().err
