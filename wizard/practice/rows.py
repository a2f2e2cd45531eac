"""What the practice organization's databases share: SQLite rows, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Rows"]


class Rows:
    """One SQLite file, used by one asyncio loop; `statements` are kept prepared."""

    def __init__(self, path: Path, *, statements: int) -> None:
        self.rows = sqlite3.connect(path, isolation_level=None, cached_statements=statements)
        self.rows.row_factory = sqlite3.Row
        self.rows.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")

    def close(self) -> None:
        """End the connection; the write-ahead log is folded in."""
        self.rows.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.rows.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.rows.execute("ROLLBACK")
            raise
        self.rows.execute("COMMIT")

    def maybe(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self.rows.execute(sql, values).fetchone()
        return row

    def one(self, sql: str, *values: object) -> sqlite3.Row:
        """The first row, which must be there."""
        row = self.maybe(sql, *values)
        if row is None:
            raise LookupError(sql)
        return row

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows."""
        return self.rows.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> int:
        """Change rows; how many."""
        return self.rows.execute(sql, values).rowcount
