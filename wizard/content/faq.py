"""The questions people ask and their answers, from `resources/faq`: by step, code or search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wizard.content.search import Marks, Query, Words, found_in
from wizard.content.text import t
from wizard.content.troubles import DEFAULTS, TABLE
from wizard.core.resources import resource
from wizard.core.trouble import Code

__all__ = ["Faq", "Hit", "Link", "Source", "Topic", "load_faq", "read_sources"]

EVERYWHERE = "*"
"""Among a topic's steps: it is offered under “Other questions” at any step."""

_QUESTION = re.compile(r"^## (?P<question>.+)$")
_FACTS = re.compile(r"^<!-- (?P<facts>.+) -->$")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<name>[a-z_]+)\)")
_ONLY_A_LINK = re.compile(r"- (?:the )?\[[^\]]+\]\((?P<name>[a-z_]+)\)")
"""A list item that names a page and says nothing else; its link says it."""
_KNOWN = frozenset({"id", "steps", "words", "codes"})


@dataclass(frozen=True, kw_only=True)
class Source:
    """One topic as it stands in its file, untranslated. `line` is of the question, from 1.

    `blocks` are paragraphs and list items; an item begins with '- '.
    """

    id: str
    question: str
    blocks: tuple[str, ...]
    steps: tuple[str, ...]
    words: tuple[str, ...]
    codes: tuple[str, ...]
    line: int

    @property
    def messages(self) -> tuple[str, ...]:
        """Everything of it that belongs into the catalogue."""
        items = tuple(block.removeprefix("- ") for block in self.blocks)
        return (self.question, *self.words, *items)


@dataclass(frozen=True, kw_only=True)
class Link:
    """A page that an answer points to."""

    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A question and its answer in the language in use.

    `answer` has paragraphs separated by an empty line, list items on lines of their own that
    begin with '• ', and bold parts between `**`. `links` are the pages it names.
    """

    id: str
    question: str
    answer: str
    steps: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A topic that a search found; marks are (start, length) in `question` and `answer`."""

    topic: Topic
    question_marks: Marks
    answer_marks: Marks


class Faq:
    """All topics, in the order of their files."""

    def __init__(self, topics: Sequence[tuple[Topic, Source]]) -> None:
        self._topics = [topic for topic, _ in topics]
        self._by_id = {topic.id: topic for topic in self._topics}
        self._hidden = {topic.id: " ".join(t(word) for word in own.words) for topic, own in topics}
        self._searchable: tuple[tuple[Words, Words, Words], ...] = ()
        self._more_codes = {topic.id: frozenset(own.codes) for topic, own in topics}

    @property
    def topics(self) -> Sequence[Topic]:
        """Every topic."""
        return tuple(self._topics)

    def topic(self, topic_id: str) -> Topic | None:
        """One topic by its id."""
        return self._by_id.get(topic_id)

    def about(self, step: str) -> Sequence[Topic]:
        """The questions of a step (a `StepId` value); those that are mainly about it first."""
        own = [topic for topic in self._topics if step in topic.steps]
        return tuple(sorted(own, key=lambda topic: topic.steps[0] != step))

    def others(self, step: str) -> Sequence[Topic]:
        """Questions that people ask at any step and that are not this step's own."""
        return tuple(
            topic for topic in self._topics if EVERYWHERE in topic.steps and step not in topic.steps
        )

    def for_code(self, code: Code) -> Sequence[Topic]:
        """What helps with a trouble: the topic of its words first."""
        first = self._by_id.get(TABLE[code].topic)
        more = [topic for topic in self._topics if code.value in self._more_codes[topic.id]]
        return tuple(topic for topic in (first, *more) if topic is not None)

    def search(self, words: str, *, step: str = "") -> Sequence[Hit]:
        """Topics that have every word, in any case, accent or small misspelling; titles first.

        Where none has every word, as with a name within a sentence, those that have at least two
        and at least half. Among equals those of `step` come first.
        """
        query = Query(words)
        return self._with(query, query.terms, step) or (
            self._with(query, max(2, -(-query.terms // 2)), step) if query.terms > 2 else ()
        )

    def _with(self, query: Query, fewest: int, step: str) -> Sequence[Hit]:
        """Topics that have at least so many of the words, the best first."""
        ranked: list[tuple[int, int, Hit]] = []
        for place, (topic, texts) in enumerate(zip(self._topics, self._texts(), strict=True)):
            question, answer, hidden = (found_in(text, query) for text in texts)
            everywhere = question.terms | answer.terms | hidden.terms
            if query.empty or len(everywhere) < fewest:
                continue
            hit = Hit(topic=topic, question_marks=question.marks, answer_marks=answer.marks)
            weight = 100 * question.score + 20 * hidden.score + answer.score
            weight += 1000 * len(everywhere) if fewest < query.terms else 0
            weight += 300 if step and question.terms and step in topic.steps else 0
            ranked.append((-weight, place, hit))
        return tuple(hit for _, _, hit in sorted(ranked, key=lambda one: one[:2]))

    def _texts(self) -> tuple[tuple[Words, Words, Words], ...]:
        """Question, answer and hidden words of every topic, made ready at the first search."""
        if not self._searchable:
            self._searchable = tuple(
                (Words(topic.question), Words(topic.answer), Words(self._hidden[topic.id]))
                for topic in self._topics
            )
        return self._searchable


def load_faq(
    *, service: str = "", urls: Mapping[str, str] | None = None, folder: Path | None = None
) -> Faq:
    """Read the shipped questions in the language in use.

    `service` is the account service's name; `urls` are addresses by the names that answers
    use: `privacy`, `data_management`, `compliance`, `support`. Without an address a name is bold.
    """
    known = {key: url for key, url in (urls or {}).items() if url}
    sources = [source for _, found in read_sources(folder) for source in found]
    return Faq([(_shown(source, service, known), source) for source in sources])


def read_sources(folder: Path | None = None) -> Iterator[tuple[Path, Sequence[Source]]]:
    """Every file with its topics, for showing and for collecting the catalogue's words."""
    for path in sorted((folder or resource("faq")).glob("*.md")):
        yield path, tuple(_parsed(path))


def _shown(source: Source, service: str, urls: Mapping[str, str]) -> Topic:
    found: list[Link] = []

    def linked(match: re.Match[str]) -> str:
        url = urls.get(match["name"])
        if url:
            found.append(Link(text=match["text"], url=url))
        return f"**{match['text']}**"

    parts: list[str] = []
    for block in source.blocks:
        item = block.startswith("- ")
        named = _ONLY_A_LINK.fullmatch(block)
        words = _LINK.sub(linked, _named(t(block.removeprefix("- ")), service))
        if named is not None and urls.get(named["name"]):
            continue
        follows_item = bool(parts) and parts[-1].startswith("• ")
        gap = "" if not parts else "\n" if item and follows_item else "\n\n"
        parts.append(gap)
        parts.append(f"• {words}" if item else words)
    return Topic(
        id=source.id,
        question=_named(t(source.question), service),
        answer="".join(parts),
        steps=source.steps,
        links=tuple(found),
    )


def _named(words: str, service: str) -> str:
    """Put the service's name in; what stands for a name that isn't known may need a capital."""
    named = words.replace("{service}", service or t(DEFAULTS["service"]))
    if service or not words.startswith("{service}"):
        return named
    return named[:1].upper() + named[1:]


def _parsed(path: Path) -> Iterator[Source]:
    question, line, facts = "", 0, ""
    body: list[str] = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        asked = _QUESTION.match(text)
        if asked:
            if question:
                yield _source(path, question, line, facts, body)
            question, line, facts, body = asked["question"].strip(), number, "", []
        elif question and (told := _FACTS.match(text)):
            facts = told["facts"]
        elif question:
            body.append(text)
    if question:
        yield _source(path, question, line, facts, body)


def _source(path: Path, question: str, line: int, facts: str, body: Sequence[str]) -> Source:
    told = dict(part.split(": ", 1) for part in facts.split("; ") if part)
    if not told.get("id") or set(told) - _KNOWN:
        raise ValueError(f"{path.name}, line {line}: the topic's id or its facts are wrong")
    return Source(
        id=told["id"],
        question=question,
        blocks=tuple(_blocks(body)),
        steps=_listed(told.get("steps", "")),
        words=_listed(told.get("words", "")),
        codes=_listed(told.get("codes", "")),
        line=line,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _blocks(body: Sequence[str]) -> Iterator[str]:
    """Paragraphs and list items, each on one line."""
    current: list[str] = []
    for line in [*body, ""]:
        text = line.strip()
        if (not text or text.startswith("- ")) and current:
            yield " ".join(current)
            current = []
        if text:
            current.append(text)
