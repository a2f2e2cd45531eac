"""What the background sync needs of the sync itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.runs import RunProgress, RunReport, Trigger

__all__ = ["Runner"]


class Runner(Protocol):
    """What the scheduler needs of the sync."""

    def run(
        self, trigger: Trigger, cancel: Cancel, listen: Callable[[RunProgress], None]
    ) -> RunReport:
        """One whole run; what goes wrong in the world is in the report, not raised."""
        ...

    def interval_minutes(self) -> int:
        """Minutes between two runs, by the settings last read."""
        ...

    def last_report(self) -> RunReport | None:
        """The newest finished run, from any start of the program."""
        ...

    def last_good_at(self) -> datetime | None:
        """When the newest run ended that did what it was for, from any start of the program."""
        ...

    def last_started(self) -> datetime | None:
        """When the newest run began, finished or not."""
        ...

    def off(self) -> bool:
        """Whether provisioning was off when that was last known; from memory."""
        ...

    def elsewhere(self) -> bool:
        """Whether somebody left it to another computer. May read the disk: asked without a lock."""
        ...
