"""A small turning ring, and the bars that show how far something is."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import color, theme
from wizard.ui.tokens import Token

__all__ = ["Bar", "BarState", "Spinner", "paint_spinner"]

_TURN_MS = 40
_LOOP_MS = 1200
_STEPS = 1000


def paint_spinner(
    painter: QPainter, left: float, top: float, angle: int, front: Token = Token.ACCENT
) -> None:
    """A ring of 14 pixels with one part in front."""
    area = QRectF(left + 1, top + 1, 12, 12)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(Token.LINE_2), 2))
    painter.drawEllipse(area)
    painter.setPen(QPen(color(front), 2))
    painter.drawArc(area, (90 - angle) * 16, 90 * 16)


class Spinner(QWidget):
    """Something small is under way; it turns only while seen and where motion is wanted."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn)
        self.setFixedSize(14, 14)
        self.setAccessibleName(words)

    def _turn(self) -> None:
        self._angle = (self._angle + 15) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if theme().moves:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        paint_spinner(brush_on(self), 0, 0, self._angle)


class BarState(StrEnum):
    """What a bar tells."""

    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"


class Bar(QProgressBar):
    """A bar of 8 pixels, or 4 (`thin`). Waiting without a number it moves, else stands."""

    def __init__(self, words: str, *, thin: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = 4 if thin else 8
        self._state = BarState.RUNNING
        self._moment = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._move)
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._height)

    def show_part(self, part: float, state: BarState = BarState.RUNNING) -> None:
        """Show how much is done, 0 to 1."""
        self._state = state
        self.setValue(round(min(1.0, max(0.0, part)) * _STEPS))
        self._watch()
        self.update()

    def _watch(self) -> None:
        if self._state is BarState.WAITING and self.isVisible() and theme().moves:
            self._timer.start()
        else:
            self._timer.stop()

    def _move(self) -> None:
        self._moment = (self._moment + _TURN_MS) % _LOOP_MS
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        radius = self._height / 2
        wide = float(self.width())
        rounded(painter, QRectF(0, 0, wide, self._height), radius, color(Token.HOVER))
        if self._state is BarState.WAITING:
            length = wide * 0.34
            at = self._moment / _LOOP_MS if theme().moves else 0.33
            left = (wide + length) * at - length
            painter.setClipRect(self.rect())
            area = QRectF(left, 0, length, self._height)
            rounded(painter, area, radius, color(Token.ACCENT))
            return
        done = wide * self.value() / _STEPS
        if done <= 0:
            return
        tint = Token.EDGE if self._state is BarState.PAUSED else Token.ACCENT
        area = QRectF(0, 0, max(done, self._height), self._height)
        rounded(painter, area, radius, color(tint))
