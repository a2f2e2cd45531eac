"""A clock that was ahead and was put right: nothing that it wrote down may last until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.conftest import ExpectedLogs
from tests.unit.sync.world import World
from wizard.core.cancel import Cancel
from wizard.core.runs import PlanCounts, RunOutcome, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.sync.history import FoundRun, RunsWanted, found_runs
from wizard.sync.runs import last_report
from wizard.sync.unbegun import keep_unbegun
from wizard.sync.undo import last_taking_back, undo

AHEAD = timedelta(days=400)


def ahead(world: World) -> None:
    world.clock.moment += AHEAD


def put_right(world: World) -> None:
    world.clock.moment -= AHEAD


def synced(world: World, people: int = 40) -> None:
    world.directory.hire_many(people)
    world.first_sync()


def test_a_grace_that_began_in_the_future_ends_in_time(world: World) -> None:
    world.settings = replace(world.settings, grace_days=2)
    synced(world)
    ahead(world)
    world.directory.let_go("u00001")
    world.run()
    put_right(world)
    world.run()
    world.clock.forward(days=2, minutes=1)
    assert world.run().done == PlanCounts(deactivate=1)
    assert "u00001" not in world.service.active_ids()


def test_who_left_in_the_future_counts_for_a_day_and_no_longer(world: World) -> None:
    synced(world)
    ahead(world)
    world.directory.let_go("u00001", "u00002", "u00003")
    assert world.run().done.deactivate == 3
    put_right(world)
    world.directory.let_go("u00004", "u00005", "u00006")
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD
    world.clock.forward(hours=24, minutes=1)
    assert world.run().done.deactivate == 3


def test_what_was_edited_at_the_service_is_noticed_though_the_last_list_is_of_the_future(
    world: World,
) -> None:
    synced(world)
    ahead(world)
    world.clock.forward(days=8)
    world.run()
    put_right(world)
    account = world.service.of("u00001")
    assert account is not None
    world.service.store[account.id] = replace(account, active=False)
    world.clock.forward(minutes=30)
    assert world.run().done == PlanCounts(reactivate=1)


def test_a_copy_of_the_settings_from_the_future_serves_nobody(world: World) -> None:
    synced(world)
    world.settings_live = False
    world.settings_read_at = world.clock.now() + AHEAD
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.SETTINGS_UNREADABLE)
    world.settings_read_at = world.clock.now() + timedelta(minutes=2)
    assert world.run().outcome is RunOutcome.DONE, "a clock is put right by minutes every day"


def test_the_newest_run_is_the_one_that_ran_last(world: World) -> None:
    synced(world)
    ahead(world)
    world.run()
    put_right(world)
    report = world.run()
    newest = last_report(world.database)
    assert newest is not None
    assert newest.run_id == report.run_id


def fail(world: World, code: Code) -> None:
    """A try that could not begin, told two seconds after it was due."""
    started = world.clock.now()
    world.clock.forward(seconds=2)
    trouble = Trouble(code, retry_after=None)
    schedule = Trigger.SCHEDULE
    keep_unbegun(world.database, world.clock, trigger=schedule, started=started, trouble=trouble)
    world.clock.forward(minutes=30)


def found(world: World) -> list[FoundRun]:
    return list(found_runs(world.database, RunsWanted(), offset=0, limit=50)[0])


def test_what_could_not_begin_in_the_future_stands_before_what_came_after(world: World) -> None:
    synced(world)
    ahead(world)
    fail(world, Code.OFFLINE)
    put_right(world)
    for _ in range(6):
        fail(world, Code.SIGN_IN_NEEDED)
    rows = [(row.report.trouble, row.tries) for row in found(world)]
    assert rows == [(Code.SIGN_IN_NEEDED, 6), (Code.OFFLINE, 1), (None, 0)]
    assert all(row.report.finished_at <= world.clock.now() for row in found(world))


def test_what_could_not_begin_is_one_line_though_a_run_of_the_future_was_before(
    world: World,
) -> None:
    ahead(world)
    synced(world)
    put_right(world)
    for _ in range(3):
        fail(world, Code.OFFLINE)
    assert [row.tries for row in found(world)] == [3, 0]


def test_a_run_that_begins_is_newer_than_what_could_not_in_the_future(
    world: World, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.sync.stored", "can't be understood")
    synced(world)
    ahead(world)
    fail(world, Code.OFFLINE)
    with world.database.transaction() as writing:
        writing.execute("UPDATE unbegun_run SET report = 'cut of' WHERE tries = 1")
    fail(world, Code.SIGN_IN_NEEDED)
    put_right(world)
    report = world.run()
    newest = found(world)[0].report
    assert newest.run_id == report.run_id
    assert all(row.report.finished_at <= world.clock.now() for row in found(world))


def test_a_run_taken_back_stays_the_newest_however_often_the_clock_is_set_back(
    world: World,
) -> None:
    synced(world)
    world.directory.change("u00001", family="Mistake")
    report = world.run()
    world.clock.moment -= timedelta(hours=1)
    back = undo(world.parts(), world.settings, report.run_id, Cancel(), world.events.append)
    assert last_taking_back(world.database) == back.run_id
    world.clock.moment -= timedelta(hours=1)
    world.preview()
    assert last_taking_back(world.database) == back.run_id


def test_a_clock_that_leaped_ahead_makes_no_room_for_more_leavers_in_the_same_day(
    world: World,
) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    world.suspend("u00001", "u00002", "u00003")
    assert world.run().done.deactivate == 3
    world.clock.forward(days=400)
    world.run()
    world.clock.moment -= timedelta(days=400)
    world.suspend("u00011", "u00012", "u00013")
    report = world.run()
    assert report.outcome is RunOutcome.STOPPED_BY_GUARD
    assert len(world.service.active_ids()) == 37
