"""A strip of numbers that add up; a cell may be pressed to filter by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from wizard.ui.density import Tightens
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token

__all__ = ["Count", "CountsStrip"]


@dataclass(frozen=True, kw_only=True)
class Count:
    """One number with its word; `warn` colors the icon where somebody must act."""

    key: str
    words: str
    number: int
    icon: str = ""
    warn: bool = False


class _Cell(QAbstractButton):
    """One number of the strip."""

    def __init__(self, count: Count, *, filters: bool) -> None:
        super().__init__()
        self.count = count
        self._filters = filters
        self._tight = False
        self.setObjectName(f"count-{count.key}")
        self.setCheckable(filters)
        if not filters:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_count(count)

    def show_count(self, count: Count) -> None:
        """Show another number."""
        self.count = count
        self.setEnabled(not self._filters or count.number > 0)
        self.setAccessibleName(f"{count.words}: {count.number:,}")
        self.update()

    def set_tight(self, *, tight: bool) -> None:
        self._tight = tight
        self.updateGeometry()

    def fits(self, *, with_icon: bool) -> bool:
        """Whether the word has room, with its icon before it or alone."""
        wide = QFontMetrics(font(Letters.CAPTION, 600)).horizontalAdvance(self.count.words)
        lead = 20 if with_icon and self.count.icon else 0
        return wide + lead + self._pad + 6 <= self.width()

    def has_icon(self) -> bool:
        """Whether the icon is drawn: all cells have theirs, or none, as if one meant something."""
        parent = self.parentWidget()
        cells = parent.cells if isinstance(parent, CountsStrip) else [self]
        return bool(self.count.icon) and all(cell.fits(with_icon=True) for cell in cells)

    @property
    def _pad(self) -> int:
        return 16 if self.width() >= 110 else 10

    def is_cut(self) -> bool:
        """Whether word or number do not fit."""
        number = QFontMetrics(font(Letters.COUNT)).horizontalAdvance(f"{self.count.number:,}")
        return not self.fits(with_icon=self.has_icon()) or number + self._pad > self.width()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(font(Letters.CAPTION, 600)).horizontalAdvance(self.count.words)
        return QSize(wide + 26, 53 if self._tight else 65)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        on = self.isChecked()
        quiet = self._filters and not self.isEnabled()
        if on:
            painter.fillRect(self.rect(), color(Token.ACCENT_SOFT))
            line = QRectF(0, self.height() - 2, self.width(), 2)
            painter.fillRect(line, color(Token.ACCENT))
        elif self._filters and self.underMouse() and not quiet:
            painter.fillRect(self.rect(), color(Token.HOVER))
        label = color(Token.ACCENT_INK if on else (Token.OFF_INK if quiet else Token.INK_2))
        figure: QColor = color(Token.OFF_INK if quiet else Token.INK)
        left, top = float(self._pad), 6.0 if self._tight else 11.0
        at = left
        if self.has_icon():
            tint = color(Token.WARN) if self.count.warn and self.count.number else label
            paint_icon(painter, self.count.icon, tint, at, top + 1, 14)
            at += 20
        painter.setPen(label)
        painter.setFont(font(Letters.CAPTION, 600 if on else 400))
        area = QRectF(at, top, self.width() - at, 16)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.count.words)
        painter.setPen(figure)
        painter.setFont(font(Letters.COUNT))
        below = QRectF(left, top + 16, self.width() - left, 26)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, f"{self.count.number:,}")


class CountsStrip(QWidget, Tightens):
    """Cells of one width. `filtered` tells the key of the pressed cell, '' for all."""

    filtered = Signal(str)

    def __init__(self, *, filters: bool = False) -> None:
        super().__init__()
        self.setObjectName("counts")
        self._filters = filters
        self.cells: list[_Cell] = []
        """From left to right."""
        self._tight = False
        self._row = row(gap=1, margins=(1, 1, 1, 1), inside=self)

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show these numbers; a pressed cell stays pressed while its key is there."""
        if [cell.count.key for cell in self.cells] != [count.key for count in counts]:
            self._make(counts)
        for cell, count in zip(self.cells, counts, strict=True):
            if cell.count != count:
                cell.show_count(count)

    def _make(self, counts: Sequence[Count]) -> None:
        for cell in self.cells:
            self._row.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self.cells = [_Cell(count, filters=self._filters) for count in counts]
        for cell in self.cells:
            cell.set_tight(tight=self._tight)
            cell.clicked.connect(lambda _on, cell=cell: self._pressed(cell))
            self._row.addWidget(cell, 1)

    @property
    def chosen(self) -> str:
        """The key of the pressed cell, or ''."""
        return next((cell.count.key for cell in self.cells if cell.isChecked()), "")

    def choose(self, key: str) -> None:
        """Press the cell with this key, or none; tells nobody."""
        for cell in self.cells:
            cell.setChecked(cell.count.key == key)

    def _pressed(self, pressed: _Cell) -> None:
        for cell in self.cells:
            if cell is not pressed:
                cell.setChecked(False)
        self.filtered.emit(self.chosen)

    def set_tight(self, tight: bool) -> None:
        self._tight = tight
        for cell in self.cells:
            cell.set_tight(tight=tight)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole
        painter = brush_on(self)
        area = QRectF(self.rect())
        rounded(painter, area, 10, color(Token.PAGE))
        path = QPainterPath()
        path.addRoundedRect(area, 10, 10)
        painter.setClipPath(path)
        line = color(Token.LINE)
        for cell in self.cells[1:]:
            painter.fillRect(QRectF(cell.x() - 1, 0, 1, self.height()), line)
        painter.setClipping(False)
        rounded(painter, area, 10, None, line)
