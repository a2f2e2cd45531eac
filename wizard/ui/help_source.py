"""Where the help panel's questions and answers come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wizard.core.trouble import Code
from wizard.flow.answers import StepId

__all__ = ["HelpAction", "HelpLink", "HelpSource", "HelpTopic", "NoHelp"]


class HelpAction(StrEnum):
    """What an answer can do here and now."""

    LIVE_CHECK = "live-check"
    SAVE_KIT = "save-kit"


@dataclass(frozen=True, kw_only=True)
class HelpLink:
    """A page that an answer points to."""

    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class HelpTopic:
    """A question with its answer in simple paragraphs; `marks` are hits in the question.

    `action` names something that the answer can do here: `HelpAction`, or '' for nothing.
    """

    id: str
    question: str
    answer: str
    marks: tuple[tuple[int, int], ...] = ()
    answer_marks: tuple[tuple[int, int], ...] = ()
    links: tuple[HelpLink, ...] = ()
    action: HelpAction | None = None


class HelpSource(Protocol):
    """All questions, by step, by trouble, and by search."""

    def about(self, step: StepId) -> Sequence[HelpTopic]:
        """The step's own questions, the most asked first."""
        ...

    def others(self, step: StepId) -> Sequence[HelpTopic]:
        """A few questions that people ask at any step."""
        ...

    def for_code(self, code: Code) -> Sequence[HelpTopic]:
        """What helps with a trouble, the best first."""
        ...

    def topic(self, topic_id: str) -> HelpTopic | None:
        """One topic by its id."""
        ...

    def search(self, words: str) -> Sequence[HelpTopic]:
        """Every topic that has these words, titles first, with the hits marked."""
        ...


class NoHelp:
    """No questions yet: what the panel shows until they are read."""

    def about(self, step: StepId) -> Sequence[HelpTopic]:
        """See `HelpSource.about`."""
        del step
        return ()

    def others(self, step: StepId) -> Sequence[HelpTopic]:
        """See `HelpSource.others`."""
        del step
        return ()

    def for_code(self, code: Code) -> Sequence[HelpTopic]:
        """See `HelpSource.for_code`."""
        del code
        return ()

    def topic(self, topic_id: str) -> HelpTopic | None:
        """See `HelpSource.topic`."""
        found: dict[str, HelpTopic] = {}
        return found.get(topic_id)

    def search(self, words: str) -> Sequence[HelpTopic]:
        """See `HelpSource.search`."""
        del words
        return ()
