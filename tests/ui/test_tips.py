"""Words of other people in tool tips: never a page, and never a picture from elsewhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import Qt, QTextDocument
from pytestqt.qtbot import QtBot

from wizard.ui.tips import plain_tip
from wizard.ui.widgets.buttons import IconButton
from wizard.ui.widgets.text import Elide, Text

HOSTILE = (
    "<img src='//evil.example/share/x.png'>Ana",
    "<b>Ana</b> Silva",
    "<a href='https://evil.example'>Ana</a>",
    "<table><tr><td>Ana",
    "<style>* { color: red }</style>Ana",
    "<font color=red>Ana</font>\nSilva",
)
UI = Path(__file__).resolve().parents[2] / "wizard" / "ui"


def shown(tip: str) -> str:
    """What a tool tip shows, as Qt decides it."""
    if not Qt.mightBeRichText(tip):
        return tip
    page = QTextDocument()
    page.setHtml(tip)
    return page.toPlainText().replace("\u2028", "\n")


@pytest.mark.parametrize("words", HOSTILE)
def test_words_that_look_like_a_page_are_shown_as_they_are(words: str) -> None:
    assert shown(words) != words
    assert shown(plain_tip(words)) == words
    assert "<img" not in plain_tip(words)


@pytest.mark.parametrize("words", ["", "Ana Silva", "a < b & c > d", "Ana <ana@nordby.example>"])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert shown(plain_tip(words)).replace("\xa0", " ") == words


def test_a_shortened_name_tells_itself_whole_and_as_words(qtbot: QtBot) -> None:
    label = Text(HOSTILE[0], elide=Elide.RIGHT)
    qtbot.addWidget(label)
    label.resize(20, 20)
    label.show()
    assert label.toolTip()
    assert shown(label.toolTip()) == HOSTILE[0]


def test_a_button_that_names_somebody_tells_just_the_name(qtbot: QtBot) -> None:
    button = IconButton("close", f"Remove {HOSTILE[1]}")
    qtbot.addWidget(button)
    assert shown(button.toolTip()) == f"Remove {HOSTILE[1]}"


def test_no_words_of_a_variable_become_a_tip_unlooked_at() -> None:
    """Each call goes through `plain_tip`, or gives words of the program itself."""
    unlooked = []
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr != "setToolTip" or path.name in {"tray.py", "session_start.py"}:
                continue
            source = ast.unparse(node.args[0])
            if "plain_tip(" not in source and not source.startswith("t("):
                unlooked.append(f"{path.name}: {source}")
    assert unlooked == ["text.py: told"]
