"""What happened to one person, event by event, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from wizard.content.moments import day_and_time, short_day
from wizard.content.person_story import small_first
from wizard.content.text import N_, Message, t, tn
from wizard.content.troubles import trouble_words
from wizard.core.directory import UserState
from wizard.core.people import Event, EventKind, PersonStory
from wizard.core.runs import PlanKind

__all__ = ["ToldEvent", "event_words"]


@dataclass(frozen=True, kw_only=True)
class ToldEvent:
    """One event: an icon's name, a title, a sentence below it, and the moment at the right."""

    icon: str
    title: str
    sentence: str
    moment: str
    warn: bool = False
    ahead: bool = False


_TITLES: Mapping[EventKind, tuple[str, Message]] = MappingProxyType(
    {
        EventKind.CREATED: ("plus", N_("Account created")),
        EventKind.ADOPTED: ("link", N_("Account taken over")),
        EventKind.NAME_CHANGED: ("pencil", N_("Name changed")),
        EventKind.ADDRESS_CHANGED: ("pencil", N_("Address changed")),
        EventKind.DEACTIVATED: ("skip", N_("Account deactivated")),
        EventKind.REACTIVATED: ("again", N_("Account turned on again")),
        EventKind.FAILED: ("warn", N_("Account could not be changed")),
        EventKind.MOVED: ("units", N_("Moved in {workspace}")),
        EventKind.STATE_CHANGED: ("person", N_("Changed in {workspace}")),
        EventKind.RENAMED_THERE: ("pencil", N_("New name in {workspace}")),
        EventKind.READDRESSED_THERE: ("pencil", N_("New address in {workspace}")),
        EventKind.ARRIVED: ("person", N_("New in {workspace}")),
        EventKind.VANISHED: ("minus", N_("No longer in {workspace}")),
        EventKind.LINKED: ("link", N_("Account recognized")),
        EventKind.LEAVING: ("leave", N_("Marked as leaving")),
        EventKind.WILL_END: ("skip", N_("Will be deactivated")),
    }
)
_STATES: Mapping[str, Message] = MappingProxyType(
    {
        UserState.ACTIVE.value: N_("Active again in {workspace}"),
        UserState.SUSPENDED.value: N_("Suspended in {workspace}"),
        UserState.ARCHIVED.value: N_("Archived in {workspace}"),
        UserState.DELETED.value: N_("Deleted in {workspace}"),
    }
)
_FAILED: Mapping[str, Message] = MappingProxyType(
    {
        PlanKind.CREATE.value: N_("Account could not be made"),
        PlanKind.DEACTIVATE.value: N_("Account could not be deactivated"),
    }
)


def event_words(
    event: Event, story: PersonStory, now: datetime, *, workspace: str = "Google"
) -> ToldEvent:
    """One event of a story."""
    icon, title = _TITLES[event.kind]
    if event.kind is EventKind.STATE_CHANGED:
        title = _STATES.get(event.new, title)
    elif event.kind is EventKind.FAILED:
        title = _FAILED.get(event.old, title)
    elif event.kind is EventKind.NAME_CHANGED and event.detail == "family":
        title = N_("Last name changed")
    ahead = event.kind is EventKind.WILL_END
    moment = ""
    if event.at is not None:
        moment = short_day(event.at, now) if ahead else day_and_time(event.at, now)
    return ToldEvent(
        icon=icon,
        title=t(title, workspace=workspace),
        sentence=_SENTENCES[event.kind](event, story, workspace),
        moment=moment,
        warn=event.kind in {EventKind.LEAVING, EventKind.FAILED},
        ahead=ahead,
    )


def _in_scope(event: Event, story: PersonStory, workspace: str) -> str:
    del story, workspace
    by = event.scope_by
    return t("In scope by {by}", by=small_first(by)) if by else ""


def _changed(event: Event, story: PersonStory, workspace: str) -> str:
    del story, workspace
    return f"{event.old} → {event.new}"


def _moved(event: Event, story: PersonStory, workspace: str) -> str:
    del story, workspace
    top = t("the top unit")
    return f"{event.old or top} → {event.new or top}"


def _failed(event: Event, story: PersonStory, workspace: str) -> str:
    del workspace
    if event.code is None:
        return event.detail
    facts = {"address": story.address, "name": story.name, "detail": event.detail}
    return trouble_words(event.code, facts).title


def _gone(event: Event, story: PersonStory, workspace: str) -> str:
    del story, workspace
    return t("Last seen in {unit}", unit=event.old) if event.old else ""


def _grace(event: Event, story: PersonStory, workspace: str) -> str:
    del event, workspace
    if story.grace_days is None or story.ends_at is None:
        return ""
    return tn("{count} day of grace begins", "{count} days of grace begin", story.grace_days)


def _says(words: Message) -> Callable[[Event, PersonStory, str], str]:
    return lambda _event, _story, workspace: t(words, workspace=workspace)


_SENTENCES: Mapping[EventKind, Callable[[Event, PersonStory, str], str]] = MappingProxyType(
    {
        EventKind.CREATED: _in_scope,
        EventKind.ADOPTED: _says(N_("It was there before, at this address")),
        EventKind.NAME_CHANGED: _changed,
        EventKind.ADDRESS_CHANGED: _changed,
        EventKind.DEACTIVATED: _says(N_("Nothing was deleted")),
        EventKind.REACTIVATED: _says(N_("The same account as before")),
        EventKind.FAILED: _failed,
        EventKind.MOVED: _moved,
        EventKind.STATE_CHANGED: _says(N_("Seen when we read the directory")),
        EventKind.RENAMED_THERE: _changed,
        EventKind.READDRESSED_THERE: _changed,
        EventKind.ARRIVED: lambda event, _story, _workspace: event.new,
        EventKind.VANISHED: _gone,
        EventKind.LINKED: _says(N_("By the {workspace} id that it carries")),
        EventKind.LEAVING: _grace,
        EventKind.WILL_END: _says(N_("Unless they are in scope again")),
    }
)
