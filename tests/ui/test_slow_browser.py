"""A browser that takes its time to start, or that can't be, never holds up the window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step
from tests.ui.sample import PRACTICE, REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.ui.home.ids import HomeId

PATIENCE = 10.0


class SlowBench(FakeWorkbench):
    """Its browser starts when the test says so."""

    def __init__(self, *, practice: bool = False) -> None:
        super().__init__(PRACTICE if practice else REAL)
        self.starting, self.go_on = threading.Event(), threading.Event()
        self.refused: Trouble | None = None

    def open_browser(self, url: str) -> bool:
        assert threading.current_thread() is not threading.main_thread()
        self.starting.set()
        assert self.go_on.wait(PATIENCE)
        if self.refused is not None:
            raise self.refused
        return super().open_browser(url)


Open = Callable[..., tuple[SlowBench, Stage]]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    del qtbot  # its application is what counts
    dressed()
    stages: list[tuple[SlowBench, Stage]] = []

    def open_stage(
        step: StepId, *, practice: bool = False, hold: str = ""
    ) -> tuple[SlowBench, Stage]:
        bench = SlowBench(practice=practice)
        at_step(bench, step)
        if step is StepId.DONE:
            in_step(bench)
        if hold:
            bench.hold(hold)
        stages.append((bench, Stage(bench, step)))
        return stages[-1]

    yield open_stage
    for bench, stage in stages:
        bench.go_on.set()
        stage.close()


def answers_meanwhile(bench: SlowBench, stage: Stage, press: Callable[[], None]) -> None:
    """The window goes on while the browser starts, and the page is opened in the end."""
    press()
    assert bench.starting.wait(PATIENCE)
    assert bench.opened == []
    stage.settle()
    bench.go_on.set()
    stage.until(lambda: len(bench.opened) == 1)


@pytest.mark.parametrize(
    ("step", "call"), [(StepId.SIGN_IN, "sign_in"), (StepId.GOOGLE_AUTHORIZE, "authorize")]
)
def test_opening_the_page_again_leaves_the_window_alone(
    opened: Open, step: StepId, call: str
) -> None:
    bench, stage = opened(step, hold=call)
    stage.press("primary")
    stage.until(lambda: stage.shown("browser-waiting"))
    answers_meanwhile(bench, stage, lambda: stage.press("browser-again"))
    assert stage.shown("browser-waiting")


def test_so_it_does_where_somebody_authorizes_again(opened: Open) -> None:
    bench, stage = opened(StepId.DONE, hold="authorize")
    stage.frame.open_home(HomeId.ORGANIZATION_ACCOUNT.value)
    stage.until(lambda: stage.shown("account-authorize"))
    stage.press("account-authorize")
    stage.until(lambda: stage.shown("browser-again"))
    answers_meanwhile(bench, stage, lambda: stage.press("browser-again"))


def test_so_it_does_where_the_rehearsal_shows_what_to_try(opened: Open) -> None:
    bench, stage = opened(StepId.DONE, practice=True)
    stage.until(lambda: stage.shown("try-go"))
    answers_meanwhile(bench, stage, lambda: stage.press("try-go"))


def test_a_page_of_the_help_that_cannot_be_opened_is_told(opened: Open) -> None:
    bench, stage = opened(StepId.SIGN_IN)
    bench.refused = Trouble(Code.UNSAFE_ADDRESS, host="elsewhere.example")
    stage.press("help-support")
    assert bench.starting.wait(PATIENCE)
    bench.go_on.set()
    stage.until(lambda: stage.frame.notices.findChild(QWidget, "notice-unsafe-address") is not None)
