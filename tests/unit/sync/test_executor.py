from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from tests.unit.sync.world import (
    DOMAIN,
    FakeService,
    Fault,
    Killed,
    World,
    killed_after,
    killed_before,
    lease_lost,
    lost_after,
    lost_before,
    lost_half_way,
    nothing_wrong,
    too_many,
)
from wizard.accounts.base import AccountWrite, WriteKind, WriteResult
from wizard.core.cancel import Cancel
from wizard.core.runs import (
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.trouble import Code, Trouble
from wizard.store.statements import Reading, Writing
from wizard.sync.cycle import run
from wizard.sync.journal import JournalEntry, Operation, write_down
from wizard.sync.plan_view import problems
from wizard.sync.runs import reports


def states(world: World) -> dict[str, int]:
    with world.database.read() as reading:
        found = list(reading.values(str, "SELECT state FROM journal"))
    return {state: found.count(state) for state in set(found)}


def everyone_once(world: World) -> None:
    for user_id in world.directory.people:
        assert world.service.of(user_id) is not None
    assert len(world.service.store) == len(world.directory.people)


@pytest.mark.parametrize("fault", [lost_before, lost_after, lost_half_way, too_many])
def test_whatever_is_lost_on_the_way_nobody_is_doubled_and_the_run_gets_there(
    world: World, fault: Fault
) -> None:
    world.directory.hire_many(70)
    world.service.faults = [nothing_wrong, fault]
    world.preview()
    report = world.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done == PlanCounts(create=70)
    everyone_once(world)
    assert states(world) == {"done": 70}
    assert world.run().planned == PlanCounts(unchanged=70)


@pytest.mark.parametrize("fault", [killed_before, killed_after])
def test_a_crash_is_resumed_at_the_journal(world: World, fault: Fault) -> None:
    world.directory.hire_many(70)
    world.service.faults = [nothing_wrong, fault]
    world.preview()
    with pytest.raises(Killed):
        world.run()
    assert states(world) == {"done": 20, "sent": 20}
    world.service.calls.clear()
    report = world.run()
    assert world.service.calls[:20] == ["by-external-id"] * 20, "settled before anything else"
    assert report.outcome is RunOutcome.DONE
    everyone_once(world)
    assert "sent" not in states(world)
    cut_short = reports(world.database)[1]
    assert (cut_short.outcome, cut_short.trouble) == (RunOutcome.FAILED, Code.RUN_INTERRUPTED)
    assert world.run().planned == PlanCounts(unchanged=70)


@pytest.mark.parametrize("fault", [lost_before, lost_after, lost_half_way])
def test_changes_that_were_lost_on_the_way_are_settled_by_looking(
    world: World, fault: Fault
) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.directory.change("u00001", family="Costa")
    world.directory.change("u00002", address=f"second@{DOMAIN}")
    world.suspend("u00003", "u00004")
    world.service.faults = [fault, fault]
    report = world.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done == PlanCounts(update=2, deactivate=2)
    changed = world.service.of("u00001")
    assert changed is not None
    assert changed.family_name == "Costa"
    assert world.run().planned == PlanCounts(unchanged=58)


def test_an_operation_is_in_the_journal_before_it_is_sent_with_the_values_before(
    world: World,
) -> None:
    world.directory.hire_many(5)
    world.first_sync()
    world.directory.change("u00001", family="Costa")
    seen: list[tuple[str, str]] = []

    def look(*_: object) -> None:
        with world.database.read() as reading:
            seen.append(
                (
                    reading.value(str, "SELECT state FROM journal ORDER BY id DESC LIMIT 1"),
                    reading.value(
                        str, "SELECT old_family_name FROM journal ORDER BY id DESC LIMIT 1"
                    ),
                )
            )

    world.service.faults = [look]
    world.run()
    assert seen == [("sent", "No1")]


def test_one_failed_operation_fails_alone(world: World) -> None:
    world.directory.hire_many(30)
    world.service.refuse[f"u00007@{DOMAIN}"] = Code.WRITE_FAILED
    world.preview()
    report = world.run()
    assert report.outcome is RunOutcome.PARTLY
    assert report.done == PlanCounts(create=29)
    assert report.failed == 1
    (problem,) = problems(world.database, report.run_id)
    assert (problem.user_id, problem.code, problem.detail) == ("u00007", Code.WRITE_FAILED, "no")
    world.service.refuse.clear()
    assert world.run().done == PlanCounts(create=1)


def test_an_answer_that_is_missing_is_looked_up(world: World) -> None:
    world.directory.hire_many(5)
    world.service.silent = {"3"}
    world.preview()
    assert world.run().done == PlanCounts(create=5)
    everyone_once(world)


def test_a_lost_lease_stops_at_once(world: World) -> None:
    world.directory.hire_many(60)
    world.service.faults = [nothing_wrong, lease_lost]
    world.preview()
    report = world.run()
    assert report.outcome is RunOutcome.NOT_THE_SYNCER
    assert report.trouble is Code.NOT_THE_SYNCER
    assert ("syncer_host", "SERVER01") in report.trouble_facts
    assert report.done == PlanCounts(create=20)
    assert len(world.service.store) == 20
    world.run()
    everyone_once(world)


def test_a_busy_service_gets_smaller_batches_and_the_wait_it_asked_for(world: World) -> None:
    world.directory.hire_many(60)
    sizes: list[int] = []

    def busy_at_first(service: FakeService, writes: Sequence[AccountWrite]) -> None:
        sizes.append(len(writes))
        if len(sizes) == 1:
            too_many(service, writes)

    world.service.faults = [busy_at_first] * 12
    world.preview()
    assert world.run().outcome is RunOutcome.DONE
    assert world.clock.waits == [7.0]
    assert sizes[:2] == [20, 10]
    assert max(sizes[2:]) > 10, "it grows again when all goes well"


def test_a_service_that_stays_away_ends_the_run_and_the_next_goes_on(world: World) -> None:
    world.directory.hire_many(30)
    world.service.faults = [nothing_wrong, *[lost_before] * 5]
    world.preview()
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.CONNECTION_LOST)
    assert report.done == PlanCounts(create=20)
    assert world.run().outcome is RunOutcome.DONE
    everyone_once(world)


def test_a_cancel_takes_effect_between_batches_and_keeps_what_was_written(world: World) -> None:
    world.directory.hire_many(70)
    world.preview()
    cancel = Cancel()
    world.service.faults = [nothing_wrong, lambda *_: cancel.stop()]
    report = world.run(cancel=cancel)
    assert report.outcome is RunOutcome.CANCELLED
    assert report.done == PlanCounts(create=40)
    assert states(world) == {"done": 40}
    assert world.run().done == PlanCounts(create=30)


def test_the_last_owner_is_refused_by_the_service_and_the_rest_goes_on(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    account = world.service.of("u00001")
    assert account is not None
    world.service.refuse[account.address] = Code.LAST_OWNER
    world.suspend("u00001", "u00002")
    report = world.run()
    assert report.done == PlanCounts(deactivate=1)
    assert [problem.code for problem in problems(world.database, report.run_id)] == [
        Code.LAST_OWNER
    ]
    assert "u00001" in world.service.active_ids()


def test_an_account_gone_while_it_is_written_counts_as_a_leaver_done(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    account = world.service.of("u00001")
    assert account is not None

    def deleted_meanwhile(service: FakeService, writes: Sequence[AccountWrite]) -> None:
        del service.store[account.id]

    world.service.faults = [deleted_meanwhile]
    world.suspend("u00001")
    report = world.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done == PlanCounts(deactivate=1)


def test_nothing_is_ever_deleted(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    world.suspend("u00001")
    world.run()
    assert len(world.service.store) == 40
    assert {one.kind for one in world.service.written} == {WriteKind.CREATE, WriteKind.DEACTIVATE}


def test_progress_is_told_in_order_and_not_too_often(world: World) -> None:
    world.directory.hire_many(200)
    world.service.batch_size = 1
    world.preview()
    world.events.clear()
    world.run()
    phases = [event.phase for event in world.events]
    assert phases == sorted(phases, key=list(RunPhase).index)
    assert len(world.events) < 60
    last = [event for event in world.events if event.phase is RunPhase.WRITE][-1]
    assert isinstance(last, RunProgress)
    assert (last.done, last.total, last.created) == (200, 200, 200)
    assert last.now.startswith("Person No")


def test_a_paused_run_stands_still_between_batches_and_goes_on_when_told(world: World) -> None:
    world.directory.hire_many(70)
    world.preview()
    cancel = Cancel()
    standing = threading.Event()
    world.service.faults = [nothing_wrong, lambda *_: cancel.pause()]

    def listen(progress: RunProgress) -> None:
        if progress.phase is RunPhase.WRITE and progress.done == 40:
            standing.set()

    ended: list[RunReport] = []
    thread = threading.Thread(
        target=lambda: ended.append(
            run(world.parts(), world.settings, Trigger.PERSON, cancel, listen)
        )
    )
    world.clock.step = 1.0
    thread.start()
    assert standing.wait(20)
    assert len(world.service.store) == 40
    assert not ended
    cancel.resume()
    thread.join(20)
    assert ended[0].done == PlanCounts(create=70)


def test_what_can_not_be_written_down_is_not_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.directory.hire_many(70)
    world.preview()
    noted = 0

    def full(
        writing: Writing, run_id: str, operations: Iterable[Operation], now: datetime
    ) -> Sequence[JournalEntry]:
        nonlocal noted
        noted += 1
        if noted == 3:
            raise Trouble(Code.DISK_FULL, folder="here")
        return write_down(writing, run_id, operations, now)

    monkeypatch.setattr("wizard.sync.executor.write_down", full)
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.DISK_FULL)
    assert len(world.service.store) == 40
    monkeypatch.undo()
    assert world.run().done == PlanCounts(create=30)
    everyone_once(world)


def test_a_run_whose_database_breaks_at_the_end_still_says_what_it_did(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.directory.hire_many(3)
    world.preview()

    def damaged(reading: Reading, run_id: str) -> tuple[PlanCounts, int]:
        raise Trouble(Code.DATABASE_DAMAGED, file="sync.db")

    monkeypatch.setattr("wizard.sync.work.done_counts", damaged)
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.DATABASE_DAMAGED)
    assert (report.planned.create, report.done) == (3, PlanCounts(create=3))
    assert len(world.service.store) == 3


def test_a_word_that_an_account_is_gone_is_not_believed_while_it_is_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a page of somebody in between says it."""
    world.directory.hire_many(12)
    world.preview()
    assert world.run().done.create == 12
    leaver = next(iter(world.directory.people))
    world.directory.let_go(leaver)

    def not_here(
        service: FakeService, writes: Sequence[AccountWrite], cancel: Cancel
    ) -> Sequence[WriteResult]:
        return [
            WriteResult(key=one.key, account_id=one.account_id, code=Code.NOT_FOUND_AT_SERVICE)
            for one in writes
        ]

    with monkeypatch.context() as broken:
        broken.setattr(FakeService, "write", not_here)
        report = world.run()
    assert (report.outcome, report.failed) == (RunOutcome.PARTLY, 1)
    assert report.done == PlanCounts()
    report = world.run()
    assert (report.outcome, report.done) == (RunOutcome.DONE, PlanCounts(deactivate=1))


def test_an_account_that_two_others_took_the_place_of_ends_no_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.directory.hire_many(60)
    world.preview()
    assert world.run().done.create == 60
    leaver, other = list(world.directory.people)[:2]
    for one in (leaver, other):
        world.directory.let_go(one)
    gone = world.service.of(leaver)
    assert gone is not None
    write = FakeService.write

    def taken(
        service: FakeService, writes: Sequence[AccountWrite], cancel: Cancel
    ) -> Sequence[WriteResult]:
        if service.store.pop(gone.id, None) is not None:
            for number in (1, 2):
                twin = replace(gone, id=f"twin-{number}", address=f"{number}.{gone.address}")
                service.store[twin.id] = twin
        return write(service, writes, cancel)

    monkeypatch.setattr(FakeService, "write", taken)
    report = world.run()
    assert (report.outcome, report.failed) == (RunOutcome.PARTLY, 1)
    assert report.done == PlanCounts(deactivate=1)
    assert states(world)["failed"] == 1
