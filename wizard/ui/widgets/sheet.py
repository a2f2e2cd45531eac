"""A side sheet of 340 pixels, or a wide one to read in: one small task; Escape closes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QWidget

from wizard.content.text import t
from wizard.ui.layouts import column, put, row
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Body
from wizard.ui.widgets.buttons import IconButton
from wizard.ui.widgets.text import Text

__all__ = ["Sheet"]


class Sheet(QWidget):
    """Head, a body that scrolls, and a footer with its buttons.

    `head` stands in place of the title, which then only names the sheet.
    """

    closed = Signal()
    wide = False
    """Whether it takes the page's room, as for a text of whole lines, and lies over it."""

    def __init__(self, title: str, *, name: str, head: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        close = IconButton("close", t("Close"), name=f"{name}-close")
        close.clicked.connect(self.closed)
        self._head = QWidget()
        self._head.setFixedHeight(69)
        heading = head or Text(title, Letters.PANEL)
        line = row(margins=(20, 0, 12, 0), gap=12, inside=self._head)
        line.addWidget(heading, 1)
        line.addWidget(close)
        content = QWidget()
        self._column = column(margins=(20, 16, 10, 16), inside=content)
        self._foot = QWidget()
        self._actions = row(None, gap=8, margins=(20, 13, 20, 16), inside=self._foot)
        layout = column(self._head, inside=self, margins=(1, 0, 0, 0))
        layout.addWidget(Body(content), 1)
        layout.addWidget(self._foot)

    def put(self, part: QWidget | QLayout | int | None) -> None:
        """Add to the body, as `wizard.ui.layouts.put` does."""
        put(self._column, part)

    def put_whole(self, part: QWidget) -> None:
        """Add what takes all the room of the body that is left, and scrolls by itself."""
        self._column.addWidget(part, 1)

    def put_foot(self, *buttons: QWidget) -> None:
        """The buttons of the footer, the weightier first."""
        for button in buttons:
            self._actions.insertWidget(self._actions.count() - 1, button)

    def first_field(self) -> QWidget:
        """What gets the keyboard when the sheet opens."""
        return self

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface and lines
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.PAGE))
        line = color(Token.LINE)
        painter.fillRect(0, 0, 1, self.height(), line)
        painter.fillRect(0, self._head.height() - 1, self.width(), 1, line)
        painter.fillRect(0, self._foot.y(), self.width(), 1, line)
