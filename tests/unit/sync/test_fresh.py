"""A run that stood still looks again before it writes, and ends where too much time went by."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.unit.sync.world import FakeService, World, nothing_wrong
from wizard.accounts.base import AccountWrite
from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.runs import (
    PlanCounts,
    PlanKind,
    Reason,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.trouble import Code, Trouble
from wizard.sync.cycle import run
from wizard.sync.runs import reports


@dataclass
class Standstill:
    """A run that is paused once, when it tells of this; something happens meanwhile."""

    world: World
    at: Callable[[RunProgress], bool]
    meanwhile: Callable[[], None]
    asked: int = 0
    answers: list[Trouble] = field(default_factory=list)
    _paused: bool = False

    def allowed(self) -> None:
        self.asked += 1
        if self.answers:
            raise self.answers[0]

    def run(self) -> RunReport:
        cancel = Cancel()

        def listen(progress: RunProgress) -> None:
            if not self._paused and self.at(progress):
                self._paused = True
                cancel.pause()
                threads.append(threading.Thread(target=go_on))
                threads[0].start()

        def go_on() -> None:
            self.meanwhile()
            cancel.resume()

        threads: list[threading.Thread] = []
        parts = replace(self.world.parts(), still_allowed=self.allowed)
        report = run(parts, self.world.settings, Trigger.SCHEDULE, cancel, listen)
        for thread in threads:
            thread.join()
        assert self._paused
        return report


def as_writing_begins(progress: RunProgress) -> bool:
    return progress.phase is RunPhase.WRITE and not progress.done


@pytest.fixture
def leaving(world: World) -> World:
    """Three of a hundred are suspended, and five are new."""
    world.directory.hire_many(100)
    world.first_sync()
    world.suspend("u00001", "u00002", "u00003")
    world.directory.hire_many(5, start=200)
    return world


def test_somebody_reinstated_during_a_pause_is_not_deactivated(leaving: World) -> None:
    def reinstate() -> None:
        leaving.directory.change("u00002", state=UserState.ACTIVE)

    report = Standstill(leaving, as_writing_begins, reinstate).run()
    assert "u00002" in leaving.service.active_ids()
    assert report.done == PlanCounts(create=5, deactivate=2)
    assert report.outcome is RunOutcome.PARTLY
    row = leaving.rows(report.run_id)["u00002"]
    assert (row.kind, row.reason) == (PlanKind.SKIP, Reason.NO_EVIDENCE)
    assert leaving.run().outcome is RunOutcome.DONE


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Trouble(Code.PROVISIONING_OFF), RunOutcome.OFF),
        (Trouble(Code.NOT_THE_SYNCER), RunOutcome.NOT_THE_SYNCER),
        (Trouble(Code.RUN_INTERRUPTED, problem="settings-changed"), RunOutcome.FAILED),
    ],
)
def test_what_the_service_says_after_a_pause_ends_the_run_before_it_writes(
    leaving: World, answer: Trouble, outcome: RunOutcome
) -> None:
    before = dict(leaving.service.store)
    still = Standstill(leaving, as_writing_begins, lambda: None, answers=[answer])
    report = still.run()
    assert (report.outcome, report.trouble) == (outcome, answer.code)
    assert leaving.service.store == before


def test_a_pause_between_batches_is_asked_about_before_the_next(leaving: World) -> None:
    leaving.service.batch_size = 2
    leaving.clock.step = 0.2
    still = Standstill(
        leaving,
        lambda progress: progress.phase is RunPhase.WRITE and progress.done > 3,
        lambda: None,
        answers=[Trouble(Code.PROVISIONING_OFF)],
    )
    report = still.run()
    assert report.outcome is RunOutcome.OFF
    assert report.done == PlanCounts(deactivate=3, create=2)
    leaving.run()
    assert report in reports(leaving.database), "it wrote, so it is remembered"
    assert len(leaving.service.active_ids()) == 102


def test_a_run_that_never_stood_still_asks_nothing_again(leaving: World) -> None:
    asked: list[None] = []
    parts = replace(leaving.parts(), still_allowed=lambda: asked.append(None))
    report = run(parts, leaving.settings, Trigger.SCHEDULE, Cancel(), lambda _: None)
    assert report.outcome is RunOutcome.DONE
    assert asked == []
    assert leaving.directory.looked_up == ["u00001", "u00002", "u00003"]


def slept(world: World, **span: float) -> Callable[[FakeService, Sequence[AccountWrite]], None]:
    def fault(service: FakeService, writes: Sequence[AccountWrite]) -> None:
        world.clock.forward(**span)

    return fault


def test_a_short_sleep_between_batches_is_asked_about(leaving: World) -> None:
    leaving.service.batch_size = 2
    leaving.service.faults = [slept(leaving, minutes=3)]
    asked: list[None] = []

    def back() -> None:
        asked.append(None)
        leaving.directory.change("u00003", state=UserState.ACTIVE)

    parts = replace(leaving.parts(), still_allowed=back)
    report = run(parts, leaving.settings, Trigger.SCHEDULE, Cancel(), lambda _: None)
    assert len(asked) == 1
    assert "u00003" in leaving.service.active_ids()
    assert report.done == PlanCounts(deactivate=2, create=5)


def test_a_long_sleep_ends_the_run_for_a_new_plan(leaving: World) -> None:
    leaving.service.batch_size = 2
    leaving.service.faults = [nothing_wrong, slept(leaving, hours=9)]
    report = leaving.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.RUN_INTERRUPTED)
    assert dict(report.trouble_facts) == {"problem": "stood-still"}
    assert report.done == PlanCounts(deactivate=3)
    assert leaving.run().done == PlanCounts(create=5)


def test_however_long_reading_takes_the_run_goes_on(leaving: World) -> None:
    asked: list[None] = []
    parts = replace(leaving.parts(), still_allowed=lambda: asked.append(None))

    def listen(progress: RunProgress) -> None:
        if progress.phase is RunPhase.READ:
            leaving.clock.forward(minutes=11)

    report = run(parts, leaving.settings, Trigger.SCHEDULE, Cancel(), listen)
    assert report.outcome is RunOutcome.DONE
    assert asked, "the settings were read long ago"


def test_a_pause_without_end_lets_go(leaving: World) -> None:
    cancel = Cancel(patience=0.01)

    def listen(progress: RunProgress) -> None:
        if as_writing_begins(progress):
            cancel.pause()

    report = run(leaving.parts(), leaving.settings, Trigger.SCHEDULE, cancel, listen)
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.RUN_INTERRUPTED)
    assert report.done == PlanCounts()


def test_a_listener_that_objects_does_not_put_a_batch_in_doubt(world: World) -> None:
    world.directory.hire_many(30)
    world.preview()
    world.clock.step = 0.2
    objected: list[None] = []

    def listen(progress: RunProgress) -> None:
        if progress.phase is RunPhase.WRITE and progress.done and not objected:
            objected.append(None)
            raise Trouble(Code.SERVICE_UNAVAILABLE)

    report = run(world.parts(), world.settings, Trigger.FIRST, Cancel(), listen)
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.SERVICE_UNAVAILABLE)
    assert report.done == PlanCounts(create=20)
    assert "by-external-id" not in world.service.calls, "the batch was answered"
    assert world.run().done == PlanCounts(create=10)
