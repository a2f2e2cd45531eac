"""The helpdesk report's page: nothing in it runs but our own script, whatever people are called."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wizard.content.desk_report import (
    ADDRESS,
    WHO,
    DeskFacts,
    DeskRow,
    answer_html,
    before_answers,
    foot,
    group_foot,
    group_head,
    head,
    row_html,
)
from wizard.core.directory import UserState
from wizard.core.people import Answered, Explanation, PersonStory, ScopeFacts, Standing
from wizard.core.runs import Reason

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\u202c",
    "</td></tr></table><h1>",
    "a\x00b\nc",
    "&lt;b&gt;",
)
FACTS = DeskFacts(
    organization="Halden <Freight>",
    service="Halden Connect",
    host="PC-041",
    made_at=NOW,
    title="In step",
    reason="Last sync on 23 November at 10:42.",
    tone="good",
    counts={Standing.NO_ACCOUNT: 1},
    read_at=NOW,
    last_run=NOW,
    stale_minutes=90,
    version="1.0",
)
STORY = PersonStory(
    user_id="",
    name=WHO,
    given_name=WHO,
    address=ADDRESS,
    unit="Sales",
    standing=Standing.NO_ACCOUNT,
    read_at=NOW,
    state=UserState.ACTIVE,
    scope=ScopeFacts(inside=False, reason=Reason.OUT_OF_SCOPE),
)


def whole(facts: DeskFacts, row: DeskRow, story: PersonStory = STORY) -> str:
    told = Explanation(query="", answered=Answered.PERSON, person=story, enabled=True)
    return "".join(
        (
            head(facts),
            group_head(Standing.NO_ACCOUNT, facts),
            row_html(row, Standing.NO_ACCOUNT, facts),
            group_foot(),
            before_answers(),
            answer_html(told, 1, facts),
            foot(facts),
        )
    )


def row(**fields: str) -> DeskRow:
    plain = DeskRow(number=1, answer=1, name="Ana Berg", address="a@b.example", unit="", until="")
    return replace(plain, **fields)  # type: ignore[arg-type] # texts by name


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("field", ["name", "address", "unit", "others", "account_address", "why"])
def test_no_words_of_the_directory_become_markup(field: str, evil: str) -> None:
    page = whole(FACTS, row(**{field: evil}))
    plain = whole(FACTS, row())
    tags = re.compile(r"<[a-z/!][^>\s]*")
    assert sorted(set(tags.findall(page))) == sorted(set(tags.findall(plain)))
    assert page.count("<script>") == 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", page)


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_words_of_units_and_rules_become_markup_in_an_answer(evil: str) -> None:
    scope = ScopeFacts(inside=False, reason=Reason.EXCLUDED, by=evil)
    page = whole(FACTS, row(), replace(STORY, unit=evil, scope=scope, namesakes=(evil,)))
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert page.count("<h1>") == 1


def test_only_our_own_style_and_script_may_run_and_nothing_is_loaded() -> None:
    page = whole(FACTS, row())
    policy = re.search(r'Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    told = policy[1].replace("&#x27;", "'")
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        found = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert found is not None
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in told
    assert told.startswith("default-src 'none'")
    assert not re.search(r"https?://|@import|url\(|innerHTML|eval\(", page)


def test_a_sentence_about_nobody_begins_with_a_capital() -> None:
    page = whole(FACTS, row())
    assert '<span class="w">This person</span> has no account because they are not' in page


def test_no_day_is_told_as_today() -> None:
    page = whole(FACTS, row())
    assert "on 23 November at" in page
    assert "today" not in page
    later = replace(FACTS, made_at=NOW + timedelta(days=1))
    assert "yesterday" not in whole(later, row())


def test_a_private_row_has_nothing_but_hashes() -> None:
    facts = replace(FACTS, salt="00" * 16, rounds=100)
    shown = row_html(replace(row(), hashes=("ab12", "cd34")), Standing.NO_ACCOUNT, facts)
    assert "Ana" not in shown
    assert "@" not in shown
    assert 'data-h="ab12 cd34"' in shown
    assert "Ana" not in whole(facts, replace(row(), hashes=("ab12",)))
