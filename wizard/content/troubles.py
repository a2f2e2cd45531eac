"""The one table of words for everything that can go wrong: `Code` to what a person reads."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from wizard.content.connection_reasons import REASONS, UNKNOWN_REASON
from wizard.content.text import N_, Message, t, tn
from wizard.content.trouble_entry import NONE, Entry, Who
from wizard.content.trouble_variants import ADDED, MEANT, PROFILE_PROBLEMS, VARIANTS
from wizard.content.troubles_directory import DIRECTORY
from wizard.content.troubles_hand_over import HAND_OVER
from wizard.content.troubles_network import NETWORK
from wizard.content.troubles_program import PROGRAM
from wizard.content.troubles_service import SERVICE
from wizard.core.clock import from_text
from wizard.core.trouble import Code, Fact

__all__ = ["DEFAULTS", "TABLE", "TroubleWords", "Who", "trouble_words", "wait_words"]

TABLE: Mapping[Code, Entry] = MappingProxyType(
    {**PROGRAM, **HAND_OVER, **NETWORK, **SERVICE, **DIRECTORY}
)
"""Every code has exactly one entry; `tests/unit/content` proves that none is missing."""

DEFAULTS: Mapping[str, Message] = MappingProxyType(
    {
        "address": N_("this account"),
        "before": N_("many"),
        "choices": N_("those in the example"),
        "detail": N_("it gave no reason"),
        "domain": N_("another organization"),
        "expected_domain": N_("your organization"),
        "file": N_("its file"),
        "folder": N_("the program’s folder"),
        "host": N_("the other computer"),
        "hosts": N_("computers that it names"),
        "key": N_("an entry"),
        "label": N_("the name of this computer"),
        "last_run_at": N_("not long ago"),
        "limit": N_("lower than that"),
        "longest": N_("so many"),
        "meant": N_("another name"),
        "line": N_("unknown"),
        "minutes": N_("several"),
        "moved_at": N_("some time ago"),
        "missing": N_("one of the rights"),
        "name": N_("this person"),
        "needed": N_("200 MB"),
        "now": N_("fewer"),
        "off": N_("some minutes"),
        "people": N_("some"),
        "person": N_("somebody in your organization"),
        "plan": N_("number unknown"),
        "problem": N_("it isn’t known here"),
        "profile": N_("another one"),
        "proxy": N_("that was set"),
        "seconds": N_("several"),
        "service": N_("the account service"),
        "syncer_host": N_("Another computer"),
        "typed": N_("another number"),
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
    off = known.get("seconds")
    if code is Code.CLOCK_WRONG and isinstance(off, int | float):
        known.setdefault("off", wait_words(off))
    if "port" in known:
        known["port"] = str(known["port"])  # a name rather than a number: nobody counts ports
    if code is Code.PROFILE_INVALID:
        known["problem"] = _profile_problem(known)
    special = VARIANTS.get((code, str(known.get("problem", ""))))
    if code is Code.CONNECTION_FAILED:
        special = REASONS.get(str(known.get("detail", "")), UNKNOWN_REASON)
    title = special.title if special and special.title else entry.title
    happened = _fill(special.happened if special else entry.happened, known, entry.stand_ins)
    more = [t(words) for (own, fact), words in ADDED.items() if own is code and known.get(fact)]
    return TroubleWords(
        title=_fill(title, known, entry.stand_ins),
        happened=" ".join([happened, *more]),
        to_do=_fill(special.to_do if special else entry.to_do, known, entry.stand_ins),
        safe=_fill(entry.safe, known, entry.stand_ins),
        topic=entry.topic,
        who=entry.who,
    )


def _profile_problem(facts: Mapping[str, Fact]) -> str:
    """The end of the sentence that says what is wrong with a profile."""
    problem = str(facts.get("problem", ""))
    words = PROFILE_PROBLEMS.get(problem)
    if words is None:
        return ""
    if problem == "unknown-key" and facts.get("meant"):
        return _fill(MEANT, facts)
    return _fill(words, facts)


def wait_words(seconds: float) -> str:
    """How long to wait, rounded up the way people say it."""
    if seconds < 60:
        whole = max(1, math.ceil(seconds))
        return tn("{count} second", "{count} seconds", whole)
    if seconds < 5400:
        minutes = math.ceil(seconds / 60)
        return tn("{count} minute", "{count} minutes", minutes)
    return tn("{count} hour", "{count} hours", math.ceil(seconds / 3600))


_SENTENCE_ENDS = (". ", "? ", "! ")


def _fill(
    message: Message, facts: Mapping[str, Fact], stand_ins: Mapping[str, Message] = NONE
) -> str:
    filled = ""
    for literal, name, _, _ in string.Formatter().parse(t(message)):
        filled += literal
        if name:
            shown = _shown(name, facts.get(name), stand_ins)
            begins = not filled or filled.endswith(_SENTENCE_ENDS)
            stands_in = facts.get(name, "") == ""
            filled += shown[:1].upper() + shown[1:] if begins and stands_in else shown
    return filled


def _shown(name: str, value: Fact | None, stand_ins: Mapping[str, Message]) -> str:
    if value is None or value == "":
        return t(stand_ins.get(name) or DEFAULTS[name])
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
