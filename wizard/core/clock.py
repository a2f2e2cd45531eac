"""The time of day and the passing of time, replaceable in tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

from wizard.core.cancel import Cancel

__all__ = ["Clock", "SystemClock", "from_text", "to_text"]


class Clock(Protocol):
    """What the product needs to know about time."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; stands still on some systems while the machine sleeps."""
        ...

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        """Wait, or raise `Trouble(CANCELLED)` as soon as `cancel` is stopped."""
        ...


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        """See `Clock.sleep`."""
        cancel.wait(seconds)


def to_text(moment: datetime) -> str:
    """An aware moment as RFC 3339 in UTC with milliseconds, which also sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The moment that an RFC 3339 text names, in UTC; `ValueError` when it is none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return moment.astimezone(UTC)
