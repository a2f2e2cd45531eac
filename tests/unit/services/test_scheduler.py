from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.services.scheduler_world import START, World
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services.attention import Attention
from wizard.services.contract import Pause, SchedulerState, SchedulerView
from wizard.services.scheduler import Scheduler


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.scheduler.stop()


def waiting(view: SchedulerView) -> bool:
    return view.state is SchedulerState.WAITING


def ran(view: SchedulerView) -> bool:
    """A run has ended and the next one is known."""
    return view.next_run_at is not None and view.last is not None


def test_nothing_runs_before_a_person_started_the_first_sync(world: World) -> None:
    world.scheduler.start()
    view = world.until(waiting)
    assert view.next_run_at == START + timedelta(minutes=30)
    assert world.sync.triggers == []


def test_a_run_that_is_overdue_at_the_start_begins_at_once(world: World) -> None:
    world.sync.began = START - timedelta(hours=2)
    world.scheduler.start()
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_recent_run_is_waited_for_as_long_as_it_should_be(world: World) -> None:
    world.sync.began = START - timedelta(minutes=10)
    world.scheduler.start()
    assert world.until(waiting).next_run_at == START + timedelta(minutes=20)


def test_a_run_comes_every_interval(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    for count in (1, 2, 3):
        world.clock.pass_time(minutes=30)
        assert world.until(ran).next_run_at == world.clock.now() + timedelta(minutes=30)
        assert len(world.sync.triggers) == count


@pytest.mark.parametrize(("chance", "minutes"), [(0.0, 27), (0.5, 30), (1.0, 33)])
def test_runs_come_up_to_a_tenth_early_or_late(world: World, chance: float, minutes: int) -> None:
    world.chance = chance
    world.scheduler.run_now(Trigger.FIRST)
    view = world.until(ran)
    assert view.next_run_at == START + timedelta(minutes=minutes)


def test_a_changed_interval_counts_from_the_next_run_on(world: World) -> None:
    world.sync.interval = 60
    world.scheduler.run_now()
    assert world.until(ran).next_run_at == START + timedelta(minutes=60)


def test_run_now_tells_who_asked(world: World) -> None:
    world.scheduler.run_now(Trigger.FIRST)
    view = world.until(ran)
    assert world.sync.triggers == [Trigger.FIRST]
    assert view.last is not None
    assert view.last.trigger is Trigger.FIRST


def test_a_run_asked_for_during_a_run_follows_it(world: World) -> None:
    world.sync.hold = True
    world.scheduler.run_now()
    world.until(lambda view: view.progress is not None)
    world.scheduler.run_now(Trigger.COMMAND)
    world.sync.release.set()
    world.until(lambda view: view.last is not None and view.last.trigger is Trigger.COMMAND)
    assert world.sync.triggers == [Trigger.PERSON, Trigger.COMMAND]


def test_a_sleeping_computer_catches_up_soon_after_waking(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.clock.sleep_through(hours=9)
    view = world.until(lambda view: view.next_run_at == world.clock.now() + timedelta(seconds=10))
    assert view.state is SchedulerState.WAITING
    world.clock.pass_time(seconds=10)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_short_nap_only_brings_the_run_nearer(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.clock.sleep_through(minutes=20)
    world.clock.settle()
    world.clock.pass_time(minutes=9)
    world.clock.settle()
    assert world.sync.triggers == []
    world.clock.pass_time(minutes=1)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_clock_that_was_put_back_delays_nothing(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.clock.set_back(days=3)
    world.clock.pass_time(minutes=30)
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_last_run_in_the_future_counts_as_one_of_just_now(world: World) -> None:
    world.sync.began = START + timedelta(days=400)
    world.scheduler.start()
    assert world.until(waiting).next_run_at == START + timedelta(minutes=30)


def test_offline_is_tried_again_ever_more_slowly_and_forgotten_once_it_works(
    world: World,
) -> None:
    world.sync.ends = lambda: world.sync.report(RunOutcome.FAILED, Code.OFFLINE)
    world.scheduler.run_now()
    waits = []
    for _ in range(8):
        view = world.until(
            lambda view: view.state is SchedulerState.OFFLINE and view.next_run_at is not None
        )
        assert view.trouble is Code.OFFLINE
        assert view.next_run_at is not None
        wait = view.next_run_at - world.clock.now()
        waits.append(wait.total_seconds())
        world.clock.pass_time(seconds=wait.total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1800, 1800]
    world.sync.ends = world.sync.good
    world.clock.pass_time(minutes=30)
    world.until(waiting)
    world.sync.ends = lambda: world.sync.report(RunOutcome.FAILED, Code.TIMED_OUT)
    world.scheduler.run_now()
    view = world.until(
        lambda view: view.state is SchedulerState.OFFLINE and view.next_run_at is not None
    )
    assert view.next_run_at == world.clock.now() + timedelta(seconds=30)


def test_the_service_says_when_to_come_back(world: World) -> None:
    trouble = Trouble(Code.SERVICE_UNAVAILABLE, retry_after=400.0)
    world.sync.ends = world.sync.raising(trouble)
    world.scheduler.run_now()
    view = world.until(
        lambda view: view.state is SchedulerState.OFFLINE and view.next_run_at is not None
    )
    assert view.next_run_at == START + timedelta(seconds=400)


@pytest.mark.parametrize(
    "code", [Code.SIGN_IN_EXPIRED, Code.OTHER_CUSTOMER, Code.READ_SHRUNK, Code.NOT_THE_SYNCER]
)
def test_what_needs_a_person_is_told_with_its_code_and_still_tried_again(
    world: World, code: Code
) -> None:
    world.sync.ends = world.sync.raising(Trouble(code))
    world.scheduler.run_now()
    view = world.until(
        lambda view: view.state is SchedulerState.NEEDS_PERSON and view.next_run_at is not None
    )
    assert view.trouble is code
    world.sync.ends = world.sync.good
    world.clock.pass_time(minutes=30)
    assert world.until(waiting).trouble is None


def test_once_it_was_left_to_another_computer_nothing_runs_and_nobody_is_called(
    world: World,
) -> None:
    world.scheduler.run_now()
    world.until(waiting)
    world.clock.settle()
    world.sync.left = True
    world.clock.pass_time(hours=9)
    view = world.until(lambda view: view.state is SchedulerState.STOPPED)
    assert (view.trouble, view.overdue, view.next_run_at) == (None, False, None)
    assert world.sync.triggers == [Trigger.PERSON]
    assert Attention(world.clock, service="Nordby Connect").look(view) is None


def test_what_was_left_to_another_computer_still_runs_when_a_person_says_so(world: World) -> None:
    world.sync.left = True
    world.sync.ends = lambda: world.sync.report(RunOutcome.NOT_THE_SYNCER, Code.NOT_THE_SYNCER)
    world.scheduler.run_now()
    view = world.until(lambda view: view.state is SchedulerState.STOPPED and view.last is not None)
    assert view.trouble is None
    world.sync.left = False
    world.sync.ends = world.sync.good
    world.scheduler.run_now()
    world.until(waiting)
    assert world.sync.triggers == [Trigger.PERSON, Trigger.PERSON]


def test_what_another_computer_does_is_never_too_late_here(world: World) -> None:
    world.scheduler.run_now()
    world.until(waiting)
    world.sync.ends = world.sync.raising(Trouble(Code.NOT_THE_SYNCER, host="SERVER01"))
    for _ in range(20):
        world.clock.settle()
        world.clock.pass_time(minutes=35)
        assert not world.until(
            lambda view: view.state is SchedulerState.NEEDS_PERSON and view.next_run_at is not None
        ).overdue


def test_a_mistake_of_our_own_does_not_end_the_thread(
    world: World, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.scheduler", "mistake of the program's own")

    def broken() -> None:
        raise ZeroDivisionError

    world.sync.ends = broken  # type: ignore[assignment] # it never gets to return anything
    world.scheduler.run_now()
    view = world.until(lambda view: view.state is SchedulerState.NEEDS_PERSON)
    assert view.trouble is Code.INTERNAL
    world.sync.ends = world.sync.good
    world.scheduler.run_now()
    assert world.until(waiting).last is not None


def test_provisioning_that_is_off_is_shown_as_off(world: World) -> None:
    world.sync.ends = lambda: world.sync.report(RunOutcome.OFF)
    world.scheduler.run_now()
    world.until(lambda view: view.state is SchedulerState.OFF)


def test_a_start_while_provisioning_is_off_notices_when_somebody_switches_it_on(
    world: World,
) -> None:
    world.sync.switched_off = True
    world.sync.last = world.sync.report(RunOutcome.DONE)
    world.sync.began = START
    world.sync.ends = lambda: world.sync.report(RunOutcome.OFF, Code.PROVISIONING_OFF)
    world.scheduler.start()
    world.until(lambda view: view.state is SchedulerState.OFF)
    world.clock.pass_time(minutes=30)
    world.until(lambda view: view.last is not None and view.last.outcome is RunOutcome.OFF)
    world.clock.settle()
    world.sync.ends = world.sync.good
    world.clock.pass_time(minutes=35)
    world.until(waiting)
    assert world.sync.triggers == [Trigger.SCHEDULE, Trigger.SCHEDULE]


def test_pause_holds_a_run_in_progress_and_resume_lets_it_go_on(world: World) -> None:
    world.sync.hold = True
    world.scheduler.run_now()
    world.until(lambda view: view.progress is not None)
    world.scheduler.pause()
    paused = world.until(lambda view: view.state is SchedulerState.PAUSED)
    assert paused.progress is not None
    world.scheduler.resume()
    world.until(
        lambda view: view.state is SchedulerState.RUNNING and view.progress != paused.progress
    )
    world.sync.release.set()
    world.until(waiting)


def test_while_paused_nothing_runs_and_afterwards_it_does(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.scheduler.pause()
    world.until(lambda view: view.state is SchedulerState.PAUSED)
    world.clock.pass_time(hours=5)
    world.clock.settle()
    assert world.sync.triggers == []
    world.scheduler.resume()
    world.until(ran)
    assert world.sync.triggers == [Trigger.SCHEDULE]


def test_a_cancelled_run_ends_and_the_schedule_goes_on(world: World) -> None:
    world.sync.hold = True
    world.scheduler.run_now(Trigger.FIRST)
    world.until(lambda view: view.progress is not None)
    world.scheduler.cancel_run()
    view = world.until(waiting)
    assert view.last is not None
    assert view.last.outcome is RunOutcome.CANCELLED
    assert view.next_run_at == START + timedelta(minutes=30)


class Between(Scheduler):
    """A scheduler on which something is asked just as a run was decided on, before it begins."""

    ask: Callable[[], None]

    def _run(
        self, trigger: Trigger, refusal: Trouble | None = None
    ) -> tuple[RunReport, float | None]:
        self.ask()
        return super()._run(trigger, refusal)


@pytest.fixture
def between(world: World) -> Iterator[Between]:
    scheduler = Between(world.sync, world.clock, wait=world.clock.wait, chance=lambda: 0.5)
    scheduler.listen(world.views.put)
    yield scheduler
    scheduler.stop()


def test_a_cancel_just_before_a_run_begins_is_not_lost(world: World, between: Between) -> None:
    between.ask = between.cancel_run
    between.run_now(Trigger.FIRST)
    view = world.until(lambda view: view.last is not None)
    assert view.last is not None
    assert view.last.outcome is RunOutcome.CANCELLED
    assert world.sync.triggers == []


def test_a_pause_just_before_a_run_begins_holds_it_back(world: World, between: Between) -> None:
    between.ask = between.pause
    between.run_now(Trigger.FIRST)
    world.until(lambda view: view.state is SchedulerState.PAUSED)
    with pytest.raises(queue.Empty):
        world.views.get(timeout=0.3)
    assert world.sync.triggers == []
    between.resume()
    world.until(ran)
    assert world.sync.triggers == [Trigger.FIRST]


def test_a_cancelled_run_that_stood_paused_ends_too(world: World) -> None:
    world.sync.hold = True
    world.scheduler.run_now(Trigger.FIRST)
    world.until(lambda view: view.progress is not None)
    world.scheduler.pause()
    world.scheduler.cancel_run()
    view = world.until(lambda view: view.last is not None)
    assert view.last is not None
    assert view.last.outcome is RunOutcome.CANCELLED


def test_stop_ends_a_run_in_progress_and_the_thread(world: World) -> None:
    world.sync.hold = True
    world.scheduler.run_now()
    world.until(lambda view: view.progress is not None)
    world.scheduler.stop()
    assert world.scheduler.view().state is SchedulerState.STOPPED


def test_a_stopped_schedule_can_be_started_again(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.scheduler.stop()
    world.scheduler.run_now()
    world.until(ran)
    assert world.sync.triggers == [Trigger.PERSON]


def test_too_long_without_a_good_run_is_told(world: World) -> None:
    world.sync.ends = lambda: world.sync.report(RunOutcome.FAILED, Code.SIGN_IN_EXPIRED)
    world.scheduler.run_now()
    view = world.until(
        lambda view: view.state is SchedulerState.NEEDS_PERSON and view.next_run_at is not None
    )
    assert not view.overdue
    world.clock.pass_time(hours=7)
    assert world.until(lambda view: view.overdue).trouble is Code.SIGN_IN_EXPIRED
    world.sync.ends = world.sync.good
    world.scheduler.run_now()
    view = world.until(waiting)
    assert not view.overdue
    assert view.last_good_at == world.clock.now()


def test_a_listener_that_ended_hears_nothing_more(world: World) -> None:
    heard: list[SchedulerView] = []
    end = world.scheduler.listen(heard.append)
    end()
    end()
    world.scheduler.run_now()
    world.until(ran)
    assert heard == []


def test_notes_that_cannot_be_read_are_told_and_tried_again(world: World) -> None:
    world.sync.unreadable = Trouble(Code.DISK_FULL)
    world.scheduler.start()
    view = world.until(lambda view: view.state is SchedulerState.NEEDS_PERSON)
    assert view.trouble is Code.DISK_FULL
    world.sync.unreadable = None
    world.clock.pass_time(minutes=30)
    assert world.until(ran).state is SchedulerState.WAITING
    assert world.sync.triggers == [Trigger.SCHEDULE]


def paused(view: SchedulerView) -> bool:
    return view.state is SchedulerState.PAUSED


def test_a_pause_outlives_the_program_and_says_until_when(world: World) -> None:
    until = START + timedelta(hours=3)
    world.choice.kept = Pause(until=until)
    world.sync.began = START - timedelta(hours=2)
    world.scheduler.start()
    assert world.until(paused).paused_until == until
    world.clock.pass_time(hours=1)
    world.clock.settle()
    assert world.sync.triggers == []
    world.clock.pass_time(hours=2)
    view = world.until(ran)
    assert view.paused_until is None
    assert world.sync.triggers == [Trigger.SCHEDULE]
    assert world.choice.kept is None


def test_a_pause_without_an_end_holds_until_it_is_taken_back(world: World) -> None:
    world.choice.kept = Pause()
    world.scheduler.start()
    assert world.until(paused).paused_until is None
    world.clock.pass_time(days=9)
    world.clock.settle()
    assert world.sync.triggers == []
    world.scheduler.resume()
    world.until(ran)
    assert world.choice.kept is None


def test_a_pause_is_kept_and_another_one_changes_its_end(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.scheduler.pause()
    assert world.until(paused).paused_until is None
    assert world.choice.kept == Pause()
    until = START + timedelta(minutes=15)
    world.scheduler.pause(until)
    world.until(lambda view: view.paused_until == until)
    assert world.choice.kept == Pause(until=until)


def test_run_now_ends_a_pause_of_an_earlier_start(world: World) -> None:
    world.choice.kept = Pause()
    world.scheduler.run_now()
    world.until(ran)
    assert world.sync.triggers == [Trigger.PERSON]
    assert world.choice.kept is None


def test_a_pause_that_cannot_be_read_is_none(world: World) -> None:
    world.choice.unreadable = Trouble(Code.FOLDER_NOT_WRITABLE)
    world.scheduler.start()
    world.until(waiting)


def test_that_the_computer_slept_is_told_until_a_run_made_up_for_it(world: World) -> None:
    world.scheduler.start()
    world.until(waiting)
    world.clock.sleep_through(hours=9)
    slept = world.until(lambda view: view.slept_at is not None)
    assert slept.slept_at == world.clock.now()
    world.clock.pass_time(seconds=10)
    assert world.until(ran).slept_at is None


def test_a_restart_does_not_hide_that_it_has_been_too_long(world: World) -> None:
    world.sync.ends = lambda: world.sync.report(RunOutcome.FAILED, Code.SIGN_IN_EXPIRED)
    world.sync.last = world.sync.report(RunOutcome.FAILED, Code.SIGN_IN_EXPIRED)
    world.sync.began = START - timedelta(minutes=5)
    world.sync.good_at = START - timedelta(days=2)
    world.scheduler.start()
    view = world.until(lambda view: view.overdue)
    assert view.last_good_at == START - timedelta(days=2)
