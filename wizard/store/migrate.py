"""Brings a database file to today's shape, one numbered step a transaction, copy first."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from wizard.core.files import disk_trouble
from wizard.core.trouble import Code, Trouble

__all__ = ["APPLICATION_ID", "copy_before", "looks_like_ours", "migrate", "version_of"]

APPLICATION_ID = 0x45435331
"""Marks the file as ours in its header ("ECS1"), so that a foreign one is noticed."""


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps the file has seen; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def looks_like_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file is empty or carries our mark, and holds together.

    `quick_check` reads every page: about 0.1 s for 100,000 people.
    """
    marked = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and not marked:
        return False
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[str]) -> None:
    """Run the steps that the file has not seen; `Trouble(DATABASE_TOO_NEW)` for a newer one.

    The connection must be in autocommit mode. Each step is whole or not at all; before the
    first one the file is copied to `name.before-N.db`, N being the version it is brought to.
    """
    found = version_of(connection)
    if found > len(steps):
        raise Trouble(Code.DATABASE_TOO_NEW, file=path.name, found=found, known=len(steps))
    if 0 < found < len(steps):
        copy_before(connection, path, len(steps))
    for number, step in enumerate(steps, start=1):
        _run(connection, number, step)


def _run(connection: sqlite3.Connection, number: int, step: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Looked at again under the lock: another process may have been faster.
        if version_of(connection) < number:
            for statement in _statements(step):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; `executescript` would commit in between."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip(" \n;"):
        raise ValueError(f"a migration ends in the middle of a statement: {statement!r}")


def copy_before(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the whole database, what is still in its log too, beside it for its owner alone."""
    copy = path.with_name(f"{path.stem}.before-{version}{path.suffix}")
    unfinished = copy.with_name(f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        target = sqlite3.connect(unfinished)
        try:
            connection.backup(target)
        finally:
            target.close()
        unfinished.replace(copy)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        unfinished.unlink(missing_ok=True)
    return copy
