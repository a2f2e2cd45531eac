"""SQL with typed rows: what may be asked inside a read or a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from wizard.core.trouble import Code, Trouble
from wizard.store.edge import database_edge

__all__ = ["Cell", "Parameters", "Reading", "Writing"]

T = TypeVar("T")
Cell = str | int | float | bytes | None
Parameters = Sequence[Cell] | Mapping[str, Cell]
_FETCH = 512


class Reading:
    """Asks questions of one consistent state of the database; for the thread that opened it.

    A shape is a (frozen, keyword-only) dataclass or msgspec struct with a field for each column
    of the statement; 0 and 1 become bools, text becomes enums where the field says so.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def rows(self, shape: type[T], sql: str, parameters: Parameters = ()) -> Iterator[T]:
        """Each row as it is asked for, in constant memory; ends with the read it belongs to."""
        with database_edge(self._path):
            cursor = self._connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            while chunk := cursor.fetchmany(_FETCH):
                for row in chunk:
                    yield self._shaped(shape, dict(zip(names, row, strict=True)))

    def all(self, shape: type[T], sql: str, parameters: Parameters = ()) -> list[T]:
        """Every row at once, for answers known to be small."""
        return list(self.rows(shape, sql, parameters))

    def first(self, shape: type[T], sql: str, parameters: Parameters = ()) -> T | None:
        """The first row, None where there is none."""
        return next(self.rows(shape, sql, parameters), None)

    def value(self, kind: type[T], sql: str, parameters: Parameters = ()) -> T:
        """The one cell that the statement always answers with, such as a count."""
        found = next(self.values(kind, sql, parameters), None)
        if found is None:
            raise LookupError(f"no value for {sql!r}")
        return found

    def values(self, kind: type[T], sql: str, parameters: Parameters = ()) -> Iterator[T]:
        """The first column of each row."""
        with database_edge(self._path):
            cursor = self._connection.execute(sql, parameters)
            while chunk := cursor.fetchmany(_FETCH):
                for row in chunk:
                    yield self._shaped(kind, row[0])

    def _shaped(self, shape: type[T], found: object) -> T:
        try:
            return msgspec.convert(found, type=shape, strict=False)
        except msgspec.ValidationError as problem:
            raise Trouble(
                Code.DATABASE_DAMAGED, file=self._path.name, folder=str(self._path.parent)
            ) from problem


class Writing(Reading):
    """Asks and changes, inside one transaction."""

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement; how many rows it changed (0 for a statement about tables)."""
        with database_edge(self._path):
            return max(0, self._connection.execute(sql, parameters).rowcount)

    def many(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run one statement for each row; how many rows it changed."""
        with database_edge(self._path):
            return max(0, self._connection.executemany(sql, rows).rowcount)
