"""A tree with boxes to tick and counts at the right; arrows move, Space ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from wizard.content.text import t
from wizard.flow.scope_choice import Tick
from wizard.ui.icons import paint_icon
from wizard.ui.paint import rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tips import plain_tip
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import ScrollBar

__all__ = ["BoxTree", "TreeItem", "paint_box"]

_ROW, _INDENT, _BOX, _CHEVRON = 26, 20, 16, 20
_EDGE, _GAP = 8, 8
_FEWEST_ROWS, _MOST_ROWS = 6, 10
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class TreeItem:
    """One row: its parent's id ('' or an unknown one for a root) and the number at the right."""

    id: str
    parent_id: str
    words: str
    number: int
    tip: str = ""


def paint_box(painter: QPainter, left: float, top: float, tick: Tick, *, enabled: bool) -> None:
    """A box of 16 pixels: empty, checked, or with a line for a part."""
    area = QRectF(left, top, _BOX, _BOX)
    if tick is Tick.OFF:
        line = color(Token.EDGE if enabled else Token.OFF_INK)
        rounded(painter, area, 4, color(Token.PAGE), line, 1.5)
        return
    rounded(painter, area, 4, color(Token.ACCENT if enabled else Token.OFF_INK))
    name = "check" if tick is Tick.ON else "minus"
    paint_icon(painter, name, color(Token.ON_ACCENT), left + 2, top + 2, 12, 2.2)


@dataclass(eq=False)
class _Node:
    """A row in its place."""

    item: TreeItem
    number: int
    parent: _Node | None = None
    place: int = 0
    children: list[_Node] = field(default_factory=list)


class _Model(QAbstractItemModel):
    """The items as Qt asks for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._roots: list[_Node] = []
        self._nodes: dict[str, _Node] = {}
        # Never used twice, so that an index of before leads nowhere and not to another row.
        self._numbered: dict[int, _Node] = {}
        self._next = 1
        self.ticks: Mapping[str, Tick] = {}

    def show_items(self, items: Sequence[TreeItem]) -> None:
        self.beginResetModel()
        self._nodes = {
            item.id: _Node(item=item, number=number)
            for number, item in enumerate(items, start=self._next)
        }
        self._next += len(items)
        self._numbered = {node.number: node for node in self._nodes.values()}
        self._roots = []
        for node in self._nodes.values():
            above = self._nodes.get(node.item.parent_id)
            siblings = self._roots if above is None else above.children
            node.parent = above
            node.place = len(siblings)
            siblings.append(node)
        self.endResetModel()

    def show_ticks(self, ticks: Mapping[str, Tick]) -> None:
        self.ticks = ticks
        for node in self._nodes.values():
            index = self._index_of(node)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])

    def index_of(self, item_id: str) -> QModelIndex:
        node = self._nodes.get(item_id)
        return self._index_of(node) if node is not None else QModelIndex()

    def node(self, index: Index) -> _Node | None:
        return self._numbered.get(index.internalId()) if index.isValid() else None

    def tick(self, node: _Node) -> Tick:
        return self.ticks.get(node.item.id, Tick.OFF)

    def _index_of(self, node: _Node) -> QModelIndex:
        return self.createIndex(node.place, 0, node.number)

    # Qt's own names

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - an empty index never changes
        above = self.node(parent)
        siblings = self._roots if above is None else above.children
        if column != 0 or not 0 <= row < len(siblings):
            return QModelIndex()
        return self._index_of(siblings[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject's parent() has no index
        node = self.node(index)
        if node is None or node.parent is None:
            return QModelIndex()
        return self._index_of(node.parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        node = self.node(parent)
        return len(self._roots if node is None else node.children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        del parent
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        del index
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return node.item.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(node.item.tip) or None
        if role == Qt.ItemDataRole.CheckStateRole:
            return _STATES[self.tick(node)]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(node.item, self.tick(node))
        return None


_STATES = {
    Tick.ON: Qt.CheckState.Checked,
    Tick.PART: Qt.CheckState.PartiallyChecked,
    Tick.OFF: Qt.CheckState.Unchecked,
}


def _spoken(item: TreeItem, tick: Tick) -> str:
    words = {
        Tick.ON: t("{name}, {count}, chosen"),
        Tick.PART: t("{name}, {count}, chosen in part"),
        Tick.OFF: t("{name}, {count}, not chosen"),
    }
    return words[tick].replace("{name}", item.words).replace("{count}", f"{item.number:,}")


class _Line(QStyledItemDelegate):
    """Draws a row: chevron, box, words, number."""

    def __init__(self, tree: BoxTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = self._tree.model_.node(index)
        if node is None:
            return
        tick = self._tree.model_.tick(node)
        area = QRect(option.rect)
        row = QRectF(0, area.top(), self._tree.viewport().width(), area.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index == self._tree.currentIndex() and self._tree.hasFocus():
            painter.fillRect(row, color(Token.ACCENT_SOFT))
        elif index == self._tree.hovered:
            painter.fillRect(row, color(Token.HOVER))
        left = float(area.left() + _EDGE)
        if node.children:
            name = "chevron-down" if self._tree.isExpanded(index) else "chevron-right"
            paint_icon(painter, name, color(Token.INK_2), left, row.center().y() - 6, 12, 2)
        left += _CHEVRON
        paint_box(painter, left, row.center().y() - _BOX / 2, tick, enabled=True)
        left += _BOX + _GAP
        self._words(painter, row, left, node, tick)
        painter.restore()

    def _words(self, painter: QPainter, row: QRectF, left: float, node: _Node, tick: Tick) -> None:
        face = font(Letters.SECOND)
        number = f"{node.item.number:,}"
        wide = QFontMetrics(face).horizontalAdvance(number)
        right = row.right() - 14 - wide
        painter.setFont(face)
        painter.setPen(color(Token.INK_3))
        painter.drawText(
            QRectF(right, row.top(), wide + 2, row.height()), Qt.AlignmentFlag.AlignVCenter, number
        )
        room = right - left - 12
        shown = QFontMetrics(face).elidedText(
            node.item.words, Qt.TextElideMode.ElideRight, int(room)
        )
        painter.setPen(color(Token.INK_3 if tick is Tick.OFF else Token.INK))
        painter.drawText(
            QRectF(left, row.top(), room, row.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )


class BoxTree(QTreeView):
    """The tree. `pressed_box` tells whose box a person pressed; what it means is the page's."""

    pressed_box = Signal(str)

    def __init__(self, words: str, *, name: str) -> None:
        super().__init__()
        self.model_ = _Model(self)
        self.hovered = QModelIndex()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setModel(self.model_)
        self.setItemDelegate(_Line(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setIndentation(_INDENT)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(ScrollBar())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(1, 4, 1, 4)
        self.entered.connect(self._hover)
        self.expanded.connect(self._fit)
        self.collapsed.connect(self._fit)

    def show_items(self, items: Sequence[TreeItem]) -> None:
        """Show these, with what stands below the roots opened."""
        self.hovered = QModelIndex()
        self.model_.show_items(items)
        roots = [self.model_.index(row, 0) for row in range(self.model_.rowCount())]
        for root in roots:
            self.expand(root)
        if roots:
            self.setCurrentIndex(roots[0])
        self._fit()

    def show_ticks(self, ticks: Mapping[str, Tick]) -> None:
        """Draw the boxes so."""
        self.model_.show_ticks(ticks)
        self.viewport().update()

    def _fit(self) -> None:
        """As high as the rows that are open, within limits."""
        rows, index = 0, self.model_.index(0, 0)
        while index.isValid() and rows < _MOST_ROWS:
            rows += 1
            index = self.indexBelow(index)
        self.setFixedHeight(max(_FEWEST_ROWS, rows) * _ROW + 8)

    def reveal(self, item_id: str) -> None:
        """Open what is above an item, so that it can be seen."""
        index = self.model_.index_of(item_id).parent()
        while index.isValid():
            self.expand(index)
            index = index.parent()

    def _hover(self, index: QModelIndex) -> None:
        self.hovered = index
        self.viewport().update()

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Nothing: the chevron is drawn with its row."""

    # -------------------------------------------------------- hands

    def _press(self, index: Index) -> None:
        node = self.model_.node(index)
        if node is not None:
            self.pressed_box.emit(node.item.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self._press(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        node = self.model_.node(index)
        if node is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self.setCurrentIndex(index)
        left = event.position().x() - self.visualRect(index).left() - _EDGE
        if node.children and left < _CHEVRON:
            self.setExpanded(index, not self.isExpanded(index))
            return
        self._press(index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QModelIndex())
