"""Every code has words that a person can use."""

from __future__ import annotations

import string

import pytest

from tests.unit.content.voice import objections
from wizard.content.trouble_entry import Entry
from wizard.content.troubles import DEFAULTS, TABLE, TroubleWords, trouble_words, wait_words
from wizard.core.trouble import Code, Fact


def _texts(entry: Entry) -> list[str]:
    return [entry.title, entry.happened, entry.to_do, entry.safe]


def _shown(words: TroubleWords) -> list[str]:
    return [words.title, words.happened, words.to_do, words.safe]


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_words_and_no_words_lack_a_code() -> None:
    assert set(TABLE) == set(Code)


@pytest.mark.parametrize("code", list(Code))
def test_every_place_can_be_filled_without_any_fact(code: Code) -> None:
    entry = TABLE[code]
    for text in _texts(entry):
        assert _places(text) <= set(DEFAULTS), text
    for text in _shown(trouble_words(code)):
        assert text
        assert "{" not in text
        assert "}" not in text


@pytest.mark.parametrize("code", list(Code))
def test_words_keep_the_voice(code: Code) -> None:
    for text in _shown(trouble_words(code)):
        assert not objections(text)
        assert text[0].isupper() or text[0] == "“", text


@pytest.mark.parametrize("code", list(Code))
def test_titles_are_short_and_the_rest_are_whole_sentences(code: Code) -> None:
    words = trouble_words(code)
    assert len(words.title) <= 60
    assert not words.title.endswith(".")
    for text in (words.happened, words.to_do, words.safe):
        assert text.endswith((".", "?")), text
    assert words.topic


def test_no_two_codes_share_a_title() -> None:
    titles = [entry.title for entry in TABLE.values()]
    assert len(titles) == len(set(titles))


def test_stand_ins_are_used_by_some_sentence() -> None:
    used = {place for entry in TABLE.values() for text in _texts(entry) for place in _places(text)}
    assert used == set(DEFAULTS)


def test_facts_fill_the_sentences() -> None:
    words = trouble_words(Code.NOT_A_FULL_ADMIN, {"address": "kari.nilsen@nordby.example"})
    assert "kari.nilsen@nordby.example" in words.happened
    assert words.topic == "full-admin"


def test_the_holder_of_the_lease_is_named_with_the_time_of_its_last_sync() -> None:
    facts: dict[str, Fact] = {
        "host": "SERVER01",
        "person": "tomasz.wilk@nordby.example",
        "last_run_at": "2020-11-20T10:02:00.000Z",
    }
    happened = trouble_words(Code.NOT_THE_SYNCER, facts).happened
    assert happened.startswith("SERVER01 does it for tomasz.wilk@nordby.example.")
    assert "2020-11-20" in happened or "2020-11-21" in happened or "2020-11-19" in happened


def test_a_sentence_that_begins_with_a_stand_in_begins_with_a_capital() -> None:
    assert trouble_words(Code.REQUEST_REFUSED).title == "The account service didn't accept this"
    named = trouble_words(Code.REQUEST_REFUSED, {"service": "iConnect"})
    assert named.title == "iConnect didn't accept this"


def test_a_fact_that_ends_with_a_stop_does_not_double_it() -> None:
    happened = trouble_words(Code.REQUEST_REFUSED, {"detail": "The name is empty."}).happened
    assert happened == "It gave this reason: The name is empty."


def test_counts_carry_thousands_marks_and_line_numbers_do_not() -> None:
    shrunk = trouble_words(Code.READ_SHRUNK, {"before": 20000, "now": 1200}).happened
    assert "20,000" in shrunk
    assert "1,200" in shrunk
    assert "line 1200," in trouble_words(Code.PROFILE_INVALID, {"line": 1200}).happened


def test_words_of_facts_are_put_in_words() -> None:
    facts: dict[str, Fact] = {"what": "leave", "people": 64, "limit": 21}
    assert "deactivated the accounts of 64 people" in (
        trouble_words(Code.GUARD_STOPPED, facts).happened
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (30, "30 seconds"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
        (7201, "3 hours"),
    ],
)
def test_waiting_is_said_the_way_people_say_it(seconds: float, words: str) -> None:
    assert wait_words(seconds) == words
    told = trouble_words(Code.RATE_LIMITED, {"host": "x.example"}, retry_after=seconds)
    assert words in told.to_do
