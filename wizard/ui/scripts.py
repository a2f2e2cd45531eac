"""Finds the fonts for names in other scripts while nobody waits for them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from wizard.ui.theme import Letters, font

__all__ = ["ScriptsAhead"]

_SAMPLES = ("Жук", "Αθήνα", "由紀", "かな", "한국", "سامي", "שלום", "नमस्ते", "สมชาย")
"""One word a script. The first one drawn of each costs the system up to 30 ms."""
_PAUSE_MS = 150


class ScriptsAhead(QObject):
    """Draws one sample after the other where nobody sees it, with a pause between two.

    A list of names jumps from one script into the next while it is scrolled, and what is looked
    up then is felt as a jerk.
    """

    def __init__(self, letters: tuple[Letters, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._letters = letters
        self._left = list(_SAMPLES)
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._next)

    def begin(self) -> None:
        """Go on with what is left."""
        if self._left:
            self._timer.start()

    def rest(self) -> None:
        """Draw no more for now."""
        self._timer.stop()

    def _next(self) -> None:
        words = self._left.pop(0)
        if not self._left:
            self._timer.stop()
        unseen = QPixmap(64, 32)
        painter = QPainter(unseen)
        for letters in self._letters:
            face = font(letters)
            QFontMetricsF(face).horizontalAdvance(words)
            painter.setFont(face)
            painter.drawText(0, 20, words)
        painter.end()
