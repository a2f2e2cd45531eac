"""The answers of a helpdesk page: each one once, and in no order that tells who is who."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from wizard.content.desk_report import ADDRESS, WHO, DeskFacts
from wizard.core.directory import UserState
from wizard.core.people import Answered, Explanation, PersonStory, Standing
from wizard.services.desk_answers import DeskAnswers

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
UNITS = ("Sales", "Customs", "Head Office", "Terminals", "People", "North", "South", "Moss")


def facts(salt: str) -> DeskFacts:
    return DeskFacts(
        organization="Halden",
        service="Halden Connect",
        host="PC-041",
        made_at=NOW,
        title="In step",
        reason="",
        tone="good",
        counts={Standing.NO_ACCOUNT: len(UNITS)},
        read_at=NOW,
        last_run=NOW,
        stale_minutes=90,
        version="1.0",
        salt=salt,
    )


def told(unit: str) -> Explanation:
    story = PersonStory(
        user_id="",
        name=WHO,
        given_name=WHO,
        address=ADDRESS,
        unit=unit,
        standing=Standing.NO_ACCOUNT,
        read_at=NOW,
        state=UserState.ACTIVE,
        evidence=None,
        namesakes=(unit,),
    )
    return Explanation(query="", answered=Answered.PERSON, person=story, enabled=True)


def answered(units: tuple[str, ...], salt: str) -> tuple[dict[str, int], str]:
    given = DeskAnswers(spool=io.BytesIO())
    numbers = {unit: given.number((), told(unit), facts(salt)) for unit in units}
    return numbers, "".join(given.written())


def test_a_private_page_has_the_same_answers_in_whatever_order_people_came() -> None:
    numbers, text = answered(UNITS, "00" * 16)
    assert answered(UNITS[::-1], "00" * 16) == (numbers, text)


@pytest.mark.parametrize("salt", ["", "00" * 16])
def test_each_answer_is_written_once_and_found_by_its_number(salt: str) -> None:
    numbers, text = answered((*UNITS, *UNITS[:3]), salt)
    assert len(set(numbers.values())) == len(UNITS) == text.count("<article")
    assert all(text.count(f'<article id="a{one}">') == 1 for one in numbers.values())


def test_who_has_the_same_key_has_the_same_answer() -> None:
    given = DeskAnswers(spool=io.BytesIO())
    first = given.number(("no-account", "Sales"), told("Sales"), facts(""))
    assert given.number(("no-account", "Sales"), told("Moss"), facts("")) == first
    assert "".join(given.written()).count("<article") == 1
