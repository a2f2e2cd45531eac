"""What a verdict on how things stand is made from and what it says, and who may act on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.home import HomeFacts, UnitWord
from wizard.services.schedule import SchedulerView

__all__ = ["Cure", "Situation", "Tone", "Verdict", "names_in_words", "who_can"]


class Tone(StrEnum):
    """How a verdict is drawn."""

    GOOD = "good"
    BUSY = "busy"
    QUIET = "quiet"
    WARN = "warn"
    BAD = "bad"


class Cure(StrEnum):
    """What the person can do about it, right there."""

    NOTHING = ""
    SYNC = "sync"
    RESUME = "resume"
    DECIDE = "decide"
    SIGN_IN = "sign-in"
    AUTHORIZE = "authorize"
    UNLOCK = "unlock"
    TAKE_OVER = "take-over"
    START_HERE = "start-here"
    TURN_ON = "turn-on"
    SET_UP = "set-up"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known: the background sync, this computer's facts (None: not read yet), the
    service's word (None: not asked yet, or it did not answer, for the reason `untold`), and
    whether this computer is the one that was set up. `set_up`: a first sync has come through from
    here. `elsewhere`: it is another computer's task, so that what this one ran says nothing.
    """

    view: SchedulerView
    facts: HomeFacts | None
    unit: UnitWord | None
    connected: bool
    set_up: bool
    now: datetime
    untold: Trouble | None = None
    elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`title` is the one sentence, `reason` why, `code` what the help is about."""

    title: str
    reason: str
    tone: Tone
    cure: Cure = Cure.NOTHING
    code: Code | None = None


def names_in_words(names: Sequence[str]) -> str:
    """First names, such as “Tomasz or Ingrid” or “Tomasz, Ingrid or 3 others”; '' for nobody."""
    first = [parts[0] for name in names if (parts := name.split())]
    if len(first) < 2:
        return "".join(first)
    if len(first) == 2:
        return t("{first} or {second}", first=first[0], second=first[1])
    return tn(
        "{first}, {second} or {count} other",
        "{first}, {second} or {count} others",
        len(first) - 2,
        first=first[0],
        second=first[1],
    )


def who_can(unit: UnitWord, what: str) -> str:
    """Who can do it, such as “Tomasz or Ingrid can decide.”."""
    names = names_in_words(unit.owners)
    return (
        t("{names} can {what}.", names=names, what=what)
        if names
        else t("An owner can {what}.", what=what)
    )
