"""The set-up in progress: what is known, where the person stands, saved at every change.

A choice is saved within moments, off the caller's thread; what happened at the service is on the
disk before anybody goes on with it. A program that is killed so loses the last choice at most.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from wizard.core.clock import Clock
from wizard.core.trouble import Trouble
from wizard.flow import graph, saved
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk
from wizard.services.saver import Saver

__all__ = ["SetUp"]


class SetUp:
    """Safe to use from any thread; jobs add what happened while the window changes choices."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        path = folder / "setup.json"
        self._lock = threading.Lock()
        self._path, self._clock = path, clock
        loaded = saved.load(path, clock)
        self._saver: Saver[Walk] = Saver(lambda walk: saved.save(path, walk), name="set-up")
        self._walk = loaded.walk
        self.notices: tuple[Trouble, ...] = (loaded.trouble,) if loaded.trouble else ()

    @property
    def walk(self) -> Walk:
        """Where the person stands, and what is known."""
        with self._lock:
            return self._walk

    @property
    def answers(self) -> Answers:
        """What is known."""
        return self.walk.answers

    def look_again(self) -> None:
        """Let count what another process has saved since this one read it; raises `Trouble`.

        For whoever has made sure that no other process is about to save.
        """
        self.flush()
        loaded = saved.load(self._path, self._clock)
        with self._lock:
            self._walk = loaded.walk

    def go(self, walk: Walk) -> None:
        """Stand there from now on; saved soon.

        Made from `walk` just before, by `wizard.flow.graph.forward` or `back`.
        """
        with self._lock:
            self._keep(walk)

    def change(self, answers: Answers) -> None:
        """Replace the answers; saved soon."""
        with self._lock:
            self._keep(graph.with_answers(self._walk, answers))

    def happened(self, change: Callable[[Answers], Answers]) -> Answers:
        """Change the answers by what happened outside, whatever was changed meanwhile.

        Returns once that is on the disk. Raises `Trouble` (disk-full, folder-not-writable); the
        answers are changed in memory all the same.
        """
        with self._lock:
            answers = change(self._walk.answers)
            changed = answers != self._walk.answers
            if changed:
                self._keep(graph.with_answers(self._walk, answers))
        if changed:
            self.flush()
        return answers

    def flush(self) -> None:
        """Wait until everything is on the disk; raises `Trouble` where it can't be.

        For whoever is about to do something at the service, or to end the program.
        """
        self._saver.flush()

    def when_unsaved(self, listener: Callable[[Trouble], None]) -> Callable[[], None]:
        """Hear, on a thread of its own, what could not be saved; the answer ends the listening."""
        return self._saver.listen(listener)

    def _keep(self, walk: Walk) -> None:
        self._walk = walk
        self._saver.put(walk)
