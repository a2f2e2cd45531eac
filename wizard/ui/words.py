"""The words of steps and roles on rail, headings and footer."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.content.steps import STEP_WORDS, StepWords
from wizard.content.text import N_, Message
from wizard.flow.steps import Who

__all__ = ["BADGES", "STEP_WORDS", "Badge", "StepWords"]


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A role as its badge shows it."""

    icon: str
    words: Message
    soft: bool = False


BADGES: dict[Who, Badge] = {
    Who.ANYONE: Badge(icon="people", words=N_("Anyone can start")),
    Who.OWNER: Badge(icon="person", words=N_("Account owner")),
    Who.IT: Badge(icon="shield", words=N_("IT representative – full admin"), soft=True),
}
