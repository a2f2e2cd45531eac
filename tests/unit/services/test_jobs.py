"""Work off the GUI thread: lanes, outcomes, ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from wizard.core.trouble import Code, Trouble
from wizard.services.jobs import JobContext, Jobs, Lane


class Owner:
    """Stands for the thread that owns the window: keeps calls and runs them when told."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self._calls: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def deliver(self, call: Callable[[], None]) -> None:
        with self._lock:
            self._calls.append(call)

    def turn(self) -> list[object]:
        with self._lock:
            calls, self._calls = self._calls, []
        for call in calls:
            call()
        return self.heard


def test_progress_comes_before_the_result_and_only_on_the_owners_turn() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver)

    def work(context: JobContext) -> str:
        context.report("half")
        return "whole"

    job = jobs.start(
        Lane.NET, work, done=owner.heard.append, failed=owner.heard.append,
        progress=owner.heard.append,
    )  # fmt: skip
    assert job.wait(10)
    jobs.close()
    assert owner.heard == []
    assert owner.turn() == ["half", "whole"]


def test_trouble_reaches_the_failure_call_with_its_facts() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver)

    def work(context: JobContext) -> None:
        raise Trouble(Code.OFFLINE, host="api.example")

    jobs.start(Lane.NET, work, done=owner.heard.append, failed=owner.heard.append).wait(10)
    jobs.close()
    (trouble,) = owner.turn()
    assert isinstance(trouble, Trouble)
    assert (trouble.code, dict(trouble.facts)) == (Code.OFFLINE, {"host": "api.example"})


def test_our_own_mistake_becomes_a_code_and_a_log_record(
    expect_log: Callable[..., None],
) -> None:
    expect_log("wizard.services.jobs", "mistake")
    owner = Owner()
    jobs = Jobs(owner.deliver)

    def work(context: JobContext) -> float:
        return 1 / len(owner.heard)

    jobs.start(Lane.NET, work, done=owner.heard.append, failed=owner.heard.append).wait(10)
    jobs.close()
    (trouble,) = owner.turn()
    assert isinstance(trouble, Trouble)
    assert trouble.code is Code.INTERNAL
    assert trouble.facts == {"kind": "ZeroDivisionError"}


def test_the_sync_lane_runs_one_after_the_other_in_order() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver)
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> Callable[[JobContext], int]:
        def run(context: JobContext) -> int:
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)
            return number

        return run

    started = [
        jobs.start(Lane.SYNC, work(n), done=owner.heard.append, failed=owner.heard.append)
        for n in range(20)
    ]
    for job in started:
        assert job.wait(10)
    jobs.close()
    assert owner.turn() == list(range(20))
    assert set(most) == {1}


def test_closing_cancels_what_runs_and_what_waits_and_joins_every_thread() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver)
    began = threading.Event()

    def work(context: JobContext) -> None:
        began.set()
        context.cancel.wait(600)

    running = jobs.start(Lane.SYNC, work, done=owner.heard.append, failed=owner.heard.append)
    waiting = jobs.start(Lane.SYNC, work, done=owner.heard.append, failed=owner.heard.append)
    assert began.wait(10)
    jobs.close()
    assert not running.running
    assert not waiting.running
    troubles = owner.turn()
    assert [t.code for t in troubles if isinstance(t, Trouble)] == [Code.CANCELLED] * 2


def test_nothing_can_be_started_after_closing() -> None:
    jobs = Jobs(Owner().deliver)
    jobs.close()
    with pytest.raises(RuntimeError):
        jobs.start(Lane.NET, lambda _: None, done=lambda _: None, failed=lambda _: None)


def test_held_work_waits_for_its_release_and_is_ended_by_closing() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver, held=True)
    before = threading.active_count()
    job = jobs.start(
        Lane.NET, lambda _context: "done", done=owner.heard.append, failed=owner.heard.append
    )
    assert threading.active_count() == before
    jobs.release()
    assert job.wait(10)
    assert owner.turn() == ["done"]
    jobs.close()


def test_closing_tells_the_outcome_of_work_that_was_held_to_the_end() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver, held=True)
    jobs.start(
        Lane.SYNC, lambda _context: "done", done=owner.heard.append, failed=owner.heard.append
    )
    jobs.close()
    assert len(owner.turn()) == 1


def test_a_job_that_ends_the_others_goes_on_only_when_they_have_ended() -> None:
    owner = Owner()
    jobs = Jobs(owner.deliver)
    begun, order = threading.Event(), list[str]()

    def preview(context: JobContext) -> None:
        begun.set()
        try:
            context.cancel.wait(10)
        finally:
            order.append("the preview let go")

    def closing(context: JobContext) -> None:
        begun.wait(10)
        jobs.end_others(context.cancel)
        context.cancel.check()
        order.append("closed")

    jobs.start(Lane.SYNC, preview, done=owner.heard.append, failed=owner.heard.append)
    last = jobs.start(Lane.NET, closing, done=owner.heard.append, failed=owner.heard.append)
    assert last.wait(10)
    late = jobs.start(
        Lane.SYNC, lambda _: order.append("too late"), done=owner.heard.append,
        failed=owner.heard.append,
    )  # fmt: skip
    assert late.wait(10)
    jobs.close()
    assert order == ["the preview let go", "closed"]
    codes = [one.code for one in owner.turn() if isinstance(one, Trouble)]
    assert codes == [Code.CANCELLED, Code.CANCELLED]
