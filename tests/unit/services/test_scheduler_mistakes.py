"""A mistake of our own, or of whoever listens, never ends the background sync silently."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.services.scheduler_world import World
from wizard.core.runs import Trigger
from wizard.core.trouble import Code
from wizard.services.contract import SchedulerState, SchedulerView

MISTAKE = "mistake of the program's own"


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.scheduler.stop()


def needs_person(view: SchedulerView) -> bool:
    return view.state is SchedulerState.NEEDS_PERSON


def works_again(world: World) -> None:
    world.scheduler.run_now()
    world.until(lambda view: view.state is SchedulerState.WAITING and view.last is not None)
    assert world.sync.triggers == [Trigger.PERSON]


def test_notes_that_no_version_of_ours_can_read_are_told_and_the_sync_goes_on(
    world: World, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.scheduler", MISTAKE)
    world.sync.unreadable = ValueError("a word of another version")
    world.scheduler.start()
    view = world.until(needs_person)
    assert view.trouble is Code.INTERNAL
    assert view.next_run_at is not None
    world.sync.unreadable = None
    works_again(world)


def test_a_mistake_between_two_runs_is_told_and_the_sync_goes_on(
    world: World, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.scheduler", MISTAKE)
    world.sync.broken = True
    world.scheduler.start()
    assert world.until(needs_person).trouble is Code.INTERNAL
    world.sync.broken = False
    works_again(world)


def test_a_pause_that_meets_a_mistake_is_none(world: World, expect_log: ExpectedLogs) -> None:
    expect_log("wizard.services.scheduler", MISTAKE)
    world.choice.unreadable = ValueError("a word of another version")
    world.scheduler.start()
    world.until(lambda view: view.state is SchedulerState.WAITING)


def test_a_listener_that_fails_ends_neither_the_sync_nor_the_hearing_of_others(
    expect_log: ExpectedLogs,
) -> None:
    expect_log("wizard.services.scheduler", MISTAKE)
    world = World()

    def gone(view: SchedulerView) -> None:
        raise RuntimeError("the window is gone")

    end = world.scheduler.listen(gone)
    heard: list[SchedulerView] = []
    world.scheduler.listen(heard.append)
    try:
        works_again(world)
        assert heard
    finally:
        end()
        world.scheduler.stop()


def test_a_sync_whose_thread_was_lost_begins_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lost.append)

    def lose() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(world.choice, "pause", lose)
    world.scheduler.start()
    thread = world.scheduler._thread
    assert thread is not None
    thread.join()
    assert lost
    monkeypatch.undo()
    works_again(world)
