"""Saves the newest state of something off the caller's thread, in order, and tells what fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from wizard.core.trouble import Code, Trouble

__all__ = ["Saver"]

log = logging.getLogger(__name__)
T = TypeVar("T")


class Saver(Generic[T]):
    """Safe to use from any thread. What is put is written whole, and only the newest of it.

    `write` saves one state and raises `Trouble`; it runs on a thread that is there only while
    something waits, one call at a time, so that a later state is never overwritten by an
    earlier one. Whoever is put while another is written replaces those that still wait.
    """

    def __init__(self, write: Callable[[T], None], *, name: str) -> None:
        self._write = write
        self._name = name
        self._change = threading.Condition()
        self._waiting: list[T] = []
        self._failed: list[T] = []
        self._trouble: Trouble | None = None
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[Trouble], None]] = []

    def put(self, state: T) -> None:
        """Save this soon; returns at once."""
        with self._change:
            self._waiting[:] = [state]
            self._failed.clear()
            self._trouble = None
            if self._thread is None:
                self._start()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._loop, name=self._name)
        self._thread.start()

    def flush(self) -> None:
        """Wait until the newest state is on the disk; one that failed is tried once more.

        Raises the `Trouble` of that attempt. Belongs off the window's thread.
        """
        with self._change:
            if self._failed and not self._waiting:
                self.put(self._failed[0])
            while self._thread is not None:
                self._change.wait()
            if self._trouble is not None:
                raise self._trouble

    def listen(self, listener: Callable[[Trouble], None]) -> Callable[[], None]:
        """Hear of every state that could not be saved, on the saving thread; the answer ends it."""
        with self._change:
            self._listeners.append(listener)

        def end() -> None:
            with self._change:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def _loop(self) -> None:
        try:
            while self._save_next():
                continue
        finally:
            # Also after a mistake of our own: nobody may wait for a thread that is gone, and what
            # waits needs a new one.
            with self._change:
                if self._thread is threading.current_thread():
                    self._thread = None
                    if self._waiting:
                        self._start()
                    self._change.notify_all()

    def _save_next(self) -> bool:
        """Save what waits; False, and the thread is over, where nothing does."""
        with self._change:
            if not self._waiting:
                self._thread = None
                self._change.notify_all()
                return False
            state = self._waiting.pop()
        try:
            self._write(state)
        except Trouble as trouble:
            self._missed(state, trouble)
        except BaseException as problem:
            self._missed(state, Trouble(Code.INTERNAL, kind=type(problem).__name__))
            raise
        return True

    def _missed(self, state: T, trouble: Trouble) -> None:
        log.warning("%s could not be saved: %s", self._name, trouble.code.value)
        with self._change:
            if not self._waiting:
                self._failed[:], self._trouble = [state], trouble
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(trouble)
