"""The table of runs: one line each, two where the window is narrow; a press opens a run."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
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

from wizard.content.text import t
from wizard.content.times import table_words
from wizard.core.runs import RunOutcome
from wizard.services.contract.home import RunRow
from wizard.ui.home.overview_words import result_of
from wizard.ui.home.runs_model import RunsModel, result_words, took_words, what_words
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import ScrollBar

__all__ = ["RunsTable"]

_HEAD = 32
_ROW, _ROW_TWO = 41, 46
_PAD, _GAP = 14, 16
_TWO_LINES_BELOW = 640
Index = QModelIndex | QPersistentModelIndex


def _line(
    painter: QPainter,
    area: QRectF,
    words: str,
    letters: Letters,
    token: Token,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """One line of words, shortened where it must be; how wide it became."""
    face = font(letters)
    metrics = QFontMetrics(face)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, int(area.width())))
    painter.setFont(face)
    painter.setPen(color(token))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | align, shown)
    return float(metrics.horizontalAdvance(shown))


class _Row(QStyledItemDelegate):
    """Draws one run."""

    def __init__(self, table: _View) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._table.runs.run(index.row())
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row() == self._table.hovered:
            painter.fillRect(area, color(Token.SUBTLE))
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), color(Token.LINE))
        if row is not None:
            draw = (self._when, self._what, self._took, self._result)[index.column()]
            draw(painter, area, row)
        painter.restore()

    @staticmethod
    def _when(painter: QPainter, area: QRectF, row: RunRow) -> None:
        words = table_words(row.report.started_at, datetime.now(UTC))
        _line(painter, area.adjusted(_PAD, 1, 0, 0), words, Letters.SECOND, Token.INK_2)

    def _what(self, painter: QPainter, area: QRectF, row: RunRow) -> None:
        title, detail = what_words(row)
        inner = area.adjusted(0, 1, -_GAP, 0)
        if self._table.two_lines and detail:
            upper = QRectF(inner.left(), inner.top() + 4, inner.width(), 18)
            lower = QRectF(inner.left(), inner.top() + 22, inner.width(), 18)
            _line(painter, upper, title, Letters.SECOND, Token.INK)
            _line(painter, lower, detail, Letters.SECOND, Token.INK_2)
            return
        wide = _line(painter, inner, title, Letters.SECOND, Token.INK) + 6
        rest = inner.adjusted(wide, 0, 0, 0)
        _line(painter, rest, detail, Letters.SECOND, Token.INK_2)

    @staticmethod
    def _took(painter: QPainter, area: QRectF, row: RunRow) -> None:
        inner = area.adjusted(0, 1, -_PAD, 0)
        right = Qt.AlignmentFlag.AlignRight
        _line(painter, inner, took_words(row), Letters.SECOND, Token.INK_2, right)

    @staticmethod
    def _result(painter: QPainter, area: QRectF, row: RunRow) -> None:
        icon, tint = result_of(row.report)
        paint_icon(painter, icon, color(tint), area.left(), area.center().y() - 6, 14)
        # In a table a good state is neutral text with a green icon.
        good = row.report.outcome in {RunOutcome.DONE, RunOutcome.CANCELLED, RunOutcome.OFF}
        words = area.adjusted(20, 1, 0, 0)
        token = Token.INK_2 if good else tint
        _line(painter, words, result_words(row.report), Letters.SECOND_MEDIUM, token)


class _View(QTableView):
    """The rows. Enter, Space or a click opens one."""

    opened = Signal(object)

    def __init__(self, runs: RunsModel) -> None:
        super().__init__()
        self.runs = runs
        self.hovered = -1
        self.two_lines = False
        self.setObjectName("run-rows")
        self.setAccessibleName(t("Past syncs"))
        self.setModel(runs)
        self.setItemDelegate(_Row(self))
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
        upright.setMinimumSectionSize(_ROW)
        upright.setDefaultSectionSize(_ROW)
        self.viewport().setAutoFillBackground(False)

    def _open(self, number: int) -> None:
        row = self.runs.run(number)
        if row is not None:
            self.opened.emit(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self._open(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hovered = self.indexAt(event.position().toPoint()).row()
        if hovered != self.hovered:
            self.hovered = hovered
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.viewport().width()
        self.two_lines = wide < _TWO_LINES_BELOW
        self.verticalHeader().setDefaultSectionSize(_ROW_TWO if self.two_lines else _ROW)
        face = QFontMetrics(font(Letters.SECOND))
        first = face.horizontalAdvance("September 30, 00:00") + _PAD
        took = face.horizontalAdvance("120 min") + _PAD
        strong = QFontMetrics(font(Letters.SECOND_MEDIUM))
        result = strong.horizontalAdvance(t("Cancelled")) + 20 + _PAD
        for number, size in enumerate((first, wide - first - took - result, took, result)):
            self.setColumnWidth(number, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = self.rowViewportPosition(current.row())
            height = self.rowHeight(current.row())
            area = QRectF(1, top + 1, self.viewport().width() - 2, height - 1)
            rounded(painter, area, 4, None, color(Token.ACCENT), 2)


class RunsTable(QWidget):
    """A head of 32 pixels and the rows, in one border."""

    def __init__(self, runs: RunsModel) -> None:
        super().__init__()
        self.view = _View(runs)
        column(self.view, margins=(1, _HEAD, 1, 3), inside=self)
        self.setMinimumHeight(_HEAD + 3 * _ROW + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole
        painter = brush_on(self)
        area = QRectF(self.rect())
        rounded(painter, area, 10, color(Token.PAGE))
        painter.setClipRect(QRect(0, 0, self.width(), _HEAD))
        rounded(painter, area, 10, color(Token.SUBTLE))
        painter.setClipping(False)
        at = 1.0
        for number, words in enumerate((t("When"), t("What"), t("Took"), t("Result"))):
            wide = self.view.columnWidth(number)
            cell = QRectF(at, 0, wide, _HEAD)
            at += wide
            right = number == _TOOK
            align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            inset = cell.adjusted(0 if number else _PAD, 0, -_PAD if right else 0, 0)
            _line(painter, inset, words, Letters.CAPTION_MEDIUM, Token.INK_3, align)
        rounded(painter, area, 10, None, color(Token.LINE))


_TOOK = 2
