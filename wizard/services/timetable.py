"""When the next background run is due: interval, jitter, sleep, clock changes, back-off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wizard.core.clock import Clock
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code

__all__ = ["JITTER", "Standing", "Timetable", "standing_of"]

JITTER = 0.1
"""Runs come up to this share of the interval early or late, so that machines spread out."""

_SHORTEST, _LONGEST = 1, 7 * 24 * 60
"""Minutes between two runs, whatever was asked for: no break at all would be a flood."""

_LEAP = 60.0
"""Seconds by which the time of day may run away from the steady clock before it means sleep."""

_SETTLE = 10.0
"""Seconds that the network gets to come back after the computer slept."""

_FIRST_RETRY = 30.0
"""Seconds to the first new attempt while the other side can't be reached; then doubled."""

_OVERDUE = timedelta(hours=6)
"""Without a good run for longer than this, and than four intervals, it is said aloud."""

_OUT_OF_REACH = frozenset(
    {
        Code.OFFLINE,
        Code.HOST_NOT_FOUND,
        Code.CONNECTION_REFUSED,
        Code.CONNECTION_LOST,
        Code.TIMED_OUT,
        Code.PROXY_UNREACHABLE,
        Code.SERVICE_UNAVAILABLE,
        Code.RATE_LIMITED,
        Code.SETTINGS_UNREADABLE,
    }
)
_BUSY = frozenset({Code.SYNC_ALREADY_RUNNING, Code.DATABASE_BUSY, Code.RUN_INTERRUPTED})


class Standing(StrEnum):
    """What the last run means for the time until the next."""

    GOOD = "good"
    OFF = "off"
    OFFLINE = "offline"
    BUSY = "busy"
    CANCELLED = "cancelled"
    NEEDS_PERSON = "needs-person"


def standing_of(report: RunReport) -> Standing:
    """What a report means: whether to go on, to try again soon, or to call a person."""
    if report.came_through:
        # Done in part, too: some people are a problem for a person, but most are in step.
        return Standing.GOOD
    match report.outcome:
        case RunOutcome.OFF:
            return Standing.OFF
        case RunOutcome.CANCELLED:
            return Standing.CANCELLED
        case _:
            if report.trouble in _OUT_OF_REACH:
                return Standing.OFFLINE
            return Standing.BUSY if report.trouble in _BUSY else Standing.NEEDS_PERSON


@dataclass(kw_only=True)
class _Mark:
    """The two clocks, read together."""

    wall: datetime
    steady: float


class Timetable:
    """Knows when to run next; owned by one thread.

    `random` gives numbers from 0 up to 1; `interval` the minutes between runs, asked anew each
    time because the settings may have changed.
    """

    def __init__(
        self, clock: Clock, *, interval: Callable[[], int], random: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._interval = interval
        self._random = random
        self._mark = self._look()
        self._due = self._mark.steady
        self._failures = 0
        self._last_good: datetime | None = None
        self._since = self._mark.wall
        self.slept = False

    @property
    def last_good(self) -> datetime | None:
        """When the last good run ended."""
        return self._last_good

    @property
    def overdue(self) -> bool:
        """Whether it has been too long since a run was good."""
        allowed = max(_OVERDUE, 4 * self._length())
        return self._clock.now() - (self._last_good or self._since) > allowed

    def begin(self, last_run: datetime | None, last_good: datetime | None) -> None:
        """Begin with what is known of earlier runs; due at once where the last is too old.

        Where nothing ever ran, the first run is a person's to start and the timetable waits.
        A last run in the future (the clock was put back) counts as one of just now.
        """
        self._mark = self._look()
        self._since = self._mark.wall
        self._last_good = last_good
        ago = self._mark.wall - last_run if last_run is not None else timedelta(0)
        left = self._length() - max(ago, timedelta(0))
        self._due = self._mark.steady + max(0.0, left.total_seconds())

    def seconds_left(self) -> float:
        """Seconds until the next run, 0 when it is due. Notices sleep and a changed clock."""
        before, now = self._mark, self._look()
        self._mark = now
        wall = (now.wall - before.wall).total_seconds()
        leap = wall - (now.steady - before.steady)
        if leap > _LEAP:
            # The machine slept, or the clock was put forward: what was due meanwhile is due
            # now. Running once too early is harmless, not running is not.
            self.slept = True
            self._due = max(self._due - leap, now.steady + _SETTLE)
        # A clock that was put back changes nothing: the steady clock keeps the time.
        return max(0.0, self._due - now.steady)

    def next_run_at(self) -> datetime:
        """The next run as a time of day, for showing."""
        left = max(0.0, self._due - self._clock.monotonic())
        return self._clock.now() + timedelta(seconds=left)

    def ran(self, standing: Standing, retry_after: float | None = None) -> None:
        """Count from a run that just ended; `retry_after` in seconds where the service said."""
        self._mark = self._look()
        self.slept = False
        interval = self._length().total_seconds()
        if standing is Standing.GOOD:
            self._last_good = self._mark.wall
        if standing in {Standing.OFFLINE, Standing.BUSY}:
            wait = min(_FIRST_RETRY * 2.0**self._failures, interval)
            self._failures = min(self._failures + 1, 20)
            wait = max(wait, min(retry_after or 0.0, interval))
        else:
            self._failures = 0
            wait = interval
        self._due = self._mark.steady + wait * (1 + JITTER * (2 * self._random() - 1))

    def _length(self) -> timedelta:
        return timedelta(minutes=max(_SHORTEST, min(self._interval(), _LONGEST)))

    def _look(self) -> _Mark:
        return _Mark(wall=self._clock.now(), steady=self._clock.monotonic())
