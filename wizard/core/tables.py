"""Rows as CSV, with no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

__all__ = ["harmless", "write_rows"]

_RUN_BY_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(_RUN_BY_A_SPREADSHEET) else cell


def write_rows(file: TextIO, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a table as CSV (RFC 4180); how many rows it has, without the heading.

    Rows are taken one by one, so that a large table never is in memory. The file is opened with
    `newline=""`: it is the table that ends its lines.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(list(heading))
    written = 0
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        written += 1
    return written
