"""Finds what a person would call broken: words cut, parts on top of each other or outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QWidget,
)

from wizard.ui.panes import Panes
from wizard.ui.widgets.boxes import Body
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.focus import FocusFrame
from wizard.ui.widgets.text import Text

__all__ = ["problems_of"]

Part = TypeVar("Part", bound=QWidget)
_ROUNDING = 1


def problems_of(window: QWidget) -> list[str]:
    """One line for each thing that is wrong with the window as it is now."""
    found = [
        *_cut(window),
        *_outside(window),
        *_overlapping(window),
        *_too_wide(window),
        *_nameless(window),
    ]
    primaries = [button for button in _seen(window, Button) if button.kind is Kind.PRIMARY]
    if len(primaries) != 1:
        names = ", ".join(button.words for button in primaries) or "none"
        found.append(f"{len(primaries)} primary buttons instead of one: {names}")
    return found


def _seen(window: QWidget, kind: type[Part]) -> Iterator[Part]:
    for part in window.findChildren(kind):
        if part.isVisibleTo(window) and part.width() > 0:
            yield part


def _named(part: QWidget) -> str:
    words = getattr(part, "text", None)
    told = words() if callable(words) else ""
    return f"{type(part).__name__} {part.objectName() or told or part.accessibleName()!r}"


def _cut(window: QWidget) -> Iterator[str]:
    for part in _seen(window, QWidget):
        is_cut = getattr(part, "is_cut", None)
        if callable(is_cut) and is_cut():
            yield f"cut: {_named(part)} at {part.width()}×{part.height()}"
        if isinstance(part, QLineEdit) and part.parentWidget() is not None and not part.text():
            need = QFontMetrics(part.font()).horizontalAdvance(part.placeholderText())
            margins = part.textMargins()
            if need > part.width() - margins.left() - margins.right() - 8:
                yield f"cut placeholder: {_named(part)}"


def _outside(window: QWidget) -> Iterator[str]:
    for part in _seen(window, QWidget):
        parent = part.parentWidget()
        if parent is None or part is window or part.isWindow() or _floats(part):
            continue
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and parent is above.viewport():
            continue  # what scrolls is larger than what shows it
        room = parent.rect().adjusted(-_ROUNDING, -_ROUNDING, _ROUNDING, _ROUNDING)
        if not room.contains(part.geometry()):
            yield f"outside its parent: {_named(part)} {_place(part)} in {_named(parent)}"


def _place(part: QWidget) -> str:
    area = part.geometry()
    return f"({area.x()}, {area.y()}, {area.width()}×{area.height()})"


def _floats(part: QWidget) -> bool:
    """Parts that lie over others on purpose."""
    if isinstance(part, (FocusFrame, QScrollBar)):
        return True
    parent = part.parentWidget()
    if isinstance(part, IconButton) and isinstance(parent, QLineEdit):
        return True  # the cross that clears a search field
    return isinstance(parent, (Panes, QStackedWidget))


def _overlapping(window: QWidget) -> Iterator[str]:
    for parent in (window, *_seen(window, QWidget)):
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget)
            and child.isVisibleTo(window)
            and not child.isWindow()
            and not _floats(child)
        ]
        if isinstance(parent, QAbstractScrollArea):
            continue
        for number, one in enumerate(children):
            for other in children[number + 1 :]:
                shared = one.geometry() & other.geometry()
                if shared.width() > _ROUNDING and shared.height() > _ROUNDING:
                    yield f"on top of each other: {_named(one)} and {_named(other)}"


def _too_wide(window: QWidget) -> Iterator[str]:
    for body in _seen(window, Body):
        content = body.widget()
        if content is not None and content.width() > body.viewport().width():
            yield f"wider than its page: {content.width()} > {body.viewport().width()}"
    for area in _seen(window, QScrollArea):
        if area.horizontalScrollBar().maximum() > 0:
            yield f"must be scrolled sideways: {_named(area)}"
    for text in _seen(window, Text):
        corner = text.mapTo(window, QPoint(0, 0))
        if not (corner.x() >= 0 and corner.x() + text.width() <= window.width()):
            yield f"beyond the window's edge: {_named(text)} {QRect(corner, text.size())}"


def _nameless(window: QWidget) -> Iterator[str]:
    for button in _seen(window, Button):
        if not button.accessibleName():
            yield f"no name for a screen reader: {_named(button)}"
        if not button.objectName():
            yield f"no object name: {_named(button)}"
