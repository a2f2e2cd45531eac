"""“Set up for real” says what the real set-up needs, as it is on this computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from tests.ui import sample
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import dressed
from wizard.core.runs import PlanCounts
from wizard.flow.answers import StepId
from wizard.flow.graph import Walk, resume
from wizard.services.contract import ProfileView
from wizard.ui.leave_sheet import LeaveSheet
from wizard.ui.program import Program

_PATIENCE_MS = 10_000


class Rehearsed:
    """The window at the end of a rehearsal."""

    def __init__(self, qtbot: QtBot, installed: tuple[ProfileView, ...]) -> None:
        dressed()
        self._qtbot = qtbot
        self.bench = FakeWorkbench(sample.PRACTICE)
        self.bench.installed = installed
        self.bench.schedule.finish(PlanCounts(create=412))
        at_step(self.bench, StepId.DONE)
        self.bench.go(resume(Walk(step=StepId.DONE, answers=self.bench.answers)))
        self.program = Program(self.bench)
        self.program.show()
        # A later start opens at Home; the last step of the set-up is a press away.
        self.program.frame.open_steps(StepId.DONE.value)
        self._until(lambda: self.program.frame.page.offer.words == "Set up for real")

    def _until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=_PATIENCE_MS)

    def press(self, name: str) -> None:
        button = self.program.frame.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton)
        button.click()

    def set_up_for_real(self) -> str:
        """Press it; what the sheet says."""
        self.press("primary")
        self._until(lambda: isinstance(self.program.frame.panes.sheet, LeaveSheet))
        sheet = self.program.frame.panes.sheet
        assert sheet is not None
        return " ".join(label.text() for label in sheet.findChildren(QLabel))

    def end(self, name: str = "") -> None:
        """Close the window, by this button if one is named, and wait for it."""
        with self._qtbot.waitSignal(self.program.ended, timeout=_PATIENCE_MS):
            if name:
                self.press(name)
            else:
                self.program.frame.close()
                # A sync that would go on is asked about first.
                self.press("quit-syncing")
        self.program.frame.deleteLater()
        self.program.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_without_a_real_profile_it_says_what_is_needed_and_offers_to_close(qtbot: QtBot) -> None:
    one = Rehearsed(qtbot, ())
    words = one.set_up_for_real()
    assert "The real set-up needs a profile of your own" in words
    assert "none on this computer" in words
    one.end("leave-confirm")
    assert one.bench.practice_forgotten
    assert one.bench.closed


def test_with_the_real_profile_installed_it_says_that_the_next_start_opens_it(
    qtbot: QtBot,
) -> None:
    one = Rehearsed(qtbot, (sample.REAL,))
    words = one.set_up_for_real()
    assert "Enterprise Connect is installed on this computer" in words
    assert "it opens with Enterprise Connect" in words
    one.end("leave-confirm")


def test_with_several_installed_it_names_them_as_they_are_given(qtbot: QtBot) -> None:
    other = replace(sample.REAL, id="fjord", name="Fjord Directory")
    one = Rehearsed(qtbot, (sample.REAL, other))
    assert "Enterprise Connect (nordby), Fjord Directory (fjord)" in one.set_up_for_real()
    one.end("leave-confirm")


@pytest.mark.parametrize("name", ["leave-stay", ""])
def test_who_stays_or_just_closes_comes_back_to_practice(qtbot: QtBot, name: str) -> None:
    one = Rehearsed(qtbot, ())
    one.set_up_for_real()
    if name:
        one.press(name)
    one.end()
    assert not one.bench.practice_forgotten
