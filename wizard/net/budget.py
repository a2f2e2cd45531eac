"""Keeps requests within a documented quota, before the other side has to say so."""

from __future__ import annotations

import threading

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock

__all__ = ["Budget"]


class Budget:
    """A token bucket: `burst` requests at once, then `rate` a second. Any thread may take.

    Whoever comes when it is empty is given the next free moment, in order, and waits for it.
    """

    def __init__(self, *, rate: float, burst: int, clock: Clock) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError(f"not a budget: {rate} a second, {burst} at once")
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._lock = threading.Lock()
        self._level = self._burst
        self._at = clock.monotonic()

    def take(self, cancel: Cancel) -> None:
        """Return when one more request fits; `Trouble(CANCELLED)` as soon as stopped."""
        cancel.check()
        with self._lock:
            now = self._clock.monotonic()
            self._level = min(self._burst, self._level + (now - self._at) * self._rate) - 1.0
            self._at = now
            wait = max(0.0, -self._level / self._rate)
        if wait:
            self._clock.sleep(wait, cancel)
