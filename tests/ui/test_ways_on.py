"""Wherever a page stops or finds nobody, the likely way on is one press away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui import guard_scenes as guard
from tests.ui import placing_scenes as placing
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from tests.ui.test_pages_setup import OpenAt
from wizard.core.trouble import Code
from wizard.flow.answers import Place, StepId
from wizard.ui.pages.preview import PreviewPage
from wizard.ui.pages.where_it_runs import WhereItRunsPage


@pytest.fixture
def open_at(qtbot: QtBot) -> Iterator[OpenAt]:
    """Opens a window at a step, with everything before it done; closes it in the end."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_stage(bench: FakeWorkbench, step: StepId) -> Stage:
        at_step(bench, step)
        opened.append(Stage(bench, step))
        return opened[-1]

    yield open_stage
    for stage in opened:
        stage.close()


@pytest.fixture
def bench() -> FakeWorkbench:
    return FakeWorkbench()


@pytest.mark.parametrize(
    ("step", "call"),
    [
        (StepId.GOOGLE_APP, "app"),
        (StepId.WORKSPACE, "workspaces"),
        (StepId.ORGANIZATIONAL_UNIT, "signed_in"),
        (StepId.PROVISIONING, "settings"),
    ],
)
def test_a_sign_in_that_ended_leads_to_the_sign_in(
    bench: FakeWorkbench, open_at: OpenAt, step: StepId, call: str
) -> None:
    bench.fail(call, Code.SIGN_IN_EXPIRED, connection="service")
    stage = open_at(bench, step)
    stage.until(lambda: stage.shown("trouble"))
    assert stage.words("primary") == "Sign in again"
    stage.press("primary")
    stage.until(lambda: stage.frame.page.step is StepId.SIGN_IN)


def test_what_the_scope_made_too_large_is_put_right_in_the_scope(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    guard.asking(bench)
    stage = open_at(bench, StepId.DONE)
    stage.until(lambda: stage.shown("guard-scope"))
    stage.press("guard-scope")
    stage.until(lambda: stage.frame.page.step is StepId.SCOPE)
    assert bench.approved == []


def test_a_computer_that_keeps_people_in_step_is_left_to_it_without_choosing_anything(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    placing.elsewhere(bench)
    stage = open_at(bench, StepId.WHERE_IT_RUNS)
    stage.until(lambda: stage.shown("place-holder"))
    assert isinstance(stage.frame.page, WhereItRunsPage)
    assert stage.words("primary") == "Leave it there"
    stage.press("primary")
    stage.until(lambda: bench.answers.place_ready)
    assert bench.answers.place is Place.SERVER


def test_a_search_in_the_preview_that_finds_nobody_can_be_taken_back(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, StepId.PREVIEW)
    stage.until(lambda: stage.frame.page.offer.valid)
    page = stage.frame.page
    assert isinstance(page, PreviewPage)
    field = stage.find("plan-search")
    assert isinstance(field, QLineEdit)
    stage.press("count-leave")
    field.setText("nobody at all")
    stage.until(lambda: stage.shown("plan-show-all"))
    assert not page.table.isVisibleTo(stage.frame)
    stage.press("plan-show-all")
    stage.until(lambda: page.table.isVisibleTo(stage.frame))
    assert not field.text()
    stage.until(lambda: stage.words("plan-count").startswith("All"))
