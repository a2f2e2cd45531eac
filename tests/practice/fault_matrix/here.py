"""What goes wrong on this computer: its disk, its database, its clock, its network."""

from __future__ import annotations

import errno
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.practice.bench_world import BriskClock
from tests.practice.visitor import World

__all__ = ["Troubled", "small_disk"]

_CLOCKS = {
    "clock set back an hour": timedelta(hours=-1),
    "clock set back a week": timedelta(days=-7),
    "sleep of two minutes": timedelta(minutes=2),
    "sleep of an hour": timedelta(hours=1),
}
_MOMENT = 0.1
_CHUNK = 64 * 1024
_SMALL = "size=12m"


def small_disk(folder: Path) -> Callable[[], None] | None:
    """Make this folder a small disk of its own; how to take it away again, None where one may not.

    Only an administrator of the computer may do so; elsewhere the database alone is kept small.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", _SMALL, "none", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        return None
    return lambda: _unmount(folder)


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], capture_output=True, check=False)


class Troubled:
    """This computer's troubles, each by its name, until they are over."""

    def __init__(
        self,
        world: World,
        clock: BriskClock,
        *,
        database: Callable[[], Path],
        writer: Callable[[], sqlite3.Connection],
        disk: Path | None,
    ) -> None:
        self._world = world
        self._clock = clock
        self._database = database
        self._writer = writer
        self._disk = disk
        self._patch = pytest.MonkeyPatch()
        self._others: list[sqlite3.Connection] = []
        self._timers: list[threading.Timer] = []
        self._filler: Path | None = None
        self._bounded = False

    def begins(self, name: str) -> None:
        """The trouble is there from now on."""
        if name in _CLOCKS:
            self._clock.ahead += _CLOCKS[name]
            return
        acts: dict[str, Callable[[], None]] = {
            "network gone": self._cut,
            "disk full": self._fill,
            "database locked for a moment": lambda: self._lock(_MOMENT),
            "database locked": lambda: self._lock(0.0),
            "database damaged": self._damage,
        }
        acts[name]()

    def is_over(self) -> None:
        """As before, but for the clock, which is right as it now is, and for what is damaged."""
        self._patch.undo()
        for timer in self._timers:
            timer.join()
        for other in self._others:
            other.close()
        self._timers.clear()
        self._others.clear()
        if self._filler is not None:
            self._filler.unlink(missing_ok=True)
            self._filler = None
        if self._bounded:
            self._bounded = False
            self._writer().execute("PRAGMA max_page_count = 1073741823")

    # ------------------------------------------------------------ one by one

    def _cut(self) -> None:
        """The network is gone: what was connected breaks, and nobody can be reached."""
        ports = {self._port(self._world.api), self._port(self._world.google["api"])}
        connect = socket.socket.connect

        def gone(self: socket.socket, address: tuple[str, int]) -> None:
            if address[1] in ports:
                raise OSError(errno.ENETUNREACH, "Network is unreachable")
            connect(self, address)

        self._patch.setattr(socket.socket, "connect", gone)
        self._world.tell("outage", {"stand_in": "all", "on": True})

    def _port(self, origin: str) -> int:
        return int(origin.rpartition(":")[2].strip("/"))

    def _fill(self) -> None:
        """No byte more fits on the disk, or into the database where the disk is somebody else's."""
        self._checkpoint()
        if self._disk is None:
            self._bounded = True
            self._writer().execute("PRAGMA max_page_count = 1")
            return
        self._filler = self._disk / "filler"
        with self._filler.open("wb", buffering=0) as file:
            for size in (_CHUNK, 1):
                try:
                    while file.write(b"x" * size):
                        continue
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def _lock(self, seconds: float) -> None:
        """Another program writes into the database and does not come to an end."""
        other = sqlite3.connect(
            self._database(), timeout=5, isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN IMMEDIATE")
        self._others.append(other)
        if seconds:
            timer = threading.Timer(seconds, other.rollback)
            self._timers.append(timer)
            timer.start()

    def _damage(self) -> None:
        """Something else wrote all over the file."""
        self._checkpoint()
        with self._database().open("r+b") as file:
            size = file.seek(0, 2)
            file.seek(0)
            file.write(b"no database any more" * (size // 20))

    def _checkpoint(self) -> None:
        """Nothing waits in the log, so that the next change needs room."""
        other = sqlite3.connect(self._database(), timeout=5, isolation_level=None)
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        other.close()
