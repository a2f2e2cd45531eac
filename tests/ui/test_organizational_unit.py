"""The organizational unit: taken, chosen, made, or closed to a member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.owner_scenes import OTHERS, SEVERAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import Role, StepId

STEP = StepId.ORGANIZATIONAL_UNIT


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


@pytest.fixture
def opened(qtbot: QtBot, bench: FakeWorkbench) -> Iterator[Callable[..., Stage]]:
    """Opens the window at the page as this role; closes it in the end."""
    del qtbot
    dressed()
    stages: list[Stage] = []

    def open_stage(role: Role = Role.OWNER) -> Stage:
        at_step(bench, STEP)
        bench.answers = replace(bench.answers, role=role)
        stage = Stage(bench, STEP)
        stages.append(stage)
        return stage

    yield open_stage
    for stage in stages:
        stage.close()


def named(stage: Stage, name: str) -> QLineEdit:
    stage.until(lambda: stage.shown("unit-name"))
    field = stage.find("unit-name")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, name)
    stage.settle()
    return field


def test_the_only_one_is_chosen_already_and_it_is_said(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    stage = opened()
    stage.until(lambda: stage.frame.page.offer.proved)
    assert bench.answers.ou_name == "Halden Freight"
    assert "only one that you own" in stage.frame.page.heading.lead
    stage.press("primary")
    assert stage.frame.walk.step is StepId.INVITE_IT


def test_of_several_one_is_chosen_and_one_without_rights_cannot_be(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = SEVERAL
    stage = opened()
    stage.until(lambda: stage.shown("unit-ou-2"))
    assert not stage.frame.footer.primary.isEnabled()
    assert not stage.find("unit-ou-3").isEnabled()
    stage.press("unit-ou-2")
    stage.until(stage.frame.footer.primary.isEnabled)
    assert bench.answers.ou_name == "Halden Logistics and Customs Brokerage"


def test_without_any_one_is_made_by_its_name_and_the_set_up_goes_on(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = ()
    stage = opened()
    stage.until(lambda: stage.shown("unit-name"))
    assert not stage.frame.footer.primary.isEnabled()
    named(stage, "   ")
    assert not stage.frame.footer.primary.isEnabled()
    named(stage, "Nordby")
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.INVITE_IT)
    assert bench.answers.ou_name == "Nordby"
    assert bench.called.count("create_unit") == 1


def test_enter_in_the_field_makes_it_too(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = ()
    stage = opened()
    field = named(stage, "Nordby")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.until(lambda: bench.answers.ou_name == "Nordby")
    assert bench.called.count("create_unit") == 1


def test_one_that_could_not_be_made_keeps_its_name(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = ()
    bench.fail("create_unit", Code.CONNECTION_LOST)
    stage = opened()
    field = named(stage, "Nordby")
    stage.press("primary")
    stage.until(lambda: stage.shown("trouble"))
    assert field.text() == "Nordby"
    assert field.isEnabled()
    stage.press("primary")
    stage.until(lambda: bench.answers.ou_name == "Nordby")


def test_another_one_can_be_made_beside_the_one_there_is(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    stage = opened()
    stage.until(lambda: stage.shown("unit-new"))
    stage.press("unit-new")
    stage.press("unit-create")
    assert bench.answers.ou_name == "Halden Freight"
    named(stage, "Nordby")
    stage.press("unit-create")
    stage.until(lambda: bench.answers.ou_name == "Nordby")
    assert stage.frame.walk.step is STEP
    assert stage.frame.footer.primary.isEnabled()


def test_a_member_reads_who_could_do_it_and_looks_again(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = OTHERS
    stage = opened(Role.IT)
    stage.until(lambda: stage.shown("unit-note"))
    told = " ".join(stage.all_words())
    assert "Hanne Vik (hanne.vik@nordby.example) or Jonas Ekeberg" in told
    assert stage.words("primary") == "Look how it stands"
    bench.units = (replace(OTHERS[0], manageable=True),)
    stage.press("unit-again")
    stage.until(lambda: bench.answers.ou_name == "Nordby")
    assert stage.words("primary") == "Continue"
    assert not stage.shown("unit-note")


def test_it_without_a_unit_is_asked_for_the_invitation_first(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = ()
    stage = opened(Role.IT)
    stage.until(lambda: stage.shown("unit-note"))
    assert any("Were you invited?" in words for words in stage.all_words())


def test_a_dead_network_is_told_and_asked_again(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.fail("signed_in", Code.OFFLINE)
    stage = opened()
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("primary") == "Look again"
    stage.press("primary")
    stage.until(lambda: stage.frame.page.offer.proved)


def test_what_somebody_owned_is_not_shown_to_who_signs_in_next(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    stage = opened()
    stage.until(lambda: stage.shown("unit-ou-1"))
    stage.press("back")
    bench.answers = replace(bench.answers, signed_in_as="else@nordby.example", ou_id="")
    bench.hold("signed_in")
    stage.frame.open_steps(STEP.value)
    stage.settle()
    assert not stage.shown("unit-ou-1")
    bench.release("signed_in")


def test_leaving_while_it_is_made_cancels_it(
    bench: FakeWorkbench, opened: Callable[..., Stage]
) -> None:
    bench.units = ()
    bench.hold("create_unit")
    stage = opened()
    named(stage, "Nordby")
    stage.press("primary")
    stage.until(lambda: "create_unit" in bench.called)
    stage.press("back")
    assert stage.frame.walk.step is StepId.SIGN_IN
    assert not bench.answers.ou_name
