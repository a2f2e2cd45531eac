"""The whole set-up by keyboard alone, and the help panel by its keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.sample import counts_of
from tests.ui.stage import Stage, dressed
from wizard.core.runs import RunPhase
from wizard.flow.answers import Role, StepId
from wizard.ui.theme import ThemeChoice

_MOST_TABS = 80


class Keys:
    """A person without a mouse: only keys reach the window."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def _target(self) -> QWidget:
        frame = self.stage.frame
        if frame.focusWidget() is None:
            return frame
        return frame.focusWidget()

    def press(self, key: Qt.Key, words: str = "") -> None:
        """One key to whatever has the keyboard."""
        if words:
            QTest.keyClicks(self._target(), words)
        else:
            QTest.keyClick(self._target(), key)
        self.stage.settle()

    def reach(self, name: str) -> QWidget:
        """Tab until the part with this name has the keyboard."""
        for _ in range(_MOST_TABS):
            found = self._target()
            if found.objectName() == name:
                return found
            QTest.keyClick(found, Qt.Key.Key_Tab)
            QApplication.processEvents()
        raise AssertionError(f"{name} is out of the keyboard's reach")

    def go_on(self, to: StepId) -> None:
        """Wait until the page lets one go on, then do so."""
        stage = self.stage
        stage.until(lambda: stage.frame.page.offer.valid and not stage.frame.page.offer.busy)
        self.reach("primary")
        self.press(Qt.Key.Key_Space)
        stage.until(lambda: stage.frame.walk.step is to)


@pytest.fixture
def keys(qtbot: QtBot) -> Iterator[Keys]:
    del qtbot  # its application is what counts
    dressed(ThemeChoice.LIGHT)
    stage = Stage(FakeWorkbench(), StepId.WELCOME)
    yield Keys(stage)
    stage.close()


def test_the_whole_set_up_is_done_without_a_mouse(keys: Keys) -> None:
    stage, bench = keys.stage, keys.stage.bench
    keys.reach("role-owner")
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Space)
    assert bench.answers.role is Role.BOTH
    keys.go_on(StepId.SIGN_IN)
    keys.reach("primary")
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: stage.frame.walk.step is StepId.ORGANIZATIONAL_UNIT)
    stage.until(lambda: stage.frame.page.offer.valid)
    keys.go_on(StepId.WORKSPACE)
    bench.installing.installed = True
    keys.go_on(StepId.GOOGLE_APP)
    stage.until(lambda: bench.answers.app_installed)
    keys.go_on(StepId.GOOGLE_AUTHORIZE)
    keys.reach("primary")
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: bench.answers.organization_account_active)
    keys.go_on(StepId.SCOPE)
    keys.go_on(StepId.PREVIEW)
    keys.go_on(StepId.PROVISIONING)
    stage.until(lambda: stage.find("provisioning-toggle").isEnabled())
    keys.reach("provisioning-toggle")
    keys.press(Qt.Key.Key_Space)
    keys.go_on(StepId.WHERE_IT_RUNS)
    keys.reach("place-here")
    keys.press(Qt.Key.Key_Space)
    keys.go_on(StepId.FIRST_SYNC)
    assert bench.stored.enabled
    stage.until(lambda: "run:first" in bench.schedule.asked)
    bench.schedule.progress(RunPhase.WRITE, 200, 439)
    stage.until(lambda: stage.words("sync-percent") == "45 %")
    now = datetime.now(UTC)
    bench.schedule.finish(counts_of(bench.rows), started_at=now, finished_at=now)
    keys.go_on(StepId.DONE)


def test_the_owners_part_is_done_without_a_mouse(keys: Keys) -> None:
    stage, bench = keys.stage, keys.stage.bench
    bench.units = ()
    keys.reach("role-owner")
    keys.press(Qt.Key.Key_Space)
    keys.go_on(StepId.SIGN_IN)
    keys.reach("primary")
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: stage.frame.walk.step is StepId.ORGANIZATIONAL_UNIT)
    stage.until(lambda: stage.shown("unit-name"))
    keys.reach("unit-name")
    keys.press(Qt.Key.Key_unknown, "Halden Freight")
    keys.press(Qt.Key.Key_Return)
    stage.until(lambda: bench.answers.ou_name == "Halden Freight")
    keys.go_on(StepId.INVITE_IT)
    keys.reach("invite-addresses")
    keys.press(Qt.Key.Key_unknown, "it@halden-freight.example")
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: bench.answers.invited == 1)
    keys.reach("invited-it@halden-freight.example-revoke")
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: bench.answers.invited == 0)
    keys.reach("invited-it@halden-freight.example-resend")
    keys.press(Qt.Key.Key_Return)
    stage.until(lambda: bench.answers.invited == 1)
    keys.go_on(StepId.HAND_OVER)


def test_f1_opens_the_help_with_the_keyboard_in_its_search_and_escape_gives_it_back(
    keys: Keys,
) -> None:
    stage = keys.stage
    stage.frame.resize(900, 500)
    keys.reach("role-owner")
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: stage.frame.page.offer.valid)
    assert not stage.frame.panes.help_is_open
    keys.press(Qt.Key.Key_F1)
    stage.until(lambda: stage.frame.panes.help_is_open)
    field = stage.frame.focusWidget()
    assert isinstance(field, QLineEdit)
    keys.press(Qt.Key.Key_unknown, "admin")
    assert field.text() == "admin"
    keys.press(Qt.Key.Key_Escape)
    keys.press(Qt.Key.Key_Escape)
    stage.until(lambda: not stage.frame.panes.help_is_open)
    last = stage.frame.focusWidget()
    assert last.objectName() == "primary"


def test_escape_closes_a_sheet_and_the_keyboard_is_where_it_was(keys: Keys) -> None:
    stage = keys.stage
    keys.reach("network-settings")
    keys.press(Qt.Key.Key_Space)
    stage.until(lambda: stage.frame.panes.sheet is not None)
    keys.press(Qt.Key.Key_Escape)
    stage.until(lambda: stage.frame.panes.sheet is None)
    last = stage.frame.focusWidget()
    assert last.objectName() == "network-settings"
