"""Single lines that pages share: what is under way, and what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wizard.ui.layouts import row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Icon
from wizard.ui.widgets.spinner import Spinner
from wizard.ui.widgets.text import Text

__all__ = ["UnderWay", "WrongLine"]


class UnderWay(QWidget):
    """A turning ring and what is waited for, where a page has nothing else to show yet."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setObjectName("under-way")
        self.setAccessibleName(words)
        told = Text(words, Letters.SECOND, Token.INK_2)
        line = row(1, Spinner(words), 9, inside=self)
        line.addWidget(told, 1)


class WrongLine(QWidget):
    """Below a field: an icon and a sentence that names the value and the cure; '' hides it."""

    def __init__(self, *, name: str = "", above: int = 6) -> None:
        super().__init__()
        self.text = Text("", Letters.SECOND, Token.BAD, strong=500)
        self.text.setObjectName(name)
        mark = Icon("alert", Token.BAD, 14, drop=2)
        line = row(mark, 6, margins=(0, above, 0, 0), inside=self)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.text, 1)
        self.hide()

    def say(self, sentence: str) -> None:
        """Say what to correct."""
        self.text.say(sentence)
        self.setVisible(bool(sentence))
