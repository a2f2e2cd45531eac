"""Watches a session from beside: what processes show to everybody, and how files come to be."""

from __future__ import annotations

import ctypes
import os
import select
import stat
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Births", "Process", "Processes", "modes_below"]

_PAUSE = 0.03
_OFTEN = 20
"""Looks at a new process, which may still become another program; then it is known."""
_CREATED = 0x00000100 | 0x00000080
"""IN_CREATE, IN_MOVED_TO (inotify(7))."""
_CHANGED = 0x00000004
"""IN_ATTRIB."""
_FOLDER = 0x40000000
"""IN_ISDIR."""
_EVENT = struct.Struct("iIII")


@dataclass(frozen=True, kw_only=True)
class Process:
    """One command line that was seen, and the environment that its process began with.

    The environment is that of processes of the session alone, b'' for all others.
    """

    words: bytes
    environment: bytes

    @property
    def program(self) -> str:
        """What was started, without the folder."""
        return Path(self.words.split(b"\0")[0].decode("utf-8", "replace")).name


class Processes:
    """Looks at the list of processes, again and again, while the `with` block lasts.

    `marker` stands in the environment of every process of the session, and of no other.
    """

    def __init__(self, marker: str) -> None:
        self._marker = marker.encode()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="processes")
        self.seen: set[Process] = set()
        self.looks = 0
        self._known: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._ending.is_set():
            with os.scandir("/proc") as entries:
                there = [entry.path for entry in entries if entry.name.isdecimal()]
            self._known = {path: self._known.get(path, 0) + 1 for path in there}
            for path, looks in self._known.items():
                if looks < _OFTEN:
                    self._look(Path(path))
            self.looks += 1
            time.sleep(_PAUSE)

    def _look(self, folder: Path) -> None:
        try:
            words = (folder / "cmdline").read_bytes()
            around = (folder / "environ").read_bytes()
        except OSError:
            return  # it has ended
        if words:
            ours = self._marker in around
            self.seen.add(Process(words=words, environment=around if ours else b""))


class Births:
    """Hears of every file and folder that comes to be below a folder, and looks at it at once.

    `loose` are those that somebody else could use for a moment: made with wider rights than
    their owner's, or made narrower afterwards. SQLite, run by the administrator, gives the files
    beside a database their owner again, which looks the same: those are judged by how they were
    made alone.
    """

    def __init__(self, folder: Path) -> None:
        self._system = ctypes.CDLL(None, use_errno=True)
        self._line = int(self._system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self._folders: dict[int, Path] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="births")
        self.made = 0
        self.loose: dict[str, str] = {}
        self._add(folder)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join()
        os.close(self._line)

    def _add(self, folder: Path) -> None:
        mask = _CREATED | _CHANGED
        number = int(self._system.inotify_add_watch(self._line, os.fsencode(folder), mask))
        if number >= 0:
            self._folders[number] = folder
            for path in folder.iterdir() if folder.exists() else ():
                self._born(path)

    def _listen(self) -> None:
        while not self._ending.is_set():
            if not select.select([self._line], [], [], 0.2)[0]:
                continue
            for number, mask, name in _events(os.read(self._line, 65536)):
                folder = self._folders.get(number)
                if folder is None or not name:
                    continue
                if mask & _CREATED:
                    self._born(folder / name)
                elif mask & _CHANGED and not mask & _FOLDER and not _of_sqlite(name):
                    self.loose.setdefault(str(folder / name), "its rights were changed later")

    def _born(self, path: Path) -> None:
        try:
            mode = path.lstat().st_mode
        except OSError:
            return  # it went at once
        self.made += 1
        if stat.S_ISLNK(mode):
            return
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            self.loose[str(path)] = f"made as {stat.S_IMODE(mode):o}"
        if stat.S_ISDIR(mode):
            self._add(path)


def _of_sqlite(name: str) -> bool:
    return os.geteuid() == 0 and ".db" in name


def _events(content: bytes) -> Iterator[tuple[int, int, str]]:
    """What inotify tells: the watch, what happened, and the name."""
    at = 0
    while at + _EVENT.size <= len(content):
        number, mask, _, length = _EVENT.unpack_from(content, at)
        at += _EVENT.size
        name = content[at : at + length].rstrip(b"\0")
        at += length
        yield number, mask, os.fsdecode(name)


def modes_below(folder: Path) -> dict[str, str]:
    """What lies there now with wider rights than its owner's; folder included."""
    wide: dict[str, str] = {}
    for path in (folder, *folder.rglob("*")):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
            wide[str(path.relative_to(folder.parent))] = f"{stat.S_IMODE(mode):o}"
    return wide
