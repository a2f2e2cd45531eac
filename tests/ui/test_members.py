"""Members: what is found as one types, the filters, the story beside it, the saved table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step
from tests.ui.people_scenes import listed, members_of, story_of
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.people import Standing
from wizard.core.runs import PlanCounts
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.home.ids import HomeId
from wizard.ui.home.members import MembersPage
from wizard.ui.widgets.story import StorySheet

Open = Callable[..., Stage]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    """Opens the window at Members; everything is ended afterwards."""
    del qtbot  # its application is what counts
    dressed()
    stages: list[Stage] = []

    def open_window(
        prepare: Callable[[FakeWorkbench], None] = lambda _bench: None,
        size: tuple[int, int] = (1100, 720),
    ) -> Stage:
        bench = FakeWorkbench()
        at_step(bench, StepId.DONE)
        in_step(bench)
        prepare(bench)
        stage = Stage(bench, StepId.DONE, size)
        stages.append(stage)
        stage.frame.open_home(HomeId.MEMBERS.value)
        stage.settle()
        return stage

    yield open_window
    for stage in stages:
        stage.close()


def names(page: MembersPage) -> list[str]:
    found = [page.people.person(number) for number in range(min(20, page.people.rowCount()))]
    return [person.name for person in found if person is not None]


def typed(stage: Stage, words: str) -> MembersPage:
    page = listed(stage)
    page.search.setFocus()
    QTest.keyClicks(page.search, words)
    stage.settle()
    return page


def test_everybody_is_there_with_counts_that_add_up(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    stage.until(lambda: page.people.rowCount() == len(stage.bench.people.people))
    shown = {one.key: one.number for one in page.filters.segments}
    whole = shown.pop("all")
    assert whole == len(stage.bench.people.people)
    assert sum(number or 0 for number in shown.values()) == whole


def test_a_search_begins_with_the_first_key_and_without_a_pause(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    stage.bench.called.clear()
    QTest.keyClick(page.search, Qt.Key.Key_S)
    stage.until(lambda: "members_find" in stage.bench.called)


def test_typing_finds_names_and_addresses(opened: Open) -> None:
    stage = opened()
    page = typed(stage, "dahl")
    stage.until(lambda: names(page) == ["Maren Dahl", "Mikkel Dahl"])
    assert stage.words("members-count") == "2 people"
    page.search.clear()
    QTest.keyClicks(page.search, "lukasz.nowak@")
    stage.until(lambda: names(page) == ["Łukasz Nowak"])


def test_nobody_fits_is_said_with_a_way_on(opened: Open) -> None:
    stage = opened()
    page = typed(stage, "nobody at all")
    stage.until(lambda: page.people.rowCount() == 0)
    assert stage.words("members-count").startswith("Nobody fits.")


def test_an_older_answer_that_comes_late_changes_nothing(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    stage.bench.hold("members_find")
    QTest.keyClicks(page.search, "dah")
    stage.settle()
    QTest.keyClicks(page.search, "l")
    stage.bench.release("members_find")
    stage.until(lambda: names(page) == ["Maren Dahl", "Mikkel Dahl"])


def test_a_filter_shows_only_those_and_goes_with_the_search(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    stage.press("members-filter-leaving")
    stage.until(lambda: names(page)[:2] == ["Ana Silva", "Sindre Aas"])
    assert len(names(page)) == 4
    QTest.keyClicks(page.search, "ana")
    stage.until(lambda: names(page) == ["Ana Silva"])


def test_the_filters_are_walked_with_the_arrow_keys(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    first = stage.find("members-filter-all")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert page.filters.key == "active"
    QTest.keyClick(stage.find("members-filter-active"), Qt.Key.Key_Left)
    assert page.filters.key == "all"


def test_the_keyboard_leads_from_the_search_over_one_filter_into_the_list(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    page.search.setFocus()
    stops: list[str] = []
    for _ in range(2):
        QTest.keyClick(stage.frame.focusWidget(), Qt.Key.Key_Tab)
        stops.append(stage.frame.focusWidget().objectName())
    assert stops == ["members-filter-all", "members-rows"]
    page.search.setFocus()
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert stage.frame.focusWidget() is page.table.view
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    stage.until(lambda: stage.shown("story-verdict"))
    assert stage.words("story-name") == "Amira Benali"


def test_scrolling_far_reads_the_rows_that_are_seen(opened: Open) -> None:
    stage = opened(lambda bench: bench.people.grow(5_000))
    page = listed(stage)
    stage.until(lambda: page.people.rowCount() > 5_000)
    bar = page.table.view.verticalScrollBar()
    for part in (0.9, 0.2, 0.5, 1.0):
        bar.setValue(round(bar.maximum() * part))
        stage.settle()
    last = page.people.rowCount() - 1
    stage.until(lambda: page.people.person(last) is not None)
    person = page.people.person(last)
    assert person is not None
    assert person.name == stage.bench.people.people[-1].name


def test_a_row_opens_its_story_and_escape_brings_back(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    page.table.view.setFocus()
    page.table.view.selectRow(1)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    stage.until(lambda: stage.shown("story-verdict"))
    assert stage.words("story-name") == "Ana Silva"
    assert page.table.view.shown_id == "p-1"
    sheet = stage.frame.panes.sheet
    assert isinstance(sheet, StorySheet)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    stage.until(lambda: stage.frame.panes.sheet is None)
    assert page.table.view.shown_id == ""


def test_the_story_says_what_happened_and_what_keeps_them(opened: Open) -> None:
    stage = opened()
    story_of("Ana")(stage)
    words = stage.all_words()
    for said in ("Account created", "Last name changed", "Souza → Silva", "Moved in Google"):
        assert said in words
    assert "Will be deactivated" in words
    assert stage.words("story-keep").endswith("or protect this one account.")


def test_protecting_asks_the_service_once_and_can_be_taken_back(opened: Open) -> None:
    stage = opened()
    story_of("Ana")(stage)
    stage.press("story-protect")
    stage.until(lambda: stage.words("story-protect") == "No longer protect")
    assert stage.bench.people.protected == {"p-1"}
    assert stage.bench.called.count("protect") == 1
    stage.press("story-protect")
    stage.until(lambda: stage.words("story-protect") == "Protect the account")
    assert stage.bench.people.protected == set()


def test_a_refusal_to_protect_is_told_where_it_was_asked(opened: Open) -> None:
    stage = opened()
    story_of("Ana")(stage)
    stage.bench.fail("protect", Code.NOT_ALLOWED)
    stage.press("story-protect")
    stage.until(lambda: stage.shown("story-trouble"))
    assert stage.words("story-protect") == "Protect the account"


def test_owners_and_people_without_an_account_have_nothing_to_protect(opened: Open) -> None:
    stage = opened()
    for name in ("Ingrid", "Samuel"):
        story_of(name)(stage)
        assert not stage.shown("story-protect")


def test_the_story_is_copied_as_text(opened: Open) -> None:
    stage = opened()
    story_of("Ana")(stage)
    stage.press("story-copy")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Ana Silva <ana.silva@halden-freight.example>")
    assert "Souza → Silva" in text


def test_those_who_are_shown_are_saved(opened: Open, tmp_path: Path) -> None:
    stage = opened()
    page = typed(stage, "dahl")
    page.save_to(tmp_path / "members.csv")
    stage.until(lambda: stage.words("members-count") == "Saved 2 rows.")
    saved = (tmp_path / "members.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition("@")[0] for line in saved] == ["maren.dahl", "mikkel.dahl"]


def test_a_list_that_cannot_be_read_says_so_and_comes_back(opened: Open) -> None:
    stage = opened(lambda bench: bench.fail("members_view", Code.DATABASE_BUSY))
    assert not stage.shown("members-rows")
    assert stage.frame.footer.primary.words == "Try again"
    stage.frame.footer.primary.click()
    stage.until(lambda: stage.shown("members-rows"))
    assert not stage.frame.footer.isVisibleTo(stage.frame)


def test_before_the_first_reading_nobody_is_here_yet(opened: Open) -> None:
    stage = opened(lambda bench: bench.people.nobody())
    assert stage.words("members-empty") == "Nobody is here yet"
    stage.press("members-overview")
    assert stage.frame.view.objectName() == "page-home-overview"


def test_after_a_sync_the_list_is_read_again(opened: Open) -> None:
    stage = opened()
    page = listed(stage)
    people = stage.bench.people
    people.people[0] = people.moved(0, Standing.LEAVING)
    people.made += 60
    stage.bench.schedule.finish(PlanCounts(update=1))
    stage.until(lambda: page.filters.number_of("leaving") == 5)


def test_a_page_that_is_left_asks_no_more(opened: Open) -> None:
    stage = opened(lambda bench: bench.hold("members_find"))
    stage.frame.open_home(HomeId.OVERVIEW.value)
    stage.settle()
    stage.bench.release("members_find")
    stage.settle()
    assert stage.frame.view.objectName() == "page-home-overview"


def test_another_page_can_ask_for_one_persons_story_or_a_filter(opened: Open) -> None:
    stage = opened()
    stage.frame.open_home(HomeId.OVERVIEW.value)
    stage.frame.open_home("members p-1")
    stage.until(lambda: stage.shown("story-verdict"))
    assert stage.words("story-name") == "Ana Silva"
    stage.frame.open_home("members leaving")
    stage.settle()
    assert members_of(stage).filters.key == "leaving"
