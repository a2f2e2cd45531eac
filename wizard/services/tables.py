"""Tables saved as CSV: whole or not at all, for their owner alone, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from wizard.core.files import disk_trouble

__all__ = ["harmless", "write_table"]

_RUN_BY_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(_RUN_BY_A_SPREADSHEET) else cell


def write_table(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a CSV file (RFC 4180, UTF-8 with a byte order mark); how many rows it has.

    Rows are taken one by one, so that a large table never is in memory. Raises `Trouble`
    (disk-full, folder-not-writable).
    """
    temporary: str | None = None
    written = 0
    try:
        handle, temporary = tempfile.mkstemp(prefix=".table.", dir=path.parent)
        # The mark tells spreadsheets that names are in UTF-8.
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(list(heading))
            for row in rows:
                writer.writerow([harmless(cell) for cell in row])
                written += 1
        Path(temporary).replace(path)
        temporary = None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
    return written
