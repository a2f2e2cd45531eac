"""What is known of one person in words: what it comes to, why, and what keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wizard.content.moments import day
from wizard.content.people import reason_words
from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.directory import UserState
from wizard.core.people import EventKind, PersonStory, ProtectedBy, Standing
from wizard.core.runs import Reason

__all__ = [
    "OPERATIONS",
    "Verdict",
    "could_not_be_written",
    "keep_words",
    "short_name",
    "small_first",
    "verdict",
]

_OUTSIDE = {Reason.OUT_OF_SCOPE, Reason.EXCLUDED, Reason.NO_ADDRESS, Reason.NO_ADDRESS_IN_DOMAIN}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What it comes to: one sentence, a second that says why, and whether somebody must act."""

    headline: str
    sentence: str
    warn: bool = False


def short_name(story: PersonStory) -> str:
    """The given name, as in “Ana’s account”; else what there is."""
    return story.given_name or story.name


# ------------------------------------------------------------------------- what it comes to


def verdict(story: PersonStory, now: datetime, *, workspace: str = "Google") -> Verdict:
    """What everything known of somebody comes to."""
    return _VERDICTS[story.standing](story, now, workspace)


def _in_step(story: PersonStory, now: datetime, workspace: str) -> Verdict:
    name = short_name(story)
    planned = story.planned
    if planned is not None and planned.reason is Reason.LEAVERS_KEPT:
        return Verdict(
            headline=t("{name}’s account stays.", name=name),
            sentence=_why_out(story, workspace) + " " + t("Your settings keep such accounts."),
        )
    if planned is not None and planned.reason in {Reason.PROTECTED, Reason.LAST_OWNER}:
        return Verdict(
            headline=t("{name}’s account stays.", name=name),
            sentence=_why_out(story, workspace) + " " + _protected_words(story),
        )
    failed = _last_failure(story)
    if failed:
        return Verdict(
            headline=t("{name}’s account could not be changed.", name=name),
            sentence=failed,
            warn=True,
        )
    by = story.scope.by if story.scope is not None else ""
    told = t("In scope by {by}.", by=small_first(by)) if by else t("It is in step.")
    if story.standing is Standing.NEW:
        made = next((event.at for event in story.events if event.kind in _MADE), None)
        if made is not None:
            told = t("Since {day}. {more}", day=day(made, now), more=told)
        return Verdict(headline=t("{name} has a new account.", name=name), sentence=told)
    return Verdict(headline=t("{name} has an account.", name=name), sentence=told)


def _leaving(story: PersonStory, now: datetime, workspace: str) -> Verdict:
    name = short_name(story)
    why = _why_out(story, workspace)
    if story.planned is not None and story.planned.reason is Reason.NO_EVIDENCE:
        return Verdict(
            headline=t("{name} seems to have left.", name=name),
            sentence=t(
                "{workspace} could not confirm it, so nothing is done.", workspace=workspace
            ),
            warn=True,
        )
    if story.ends_at is None:
        return Verdict(
            headline=t("{name}’s account is about to end.", name=name), sentence=why, warn=True
        )
    if story.ends_at <= now:
        headline = t("{name}’s account ends with the next sync.", name=name)
    else:
        headline = t("{name}’s account ends on {day}.", name=name, day=day(story.ends_at, now))
    return Verdict(headline=headline, sentence=why, warn=True)


def _to_decide(story: PersonStory, now: datetime, workspace: str) -> Verdict:
    del now
    name = short_name(story)
    planned = story.planned
    if planned is not None and planned.held:
        return Verdict(
            headline=t("A decision about {name} is open.", name=name),
            sentence=t("The safety limits hold this change back until somebody approves it."),
            warn=True,
        )
    reason = planned.reason if planned is not None else Reason.CLAIMED_TWICE
    if reason is Reason.CLAIMED_TWICE:
        others = story.namesakes
        if not others:
            return Verdict(
                headline=t("More than one account is meant for {name}.", name=name),
                sentence=t("Nothing is changed until one of them is taken away."),
                warn=True,
            )
        return Verdict(
            headline=t("Two people use {address}.", address=story.address),
            sentence=t(
                "{name} and {others}. Neither account is touched until a person decides.",
                name=story.name,
                others=", ".join(others),
            ),
            warn=True,
        )
    detail = planned.detail if planned is not None else ""
    sentence = f"{reason_words(reason.value, workspace=workspace)}."
    return Verdict(
        headline=t("Somebody has to decide about {name}.", name=name),
        sentence=f"{sentence} {detail}".strip(),
        warn=True,
    )


def _waiting(story: PersonStory, now: datetime, workspace: str) -> Verdict:
    del now, workspace
    name = short_name(story)
    failed = _last_failure(story)
    if failed:
        return Verdict(
            headline=t("{name}’s account could not be made.", name=name), sentence=failed, warn=True
        )
    return Verdict(
        headline=t("{name} gets an account with the next sync.", name=name),
        sentence=_in_scope_words(story),
    )


def _no_account(story: PersonStory, now: datetime, workspace: str) -> Verdict:
    del now
    name = short_name(story)
    if story.scope is None:
        return Verdict(
            headline=t("{name} has no account.", name=name),
            sentence=t("No sync or preview has looked at this person yet."),
        )
    told = {
        Reason.SUSPENDED: t(
            "{name} has no account because they are suspended in {workspace}.",
            name=name,
            workspace=workspace,
        ),
        Reason.ARCHIVED: t(
            "{name} has no account because they are archived in {workspace}.",
            name=name,
            workspace=workspace,
        ),
        Reason.NO_ADDRESS: t(
            "{name} has no account because {workspace} has no email address for them.",
            name=name,
            workspace=workspace,
        ),
        Reason.NO_ADDRESS_IN_DOMAIN: t(
            "{name} has no account because they have no address in the chosen domain.", name=name
        ),
        Reason.EXCLUDED: t("{name} has no account because your scope leaves them out.", name=name),
        Reason.OUT_OF_SCOPE: t(
            "{name} has no account because they are not in your scope.", name=name
        ),
    }
    reason = story.scope.reason
    headline = told.get(reason) if reason is not None else None
    return Verdict(
        headline=headline or t("{name} has no account.", name=name),
        sentence=_scope_sentence(story, workspace),
    )


def _ended(story: PersonStory, now: datetime, workspace: str) -> Verdict:
    name = short_name(story)
    ended = [event.at for event in story.events if event.kind is EventKind.DEACTIVATED]
    when = ended[-1] if ended else None
    headline = (
        t("{name}’s account was deactivated on {day}.", name=name, day=day(when, now))
        if when is not None
        else t("{name}’s account is deactivated.", name=name)
    )
    if story.scope is not None and story.scope.inside:
        return Verdict(
            headline=headline,
            sentence=t("They are in your scope again: the next sync turns it on."),
        )
    return Verdict(headline=headline, sentence=_why_out(story, workspace))


_VERDICTS: Mapping[Standing, Callable[[PersonStory, datetime, str], Verdict]] = {
    Standing.ACTIVE: _in_step,
    Standing.NEW: _in_step,
    Standing.LEAVING: _leaving,
    Standing.TO_DECIDE: _to_decide,
    Standing.WAITING: _waiting,
    Standing.NO_ACCOUNT: _no_account,
    Standing.ENDED: _ended,
}
_MADE = {EventKind.CREATED, EventKind.ADOPTED}


def _why_out(story: PersonStory, workspace: str) -> str:
    """Why somebody with an account is to have none, as far as it is known."""
    if story.state is None:
        return t("They are no longer in {workspace}.", workspace=workspace)
    if story.state is UserState.SUSPENDED:
        return t("They are suspended in {workspace}.", workspace=workspace)
    if story.state is UserState.ARCHIVED:
        return t("They are archived in {workspace}.", workspace=workspace)
    scope = story.scope
    if scope is None or scope.inside:
        return t("They were out of your scope when the last sync looked.")
    moved = [event for event in story.events if event.kind is EventKind.MOVED and event.new]
    if scope.reason is Reason.OUT_OF_SCOPE and moved and moved[-1].new == story.unit:
        return t("They moved to {unit}, which your scope leaves out.", unit=story.unit)
    if scope.reason is Reason.EXCLUDED:
        return _left_out(scope.by)
    if scope.reason in _OUTSIDE:
        words = reason_words(scope.reason.value, workspace=workspace) if scope.reason else ""
        return f"{words}."
    return t("They are no longer in your scope.")


def _left_out(by: str) -> str:
    return (
        t("Your scope leaves them out: {by}.", by=small_first(by))
        if by
        else t("Your scope leaves them out.")
    )


def _scope_sentence(story: PersonStory, workspace: str) -> str:
    scope = story.scope
    if scope is None:
        return ""
    if scope.by_draft:
        return t("That is what a scope says that was tried out and not saved.")
    if scope.reason is Reason.EXCLUDED:
        return _left_out(scope.by) if scope.by else ""
    if scope.reason is Reason.SUSPENDED:
        return t("Your scope leaves suspended people out.")
    if scope.reason is Reason.ARCHIVED:
        return t("Your scope leaves archived people out.")
    if scope.reason is Reason.OUT_OF_SCOPE and story.unit:
        return t(
            "Nothing in your scope names them. In {workspace} they are in {unit}.",
            workspace=workspace,
            unit=story.unit,
        )
    return t("Nothing in your scope names them.") if scope.reason is Reason.OUT_OF_SCOPE else ""


def _in_scope_words(story: PersonStory) -> str:
    by = story.scope.by if story.scope is not None else ""
    return t("In scope by {by}.", by=small_first(by)) if by else t("They are in your scope.")


def small_first(words: str) -> str:
    """“Unit Sales” within a sentence: “unit Sales”."""
    return words[:1].lower() + words[1:]


def _protected_words(story: PersonStory) -> str:
    return {
        ProtectedBy.OWNER: t("Owners are never deactivated by a sync."),
        ProtectedBy.SIGNED_IN: t("The person who is signed in is never deactivated by a sync."),
        ProtectedBy.ADMIN: t("The admin who authorized the connection is never deactivated."),
        ProtectedBy.LISTED: t("The account is on your protected list."),
        ProtectedBy.NOTHING: t("The account is protected."),
    }[story.protected]


def _last_failure(story: PersonStory) -> str:
    """What the last operation failed by, if it did and nothing came after."""
    done = [event for event in story.events if event.kind in OPERATIONS]
    if not done or done[-1].kind is not EventKind.FAILED or done[-1].code is None:
        return ""
    words = trouble_words(
        done[-1].code,
        {"address": story.address, "name": story.name, "detail": done[-1].detail},
    )
    return f"{words.title}. {words.to_do}"


def could_not_be_written(story: PersonStory) -> bool:
    """Whether the last operation failed, and the account still isn't as it should be."""
    standings = {Standing.ACTIVE, Standing.NEW, Standing.WAITING, Standing.LEAVING}
    return story.standing in standings and bool(_last_failure(story))


OPERATIONS = {
    EventKind.CREATED,
    EventKind.ADOPTED,
    EventKind.NAME_CHANGED,
    EventKind.ADDRESS_CHANGED,
    EventKind.DEACTIVATED,
    EventKind.REACTIVATED,
    EventKind.FAILED,
}
"""What a sync did to the account, or tried to."""


# ------------------------------------------------------------------------- what to do


def keep_words(story: PersonStory, *, workspace: str = "Google") -> str:
    """What keeps a leaver's account, '' for who isn't leaving."""
    if story.standing is not Standing.LEAVING:
        return ""
    if story.state is None:
        return t("Restore them in {workspace}, or protect this one account.", workspace=workspace)
    if story.state in {UserState.SUSPENDED, UserState.ARCHIVED}:
        return t("Restore them in {workspace}, or protect this one account.", workspace=workspace)
    if story.unit:
        return t(
            "Move them back in {workspace}, add {unit} to your scope, or protect this one account.",
            workspace=workspace,
            unit=story.unit,
        )
    return t("Put them in your scope, or protect this one account.")
