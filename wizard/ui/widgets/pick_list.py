"""A list to search and tick: who is chosen stands first, then what the search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wizard.content.text import t
from wizard.flow.scope_choice import Tick
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tips import plain_tip
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import ScrollBar
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.tree import paint_box

__all__ = ["Pick", "PickList"]

_ROW, _PAD, _BOX, _GAP = 44, 14, 16, 12
_RIGHT = Qt.TextElideMode.ElideRight
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One row: what it is called, what tells it apart, and what is to know of it at the right.

    `gone`: it is named, and no longer there.
    """

    id: str
    words: str
    note: str = ""
    aside: str = ""
    gone: bool = False


class _Model(QAbstractListModel):
    """The rows that are shown, and which of them are ticked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Pick, ...] = ()
        self.ticked: frozenset[str] = frozenset()

    def show_rows(self, rows: Sequence[Pick], ticked: frozenset[str]) -> None:
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows, self.ticked = tuple(rows), ticked
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows, self.ticked = tuple(rows), ticked
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an empty index never changes
        return 0 if parent.isValid() else len(self.rows)

    def pick(self, index: Index) -> Pick | None:
        return self.rows[index.row()] if 0 <= index.row() < len(self.rows) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        pick = self.pick(index)
        if pick is None:
            return None
        on = pick.id in self.ticked
        if role == Qt.ItemDataRole.DisplayRole:
            return pick.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{pick.words}\n{pick.note}" if pick.note else pick.words)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = t("chosen") if on else t("not chosen")
            return ", ".join(one for one in (pick.words, pick.note, pick.aside, state) if one)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        del index
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
        )


class _Line(QStyledItemDelegate):
    """Draws a row: box, words over a note, and what stands at the right."""

    def __init__(self, rows: _View) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        pick = self._rows.model_.pick(index)
        if pick is None:
            return
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index == self._rows.currentIndex() and self._rows.hasFocus():
            painter.fillRect(area, color(Token.ACCENT_SOFT))
        elif index.row() == self._rows.hovered:
            painter.fillRect(area, color(Token.HOVER))
        tick = Tick.ON if pick.id in self._rows.model_.ticked else Tick.OFF
        paint_box(painter, area.left() + _PAD, area.center().y() - _BOX / 2, tick, enabled=True)
        left = area.left() + _PAD + _BOX + _GAP
        right = self._aside(painter, area, pick)
        wide = right - left - 8
        words = Token.WARN if pick.gone else Token.INK
        one_line = not pick.note
        top = area.top() + (13 if one_line else 5)
        place = QRectF(left, top, wide, 18)
        _draw(painter, place, pick.words, Letters.SECOND_MEDIUM, words, _RIGHT)
        if not one_line:
            note = QRectF(left, area.top() + 22, wide, 16)
            _draw(painter, note, pick.note, Letters.CAPTION, Token.INK_3)
        painter.restore()

    @staticmethod
    def _aside(painter: QPainter, area: QRectF, pick: Pick) -> float:
        right = area.right() - _PAD
        if not pick.aside:
            return right
        wide = QFontMetrics(font(Letters.SECOND)).horizontalAdvance(pick.aside) + 2
        place = QRectF(right - wide, area.top(), wide, area.height())
        token = Token.WARN if pick.gone else Token.INK_3
        _draw(painter, place, pick.aside, Letters.SECOND, token)
        return right - wide


def _draw(
    painter: QPainter,
    area: QRectF,
    words: str,
    letters: Letters,
    token: Token,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> None:
    face = font(letters)
    shown = QFontMetrics(face).elidedText(words, mode, int(area.width()))
    painter.setFont(face)
    painter.setPen(color(token))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class _View(QListView):
    """The rows. Space, Enter or a click ticks; arrows move."""

    pressed_row = Signal(str)

    def __init__(self, words: str, *, name: str) -> None:
        super().__init__()
        self.model_ = _Model(self)
        self.hovered = -1
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setModel(self.model_)
        self.setItemDelegate(_Line(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(ScrollBar())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(1, 4, 1, 4)
        self.entered.connect(lambda index: self._hover(index.row()))

    def _hover(self, row: int) -> None:
        self.hovered = row
        self.viewport().update()

    def _press(self, index: Index) -> None:
        pick = self.model_.pick(index)
        if pick is not None:
            self.pressed_row.emit(pick.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self._press(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.setCurrentIndex(index)
            self._press(index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)


class PickList(QWidget):
    """Search on top, rows below in one border. What is ticked is the owner's to keep.

    `searched` tells what to look for; `toggled` whose box was pressed. `show_picks` answers both.
    """

    searched = Signal(str)
    toggled = Signal(str)

    def __init__(self, words: str, *, placeholder: str, name: str, rows: int = 5) -> None:
        super().__init__()
        self.field = SearchField(placeholder, name=f"{name}-search")
        self.field.searched.connect(self.searched)
        self.field.setVisible(bool(placeholder))
        self.told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self.view = _View(words, name=name)
        self.view.pressed_row.connect(self.toggled)
        self._empty = Text("", Letters.SECOND, Token.INK_3)
        self._frame = _Frame()
        inner = column(margins=(1, 1, 1, 1), inside=self._frame)
        inner.addWidget(self.view, 1)
        self._hollow = QWidget()
        column(16, self._empty, None, margins=(16, 0, 16, 16), inside=self._hollow)
        inner.addWidget(self._hollow, 1)
        self._most = rows
        self._frame.setMinimumHeight(rows * _ROW + 10)
        self._searches = bool(placeholder)
        self.setObjectName(f"{name}-picker")
        layout = column(inside=self)
        layout.addWidget(self.field)
        layout.addSpacing(8 if placeholder else 0)
        layout.addWidget(self._frame, 1)
        layout.addSpacing(6)
        self.below = row(gap=8)
        self.below.addWidget(self.told, 1)
        layout.addLayout(self.below)
        self._hollow.hide()

    @property
    def search(self) -> str:
        """What stands in the search field."""
        return self.field.text().strip()

    def show_picks(
        self, rows: Sequence[Pick], ticked: frozenset[str], *, told: str = "", empty: str = ""
    ) -> None:
        """Show these rows; `told` stands below them, `empty` in their place where there is none."""
        current = self.view.model_.pick(self.view.currentIndex())
        stays = current.id if current is not None and self.view.hasFocus() else ""
        self.view.model_.show_rows(rows, ticked)
        if rows and not self.view.currentIndex().isValid():
            ids = [row.id for row in rows]
            at = ids.index(stays) if stays in ids else 0
            self.view.setCurrentIndex(self.view.model_.index(at))
        if not self._searches:
            # A short list that nobody searches needs no more room than its rows.
            self._frame.setFixedHeight(min(max(2, len(rows)), self._most) * _ROW + 10)
        self.view.setVisible(bool(rows))
        self._empty.say(empty)
        self._hollow.setVisible(not rows)
        self.told.say(told)


class _Frame(QWidget):
    """The border around the rows."""

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole
        rounded(brush_on(self), QRectF(self.rect()), 10, color(Token.PAGE), color(Token.LINE))
