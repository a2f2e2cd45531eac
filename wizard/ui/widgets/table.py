"""A table: rows painted by hand in columns, a head over them, one border around both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from wizard.ui.layouts import column
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import ScrollBar

__all__ = ["PAD", "Rows", "Table", "draw_line"]

PAD = 14
"""Between the border and the words nearest to it, in pixels."""
Index = QModelIndex | QPersistentModelIndex


def draw_line(
    painter: QPainter,
    area: QRectF,
    words: str,
    letters: Letters,
    token: Token,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """One line of words, shortened where it must be; how wide it became, in pixels."""
    face = font(letters)
    metrics = QFontMetrics(face)
    shown = metrics.elidedText(words, elide, max(0, int(area.width())))
    painter.setFont(face)
    painter.setPen(color(token))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | align, shown)
    return float(metrics.horizontalAdvance(shown))


class _Cell(QStyledItemDelegate):
    """What all cells share: the ground, and the line above."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._rows = rows

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rows, number = self._rows, index.row()
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if rows.is_chosen(number):
            painter.fillRect(area, color(Token.ACCENT_SOFT))
        elif number == rows.hovered:
            painter.fillRect(area, color(Token.SUBTLE))
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), color(Token.LINE))
        rows.draw_cell(painter, area, number, index.column())
        painter.restore()


class Rows(QTableView):
    """The rows. Enter, Space or a click opens one.

    A kind of table says how wide its columns are, draws a cell, and knows what opening means. Its
    model gives rows only once they are read: a cell whose row is not there is left empty.
    `row_height` is in pixels; where all rows are as high, for good, Qt needs no memory for each
    (`alike`).
    """

    HEAD = 33
    """How high the head is, in pixels."""
    NUMBERS: frozenset[int] = frozenset()
    """The columns whose words end where the column ends."""
    OPENS_ON_RELEASE = False
    """Whether a click opens when it ends: where another page comes up under the pointer."""

    def __init__(
        self,
        model: QAbstractTableModel,
        *,
        name: str,
        spoken: str,
        row_height: int,
        alike: bool = False,
    ) -> None:
        super().__init__()
        self.row_height = row_height
        self.hovered = -1
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setModel(model)
        self.setItemDelegate(_Cell(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(ScrollBar())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(20)
        upright = self.verticalHeader()
        upright.hide()
        if alike:
            upright.setSectionResizeMode(upright.ResizeMode.Fixed)
            self.verticalScrollBar().setSingleStep(row_height)
        upright.setMinimumSectionSize(row_height)
        upright.setDefaultSectionSize(row_height)
        self.viewport().setAutoFillBackground(False)

    # -------------------------------------------------------- what a kind of table says

    def widths(self, whole: int) -> Sequence[int]:
        """How wide the columns are where there is room for so many pixels."""
        raise NotImplementedError

    def draw_cell(self, painter: QPainter, area: QRectF, number: int, column: int) -> None:
        """Draw a cell of the row of that number; nothing where the row is not read yet."""
        raise NotImplementedError

    def open_row(self, number: int) -> None:
        """Somebody wants more of that row."""
        raise NotImplementedError

    def is_chosen(self, number: int) -> bool:
        """Whether that row is the one that is shown in full."""
        del number
        return False

    # -------------------------------------------------------- pointer and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.OPENS_ON_RELEASE:
            self._open_at(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.OPENS_ON_RELEASE:
            self._open_at(event)

    def _open_at(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.open_row(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hovered = self.indexAt(event.position().toPoint()).row()
        if hovered != self.hovered:
            self.hovered = hovered
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.currentIndex().isValid():
            self.open_row(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    # -------------------------------------------------------- size and drawing

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for number, wide in enumerate(self.widths(self.viewport().width())):
            self.setColumnWidth(number, wide)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_over(painter)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            top = self.rowViewportPosition(current.row())
            height = self.rowHeight(current.row())
            area = QRectF(1, top + 1, self.viewport().width() - 2, height - 1)
            rounded(painter, area, 4, None, color(Token.ACCENT), 2)

    def draw_over(self, painter: QPainter) -> None:
        """What stands over the cells of more than one column."""
        del painter


class Table(QWidget):
    """A head with the words of the model's columns and the rows, in one border."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows
        column(rows, margins=(1, rows.HEAD, 1, 3), inside=self)
        self.setMinimumHeight(rows.HEAD + 3 * rows.row_height + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole
        painter = brush_on(self)
        area = QRectF(self.rect())
        head = self._rows.HEAD
        rounded(painter, area, 10, color(Token.PAGE))
        painter.setClipRect(QRect(0, 0, self.width(), head))
        rounded(painter, area, 10, color(Token.SUBTLE))
        painter.setClipping(False)
        at = 1.0
        model = self._rows.model()
        for number in range(model.columnCount()):
            wide = self._rows.columnWidth(number)
            ends = number in self._rows.NUMBERS
            # The letters stand in the lowest 32 pixels.
            cell = QRectF(at, head - 32, wide, 32)
            at += wide
            inset = cell.adjusted(0 if number else PAD, 0, -PAD if ends else 0, 0)
            align = Qt.AlignmentFlag.AlignRight if ends else Qt.AlignmentFlag.AlignLeft
            words = str(model.headerData(number, Qt.Orientation.Horizontal))
            draw_line(painter, inset, words, Letters.CAPTION_MEDIUM, Token.INK_3, align=align)
        rounded(painter, area, 10, None, color(Token.LINE))
