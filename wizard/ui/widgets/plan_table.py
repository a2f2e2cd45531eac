"""The table of a plan: a line for each person, one of them opened to show old and new."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
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

from wizard.content.reasons import KINDS, kind_label, why
from wizard.content.text import t
from wizard.core.runs import PersonPlan, PlanKind
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column
from wizard.ui.paint import brush_on, rounded
from wizard.ui.plan_model import PlanModel
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import ScrollBar

__all__ = ["PlanTable"]

_ROW = 44
_PAD, _GAP, _CHEVRON = 14, 12, 12
_HEAD = 33
_DETAIL_ROW = 22
_LABEL = 106
_LOOKS: dict[PlanKind, tuple[str, Token]] = {
    PlanKind.CREATE: ("plus", Token.ACCENT_INK),
    PlanKind.ADOPT: ("link", Token.ACCENT_INK),
    PlanKind.UPDATE: ("pencil", Token.INK),
    PlanKind.REACTIVATE: ("again", Token.INK),
    PlanKind.DEACTIVATE: ("leave", Token.WARN),
    PlanKind.SKIP: ("skip", Token.INK_3),
    PlanKind.UNCHANGED: ("minus", Token.INK_3),
    PlanKind.PROBLEM: ("warn", Token.WARN),
}
Index = QModelIndex | QPersistentModelIndex


def _draw_line(
    painter: QPainter,
    area: QRectF,
    words: str,
    letters: Letters,
    token: Token,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """One line of words, shortened where it must be; how wide it became."""
    face = font(letters)
    metrics = QFontMetrics(face)
    shown = metrics.elidedText(words, mode, int(area.width()))
    painter.setFont(face)
    painter.setPen(color(token))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
    return float(metrics.horizontalAdvance(shown))


class _Row(QStyledItemDelegate):
    """Draws the upper 44 pixels of a row; the table draws what an opened one shows below."""

    def __init__(self, table: _View) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        person = self._table.plan.person(index.row())
        area = QRectF(option.rect)
        opened = index.row() == self._table.opened
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if opened:
            painter.fillRect(area, color(Token.ACCENT_SOFT))
        elif index.row() == self._table.hovered:
            painter.fillRect(area, color(Token.SUBTLE))
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), color(Token.LINE))
        if person is not None:
            area.setHeight(_ROW)
            (self._person, self._plan, self._why)[index.column()](painter, area, person, opened)
        painter.restore()

    @staticmethod
    def _person(painter: QPainter, area: QRectF, person: PersonPlan, opened: bool) -> None:
        del opened
        inner = area.adjusted(_PAD, 6, -_GAP, 0)
        name = QRectF(inner.left(), inner.top(), inner.width(), 18)
        address = QRectF(inner.left(), inner.top() + 17, inner.width(), 16)
        _draw_line(painter, name, person.name or t("No name"), Letters.SECOND_MEDIUM, Token.INK)
        mode = Qt.TextElideMode.ElideMiddle
        _draw_line(painter, address, person.address, Letters.CAPTION, Token.INK_3, mode)

    @staticmethod
    def _plan(painter: QPainter, area: QRectF, person: PersonPlan, opened: bool) -> None:
        del opened
        name, token = _LOOKS[person.kind]
        paint_icon(painter, name, color(token), area.left(), area.center().y() - 7, 14)
        words = area.adjusted(20, 1, 0, 0)
        _draw_line(painter, words, kind_label(person.kind), Letters.SECOND_MEDIUM, token)

    @staticmethod
    def _why(painter: QPainter, area: QRectF, person: PersonPlan, opened: bool) -> None:
        right = area.right() - _PAD - _CHEVRON
        words = QRectF(area.left(), area.top() + 1, right - area.left() - _GAP, area.height())
        _draw_line(painter, words, why(person), Letters.SECOND, Token.INK_2)
        name = "chevron-down" if opened else "chevron-right"
        top = area.center().y() - _CHEVRON / 2
        paint_icon(painter, name, color(Token.INK_3), right, top, _CHEVRON)


class _View(QTableView):
    """The rows. Enter, Space or a click opens and closes one."""

    person_opened = Signal(object)

    def __init__(self, plan: PlanModel) -> None:
        super().__init__()
        self.plan = plan
        self.opened = -1
        self.hovered = -1
        self.setObjectName("plan-rows")
        self.setAccessibleName(t("People in this plan"))
        self.setModel(plan)
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
        upright.setDefaultSectionSize(_ROW)
        upright.setMinimumSectionSize(_ROW)
        self.viewport().setAutoFillBackground(False)
        plan.modelAboutToBeReset.connect(self._forget)

    def _forget(self) -> None:
        if self.opened >= 0:
            self.setRowHeight(self.opened, _ROW)
        self.opened = -1

    # -------------------------------------------------------- opening

    def open_row(self, number: int) -> None:
        """Open this row and close any other; an open one is closed."""
        person = self.plan.person(number)
        before, self.opened = self.opened, -1
        if before >= 0:
            self.setRowHeight(before, _ROW)
        if number != before and person is not None:
            self.opened = number
            self._make_room(person)
            self.scrollTo(self.plan.index(number, 0))
            self.person_opened.emit(person)
        self.viewport().update()

    def know_more(self, user_id: str, lines: tuple[tuple[str, str], ...]) -> None:
        """Show more of a person, in their row if it is the opened one."""
        self.plan.know_more(user_id, lines)
        person = self.plan.person(self.opened) if self.opened >= 0 else None
        if person is not None and person.user_id == user_id:
            self._make_room(person)
            self.viewport().update()

    def _make_room(self, person: PersonPlan) -> None:
        told = len(self.plan.lines(person))
        self.setRowHeight(self.opened, _ROW + 22 + told * _DETAIL_ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
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

    # -------------------------------------------------------- drawing

    def plan_width(self) -> int:
        """The middle column: as wide as its widest word."""
        metrics = QFontMetrics(font(Letters.SECOND_MEDIUM))
        return max(metrics.horizontalAdvance(t(words)) for words in KINDS.values()) + 22

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        middle = self.plan_width() + _GAP
        free = self.viewport().width() - middle - _CHEVRON - 2 * _PAD - 2 * _GAP
        first = _PAD + round(free * 23 / 43) + _GAP
        self.setColumnWidth(0, first)
        self.setColumnWidth(1, middle)
        self.setColumnWidth(2, self.viewport().width() - first - middle)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.opened >= 0:
            self._paint_details(painter)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            height = self.rowHeight(current.row())
            top = self.rowViewportPosition(current.row())
            area = QRectF(1, top + 1, self.viewport().width() - 2, height - 1)
            rounded(painter, area, 4, None, color(Token.ACCENT), 2)

    def _paint_details(self, painter: QPainter) -> None:
        person = self.plan.person(self.opened)
        if person is None:
            return
        top = self.rowViewportPosition(self.opened) + _ROW
        wide = self.viewport().width()
        painter.fillRect(QRectF(0, top, wide, 1), color(Token.LINE))
        for number, (label, value) in enumerate(self.plan.lines(person)):
            line = QRectF(_PAD, top + 11 + number * _DETAIL_ROW, _LABEL, 18)
            _draw_line(painter, line, label, Letters.SECOND, Token.INK_3)
            room = QRectF(_PAD + _LABEL, line.top(), wide - 2 * _PAD - _LABEL, 18)
            self._paint_value(painter, room, value)

    @staticmethod
    def _paint_value(painter: QPainter, room: QRectF, value: str) -> None:
        old, arrow, new = value.partition(" → ")
        if not arrow:
            _draw_line(painter, room, value, Letters.SECOND, Token.INK)
            return
        half = QRectF(room.left(), room.top(), room.width() * 0.42, room.height())
        mode = Qt.TextElideMode.ElideMiddle
        wide = _draw_line(painter, half, old, Letters.SECOND, Token.INK_2, mode)
        middle = room.center().y() + 0.5
        painter.fillRect(QRectF(room.left(), middle, wide, 1), color(Token.INK_2))
        at = room.left() + wide + 10
        paint_icon(painter, "arrow-right", color(Token.INK_3), at, middle - 6, 12)
        rest = QRectF(at + 22, room.top(), room.right() - at - 22, room.height())
        _draw_line(painter, rest, new, Letters.SECOND_MEDIUM, Token.INK, mode)


class PlanTable(QWidget):
    """A head of 32 pixels and the rows, in one border."""

    def __init__(self, plan: PlanModel) -> None:
        super().__init__()
        self.view = _View(plan)
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
        starts = (
            _PAD,
            self.view.columnWidth(0),
            self.view.columnWidth(0) + self.view.columnWidth(1),
        )
        for start, words in zip(starts, (t("Person"), t("Plan"), t("Why")), strict=True):
            place = QRectF(start + 1, 1, 200, _HEAD - 1)
            _draw_line(painter, place, words, Letters.CAPTION_MEDIUM, Token.INK_3)
        rounded(painter, area, 10, None, color(Token.LINE))
