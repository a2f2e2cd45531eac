"""Another computer keeps people in step: who, since when, and taking over after a question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import take_over_scenes as elsewhere
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.runs import PlanCounts, RunOutcome
from wizard.core.trouble import Code
from wizard.flow.answers import StepId

_HOLDER = "SERVER01 does it for tomasz.wilk@halden-freight.example."


@pytest.fixture
def stages(qtbot: QtBot) -> Iterator[list[Stage]]:
    """Stages that a test opens; all of them end with it."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []
    yield opened
    for stage in opened:
        stage.close()


@pytest.fixture
def first(stages: list[Stage]) -> Stage:
    """The first sync stopped, because another computer does it."""
    bench = FakeWorkbench()
    at_step(bench, StepId.FIRST_SYNC)
    stages.append(Stage(bench, StepId.FIRST_SYNC))
    elsewhere.stopped(stages[-1])
    return stages[-1]


@pytest.fixture
def done(stages: list[Stage]) -> Stage:
    """The set-up is done, and another computer took over since."""
    bench = FakeWorkbench()
    at_step(bench, StepId.DONE)
    elsewhere.in_background(bench)
    stages.append(Stage(bench, StepId.DONE))
    return stages[-1]


def test_a_first_sync_that_another_computer_does_says_who_and_asks_before_taking_over(
    first: Stage,
) -> None:
    assert any(words.startswith(_HOLDER) for words in first.all_words())
    first.press("take-over")
    assert first.words("take-over-holder").startswith(_HOLDER)
    assert "2026-11-03" in first.words("take-over-holder")
    assert "take_over" not in first.bench.called
    first.press("take-over-confirm")
    first.until(lambda: first.bench.schedule.asked.count("run:first") == 2)
    assert first.bench.syncs_here
    assert not first.shown("take-over-sheet")
    assert not first.shown("take-over")


def test_leaving_it_there_changes_nothing(first: Stage) -> None:
    first.press("take-over")
    first.press("take-over-leave")
    assert not first.shown("take-over-sheet")
    assert "take_over" not in first.bench.called
    assert first.bench.schedule.asked.count("run:first") == 1


def test_what_keeps_it_from_being_taken_over_is_said_and_it_can_be_tried_again(
    first: Stage,
) -> None:
    first.bench.fail("take_over", Code.OFFLINE)
    first.press("take-over")
    first.press("take-over-confirm")
    first.until(lambda: first.shown("take-over-wrong"))
    assert not first.bench.syncs_here
    first.press("take-over-confirm")
    first.until(lambda: first.bench.syncs_here)


def test_a_question_that_is_closed_half_way_starts_no_sync(first: Stage) -> None:
    first.bench.hold("take_over")
    first.press("take-over")
    first.press("take-over-confirm")
    first.until(lambda: "take_over" in first.bench.called)
    first.press("take-over-leave")
    first.settle()
    assert not first.bench.syncs_here
    assert first.bench.schedule.asked.count("run:first") == 1


def test_only_where_another_computer_does_it_can_it_be_taken_over(first: Stage) -> None:
    first.bench.schedule.run_now()
    first.bench.schedule.cancel_run()
    first.bench.schedule.finish(
        PlanCounts(), outcome=RunOutcome.FAILED, trouble=Code.SERVICE_UNAVAILABLE
    )
    first.press("primary")
    first.settle()
    assert not first.shown("take-over")


def test_the_last_page_says_who_does_it_now_and_can_take_it_back(done: Stage) -> None:
    done.until(lambda: done.words("sync-state") == "Another computer keeps this in step")
    assert any(words.startswith(_HOLDER) for words in done.all_words())
    assert not done.shown("run-now")
    done.press("take-over")
    done.press("take-over-confirm")
    done.until(lambda: done.words("sync-state") == "A sync is running")
    assert done.bench.syncs_here
    assert "run:person" in done.bench.schedule.asked
    assert not done.shown("take-over")
