"""Words for “Why does nothing happen?”: each check, what it found, and who can put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from wizard.content.moments import since
from wizard.content.text import N_, Message, t, tn
from wizard.content.trouble_entry import Who
from wizard.content.troubles import trouble_words
from wizard.core.clock import from_text
from wizard.core.trouble import Code, Fact

__all__ = ["LIVE_CHECKS", "LiveWords", "live_check_name", "live_words", "who_words"]

LIVE_CHECKS: Mapping[str, Message] = MappingProxyType(
    {
        "service": N_("Account service"),
        "signed-in": N_("Sign-in"),
        "unit": N_("Organizational unit"),
        "app": N_("Marketplace app"),
        "connection": N_("Connection"),
        "authorization": N_("Authorized here"),
        "test-read": N_("Test read"),
        "settings": N_("Provisioning"),
        "syncer": N_("Who syncs"),
        "last-run": N_("Last sync"),
    }
)
"""Short names by `LiveCheckId` value."""

_WHO: Mapping[Who, Message] = MappingProxyType(
    {
        Who.ANYONE: N_("Anyone can do this."),
        Who.OWNER: N_("An owner can do this."),
        Who.FULL_ADMIN: N_("A full admin can do this."),
        Who.IT: N_("IT can do this."),
        Who.SUPPORT: N_("Support can do this."),
    }
)


@dataclass(frozen=True, kw_only=True)
class LiveWords:
    """A check in words: passed, it shows `value`; else `title`, `sentence`, `to_do` and `who`."""

    name: str
    value: str = ""
    title: str = ""
    sentence: str = ""
    to_do: str = ""
    who: Who = Who.ANYONE


@dataclass(frozen=True, kw_only=True)
class _Entry:
    title: Message
    sentence: Message
    to_do: Message
    who: Who = Who.ANYONE


_WARNINGS: Mapping[str, _Entry] = MappingProxyType(
    {
        "app": _Entry(
            title=N_("The app isn’t seen any more"),
            sentence=N_("{service} sees no app for {domain}, although the connection is active."),
            to_do=N_("If somebody took it away, install it again. People stay in step meanwhile."),
            who=Who.FULL_ADMIN,
        ),
        "connection": _Entry(
            title=N_("The connection is being made active"),
            sentence=N_("{service} is checking it. A few minutes are normal."),
            to_do=N_("Nothing has to be done. Check again in a few minutes."),
        ),
        "syncer": _Entry(
            title=N_("No computer keeps people in step now"),
            sentence=N_("The computer that did was off for too long, or none was chosen yet."),
            to_do=N_("Open this program on the computer that should sync, and let it run."),
            who=Who.IT,
        ),
        "last-run": _Entry(
            title=N_("No sync has run here yet"),
            sentence=N_("Everything before it is in place."),
            to_do=N_("Go on with the steps, up to the first sync."),
            who=Who.IT,
        ),
        "elsewhere": _Entry(
            title=N_("No sync has come through yet"),
            sentence=N_("Another computer is to do it, and has not synced so far."),
            to_do=N_("Look whether it is on, and what it says about its last sync."),
            who=Who.IT,
        ),
        "old": _Entry(
            title=N_("It has been too long since a sync"),
            sentence=N_("The last one ended {finished_at}."),
            to_do=N_("Look whether the computer that syncs is on, and what it says."),
            who=Who.IT,
        ),
        "taken_back": _Entry(
            title=N_("The sync stands still"),
            sentence=N_("A sync was taken back. Nothing begins by itself until somebody syncs."),
            to_do=N_("Put right what led to it, then start a sync."),
            who=Who.IT,
        ),
        "cancelled": _Entry(
            title=N_("The last sync was cancelled"),
            sentence=N_("Somebody ended it {finished_at}. What was written by then stays."),
            to_do=N_("Start a sync, or wait for the next one."),
        ),
        "held": _Entry(
            title=N_("The last sync waits for a decision"),
            sentence=N_("{held}, by the sync that ended {finished_at}."),
            to_do=N_("Look at who they are on {host}. It is decided there."),
            who=Who.IT,
        ),
        "failed": _Entry(
            title=N_("The last sync could not be done"),
            sentence=N_("It ended {finished_at}. What it could not do, the next one tries again."),
            to_do=N_("Look on {host} for the reason, and for what to do about it."),
            who=Who.IT,
        ),
        "problems": _Entry(
            title=N_("The last sync left some people out"),
            sentence=N_("It ran {finished_at}, and {problems} could not be put right."),
            to_do=N_("Look at those people under Activity. Everybody else is in step."),
            who=Who.IT,
        ),
    }
)
"""What one should know, by check; a last run by what became of it."""

_LAST_RUN = ("taken_back", "cancelled", "problems", "old", "elsewhere", "held", "failed")


def live_check_name(check: str) -> str:
    """The short name of a check (a `LiveCheckId` value)."""
    return t(LIVE_CHECKS[check]) if check in LIVE_CHECKS else check


def who_words(who: Who) -> str:
    """Who can put it right, as a sentence."""
    return t(_WHO[who])


def live_words(
    check: str, state: str, facts: Mapping[str, Fact], code: Code | None = None
) -> LiveWords:
    """The words for what a check found; `facts` may carry `service`, the service's name."""
    name = live_check_name(check)
    if state == "passed":
        return LiveWords(name=name, value=_value(check, facts))
    if code is not None:
        told = trouble_words(code, facts)
        return LiveWords(
            name=name, title=told.title, sentence=told.happened, to_do=told.to_do, who=told.who
        )
    entry = _WARNINGS[_kind(check, facts)]
    filled = {
        "service": str(facts.get("service") or t("the account service")),
        "domain": str(facts.get("domain", "")),
        "finished_at": _when(facts),
        "problems": _people(facts.get("problems", 0)),
        "held": _held(facts.get("held", 0)),
        "host": str(facts.get("host") or t("the computer that syncs")),
    }
    sentence = t(entry.sentence, **filled)
    return LiveWords(
        name=name,
        title=t(entry.title, **filled),
        sentence=sentence[:1].upper() + sentence[1:],
        to_do=t(entry.to_do, **filled),
        who=entry.who,
    )


def _kind(check: str, facts: Mapping[str, Fact]) -> str:
    if check == "last-run":
        return next((kind for kind in _LAST_RUN if facts.get(kind)), check)
    return check


def _people(count: Fact) -> str:
    number = int(count) if isinstance(count, int | float) else 0
    return tn("{count} person", "{count} people", number)


def _held(count: Fact) -> str:
    """How many people a sync held back; a service may not tell how many."""
    number = count if isinstance(count, int) and not isinstance(count, bool) else 0
    if not number:
        return t("People were held back")
    return tn("{count} person was held back", "{count} people were held back", number)


def _value(check: str, facts: Mapping[str, Fact]) -> str:
    """What stands behind a check that passed."""
    if check == "signed-in":
        signed_out = bool(facts.get("signed_out"))
        return t("signed out; the sync goes on") if signed_out else _person(facts, "person")
    if check == "settings":
        minutes = facts.get("minutes", 0)
        count = int(minutes) if isinstance(minutes, int | float) else 0
        return tn("on, every {count} minute", "on, every {count} minutes", count)
    if check == "syncer":
        return t("this computer") if facts.get("ours") else str(facts.get("host", ""))
    if check == "last-run":
        when = _when(facts)
        return t("{when}; sign in to see how it went", when=when) if facts.get("untold") else when
    if check == "unit":
        return str(facts.get("name", ""))
    if check == "authorization":
        return _person(facts, "address")
    words = {
        "service": t("answers"),
        "app": t("installed"),
        "connection": t("active"),
        "test-read": t("works"),
    }
    return words.get(check, "")


def _person(facts: Mapping[str, Fact], name: str) -> str:
    """Somebody by the part of their address that tells them apart."""
    return str(facts.get(name, "")).partition("@")[0]


def _when(facts: Mapping[str, Fact]) -> str:
    """When the last run ended, as people say it; '' where that is not known."""
    told = str(facts.get("finished_at", ""))
    return since(from_text(told), datetime.now(UTC)) if told else ""
