"""The shipped questions as the help panel wants them; read after the window has painted."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.content.code_search import code_of_topic, code_topic, codes_in
from wizard.content.faq import Faq, Hit, Link, Topic, load_faq
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.flow.steps import STEPS
from wizard.services.contract import ProfileView
from wizard.ui.help_source import HelpAction, HelpLink, HelpTopic

__all__ = ["ContentHelp"]

_ABOUT = 6
"""How many of a step's own questions are offered; a search finds all."""
_OTHERS = 3
"""How many questions of any step are offered below the step's own."""


_CODES_WITH_TOPICS = 2
_ACTIONS = {
    "authorized-but-nothing-happened": HelpAction.LIVE_CHECK,
    "data-and-privacy": HelpAction.SAVE_KIT,
}
"""What a topic can do, by its id."""


def _links(links: Sequence[Link]) -> tuple[HelpLink, ...]:
    return tuple(HelpLink(text=link.text, url=link.url) for link in links)


def _topic(topic: Topic) -> HelpTopic:
    return HelpTopic(
        id=topic.id,
        question=topic.question,
        answer=topic.answer,
        links=_links(topic.links),
        action=_ACTIONS.get(topic.id),
    )


def _hit(hit: Hit) -> HelpTopic:
    return HelpTopic(
        id=hit.topic.id,
        question=hit.topic.question,
        answer=hit.topic.answer,
        links=_links(hit.topic.links),
        marks=tuple(hit.question_marks),
        answer_marks=tuple(hit.answer_marks),
        action=_ACTIONS.get(hit.topic.id),
    )


def _code_topic(code: Code) -> HelpTopic:
    told = code_topic(code)
    return HelpTopic(id=told.id, question=told.title, answer=told.answer)


class ContentHelp:
    """The shipped questions, with the names and pages of the profile in use."""

    def __init__(self, profile: ProfileView) -> None:
        self._faq: Faq = load_faq(
            service=profile.name,
            urls={
                "privacy": profile.privacy_url,
                "data_management": profile.data_management_url,
                "compliance": profile.compliance_url,
                "support": profile.support_url,
            },
        )

    def about(self, step: StepId) -> Sequence[HelpTopic]:
        """See `HelpSource.about`."""
        own = self._faq.about(step.value)
        first = [topic for name in STEPS[step].topics for topic in own if topic.id == name]
        rest = [topic for topic in own if topic not in first]
        return [_topic(topic) for topic in (*first, *rest)[:_ABOUT]]

    def others(self, step: StepId) -> Sequence[HelpTopic]:
        """See `HelpSource.others`."""
        return [_topic(topic) for topic in self._faq.others(step.value)[:_OTHERS]]

    def for_code(self, code: Code) -> Sequence[HelpTopic]:
        """See `HelpSource.for_code`."""
        return [_topic(topic) for topic in self._faq.for_code(code)]

    def topic(self, topic_id: str) -> HelpTopic | None:
        """See `HelpSource.topic`."""
        code = code_of_topic(topic_id)
        if code is not None:
            return _code_topic(code)
        found = self._faq.topic(topic_id)
        return _topic(found) if found is not None else None

    def search(self, words: str) -> Sequence[HelpTopic]:
        """See `HelpSource.search`; a code, or a line that names one, finds its own topic first."""
        codes = codes_in(words)
        first = [_code_topic(code) for code in codes]
        hits = [_hit(hit) for hit in self._faq.search(words)]
        shown = {hit.id for hit in hits}
        for code in codes[:_CODES_WITH_TOPICS]:
            more = [topic for topic in self.for_code(code) if topic.id not in shown]
            hits += more
            shown |= {topic.id for topic in more}
        return [*first, *hits]
