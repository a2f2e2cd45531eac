"""Activity and Overview where runs could not begin, where others sync, and where nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import HOME_SCENES, open_run, watching
from tests.ui.sample import REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.home.activity import ActivityPage
from wizard.ui.home.ids import HomeId
from wizard.ui.home.overview import OverviewPage
from wizard.ui.home.service_word import ServiceWord

Open = Callable[..., Stage]
HOST = "accounts.enterprise-connect.example"


@pytest.fixture
def home(qtbot: QtBot) -> Iterator[Open]:
    """Opens a page of Home from outside, unless told otherwise."""
    del qtbot
    dressed()
    opened: list[Stage] = []

    def open_home(page: HomeId, prepare: Callable[[FakeWorkbench], None] = watching) -> Stage:
        bench = FakeWorkbench(REAL)
        at_step(bench, StepId.DONE)
        prepare(bench)
        stage = Stage(bench, StepId.DONE)
        opened.append(stage)
        stage.frame.open_home(page.value)
        stage.settle()
        return stage

    yield open_home
    for stage in opened:
        stage.close()


def prepared(name: str) -> Callable[[FakeWorkbench], None]:
    """What a scene of Home prepares."""
    found = next(scene.prepare for scene in HOME_SCENES if scene.name == f"home-{name}")
    assert found is not None
    return found


def title(stage: Stage) -> str:
    return stage.frame.view.title.text()


def lines(stage: Stage) -> list[str]:
    """What the table says of each run."""
    page = stage.frame.page
    assert isinstance(page, ActivityPage)
    model = page.table.view.model()
    return [str(model.index(number, 1).data()) for number in range(model.rowCount())]


def listed(stage: Stage) -> list[str]:
    stage.until(lambda: stage.words("activity-count") != "")
    return lines(stage)


# ------------------------------------------------------------------ runs that could not begin


def test_a_run_that_could_not_begin_is_told_with_its_sentence_and_topic(home: Open) -> None:
    stage = home(HomeId.ACTIVITY, prepared("activity-not-begun"))
    told = listed(stage)
    assert told[0].startswith("Sign in again")
    assert "tried 14 times" in told[4]
    open_run(4)(stage)
    assert title(stage) == "The address can’t be found"
    trouble = stage.frame.page.offer.trouble
    assert trouble is not None
    assert trouble.code is Code.HOST_NOT_FOUND
    assert any(HOST in words for words in stage.all_words())
    stage.press("activity-back")
    assert stage.frame.page.offer.trouble is None


# ------------------------------------------------------------------ another computer's runs


def test_who_looks_from_outside_sees_the_runs_of_the_other_computer(home: Open) -> None:
    stage = home(HomeId.ACTIVITY)
    told = listed(stage)
    assert len(told) == len(stage.bench.home.there)
    assert "run on SERVER01" in told[0]
    assert told[-1].endswith("told by the account service")


def test_such_a_run_opens_to_its_numbers_and_decides_nothing(home: Open) -> None:
    stage = home(HomeId.ACTIVITY)
    listed(stage)
    open_run(4)(stage)
    assert stage.shown("run-told")
    assert not stage.shown("run-decide")
    assert "64" in stage.all_words()
    assert any("decided on SERVER01" in words for words in stage.all_words())


def test_runs_from_here_and_there_stand_in_one_list_by_time(home: Open) -> None:
    stage = home(HomeId.ACTIVITY, prepared("activity-elsewhere"))
    stage.until(lambda: len(lines(stage)) == 15)
    told = lines(stage)
    assert [("SERVER01" in line) for line in told] == [True] * 5 + [False] * 10


def test_the_list_is_empty_only_where_nobody_synced(home: Open) -> None:
    stage = home(HomeId.ACTIVITY, prepared("activity-outside-none"))
    stage.until(lambda: stage.shown("activity-empty"))
    assert stage.words("activity-empty") == "No sync has run yet"
    assert not stage.shown("activity-search")


def test_before_the_service_answered_nothing_is_said_to_be_empty(home: Open) -> None:
    def silent(bench: FakeWorkbench) -> None:
        watching(bench)
        bench.hold("ask_runs")

    stage = home(HomeId.ACTIVITY, silent)
    stage.settle()
    assert not stage.shown("activity-empty")
    stage.bench.release("ask_runs")
    stage.until(lambda: len(lines(stage)) == len(stage.bench.home.there))


def test_a_service_out_of_reach_is_named_and_asked_again_on_a_press(home: Open) -> None:
    def away(bench: FakeWorkbench) -> None:
        watching(bench)
        bench.fail("ask_runs", Code.HOST_NOT_FOUND, host=HOST)

    stage = home(HomeId.ACTIVITY, away)
    stage.until(lambda: stage.shown("activity-again"))
    assert stage.words("activity-empty") == "The address can’t be found"
    stage.press("activity-again")
    stage.until(lambda: len(lines(stage)) == len(stage.bench.home.there))


def test_signed_out_the_button_signs_in(home: Open) -> None:
    stage = home(HomeId.ACTIVITY, prepared("activity-outside-signed-out"))
    stage.until(lambda: stage.shown("activity-sign-in"))
    assert not stage.shown("activity-overview")
    assert stage.words("activity-empty") == "You are signed out"


def test_a_search_that_finds_nothing_is_undone_by_a_press(home: Open) -> None:
    stage = home(HomeId.ACTIVITY)
    count = len(listed(stage))
    page = stage.frame.page
    search = stage.find("activity-search")
    search.setText("xylophone")  # type: ignore[attr-defined] # a search field
    search.search_now()  # type: ignore[attr-defined] # the same
    stage.until(lambda: stage.shown("activity-all"))
    assert page is stage.frame.page
    stage.press("activity-all")
    stage.until(lambda: len(lines(stage)) == count)


# ------------------------------------------------------------------ nobody answers


def word_of(stage: Stage) -> ServiceWord:
    found = stage.frame.page.findChild(ServiceWord)
    assert isinstance(found, ServiceWord)
    return found


def test_overview_says_that_nobody_answers_and_goes_on_when_somebody_does(home: Open) -> None:
    def silent(bench: FakeWorkbench) -> None:
        watching(bench)
        bench.hold("unit")

    stage = home(HomeId.OVERVIEW, silent)
    assert title(stage) == "Overview"
    word_of(stage).run_out_of_patience()
    stage.settle()
    assert title(stage) == "Can’t reach the account service"
    assert "goes on without this one" in stage.frame.view.lead.text()
    stage.bench.release("unit")
    stage.until(lambda: title(stage) == "In step")


def test_overview_asks_again_by_itself_while_the_service_is_away(home: Open) -> None:
    def away(bench: FakeWorkbench) -> None:
        watching(bench)
        bench.fail("unit", Code.CONNECTION_REFUSED, host=HOST)

    stage = home(HomeId.OVERVIEW, away)
    stage.until(lambda: title(stage) == "Can’t reach the account service")
    page = stage.frame.page
    assert isinstance(page, OverviewPage)
    page.look_again()
    stage.until(lambda: title(stage) == "In step")


def test_signed_out_overview_offers_the_sign_in_and_starts_no_sync(home: Open) -> None:
    def out(bench: FakeWorkbench) -> None:
        watching(bench)
        bench.answers = replace(bench.answers, signed_in_as="")

    stage = home(HomeId.OVERVIEW, out)
    stage.until(lambda: title(stage) == "You are signed out")
    assert stage.words("overview-cure") == "Sign in"
    stage.press("overview-cure")
    stage.settle()
    assert "run_now" not in " ".join(stage.bench.schedule.asked)
