"""Parts one after the other, in as many rows as the width asks for."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

__all__ = ["FlowLayout"]


_NARROWEST = 200
"""Pixels that it can do with; parts that need more are made narrower."""


class FlowLayout(QLayout):
    """Left to right, then below; the last part takes what is left of its row.

    The last part stays on the row where at least `last_width` pixels are left for it.
    """

    def __init__(self, inside: QWidget, *, gap: int, margins: QMargins, last_width: int) -> None:
        super().__init__(inside)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._last_width = last_width
        self.setContentsMargins(margins)

    def insert(self, index: int, part: QWidget) -> None:
        """Put a part before the one at this index."""
        self.addWidget(part)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def need_at_end(self, width: int) -> None:
        """Let the last part need so many pixels."""
        if width != self._last_width:
            self._last_width = width
            self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._place(area, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        edge = self.contentsMargins()
        heights = [item.sizeHint().height() for item in self._items]
        return QSize(
            _NARROWEST + edge.left() + edge.right(),
            max(heights, default=0) + edge.top() + edge.bottom(),
        )

    def _place(self, area: QRect, *, move: bool) -> int:
        """Set the parts into rows; the height that they need."""
        edge = self.contentsMargins()
        left, right = area.left() + edge.left(), area.right() + 1 - edge.right()
        across, down, high = left, area.top() + edge.top(), 0
        for item in self._items:
            last = item is self._items[-1]
            hint = item.sizeHint()
            need = self._last_width if last else min(hint.width(), right - left)
            if across > left and across + need > right:
                across, down, high = left, down + high + self._gap, 0
            width = max(0, right - across) if last else need
            high = max(high, hint.height())
            if move:
                item.setGeometry(QRect(across, down, width, hint.height()))
            across += width + self._gap
        return down + high + edge.bottom() - area.top()
