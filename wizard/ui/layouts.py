"""Rows and columns with the margins and gaps that the design asks for, in one line each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QLayoutItem, QVBoxLayout, QWidget

__all__ = ["Margins", "clear", "column", "put", "row"]

Margins = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels at 100 %."""

_NONE: Margins = (0, 0, 0, 0)
Part = QWidget | QLayout | int | None


def _fill(layout: QBoxLayout, parts: tuple[Part, ...]) -> None:
    for part in parts:
        put(layout, part)


def put(layout: QBoxLayout, part: Part, stretch: int = 0) -> None:
    """Add a widget, a layout, a gap in pixels, or (None) what takes all room that is left."""
    if part is None:
        layout.addStretch(1)
    elif isinstance(part, int):
        layout.addSpacing(part)
    elif isinstance(part, QLayout):
        layout.addLayout(part, stretch)
    else:
        layout.addWidget(part, stretch)


def column(
    *parts: Part, margins: Margins = _NONE, gap: int = 0, inside: QWidget | None = None
) -> QVBoxLayout:
    """Parts below one another."""
    layout = QVBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    _fill(layout, parts)
    if inside is not None:
        inside.setLayout(layout)
    return layout


def row(
    *parts: Part,
    margins: Margins = _NONE,
    gap: int = 0,
    inside: QWidget | None = None,
    align: Qt.AlignmentFlag | None = None,
) -> QHBoxLayout:
    """Parts beside one another."""
    layout = QHBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    _fill(layout, parts)
    if align is not None:
        for index in range(layout.count()):
            item = layout.itemAt(index)
            if item is not None and item.spacerItem() is None:
                item.setAlignment(align)
    if inside is not None:
        inside.setLayout(layout)
    return layout


def clear(layout: QLayout) -> None:
    """Take everything out; widgets are hidden at once and deleted when Qt is ready."""
    while layout.count():
        item: QLayoutItem | None = layout.takeAt(0)
        if item is None:
            return
        widget, below = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif below is not None:
            clear(below)
            below.deleteLater()
