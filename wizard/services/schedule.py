"""The background sync as window and command line see it: what it does now, and its controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from wizard.core.runs import RunProgress, RunReport, Trigger
from wizard.core.trouble import Code

__all__ = ["Pause", "SchedulerState", "SchedulerView", "SyncSchedule"]


class SchedulerState(StrEnum):
    """What the background thread is doing."""

    STOPPED = "stopped"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    OFF = "off"
    NEEDS_PERSON = "needs-person"
    OFFLINE = "offline"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A person's choice that nothing runs: until then, or, for None, until they say so."""

    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SchedulerView:
    """The background sync now; `trouble` is why it needs a person, or can't be reached.

    `overdue` is True when it has been too long since a run was good, which is to be said aloud.
    `paused_until` is when a pause ends by itself, None while it has no end. `stands_for` is the run
    that took one back and for which it stands still, '' while it doesn't. `slept_at` is when
    this computer was seen to have slept, None once a run has made up for it. `elsewhere`: it has
    stopped because another computer does it.
    """

    state: SchedulerState
    next_run_at: datetime | None = None
    last: RunReport | None = None
    progress: RunProgress | None = None
    trouble: Code | None = None
    overdue: bool = False
    last_good_at: datetime | None = None
    paused_until: datetime | None = None
    stands_for: str = ""
    elsewhere: bool = False
    slept_at: datetime | None = None


class SyncSchedule(Protocol):
    """The background thread that keeps accounts in step."""

    def view(self) -> SchedulerView:
        """What it does now."""
        ...

    def listen(self, listener: Callable[[SchedulerView], None]) -> Callable[[], None]:
        """Hear every change, on its thread; the answer ends the listening."""
        ...

    def start(self) -> None:
        """Begin; at once where a run is due."""
        ...

    def run_now(self, trigger: Trigger = Trigger.PERSON) -> None:
        """Run as soon as nothing else runs."""
        ...

    def pause(self, until: datetime | None = None) -> None:
        """Stand still, a run in progress too, at its next safe point; until then or `resume`.

        It is a choice that is kept: the next start of the program stands still as well. Where
        nothing goes on there is nothing to see of it.
        """
        ...

    def resume(self) -> None:
        """Go on, also where it stands still because a run was taken back."""
        ...

    def look_again(self) -> None:
        """Look at once whether a run was taken back, which it would notice a little later."""
        ...

    def cancel_run(self) -> None:
        """End the run in progress; what was written stays, the next run goes on from there."""
        ...

    def stop(self) -> None:
        """End the thread and wait for it."""
        ...
