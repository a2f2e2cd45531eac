"""One choice of a few, side by side: each segment has its word and how many it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token

__all__ = ["Segment", "Segments"]

_HEIGHT, _PAD, _GAP = 30, 10, 6


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One choice; without a number only its word is shown."""

    key: str
    words: str
    number: int | None = None

    @property
    def shown(self) -> str:
        """What stands on it."""
        return self.words if self.number is None else f"{self.words} {self.number:,}"


class _Part(QAbstractButton):
    """One segment."""

    def __init__(self, owner: Segments, segment: Segment) -> None:
        super().__init__(owner)
        self._owner = owner
        self.segment = segment
        self.setCheckable(True)
        self.setObjectName(f"{owner.objectName()}-{segment.key}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_segment(segment)

    def show_segment(self, segment: Segment) -> None:
        """Show another number."""
        self.segment = segment
        self.setText(segment.shown)
        self.setAccessibleName(segment.shown)
        self.update()

    def natural_width(self) -> int:
        """As wide as its words in the heavier weight, so that choosing moves nothing."""
        wide = QFontMetrics(font(Letters.SECOND_STRONG)).horizontalAdvance(self.text())
        return wide + 2 * _PAD + 2

    def sizeHint(self) -> QSize:
        return QSize(self.natural_width(), _HEIGHT)

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.natural_width() - 2 * _PAD > self.width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self._owner.step(self, steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        on = self.isChecked()
        fill = Token.ACCENT_SOFT if on else Token.HOVER if self.underMouse() else Token.PAGE
        # The whole row's box, of which this is a part: only its outer corners are round.
        row = self._owner.row_of(self)
        rounded(painter, row, 8, color(fill), color(Token.LINE_2))
        if row.left() < 0:
            painter.fillRect(QRectF(0, 1, 1, self.height() - 2), color(Token.LINE_2))
        painter.setPen(color(Token.ACCENT_INK if on else Token.INK))
        painter.setFont(font(Letters.SECOND_STRONG if on else Letters.SECOND))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Segments(QWidget):
    """Segments in a row, in two or more where the room is narrow. `chosen` tells the key."""

    chosen = Signal(str)

    def __init__(self, words: str, *, name: str, stretch: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._stretch = stretch
        self._parts: list[_Part] = []
        self._rows: list[list[_Part]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show these; the chosen one stays chosen while it is there, else the first is."""
        key = self.key
        if [part.segment.key for part in self._parts] != [one.key for one in segments]:
            for part in self._parts:
                part.hide()
                part.deleteLater()
            self._parts = [_Part(self, one) for one in segments]
            for part in self._parts:
                part.clicked.connect(lambda _on, part=part: self._pressed(part))
                part.show()
        for part, segment in zip(self._parts, segments, strict=True):
            part.show_segment(segment)
        keys = [one.key for one in segments]
        self.choose(key if key in keys else keys[0] if keys else "")
        self._arrange()
        self.updateGeometry()

    def stand_between(self, before: QWidget, after: QWidget) -> None:
        """Where the keyboard finds the segments, which were made later than their neighbors."""
        chain = [before, *self._parts, after]
        for one, next_one in pairwise(chain):
            QWidget.setTabOrder(one, next_one)

    @property
    def key(self) -> str:
        """The chosen one's key, or ''."""
        return next((part.segment.key for part in self._parts if part.isChecked()), "")

    def number_of(self, key: str) -> int | None:
        """How many a segment stands for; None for one that isn't there."""
        return next((part.segment.number for part in self._parts if part.segment.key == key), None)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What is offered, in order."""
        return tuple(part.segment for part in self._parts)

    def choose(self, key: str) -> None:
        """Choose without telling."""
        for part in self._parts:
            on = part.segment.key == key
            part.setChecked(on)
            # One stop for the keyboard: the arrows go from one to the next.
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
        self.update()

    def step(self, part: QWidget, by: int) -> None:
        """Go to the neighbor with the keyboard, and choose it."""
        places = [number for number, one in enumerate(self._parts) if one is part]
        if places:
            other = self._parts[(places[0] + by) % len(self._parts)]
            other.setFocus(Qt.FocusReason.TabFocusReason)
            other.click()

    def _pressed(self, pressed: _Part) -> None:
        self.choose(pressed.segment.key)
        self.chosen.emit(pressed.segment.key)

    # -------------------------------------------------------- places

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = len(self._broken(width))
        return max(1, rows) * _HEIGHT + max(0, rows - 1) * _GAP

    def sizeHint(self) -> QSize:
        return QSize(sum(part.natural_width() for part in self._parts), self.heightForWidth(9999))

    def minimumSizeHint(self) -> QSize:
        widest = max((part.natural_width() for part in self._parts), default=0)
        return QSize(widest, _HEIGHT)

    def _broken(self, width: int) -> list[list[_Part]]:
        rows: list[list[_Part]] = []
        left = 0
        for part in self._parts:
            wide = part.natural_width()
            if not rows or wide > left:
                rows.append([])
                left = width
            rows[-1].append(part)
            left -= wide
        return rows

    def _arrange(self) -> None:
        self._rows = self._broken(self.width())
        for number, parts in enumerate(self._rows):
            at = 0
            spare = self.width() - sum(part.natural_width() for part in parts)
            for place, part in enumerate(parts):
                wide = part.natural_width()
                if self._stretch:
                    wide += spare // len(parts)
                    wide = self.width() - at if place == len(parts) - 1 else wide
                part.setGeometry(at, number * (_HEIGHT + _GAP), wide, _HEIGHT)
                at += wide
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def row_of(self, part: QWidget) -> QRectF:
        """The box of the row that a segment stands in, as seen from the segment."""
        for parts in self._rows:
            if part in parts:
                left, right = parts[0].x(), parts[-1].geometry().right() + 1
                return QRectF(left - part.x(), 0, right - left, _HEIGHT)
        return QRectF(part.rect())
