"""The frame owns the buttons, moves by the step graph, and shows help where there is room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.sample import PRACTICE, REAL
from tests.ui.scenes import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.ui.theme import ThemeChoice, color
from wizard.ui.tokens import DARK, LIGHT, Token
from wizard.ui.widgets.focus import FocusFrame


@pytest.fixture
def stages(qtbot: QtBot) -> Iterator[list[Stage]]:
    """Stages that a test opens; all of them end with it."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []
    yield opened
    for stage in opened:
        stage.close()


def opened(
    stages: list[Stage],
    step: StepId = StepId.WELCOME,
    *,
    size: tuple[int, int] = (1100, 720),
    bench: FakeWorkbench | None = None,
) -> Stage:
    bench = bench or FakeWorkbench(REAL)
    if step is not StepId.WELCOME:
        at_step(bench, step)
    stage = Stage(bench, step, size)
    stages.append(stage)
    return stage


def test_nothing_leads_on_until_a_role_is_chosen_and_the_service_answered(
    stages: list[Stage],
) -> None:
    stage = opened(stages)
    stage.until(lambda: stage.words("service-state") == "The account service answers")
    assert not stage.frame.footer.primary.isEnabled()
    stage.press("role-it")
    assert stage.frame.footer.primary.isEnabled()
    assert stage.bench.answers.role is Role.IT
    stage.press("primary")
    assert stage.frame.walk.step is StepId.SIGN_IN


def test_back_shows_the_step_before_and_takes_no_effect_back(stages: list[Stage]) -> None:
    stage = opened(stages, StepId.PREVIEW)
    stage.until(lambda: stage.frame.page.offer.valid)
    assert stage.bench.answers.preview_run_id
    seen: list[StepId] = []
    for _ in range(2):
        stage.press("back")
        seen.append(stage.frame.walk.step)
    assert seen == [StepId.SCOPE, StepId.GOOGLE_AUTHORIZE]
    assert stage.bench.answers.preview_run_id
    assert stage.bench.answers.organization_account_active
    assert stage.frame.page.offer.proved


def test_leaving_a_page_cancels_what_it_was_doing(stages: list[Stage]) -> None:
    bench = FakeWorkbench(REAL)
    bench.hold("preview")
    stage = opened(stages, StepId.PREVIEW, bench=bench)
    stage.until(lambda: "preview" in bench.called)
    stage.press("back")
    assert stage.frame.walk.step is StepId.SCOPE
    assert bench.last_preview() is None


def test_enter_presses_the_one_primary_button(stages: list[Stage]) -> None:
    stage = opened(stages)
    stage.press("role-both")
    stage.until(lambda: stage.frame.page.offer.valid)
    QTest.keyClick(stage.frame, Qt.Key.Key_Return)
    stage.settle()
    assert stage.frame.walk.step is StepId.SIGN_IN


def test_help_stands_beside_the_page_from_1100_pixels_on_and_lies_over_it_below(
    stages: list[Stage],
) -> None:
    wide = opened(stages, size=(1100, 720))
    assert wide.frame.panes.help_is_open
    narrow = opened(stages, size=(1000, 720))
    assert not narrow.shown("help")
    page_before = narrow.frame.view.geometry()
    narrow.press("help-open")
    assert narrow.shown("help")
    assert narrow.frame.view.geometry() == page_before
    QTest.keyClick(narrow.frame.help, Qt.Key.Key_Escape)
    assert not narrow.shown("help")


def test_a_trouble_puts_its_own_answer_on_top_of_the_help(stages: list[Stage]) -> None:
    bench = FakeWorkbench(REAL)
    bench.fail("network", Code.PROXY_NTLM)
    stage = opened(stages, bench=bench)
    stage.until(lambda: stage.shown("trouble"))
    first = stage.frame.help.open_question
    wanted = stage.frame.help.top_topic()
    assert first
    assert wanted is not None
    assert wanted.question == first


def test_a_search_that_finds_nothing_says_so_and_escape_brings_the_step_back(
    stages: list[Stage],
) -> None:
    stage = opened(stages)
    search = stage.frame.help.search
    search.setText("xylophone quartz")
    search.search_now()
    stage.settle()
    assert not stage.frame.help.open_question
    QTest.keyClick(search, Qt.Key.Key_Escape)
    stage.settle()
    assert stage.frame.help.open_question


def test_practice_wears_its_band_and_a_real_set_up_does_not(stages: list[Stage]) -> None:
    assert opened(stages, bench=FakeWorkbench(PRACTICE)).shown("practice-band")
    assert not opened(stages).shown("practice-band")


def test_what_went_wrong_at_the_start_is_told_once(stages: list[Stage]) -> None:
    bench = FakeWorkbench(REAL)
    bench.notices = (Trouble(Code.ANSWERS_DAMAGED, retry_after=None, file="setup.json"),)
    stage = opened(stages, bench=bench)
    assert stage.shown("notice-answers-damaged")
    stage.press("notice-ok-answers-damaged")
    stage.press("role-it")
    assert not stage.shown("notices")


def test_closing_waits_until_everything_has_stopped(stages: list[Stage]) -> None:
    stage = opened(stages)
    asked: list[bool] = []
    stage.frame.closing.connect(lambda: asked.append(True))
    stage.frame.close()
    assert asked == [True]
    assert stage.frame.isVisible()
    stage.frame.allow_close()
    assert not stage.frame.isVisible()


def test_the_way_out_says_what_it_does_and_is_found_by_that_name(stages: list[Stage]) -> None:
    stage = opened(stages, StepId.SIGN_IN)
    asked: list[bool] = []
    stage.frame.closing.connect(lambda: asked.append(True))
    assert stage.words("later") == "Save and close"
    stage.press("later")
    assert asked == [True]
    assert stage.bench.walk.step is StepId.SIGN_IN


def test_both_themes_are_the_ones_of_the_design(stages: list[Stage]) -> None:
    opened(stages)
    for choice, table in ((ThemeChoice.DARK, DARK), (ThemeChoice.LIGHT, LIGHT)):
        dressed(choice)
        for token in Token:
            assert color(token).name().upper() == table[token]


def test_a_set_up_is_resumed_where_it_was_left(stages: list[Stage]) -> None:
    bench = FakeWorkbench(REAL)
    at_step(bench, StepId.PROVISIONING)
    bench.answers = replace(bench.answers, settings_version=0)
    stage = opened(stages, StepId.PROVISIONING, bench=bench)
    assert stage.frame.walk.step is StepId.PROVISIONING
    assert stage.frame.walk.can_go_back


def test_the_focus_frame_is_for_those_who_use_the_keyboard_only(stages: list[Stage]) -> None:
    stage = opened(stages)
    stage.until(lambda: stage.words("service-state") == "The account service answers")
    window = stage.frame.windowHandle()
    frame = stage.frame.findChild(FocusFrame)
    assert isinstance(frame, FocusFrame)
    stage.frame.activateWindow()
    stage.find("network-settings").setFocus(Qt.FocusReason.MouseFocusReason)
    stage.settle()
    assert not frame.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    stage.settle()
    stage.until(frame.isVisible)
    QTest.mouseClick(
        window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5)
    )
    stage.until(lambda: not frame.isVisible())


def test_the_focus_frame_follows_a_part_whose_parent_moves(stages: list[Stage]) -> None:
    stage = opened(stages)
    stage.until(lambda: stage.words("service-state") == "The account service answers")
    frame = stage.frame.findChild(FocusFrame)
    assert isinstance(frame, FocusFrame)
    stage.frame.activateWindow()
    QTest.keyClick(stage.frame.windowHandle(), Qt.Key.Key_Tab)
    lower = stage.find("topic-full-admin")
    lower.setFocus(Qt.FocusReason.TabFocusReason)
    stage.until(frame.isVisible)
    before = lower.mapTo(stage.frame, QPoint(0, 0))
    QTest.keyClick(lower, Qt.Key.Key_Space)  # the answer above it folds
    stage.until(lambda: lower.mapTo(stage.frame, QPoint(0, 0)) != before)
    stage.settle()
    assert frame.geometry().contains(lower.mapTo(stage.frame, lower.rect().center()))


def test_everything_that_can_be_pressed_is_reached_with_the_tab_key(stages: list[Stage]) -> None:
    stage = opened(stages)
    stage.until(lambda: stage.words("service-state") == "The account service answers")
    stage.press("role-both")
    reached = set()
    stage.frame.activateWindow()
    stage.find("role-both").setFocus()
    for _ in range(40):
        focused = stage.frame.focusWidget()
        assert focused is not None
        reached.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"role-both", "network-settings", "primary", "help-search"} <= reached
