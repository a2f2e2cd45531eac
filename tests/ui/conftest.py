"""What holds for every test of the window: a platform to draw on, and no timer left running."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

if not (os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM")):
    # Without a display Qt would abort the whole process.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Loads Qt now, so that its messages are watched from the first test on.
from tests.qt_guards import running_timers
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.sample import REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.flow.answers import StepId
from wizard.ui.home.ids import HomeId


@pytest.fixture(autouse=True)
def no_timer_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a timer running in the application or in a window."""
    before = set(running_timers())
    yield
    left = [timer for timer in running_timers() if timer not in before]
    assert not left, "left-over timers:\n" + "\n".join(left)


@pytest.fixture
def activity(qtbot: QtBot) -> Iterator[Callable[[Callable[[FakeWorkbench], None]], Stage]]:
    """Opens Activity in a window of its own, once this has prepared what it shows."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_activity(prepare: Callable[[FakeWorkbench], None]) -> Stage:
        bench = FakeWorkbench(REAL)
        at_step(bench, StepId.DONE)
        prepare(bench)
        stage = Stage(bench, StepId.DONE)
        opened.append(stage)
        stage.frame.open_home(HomeId.ACTIVITY.value)
        stage.settle()
        return stage

    yield open_activity
    for stage in opened:
        stage.close()
