"""Moments as people say them: today by the hour, this week by the day, else by the date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wizard.content.moments import DATED
from wizard.content.text import N_, t, tn

__all__ = [
    "ago_words",
    "at_words",
    "clock",
    "day_words",
    "month_words",
    "short_words",
    "table_words",
]

_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_SHORT_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_A_WEEK = 7


def clock(moment: datetime) -> str:
    """The time of day where the person is, such as 7:58."""
    here = moment.astimezone()
    return f"{here.hour}:{here.minute:02d}"


def month_words(day: date) -> str:
    """A day with its month, such as “10 November”."""
    return t("{day} {month}", day=day.day, month=t(_MONTHS[day.month - 1]))


def day_words(day: date, today: date) -> str:
    """A day by itself: “Today”, “Yesterday”, “Saturday”, “10 November”."""
    ago = (today - day).days
    if ago == 0:
        return t("Today")
    if ago == 1:
        return t("Yesterday")
    if 0 < ago < _A_WEEK:
        return t(_DAYS[day.weekday()])
    return month_words(day)


def at_words(moment: datetime, now: datetime) -> str:
    """Within a sentence: “at 10:42”, “yesterday at 10:42”, “on Saturday at 10:42”."""
    here, today = moment.astimezone(), now.astimezone().date()
    time = clock(moment)
    ago = (today - here.date()).days
    if DATED.get():
        return t("on {day} at {time}", day=month_words(here.date()), time=time)
    if ago == 0:
        return t("at {time}", time=time)
    if ago == 1:
        return t("yesterday at {time}", time=time)
    if ago == -1:
        return t("tomorrow at {time}", time=time)
    return t("on {day} at {time}", day=day_words(here.date(), today), time=time)


def short_words(moment: datetime, now: datetime) -> str:
    """Beside a line: “10:42” today, the day alone before."""
    here, today = moment.astimezone(), now.astimezone().date()
    return clock(moment) if here.date() == today else day_words(here.date(), today)


def table_words(moment: datetime, now: datetime) -> str:
    """In a column: “Today 10:42”, “Sat 21, 16:58”, “10 November”."""
    here, today = moment.astimezone(), now.astimezone().date()
    if here.date() == today:
        return t("Today {time}", time=clock(moment))
    if today - here.date() < timedelta(days=28):
        short = t(_SHORT_DAYS[here.weekday()])
        return t("{day} {number}, {time}", day=short, number=here.day, time=clock(moment))
    return month_words(here.date())


def ago_words(since: datetime, now: datetime) -> str:
    """How long ago, in words that don't flicker: “20 minutes”, “7 hours”, “3 days”."""
    seconds = max(0.0, (now - since).total_seconds())
    if seconds < 5400:
        return tn("{count} minute", "{count} minutes", max(1, round(seconds / 60)))
    if seconds < 2 * 86400:
        return tn("{count} hour", "{count} hours", round(seconds / 3600))
    return tn("{count} day", "{count} days", round(seconds / 86400))
