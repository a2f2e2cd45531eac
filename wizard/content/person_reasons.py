"""Why somebody is here or isn't, in words: the answer, its reasons, what to do, and who can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from wizard.content.moments import day, since
from wizard.content.people import reason_words
from wizard.content.person_elsewhere import seen_from_outside, where_to_ask
from wizard.content.person_events import event_words
from wizard.content.person_story import (
    OPERATIONS,
    Verdict,
    could_not_be_written,
    keep_words,
    short_name,
    small_first,
    verdict,
)
from wizard.content.text import N_, Message, t
from wizard.content.trouble_entry import Who
from wizard.core.directory import UserState
from wizard.core.people import (
    Answered,
    Explanation,
    PersonStory,
    ProtectedBy,
    ServiceWord,
    Standing,
)
from wizard.core.runs import Reason

__all__ = [
    "Line",
    "LineState",
    "answer_text",
    "answer_verdict",
    "next_words",
    "reason_lines",
    "service_lines",
    "story_text",
    "to_do_words",
    "who_words",
]


class LineState(StrEnum):
    """Whether a reason speaks for the account, against it, or is only told."""

    YES = "yes"
    NO = "no"
    WARN = "warn"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reason: a title, and a sentence below it."""

    state: LineState
    title: str
    sentence: str


_WHO: Mapping[Who, Message] = MappingProxyType(
    {
        Who.ANYONE: N_("Anybody can do this."),
        Who.OWNER: N_("An owner of your organizational unit can do this."),
        Who.FULL_ADMIN: N_("A full admin (super admin) of your workspace can do this."),
        Who.IT: N_("Your IT can do this."),
        Who.SUPPORT: N_("Support can do this."),
    }
)


def who_words(who: Who) -> str:
    """Who can do it, as a sentence."""
    return t(_WHO[who])


# ------------------------------------------------------------------------- the answer


def answer_verdict(told: Explanation, now: datetime, *, workspace: str = "Google") -> Verdict:
    """The answer in one sentence, and what it rests on in a second."""
    if told.person is not None:
        return verdict(told.person, now, workspace=workspace)
    if told.answered is Answered.NOT_CONNECTED:
        return seen_from_outside(told)
    if told.answered is Answered.NOT_READ:
        kept = (
            t("{computer} keeps this unit in step. Ask there.", computer=told.keeper)
            if told.keeper
            else t("The directory was never read to its end from here. Make a preview first.")
        )
        return Verdict(headline=t("This computer can’t tell yet."), sentence=kept)
    if told.answered is Answered.SEVERAL:
        return Verdict(
            headline=t("Several people fit “{words}”.", words=told.query),
            sentence=t("Choose the one you mean."),
        )
    read = since(told.read_at, now) if told.read_at is not None else ""
    unknown = (
        t("Nobody here has the address {address}.", address=told.query)
        if "@" in told.query
        else t("Nobody here is called “{words}”.", words=told.query)
    )
    return Verdict(
        headline=unknown,
        sentence=t(
            "{workspace} had no such name or address when we read it {moment}.",
            workspace=workspace,
            moment=read,
        )
        if read
        else "",
    )


# ------------------------------------------------------------------------- reasons in order


def reason_lines(
    story: PersonStory, now: datetime, *, workspace: str = "Google"
) -> tuple[Line, ...]:
    """From the directory to the account, in the order in which a sync looks."""
    return tuple(_lines(story, now, workspace))


def _lines(story: PersonStory, now: datetime, workspace: str) -> Iterator[Line]:
    yield _seen(story, now, workspace)
    scope = story.scope
    stopped = story.state in {UserState.SUSPENDED, UserState.ARCHIVED}
    if scope is not None:
        line = _in_scope(story, workspace)
        if line is not None:
            yield line
    if stopped and story.state is not None:
        told = story.state_since
        yield Line(
            state=LineState.NO,
            title=t("Suspended") if story.state is UserState.SUSPENDED else t("Archived"),
            sentence=(
                t("Seen {moment}", moment=since(told, now))
                if told is not None
                else t("Since before we first looked")
            ),
        )
    yield _account(story, now)
    if story.account is not None:
        how = (
            t("It was there before, and was taken over by its address")
            if story.account.adopted
            else t("By the {workspace} id, whatever the name", workspace=workspace)
        )
        yield Line(state=LineState.NONE, title=t("Recognized"), sentence=how)
    changes = [event for event in story.events if event.kind in OPERATIONS]
    if changes and story.account is not None:
        last = event_words(changes[-1], story, now, workspace=workspace)
        words = f"{last.title}, {last.moment}"
        state = LineState.WARN if last.warn else LineState.NONE
        yield Line(state=state, title=t("Last change"), sentence=words)
    if story.protected is not ProtectedBy.NOTHING:
        yield Line(state=LineState.NONE, title=t("Protected"), sentence=_protected(story))
    if story.evidence is not None and story.standing in {Standing.LEAVING, Standing.ENDED}:
        yield _evidence(story, now, workspace)


def _seen(story: PersonStory, now: datetime, workspace: str) -> Line:
    read = t("Read {moment}", moment=since(story.read_at, now)) if story.read_at is not None else ""
    if story.in_directory:
        return Line(
            state=LineState.YES, title=t("In {workspace}", workspace=workspace), sentence=read
        )
    return Line(
        state=LineState.NO, title=t("Not in {workspace}", workspace=workspace), sentence=read
    )


def _in_scope(story: PersonStory, workspace: str) -> Line | None:
    scope = story.scope
    if scope is None:
        return None
    if scope.by_draft:
        return Line(
            state=LineState.WARN,
            title=t("Scope not saved"),
            sentence=t("What is known is of a scope that was tried out and not saved"),
        )
    if scope.inside:
        by = scope.by or t("Everyone is")
        return Line(state=LineState.YES, title=t("In the scope"), sentence=by)
    if scope.reason in {Reason.SUSPENDED, Reason.ARCHIVED}:
        # Whether the unit or group would bring them in is known only where one is named.
        if not scope.by:
            return None
        return Line(state=LineState.YES, title=t("In the scope"), sentence=scope.by)
    why = reason_words(scope.reason.value, workspace=workspace) if scope.reason else ""
    if scope.reason is Reason.EXCLUDED and scope.by:
        why = t("Left out: {by}", by=small_first(scope.by))
    elif scope.reason is Reason.OUT_OF_SCOPE:
        where = story.unit or t("the top unit")
        why = t("Stands in {unit}, which no rule names", unit=where)
    return Line(state=LineState.NO, title=t("Not in the scope"), sentence=why)


def _account(story: PersonStory, now: datetime) -> Line:
    account = story.account
    if account is None:
        planned = story.planned
        failed = story.standing is Standing.WAITING
        if planned is not None and story.standing is Standing.TO_DECIDE:
            why = reason_words(planned.reason.value)
            return Line(state=LineState.WARN, title=t("Account"), sentence=why)
        words = t("None so far") if failed else t("None was made")
        return Line(state=LineState.NONE, title=t("Account"), sentence=words)
    if not account.active:
        return Line(state=LineState.NO, title=t("Account"), sentence=t("Deactivated"))
    made = t("{address}, since {day}", address=account.address, day=day(account.linked_at, now))
    return Line(state=LineState.YES, title=t("Account"), sentence=made)


def _protected(story: PersonStory) -> str:
    return {
        ProtectedBy.OWNER: t("As an owner of the unit"),
        ProtectedBy.SIGNED_IN: t("As the person who is signed in"),
        ProtectedBy.ADMIN: t("As the admin who authorized the connection"),
        ProtectedBy.LISTED: t("By your own list"),
        ProtectedBy.NOTHING: "",
    }[story.protected]


def _evidence(story: PersonStory, now: datetime, workspace: str) -> Line:
    seen = story.evidence
    if seen is None:
        raise ValueError("there is no evidence to tell of")
    told = {
        "gone": t("{workspace} says the id is gone", workspace=workspace),
        "suspended": t("{workspace} says suspended", workspace=workspace),
        "archived": t("{workspace} says archived", workspace=workspace),
        "out-of-scope": t("Read again, and out of scope"),
    }.get(seen.proof, t("{workspace} could not confirm it", workspace=workspace))
    return Line(
        state=LineState.NONE,
        title=t("Looked up by id"),
        sentence=t("{what}, {moment}", what=told, moment=since(seen.seen_at, now)),
    )


# ------------------------------------------------------------------------- what comes, what to do


def next_words(told: Explanation, now: datetime) -> str:
    """What the next run would do about the person, or why that can't be said."""
    story = told.person
    if story is None:
        return ""
    if told.keeper:
        return t(
            "{computer} keeps this unit in step; what it will do is known there.",
            computer=told.keeper,
        )
    if told.enabled is False:
        return t("Provisioning is off, so no sync changes anything.")
    if told.enabled is None:
        return t("The settings were never read here, so what comes next isn’t known.")
    if story.scope is not None and story.scope.by_draft:
        return t("What comes next isn’t known until a sync has looked with the saved scope.")
    if could_not_be_written(story):
        return t("The next sync tries again.")
    name = short_name(story)
    if story.standing is Standing.LEAVING and story.ends_at is not None and story.ends_at > now:
        return t("The next sync leaves the account on, until {day}.", day=day(story.ends_at, now))
    return {
        Standing.ACTIVE: t("The next sync changes nothing, unless the directory does."),
        Standing.NEW: t("The next sync changes nothing, unless the directory does."),
        Standing.LEAVING: t("The next sync looks {name} up again and decides.", name=name),
        Standing.TO_DECIDE: t("The next sync leaves everything as it is, until somebody decides."),
        Standing.WAITING: t("The next sync makes the account."),
        Standing.NO_ACCOUNT: t("The next sync makes no account, as long as that stays so."),
        Standing.ENDED: t("The next sync leaves it off, as long as that stays so."),
    }[story.standing]


def to_do_words(
    told: Explanation, now: datetime, *, workspace: str = "Google"
) -> tuple[str, Who] | None:
    """What to do and who can; None where nothing has to be done."""
    story = told.person
    if told.answered is Answered.NOT_CONNECTED:
        return where_to_ask(told)
    if told.answered is Answered.NOT_READ:
        return t("Make a preview, or look again after the first sync."), Who.OWNER
    if told.answered is Answered.NOBODY:
        return (
            t(
                "Check the spelling, then look in {workspace}’s Admin console. Somebody added "
                "there is read with the next sync.",
                workspace=workspace,
            ),
            Who.FULL_ADMIN,
        )
    if story is None:
        return None
    del now
    return _to_do(story, told, workspace)


def _to_do(story: PersonStory, told: Explanation, workspace: str) -> tuple[str, Who] | None:
    if story.standing is Standing.LEAVING:
        return keep_words(story, workspace=workspace), Who.FULL_ADMIN
    if story.standing is Standing.TO_DECIDE:
        return _decide(story, workspace)
    if story.standing is Standing.WAITING:
        if told.enabled is False:
            return t("Turn provisioning on, and press Save."), Who.OWNER
        return t("Wait for the next sync, or start one."), Who.OWNER
    if story.standing in {Standing.NO_ACCOUNT, Standing.ENDED}:
        return _let_in(story, told, workspace)
    return None


def _decide(story: PersonStory, workspace: str) -> tuple[str, Who]:
    planned = story.planned
    if planned is not None and planned.held:
        return t("Open the overview, look at the cause, and decide there."), Who.OWNER
    if planned is not None and planned.reason is Reason.DOMAIN_NOT_VERIFIED:
        return (
            t(
                "Verify the domain in {workspace}, or free the address at the account service.",
                workspace=workspace,
            ),
            Who.FULL_ADMIN,
        )
    if planned is not None and planned.reason is Reason.ACCOUNT_CLAIMED:
        return t("Free the address of the other account, or change this one."), Who.OWNER
    return (
        t("Give one of the two another address in {workspace}.", workspace=workspace),
        Who.FULL_ADMIN,
    )


def _let_in(story: PersonStory, told: Explanation, workspace: str) -> tuple[str, Who]:
    follows = (
        t("The account follows within {count} minutes.", count=told.interval_minutes)
        if told.enabled and told.interval_minutes and not told.keeper
        else t("The account follows with the next sync.")
    )
    if story.state is None:
        words = t("Restore them in {workspace}.", workspace=workspace)
    elif story.state in {UserState.SUSPENDED, UserState.ARCHIVED}:
        words = t("Ask an admin to restore them in {workspace}.", workspace=workspace)
    elif story.scope is not None and story.scope.reason is Reason.NO_ADDRESS:
        words = t("Give them an email address in {workspace}.", workspace=workspace)
    elif story.scope is not None and story.scope.inside:
        return t("Wait for the next sync, or start one."), Who.OWNER
    else:
        where = t("Add {unit} to your scope.", unit=story.unit) if story.unit else ""
        words = where or t("Add them to your scope.")
        return f"{words} {follows}", Who.OWNER
    return f"{words} {follows}", Who.FULL_ADMIN


# ------------------------------------------------------------------------- the service's word


def service_lines(word: ServiceWord, now: datetime) -> tuple[Line, ...]:
    """What the account service told of one address."""
    lines: list[Line] = []
    if word.has_account is False:
        lines.append(
            Line(
                state=LineState.NONE,
                title=t("Account at the service"),
                sentence=t("There is none with this address"),
            )
        )
    elif word.has_account:
        words = t("It is there") if word.active else t("It is there, and deactivated")
        owner = f"{words} · {t('Owner')}" if word.is_owner else words
        state = LineState.YES if word.active else LineState.NO
        lines.append(Line(state=state, title=t("Account at the service"), sentence=owner))
    if word.last_run_at is not None:
        host = f", {word.syncer_host}" if word.syncer_host else ""
        told = since(word.last_run_at, now)
        told = told[:1].upper() + told[1:]
        lines.append(Line(state=LineState.NONE, title=t("Last sync"), sentence=f"{told}{host}"))
    return tuple(lines)


# ------------------------------------------------------------------------- for the clipboard


def story_text(story: PersonStory, now: datetime, *, workspace: str = "Google") -> str:
    """One person's story as plain text, to paste into a ticket."""
    said = verdict(story, now, workspace=workspace)
    parts = [_who_is(story), f"{said.headline} {said.sentence}".strip()]
    events = [event_words(event, story, now, workspace=workspace) for event in story.events]
    if events:
        told = [
            f"- {one.moment}: {one.title}{f' ({one.sentence})' if one.sentence else ''}"
            for one in events
        ]
        parts.append("\n".join([t("What happened"), *told]))
    keep = keep_words(story, workspace=workspace)
    if keep:
        parts.append(f"{t('To keep them')}: {keep}")
    if story.read_at is not None:
        parts.append(
            t(
                "{workspace} was read {moment}.",
                workspace=workspace,
                moment=since(story.read_at, now),
            )
        )
    return "\n\n".join(parts)


def answer_text(told: Explanation, now: datetime, *, workspace: str = "Google") -> str:
    """An answer as plain text: what, why, what to do, who can."""
    said = answer_verdict(told, now, workspace=workspace)
    parts = [f"{said.headline} {said.sentence}".strip()]
    if told.person is not None:
        parts.insert(0, _who_is(told.person))
        lines = reason_lines(told.person, now, workspace=workspace)
        parts.append("\n".join(f"- {one.title}: {one.sentence}" for one in lines))
    if told.service is not None:
        lines = service_lines(told.service, now)
        parts.append("\n".join(f"- {one.title}: {one.sentence}" for one in lines))
    todo = to_do_words(told, now, workspace=workspace)
    if todo is not None:
        parts.append(f"{t('What to do')}: {todo[0]} {who_words(todo[1])}")
    coming = next_words(told, now)
    if coming:
        parts.append(coming)
    return "\n\n".join(parts)


def _who_is(story: PersonStory) -> str:
    return f"{story.name} <{story.address}>" if story.address else story.name
