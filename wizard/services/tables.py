"""Tables saved as CSV: whole or not at all, for their owner alone, harmless in a spreadsheet."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from wizard.core.files import disk_trouble
from wizard.core.tables import write_rows

__all__ = ["table_file", "write_table"]


@contextmanager
def table_file(path: Path) -> Iterator[TextIO]:
    """A file for a table (UTF-8 with a byte order mark), which is there once it is whole.

    Raises `Trouble` (disk-full, folder-not-writable); what was there before stays then, as it
    does after any other exception in between.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".table.", dir=path.parent)
        # The mark tells spreadsheets that names are in UTF-8.
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            yield file
        Path(temporary).replace(path)
        temporary = None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def write_table(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Save these rows; how many there are. They are taken one by one. Raises as `table_file`."""
    with table_file(path) as file:
        return write_rows(file, heading, rows)
