"""Small parts that all pages share: lines of words, what is under way, numbers in a strip."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import at_step
from tests.ui.stage import Stage, dressed
from wizard.flow.answers import StepId
from wizard.ui.theme import Letters
from wizard.ui.widgets.boxes import Body, ScrollBar
from wizard.ui.widgets.counts import Count, CountsStrip
from wizard.ui.widgets.fields import Field, SearchField
from wizard.ui.widgets.lines import UnderWay, WrongLine
from wizard.ui.widgets.text import Text

ADDRESS = "tomasz.wilk@halden-freight.example"
SENTENCE = f"SERVER01 does it for {ADDRESS}. Its last sync was today."


def lines_of(text: Text, width: int) -> list[str]:
    layout = text._lines(float(width))
    lines = [layout.lineAt(number) for number in range(layout.lineCount())]
    return [layout.text()[line.textStart() :][: line.textLength()] for line in lines]


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    assert dressed() is qapp


def test_a_line_does_not_end_within_an_address_that_fits_into_one() -> None:
    text = Text(SENTENCE, Letters.SECOND)
    whole = Text(ADDRESS, Letters.SECOND).natural_width()
    for width in range(whole + 20, whole + 200, 7):
        told = [line.replace("\u2011", "-") for line in lines_of(text, width)]
        assert any(ADDRESS in line for line in told), told


def test_an_address_longer_than_its_line_is_parted_at_its_hyphen() -> None:
    text = Text(ADDRESS, Letters.SECOND)
    first = lines_of(text, text.natural_width() - 20)[0]
    assert first == "tomasz.wilk@halden-"


def test_words_are_kept_as_they_were_said() -> None:
    assert Text(SENTENCE, Letters.SECOND).text() == SENTENCE


def test_a_hyphen_between_words_still_parts_lines() -> None:
    text = Text("The set-up of long-distance well-known ports", Letters.SECOND)
    assert any(line.endswith("-") for width in range(60, 300, 3) for line in lines_of(text, width))


def test_what_is_wrong_has_an_icon_beside_its_words_and_goes_with_them() -> None:
    holder = QWidget()
    wrong = WrongLine(name="wrong")
    wrong.setParent(holder)
    wrong.say("400 days are too many.")
    assert wrong.isVisibleTo(holder)
    wrong.say("")
    assert not wrong.isVisibleTo(holder)


@pytest.mark.parametrize("width", [420, 470, 520, 580, 640, 760])
def test_numbers_in_a_strip_have_all_their_icons_or_none(width: int) -> None:
    strip = CountsStrip(filters=True)
    words = ("Create", "Take over", "Change", "Leave", "Skipped", "Unchanged", "To decide")
    counts = [Count(key=one, words=one, number=1, icon="plus") for one in words]
    strip.resize(width, 60)
    strip.show()
    strip.show_counts(counts)
    QCoreApplication.processEvents()
    drawn = {cell.has_icon() for cell in strip.cells}
    assert drawn == {all(cell.fits(with_icon=True) for cell in strip.cells)}
    assert not any(cell.is_cut() for cell in strip.cells) or width < 500
    strip.close()


@pytest.mark.parametrize(
    ("step", "call"),
    [
        (StepId.GOOGLE_APP, "app"),
        (StepId.WORKSPACE, "workspaces"),
        (StepId.ORGANIZATIONAL_UNIT, "signed_in"),
        (StepId.PROVISIONING, "settings"),
    ],
)
def test_a_page_that_asks_first_says_what_it_asks(step: StepId, call: str) -> None:
    bench = FakeWorkbench()
    at_step(bench, step)
    bench.hold(call)
    stage = Stage(bench, step)
    try:
        stage.until(lambda: stage.shown("under-way"))
        part = stage.frame.page.findChild(UnderWay)
        assert isinstance(part, UnderWay)
        assert part.accessibleName()
        assert stage.frame.page.offer.busy
    finally:
        stage.close()


def test_a_screen_reader_counts_the_parts_of_a_page_alike_before_and_after_it_is_turned() -> None:
    bench = FakeWorkbench()
    at_step(bench, StepId.SIGN_IN)
    stage = Stage(bench, StepId.SIGN_IN)
    try:
        areas = stage.frame.findChildren(QScrollArea)
        told = [QAccessible.queryAccessibleInterface(area) for area in areas]
        counted = [one.childCount() for one in told]
        stage.frame.go_back()
        stage.frame.hide()
        # Asked for one that went in between, Qt reads beyond its list, and the program is gone.
        assert [one.childCount() for one in told] == counted == [1] * len(areas)
    finally:
        stage.close()


def test_the_bar_that_is_drawn_moves_the_page_and_follows_it() -> None:
    content = QWidget()
    content.setMinimumHeight(1000)
    body = Body(content)
    body.resize(300, 200)
    body.show()
    QCoreApplication.processEvents()
    (drawn,) = (bar for bar in body.findChildren(ScrollBar) if bar.isVisible())
    own = body.verticalScrollBar()
    assert drawn.geometry() == QRect(290, 0, 10, 200)
    assert body.viewport().width() == 290
    assert (drawn.maximum(), drawn.pageStep()) == (800, 200)
    drawn.setValue(300)
    assert own.value() == 300
    assert content.y() == -300
    own.setValue(500)
    assert drawn.value() == 500
    content.setMinimumHeight(600)
    content.resize(290, 600)
    QCoreApplication.processEvents()
    assert (drawn.maximum(), drawn.value(), own.value()) == (400, 400, 400)
    body.close()


def test_the_caret_does_not_stand_on_the_first_letter_of_an_example() -> None:
    # Its letter is a stroke from the left edge on.
    field = Field("Name", name="field", placeholder="Name")
    for line in (SearchField("Name", name="search"), field.line):
        line.resize(240, 36)
        caret = line.cursorRect().center().x()
        picture = line.grab().toImage()
        paper = picture.pixelColor(caret - 3, 18)

        def inked(x: int, picture: QImage = picture, paper: QColor = paper) -> bool:
            return any(picture.pixelColor(x, y) != paper for y in range(8, 28))

        assert not inked(caret), line.objectName()
        assert any(inked(caret + off) for off in range(1, 8)), "the example is beside it"
