"""Every question is found although its words are typed as tired people type them."""

from __future__ import annotations

import random
import re

import pytest

from wizard.content.faq import Topic, load_faq

FAQ = load_faq(service="Enterprise Connect")
_SHORTEST = 5
_BESIDE = {
    "a": "s", "b": "n", "c": "v", "d": "f", "e": "r", "g": "h", "i": "o", "l": "k", "m": "n",
    "n": "m", "o": "p", "p": "o", "r": "t", "s": "d", "t": "y", "u": "i", "v": "b", "y": "t",
}  # fmt: skip


def mistakes(word: str, chance: random.Random) -> dict[str, str]:
    """One word, mistyped in each way that fingers and memory have; the first letter is right."""
    at = chance.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return {
        "left out": word[:at] + word[at + 1 :],
        "doubled": word[:at] + word[at] + word[at:],
        "swapped": swapped,
        "key beside": word[:at] + _BESIDE.get(word[at], "x") + word[at + 1 :],
        "half typed": word[: max(4, len(word) - 2)],
        "in capitals": word.upper(),
    }


def telling_words(topic: Topic) -> list[str]:
    """The longest words of a question, which somebody would type."""
    words = re.findall(r"[a-z]+", topic.question.casefold())
    return sorted({word for word in words if len(word) >= _SHORTEST}, key=len, reverse=True)[:2]


@pytest.mark.parametrize("topic", FAQ.topics, ids=lambda topic: topic.id)
def test_a_mistyped_word_of_the_question_finds_it(topic: Topic) -> None:
    chance = random.Random(topic.id)
    for word in telling_words(topic):
        for what, typed in mistakes(word, chance).items():
            found = [hit.topic.id for hit in FAQ.search(typed)]
            assert topic.id in found, f"{typed!r} ({what} in {word!r})"


@pytest.mark.parametrize("topic", FAQ.topics, ids=lambda topic: topic.id)
def test_two_mistyped_words_together_bring_it_near_the_top(topic: Topic) -> None:
    words = telling_words(topic)
    if len(words) < 2:
        return
    chance = random.Random(topic.id)
    typed = " ".join(mistakes(word, chance)["swapped"] for word in words)
    found = [hit.topic.id for hit in FAQ.search(typed)]
    assert topic.id in found[:5], f"{typed!r}: {found[:8]}"


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("calender conection", "how-many-connections"),
        ("ogranizational unit", "organizational-unit"),
        ("certifcate", "certificates"),
        ("deactivat", "what-deactivate-means"),
        ("adress taken", "address-taken"),
        ("addres already used", "address-taken"),
        ("helthy", "is-it-healthy"),
        ("why isnt ana here", "why-not-here"),
        ("collegue missing", "why-not-here"),
        ("what does this code meen", "what-does-a-code-mean"),
        ("still acces left", "left-and-still-there"),
        ("keep acount parental leave", "protect-one"),
        ("marryed name", "wrong-name"),
        ("privasy gdpr", "data-and-privacy"),
        ("greyd out instal", "greyed-out"),
        ("authorised but nothing happend", "authorized-but-nothing-happened"),
    ],
)
def test_what_people_really_type_is_answered(typed: str, topic: str) -> None:
    assert topic in [hit.topic.id for hit in FAQ.search(typed)][:3]
