"""The rail says what is done, where we are, what is to come, and who does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.flow.answers import Answers, Role, StepId
from wizard.flow.graph import path
from wizard.ui.rail import Rail, RailItem

IT_STEPS = [
    "Choose workspace",
    "Install the app",
    "Authorize",
    "Who is synced",
    "Preview",
    "Provisioning",
    "Where it runs",
    "First sync",
    "Done",
]
ON = Answers(provisioning_on=True, service_answered=True)


@pytest.fixture
def rail(qtbot: QtBot) -> Iterator[Rail]:
    dressed()
    made = Rail()
    qtbot.addWidget(made)
    made.resize(232, 720)
    made.show()
    yield made
    made.hide()


def walk(rail: Rail, now: StepId, **answers: object) -> None:
    known = replace(ON, **answers)  # type: ignore[arg-type] # the fields of Answers
    rail.show_walk(path(known), now, known, stopped=False)


def items(rail: Rail) -> list[RailItem]:
    return sorted(
        (item for item in rail.findChildren(RailItem) if item.parentWidget() is not None),
        key=lambda item: int(item.accessibleName().split("step ")[1].split(" of")[0]),
    )


def told(rail: Rail) -> list[str]:
    return [item.text() for item in items(rail)]


def state(rail: Rail, step: StepId) -> str:
    item = rail.findChild(RailItem, f"rail-{step.value}")
    assert isinstance(item, RailItem)
    return item.accessibleName()


def headings(rail: Rail) -> list[str]:
    """The names of the groups that can be seen."""
    from PySide6.QtWidgets import QLabel

    labels = [
        label
        for label in rail.findChildren(QLabel)
        if not isinstance(label, RailItem) and label.isVisibleTo(rail)
    ]
    return [label.text().strip() for label in labels if label.text().strip()]


def test_an_owner_sees_the_steps_of_it_as_to_come(rail: Rail) -> None:
    walk(rail, StepId.INVITE_IT, role=Role.OWNER, signed_in_as="i@x.example", ou_id="ou-1")
    own = ["Welcome", "Sign in", "Organizational unit", "Invite IT", "Hand over"]
    assert told(rail) == own + IT_STEPS
    assert state(rail, StepId.SIGN_IN) == "Sign in, step 2 of 14, done, Account owner"
    assert state(rail, StepId.INVITE_IT) == "Invite IT, step 4 of 14, current, Account owner"
    expected = "Authorize, step 8 of 14, to come, IT representative"
    assert state(rail, StepId.GOOGLE_AUTHORIZE) == expected
    assert "you" in headings(rail)


def test_how_far_somebody_else_is_can_be_shown_with_their_name(rail: Rail) -> None:
    walk(rail, StepId.HAND_OVER, role=Role.OWNER, signed_in_as="i@x.example", ou_id="ou-1")
    rail.show_others(done={StepId.WORKSPACE}, current=StepId.GOOGLE_APP, name="Tomasz")
    assert "done" in state(rail, StepId.WORKSPACE)
    assert "somebody is on it" in state(rail, StepId.GOOGLE_APP)
    assert "to come" in state(rail, StepId.GOOGLE_AUTHORIZE)
    assert "Tomasz" in headings(rail)
    walk(rail, StepId.HAND_OVER, role=Role.OWNER, signed_in_as="i@x.example", ou_id="ou-1")
    assert "done" in state(rail, StepId.WORKSPACE)


def test_what_was_told_of_somebody_else_does_not_count_for_the_steps_of_the_person_here(
    rail: Rail,
) -> None:
    rail.show_others(done={StepId.WORKSPACE}, current=StepId.GOOGLE_APP, name="Tomasz")
    walk(rail, StepId.WORKSPACE, role=Role.BOTH, signed_in_as="i@x.example", ou_id="ou-1")
    assert "to come" in state(rail, StepId.GOOGLE_APP)
    assert "current" in state(rail, StepId.WORKSPACE)
    assert "Tomasz" not in headings(rail)


def test_for_it_no_group_of_the_owner_stands_above_the_sign_in(rail: Rail) -> None:
    walk(rail, StepId.SIGN_IN, role=Role.IT)
    assert "Account owner" not in " ".join(headings(rail))
    assert told(rail) == ["Welcome", "Sign in", "Organizational unit", *IT_STEPS]
    assert state(rail, StepId.SIGN_IN) == "Sign in, step 2 of 12, current, IT representative"


def test_who_is_both_has_two_groups_and_invites_nobody(rail: Rail) -> None:
    walk(rail, StepId.SIGN_IN, role=Role.BOTH)
    assert told(rail) == ["Welcome", "Sign in", "Organizational unit", *IT_STEPS]
    assert headings(rail).count("you") == 2
    assert "Account owner" in state(rail, StepId.ORGANIZATIONAL_UNIT)


def test_before_a_role_is_chosen_nobody_is_you(rail: Rail) -> None:
    walk(rail, StepId.WELCOME)
    assert len(told(rail)) == 14
    assert "you" not in headings(rail)


def test_after_back_the_later_steps_keep_their_ticks(rail: Rail) -> None:
    answers = {
        "role": Role.IT,
        "signed_in_as": "t@x.example",
        "ou_id": "ou-1",
        "workspace_chosen": True,
        "app_installed": True,
        "organization_account_id": "oa-1",
        "organization_account_active": True,
    }
    walk(rail, StepId.SIGN_IN, **answers)
    assert "current" in state(rail, StepId.SIGN_IN)
    for step in (StepId.ORGANIZATIONAL_UNIT, StepId.WORKSPACE, StepId.GOOGLE_AUTHORIZE):
        assert "done" in state(rail, step)
    assert "to come" in state(rail, StepId.PREVIEW)


def test_fourteen_steps_fit_at_720_and_scroll_to_the_current_one_at_500(qtbot: QtBot) -> None:
    del qtbot
    dressed()
    bench = FakeWorkbench()
    at_step(bench, StepId.INVITE_IT)
    stage = Stage(bench, StepId.INVITE_IT)
    try:
        scroll = stage.frame.rail.findChild(QScrollArea)
        assert isinstance(scroll, QScrollArea)
        assert scroll.verticalScrollBar().maximum() == 0
        stage.frame.resize(900, 500)
        stage.until(lambda: scroll.verticalScrollBar().maximum() > 0)
        known = replace(bench.answers, role=Role.BOTH, provisioning_on=True)
        stage.frame.rail.show_walk(path(known), StepId.FIRST_SYNC, known, stopped=False)
        item = stage.frame.rail.findChild(RailItem, f"rail-{StepId.FIRST_SYNC.value}")
        assert isinstance(item, RailItem)
        stage.until(lambda: not item.visibleRegion().isEmpty())
    finally:
        stage.close()
