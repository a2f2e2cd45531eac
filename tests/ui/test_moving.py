"""Moving the sync to another computer from the window, and how long past syncs are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step
from tests.ui.moving_scenes import WORD, moved_away, passphrases
from tests.ui.sample import REAL
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.ui.home.ids import HomeId
from wizard.ui.widgets.fields import Select

Open = Callable[..., Stage]


@pytest.fixture
def home(qtbot: QtBot) -> Iterator[Open]:
    """Opens a page of Home, by default Settings with everything in step."""
    del qtbot  # its application is what counts
    dressed()
    opened: list[Stage] = []

    def open_home(
        prepare: Callable[[FakeWorkbench], None] = in_step, page: HomeId = HomeId.SETTINGS
    ) -> Stage:
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


@pytest.fixture
def saves_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the person saves the file."""
    path = tmp_path / "set-up.ecsmove"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def typed(stage: Stage, name: str) -> str:
    line = stage.find(name)
    assert isinstance(line, QLineEdit)
    return line.text()


def said(stage: Stage, words: str) -> bool:
    return any(words in one for one in stage.all_words())


def test_the_set_up_goes_into_a_file_and_what_to_do_there_is_told(
    home: Open, saves_to: Path
) -> None:
    stage = home()
    stage.bench.background.start_with_session(on=True)
    passphrases(WORD, WORD)(stage)
    to = stage.find("move-to")
    assert isinstance(to, QLineEdit)
    to.setText("SERVER01")
    stage.press("primary")
    stage.until(lambda: stage.shown("moved-out"))
    assert stage.bench.home.moving.out == [(saves_to, WORD, "SERVER01")]
    assert stage.bench.schedule.asked[-1] == "stop"
    assert stage.bench.answers.elsewhere, "it only watches from now on, also after a restart"
    assert said(stage, "enterprise-connect move-in set-up.ecsmove")
    assert typed(stage, "move-passphrase") == typed(stage, "move-repeated") == ""
    stage.press("primary")
    assert stage.shown("logs-open")


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [("too short", "too short", "Too short"), (WORD, "another sentence", "These two differ")],
)
def test_a_passphrase_that_does_not_do_is_told_and_nothing_moves(
    home: Open, saves_to: Path, first: str, second: str, wrong: str
) -> None:
    del saves_to
    stage = home()
    assert not said(stage, wrong)
    passphrases(first, second)(stage)
    stage.press("primary")
    assert said(stage, wrong)
    assert stage.bench.home.moving.out == []


def test_nothing_moves_before_both_are_typed_or_where_no_file_is_chosen(
    home: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    stage = home()
    passphrases(WORD, "")(stage)
    assert (stage.frame.page.offer.valid, stage.frame.page.offer.danger) == (False, True)
    stage.press("move-leave")
    assert stage.shown("move-open")
    passphrases(WORD, WORD)(stage)
    stage.press("primary")
    assert stage.bench.home.moving.out == []


def test_the_dialog_does_not_offer_to_replace_a_file_that_is_refused_afterwards(
    home: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def chosen(*given: object) -> tuple[str, str]:
        asked.extend(given)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", chosen)
    stage = home()
    passphrases(WORD, WORD)(stage)
    stage.press("primary")
    assert QFileDialog.Option.DontConfirmOverwrite in asked


def test_where_it_fails_the_sync_goes_on_here_and_the_reason_is_told(
    home: Open, saves_to: Path
) -> None:
    def full(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.fail("move-out", Code.DISK_FULL, folder=str(saves_to.parent))

    stage = home(full)
    passphrases(WORD, WORD)(stage)
    stage.press("primary")
    stage.until(lambda: said(stage, "This disk is full"))
    assert stage.bench.home.moving.out == []
    assert stage.bench.schedule.asked[-2:] == ["stop", "start"]


def test_who_leaves_the_page_leaves_no_passphrase_on_it(home: Open) -> None:
    stage = home()
    passphrases(WORD, WORD)(stage)
    stage.frame.open_home(HomeId.OVERVIEW.value)
    stage.settle()
    stage.frame.open_home(HomeId.SETTINGS.value)
    stage.settle()
    assert stage.shown("move-open")
    assert typed(stage, "move-passphrase") == typed(stage, "move-repeated") == ""


def test_home_says_when_and_where_it_was_moved_and_what_to_do(home: Open) -> None:
    stage = home(moved_away, HomeId.OVERVIEW)
    stage.until(lambda: said(stage, "Moved to SERVER01 yesterday"))
    assert said(stage, "Move set-up.ecsmove in there")
    assert not said(stage, "The sync goes on without you")
    stage.frame.open_home(HomeId.SETTINGS.value)
    stage.until(lambda: stage.shown("logs-open"))
    assert not stage.shown("move-open"), "what is gone can't be moved once more"


def choose(stage: Stage, days: int) -> Select:
    select = stage.find("keep-days")
    assert isinstance(select, Select)
    at = select.findData(days)
    select.setCurrentIndex(at)
    select.activated.emit(at)
    stage.settle()
    return select


def test_how_long_past_syncs_are_kept_counts_at_once(home: Open) -> None:
    stage = home()
    stage.until(lambda: stage.shown("keep-days"))
    choose(stage, 365)
    stage.until(lambda: stage.bench.home.machine_view.keep_days == 365)


def test_a_time_that_can_not_be_kept_goes_back_to_the_one_before(home: Open) -> None:
    def full(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.fail("keep_for", Code.DISK_FULL, folder="here")

    stage = home(full)
    stage.until(lambda: stage.shown("keep-days"))
    select = choose(stage, 30)
    stage.until(lambda: select.value == 90)
    assert stage.bench.home.machine_view.keep_days == 90
