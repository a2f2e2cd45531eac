"""Words for what probably made a plan too large, each with its own repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message, t, tn
from wizard.core.runs import HeldCause, HeldKind

__all__ = [
    "CAUSES",
    "CauseWords",
    "approve_words",
    "cause_words",
    "consequence_words",
    "held_title",
    "otherwise_words",
    "show_all_words",
]


@dataclass(frozen=True, kw_only=True)
class CauseWords:
    """`title` names the cause, `sentence` says what it means, `repair` what usually helps."""

    title: str
    sentence: str
    repair: str


@dataclass(frozen=True, kw_only=True)
class _Entry:
    title: Message
    sentence: Message
    repair: Message


CAUSES: Mapping[HeldCause, _Entry] = MappingProxyType(
    {
        HeldCause.UNIT_GONE: _Entry(
            title=N_("{name} is gone"),
            sentence=N_("Your scope names a unit that the directory no longer has."),
            repair=N_("Put the unit that took its place in the scope."),
        ),
        HeldCause.UNIT_MOVED: _Entry(
            title=N_("{name}: people were moved"),
            sentence=N_("They stand in a unit now that your scope doesn’t name."),
            repair=N_("Put that unit in the scope, or move them back."),
        ),
        HeldCause.GROUP_GONE: _Entry(
            title=N_("{name} is gone"),
            sentence=N_("Your scope names a group that the directory no longer has."),
            repair=N_("Put the group that took its place in the scope."),
        ),
        HeldCause.GROUP_EMPTIED: _Entry(
            title=N_("{name} lost its members"),
            sentence=N_("They were in your scope by this group and are no longer in it."),
            repair=N_("Check the group in the directory."),
        ),
        HeldCause.SCOPE_EDITED: _Entry(
            title=N_("The scope was changed"),
            sentence=N_("Somebody edited who is synced, and these people fell out of it."),
            repair=N_("Look at the scope, and put back what was taken out by mistake."),
        ),
        HeldCause.EXCLUDED: _Entry(
            title=N_("{name} is left out now"),
            sentence=N_("An exclusion in your scope applies to these people."),
            repair=N_("Take the exclusion out if it wasn’t meant for them."),
        ),
        HeldCause.OUT_OF_SCOPE: _Entry(
            title=N_("They are no longer in your scope"),
            sentence=N_("The directory still has them; nothing in your scope names them now."),
            repair=N_("Look at the scope, and at where they stand in the directory."),
        ),
        HeldCause.VANISHED: _Entry(
            title=N_("No longer in the directory"),
            sentence=N_("They were there at the last sync and are not there now."),
            repair=N_("Check some of them in the directory before you go on."),
        ),
        HeldCause.SUSPENDED: _Entry(
            title=N_("Suspended in the directory"),
            sentence=N_("An admin suspended or archived these people."),
            repair=N_("If that was a mistake, restore them in the directory."),
        ),
        HeldCause.PROTECTED: _Entry(
            title=N_("{name} is protected"),
            sentence=N_("Owners and protected accounts never leave by a sync."),
            repair=N_("Put them back in the scope, or take them off the protected list."),
        ),
        HeldCause.BUSY_DAY: _Entry(
            title=N_("Many changes in one day"),
            sentence=N_("With the syncs of the last 24 hours together, it is over the limit."),
            repair=N_("Check what the syncs before did. Tomorrow it goes on by itself."),
        ),
        HeldCause.MANY_NEW: _Entry(
            title=N_("Many new people"),
            sentence=N_("More people came into your scope than usual."),
            repair=N_("Check whether the scope became wider than you meant."),
        ),
        HeldCause.MANY_CHANGED: _Entry(
            title=N_("Many changed at once"),
            sentence=N_("Names or addresses of many people are different in the directory now."),
            repair=N_("Check a few of them, then go on."),
        ),
        HeldCause.NO_PREVIEW: _Entry(
            title=N_("Nobody has seen a preview yet"),
            sentence=N_("The first sync does only what its preview showed."),
            repair=N_("Make the preview and look at it."),
        ),
        HeldCause.NOT_IN_PREVIEW: _Entry(
            title=N_("More than the preview showed"),
            sentence=N_("The directory changed after you looked at the preview."),
            repair=N_("Make the preview again and look at what is new."),
        ),
        HeldCause.SETTINGS_UNREADABLE: _Entry(
            title=N_("The settings could not be read"),
            sentence=N_("Without fresh settings nobody is deactivated."),
            repair=N_("Wait until the account service answers again."),
        ),
        HeldCause.LINKS_NOT_REBUILT: _Entry(
            title=N_("The links are not known again yet"),
            sentence=N_("Without knowing whose account is whose, nobody is removed."),
            repair=N_("Let the next sync read the accounts again."),
        ),
    }
)
"""Why so many; `{name}` is the unit, group or person."""


def cause_words(cause: HeldCause, name: str = "") -> CauseWords:
    """The words for one cause; `name` is the unit, group or person that it is about."""
    entry = CAUSES[cause]
    shown = name or t("A part of your scope")
    return CauseWords(
        title=t(entry.title, name=shown), sentence=t(entry.sentence), repair=t(entry.repair)
    )


def held_title(kind: HeldKind, people: int) -> str:
    """What the guard stopped, as a headline."""
    if kind is HeldKind.CREATE:
        return tn(
            "This sync would make {count} account", "This sync would make {count} accounts", people
        )
    if kind is HeldKind.UPDATE:
        return tn(
            "This sync would change {count} account",
            "This sync would change {count} accounts",
            people,
        )
    return tn(
        "This sync would deactivate {count} person",
        "This sync would deactivate {count} people",
        people,
    )


def approve_words(kind: HeldKind, people: int) -> str:
    """What the button says that lets the next sync go on with all who are held."""
    if kind is HeldKind.CREATE:
        return tn("Make {count} account", "Make {count} accounts", people)
    if kind is HeldKind.UPDATE:
        return tn("Change {count} account", "Change {count} accounts", people)
    return tn("Deactivate {count} person", "Deactivate {count} people", people)


def show_all_words(people: int) -> str:
    """What the button says that lists everyone who is held."""
    return tn("Show the {count} person", "Show all {count}", people)


def consequence_words(kind: HeldKind, grace_days: int | None) -> str:
    """What happens to those held once a person lets the sync go on."""
    if kind is HeldKind.CREATE:
        return t("Each of them gets an account with the next sync.")
    if kind is HeldKind.UPDATE:
        return t("Their accounts get the new names and addresses with the next sync.")
    kept = t("Nothing is deleted, and who comes back gets the same account.")
    if grace_days is None:
        when = t("Who is suspended loses access at once, the others after the grace period.")
    elif grace_days:
        when = tn(
            "Who is suspended loses access at once, the others in {count} day.",
            "Who is suspended loses access at once, the others in {count} days.",
            grace_days,
        )
    else:
        when = t("They lose access with the next sync.")
    return f"{when} {kept}"


def otherwise_words(kind: HeldKind) -> str:
    """What happens as long as nobody decides."""
    if kind is HeldKind.CREATE:
        return t("If you do nothing, none of these accounts is made. The sync asks again.")
    if kind is HeldKind.UPDATE:
        return t("If you do nothing, these accounts stay as they are. The sync asks again.")
    return t("If you do nothing, nobody leaves. The sync does the rest and asks again.")
