"""The set-up in progress: what is known, where the person stands, saved at every change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from wizard.core.clock import Clock
from wizard.core.trouble import Trouble
from wizard.flow import graph, saved
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk

__all__ = ["SetUp"]


class SetUp:
    """Safe to use from any thread; jobs add what happened while the window changes choices."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / "setup.json"
        self._lock = threading.Lock()
        loaded = saved.load(self._path, clock)
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

    def go(self, walk: Walk) -> None:
        """Stand there from now on; raises `Trouble` (disk-full) after changing it in memory.

        Made from `walk` just before, by `wizard.flow.graph.forward` or `back`.
        """
        with self._lock:
            self._keep(walk)

    def change(self, answers: Answers) -> None:
        """Replace the answers; raises `Trouble` (disk-full, folder-not-writable)."""
        with self._lock:
            self._keep(graph.with_answers(self._walk, answers))

    def happened(self, change: Callable[[Answers], Answers]) -> Answers:
        """Change the answers by what happened outside, whatever was changed meanwhile."""
        with self._lock:
            answers = change(self._walk.answers)
            if answers != self._walk.answers:
                self._keep(graph.with_answers(self._walk, answers))
            return answers

    def _keep(self, walk: Walk) -> None:
        self._walk = walk
        saved.save(self._path, walk)
