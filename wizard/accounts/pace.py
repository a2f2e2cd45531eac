"""How fast writes are sent: slower when the other side says so, faster again while it doesn't."""

from __future__ import annotations

import threading

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock

__all__ = ["Pace"]

_FIRST_GAP = 0.05
_LONGEST_GAP = 5.0
_LONGEST_WAIT = 120.0
_RECOVERY = 0.9
_NO_GAP = 0.005


class Pace:
    """A gap between requests that doubles at each refusal and shrinks with each success.

    Shared by all threads that write to one service.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._gap = 0.0
        self._next = 0.0

    @property
    def gap(self) -> float:
        """Seconds between two requests now; 0 while nobody asked us to slow down."""
        with self._lock:
            return self._gap

    def wait(self, cancel: Cancel) -> None:
        """Wait for this request's turn; `Trouble(CANCELLED)`."""
        with self._lock:
            now = self._clock.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        if turn > now:
            self._clock.sleep(turn - now, cancel)
        else:
            cancel.check()

    def refused(self, retry_after: float | None) -> None:
        """The other side asked to slow down, perhaps for so many seconds (120 s at most count)."""
        with self._lock:
            self._gap = min(_LONGEST_GAP, max(_FIRST_GAP, self._gap * 2))
            pause = self._gap if retry_after is None else min(_LONGEST_WAIT, retry_after)
            self._next = max(self._next, self._clock.monotonic() + pause)

    def accepted(self) -> None:
        """A request went through."""
        with self._lock:
            self._gap *= _RECOVERY
            if self._gap < _NO_GAP:
                self._gap = 0.0
