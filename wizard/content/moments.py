"""Days and times as people say them, in the place where they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from wizard.content.text import N_, t

__all__ = ["DATED", "dated", "day", "day_and_time", "short_day", "since"]

DATED: ContextVar[bool] = ContextVar("dated", default=False)
"""Whether what is said now is read on another day: no “today”, and no “yesterday”."""


@contextmanager
def dated() -> Iterator[None]:
    """Within the block every moment is told with its date, for what is written down."""
    token = DATED.set(True)
    try:
        yield
    finally:
        DATED.reset(token)


_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_SHORT = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
    N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def day(moment: datetime, now: datetime) -> str:
    """A day in a sentence, such as “4 December”; the year where it is another one."""
    here = moment.astimezone()
    words = t("{day} {month}", day=here.day, month=t(_MONTHS[here.month - 1]))
    return words if here.year == now.astimezone().year else f"{words} {here.year}"


def short_day(moment: datetime, now: datetime) -> str:
    """A day in a column, such as “4 Dec”."""
    here = moment.astimezone()
    words = t("{day} {month}", day=here.day, month=t(_SHORT[here.month - 1]))
    return words if here.year == now.astimezone().year else f"{words} {here.year}"


def day_and_time(moment: datetime, now: datetime) -> str:
    """A moment in a column, such as “16 Nov 8:12”."""
    here = moment.astimezone()
    return f"{short_day(moment, now)} {here.hour}:{here.minute:02}"


def since(moment: datetime, now: datetime) -> str:
    """A moment in a sentence: “today at 10:42”, “yesterday at 9:05”, “on 2 October at 8:12”."""
    here, today = moment.astimezone(), now.astimezone()
    time = f"{here.hour}:{here.minute:02}"
    days = (today.date() - here.date()).days if not DATED.get() else -1
    if days == 0:
        return t("today at {time}", time=time)
    if days == 1:
        return t("yesterday at {time}", time=time)
    return t("on {day} at {time}", day=day(moment, now), time=time)
