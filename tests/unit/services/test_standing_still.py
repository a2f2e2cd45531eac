"""After a run was taken back no schedule of this computer does it again, until a person syncs."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.unit.services.scheduler_world import PATIENCE, World
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import Pause, SchedulerState, SchedulerView
from wizard.services.scheduler import Scheduler


class UndoWorld(World):
    """A schedule that asks this test whether a run was taken back; None: it can't be told."""

    def __init__(self) -> None:
        super().__init__()
        self.taken_back: str | None = ""
        self.there: str | None = None
        self.there_fails: Trouble | None = None
        self.asked = 0
        self.scheduler = self.made()

    def made(self) -> Scheduler:
        """The schedule of one start of the program."""
        made = Scheduler(
            self.sync,
            self.clock,
            kept=self.choice,
            wait=self.clock.wait,
            chance=lambda: self.chance,
            taken_back=lambda: self.taken_back,
            ask_taken_back=self.ask,
        )
        made.listen(self.views.put)
        return made

    def ask(self, cancel: Cancel) -> str | None:
        """What the account service tells, where it tells anything else; known from then on."""
        cancel.check()
        self.asked += 1
        if self.there_fails is not None:
            raise self.there_fails
        if self.there is not None:
            self.taken_back = self.there
        return self.taken_back

    def start_again(self) -> None:
        """End the program, and start it again."""
        self.scheduler.stop()
        while not self.views.empty():
            self.views.get()
        self.scheduler = self.made()
        self.scheduler.start()


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
    assert world.sync.triggers == [Trigger.PERSON, Trigger.PERSON]


def test_what_runs_after_somebody_went_on_is_a_persons_until_it_is_known(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.scheduler.resume()
    world.clock.pass_time(hours=5)
    world.until(ran)
    world.taken_back = ""
    world.clock.pass_time(hours=5)
    world.until(lambda view: ran(view) and len(world.sync.triggers) == 2)
    assert world.sync.triggers == [Trigger.PERSON, Trigger.SCHEDULE]


def test_a_database_in_use_neither_stops_it_nor_lets_it_go_on(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.taken_back = None
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.sync.triggers == []


def test_a_persons_own_pause_is_not_lifted_by_a_sync_elsewhere(world: UndoWorld) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.scheduler.pause()
    world.until(paused)
    world.taken_back = "undo-1"
    world.clock.pass_time(minutes=5)
    world.until(lambda view: view.stands_for == "undo-1")
    world.taken_back = ""
    world.clock.pass_time(hours=5)
    view = world.until(lambda view: not view.stands_for)
    assert (view.state, view.paused_until) == (SchedulerState.PAUSED, None)
    world.clock.settle()
    assert world.sync.triggers == []
    assert world.choice.kept == Pause()


def test_an_hours_pause_ends_in_its_own_time_once_somebody_has_synced(world: UndoWorld) -> None:
    world.scheduler.start()
    world.until(waiting)
    until = world.clock.now() + timedelta(hours=1)
    world.scheduler.pause(until)
    world.until(paused)
    world.taken_back = "undo-1"
    world.clock.pass_time(minutes=5)
    assert world.until(lambda view: bool(view.stands_for)).paused_until is None
    world.taken_back = ""
    world.clock.pass_time(minutes=5)
    view = world.until(lambda view: not view.stands_for)
    assert (view.state, view.paused_until) == (SchedulerState.PAUSED, until)
    world.clock.pass_time(hours=1)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_standing_still_ends_with_its_reason_also_after_a_restart(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    assert world.choice.kept is None
    world.scheduler.stop()
    world.taken_back = ""
    world.start_again()
    world.until(waiting)
    world.clock.pass_time(hours=5)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_that_somebody_went_on_is_remembered_over_a_restart(world: UndoWorld) -> None:
    world.taken_back = "undo-1"
    world.scheduler.start()
    world.until(paused)
    world.scheduler.resume()
    world.until(waiting)
    world.start_again()
    assert not paused(world.until(lambda _view: True))
    world.clock.pass_time(hours=5)
    world.until(ran)
    assert world.sync.triggers == [Trigger.PERSON]


def test_another_run_taken_back_stops_it_again_after_somebody_went_on(world: UndoWorld) -> None:
    world.choice.went_on_from = "undo-1"
    world.taken_back = "undo-2"
    world.scheduler.start()
    world.until(paused)
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.sync.triggers == []


def test_what_was_taken_back_on_another_computer_is_not_done_again_here(world: UndoWorld) -> None:
    world.there = "undo-there"
    world.scheduler.start()
    world.until(waiting)
    world.clock.pass_time(hours=1)
    assert world.until(paused).stands_for == "undo-there"
    world.clock.pass_time(hours=9)
    world.clock.settle()
    assert world.sync.triggers == []
    assert world.scheduler.view().last is None


def test_it_asks_again_at_its_pace_and_goes_on_once_somebody_synced_there(
    world: UndoWorld,
) -> None:
    world.there = "undo-there"
    world.scheduler.start()
    world.until(waiting)
    world.clock.pass_time(hours=1)
    world.until(paused)
    world.clock.settle()
    asked = world.asked
    world.there = ""
    world.clock.pass_time(minutes=5)
    world.clock.settle()
    assert world.asked == asked
    world.clock.pass_time(minutes=30)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_service_that_cannot_be_asked_is_told_like_a_run_that_could_not_begin(
    world: UndoWorld,
) -> None:
    world.there_fails = Trouble(Code.OFFLINE)
    world.scheduler.start()
    world.until(waiting)
    world.clock.pass_time(hours=1)
    view = world.until(lambda view: view.state is SchedulerState.OFFLINE)
    assert (view.trouble, world.sync.triggers) == (Code.OFFLINE, [])
    world.there_fails = None
    world.clock.pass_time(hours=1)
    world.until(lambda view: view.last is not None and view.last.outcome is RunOutcome.DONE)


def test_a_command_that_a_service_manager_starts_waits_until_somebody_goes_on(
    world: UndoWorld,
) -> None:
    world.there = "undo-there"
    world.scheduler.run_now(Trigger.COMMAND)
    world.until(paused)
    assert world.sync.triggers == []
    world.scheduler.resume()
    world.until(ran)
    assert world.sync.triggers == [Trigger.COMMAND]


def test_a_person_is_never_held_back(world: UndoWorld) -> None:
    world.there = "undo-there"
    world.scheduler.run_now(Trigger.PERSON)
    world.until(ran)
    assert (world.sync.triggers, world.asked) == ([Trigger.PERSON], 0)


def test_a_pause_where_nothing_goes_on_is_kept_and_not_shown(world: UndoWorld) -> None:
    until = world.clock.now() + timedelta(hours=1)
    world.scheduler.pause(until)
    assert world.scheduler.view().state is SchedulerState.STOPPED
    assert world.choice.kept == Pause(until=until)
    world.scheduler.resume()
    assert world.choice.kept is None


def test_what_another_computer_does_is_not_shown_as_paused(world: UndoWorld) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.scheduler.pause(world.clock.now() + timedelta(hours=1))
    world.until(paused)
    world.sync.left = True
    world.clock.pass_time(minutes=1)
    view = world.until(lambda view: view.state is SchedulerState.STOPPED)
    assert (view.paused_until, view.elsewhere) == (None, True)


def test_a_disk_that_is_slow_to_say_where_the_task_is_keeps_no_window_waiting(
    world: UndoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def elsewhere() -> bool:
        asked.set()
        return not answer.wait(PATIENCE)

    monkeypatch.setattr(world.sync, "elsewhere", elsewhere)
    world.scheduler.start()
    assert asked.wait(PATIENCE)
    shown: queue.Queue[SchedulerView] = queue.Queue()
    window = threading.Thread(target=lambda: shown.put(world.scheduler.view()))
    window.start()
    try:
        assert shown.get(timeout=PATIENCE / 2).state is SchedulerState.STOPPED
    finally:
        answer.set()
        window.join()
    world.until(waiting)
