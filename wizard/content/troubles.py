"""The one table of words for everything that can go wrong: `Code` to what a person reads."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from wizard.content.text import N_, Message, t, tn
from wizard.content.trouble_entry import Entry, Who
from wizard.content.troubles_directory import DIRECTORY
from wizard.content.troubles_network import NETWORK
from wizard.content.troubles_program import PROGRAM
from wizard.content.troubles_service import SERVICE
from wizard.core.clock import from_text
from wizard.core.trouble import Code, Fact

__all__ = ["DEFAULTS", "TABLE", "TroubleWords", "Who", "trouble_words", "wait_words"]

TABLE: Mapping[Code, Entry] = MappingProxyType({**PROGRAM, **NETWORK, **SERVICE, **DIRECTORY})
"""Every code has exactly one entry; `tests/unit/content` proves that none is missing."""

DEFAULTS: Mapping[str, Message] = MappingProxyType(
    {
        "address": N_("this account"),
        "before": N_("many"),
        "detail": N_("it gave no reason"),
        "domain": N_("another organization"),
        "expected_domain": N_("your organization"),
        "file": N_("its file"),
        "folder": N_("the program's folder"),
        "host": N_("the other computer"),
        "hosts": N_("computers that it names"),
        "key": N_("an entry"),
        "last_run_at": N_("not long ago"),
        "limit": N_("lower than that"),
        "line": N_("unknown"),
        "minutes": N_("several"),
        "missing": N_("one of the rights"),
        "name": N_("this person"),
        "needed": N_("200 MB"),
        "now": N_("fewer"),
        "part": N_("it"),
        "people": N_("some"),
        "person": N_("somebody in your organization"),
        "problem": N_("it isn't known here"),
        "profile": N_("of that name"),
        "proxy": N_("in use"),
        "reason": N_("none"),
        "seconds": N_("several"),
        "service": N_("the account service"),
        "syncer_host": N_("Another computer"),
        "wait": N_("a few minutes"),
        "what": N_("changed"),
    }
)
"""What stands in a sentence where a trouble didn't bring that fact."""

_VALUES: Mapping[str, Mapping[str, Message]] = MappingProxyType(
    {
        "what": MappingProxyType(
            {
                "create": N_("made accounts for"),
                "update": N_("changed the accounts of"),
                "leave": N_("deactivated the accounts of"),
            }
        ),
        "problem": MappingProxyType(
            {
                "unknown-key": N_("this program doesn't know that name"),
                "missing": N_("it is missing"),
                "wrong-type": N_("it is the wrong kind of value"),
                "bad-url": N_("it isn't a web address"),
                "not-https": N_("it must begin with https"),
                "not-loopback": N_("it may only name this computer"),
                "secret": N_("secrets don't belong in a profile"),
                "practice-only": N_("only a practice profile may have it"),
                "syntax": N_("it isn't valid TOML"),
                "too-large": N_("the file is too large"),
                "unknown-value": N_("this program doesn't know that value"),
                "empty": N_("it is empty"),
            }
        ),
    }
)
"""Facts that are words of the program's own, turned into words for people."""


@dataclass(frozen=True, kw_only=True)
class TroubleWords:
    """What a person reads about one trouble, in the language in use.

    `topic` is the id of the help topic to open; `who` is the one who can put it right.
    """

    title: str
    happened: str
    to_do: str
    safe: str
    topic: str
    who: Who


def trouble_words(
    code: Code, facts: Mapping[str, Fact] | None = None, *, retry_after: float | None = None
) -> TroubleWords:
    """The words for a code, its facts filled in; a fact that is missing has a plain stand-in.

    `facts` may also carry `service`, the name of the account service in use.
    """
    entry = TABLE[code]
    known: dict[str, Fact] = dict(facts or {})
    # The service calls its lease holder `host`; every other trouble means a network host.
    if code is Code.NOT_THE_SYNCER and "host" in known:
        known.setdefault("syncer_host", known["host"])
    if retry_after is not None:
        known.setdefault("wait", wait_words(retry_after))
    return TroubleWords(
        title=_fill(entry.title, known),
        happened=_fill(entry.happened, known),
        to_do=_fill(entry.to_do, known),
        safe=_fill(entry.safe, known),
        topic=entry.topic,
        who=entry.who,
    )


def wait_words(seconds: float) -> str:
    """How long to wait, rounded up the way people say it."""
    if seconds < 60:
        whole = max(1, math.ceil(seconds))
        return tn("{count} second", "{count} seconds", whole)
    if seconds < 5400:
        minutes = math.ceil(seconds / 60)
        return tn("{count} minute", "{count} minutes", minutes)
    return tn("{count} hour", "{count} hours", math.ceil(seconds / 3600))


def _fill(message: Message, facts: Mapping[str, Fact]) -> str:
    words = t(message)
    names = [name for _, name, _, _ in string.Formatter().parse(words) if name]
    if not names:
        return words
    filled = words.format(**{name: _shown(name, facts.get(name)) for name in names})
    return filled[:1].upper() + filled[1:] if _starts_with_stand_in(words, names, facts) else filled


def _starts_with_stand_in(words: str, names: list[str], facts: Mapping[str, Fact]) -> bool:
    return words.startswith("{") and facts.get(names[0], "") == ""


def _shown(name: str, value: Fact | None) -> str:
    if value is None or value == "":
        return t(DEFAULTS[name])
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, int):
        return f"{value:,}" if name != "line" else str(value)
    if isinstance(value, float):
        return f"{value:,.0f}"
    known = _VALUES.get(name, {}).get(value)
    if known is not None:
        return t(known)
    # The sentence brings its own full stop.
    return _moment(value) if name.endswith("_at") else value.rstrip(". ")


def _moment(value: str) -> str:
    try:
        moment = from_text(value).astimezone()
    except ValueError:
        return value
    today = datetime.now(moment.tzinfo).date()
    clock = moment.strftime("%H:%M")
    if moment.date() == today:
        return t("today at {time}", time=clock)
    return t("on {date} at {time}", date=moment.strftime("%Y-%m-%d"), time=clock)
