"""One practice organization for each folder: a second one would mix up ports and certificates."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["FolderInUseError", "alone_in"]

PATIENCE_SECONDS = 10.0
POLL_SECONDS = 0.1


class FolderInUseError(Exception):
    """Another process serves from this folder."""


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone_in(folder: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the folder until the block ends; the system lets go of it when the process dies.

    Waits up to `patience` seconds, so that a restart need not know when the one before it is
    gone; raises `FolderInUseError` after that.
    """
    path = folder / "lock"
    path.touch(mode=0o600)
    until = time.monotonic() + patience
    with path.open("r+b") as file:
        while True:
            try:
                _lock(file)
                break
            except OSError as problem:
                if time.monotonic() >= until:
                    raise FolderInUseError(folder) from problem
                time.sleep(POLL_SECONDS)
        yield
