"""Finds what a person would call broken: words cut, parts on top of each other or outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QStyle,
    QWidget,
)

from wizard.ui.frame import Frame
from wizard.ui.leaving import Leaving
from wizard.ui.panes import Panes
from wizard.ui.widgets.boxes import Body
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.focus import FocusFrame
from wizard.ui.widgets.text import Text

__all__ = ["problems_of"]

Part = TypeVar("Part", bound=QWidget)
_ROUNDING = 1
_TAIL = "tail"
_LOWEST = 26
"""Pixels that anything one presses or types into must be high, for a hand that trembles."""
_LARGEST = 16_777_215
_TAG = re.compile(r"</?[a-z]+[^<>]*>")


def problems_of(window: QWidget) -> list[str]:
    """One line for each thing that is wrong with the window as it is now."""
    found = [
        *_cut(window),
        *_outside(window),
        *_overlapping(window),
        *_too_wide(window),
        *_hard_to_use(window),
        *_silent(window),
    ]
    weighty = {Kind.PRIMARY, Kind.DANGER}
    primaries = [button for button in _seen(window, Button) if button.kind in weighty]
    # Home shows how things stand: it has a primary button only where something is confirmed.
    fewest = 0 if _is_home(window) else 1
    if not fewest <= len(primaries) <= 1:
        names = ", ".join(button.words for button in primaries) or "none"
        found.append(f"{len(primaries)} primary buttons instead of one: {names}")
    return found


def _silent(window: QWidget) -> Iterator[str]:
    """The frame's button closed, and nothing beside it says why."""
    for button in _seen(window, Button):
        if button.objectName() != "primary" or button.isEnabled():
            continue
        why = button.accessibleDescription()
        if not why or all(text.text() != why for text in _seen(window, Text)):
            yield f"closed without a word why: {_named(button)}"


def _is_home(window: QWidget) -> bool:
    return isinstance(window, Frame) and window.at_home


def _seen(window: QWidget, kind: type[Part]) -> Iterator[Part]:
    for part in window.findChildren(kind):
        if part.isVisibleTo(window) and part.width() > 0:
            yield part


def _named(part: QWidget) -> str:
    words = getattr(part, "text", None)
    told = words() if callable(words) else ""
    return f"{type(part).__name__} {part.objectName() or told or part.accessibleName()!r}"


# -------------------------------------------------------------------- words


def _cut(window: QWidget) -> Iterator[str]:
    for part in _seen(window, QWidget):
        is_cut = getattr(part, "is_cut", None)
        # Our own parts know what they draw and what may be shortened; Qt's are measured.
        cut = is_cut() if callable(is_cut) else _cut_by_qt(part)
        if cut:
            yield f"cut: {_named(part)} at {part.width()}×{part.height()}"
        named = part if isinstance(part, Text) and part.objectName() == _TAIL else None
        if named is not None and named.natural_width() > named.width():
            # It says why the button is as it is: nobody looks for that in a tool tip.
            yield f"cut beside the button: {_named(part)} at {part.width()}"
        if isinstance(part, QLineEdit) and not part.text():
            need = QFontMetrics(part.font()).horizontalAdvance(part.placeholderText())
            margins = part.textMargins()
            if need > part.width() - margins.left() - margins.right() - 8:
                yield f"cut placeholder: {_named(part)}"


def _cut_by_qt(part: QWidget) -> bool:
    if isinstance(part, QLabel):
        return _label_is_cut(part)
    if isinstance(part, (QCheckBox, QRadioButton)):
        style = part.style()
        metric = QStyle.PixelMetric
        beside = style.pixelMetric(metric.PM_IndicatorWidth, None, part)
        beside += style.pixelMetric(metric.PM_CheckBoxLabelSpacing, None, part)
        return bool(part.text()) and beside + _words_width(part, part.text()) > part.width()
    if type(part) is QPushButton:
        return _words_width(part, part.text()) > part.contentsRect().width()
    if isinstance(part, QComboBox) and not part.isEditable():
        return _words_width(part, part.currentText()) > part.contentsRect().width()
    return False


def _words_width(part: QWidget, words: str) -> int:
    # A mnemonic's ampersand takes no room.
    plain = words.replace("&&", "\0").replace("&", "").replace("\0", "&")
    return QFontMetrics(part.font()).horizontalAdvance(plain)


def _label_is_cut(label: QLabel) -> bool:
    """Plain words by the font's metrics, rich ones as the document that Qt draws."""
    if not label.text():
        return False
    room = label.contentsRect().adjusted(0, 0, -2 * label.margin(), -2 * label.margin())
    form = label.textFormat()
    guessed = form is Qt.TextFormat.AutoText and _TAG.search(label.text()) is not None
    if form is Qt.TextFormat.RichText or guessed:
        page = QTextDocument()
        page.setDefaultFont(label.font())
        page.setDocumentMargin(0)
        page.setHtml(label.text())
        if label.wordWrap():
            page.setTextWidth(room.width())
        wide, high = page.idealWidth(), page.size().height()
        return wide > room.width() + _ROUNDING or high > room.height() + _ROUNDING
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextExpandTabs
    bounds = QRect(0, 0, room.width() if label.wordWrap() else _LARGEST, _LARGEST)
    need = QFontMetrics(label.font()).boundingRect(bounds, int(flags), label.text())
    return (
        need.width() > room.width() + _ROUNDING
        or need.height() > room.height() + label.fontMetrics().leading() + _ROUNDING
    )


# -------------------------------------------------------------------- places


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
    if isinstance(part, (FocusFrame, Leaving, QScrollBar)):
        return True
    parent = part.parentWidget()
    if isinstance(part, IconButton) and isinstance(parent, QLineEdit):
        return True  # the cross that clears a search field
    return isinstance(parent, (Panes, QStackedWidget))


def _overlapping(window: QWidget) -> Iterator[str]:
    for parent in (window, *_seen(window, QWidget)):
        if isinstance(parent, QAbstractScrollArea):
            continue
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget)
            and child.isVisibleTo(window)
            and not child.isWindow()
            and not _floats(child)
        ]
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
        if area.verticalScrollBar().isVisible() or area.horizontalScrollBar().isVisible():
            # Qt reads past its list when a screen reader asks for a bar that was just hidden.
            yield f"shows a bar of Qt’s own: {_named(area)}"
    for text in _seen(window, Text):
        corner = text.mapTo(window, QPoint(0, 0))
        if not (corner.x() >= 0 and corner.x() + text.width() <= window.width()):
            yield f"beyond the window's edge: {_named(text)} {QRect(corner, text.size())}"


# -------------------------------------------------------------------- use


def _hard_to_use(window: QWidget) -> Iterator[str]:
    for part in _seen(window, QWidget):
        if not isinstance(part, (QAbstractButton, QLineEdit, QComboBox)):
            continue
        if not (part.accessibleName() or _told_by_qt(part)):
            yield f"no name for a screen reader: {_named(part)}"
        if isinstance(part, Button) and not part.objectName():
            yield f"no object name: {_named(part)}"
        if part.height() < _LOWEST and not _floats(part):
            yield f"lower than {_LOWEST} pixels: {_named(part)} at {part.height()}"


def _told_by_qt(part: QWidget) -> str:
    """A button's own words are its name; Qt reads them out without being told to."""
    return part.text().strip() if isinstance(part, QAbstractButton) else ""
