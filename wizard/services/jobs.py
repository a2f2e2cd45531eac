"""The one way to do work off the GUI thread: typed, cancellable, in lanes, always joined."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble

__all__ = ["Deliver", "Job", "JobContext", "Jobs", "Lane"]

log = logging.getLogger(__name__)
T = TypeVar("T")
Event = object
Deliver = Callable[[Callable[[], None]], None]
"""Runs a call on the thread that owns the window; it must keep the order."""


class Lane(StrEnum):
    """Where a job runs: one after the other in `SYNC` and `LOOK`, a few at a time in `NET`.

    `LOOK` is for what only reads this computer's database while a person types or scrolls: it
    never waits behind the network.
    """

    NET = "net"
    SYNC = "sync"
    LOOK = "look"


_WORKERS = {Lane.NET: 3, Lane.SYNC: 1, Lane.LOOK: 1}


class JobContext:
    """What the work itself sees of its job."""

    def __init__(self, cancel: Cancel, report: Callable[[Event], None]) -> None:
        self.cancel = cancel
        self.report = report


class Job:
    """A handle on work under way."""

    def __init__(self) -> None:
        self.cancel_token = Cancel()
        self._ended = threading.Event()

    @property
    def running(self) -> bool:
        """Whether the work has still to end."""
        return not self._ended.is_set()

    def cancel(self) -> None:
        """Ask the work to end; `failed` is then called with `CANCELLED`."""
        self.cancel_token.stop()

    def pause(self) -> None:
        """Ask the work to stand still."""
        self.cancel_token.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.cancel_token.resume()

    def ended(self) -> None:
        """Told by the lane once the work is over."""
        self._ended.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the work itself (not for its callbacks) to end; whether it did."""
        return self._ended.wait(seconds)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Work:
    """A job and the call that does it, outcome included."""

    job: Job
    run: Callable[[], None]


class _Lane:
    """Threads of one lane, started when first needed, joined at the end."""

    def __init__(self, name: str, workers: int, *, held: bool) -> None:
        self._name = name
        self._workers = workers
        self._held = held
        self._waiting: deque[_Work] = deque()
        self._current: set[_Work] = set()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False
        self._ending = False
        self._change = threading.Condition()

    def put(self, work: _Work) -> None:
        with self._change:
            if self._closed:
                raise RuntimeError("jobs are closed")
            if self._ending:
                work.job.cancel()
            self._waiting.append(work)
            self._staff()
            self._change.notify()

    def end(self, mine: Cancel) -> list[Job]:
        """Cancel what is here and what still comes, besides `mine`; what has yet to end."""
        with self._change:
            self._ending = True
            jobs = [work.job for work in (*self._waiting, *self._current)]
        others = [job for job in jobs if job.cancel_token is not mine]
        for job in others:
            job.cancel()
        return others

    def release(self) -> None:
        with self._change:
            self._held = False
            for _ in range(min(len(self._waiting), self._workers)):
                self._staff()

    def _staff(self) -> None:
        """Start one more thread where work would wait for one."""
        wanted = self._idle < len(self._waiting) and len(self._threads) < self._workers
        if wanted and not self._held:
            thread = threading.Thread(target=self._loop, name=f"{self._name}-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()

    def _loop(self) -> None:
        while True:
            with self._change:
                self._idle += 1
                while not self._waiting and not self._closed:
                    self._change.wait()
                self._idle -= 1
                if not self._waiting:
                    return
                work = self._waiting.popleft()
                self._current.add(work)
            work.run()
            with self._change:
                self._current.discard(work)

    def close(self) -> None:
        self.release()
        with self._change:
            self._closed = True
            for work in (*self._waiting, *self._current):
                work.job.cancel()
            self._change.notify_all()
        for thread in self._threads:
            thread.join()


class Jobs:
    """The lanes of one program.

    Made `held`, work is queued and begins with `release`: a window that is not painted yet has
    the processor to itself.
    """

    def __init__(self, deliver: Deliver, *, held: bool = False) -> None:
        self._deliver = deliver
        self._lanes = {
            lane: _Lane(lane.value, workers, held=held) for lane, workers in _WORKERS.items()
        }

    def release(self) -> None:
        """Let queued work begin."""
        for lane in self._lanes.values():
            lane.release()

    def start(
        self,
        lane: Lane,
        work: Callable[[JobContext], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Trouble], None],
        progress: Callable[[Event], None] | None = None,
    ) -> Job:
        """Queue work; exactly one of `done` and `failed` is delivered, after all progress."""
        job = Job()
        context = JobContext(
            job.cancel_token,
            lambda event: self._deliver(lambda: progress(event)) if progress else None,
        )

        def run() -> None:
            try:
                job.cancel_token.check()
                result = work(context)
            except Trouble as trouble:
                outcome = partial(failed, trouble)
            except Exception as problem:
                log.exception("a job ended with a mistake of the program's own")
                outcome = partial(failed, Trouble(Code.INTERNAL, kind=type(problem).__name__))
            else:
                outcome = partial(done, result)
            job.ended()
            self._deliver(outcome)

        self._lanes[lane].put(_Work(job=job, run=run))
        return job

    def end_others(self, mine: Cancel) -> None:
        """From within a job: cancel every other one and wait until its work has ended.

        For the job that takes away what the others stand on. What is started from now on is
        cancelled before it begins.
        """
        left = [job for lane in self._lanes.values() for job in lane.end(mine)]
        for job in left:
            job.wait()

    def close(self) -> None:
        """Cancel everything, end every thread and wait for it."""
        for lane in self._lanes.values():
            lane.close()
