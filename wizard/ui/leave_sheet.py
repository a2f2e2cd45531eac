"""The side sheet that leaves the practice organization."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["LeaveSheet"]


class LeaveSheet(Sheet):
    """Says what stays and how the real set-up begins."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__(t("Leave practice?"), name="leave-sheet")
        for words in (
            t("What you rehearsed stays on this computer, apart from everything real."),
            t(
                "To set up for real, start the program with your own profile. Your vendor or "
                "your IT gave it to you, or it is installed already."
            ),
        ):
            self.put(Text(words, Letters.PROSE, Token.INK_2))
            self.put(10)
        self.put(None)
        self._leave = Button(t("Leave and close"), name="leave-confirm")
        self._leave.clicked.connect(self.left)
        stay = Button(t("Stay"), Kind.GHOST, name="leave-stay")
        stay.clicked.connect(self.closed)
        self.put_foot(self._leave, stay)

    def first_field(self) -> QWidget:
        return self._leave
