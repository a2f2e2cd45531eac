from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.sync.world import DOMAIN, World
from wizard.core.cancel import Cancel
from wizard.core.runs import (
    HeldKind,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.trouble import Code, Trouble
from wizard.sync.cycle import run
from wizard.sync.runs import last_good_report, last_report, reports, stored_report


def test_the_first_sync_gives_everyone_an_account_and_the_second_writes_nothing(
    world: World,
) -> None:
    world.directory.hire_many(120)
    report = world.first_sync()
    assert report.outcome is RunOutcome.DONE
    assert report.planned == report.done == PlanCounts(create=120)
    assert world.service.active_ids() == set(world.directory.people)

    world.service.calls.clear()
    again = world.run()
    assert again.outcome is RunOutcome.DONE
    assert again.planned == PlanCounts(unchanged=120)
    assert world.service.calls == []


def test_off_is_off(world: World) -> None:
    world.directory.hire_many(3)
    world.settings = replace(world.settings, enabled=False)
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.OFF, Code.PROVISIONING_OFF)
    assert (world.directory.asked, world.service.calls) == (0, [])
    assert world.preview().counts.create == 3, "a preview may look before it is switched on"


def test_a_copy_of_the_settings_serves_for_a_day_and_deactivates_nobody(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    world.suspend("u00001")
    world.directory.hire("new")
    world.settings_live = False
    world.settings_read_at = world.clock.now() - timedelta(hours=23)
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.PARTLY, Code.SETTINGS_UNREADABLE)
    assert report.done == PlanCounts(create=1)
    assert report.held == ((HeldKind.LEAVE, 1),)
    world.settings_read_at = world.clock.now() - timedelta(hours=24, minutes=1)
    world.directory.hire("newer")
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.SETTINGS_UNREADABLE)
    assert world.service.of("newer") is None
    world.settings_live = True
    assert world.run().done == PlanCounts(create=1, deactivate=1)


def test_a_report_adds_up_and_is_stored(world: World) -> None:
    world.directory.hire_many(100)
    world.first_sync()
    world.service.refuse[f"new@{DOMAIN}"] = Code.REQUEST_REFUSED
    world.directory.hire("new")
    world.directory.hire("other")
    world.suspend(*(f"u{number:05}" for number in range(10)))
    report = world.run()
    held = sum(people for _, people in report.held)
    assert report.planned.writes == report.done.writes + report.failed + held == 12
    assert report.people_read == 102
    assert report.requests > 0
    assert stored_report(world.database, report.run_id) == report == last_report(world.database)


def test_a_first_run_in_which_every_write_failed_is_no_success_and_the_next_does_it_all(
    world: World,
) -> None:
    world.directory.hire_many(480)
    world.preview()
    for person in world.directory.people.values():
        world.service.refuse[person.address] = Code.WRITE_FAILED
    report = world.run(Trigger.FIRST)
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.WRITE_FAILED)
    assert dict(report.trouble_facts) == {"problem": "most", "failed": "480", "tried": "480"}
    assert not report.came_through
    assert world.run().outcome is RunOutcome.FAILED
    world.service.refuse.clear()
    report = world.run()
    assert (report.outcome, report.done) == (RunOutcome.DONE, PlanCounts(create=480))


@pytest.mark.parametrize("failed", [50, 51, 90])
def test_a_run_stays_the_first_while_more_failed_than_the_limits_let_through_later(
    world: World, failed: int
) -> None:
    world.directory.hire_many(200)
    world.preview()
    refused = [f"u{number:05}@{DOMAIN}" for number in range(failed)]
    world.service.refuse = dict.fromkeys(refused, Code.WRITE_FAILED)
    report = world.run(Trigger.FIRST)
    assert report.came_through
    assert (report.outcome, report.failed) == (RunOutcome.PARTLY, failed)
    world.service.refuse.clear()
    assert world.run().done == PlanCounts(create=failed), "as its preview showed, or as limits let"
    world.directory.hire_many(51, start=500)
    assert world.run().held == ((HeldKind.CREATE, 51),), "the limits hold from then on"


def test_somebody_whom_the_service_never_takes_leaves_the_sync_good(world: World) -> None:
    world.directory.hire_many(3)
    world.first_sync()
    world.directory.hire("new")
    world.service.refuse[f"new@{DOMAIN}"] = Code.REQUEST_REFUSED
    report = world.run()
    assert report.outcome is RunOutcome.PARTLY
    assert report.came_through


@pytest.mark.parametrize("reached", [True, False])
def test_the_report_is_ticked_off_only_after_the_service_has_it(
    world: World, reached: bool
) -> None:
    world.directory.hire_many(5)
    heard: list[RunProgress | RunReport] = []

    def tell_service(report: RunReport) -> bool:
        heard.append(report)
        return reached

    parts = replace(world.parts(), tell_service=tell_service)
    report = run(parts, world.settings, Trigger.FIRST, Cancel(), heard.append)
    told = [place for place, one in enumerate(heard) if isinstance(one, RunReport)]
    ticked = [
        place
        for place, one in enumerate(heard)
        if isinstance(one, RunProgress) and one.phase is RunPhase.REPORT and one.done
    ]
    assert report.told is reached
    assert len(told) == 1
    assert len(ticked) == reached
    assert told < ticked or not reached


def test_a_failed_read_is_told_in_the_report(world: World) -> None:
    world.directory.hire_many(30)
    world.directory.broken_page = 3
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.SERVICE_UNAVAILABLE)


def test_a_cancelled_preview_leaves_nothing_behind(world: World) -> None:
    world.directory.hire_many(30)
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as caught:
        world.preview(cancel)
    assert caught.value.code is Code.CANCELLED
    with world.database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM run") == 0


def test_runs_are_kept_ninety_days_and_rows_of_nothing_to_do_for_the_newest_alone(
    world: World,
) -> None:
    world.directory.hire_many(10)
    first = world.first_sync()
    world.clock.forward(days=60)
    world.directory.hire("new")
    second = world.run()
    third = world.run()
    assert len(world.rows(third.run_id)) == 11
    assert set(world.rows(second.run_id)) == {"new"}
    assert len(reports(world.database)) == 3
    world.clock.forward(days=40)
    world.run()
    kept = [report.run_id for report in reports(world.database)]
    assert first.run_id not in kept
    assert len(kept) == 3


def test_the_newest_good_run_is_kept_however_old_so_that_the_first_is_never_again(
    world: World,
) -> None:
    world.directory.hire_many(10)
    world.first_sync()
    world.clock.forward(days=200)
    world.directory.broken_page = 0
    world.run()
    world.directory.broken_page = None
    world.directory.hire_many(51, start=100)
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD


def test_a_listener_that_loses_the_lease_ends_the_run(world: World) -> None:
    world.directory.hire_many(60)
    world.preview()

    def listen(progress: RunProgress) -> None:
        if progress.phase is RunPhase.WRITE and progress.done:
            raise Trouble(Code.NOT_THE_SYNCER)

    report = run(world.parts(), world.settings, Trigger.SCHEDULE, Cancel(), listen)
    assert report.outcome is RunOutcome.NOT_THE_SYNCER
    assert last_report(world.database) == report


def test_runs_that_found_it_switched_off_do_not_pile_up(world: World) -> None:
    world.directory.hire_many(10)
    last = world.first_sync()
    world.settings = replace(world.settings, enabled=False)
    for _ in range(3):
        world.run()
    assert [report.outcome for report in reports(world.database)] == [
        RunOutcome.OFF,
        RunOutcome.DONE,
    ]
    assert len(world.rows(last.run_id)) == 10, "the last real plan can still be asked"


def test_the_newest_good_run_is_found_behind_many_that_failed(world: World) -> None:
    assert last_good_report(world.database) is None
    world.directory.hire_many(10)
    good = world.first_sync()
    world.directory.broken_page = 0
    for _ in range(55):
        assert world.run().outcome is RunOutcome.FAILED
    assert last_good_report(world.database) == good
