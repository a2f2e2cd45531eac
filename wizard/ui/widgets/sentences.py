"""Lines below a field that say what is to be corrected, each with its icon."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wizard.content.text import tn
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Icon
from wizard.ui.widgets.text import Text

__all__ = ["Sentences"]

_SHOWN = 3
"""Sentences at once; of the others it is said how many they are."""


class Sentences(QWidget):
    """What is to be corrected, one line each with its icon."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[QWidget, Icon, Text]] = []
        self._column = column(inside=self)
        for number in range(_SHOWN + 1):
            line, mark = QWidget(), Icon("alert", Token.BAD, 14, drop=2)
            words = Text("", Letters.SECOND, Token.BAD, strong=600)
            words.setObjectName(f"address-problem-{number}")
            layout = row(mark, 6, margins=(0, 6, 0, 0), inside=line)
            layout.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(words, 1)
            self._lines.append((line, mark, words))
            self._column.addWidget(line)

    def show_sentences(self, told: Sequence[tuple[str, bool]]) -> None:
        """Show these; True marks one that must be corrected, else it is for information."""
        shown = list(told[:_SHOWN])
        more = len(told) - len(shown)
        if more:
            rest = tn("{count} more needs a look.", "{count} more need a look.", more)
            shown.append((rest, any(wrong for _, wrong in told[_SHOWN:])))
        for number, (line, mark, text) in enumerate(self._lines):
            line.setVisible(number < len(shown))
            if number < len(shown):
                sentence, wrong = shown[number]
                token = Token.BAD if wrong else Token.WARN
                mark.show_icon("alert" if wrong else "info", token)
                text.tint(token)
                text.say(sentence)
