"""The help panel for helpdesk: why isn't somebody here, what does this code mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.people import ServiceWord
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.help_actions import SaveKit
from wizard.ui.widgets.story import StorySheet

Open = Callable[..., Stage]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    """Opens Home with the help panel open; everything is ended afterwards."""
    del qtbot  # its application is what counts
    dressed()
    stages: list[Stage] = []

    def open_window(
        prepare: Callable[[FakeWorkbench], None] = lambda _bench: None,
        step: StepId = StepId.DONE,
    ) -> Stage:
        bench = FakeWorkbench()
        at_step(bench, step)
        if step is StepId.DONE:
            in_step(bench)
        prepare(bench)
        stage = Stage(bench, step)
        stages.append(stage)
        stage.frame.panes.open_help()
        stage.until(lambda: not stage.frame.panes.sliding)
        return stage

    yield open_window
    for stage in stages:
        stage.close()


def asked(stage: Stage, words: str) -> str:
    """Look somebody up; the answer in one sentence."""
    before = stage.frame.findChild(QWidget, "help-person-verdict")
    stage.press("help-tab-person")
    field = stage.frame.help.first_field
    field.setFocus()
    QTest.keyClicks(field, words)

    def answered() -> bool:
        now = stage.frame.findChild(QWidget, "help-person-verdict")
        return now is not None and now is not before and now.isVisibleTo(stage.frame)

    stage.until(answered)
    return stage.words("help-person-verdict")


def test_the_second_tab_is_there_once_there_is_an_organization_to_look_into(opened: Open) -> None:
    assert opened().shown("help-tab-person")
    assert not opened(step=StepId.SIGN_IN).shown("help-tab-person")
    assert opened(step=StepId.SCOPE).shown("help-tab-person")


def test_a_suspended_person_is_explained_with_reasons_and_who_can_help(opened: Open) -> None:
    stage = opened()
    said = asked(stage, "samuel okoro")
    assert said == "Samuel has no account because they are suspended in Google."
    words = stage.all_words()
    places = [words.index(one) for one in ("In Google", "In the scope", "Suspended", "Account")]
    assert places == sorted(places)
    todo = stage.words("help-person-todo")
    assert todo.startswith("Ask an admin to restore them in Google.")
    assert todo.endswith("A full admin (super admin) of your workspace can do this.")


def test_the_answer_is_copied_and_the_whole_story_opens(opened: Open) -> None:
    stage = opened()
    asked(stage, "ana silva")
    stage.press("help-copy")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Ana Silva <ana.silva@halden-freight.example>")
    assert "Not in the scope" in text
    stage.press("help-story")
    stage.until(lambda: isinstance(stage.frame.panes.sheet, StorySheet))
    stage.until(lambda: stage.shown("story-verdict"))


def test_one_of_several_is_chosen(opened: Open) -> None:
    stage = opened()
    assert asked(stage, "dahl") == "Several people fit “dahl”."
    picks = [
        part
        for part in stage.frame.findChildren(QAbstractButton, "help-pick")
        if part.isVisibleTo(stage.frame)
    ]
    assert [part.text() for part in picks] == ["Maren Dahl", "Mikkel Dahl"]
    picks[1].click()
    stage.until(lambda: "Two people use" in stage.words("help-person-verdict"))


def test_somebody_unknown_is_not_guessed_at(opened: Open) -> None:
    stage = opened()
    assert asked(stage, "annika sommer") == "Nobody here is called “annika sommer”."
    assert "Much alike" in stage.all_words()
    assert not stage.shown("help-story")
    assert not stage.shown("help-ask")


def test_the_service_is_asked_only_when_a_person_presses(opened: Open) -> None:
    address = "nobody@halden-freight.example"
    word = ServiceWord(asked_at=datetime.now(UTC), has_account=True, active=False)
    stage = opened(lambda bench: bench.people.at_service.update({address: word}))
    asked(stage, address)
    assert "ask_service" not in stage.bench.called
    stage.press("help-ask")
    stage.until(lambda: "It is there, and deactivated" in stage.all_words())


def test_a_service_that_does_not_answer_is_told_and_can_be_asked_again(opened: Open) -> None:
    stage = opened(lambda bench: bench.fail("ask_service", Code.OFFLINE))
    asked(stage, "nobody@halden-freight.example")
    stage.press("help-ask")
    stage.until(lambda: stage.shown("help-person-trouble"))
    stage.press("help-ask")
    stage.until(lambda: "There is none with this address" in stage.all_words())


def test_another_computer_that_keeps_the_unit_is_named(opened: Open) -> None:
    def elsewhere(bench: FakeWorkbench) -> None:
        bench.people.nobody()
        bench.people.keeper = "SERVER01"

    stage = opened(elsewhere)
    assert asked(stage, "ana") == "This computer can’t tell yet."
    assert "SERVER01 keeps this unit in step. Ask there." in stage.all_words()


def test_a_failed_look_up_says_why(opened: Open) -> None:
    stage = opened(lambda bench: bench.fail("explain", Code.DATABASE_BUSY))
    stage.press("help-tab-person")
    QTest.keyClicks(stage.frame.help.first_field, "ana")
    stage.until(lambda: stage.shown("help-person-trouble"))


# ------------------------------------------------------------------ codes


def found(stage: Stage, words: str) -> str:
    stage.frame.help.search.setText(words)
    stage.frame.help.search.search_now()
    stage.settle()
    return stage.frame.help.open_question


def test_a_code_or_a_line_with_one_finds_its_topic(opened: Open) -> None:
    stage = opened()
    for words in ("scopes-missing", "SCOPES_MISSING", "12:01 stopped: scopes-missing (x=1)"):
        assert found(stage, words) == "Not everything was allowed"
    shown = " ".join(stage.all_words())
    for part in ("What happened.", "What to do.", "Who can do it."):
        assert part in shown


def test_an_unknown_line_says_what_else_can_be_tried(opened: Open) -> None:
    stage = opened()
    assert found(stage, "qwertz uiop") == ""
    assert "Try another word, a part of one, or the code of a message." in stage.all_words()


# ------------------------------------------------------------------ what answers can do


def test_the_answer_about_privacy_saves_the_kit(opened: Open, tmp_path: Path) -> None:
    stage = opened()
    stage.frame.open_topic("data-and-privacy")
    stage.settle()
    part = next(one for one in stage.frame.findChildren(SaveKit) if one.isVisibleTo(stage.frame))
    part.save_to(tmp_path / "hand-over.html")
    stage.until(lambda: stage.shown("help-kit-saved"))
    assert stage.words("help-kit-saved").startswith("Saved as hand-over.html")
    stage.bench.fail("save_kit", Code.DISK_FULL)
    part.save_to(tmp_path / "hand-over.html")
    stage.until(lambda: "disk is full" in stage.words("help-kit-saved"))


# ------------------------------------------------------------------ the keyboard


def test_the_keyboard_goes_from_the_search_to_the_questions_and_last_to_the_footer(
    opened: Open,
) -> None:
    stage = opened()
    panel = stage.frame.help
    panel.search.setFocus()
    order: list[str] = []
    for _ in range(40):
        QTest.keyClick(stage.frame.focusWidget(), Qt.Key.Key_Tab)
        name = stage.frame.focusWidget().objectName()
        order.append(name)
        if name == "help-support":
            break
    assert order[-1] == "help-support"
    assert order[0].startswith("topic-")
    assert all(name.startswith(("topic-", "help-")) for name in order)


def test_escape_leaves_the_panel_from_both_tabs(opened: Open) -> None:
    stage = opened()
    stage.press("help-tab-person")
    QTest.keyClick(stage.frame.help.first_field, Qt.Key.Key_Escape)
    stage.until(lambda: not stage.frame.panes.help_is_open)
