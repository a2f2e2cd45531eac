"""Every code has words that a person can use."""

from __future__ import annotations

import ast
import re
import string

import pytest

from tests.unit.content.voice import objections
from wizard.content.connection_reasons import REASONS, UNKNOWN_REASON
from wizard.content.trouble_entry import Entry
from wizard.content.trouble_variants import ADDED, MEANT, PROFILE_PROBLEMS, VARIANTS
from wizard.content.troubles import DEFAULTS, TABLE, TroubleWords, trouble_words, wait_words
from wizard.core.resources import resource
from wizard.core.trouble import Code, Fact
from wizard.practice.control_cards import CARDS


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
    texts = [text for entry in TABLE.values() for text in _texts(entry)]
    special = (*VARIANTS.values(), *REASONS.values(), UNKNOWN_REASON)
    texts += [text for one in special for text in (one.happened, one.to_do)]
    texts += [MEANT, *ADDED.values(), *PROFILE_PROBLEMS.values()]
    assert {place for text in texts for place in _places(text)} == set(DEFAULTS)


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
    assert trouble_words(Code.REQUEST_REFUSED).title == "The account service didn’t accept this"
    named = trouble_words(Code.REQUEST_REFUSED, {"service": "iConnect"})
    assert named.title == "iConnect didn’t accept this"
    later = trouble_words(Code.RESUME_FILE_TOO_LARGE).happened
    assert later == "A resume file has a few lines. Its file is larger, so we did not read it."


def test_no_sentence_of_any_trouble_begins_with_a_small_letter() -> None:
    small = re.compile(r"[.?!] [a-zäöü]")
    for code in Code:
        words = trouble_words(code)
        told = (words.title, words.happened, words.to_do, words.safe)
        assert not [one for one in told if one[:1].islower() or small.search(one)], code


def test_a_fact_that_ends_with_a_stop_does_not_double_it() -> None:
    happened = trouble_words(Code.REQUEST_REFUSED, {"detail": "The name is empty."}).happened
    assert happened == "It refused what we asked for: The name is empty."


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


# ------------------------------------------------------------------ what exactly is wrong


@pytest.mark.parametrize("case", list(VARIANTS))
def test_a_special_case_keeps_the_voice_and_differs_from_the_ordinary_one(
    case: tuple[Code, str],
) -> None:
    code, problem = case
    special, ordinary = trouble_words(code, {"problem": problem}), trouble_words(code)
    assert special.happened != ordinary.happened
    for text in _shown(special):
        assert not objections(text)
    assert len(special.title) <= 60


def problem_words() -> set[str]:
    """Every word that the reader of profiles may give as the fact `problem`."""
    words: set[str] = set()
    for path in (resource().parent / "wizard" / "profile").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            place = {"refuse": 1, "_invalid": 0, "matching": 2}.get(node.func.attr)
            if place is not None and len(node.args) > place:
                word = node.args[place]
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    words.add(word.value)
    return words


def test_every_mistake_in_a_profile_is_put_in_words() -> None:
    words = problem_words()
    assert len(words) >= 10
    assert words <= set(PROFILE_PROBLEMS)


@pytest.mark.parametrize("problem", [*PROFILE_PROBLEMS, "never-heard-of"])
def test_a_mistake_in_a_profile_names_file_line_and_entry(problem: str) -> None:
    facts: dict[str, Fact] = {
        "file": "nordby.toml",
        "line": 12,
        "key": "service.api",
        "problem": problem,
    }
    happened = trouble_words(Code.PROFILE_INVALID, facts).happened
    assert happened.startswith("In nordby.toml, line 12, “service.api” can’t be used: ")
    assert not objections(happened)


def test_a_name_that_was_nearly_right_is_suggested() -> None:
    facts: dict[str, Fact] = {"problem": "unknown-key", "meant": "client_id"}
    assert "“client_id”" in trouble_words(Code.PROFILE_INVALID, facts).happened


def test_a_forged_answer_is_told_when_the_waiting_is_over() -> None:
    quiet = trouble_words(Code.SIGN_IN_TIMED_OUT, {"minutes": 5, "forged": 0})
    told = trouble_words(Code.SIGN_IN_TIMED_OUT, {"minutes": 5, "forged": 2})
    assert told.happened.startswith(quiet.happened)
    assert "was ignored" in told.happened


# ------------------------------------------------------------------ why a connection failed


def _said_reasons() -> set[str]:
    """Every reason that the contract names and that the practice organization can give."""
    contract = resource("api/enterprise-connect.yaml").read_text(encoding="utf-8")
    told = contract.split("With `failed`, why (kebab-case)")[1].split("Others may be added")[0]
    cards = [card for _heading, group in CARDS for card in group]
    card = next(card for card in cards if card.action == "fail-connection")
    practice = {value for field in card.fields for value, _label in field.options}
    named = set(re.findall(r"`([a-z-]+)`", told))
    assert len(named) >= 3
    assert len(practice) >= 3
    return named | practice


@pytest.mark.parametrize("reason", sorted(_said_reasons()))
def test_every_reason_for_a_failed_connection_has_words(reason: str) -> None:
    assert reason in REASONS
    words = trouble_words(Code.CONNECTION_FAILED, {"detail": reason})
    unknown = trouble_words(Code.CONNECTION_FAILED, {"detail": "of-another-time"})
    assert words.happened not in {unknown.happened, trouble_words(Code.CONNECTION_FAILED).happened}
    for text in _shown(words):
        assert not objections(text)
        assert reason not in text
        assert text.endswith((".", "?")) or text == words.title


def test_a_reason_that_nobody_knows_stands_in_the_details_alone() -> None:
    words = trouble_words(Code.CONNECTION_FAILED, {"detail": "quantum-flux", "service": "Nordby"})
    for text in _shown(words):
        assert "quantum" not in text
        assert not objections(text)
    assert words.happened.startswith("Nordby gave a reason")
    assert "details" in words.to_do


def test_a_clock_is_told_to_be_off_in_the_unit_that_people_use() -> None:
    assert " 7 minutes off." in trouble_words(Code.CLOCK_WRONG, {"seconds": 420}).happened
    assert " some minutes off." in trouble_words(Code.CLOCK_WRONG).happened
