"""A real browser reads the helpdesk report: it finds people, asks nobody, and runs nothing else."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from wizard.content import desk_report as report
from wizard.core.directory import UserState
from wizard.core.people import Answered, Explanation, PersonStory, ScopeFacts, Standing
from wizard.core.runs import Reason

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
SALT, ROUNDS = "5a" * 16, 100

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed here")

PEOPLE = (
    ("Ana Łukasik", "ana@nordby.example", "Sales"),
    ("Øyvind Strøm", "oyvind@nordby.example", ""),
    ("<img src=x onerror=document.title='caught'>", "evil@nordby.example", "<b>Unit</b>"),
    ("\u202ednA gnitsil", "rtl@nordby.example", "\u05e9\u05dc\u05d5\u05dd"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def hashed(address: str) -> str:
    salt = bytes.fromhex(SALT)
    return hashlib.pbkdf2_hmac("sha256", address.encode(), salt, ROUNDS, 12).hex()


def page_text(*, private: bool = False, made: datetime | None = None) -> str:
    facts = report.DeskFacts(
        organization="Nordby",
        service="Nordby Connect",
        host="PC-041",
        made_at=made or datetime.now(UTC),
        title="In step",
        reason="",
        tone="good",
        counts={Standing.NO_ACCOUNT: len(PEOPLE)},
        read_at=made or datetime.now(UTC),
        last_run=None,
        stale_minutes=90,
        version="1.0",
        salt=SALT if private else "",
        rounds=ROUNDS if private else 0,
    )
    story = PersonStory(
        user_id="",
        name=report.WHO,
        given_name=report.WHO,
        address=report.ADDRESS,
        unit="",
        standing=Standing.NO_ACCOUNT,
        read_at=facts.read_at,
        state=UserState.ACTIVE,
        scope=ScopeFacts(inside=False, reason=Reason.OUT_OF_SCOPE),
    )
    told = Explanation(query="", answered=Answered.PERSON, person=story, enabled=True)
    row = report.DeskRow(number=0, answer=1, name="", address="", unit="", until="")
    rows = [
        replace(row, number=number, name=name, address=address, unit=unit,
                others=f"other{number}@alias.example", hashes=(hashed(address),))
        for number, (name, address, unit) in enumerate(PEOPLE, start=1)
    ]  # fmt: skip
    return "".join(
        (
            report.head(facts),
            report.group_head(Standing.NO_ACCOUNT, facts),
            *(report.row_html(one, Standing.NO_ACCOUNT, facts) for one in rows),
            report.group_foot(),
            report.before_answers(),
            report.answer_html(told, 1, facts),
            report.foot(facts),
        )
    )


class Desk:
    """The page as somebody at a desk has it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, folder: Path, text: str) -> None:
        path = folder / "report.html"
        path.write_text(text, encoding="utf-8")
        self.page.goto(path.as_uri())

    def look_up(self, words: str) -> str:
        before = self.page.locator("#found").inner_html() + self.page.locator("#told").inner_html()
        self.page.fill("#ask-for", words)
        self.page.wait_for_function(
            "before => document.getElementById('found').innerHTML"
            " + document.getElementById('told').innerHTML !== before",
            arg=before,
        )
        return self.page.locator("#found").inner_text() + self.page.locator("#told").inner_text()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    context = browser.new_context()
    shown = Desk(context.new_page())
    yield shown
    context.close()
    assert shown.said == []
    assert [url for url in shown.asked if not url.startswith("file:")] == []


@pytest.mark.parametrize("words", ["ana luk", "ŁUKASIK", "ana@nordby.example", "other1@alias"])
def test_a_name_or_address_finds_the_story(desk: Desk, tmp_path: Path, words: str) -> None:
    desk.open(tmp_path, page_text())
    found = desk.look_up(words)
    assert "Ana Łukasik has no account because they are not in your scope." in found
    assert "ana@nordby.example · Sales" in found
    assert not desk.page.locator("#everybody").is_visible()


def test_a_letter_without_its_accent_finds_it(desk: Desk, tmp_path: Path) -> None:
    desk.open(tmp_path, page_text())
    assert "Øyvind Strøm has no account" in desk.look_up("oyvind strom")


def test_nobody_is_told_by_what_was_typed(desk: Desk, tmp_path: Path) -> None:
    desk.open(tmp_path, page_text())
    assert "Nobody here has the address <b>x</b>@y.example." in desk.look_up("<b>x</b>@y.example")
    assert "Nobody here is called “zzz”." in desk.look_up("zzz")


def test_a_name_that_is_markup_is_shown_as_text(desk: Desk, tmp_path: Path) -> None:
    desk.open(tmp_path, page_text())
    assert "<img src=x onerror=document.title='caught'>" in desk.look_up("evil@")
    assert desk.page.title().startswith("Why isn’t somebody here?")
    assert desk.page.locator("img").count() == 0


def test_a_page_that_names_nobody_answers_for_a_whole_address_alone(
    desk: Desk, tmp_path: Path
) -> None:
    text = page_text(private=True)
    assert "nordby.example" not in text
    assert "Łukasik" not in text
    desk.open(tmp_path, text)
    assert "whole address" in desk.look_up("ana")
    assert "This person has no account" in desk.look_up("  ANA@Nordby.example ")
    assert "Nobody here has the address ann@nordby.example." in desk.look_up("ann@nordby.example")


def test_an_old_page_says_so_and_a_new_one_does_not(desk: Desk, tmp_path: Path) -> None:
    desk.open(tmp_path, page_text(made=datetime.now(UTC) - timedelta(hours=2)))
    assert desk.page.locator("#old").is_visible()
    desk.open(tmp_path, page_text())
    assert not desk.page.locator("#old").is_visible()


def test_without_script_it_is_a_table_with_a_way_to_each_answer(
    browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    path = tmp_path / "report.html"
    path.write_text(page_text(), encoding="utf-8")
    page.goto(path.as_uri())
    assert not page.locator("#ask").is_visible()
    page.locator("tr#p1 a").click()
    assert page.url.endswith("#a1")
    assert "This person has no account" in page.locator("article#a1").inner_text()
    context.close()


def test_the_style_is_let_through_by_the_policy(desk: Desk, tmp_path: Path) -> None:
    desk.open(tmp_path, page_text())
    size = desk.page.locator("h1").evaluate("e => getComputedStyle(e).fontSize")
    assert size == "26px"
    blocked = desk.page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.x = 1';"
        " document.body.append(s); return window.x === undefined; }"
    )
    assert blocked is True
    assert any("Content Security Policy" in words for words in desk.said)
    desk.said.clear()
