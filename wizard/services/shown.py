"""What the background sync shows while nothing runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wizard.services.schedule import SchedulerState
from wizard.services.timetable import Standing

__all__ = ["STATES", "TOLD", "Shown"]

STATES = {
    Standing.GOOD: SchedulerState.WAITING,
    Standing.CANCELLED: SchedulerState.WAITING,
    Standing.BUSY: SchedulerState.WAITING,
    Standing.OFF: SchedulerState.OFF,
    Standing.OFFLINE: SchedulerState.OFFLINE,
    Standing.NEEDS_PERSON: SchedulerState.NEEDS_PERSON,
}

TOLD = frozenset({Standing.NEEDS_PERSON, Standing.OFFLINE})
"""After these the trouble is told with the state."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What listeners hear while nothing runs."""

    state: SchedulerState
    until: datetime | None
    overdue: bool
    stands_for: str
