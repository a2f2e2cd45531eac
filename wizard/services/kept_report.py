"""Whether a helpdesk report is written, where to, and how the last one went; kept in the unit."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Fact, Trouble

__all__ = ["KeptReport", "LastReport", "ReportChoice", "failed_report", "forget_report"]

log = logging.getLogger(__name__)
T = TypeVar("T")
_CHOICE, _LAST = "helpdesk-report.json", "helpdesk-report-last.json"
_LARGEST = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class ReportChoice:
    """`folder` is absolute; `private`: the report names nobody."""

    folder: str
    private: bool = False
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class LastReport:
    """How the last one went: `file` is what was written last, and `written_at` when.

    `code` is why the newest one could not be written, '' where it was.
    """

    file: str = ""
    written_at: datetime | None = None
    people: int = 0
    size: int = 0
    code: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()

    @property
    def trouble(self) -> Trouble | None:
        """Why the newest could not be written."""
        if self.code not in set(Code):
            return None
        facts = {name: value for name, value in self.facts if name != "retry_after"}
        return Trouble(Code(self.code), retry_after=None, **facts)


class KeptReport:
    """Two small files in the unit's folder, which go where the unit goes when it is erased.

    They stay when a set-up is moved: the folder is one of this computer.
    """

    def __init__(self, folder: Path) -> None:
        self._choice = folder / _CHOICE
        self._last = folder / _LAST

    def choice(self) -> ReportChoice | None:
        """What was chosen; None where no report is written. Raises `Trouble` of the disk."""
        return _read(self._choice, ReportChoice)

    def last(self) -> LastReport:
        """How the last one went. Raises `Trouble` of the disk."""
        return _read(self._last, LastReport) or LastReport()

    def choose(self, choice: ReportChoice) -> None:
        """Write reports so from now on. Raises `Trouble` of the disk."""
        replace_file(self._choice, msgspec.json.encode(choice))

    def went(self, last: LastReport) -> None:
        """Remember how it went. Raises `Trouble` of the disk."""
        replace_file(self._last, msgspec.json.encode(last))

    def forget(self) -> None:
        """Write none any more, and know of none. Raises `Trouble` of the disk."""
        for path in (self._choice, self._last):
            try:
                path.unlink(missing_ok=True)
            except OSError as problem:
                raise disk_trouble(problem, path) from problem


def failed_report(folder: Path) -> Trouble | None:
    """Why the newest helpdesk report of this unit could not be written, where one is wanted."""
    kept = KeptReport(folder)
    try:
        return kept.last().trouble if kept.choice() is not None else None
    except Trouble as trouble:
        return trouble


def forget_report(folder: Path) -> str:
    """Write no report for this unit any more, and delete the last one; where one was left.

    What can't be deleted, in a folder that is not there now, is for whoever named it: its path is
    the answer, else ''. Raises `Trouble` of the disk for what is kept here.
    """
    kept = KeptReport(folder)
    file = kept.last().file
    left = ""
    if file:
        try:
            Path(file).unlink(missing_ok=True)
        except (OSError, ValueError) as problem:
            log.warning("the last helpdesk report could not be deleted: %s", type(problem).__name__)
            left = file
    kept.forget()
    return left


def _read(path: Path, shape: type[T]) -> T | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_LARGEST), type=shape)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    except (ValueError, msgspec.MsgspecError) as problem:
        log.info("%s could not be understood: %s", path.name, type(problem).__name__)
        return None
