"""Times of day and durations in words."""

from __future__ import annotations

from datetime import datetime

from wizard.content.text import t, tn

__all__ = ["clock_time", "left_words", "seconds_words"]


def clock_time(moment: datetime) -> str:
    """The time of day where the person is, such as 10:31."""
    return moment.astimezone().strftime("%H:%M")


def seconds_words(seconds: float) -> str:
    """A short duration, such as “12 s” or “3 min”."""
    whole = max(0, round(seconds))
    if whole < 120:
        return t("{count} s", count=whole)
    return t("{count} min", count=round(whole / 60))


def left_words(seconds: float) -> str:
    """What is left, rounded so that it does not flicker."""
    if seconds < 50:
        return t("Less than a minute left")
    return tn(
        "About {count} minute left", "About {count} minutes left", max(1, round(seconds / 60))
    )
