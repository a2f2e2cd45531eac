"""Logs for a service manager: one JSON object a line, redacted like the log file."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TextIO

from wizard.core.clock import to_text
from wizard.core.redact import RedactingFormatter, redact

__all__ = ["JsonLines", "event", "logging_lines"]

log = logging.getLogger("wizard.service")
MESSAGE = "message"
"""The event of a line that is only told."""
_BEGINS, _ENDS = "run-started", "run-ended"
_OF_LINE = frozenset({"time", "level", "event", "run", "code", "logger", "message"})


def event(
    name: str,
    words: str,
    *,
    level: int = logging.INFO,
    run: str = "",
    code: str = "",
    figures: Mapping[str, object] | None = None,
) -> None:
    """Log something that a program is to recognize by `name`.

    `words` say it for people, `code` is that of a trouble, `figures` are added to the line.
    """
    more = {"event": name, "run": run, "code": code, "figures": dict(figures or {})}
    log.log(level, "%s", words, extra=more)


class _OneLine(RedactingFormatter):
    """A record as one JSON object; what a run's own thread says carries the run's id."""

    def __init__(self) -> None:
        super().__init__("%(message)s")
        self._runs: dict[int | None, str] = {}
        self._guard = threading.Lock()

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        name = _text(record, "event") or MESSAGE
        line: dict[str, object] = {
            "time": to_text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": name,
            "run": self._run(record, name),
            "code": _text(record, "code"),
            "logger": record.name,
            "message": super().format(record),
        }
        figures = getattr(record, "figures", {})
        for key, value in figures.items() if isinstance(figures, dict) else ():
            if key not in _OF_LINE:
                line[key] = value if isinstance(value, bool | int | float) else redact(str(value))
        return json.dumps(line, ensure_ascii=False)

    def _run(self, record: logging.LogRecord, name: str) -> str:
        own = _text(record, "run")
        with self._guard:
            if name == _BEGINS:
                self._runs[record.thread] = own
            known = own or self._runs.get(record.thread, "")
            if name == _ENDS:
                self._runs.clear()
        return known


def _text(record: logging.LogRecord, name: str) -> str:
    found = getattr(record, name, "")
    return found if isinstance(found, str) else ""


class JsonLines(logging.StreamHandler[TextIO]):
    """Writes the lines; whoever no longer reads them stops nothing."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setLevel(logging.INFO)
        self.setFormatter(_OneLine())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name in logging
        """Nothing: the log file has the record as well."""
        del record


@contextlib.contextmanager
def logging_lines(stream: TextIO | None = None) -> Iterator[None]:
    """Log to a stream within the block, by default to standard error."""
    handler = JsonLines(stream or sys.stderr)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(min(before, logging.INFO) if before else logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()
