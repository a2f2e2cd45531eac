"""The list of people with a problem: opened, searched, saved, each one's story, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import in_step
from tests.ui.problems_scenes import PROBLEMS, open_problems, problems_panel, troubled
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.ui.widgets.fields import SearchField

Open = Callable[..., Stage]


def names(stage: Stage) -> list[str]:
    people = problems_panel(stage).people
    return [str(people.index(number, 0).data()) for number in range(people.rowCount())]


def test_the_button_says_how_many_and_opens_the_list_with_reasons(activity: Open) -> None:
    stage = activity(troubled)
    stage.until(lambda: stage.words("activity-problems") == "7 problems")
    open_problems(stage)
    assert stage.frame.view.title.text() == "People with a problem"
    assert len(names(stage)) == len(PROBLEMS)
    people = problems_panel(stage).people
    told = str(people.index(2, 1).data())
    assert "familyName is too long" in told
    assert stage.words("problems-count") == "7 people"
    assert not stage.shown("activity-save")
    stage.press("activity-back")
    assert stage.frame.view.title.text() == "Activity"
    assert not stage.shown("problem-rows")


def test_a_search_leaves_those_who_fit_and_the_saved_file_has_exactly_them(
    activity: Open, tmp_path: Path
) -> None:
    stage = activity(troubled)
    open_problems(stage)
    field = stage.find("problems-search")
    assert isinstance(field, SearchField)
    field.setText("dahl")
    field.search_now()
    stage.until(lambda: len(names(stage)) == 2)
    path = tmp_path / "problems.csv"
    problems_panel(stage).save_to(path)
    stage.until(lambda: stage.words("problems-count") == "Saved 2 rows.")
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    field.setText("xylophone")
    field.search_now()
    stage.until(lambda: stage.shown("problems-empty"))
    assert stage.words("problems-empty") == "Nobody fits"
    stage.press("problems-all")
    stage.until(lambda: len(names(stage)) == len(PROBLEMS))


def test_enter_on_a_row_opens_the_story_with_the_problem_above_it(activity: Open) -> None:
    stage = activity(troubled)
    open_problems(stage)
    rows = problems_panel(stage).table.view
    rows.setFocus()
    rows.selectRow(0)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    stage.until(lambda: stage.shown("story-verdict"))
    assert isinstance(stage.find("problem-told"), QWidget)
    assert any("Give one of them another address" in words for words in stage.all_words())


def test_with_nobody_in_it_the_list_says_so(activity: Open) -> None:
    stage = activity(in_step)
    open_problems(stage)
    assert stage.words("problems-empty") == "Nobody has a problem"
    assert stage.words("activity-problems") == "Problems"


def test_a_list_that_cannot_be_read_is_told_and_read_again_when_it_is_opened(
    activity: Open,
) -> None:
    def prepare(bench: FakeWorkbench) -> None:
        troubled(bench)
        bench.fail("people_with_problems", Code.DATABASE_BUSY)

    stage = activity(prepare)
    open_problems(stage)
    assert len(names(stage)) == len(PROBLEMS)
