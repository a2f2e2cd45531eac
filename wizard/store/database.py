"""One connection's database file: opening it safely, reading it, changing it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wizard.content.search import plain
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.files import disk_trouble, private_folder
from wizard.core.locks import FileLock
from wizard.core.trouble import Code, Trouble
from wizard.store.edge import database_edge
from wizard.store.migrate import looks_like_ours, migrate, version_of
from wizard.store.schema import MIGRATIONS
from wizard.store.statements import Reading, Writing

__all__ = ["Database"]

_BUSY_SECONDS = 10.0
_OPENING_SECONDS = 60.0
_ENDING_SECONDS = 2.0
"""For a read that was interrupted, to end."""
_STEPS_BETWEEN_LOOKS = 20_000
"""Virtual machine steps between two looks at `Cancel`: a few milliseconds."""


class Database:
    """An SQLite file for its owner alone; open it with `Database.open`.

    Safe to use from many threads: each `read` works on a connection that nobody else uses
    meanwhile and sees one consistent state, also while a transaction runs elsewhere; changes go
    one after the other. Whatever fails because of disk, locks or damage raises `Trouble`
    (disk-full, folder-not-writable, database-busy, database-damaged).

    Durability: the file is in WAL mode. A durable transaction (the usual kind) runs with
    `synchronous=FULL`, so it is on the disk when it returns and a power loss cannot take it
    back: what the journal says was sent, was written before it was sent. A transaction with
    `durable=False` runs with `synchronous=NORMAL`: a power loss may take back the newest of
    them, never damage the file. That is for caches, which are simply read again.
    https://www.sqlite.org/pragma.html#pragma_synchronous

    `staging_lock` is held by whoever fills a new generation of the snapshot, so that other
    processes can tell a read in progress from what a crash left behind.
    """

    def __init__(self, path: Path, clock: Clock, set_aside: Path | None) -> None:
        self.path = path
        self.clock = clock
        self.set_aside = set_aside
        self.staging_lock = FileLock(path.with_name(f"{path.name}.reading"), clock=clock)
        self._writer: sqlite3.Connection | None = None
        self._writing = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._all: list[sqlite3.Connection] = []
        self._pool = threading.Condition()
        self._lent: list[sqlite3.Connection] = []
        self._retired = False
        self._of_thread = threading.local()
        self._file: tuple[int, int] | None = None

    @classmethod
    def open(cls, path: Path, clock: Clock, *, steps: Sequence[str] = MIGRATIONS) -> Database:
        """Open or begin the database at `path` and bring it to today's shape.

        A damaged file is set aside as `name.damaged-TIME.db`, never deleted, and a new one
        begun; `Database.set_aside` then names it. `Trouble(DATABASE_TOO_NEW)` for a file that a
        newer program wrote, which is left as it is.
        """
        private_folder(path.parent)
        # One process looks, sets aside and migrates at a time: the second finds it done.
        opening = FileLock(path.with_name(f"{path.name}.opening"), clock=clock)
        with opening.holding(seconds=_OPENING_SECONDS):
            set_aside = None if _usable(path) else _put_aside(path, clock)
            _create_private(path)
            database = cls(path, clock, set_aside)
            connection = database._connect(read_only=False)
            try:
                with database_edge(path):
                    connection.execute("PRAGMA journal_mode = WAL").fetchone()
                    migrate(connection, path, steps)
            except BaseException:
                database.close()
                raise
        database._writer = connection
        database._file = _file_at(path)
        return database

    @property
    def replaced(self) -> bool:
        """Whether another file lies at its path now, because another process put it there.

        What is open is a file that nobody else will ever see then.
        """
        there = _file_at(self.path)
        return self._file is not None and there is not None and there != self._file

    @contextmanager
    def read(self, *, cancel: Cancel | None = None) -> Iterator[Reading]:
        """One consistent state to ask, whatever others write meanwhile.

        With `cancel`, even a long question ends soon after it is stopped, as
        `Trouble(CANCELLED)`. Inside a transaction of the same thread it is the transaction, so it
        sees its changes.
        Do not keep it open while waiting for the network: the log grows as long as it lives.
        """
        current: Reading | None = getattr(self._of_thread, "current", None)
        if current is not None:
            yield current
            return
        with database_edge(self.path):
            connection = self._borrow()
            try:
                connection.set_progress_handler(
                    (lambda: cancel.stopped) if cancel else None, _STEPS_BETWEEN_LOOKS
                )
                connection.execute("BEGIN")
                try:
                    yield Reading(connection, self.path)
                finally:
                    connection.set_progress_handler(None, 0)
                    connection.execute("ROLLBACK")
            finally:
                self._give_back(connection)

    @contextmanager
    def transaction(
        self, *, durable: bool = True, cancel: Cancel | None = None
    ) -> Iterator[Writing]:
        """Changes that all happen, or none where the block raises.

        With `cancel`, even a long statement ends soon after it is stopped, as
        `Trouble(CANCELLED)`. A transaction inside a transaction is a mistake of ours.
        """
        if getattr(self._of_thread, "current", None) is not None:
            raise RuntimeError("a transaction is open in this thread already")
        if not self._writing.acquire(timeout=_BUSY_SECONDS):
            raise Trouble(Code.DATABASE_BUSY, file=self.path.name)
        try:
            connection = self._writer
            if connection is None:
                raise self._over()
            with database_edge(self.path):
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.set_progress_handler(
                    (lambda: cancel.stopped) if cancel else None, _STEPS_BETWEEN_LOOKS
                )
                connection.execute("BEGIN IMMEDIATE")
                try:
                    self._of_thread.current = writing = Writing(connection, self.path)
                    yield writing
                    connection.set_progress_handler(None, 0)
                    connection.execute("COMMIT")
                finally:
                    self._of_thread.current = None
                    connection.set_progress_handler(None, 0)
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        finally:
            self._writing.release()

    def retire(self) -> None:
        """Close it for good, to delete the file: what asks it from now on is cancelled."""
        self._retired = True
        self.close()

    def _over(self) -> Trouble | RuntimeError:
        """What is raised once it is closed: a mistake of ours, unless it was retired."""
        return Trouble(Code.CANCELLED) if self._retired else RuntimeError("the database is closed")

    def close(self) -> None:
        """Close every connection; reads and transactions in progress end first.

        A read that takes too long is cancelled at its next row. Where it asks for none, its
        connection is closed when it ends, never under its hands.
        """
        with self._writing, self._pool:
            self._writer = None
            if not self._pool.wait_for(lambda: not self._lent, timeout=_BUSY_SECONDS):
                for connection in self._lent:
                    connection.interrupt()
                self._pool.wait_for(lambda: not self._lent, timeout=_ENDING_SECONDS)
            for connection in self._all:
                if connection not in self._lent:
                    connection.close()
            self._all[:] = self._lent
            self._idle.clear()

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        with database_edge(self.path):
            # Autocommit; a connection moves between threads, but only one uses it at a time.
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._all.append(connection)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA fullfsync = ON")  # macOS: through the drive's own cache
            connection.execute("PRAGMA cache_size = -4096")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA journal_size_limit = 16777216")
            # What SQLite's own lower() does for ASCII alone, for addresses and for searching.
            connection.create_function("fold", 1, str.casefold, deterministic=True)
            connection.create_function("plain", 1, plain, deterministic=True)
            if read_only:
                connection.execute("PRAGMA query_only = ON")
            return connection

    def _borrow(self) -> sqlite3.Connection:
        with self._pool:
            if self._writer is None:
                raise self._over()
            connection = self._idle.pop() if self._idle else self._connect(read_only=True)
            self._lent.append(connection)
            return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._pool:
            self._lent.remove(connection)
            if self._writer is None:
                self._all.remove(connection)
                connection.close()
            else:
                self._idle.append(connection)
            self._pool.notify_all()


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file this name leads to; None where there is none, or nobody can tell.

    Windows lets nobody take a file away that is open.
    """
    if os.name != "posix":
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _create_private(path: Path) -> None:
    """Make the file for its owner alone before SQLite does; log files inherit its rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if os.name == "posix":
            path.chmod(0o600)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def _usable(path: Path) -> bool:
    """Whether there is no file yet or one that is ours and whole; a newer one counts as whole."""
    if not path.exists():
        return True
    try:
        with database_edge(path):
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            try:
                return looks_like_ours(connection) or version_of(connection) > len(MIGRATIONS)
            finally:
                connection.close()
    except Trouble as trouble:
        if trouble.code is Code.DATABASE_DAMAGED:
            return False
        raise


def _put_aside(path: Path, clock: Clock) -> Path:
    """Move a damaged file and its log away together, so that somebody can look into them."""
    stem = f"{path.stem}.damaged-{clock.now():%Y%m%dT%H%M%SZ}"
    aside = path.with_name(f"{stem}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{stem}-{number}{path.suffix}")
    try:
        for ending in ("-wal", "-shm", ""):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    return aside
