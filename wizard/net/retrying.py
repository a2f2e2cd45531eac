"""When a request is worth repeating, and how long to wait before."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wizard.net.answers import Answer

__all__ = ["LONGEST_WAIT", "TRANSIENT", "Pace", "retry_after"]

TRANSIENT = frozenset({429, 502, 503, 504})
"""Statuses that pass by themselves (RFC 9110 section 15.6, RFC 6585 section 4)."""

LONGEST_WAIT = 120.0
"""Seconds. Who is told to come back later than that is told so, instead of kept waiting."""

_FIRST, _LONGEST_BACKOFF = 0.5, 30.0


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds that the other side asks us to wait (RFC 9110 section 10.2.3), None if it doesn't.

    Both forms are read: a number of seconds, and a date, which is compared with the `Date` of
    the same answer where it has one, so that a wrong clock here does no harm.
    """
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isdecimal():
        return float(text[:9])
    then = _date(text)
    if then is None:
        return None
    return max(0.0, (then - (_date(answer.headers.get("date", "")) or now)).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class Pace:
    """The waits between attempts: exponential, with full jitter, so that clients spread out."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def wait(self, attempt: int, asked: float | None) -> float:
        """Seconds before the next try; `attempt` counts from 1; `asked` is a lower bound."""
        highest = min(_LONGEST_BACKOFF, _FIRST * math.pow(2.0, attempt - 1))
        drawn = self._random.uniform(0.0, highest)
        # A little is added to what was asked for: many clients were asked for the same.
        return drawn if asked is None else asked + drawn / 10.0
