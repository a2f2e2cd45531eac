"""A lock that holds between processes and is given up by the system when its holder dies."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.files import disk_trouble, private_folder
from wizard.core.trouble import Code, Trouble

__all__ = ["FileLock"]

_LOOK = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class FileLock:
    """A lock between processes, and between the threads of this one, on a file of its own.

    The file is empty, owner-only, and stays: removing it would let two holders in. What it
    protects lives in another file. Not re-entrant.
    """

    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._threads = threading.Lock()
        self._file: BinaryIO | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._file is not None

    def acquire(self, *, seconds: float, cancel: Cancel | None = None) -> bool:
        """Take the lock; False when it was not free within so many seconds (0: one look).

        Raises `Trouble` (cancelled, disk-full, folder-not-writable).
        """
        patience = cancel or Cancel()
        until = self._clock.monotonic() + seconds
        while not self._take():
            left = until - self._clock.monotonic()
            if left <= 0:
                return False
            self._clock.sleep(min(_LOOK, left), patience)
        return True

    def release(self) -> None:
        """Give it up; nothing happens when it is not held."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            _unlock(file)
        finally:
            file.close()
            self._threads.release()

    @contextmanager
    def holding(
        self, *, seconds: float, cancel: Cancel | None = None, busy: Code = Code.DATABASE_BUSY
    ) -> Iterator[None]:
        """Hold it for a block; `Trouble(busy)` when it was not free in time."""
        if not self.acquire(seconds=seconds, cancel=cancel):
            raise Trouble(busy, file=self._path.name)
        try:
            yield
        finally:
            self.release()

    def _take(self) -> bool:
        if not self._threads.acquire(blocking=False):
            return False
        file: BinaryIO | None = None
        taken = False
        try:
            private_folder(self._path.parent)
            handle = os.open(
                self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600
            )
            file = os.fdopen(handle, "r+b", buffering=0)
            taken = _try_lock(file)
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        finally:
            if taken:
                self._file = file
            else:
                if file is not None:
                    file.close()
                self._threads.release()
        return taken
