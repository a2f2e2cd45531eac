"""For how long plans, runs and evidence are kept on this computer: a person's choice."""

from __future__ import annotations

from datetime import datetime, timedelta

from wizard.core.clock import to_text
from wizard.store.statements import Reading, Writing

__all__ = [
    "LEAST_DAYS",
    "MOST_DAYS",
    "USUAL_DAYS",
    "choose_days",
    "days_kept",
    "forget_old",
    "kept_since",
]

LEAST_DAYS, USUAL_DAYS, MOST_DAYS = 14, 90, 730
"""Less would take away what a limit or a question of the last days depends on."""


def days_kept(reading: Reading) -> int:
    """How many days of runs are kept."""
    days = next(reading.values(int, "SELECT keep_days FROM connection"), USUAL_DAYS)
    return max(LEAST_DAYS, min(days, MOST_DAYS))


def kept_since(reading: Reading, now: datetime) -> datetime:
    """What is older than this is forgotten; `now` is aware."""
    return now - timedelta(days=days_kept(reading))


def choose_days(writing: Writing, days: int) -> None:
    """Keep so many days from now on, as far as that is sensible."""
    writing.execute("UPDATE connection SET keep_days = ?", (max(LEAST_DAYS, min(days, MOST_DAYS)),))


def forget_old(writing: Writing, now: datetime) -> None:
    """Forget, beside runs, what was noted longer ago: changes, and runs that could not begin."""
    limit = to_text(kept_since(writing, now))
    writing.execute("DELETE FROM directory_change WHERE seen_at < ?", (limit,))
    writing.execute("DELETE FROM unbegun_run WHERE finished_at < ?", (limit,))
