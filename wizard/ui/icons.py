"""Small line drawings, tinted for the theme and sharp at every pixel ratio."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from wizard.core.resources import resource

__all__ = ["icon", "paint_icon"]

_GRID = 16.0
_STROKE = 1.5


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _drawn(name: str, rgba: int, size: int, ratio: float, stroke: float) -> QPixmap:
    """The drawing as pixels. The stroke stays as wide as asked for at any size."""
    width = stroke * _GRID / size
    source = _source(name).replace("currentColor", QColor.fromRgba(rgba).name())
    source = re.sub(r'stroke-width="[0-9.]+"', f'stroke-width="{width:.3f}"', source)
    pixels = QPixmap(round(size * ratio), round(size * ratio))
    pixels.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    painter = QPainter(pixels)
    renderer.render(painter)
    painter.end()
    pixels.setDevicePixelRatio(ratio)
    return pixels


def icon(
    name: str, tint: QColor, size: int = 16, ratio: float = 1.0, stroke: float = _STROKE
) -> QPixmap:
    """An icon of `resources/icons` as a square of `size` device-independent pixels."""
    return _drawn(name, tint.rgba(), size, ratio, stroke)


def paint_icon(
    painter: QPainter,
    name: str,
    tint: QColor,
    left: float,
    top: float,
    size: int = 16,
    stroke: float = _STROKE,
) -> None:
    """Draw an icon with its upper left corner there."""
    ratio = painter.device().devicePixelRatio()
    pixels = icon(name, tint, size, ratio, stroke)
    painter.drawPixmap(QRectF(left, top, size, size), pixels, QRectF(pixels.rect()))
