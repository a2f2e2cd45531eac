"""No page, in no state and for no trouble, cuts words, overlaps, or offers two ways on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.layout import problems_of
from tests.ui.scenes import SCENES, Scene, trouble_scene
from tests.ui.stage import dressed
from wizard.core.trouble import Code
from wizard.ui.page_view import PageView
from wizard.ui.theme import Letters, ThemeChoice
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Text

SIZES = ((1100, 720), (900, 500))
_ALL = (*SCENES, *(trouble_scene(code) for code in Code))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", _ALL, ids=lambda scene: scene.name)
def test_nothing_is_cut_or_overlaps(qtbot: QtBot, scene: Scene, size: tuple[int, int]) -> None:
    dressed(ThemeChoice.LIGHT)
    stage = scene.open(size)
    try:
        assert problems_of(stage.frame) == []
    finally:
        stage.close()


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("authorize", "What we read, and why"),
        ("authorize-finding", "Checks"),
        ("authorize-no-groups", "Checks"),
    ],
)
def test_what_comes_first_keeps_one_gap_to_the_heading(qtbot: QtBot, name: str, first: str) -> None:
    dressed(ThemeChoice.LIGHT)
    scene = next(one for one in SCENES if one.name == name)
    stage = scene.open((1100, 720))
    try:
        texts = [one for one in stage.frame.findChildren(Text) if one.text() == first]
        view = stage.frame.view
        assert isinstance(view, PageView)
        lead = view.lead
        (head,) = [one for one in texts if one.isVisibleTo(stage.frame)]
        top = head.mapTo(stage.frame, QPoint(0, 0)).y()
        assert top - lead.mapTo(stage.frame, QPoint(0, lead.height())).y() == 16
    finally:
        stage.close()


def test_the_check_finds_a_label_that_is_cut(qtbot: QtBot) -> None:
    dressed(ThemeChoice.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    label = Text("Words that need their room", Letters.BODY, wrap=False, parent=window)
    label.resize(40, 20)
    primary = Button("Save", Kind.PRIMARY, name="save", parent=window)
    primary.move(0, 60)
    window.resize(300, 200)
    window.show()
    assert [line for line in problems_of(window) if line.startswith("cut")]


def test_the_check_finds_parts_on_top_of_each_other_and_a_missing_button(qtbot: QtBot) -> None:
    dressed(ThemeChoice.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    for left in (0, 20):
        part = QWidget(window)
        part.setGeometry(left, 0, 40, 40)
    window.resize(300, 200)
    window.show()
    found = problems_of(window)
    assert any(line.startswith("on top of each other") for line in found)
    assert any(line.startswith("0 primary buttons") for line in found)
