"""Every code stands in one of the two tables of the proof “every-word”, and the proof judges."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from devtools.proving import Short
from proofs.code_tables import NOT_ON_THIS_PATH, PROVOKED
from proofs.word_page import page_words
from proofs.word_table import Row, WordTable, expect_all
from wizard.core.trouble import Code

ROW = Row(
    code="offline",
    page="Welcome",
    cause="there is no network",
    title="This computer is offline",
    happened="There is no connection to the internet.",
    to_do="Connect to a network.",
    topic="We can’t reach the other side.",
    is_open=True,
    picture="offline.png",
)


def test_every_code_stands_in_exactly_one_of_the_two_tables() -> None:
    known = {code.value for code in Code}
    assert known == PROVOKED.keys() | NOT_ON_THIS_PATH.keys()
    assert not PROVOKED.keys() & NOT_ON_THIS_PATH.keys()


@pytest.mark.parametrize("code", sorted(NOT_ON_THIS_PATH))
def test_what_cannot_be_met_has_a_reason_in_a_sentence(code: str) -> None:
    assert len(NOT_ON_THIS_PATH[code].split()) > 5


@pytest.mark.parametrize("code", sorted(PROVOKED))
def test_what_is_provoked_says_how(code: str) -> None:
    assert len(PROVOKED[code].split()) > 2


@pytest.fixture
def table(tmp_path: Path) -> WordTable:
    (tmp_path / "offline.png").write_bytes(b"a picture")
    return WordTable(tmp_path)


def test_a_row_with_words_topic_and_picture_holds(table: WordTable) -> None:
    table.keep(ROW)
    expect_all(table, {"offline": "no network"})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"happened": ""}, "no words"),
        ({"happened": "A long sentence " * 20}, "too long"),
        ({"happened": "ConnectionError came back."}, "ConnectionError"),
        ({"to_do": "Ask about 503."}, "503"),
        ({"to_do": "Look at None."}, "None"),
        ({"topic": "The disk is full."}, "help is open at"),
        ({"topic": ""}, "help is open at"),
        ({"picture": "another.png"}, "no picture"),
    ],
)
def test_a_row_that_is_not_for_people_fails_the_proof(
    table: WordTable, change: dict[str, str], fault: str
) -> None:
    table.keep(replace(ROW, **asdict(ROW) | change))
    with pytest.raises(Short) as short:
        expect_all(table, {"offline": "no network"})
    assert fault in str(short.value.figures["faults"])


def test_a_code_that_was_not_seen_fails_the_proof(table: WordTable) -> None:
    table.keep(ROW)
    with pytest.raises(Short) as short:
        expect_all(table, {"offline": "no network", "timed-out": "nothing comes"})
    assert short.value.figures["not_seen"] == ["timed-out"]


def test_a_code_that_nobody_expected_fails_the_proof(table: WordTable) -> None:
    table.keep(ROW)
    with pytest.raises(Short) as short:
        expect_all(table, {})
    assert short.value.figures["in_no_table"] == ["offline"]


def test_the_table_is_written_with_what_cannot_be_met(table: WordTable) -> None:
    table.keep(ROW)
    written = table.write("What the window says", {"internal": "a mistake of the program"})
    words = written.read_text(encoding="utf-8")
    assert "## This computer is offline" in words
    assert "open beside it: We can’t reach the other side." in words
    assert "- `internal`: a mistake of the program" in words


def test_the_page_of_all_troubles_names_no_place_of_the_computer_that_it_was_made_on() -> None:
    happened = "There is no room left to write to /home/ingrid/desk/home. 127.0.0.1:3128 said so."
    page = page_words([replace(ROW, happened=happened)], {"internal": "a mistake"})
    assert "| `offline` | **This computer is offline.**" in page
    assert "…/home. 127.0.0.1 said so." in page
    assert "ingrid" not in page
    assert "- `internal`: a mistake." in page
