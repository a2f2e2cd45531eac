"""Shapes that several widgets paint alike."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.theme import color
from wizard.ui.tokens import Token

__all__ = ["brush_on", "paint_mark", "paint_radio", "rounded"]


def brush_on(widget: QWidget) -> QPainter:
    """A painter for smooth shapes on a widget."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def rounded(
    painter: QPainter,
    area: QRectF,
    radius: float,
    fill: QColor | None,
    line: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A rounded box whose line lies inside `area`."""
    inset = width / 2 if line is not None else 0.0
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(line, width) if line is not None else Qt.PenStyle.NoPen)
    inner = max(0.0, radius - inset)
    painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), inner, inner)


def paint_radio(
    painter: QPainter, left: float, top: float, *, on: bool, enabled: bool = True
) -> None:
    """A radio mark of 18 pixels."""
    line = Token.ACCENT if on else Token.EDGE
    if not enabled:
        line = Token.OFF_INK
    width = 5.5 if on else 1.5
    rounded(painter, QRectF(left, top, 18, 18), 9, color(Token.PAGE), color(line), width)


def paint_mark(
    painter: QPainter, left: float, top: float, size: int, *, state: str, line: Token
) -> None:
    """A round mark of a track: 'done' filled with a check, 'now' with a dot, else empty."""
    area = QRectF(left, top, size, size)
    if state == "done":
        rounded(painter, area, size / 2, color(line))
        inner = size - 6
        paint_icon(painter, "check", color(Token.ON_ACCENT), left + 3, top + 3, inner, inner * 0.15)
        return
    if state == "soon":
        pen = QPen(color(line), 1.5, Qt.PenStyle.DashLine)
        painter.setBrush(color(Token.PAGE))
        painter.setPen(pen)
        painter.drawEllipse(area.adjusted(0.75, 0.75, -0.75, -0.75))
        return
    rounded(painter, area, size / 2, None, color(line), 1.5)
    if state == "now":
        dot = 6.0 if size <= 16 else 8.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(line))
        painter.drawEllipse(QPointF(left + size / 2, top + size / 2), dot / 2, dot / 2)
