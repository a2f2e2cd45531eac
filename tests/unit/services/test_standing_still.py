"""After a run was taken back no schedule of this computer does it again, until a person syncs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.unit.services.scheduler_world import World
from wizard.core.runs import Trigger
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.scheduler import Scheduler


class UndoWorld(World):
    """A schedule that asks this test whether a run was taken back; None: it can't be told."""

    def __init__(self) -> None:
        super().__init__()
        self.taken_back: str | None = ""
        self.scheduler = Scheduler(
            self.sync,
            self.clock,
            kept=self.choice,
            wait=self.clock.wait,
            chance=lambda: self.chance,
            taken_back=lambda: self.taken_back,
        )
        self.scheduler.listen(self.views.put)


@pytest.fixture
def world() -> Iterator[UndoWorld]:
    world = UndoWorld()
    yield world
    world.scheduler.stop()


def waiting(view: SchedulerView) -> bool:
    return view.state is SchedulerState.WAITING


def paused(view: SchedulerView) -> bool:
    return view.state is SchedulerState.PAUSED


def ran(view: SchedulerView) -> bool:
    return view.next_run_at is not None and view.last is not None


def test_a_run_taken_back_in_another_process_stops_this_schedule(world: UndoWorld) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.taken_back = "undo-1"
    world.clock.pass_time(hours=5)
    world.until(paused)
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.sync.triggers == []


def test_it_stands_still_after_a_start_as_well(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.sync.triggers == []


def test_it_stands_still_also_where_a_pause_of_an_hour_was_under_way(world: UndoWorld) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.scheduler.pause(world.clock.now() + timedelta(hours=1))
    world.until(paused)
    world.taken_back = "undo-1"
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.scheduler.view().state is SchedulerState.PAUSED
    assert world.sync.triggers == []


def test_a_sync_in_another_process_lets_it_go_on(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.taken_back = ""
    world.clock.pass_time(hours=5)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_person_goes_on_and_is_not_stopped_for_the_same_one_again(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.scheduler.resume()
    world.clock.pass_time(hours=5)
    world.until(ran)
    world.scheduler.run_now()
    world.until(lambda view: ran(view) and len(world.sync.triggers) == 2)
    assert world.sync.triggers == [Trigger.SCHEDULE, Trigger.PERSON]


def test_a_database_in_use_neither_stops_it_nor_lets_it_go_on(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.taken_back = None
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.sync.triggers == []
