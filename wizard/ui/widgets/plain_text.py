"""A long plain text to read: its lines as they are, scrolled and selected by keyboard, too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from wizard.ui.theme import Letters, font
from wizard.ui.widgets.boxes import ScrollBar

__all__ = ["PlainText"]


class PlainText(QPlainTextEdit):
    """Nothing can be typed into it; Tab leads on."""

    def __init__(self, words: str, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFont(font(Letters.CODE_SMALL))
        self.setVerticalScrollBar(ScrollBar())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_text(self, text: str) -> None:
        """Show this, from its beginning."""
        self.setPlainText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # whoever holds it closes
            return
        super().keyPressEvent(event)
