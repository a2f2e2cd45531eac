"""Stopping and pausing work from another thread, cooperatively and promptly."""

from __future__ import annotations

import threading

from wizard.core.trouble import Code, Trouble

__all__ = ["Cancel"]


class Cancel:
    """A request to stop, or to pause, that long work looks at often.

    One object per piece of work: a fresh start gets a fresh `Cancel`, so an old request can
    never stop new work. Safe to use from any thread.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def stop(self) -> None:
        """Ask the work to end; a paused work wakes up and ends."""
        self._stopped.set()
        self._running.set()

    def pause(self) -> None:
        """Ask the work to stand still at its next `check`."""
        if not self._stopped.is_set():
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

    def check(self) -> None:
        """Return at once, or wait while paused; raise `Trouble(CANCELLED)` when stopped."""
        self._running.wait()
        if self._stopped.is_set():
            raise Trouble(Code.CANCELLED)

    def wait(self, seconds: float) -> None:
        """Sleep for so many seconds, or raise `Trouble(CANCELLED)` as soon as stopped."""
        if self._stopped.wait(max(0.0, seconds)):
            raise Trouble(Code.CANCELLED)
        self.check()
