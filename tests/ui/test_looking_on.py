"""Whoever answers questions and sets nothing up: from the unit's page to Home, and back there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import watching
from tests.ui.owner_scenes import OTHERS, SEVERAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.people import ServiceWord
from wizard.flow.answers import Role, StepId
from wizard.services.contract import UnitView
from wizard.ui.home.ids import HomeId
from wizard.ui.program import Program

Open = Callable[..., Stage]
STEP = StepId.ORGANIZATIONAL_UNIT
HOST = "SERVER01"


@pytest.fixture
def bench() -> FakeWorkbench:
    """A member's: the service keeps a unit in step that they don't own."""
    made = FakeWorkbench()
    watching(made)
    made.home.word = replace(made.home.word, may_manage=False)
    made.answers = replace(made.answers, ou_id="", ou_name="", it_finished=False)
    made.units = OTHERS
    at_step(made, STEP)
    made.answers = replace(made.answers, role=Role.IT)
    return made


@pytest.fixture
def opened(qtbot: QtBot, bench: FakeWorkbench) -> Iterator[Open]:
    """Opens the window at the unit's page; closes it in the end."""
    del qtbot
    dressed()
    stages: list[Stage] = []

    def open_stage(step: StepId = STEP) -> Stage:
        stage = Stage(bench, step)
        stages.append(stage)
        return stage

    yield open_stage
    for stage in stages:
        stage.close()


def look_on(opened: Open) -> Stage:
    stage = opened()
    stage.until(lambda: stage.words("primary") == "Look how it stands")
    stage.press("primary")
    stage.until(lambda: stage.frame.at_home)
    return stage


def test_a_member_looks_how_it_stands_and_changes_nothing(
    bench: FakeWorkbench, opened: Open
) -> None:
    stage = look_on(opened)
    stage.until(lambda: stage.frame.page.heading.title == "In step")
    told = " ".join(stage.all_words())
    assert "Nordby" in told
    assert "You look from outside" in told
    assert HOST in told
    assert not stage.shown("overview-cure")
    assert not stage.frame.footer.isVisible()
    assert (bench.answers.looks_at, bench.answers.ou_id) == (OTHERS[0].id, "")


def test_the_next_start_is_home_again(qtbot: QtBot, bench: FakeWorkbench, opened: Open) -> None:
    look_on(opened)
    program = Program(bench)
    program.show()
    assert program.frame.at_home
    with qtbot.waitSignal(program.ended):
        program.frame.close()
    program.frame.deleteLater()


def test_the_set_up_is_one_press_away_and_is_where_the_next_start_is(
    bench: FakeWorkbench, opened: Open
) -> None:
    stage = look_on(opened)
    assert stage.words("continue-set-up") == "To the set-up"
    stage.press("continue-set-up")
    assert stage.frame.walk.step is STEP
    assert not stage.frame.at_home
    assert bench.answers.looks_at == ""


def test_where_the_list_of_people_is_and_that_one_can_still_be_asked_for(
    bench: FakeWorkbench, opened: Open
) -> None:
    stage = look_on(opened)
    bench.people.nobody()
    stage.frame.open_home(HomeId.MEMBERS.value)
    stage.until(lambda: stage.shown("members-look-up"))
    assert "computer that syncs" in stage.words("members-empty")
    stage.press("members-look-up")
    stage.until(lambda: stage.shown("help-person"))


@pytest.mark.parametrize(
    ("word", "headline", "to_do"),
    [
        (
            ServiceWord(asked_at=datetime.now(UTC), has_account=True, active=True),
            "ana.silva@nordby.example has an account.",
            "",
        ),
        (
            ServiceWord(asked_at=datetime.now(UTC), has_account=False, syncer_host=HOST),
            "Nobody has an account with ana.silva@nordby.example.",
            "On SERVER01, look this person up under Members. The reason stands there.",
        ),
        (
            ServiceWord(asked_at=datetime.now(UTC), has_account=False, provisioning_on=False),
            "Nobody has an account with ana.silva@nordby.example.",
            "Turn provisioning on, and press Save.",
        ),
        (
            ServiceWord(asked_at=datetime.now(UTC), has_account=True, active=False),
            "The account of ana.silva@nordby.example is off.",
            "Ask whoever set up the sync.",
        ),
    ],
)
def test_one_person_is_told_as_far_as_the_service_tells(
    bench: FakeWorkbench, opened: Open, word: ServiceWord, headline: str, to_do: str
) -> None:
    address = "ana.silva@nordby.example"
    bench.people.connected = False
    bench.people.at_service[address] = word
    stage = look_on(opened)
    stage.frame.desk.person_wanted.emit(address)
    stage.until(lambda: stage.shown("help-ask"))
    assert stage.words("help-person-verdict") == "This computer can’t tell."
    stage.press("help-ask")
    stage.until(lambda: headline in stage.all_words())
    assert any(words.startswith(to_do) for words in stage.all_words()) or not to_do
    assert stage.shown("help-person-todo") is bool(to_do)


def test_a_name_alone_is_asked_to_be_a_whole_address(bench: FakeWorkbench, opened: Open) -> None:
    bench.people.connected = False
    stage = look_on(opened)
    stage.frame.desk.person_wanted.emit("")
    stage.until(lambda: stage.shown("help-person"))
    assert any(words.startswith("Type a whole address.") for words in stage.all_words())
    stage.frame.desk.person_wanted.emit("ana silva")
    stage.until(lambda: stage.shown("help-person-todo"))
    assert stage.words("help-person-todo").startswith("Type the whole address.")
    assert not stage.shown("help-ask")


def test_the_owner_is_not_asked_about_persons_before_there_are_any(
    bench: FakeWorkbench, opened: Open
) -> None:
    bench.units = ()
    stage = opened()
    stage.until(lambda: stage.shown("unit-name"))
    assert not stage.shown("help-tab-person")


def test_of_several_units_each_can_be_looked_at(bench: FakeWorkbench, opened: Open) -> None:
    other = UnitView(id="ou-9", name="Halden Logistics", manageable=False)
    bench.units = (*OTHERS, other)
    stage = opened()
    stage.until(lambda: stage.shown("look-ou-9"))
    assert not stage.frame.footer.primary.isEnabled()
    stage.press("look-ou-9")
    stage.until(lambda: stage.frame.at_home)
    assert bench.answers.looks_at_name == "Halden Logistics"


def test_an_owner_whose_connection_is_elsewhere_may_look_without_setting_up(
    bench: FakeWorkbench, opened: Open
) -> None:
    bench.units = SEVERAL[:1]
    bench.answers = replace(
        bench.answers, ou_id="ou-1", ou_name="Halden Freight", connected_elsewhere="Tomasz Wilk"
    )
    stage = opened()
    stage.until(lambda: stage.shown("look-on"))
    assert stage.words("primary") == "Continue"
    stage.press("look-on")
    stage.until(lambda: stage.frame.at_home)


def test_whoever_only_answers_questions_says_so_on_the_first_page(
    bench: FakeWorkbench, opened: Open
) -> None:
    bench.answers = replace(bench.answers, role=None, signed_in_as="")
    stage = opened(StepId.WELCOME)
    stage.until(lambda: bench.answers.service_answered and not stage.frame.page.working)
    stage.press("role-looks")
    assert stage.frame.walk.step is StepId.SIGN_IN
