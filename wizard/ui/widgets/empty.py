"""A list with nobody and nothing in it: a small drawing, one sentence, one small button."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.text import Text

__all__ = ["EmptyState"]

_WIDE, _HIGH = 72, 44
_SENTENCE = 380


class _Drawing(QWidget):
    """A sheet with two lines, and what the page is about in a ring beside it."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(_WIDE, _HIGH)

    def show_icon(self, icon: str) -> None:
        """Show this one in the ring."""
        if icon != self._icon:
            self._icon = icon
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        edge, accent = color(Token.LINE_2), color(Token.ACCENT)
        rounded(painter, QRectF(0.25, 7.25, 43.5, 29.5), 5.75, None, edge, 1.5)
        painter.setPen(QPen(edge, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(10, 18), QPointF(22, 18))
        painter.drawLine(QPointF(10, 25), QPointF(30, 25))
        ring = QRectF(42.25, 8.25, 27.5, 27.5)
        rounded(painter, ring, ring.width() / 2, color(Token.PAGE), accent, 1.5)
        paint_icon(painter, self._icon, accent, 48, 14, 16)


class _Centered(Text):
    """Words whose every line stands in the middle."""

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # the whole label is drawn each time: it is small
        painter = QPainter(self)
        painter.setPen(color(self._token))
        lines = self._lines(float(self.width()))
        for number in range(lines.lineCount()):
            line = lines.lineAt(number)
            line.draw(painter, QPointF((self.width() - line.naturalTextWidth()) / 2, 0))


class EmptyState(Box):
    """Says why there is nothing and what fills it, in the middle of a box."""

    def __init__(self, icon: str, *buttons: Button, name: str) -> None:
        super().__init__()
        self.drawing = _Drawing(icon)
        self.title = _Centered("", Letters.PANEL)
        self.title.setObjectName(name)
        self.sentence = _Centered("", Letters.SECOND, Token.INK_2)
        for words in (self.title, self.sentence):
            words.setMaximumWidth(_SENTENCE)
        part = QWidget()
        middle = Qt.AlignmentFlag.AlignHCenter
        layout = column(margins=(24, 28, 24, 28), inside=part)
        layout.addWidget(self.drawing, 0, middle)
        layout.addSpacing(12)
        for words, below in ((self.title, 4), (self.sentence, 14)):
            layout.addLayout(row(None, words, None))
            layout.addSpacing(below)
        layout.addLayout(row(None, *buttons, None, gap=8))
        self.add(part)

    def say(self, title: str, sentence: str) -> None:
        """Say this."""
        self.title.say(title)
        self.sentence.say(sentence)
        # A screen reader hears both where the list would be.
        self.setAccessibleName(f"{title}. {sentence}")
