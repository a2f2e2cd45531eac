"""Turns what SQLite says about the world (disk, locks, damage) into `Trouble`."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard.core.trouble import Code, Trouble

__all__ = ["database_edge"]

_NEARLY_FULL = 1024 * 1024
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_UNUSABLE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_NOLFS,
}


@contextmanager
def database_edge(path: Path) -> Iterator[None]:
    """Let no SQLite exception out that is the world's fault and not ours.

    A statement that is wrong, or a constraint that does not hold, is our mistake and stays what
    it is. Result codes: https://www.sqlite.org/rescode.html
    """
    try:
        yield
    except sqlite3.Error as problem:
        trouble = _trouble(problem, path)
        if trouble is None:
            raise
        raise trouble from problem


def _trouble(problem: sqlite3.Error, path: Path) -> Trouble | None:
    extended = getattr(problem, "sqlite_errorcode", None)
    if extended is None:
        return None
    primary = extended & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return Trouble(Code.DISK_FULL, folder=str(path.parent))
    if primary in _DAMAGED:
        return Trouble(Code.DATABASE_DAMAGED, file=path.name, folder=str(path.parent))
    if primary in _BUSY:
        return Trouble(Code.DATABASE_BUSY, file=path.name)
    if primary == sqlite3.SQLITE_INTERRUPT:
        return Trouble(Code.CANCELLED)
    if primary in _UNUSABLE:
        # A full disk shows as an I/O failure where the write is delayed until the flush.
        if _no_room(path):
            return Trouble(Code.DISK_FULL, folder=str(path.parent))
        return Trouble(Code.FOLDER_NOT_WRITABLE, folder=str(path.parent), reason=str(problem))
    return None


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NEARLY_FULL
    except OSError:
        return False
