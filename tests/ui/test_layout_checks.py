"""The layout checker finds every kind of mistake when one is planted in a sound window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.layout import problems_of
from tests.ui.stage import dressed
from wizard.ui.theme import Letters, ThemeChoice
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Elide, Text

_WORDS = "Words that need rather more room than they are given here"


def _put(part: QWidget, width: int, height: int) -> None:
    part.setGeometry(20, 20, width, height)


def _label(window: QWidget) -> None:
    _put(QLabel(_WORDS, window), 60, 24)


def _label_too_low(window: QWidget) -> None:
    label = QLabel(_WORDS, window)
    label.setWordWrap(True)
    _put(label, 120, 24)


def _rich_label(window: QWidget) -> None:
    label = QLabel(f"<b>{_WORDS}</b>", window)
    label.setWordWrap(True)
    _put(label, 120, 24)


def _own_text(window: QWidget) -> None:
    _put(Text(_WORDS, Letters.BODY, wrap=False, parent=window), 60, 24)


def _own_text_too_low(window: QWidget) -> None:
    _put(Text(_WORDS, Letters.BODY, parent=window), 120, 24)


def _tail(window: QWidget) -> None:
    tail = Text(_WORDS, Letters.CAPTION, wrap=False, elide=Elide.RIGHT, parent=window)
    tail.setObjectName("tail")
    _put(tail, 60, 24)


def _own_button(window: QWidget) -> None:
    _put(Button(_WORDS, name="planted", parent=window), 60, 34)


def _button(window: QWidget) -> None:
    _put(QPushButton(_WORDS, window), 60, 34)


def _check_box(window: QWidget) -> None:
    _put(QCheckBox(_WORDS, window), 60, 34)


def _radio_button(window: QWidget) -> None:
    _put(QRadioButton(_WORDS, window), 60, 34)


def _combo_box(window: QWidget) -> None:
    box = QComboBox(window)
    box.setAccessibleName("Choice")
    box.addItem(_WORDS)
    _put(box, 60, 34)


def _placeholder(window: QWidget) -> None:
    line = QLineEdit(window)
    line.setAccessibleName("Search")
    line.setPlaceholderText(_WORDS)
    _put(line, 60, 34)


def _overlap(window: QWidget) -> None:
    _put(QLabel("One", window), 80, 24)
    _put(QLabel("Two", window), 80, 24)


def _outside(window: QWidget) -> None:
    QLabel("Gone", window).setGeometry(380, 20, 80, 24)


def _nameless(window: QWidget) -> None:
    _put(QPushButton(window), 34, 34)


def _nameless_line(window: QWidget) -> None:
    _put(QLineEdit(window), 80, 34)


def _nameless_object(window: QWidget) -> None:
    _put(Button("Planted", parent=window), 120, 34)


def _low(window: QWidget) -> None:
    _put(QPushButton("Low", window), 80, 20)


def _second_primary(window: QWidget) -> None:
    _put(Button("Also", Kind.PRIMARY, name="also", parent=window), 80, 34)


def _no_primary(window: QWidget) -> None:
    primary = window.findChild(Button, "primary")
    assert isinstance(primary, Button)
    primary.hide()


def _closed_silently(window: QWidget) -> None:
    primary = window.findChild(Button, "primary")
    assert isinstance(primary, Button)
    primary.setEnabled(False)


def _closed_unseen(window: QWidget) -> None:
    _closed_silently(window)
    primary = window.findChild(Button, "primary")
    assert isinstance(primary, Button)
    primary.setAccessibleDescription("Nobody was chosen yet")


def _own_bar(window: QWidget) -> None:
    area = QScrollArea(window)
    content = QWidget()
    content.setMinimumHeight(900)
    area.setWidget(content)
    _put(area, 100, 80)


_PLANTED: dict[str, tuple[Callable[[QWidget], None], str]] = {
    "a label cut at its end": (_label, "cut: QLabel"),
    "a label of too few lines": (_label_too_low, "cut: QLabel"),
    "a rich label of too few lines": (_rich_label, "cut: QLabel"),
    "our text cut at its end": (_own_text, "cut: Text"),
    "our text of too few lines": (_own_text_too_low, "cut: Text"),
    "words cut beside the button": (_tail, "cut beside the button: Text 'tail'"),
    "our button cut": (_own_button, "cut: Button"),
    "a button cut": (_button, "cut: QPushButton"),
    "a check box cut": (_check_box, "cut: QCheckBox"),
    "a radio button cut": (_radio_button, "cut: QRadioButton"),
    "a chosen item cut": (_combo_box, "cut: QComboBox"),
    "a placeholder cut": (_placeholder, "cut placeholder"),
    "two parts in one place": (_overlap, "on top of each other"),
    "a part beyond its parent": (_outside, "outside its parent"),
    "a button without a name": (_nameless, "no name for a screen reader"),
    "a line without a name": (_nameless_line, "no name for a screen reader"),
    "a button nobody can find": (_nameless_object, "no object name"),
    "a button too low to hit": (_low, "lower than 26 pixels"),
    "two primary buttons": (_second_primary, "2 primary buttons"),
    "no primary button": (_no_primary, "0 primary buttons"),
    "a bar of the system's kind": (_own_bar, "shows a bar of Qt’s own"),
    "a closed button without a reason": (_closed_silently, "closed without a word why"),
    "a closed button whose reason nobody sees": (_closed_unseen, "closed without a word why"),
}


def _sound_window(qtbot: QtBot) -> QWidget:
    dressed(ThemeChoice.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    primary = Button("Save", Kind.PRIMARY, name="primary", parent=window)
    primary.setGeometry(280, 250, 110, 36)
    wrapped = Text(_WORDS, Letters.BODY, parent=window)
    wrapped.setGeometry(20, 120, 200, wrapped.heightForWidth(200))
    rich = QLabel(f"<i>{_WORDS}</i>", window)
    rich.setWordWrap(True)
    rich.setGeometry(20, 180, 200, rich.heightForWidth(200))
    shortened = Text(_WORDS, Letters.BODY, wrap=False, elide=Elide.MIDDLE, parent=window)
    shortened.setGeometry(240, 120, 60, 24)
    window.show()
    return window


def test_a_sound_window_has_no_problem_even_where_words_are_shortened_on_purpose(
    qtbot: QtBot,
) -> None:
    assert problems_of(_sound_window(qtbot)) == []


@pytest.mark.parametrize("mistake", _PLANTED)
def test_a_planted_mistake_is_found(qtbot: QtBot, mistake: str) -> None:
    plant, expected = _PLANTED[mistake]
    window = _sound_window(qtbot)
    plant(window)
    # A part that is added to a window that is shown already has to be shown itself.
    for part in window.findChildren(QWidget):
        if plant is not _no_primary:
            part.show()
    found = problems_of(window)
    assert any(line.startswith(expected) for line in found), found


def test_what_is_hidden_is_no_problem(qtbot: QtBot) -> None:
    window = _sound_window(qtbot)
    label = QLabel(_WORDS, window)
    label.setGeometry(20, 20, 60, 24)
    label.hide()
    assert problems_of(window) == []
