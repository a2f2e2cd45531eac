"""What happens on the wire: counts by path, most in flight, and the faults that a test asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Action", "Counts", "Fault", "Latency", "StandIn", "Traffic"]

UNKNOWN_PATHS_KEPT = 100


class StandIn(StrEnum):
    """The services that the practice organization stands in for."""

    ACCOUNT = "account"
    GOOGLE = "google"
    CONTROL = "control"


class Action(StrEnum):
    """What a fault does to a request."""

    STATUS = "status"
    DROP = "drop"
    TRUNCATE = "truncate"
    LOSE_ANSWER = "lose-answer"
    FLOOD = "flood"
    HANG = "hang"
    ANSWER_LATE = "answer-late"
    GARBLE = "garble"
    HALVE_ZIP = "halve-zip"
    REFUSE_FIRST = "refuse-first"
    PRESS = "press"


@dataclass(kw_only=True)
class Fault:
    """One fault and how often it has struck.

    It strikes from the `nth` matching call on (counted from when it was set), or at each
    `every`-th, at most `times` times (0: without end). With `contains` it counts only requests
    whose query or body has that text. `DROP` closes the connection before anything is done,
    `LOSE_ANSWER` after everything was done, `TRUNCATE` in mid-answer; `FLOOD` answers with more
    than anybody should read. `HANG` does nothing and never answers; `ANSWER_LATE` does everything
    and never answers; `GARBLE` does everything and answers with half of the words; `HALVE_ZIP`
    packs the answer and sends half of it as if it were all. `REFUSE_FIRST` refuses the first
    operation of a bulk request and does the others. `PRESS` presses a button of the control page
    first (`body`: its name, and what is typed) and then does what it was asked to.
    """

    stand_in: StandIn
    method: str = "*"
    path_prefix: str = "/"
    contains: str = ""
    nth: int = 1
    every: int = 0
    times: int = 1
    action: Action = Action.STATUS
    status: int = 503
    body: str = ""
    retry_after: int | None = None
    seen: int = 0
    struck: int = 0

    def strikes(self, stand_in: StandIn, method: str, path: str, said: str = "") -> bool:
        """Whether this request is hit; counts it when it matches. `said`: its query and body."""
        if stand_in is not self.stand_in or self.method not in {"*", method}:
            return False
        if not path.startswith(self.path_prefix) or self.contains not in said:
            return False
        self.seen += 1
        if self.times and self.struck >= self.times:
            return False
        due = self.seen % self.every == 0 if self.every else self.seen >= self.nth
        if due:
            self.struck += 1
        return due


@dataclass(frozen=True, kw_only=True)
class Latency:
    """How long each matching request waits before it is handled, in milliseconds."""

    stand_in: StandIn
    path_prefix: str
    milliseconds: int


@dataclass(kw_only=True)
class Counts:
    """Requests of one stand-in: by `METHOD template`, by status, in flight, unknown paths."""

    by_path: dict[str, int] = field(default_factory=dict)
    by_status: dict[int, int] = field(default_factory=dict)
    total: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    unknown: int = 0
    unknown_paths: list[str] = field(default_factory=list)


class Traffic:
    """The wire of all stand-ins."""

    def __init__(self) -> None:
        self.counts: dict[StandIn, Counts] = {which: Counts() for which in StandIn}
        self.faults: list[Fault] = []
        self.latencies: list[Latency] = []
        self._down: dict[StandIn, float] = {}
        self.ahead = 0
        """Seconds by which the clocks of the stand-ins are ahead, in the dates of answers."""
        self.press: Callable[[str], None] = lambda _words: None
        """Presses a button of the control page: its name, a space, and what is typed."""

    def take_down(self, stand_in: StandIn, seconds: float | None) -> None:
        """Answer nobody from now on, for so many seconds or until `bring_up`."""
        self._down[stand_in] = float("inf") if seconds is None else time.monotonic() + seconds

    def bring_up(self, stand_in: StandIn) -> None:
        """Answer again."""
        self._down.pop(stand_in, None)

    def is_down(self, stand_in: StandIn) -> bool:
        """Whether requests to this stand-in are cut off now."""
        return time.monotonic() < self._down.get(stand_in, 0.0)

    def begin(self, stand_in: StandIn) -> None:
        """A request has arrived."""
        counts = self.counts[stand_in]
        counts.total += 1
        counts.in_flight += 1
        counts.most_in_flight = max(counts.most_in_flight, counts.in_flight)

    def end(self, stand_in: StandIn) -> None:
        """A request has been answered, or its connection is gone."""
        self.counts[stand_in].in_flight -= 1

    def known(self, stand_in: StandIn, method: str, template: str) -> None:
        """The request matched a template."""
        by_path = self.counts[stand_in].by_path
        key = f"{method} {template}"
        by_path[key] = by_path.get(key, 0) + 1

    def unknown(self, stand_in: StandIn, method: str, path: str) -> None:
        """The request asked for something that the stand-in does not know."""
        counts = self.counts[stand_in]
        counts.unknown += 1
        if len(counts.unknown_paths) < UNKNOWN_PATHS_KEPT:
            counts.unknown_paths.append(f"{method} {path}")

    def answered(self, stand_in: StandIn, status: int) -> None:
        """An answer with this status was sent."""
        by_status = self.counts[stand_in].by_status
        by_status[status] = by_status.get(status, 0) + 1

    def reset(self) -> None:
        """Forget all counts; requests in flight stay counted as such."""
        for which, counts in self.counts.items():
            self.counts[which] = Counts(in_flight=counts.in_flight, most_in_flight=counts.in_flight)

    def looks_inside(self, stand_in: StandIn) -> bool:
        """Whether a fault wants to know what requests to this stand-in say."""
        return any(fault.contains for fault in self.faults if fault.stand_in is stand_in)

    def fault_for(self, stand_in: StandIn, method: str, path: str, said: str = "") -> Fault | None:
        """The first fault that strikes this request; all that match it count it."""
        struck = [fault for fault in self.faults if fault.strikes(stand_in, method, path, said)]
        return struck[0] if struck else None

    def delay_for(self, stand_in: StandIn, path: str) -> float:
        """Seconds that this request waits before it is handled."""
        waits = [
            latency.milliseconds
            for latency in self.latencies
            if latency.stand_in is stand_in and path.startswith(latency.path_prefix)
        ]
        return sum(waits) / 1000
