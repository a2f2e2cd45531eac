"""Finding words in sentences, whatever their case, accents or small misspellings."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Found", "Marks", "Query", "Words", "found_in", "plain", "wanted_words"]

Marks = tuple[tuple[int, int], ...]
"""Where the hits are: (start, length) in the text as it is shown, in order, apart."""

Fit = tuple[str, int, int, int]
"""A term, how well a word fits it, and which part of the word it is: start and length."""

_WORD = re.compile(r"\w+")
_NOT_TAKEN_APART = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ß": "s", "æ": "a", "œ": "o", "’": "'"}
)
"""Letters that Unicode does not take apart into a base and an accent; one letter each."""

_EXACT, _BEGINS, _INSIDE, _MISSPELLED, _BEGINS_SHORT = 8, 6, 3, 2, 1

_MOST_WANTED = 30
"""Nobody types more words to find a row; a text pasted by mistake would be too much for SQL."""

_ENDING = 3
"""So many letters more make another form of the same word: stop, stopped."""


def plain(text: str) -> str:
    """The text in small letters without accents, exactly as long as it was; grey is gray."""
    small = text.lower() if text.isascii() else "".join(_plain_letter(letter) for letter in text)
    return small.replace("grey", "gray")


def wanted_words(search: str) -> tuple[str, ...]:
    """The different words of a search as they stand, the first 30 of them."""
    return tuple(dict.fromkeys(search.split()))[:_MOST_WANTED]


@functools.lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    small = letter.lower().translate(_NOT_TAKEN_APART)
    base = unicodedata.normalize("NFKD", small)[:1]
    return base if len(base) == 1 and not unicodedata.combining(base) else small[:1] or letter


class Words:
    """A text made ready for searching: its words in plain letters, and where they stand."""

    __slots__ = ("placed",)

    def __init__(self, text: str) -> None:
        self.placed = tuple((word.group(), word.start()) for word in _WORD.finditer(plain(text)))


class Query:
    """What somebody typed, as words to look for."""

    def __init__(self, words: str) -> None:
        self.words = tuple(dict.fromkeys(_WORD.findall(plain(words))))
        self._fits: dict[str, tuple[Fit, ...]] = {}

    @property
    def terms(self) -> int:
        """How many different words are looked for."""
        return len(self.words)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words

    def fits(self, word: str) -> tuple[Fit, ...]:
        """Which of the words looked for fit this one, and how; worked out once for each word."""
        known = self._fits.get(word)
        if known is None:
            tried = ((term, *_fit(word, term)) for term in self.words)
            known = tuple(fit for fit in tried if fit[1])
            self._fits[word] = known
        return known


@dataclass(frozen=True, kw_only=True)
class Found:
    """What of a query is in a text: which of its words, how well, and where."""

    terms: frozenset[str]
    score: int
    marks: Marks


def found_in(text: Words, query: Query) -> Found:
    """Look for each word of a query in a text."""
    best: dict[str, int] = {}
    spans: set[tuple[int, int]] = set()
    for word, place in text.placed:
        for term, score, start, length in query.fits(word):
            best[term] = max(best.get(term, 0), score)
            spans.add((place + start, length))
    return Found(terms=frozenset(best), score=sum(best.values()), marks=_joined(sorted(spans)))


def _fit(word: str, term: str) -> tuple[int, int, int]:
    """How well a term fits a word (0: not at all), and which part of the word it is."""
    if word == term:
        return _EXACT, 0, len(word)
    if word.startswith(term):
        # One or two letters begin so many words that they say little: OU is not “out”.
        return _BEGINS if len(term) > 2 else _BEGINS_SHORT, 0, len(term)
    if len(word) >= 4 and term.startswith(word) and len(term) - len(word) <= _ENDING:
        return _INSIDE, 0, len(word)
    if len(term) >= 3 and (inside := word.find(term)) >= 0:
        return _INSIDE, inside, len(term)
    allowed = 0 if len(term) < 4 else 1 if len(term) < 8 else 2
    if allowed and _near(word, term, allowed):
        return _MISSPELLED, 0, len(word)
    # The beginning of a longer word, misspelled: somebody is still typing.
    start = word[: len(term)]
    if len(term) > 4 and len(word) > len(term) and _near(start, term, allowed):
        return _MISSPELLED, 0, len(start)
    return 0, 0, 0


def _near(word: str, term: str, allowed: int) -> bool:
    """Whether at most so many letters differ, are missing, are too many or changed places."""
    if abs(len(word) - len(term)) > allowed or word[:1] != term[:1]:
        return False
    before: list[int] = []
    row = list(range(len(term) + 1))
    for number, letter in enumerate(word, 1):
        older, before, row = before, row, [number]
        for place, other in enumerate(term, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != other))
            swapped = (
                number > 1 and place > 1 and letter == term[place - 2] and word[number - 2] == other
            )
            row.append(min(cost, older[place - 2] + 1) if swapped else cost)
        if min(row) > allowed:
            return False
    return row[-1] <= allowed


def _joined(spans: Sequence[tuple[int, int]]) -> Marks:
    """Spans that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, length in spans:
        if joined and start <= joined[-1][0] + joined[-1][1]:
            first = joined[-1][0]
            joined[-1] = (first, max(joined[-1][1], start + length - first))
        else:
            joined.append((start, length))
    return tuple(joined)
