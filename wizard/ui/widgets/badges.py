"""Who does a step, how long it takes, and states in one word with their icon."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token

__all__ = ["IconText", "RoleBadge", "Tile"]


class IconText(QLabel):
    """An icon and a few words on one line."""

    def __init__(
        self,
        icon: str,
        words: str,
        letters: Letters = Letters.SECOND_MEDIUM,
        token: Token = Token.INK_2,
        *,
        icon_token: Token | None = None,
        size: int = 14,
        gap: int = 6,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._icon = icon
        self._letters = letters
        self._token = token
        self._icon_token = icon_token
        self._size = size
        self._gap = gap
        self._pads = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(words)

    def say(self, words: str, icon: str | None = None, token: Token | None = None) -> None:
        """Show other words, and another icon or color where given."""
        self._icon = self._icon if icon is None else icon
        self._token = token or self._token
        self.setText(words)
        self.setFont(font(self._letters))
        self.updateGeometry()
        self.update()

    def _words_width(self) -> int:
        return QFontMetrics(font(self._letters)).horizontalAdvance(self.text()) + 1

    @property
    def _lead(self) -> int:
        return self._size + self._gap if self._icon else 0

    def sizeHint(self) -> QSize:
        width = sum(self._pads) + self._lead + self._words_width()
        return QSize(width, max(self._letters.line, self._size))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.sizeHint().width() > self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        ink = color(self._token)
        left = self._pads[0]
        if self._icon:
            tint = color(self._icon_token) if self._icon_token else ink
            paint_icon(
                painter, self._icon, tint, left, (self.height() - self._size) / 2, self._size
            )
        painter.setPen(ink)
        painter.setFont(font(self._letters))
        area = QRectF(left + self._lead, 0, self.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())


class RoleBadge(IconText):
    """Who does a step: outlined for the owner, filled softly for IT."""

    def __init__(
        self, icon: str, words: str, *, soft: bool = False, parent: QWidget | None = None
    ) -> None:
        token = Token.ACCENT_INK if soft else Token.INK_2
        super().__init__(icon, words, Letters.CAPTION_MEDIUM, token, gap=5, parent=parent)
        self._soft = soft
        self._pads = (7, 9)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_on(self)
        fill = color(Token.ACCENT_SOFT) if self._soft else None
        line = color(Token.ACCENT_LINE if self._soft else Token.LINE_2)
        rounded(painter, QRectF(self.rect()), 5, fill, line)
        painter.end()
        super().paintEvent(event)


class Tile(QWidget):
    """A soft square of 36 pixels with an icon."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(36, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        rounded(painter, QRectF(self.rect()), 8, color(Token.HOVER))
        paint_icon(painter, self._icon, color(Token.INK_2), 9, 9, 18)
