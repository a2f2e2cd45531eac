"""What window and command line may ask to find out what is wrong: checks, support file, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.views import FindingState, FindingView, Listen

__all__ = ["Check", "CheckBegun", "CheckingCalls", "ReportView", "SupportFile"]


@dataclass(frozen=True, kw_only=True)
class CheckBegun:
    """Event: this check has begun; `title` says what is looked at."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check with its words: `title` says what was looked at, `detail` what was found.

    `to_do` is '' where nothing is to do; `topic` is the id of the help topic, '' for none.
    """

    view: FindingView
    title: str
    detail: str
    to_do: str = ""
    topic: str = ""

    @property
    def id(self) -> str:
        """Which check it is."""
        return self.view.id

    @property
    def state(self) -> FindingState:
        """How it ended."""
        return self.view.state

    @property
    def code(self) -> Code | None:
        """The trouble's code, where it is one."""
        return self.view.code


@dataclass(frozen=True, kw_only=True)
class SupportFile:
    """A support file as it would be saved: `name` is what it is called unless a person says so."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """The helpdesk report: `folder` is None where none is written.

    `file` is the newest one, '' for none, of `people`, `size` bytes large; `trouble` is why the
    last try came to nothing.
    """

    folder: Path | None = None
    private: bool = False
    file: str = ""
    written_at: datetime | None = None
    people: int = 0
    size: int = 0
    trouble: Trouble | None = None


class CheckingCalls(Protocol):
    """Finding out what is wrong. Every call reads the disk or asks the network."""

    def check_everything(self, listen: Listen, cancel: Cancel) -> Sequence[Check]:
        """Check the set-up and the program, one after the other; events: `CheckBegun`, `Check`.

        What depends on something that failed is left out. Raises `Trouble(CANCELLED)`.
        """
        ...

    def support_file(self, cancel: Cancel) -> SupportFile:
        """The support file with the checks as they were looked at last; nothing is written."""
        ...

    def save_support_file(self, file: SupportFile, path: Path, *, replace: bool = False) -> Path:
        """Write it for its owner alone; where. A folder gets it under its own name.

        `replace`: a person agreed that a file of this name goes. Raises `Trouble`: file-there,
        disk-full, folder-not-writable.
        """
        ...

    def report(self) -> ReportView:
        """Whether a helpdesk report is written after each run, and how the last one went."""
        ...

    def choose_report(self, folder: Path, cancel: Cancel, *, private: bool) -> ReportView:
        """Write one now, and after every run from now on; `private`: it names nobody.

        The folder must be there; what was written to another one is deleted. Raises `Trouble`:
        folder-not-writable, disk-full, connection-not-active, not-the-syncer (another computer's
        task it is, and its page), and nothing is chosen then.
        """
        ...

    def end_report(self) -> ReportView:
        """Write none any more, and delete the last one; its `file` where that can't be done."""
        ...
