"""The background sync in a few words, for places with room for no more than that."""

from __future__ import annotations

from datetime import datetime, timedelta

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.ui.durations import clock_time

__all__ = ["background_words", "tomorrow_morning", "until_words"]


def until_words(until: datetime | None, now: datetime) -> str:
    """When a pause ends, such as “until 10:31” or “until tomorrow at 08:00”."""
    if until is None:
        return t("until you go on")
    days = (until.astimezone().date() - now.astimezone().date()).days
    if days == 0:
        return t("until {time}", time=clock_time(until))
    if days == 1:
        return t("until tomorrow at {time}", time=clock_time(until))
    return t("until {when}", when=until.astimezone().strftime("%Y-%m-%d %H:%M"))


def tomorrow_morning(now: datetime) -> datetime:
    """Eight o’clock of the next day, where the person is."""
    here = now.astimezone() + timedelta(days=1)
    return here.replace(hour=8, minute=0, second=0, microsecond=0)


def background_words(view: SchedulerView, now: datetime) -> str:
    """One line that says how it is, such as “Kept in step, next sync at 10:31”."""
    match view.state:
        case SchedulerState.RUNNING:
            return _running(view)
        case SchedulerState.PAUSED if view.stands_for:
            return t("Stands still: a sync was taken back")
        case SchedulerState.PAUSED:
            return t("Paused {until}", until=until_words(view.paused_until, now))
        case SchedulerState.NEEDS_PERSON if view.trouble is not None:
            facts = dict(view.last.trouble_facts) if view.last is not None else {}
            return trouble_words(view.trouble, facts).title
        case SchedulerState.STOPPED if view.elsewhere:
            return t("Another computer keeps people in step")
        case SchedulerState.OFF | SchedulerState.STOPPED:
            return t("The sync is off")
    return _waiting(view)


def _running(view: SchedulerView) -> str:
    told = view.progress
    if told is None or not told.total:
        return t("A sync is running")
    # In steps of ten: whoever shows this need not draw it at every person.
    percent = min(100, 10 * (10 * told.done // told.total))
    return t("A sync is running: {percent} %", percent=percent)


def _waiting(view: SchedulerView) -> str:
    if view.overdue:
        return t("It has been too long since a good sync")
    if view.state is SchedulerState.OFFLINE:
        return t("Waiting for the network")
    if view.next_run_at is not None:
        return t("Kept in step, next sync at {time}", time=clock_time(view.next_run_at))
    return t("Kept in step")
