"""Stopping and pausing work from another thread, cooperatively and promptly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wizard.core.trouble import Code, Trouble

__all__ = ["LONGEST_PAUSE", "Cancel"]

LONGEST_PAUSE = 600.0
"""Seconds after which paused work ends by itself."""


class Cancel:
    """A request to stop, or to pause, that long work looks at often.

    One object per piece of work: a fresh start gets a fresh `Cancel`, so an old request can
    never stop new work. Safe to use from any thread. Work that stood still for `patience`
    seconds ends by itself: what it holds is wanted elsewhere, and what it knew is old.
    """

    def __init__(self, *, patience: float = LONGEST_PAUSE) -> None:
        self._patience = patience
        self._pauses = 0
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._lock = threading.Lock()
        self._calls: list[Callable[[], None]] = []

    def stop(self) -> None:
        """Ask the work to end; a paused work wakes up and ends."""
        with self._lock:
            self._stopped.set()
            calls = tuple(self._calls)
        self._running.set()
        for call in calls:
            call()

    @contextmanager
    def calling(self, call: Callable[[], None]) -> Iterator[None]:
        """Within the block, `stop` runs `call` (in the thread that stops, and at once if it has).

        For work that waits in the operating system, where nobody can look at a flag: `call`
        must be short, must not raise, and may still be running when the block ends.
        """
        with self._lock:
            self._calls.append(call)
            late = self._stopped.is_set()
        try:
            if late:
                call()
            yield
        finally:
            with self._lock:
                self._calls.remove(call)

    @contextmanager
    def unpaused(self) -> Iterator[Cancel]:
        """Within the block, a `Cancel` that stops with this one and never stands still.

        For short work under a lock that others wait for, who should not wait for a pause.
        """
        inner = Cancel()
        with self.calling(inner.stop):
            yield inner

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[Cancel]:
        """Within the block, a `Cancel` that stops with this one, or after so many seconds.

        For work that is worth a try, and not worth waiting for.
        """
        inner = Cancel()
        timer = threading.Timer(seconds, inner.stop)
        timer.daemon = True
        with self.calling(inner.stop):
            timer.start()
            try:
                yield inner
            finally:
                timer.cancel()
                timer.join()

    def pause(self) -> None:
        """Ask the work to stand still at its next `check`."""
        if not self._stopped.is_set():
            self._pauses += 1
            self._running.clear()

    def resume(self) -> None:
        """Let paused work go on."""
        self._running.set()

    @property
    def stopped(self) -> bool:
        """Whether the work was asked to end."""
        return self._stopped.is_set()

    @property
    def paused(self) -> bool:
        """Whether the work was asked to stand still."""
        return not self._running.is_set()

    @property
    def pauses(self) -> int:
        """How often the work was asked to stand still so far."""
        return self._pauses

    def without_pause(self) -> Cancel:
        """The same request to stop, for a part of the work that is not to stand still half-way."""
        other = Cancel()
        other._stopped, other._lock, other._calls = self._stopped, self._lock, self._calls
        return other

    def check(self) -> None:
        """Return at once, or wait while paused; raise `Trouble(CANCELLED)` when stopped.

        Raises `Trouble(RUN_INTERRUPTED)` after too long a pause.
        """
        if not self._running.wait(self._patience):
            raise Trouble(Code.RUN_INTERRUPTED, problem="stood-still")
        if self._stopped.is_set():
            raise Trouble(Code.CANCELLED)

    def wait(self, seconds: float) -> None:
        """Sleep for so many seconds, or raise `Trouble(CANCELLED)` as soon as stopped."""
        if self._stopped.wait(max(0.0, seconds)):
            raise Trouble(Code.CANCELLED)
        self.check()
