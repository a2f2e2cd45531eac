"""The band over a practice organization, which cannot be missed or dismissed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from wizard.content.text import t
from wizard.ui.density import Tightens
from wizard.ui.layouts import row
from wizard.ui.paint import brush_on
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.text import Elide, Text

__all__ = ["PracticeBand"]

_HATCH = 56


class _BandLink(QPushButton):
    """An underlined link on the band."""

    def __init__(self, words: str, name: str) -> None:
        super().__init__(words)
        self.setObjectName(name)
        self.setAutoDefault(False)
        self.setAccessibleName(words)
        self.setFont(font(Letters.SECOND_MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 10, 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.sizeHint().width() > self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        letters = font(Letters.SECOND_MEDIUM)
        painter.setFont(letters)
        painter.setPen(color(Token.PRACTICE_INK))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        metrics = QFontMetrics(letters)
        wide = metrics.horizontalAdvance(self.text())
        left = (self.width() - wide) / 2
        base = (self.height() + metrics.ascent() - metrics.descent()) / 2
        thick = 2 if self.underMouse() else 1
        painter.fillRect(QRectF(left, round(base) + 2, wide, thick), color(Token.PRACTICE_INK))


class PracticeBand(QWidget, Tightens):
    """Says that nothing here is real, and where the practice is steered and left."""

    def __init__(self, control: Callable[[], None] | None, leave: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("practice-band")
        self.setAccessibleName(t("Practice organization"))
        words = Text(
            t("**Practice organization.** Invented people, no real accounts, no email."),
            Letters.SECOND_MEDIUM,
            Token.PRACTICE_INK,
            wrap=False,
            elide=Elide.RIGHT,
        )
        self._links: list[_BandLink] = []
        line = row(words, gap=8, margins=(70, 0, 15, 0), inside=self)
        line.setStretch(0, 1)
        if control is not None:
            self._add(line_words=t("Control page"), name="practice-control", call=control)
        self._add(line_words=t("Leave practice"), name="practice-leave", call=leave)
        self.set_tight(False)

    def _add(self, *, line_words: str, name: str, call: Callable[[], None]) -> None:
        link = _BandLink(line_words, name)
        link.clicked.connect(lambda _checked: call())
        self._links.append(link)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(link)

    def set_tight(self, tight: bool) -> None:
        self.setFixedHeight(32 if tight else 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.PRACTICE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(0, 0, _HATCH, self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(Token.PRACTICE_INK))
        step, height = 19.8, float(self.height())
        left = -height
        while left < _HATCH:
            stripe = QPolygonF(
                [
                    QPointF(left + height, 0),
                    QPointF(left + height + 9.9, 0),
                    QPointF(left + 9.9, height),
                    QPointF(left, height),
                ]
            )
            painter.drawPolygon(stripe)
            left += step
