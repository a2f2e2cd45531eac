"""A sync and clocks that a test moves by hand, for the scheduler."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunPhase, RunProgress, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import Pause, SchedulerView
from wizard.services.scheduler import Scheduler

START = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
PATIENCE = 10.0


class HandClock:
    """Both clocks stand still until the test moves them; moving wakes who waits."""

    def __init__(self) -> None:
        self.wall = START
        self.steady = 1000.0
        self._waiting: list[threading.Condition] = []
        self._moves = 0
        self._looked = 0
        self._rests = threading.Condition()
        self._rested = -1

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        self._looked = self._moves
        return self.steady

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.wait(0)

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        assert seconds > 0
        if condition not in self._waiting:
            self._waiting.append(condition)
        if self._looked != self._moves:
            return  # moved between the look at the clock and this wait
        with self._rests:
            self._rested = self._moves
            self._rests.notify_all()
        condition.wait()

    def settle(self) -> None:
        """Until the scheduler has looked at the clocks as they stand and rests again."""
        with self._rests:
            assert self._rests.wait_for(lambda: self._rested == self._moves, PATIENCE)

    def pass_time(self, **duration: float) -> None:
        self._move(timedelta(**duration), timedelta(**duration))

    def sleep_through(self, **duration: float) -> None:
        """The machine sleeps: the time of day goes on, the steady clock stands."""
        self._move(timedelta(**duration), timedelta(0))

    def set_back(self, **duration: float) -> None:
        self._move(-timedelta(**duration), timedelta(0))

    def _move(self, wall: timedelta, steady: timedelta) -> None:
        self.wall += wall
        self.steady += steady.total_seconds()
        self._moves += 1
        for condition in self._waiting:
            with condition:
                condition.notify_all()


class HandSync:
    """A sync whose runs wait for the test, when told to, and end as it says."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.interval = 30
        self.triggers: list[Trigger] = []
        self.ends: Callable[[], RunReport] = self.good
        self.last: RunReport | None = None
        self.began: datetime | None = None
        self.good_at: datetime | None = None
        self.unreadable: Exception | None = None
        self.broken = False
        self.left = False
        self.switched_off = False
        self.hold = False
        self.release = threading.Event()

    def good(self) -> RunReport:
        return self.report(RunOutcome.DONE)

    def report(self, outcome: RunOutcome, trouble: Code | None = None) -> RunReport:
        return RunReport(
            run_id=f"run-{len(self.triggers)}",
            trigger=self.triggers[-1] if self.triggers else Trigger.SCHEDULE,
            outcome=outcome,
            started_at=self.clock.now(),
            finished_at=self.clock.now(),
            trouble=trouble,
        )

    def raising(self, trouble: Trouble) -> Callable[[], RunReport]:
        def ends() -> RunReport:
            raise trouble

        return ends

    def _readable(self) -> None:
        if self.unreadable is not None:
            raise self.unreadable

    def interval_minutes(self) -> int:
        self._readable()
        return self.interval

    def last_report(self) -> RunReport | None:
        self._readable()
        return self.last

    def last_good_at(self) -> datetime | None:
        self._readable()
        if self.good_at is not None:
            return self.good_at
        return self.last.finished_at if self.last and self.last.came_through else None

    def last_started(self) -> datetime | None:
        self._readable()
        return self.began

    def off(self) -> bool:
        return self.switched_off

    def elsewhere(self) -> bool:
        if self.broken:
            raise ZeroDivisionError
        return self.left

    def run(
        self, trigger: Trigger, cancel: Cancel, listen: Callable[[RunProgress], None]
    ) -> RunReport:
        self.triggers.append(trigger)
        step = 0
        while self.hold and not self.release.is_set():
            cancel.check()
            step += 1
            listen(RunProgress(phase=RunPhase.WRITE, done=step, total=0))
            self.release.wait(0.001)
        cancel.check()
        return self.ends()


class HandChoice:
    """A pause that outlives the scheduler."""

    def __init__(self) -> None:
        self.kept: Pause | None = None
        self.went_on_from = ""
        self.unreadable: Exception | None = None

    def pause(self) -> Pause | None:
        if self.unreadable is not None:
            raise self.unreadable
        return self.kept

    def keep_pause(self, pause: Pause | None) -> None:
        self.kept = pause

    def went_on(self) -> str:
        return self.went_on_from

    def keep_went_on(self, run_id: str) -> None:
        self.went_on_from = run_id


class World:
    """A scheduler under test, with everything that it told."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.sync = HandSync(self.clock)
        self.views: queue.Queue[SchedulerView] = queue.Queue()
        self.chance = 0.5
        self.choice = HandChoice()
        self.scheduler = Scheduler(
            self.sync,
            self.clock,
            kept=self.choice,
            wait=self.clock.wait,
            chance=lambda: self.chance,
        )
        self.scheduler.listen(self.views.put)

    def until(self, told: Callable[[SchedulerView], bool]) -> SchedulerView:
        """The next view of which this holds; fails loudly when none comes."""
        while True:
            view = self.views.get(timeout=PATIENCE)
            if told(view):
                return view
