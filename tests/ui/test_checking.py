"""Checks, the support file and the helpdesk report in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.ui.checking_scenes import open_checks, open_support
from tests.ui.fake_checking import SOME_WRONG, SUPPORT
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.ui.home.ids import HomeId
from wizard.ui.home.report_part import ReportPart
from wizard.ui.support_sheet import SupportSheet
from wizard.ui.widgets.choice import Toggle
from wizard.ui.widgets.plain_text import PlainText

Open = Callable[..., Stage]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    """Opens Home; everything is ended afterwards."""
    del qtbot  # its application is what counts
    dressed()
    stages: list[Stage] = []

    def open_window(
        prepare: Callable[[FakeWorkbench], None] = lambda _bench: None,
        step: StepId = StepId.DONE,
        home: HomeId | None = None,
    ) -> Stage:
        bench = FakeWorkbench()
        at_step(bench, step)
        if step is StepId.DONE:
            in_step(bench)
        prepare(bench)
        stage = Stage(bench, step)
        stages.append(stage)
        if home is not None:
            stage.frame.desk.home_wanted.emit(home.value)
            stage.settle()
        return stage

    yield open_window
    for stage in stages:
        stage.close()


def _wrong(bench: FakeWorkbench) -> None:
    bench.checking.found = SOME_WRONG


def test_the_help_panel_checks_everything_on_every_step(opened: Open) -> None:
    stage = opened(step=StepId.WORKSPACE)
    stage.frame.panes.open_help()
    stage.until(lambda: stage.shown("help-check"))
    stage.press("help-check")
    stage.until(lambda: stage.shown("checks-verdict"))
    assert any("Everything is fine." in words for words in stage.all_words())


def test_what_is_wrong_stands_first_and_says_what_to_do(opened: Open) -> None:
    stage = opened(_wrong)
    open_checks(stage)
    wrong, fine = stage.find("check-person"), stage.find("check-folder")
    assert wrong.y() < stage.find("check-syncer").y() < fine.y()
    assert "Sign in again" in wrong.accessibleName()
    stage.press("check-person-more")
    assert stage.frame.panes.sheet is None
    topic = stage.frame.help.top_topic()
    assert topic is not None
    assert topic.id == "sign-in-expired"
    assert stage.frame.help.open_question == topic.question


def test_checks_come_one_by_one_and_stop_when_asked(opened: Open) -> None:
    stage = opened(lambda bench: bench.hold("check-person"))
    open_checks(stage, "check-running")
    assert stage.shown("check-service")
    assert not stage.shown("check-person")
    assert not stage.shown("checks-support")
    stage.press("checks-go")
    stage.until(lambda: stage.shown("checks-verdict"))
    assert any("Stopped." in words for words in stage.all_words())
    assert stage.shown("check-service")
    stage.bench.release("check-person")
    stage.press("checks-go")
    stage.until(lambda: stage.shown("check-loopback"))


def test_the_list_is_copied_as_text(opened: Open) -> None:
    stage = opened(_wrong)
    open_checks(stage)
    stage.press("checks-copy")
    text = QGuiApplication.clipboard().text()
    assert "Stops – Signed in: You are signed out." in text
    assert "What to do: Sign in again." in text
    assert "[sign-in-expired]" in text


def test_the_support_file_is_shown_whole_and_saved_to_the_letter(
    opened: Open, tmp_path: Path
) -> None:
    stage = opened()
    open_checks(stage)
    stage.press("checks-support")
    stage.until(lambda: stage.shown("support-text"))
    text = stage.find("support-text")
    assert isinstance(text, PlainText)
    assert text.toPlainText() == SUPPORT.text
    assert text.isReadOnly()
    assert stage.bench.checking.saved == {}
    sheet = stage.frame.panes.sheet
    assert isinstance(sheet, SupportSheet)
    sheet.save_to(tmp_path / "x.txt")
    stage.until(lambda: stage.shown("support-told"))
    assert stage.bench.checking.saved == {tmp_path / "x.txt": SUPPORT.text}


def test_a_full_disk_is_told_and_the_text_stays(opened: Open, tmp_path: Path) -> None:
    stage = opened(lambda bench: bench.fail("save-support-file", Code.DISK_FULL, folder="/srv"))
    open_support(stage)
    sheet = stage.frame.panes.sheet
    assert isinstance(sheet, SupportSheet)
    sheet.save_to(tmp_path / "x.txt")
    stage.until(lambda: stage.shown("support-told"))
    assert any("This disk is full" in words for words in stage.all_words())
    assert stage.shown("support-text")
    assert stage.shown("support-save")


def test_a_support_file_that_could_not_be_made_shows_the_reason_at_the_top_alone(
    opened: Open,
) -> None:
    stage = opened(lambda bench: bench.fail("support-file", Code.DATABASE_BUSY, file="google.db"))
    open_support(stage, "support-told")
    told = stage.find("support-told")
    assert told.height() < 100
    assert told.mapTo(stage.frame, told.rect().topLeft()).y() < 140
    assert not any("This is all of it" in words for words in stage.all_words())
    assert stage.shown("support-again")


def test_escape_closes_the_support_file_from_within_its_text(opened: Open) -> None:
    stage = opened()
    open_support(stage)
    text = stage.find("support-text")
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_Escape)
    stage.until(lambda: stage.frame.panes.sheet is None)


def _part(stage: Stage) -> ReportPart:
    stage.until(lambda: stage.shown("report-choose"))
    part = stage.frame.page.findChild(ReportPart)
    assert isinstance(part, ReportPart)
    return part


def test_a_folder_is_chosen_named_and_turned_off_again(opened: Open, tmp_path: Path) -> None:
    stage = opened(home=HomeId.SETTINGS)
    part = _part(stage)
    assert not stage.shown("report-off")
    part.write_to(tmp_path)
    stage.until(lambda: stage.shown("report-off"))
    assert stage.bench.checking.kept_report.folder == tmp_path
    assert stage.shown("report-where")
    private = stage.find("report-private")
    assert isinstance(private, Toggle)
    private.click()
    stage.until(lambda: stage.bench.checking.kept_report.private)
    stage.press("report-off")
    stage.until(lambda: not stage.shown("report-off"))
    assert stage.bench.checking.kept_report.folder is None


def test_a_page_that_could_not_be_deleted_is_named_when_it_is_turned_off(
    opened: Open, tmp_path: Path
) -> None:
    stage = opened(home=HomeId.SETTINGS)
    _part(stage).write_to(tmp_path)
    stage.until(lambda: stage.shown("report-off"))
    stage.bench.checking.left = "/srv/desk/halden-freight-helpdesk.html"
    stage.press("report-off")
    stage.until(lambda: stage.shown("report-left"))
    assert any(
        words == "/srv/desk/halden-freight-helpdesk.html could not be deleted."
        for words in stage.all_words()
    )
    assert not stage.shown("report-off")


def test_a_folder_that_takes_nothing_is_told_and_not_chosen(opened: Open, tmp_path: Path) -> None:
    stage = opened(
        lambda bench: bench.fail("choose-report", Code.FOLDER_NOT_WRITABLE, folder="/srv"),
        home=HomeId.SETTINGS,
    )
    _part(stage).write_to(tmp_path)
    stage.until(lambda: stage.shown("report-trouble"))
    assert not stage.shown("report-off")
    assert stage.bench.checking.kept_report.folder is None


def test_overview_says_that_the_page_could_not_be_written_and_leads_to_settings(
    opened: Open,
) -> None:
    def failed(bench: FakeWorkbench) -> None:
        trouble = Trouble(Code.DISK_FULL, folder="/srv/helpdesk")
        bench.home.known = replace(bench.home.known, report_trouble=trouble)

    stage = opened(failed, home=HomeId.OVERVIEW)
    stage.until(
        lambda: any("page for your helpdesk could not" in words for words in stage.all_words())
    )
    assert any("The sync goes on all the same." in words for words in stage.all_words())
    note = next(
        button
        for button in stage.frame.findChildren(QAbstractButton)
        if "helpdesk" in button.accessibleDescription()
    )
    note.click()
    stage.until(lambda: stage.shown("report-choose"))
