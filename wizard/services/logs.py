"""The log file: owner-only, of limited size, without secrets; logging never stops the program."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from wizard import __version__
from wizard.core.files import private_folder
from wizard.core.redact import RedactingFormatter
from wizard.core.trouble import Trouble

__all__ = ["LogFile", "log_path", "logging_to"]

_LARGEST = 1024 * 1024
_KEPT = 5
_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"
log = logging.getLogger(__name__)


def log_path(folder: Path) -> Path:
    """The newest log file of this folder."""
    return folder / "enterprise-connect.log"


class LogFile(RotatingFileHandler):
    """Writes records to a file that only its owner may read; `failed` counts those it could not."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        self.failed = 0
        super().__init__(
            log_path(folder), maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True
        )
        self.setFormatter(RedactingFormatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name in logging
        """Count it: a full disk must neither stop the work nor fill the terminal."""
        del record
        self.failed += 1

    def close(self) -> None:
        """Close the file, also where its last lines do not fit."""
        with contextlib.suppress(OSError):
            super().close()


@contextlib.contextmanager
def logging_to(folder: Path, *, level: int = logging.INFO) -> Iterator[LogFile | None]:
    """Log to this folder within the block; without a log where the folder can't be used."""
    try:
        handler: LogFile | None = LogFile(folder)
    except Trouble:
        handler = None
    if handler is None:
        yield None
        return
    root = logging.getLogger()
    before = root.level
    handler.setLevel(level)
    root.addHandler(handler)
    root.setLevel(min(before, level) if before else level)
    try:
        log.info("version %s begins", __version__)
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()
