"""The last lines of the log, across the files that it was cut into."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

__all__ = ["last_lines"]

_LONGEST = 2_000
_AT_ONCE = 256 * 1024


def last_lines(newest: Path, *, at_most: int) -> Sequence[str]:
    """The last lines, the oldest first; `newest` is the file that is written to now.

    Only the end of a file is read, and a line is cut at 2,000 characters. Raises `OSError` for a
    file that is there and can't be read.
    """
    lines: deque[str] = deque(maxlen=at_most)
    for path in (newest.with_name(f"{newest.name}.1"), newest):
        lines.extend(line[:_LONGEST] for line in _end_of(path))
    return list(lines)


def _end_of(path: Path) -> Sequence[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _AT_ONCE))
            content = file.read(_AT_ONCE).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    lines = content.split("\n")
    return [line for line in (lines if size <= _AT_ONCE else lines[1:]) if line.strip()]
