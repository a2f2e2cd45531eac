"""The table of people: a line for each, with initials, name, unit, and where the account stands."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
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

from wizard.content.people import STANDINGS, row_note, standing_word
from wizard.content.text import t
from wizard.core.people import MemberRow, Standing
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column
from wizard.ui.members_model import MembersModel
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.avatar import initials
from wizard.ui.widgets.boxes import ScrollBar

__all__ = ["PeopleTable"]

_ROW = 52
_PAD, _GAP, _MARK = 14, 12, 32
_HEAD = 33
_LOOKS: dict[Standing, tuple[str, Token, Token]] = {
    Standing.ACTIVE: ("ok", Token.OK, Token.INK_2),
    Standing.NEW: ("plus", Token.ACCENT_INK, Token.INK_2),
    Standing.LEAVING: ("clock", Token.WARN, Token.WARN),
    Standing.TO_DECIDE: ("warn", Token.WARN, Token.WARN),
    Standing.WAITING: ("clock", Token.INK_3, Token.INK_2),
    Standing.NO_ACCOUNT: ("minus", Token.INK_3, Token.INK_3),
    Standing.ENDED: ("skip", Token.INK_3, Token.INK_3),
}
"""Icon, its color, and the word's: a good state is plain words beside a green icon."""
Index = QModelIndex | QPersistentModelIndex


class _Line(QStyledItemDelegate):
    """Draws one cell. Colors and fonts are looked up once a paint, not once a row."""

    def __init__(self, table: _View) -> None:
        super().__init__(table)
        self._table = table
        self._letters = QFont(font(Letters.CAPTION, 600))
        self._letters.setPixelSize(12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        person = self._table.people.person(index.row())
        area = QRectF(option.rect)
        chosen = person is not None and person.user_id == self._table.shown_id
        painter.save()
        if chosen:
            painter.fillRect(area, color(Token.ACCENT_SOFT))
        elif index.row() == self._table.hovered:
            painter.fillRect(area, color(Token.SUBTLE))
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), color(Token.LINE))
        if person is not None:
            if index.column() == 0:
                self._person(painter, area, person, chosen=chosen)
            else:
                self._account(painter, area, person)
        painter.restore()

    def _person(self, painter: QPainter, area: QRectF, person: MemberRow, *, chosen: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = QRectF(area.left() + _PAD, area.top() + (_ROW - _MARK) / 2, _MARK, _MARK)
        rounded(painter, mark, _MARK / 2, color(Token.PAGE if chosen else Token.HOVER))
        short = initials(person.name)
        if short:
            painter.setFont(self._letters)
            painter.setPen(color(Token.INK_2))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, short)
        else:
            paint_icon(painter, "person", color(Token.INK_2), mark.left() + 8, mark.top() + 8, 16)
        left = mark.right() + _GAP
        wide = area.right() - left - _GAP
        name = QRectF(left, area.top() + 8, wide, 18)
        note = QRectF(left, area.top() + 26, wide, 16)
        _draw(painter, name, person.name, Letters.SECOND_MEDIUM, Token.INK)
        _draw(painter, note, row_note(person), Letters.CAPTION, Token.INK_2)

    @staticmethod
    def _account(painter: QPainter, area: QRectF, person: MemberRow) -> None:
        icon, tint, ink = _LOOKS[person.standing]
        paint_icon(painter, icon, color(tint), area.left(), area.center().y() - 7, 14)
        words = area.adjusted(20, 1, 0, 0)
        letters = Letters.SECOND if ink is not Token.WARN else Letters.SECOND_MEDIUM
        _draw(painter, words, standing_word(person.standing), letters, ink)


def _draw(painter: QPainter, area: QRectF, words: str, letters: Letters, token: Token) -> None:
    """One line, shortened at its end where it must be."""
    face = font(letters)
    shown = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.setFont(face)
    painter.setPen(color(token))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class _View(QTableView):
    """The rows. Enter, Space or a click opens a person's story."""

    opened = Signal(str)

    def __init__(self, people: MembersModel) -> None:
        super().__init__()
        self.people = people
        self.shown_id = ""
        self.hovered = -1
        self.setObjectName("members-rows")
        self.setAccessibleName(t("People"))
        self.setModel(people)
        self.setItemDelegate(_Line(self))
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
        # Rows are all as high: Qt then needs no memory for each of them.
        upright.setSectionResizeMode(upright.ResizeMode.Fixed)
        upright.setDefaultSectionSize(_ROW)
        upright.setMinimumSectionSize(_ROW)
        self.verticalScrollBar().setSingleStep(_ROW)
        self.viewport().setAutoFillBackground(False)

    def show_chosen(self, user_id: str) -> None:
        """Mark this person's row, '' for none."""
        self.shown_id = user_id
        self.viewport().update()

    def _open(self, number: int) -> None:
        person = self.people.person(number)
        if person is not None:
            self.opened.emit(person.user_id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
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

    # -------------------------------------------------------- drawing

    def account_width(self) -> int:
        """The right column: as wide as its widest word."""
        metrics = QFontMetrics(font(Letters.SECOND_MEDIUM))
        return max(metrics.horizontalAdvance(t(word)) for word in STANDINGS.values()) + 22

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        right = self.account_width() + _GAP
        self.setColumnWidth(0, self.viewport().width() - right)
        self.setColumnWidth(1, right)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = self.rowViewportPosition(current.row())
            area = QRectF(1, top + 1, self.viewport().width() - 2, _ROW - 1)
            rounded(painter, area, 4, None, color(Token.ACCENT), 2)


class PeopleTable(QWidget):
    """A head of 32 pixels and the rows, in one border."""

    def __init__(self, people: MembersModel) -> None:
        super().__init__()
        self.view = _View(people)
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
        starts = (_PAD, self.view.columnWidth(0))
        for start, words in zip(starts, (t("Person"), t("Account")), strict=True):
            place = QRectF(start + 1, 1, 200, _HEAD - 1)
            _draw(painter, place, words, Letters.CAPTION_MEDIUM, Token.INK_3)
        rounded(painter, area, 10, None, color(Token.LINE))
