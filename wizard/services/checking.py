"""Finding out what is wrong, for window and command line: the checks and the support file."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.files import disk_trouble
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import Listen
from wizard.services.contract.checking import Check, ReportView, SupportFile
from wizard.services.diagnostics import check_self, check_set_up
from wizard.services.logs import log_path
from wizard.services.support_file import Collected, support_name, support_text

if TYPE_CHECKING:
    from wizard.services.workbench import LocalWorkbench

__all__ = ["Checking", "save_text"]


class Checking:
    """Implements `wizard.services.contract.checking.CheckingCalls`."""

    def __init__(self, bench: LocalWorkbench) -> None:
        self._bench = bench
        self._lock = threading.Lock()
        self._seen: Sequence[Check] = ()

    def check_everything(self, listen: Listen, cancel: Cancel) -> Sequence[Check]:
        """See `CheckingCalls.check_everything`."""
        found = (*check_set_up(self._bench, cancel, listen), *check_self(cancel, listen))
        with self._lock:
            self._seen = found
        return found

    def support_file(self, cancel: Cancel) -> SupportFile:
        """See `CheckingCalls.support_file`."""
        bench = self._bench
        with self._lock:
            seen = self._seen
        about = Collected(
            engine=bench.engine,
            walk=bench.walk,
            schedule=bench.schedule.view(),
            checks=seen,
            log=log_path(bench.engine.ground.logs),
        )
        name = support_name(bench.engine.ground.clock.now())
        return SupportFile(name=name, text=support_text(about, cancel))

    def save_support_file(self, file: SupportFile, path: Path, *, replace: bool = False) -> Path:
        """See `CheckingCalls.save_support_file`."""
        try:
            if path.is_dir():
                path = path / file.name
        except OSError as problem:  # a name that is too long, or below a closed folder
            raise disk_trouble(problem, path) from problem
        save_text(path, file.text, replace=replace)
        return path

    def report(self) -> ReportView:
        """See `CheckingCalls.report`."""
        return self._bench.engine.desk.view()

    def choose_report(self, folder: Path, cancel: Cancel, *, private: bool) -> ReportView:
        """See `CheckingCalls.choose_report`."""
        return self._bench.engine.desk.choose(folder, cancel, private=private)

    def end_report(self) -> ReportView:
        """See `CheckingCalls.end_report`."""
        return self._bench.engine.desk.end()


def save_text(path: Path, text: str, *, replace: bool) -> None:
    """Write a text for its owner alone, whole or not at all; raises as `save_support_file`."""
    if replace:
        _write_over(path, text.encode())
    else:
        _write_new(path, text.encode())


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, for its owner alone, whole or not at all."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        # Exclusive: neither a file nor a link that somebody put there is ever written through.
        handle = os.open(path, flags, 0o600)
    except FileExistsError as problem:
        raise Trouble(Code.FILE_THERE, file=str(path)) from problem
    except (OSError, ValueError) as problem:
        if isinstance(problem, OSError):
            raise disk_trouble(problem, path) from problem
        # A name that no file can have.
        raise Trouble(Code.FOLDER_NOT_WRITABLE, folder=str(path.parent)) from problem
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise disk_trouble(problem, path) from problem


def _write_over(path: Path, content: bytes) -> None:
    """Write a file in place of what is there, for its owner alone; that stays where it fails."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".support.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = ""
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
