"""A person as a round mark with their initials."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token

__all__ = ["Avatar", "initials"]


def initials(name: str) -> str:
    """The first letters of the first and the last word, '' where there is none.

    Of an address the part before the @ counts, its dots parting words.
    """
    words = [
        word for word in name.partition("@")[0].replace(".", " ").split() if word[:1].isalnum()
    ]
    if not words:
        return ""
    ends = words[:1] if len(words) == 1 else (words[0], words[-1])
    return "".join(word[0].upper() for word in ends)


class Avatar(QWidget):
    """Said by the words beside it, so it has no name of its own."""

    def __init__(self, name: str, size: int = 32) -> None:
        super().__init__()
        self._initials = initials(name)
        self._size = size
        self.setFixedSize(size, size)

    def show_name(self, name: str) -> None:
        """Show another person."""
        self._initials = initials(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        area = QRectF(self.rect())
        rounded(painter, area, self._size / 2, color(Token.HOVER))
        if not self._initials:
            half = self._size * 7 // 12
            paint_icon(
                painter,
                "person",
                color(Token.INK_2),
                (self._size - half) / 2,
                (self._size - half) / 2,
                half,
            )
            return
        letters = QFont(font(Letters.CAPTION, 600))
        letters.setPixelSize(max(9, round(self._size * 0.38)))
        painter.setFont(letters)
        painter.setPen(color(Token.INK_2))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._initials)
