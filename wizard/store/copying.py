"""A database as it is now, in one piece, also while others read it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from wizard.core.files import disk_trouble
from wizard.core.trouble import Code, Trouble

__all__ = ["copied"]


def copied(path: Path, *, largest: int) -> bytes | None:
    """The content of a copy; None where there is no database, or one of more bytes than that.

    Raises `Trouble` (disk-full, folder-not-writable, database-damaged, database-busy).
    """
    aside = path.with_name(f"{path.name}.copy")
    try:
        if not path.exists():
            return None
        aside.unlink(missing_ok=True)
        # An empty file of the owner's alone, which SQLite then fills.
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(path, timeout=30.0, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(aside),))
        with aside.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    except sqlite3.OperationalError as problem:
        full = problem.sqlite_errorcode == sqlite3.SQLITE_FULL
        code = Code.DISK_FULL if full else Code.DATABASE_BUSY
        raise Trouble(code, folder=str(path.parent)) from problem
    except sqlite3.DatabaseError as problem:
        raise Trouble(Code.DATABASE_DAMAGED, file=str(path)) from problem
    finally:
        aside.unlink(missing_ok=True)
    return content if len(content) <= largest else None
