"""Surfaces: the bordered box with rows, the note, and the scrolling body of a page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.text import Text

__all__ = ["Body", "Box", "Icon", "Note", "ScrollBar"]


class Icon(QWidget):
    """An icon alone, beside words that say the same."""

    def __init__(
        self, name: str, token: Token, size: int = 16, *, stroke: float = 1.5, drop: int = 0
    ) -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._size = size
        self._stroke = stroke
        self._drop = drop
        self.setFixedSize(size, size + drop)

    def show_icon(self, name: str, token: Token) -> None:
        """Show another one."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        tint = color(self._token)
        paint_icon(painter, self._name, tint, 0, self._drop, self._size, self._stroke)


class Box(QFrame):
    """One border, rows parted by lines, a soft fill behind a row that needs one."""

    def __init__(
        self, line: Token = Token.LINE, fill: Token = Token.PAGE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._line = line
        self._fill = fill
        self._rows: list[tuple[QWidget, Token | None, bool]] = []
        self._layout: QVBoxLayout = column(margins=(1, 1, 1, 1), gap=1, inside=self)

    def add(self, part: QWidget, fill: Token | None = None, *, ruled: bool = True) -> None:
        """Add a row; `ruled`: a line above it unless it is the first."""
        self._rows.append((part, fill, ruled))
        self._layout.addWidget(part)

    def empty(self) -> None:
        """Take all rows out."""
        for part, _, _ in self._rows:
            self._layout.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._rows.clear()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole: a row may have changed its height
        painter = brush_on(self)
        area = QRectF(self.rect())
        rounded(painter, area, 10, color(self._fill))
        path = QPainterPath()
        path.addRoundedRect(area, 10, 10)
        painter.setClipPath(path)
        seen = False
        for part, fill, ruled in self._rows:
            if part.isHidden():
                continue
            place = part.geometry()
            if fill is not None:
                painter.fillRect(QRectF(place).adjusted(-1, -1, 1, 0), color(fill))
            if seen and ruled:
                painter.fillRect(QRectF(0, place.top() - 1, self.width(), 1), color(self._line))
            seen = True
        painter.setClipping(False)
        rounded(painter, area, 10, None, color(self._line))


class Note(QFrame):
    """A sentence or two that matter, with an icon; `warn` where somebody must act.

    `below` is room to what follows, which goes when the note goes. `action` stands at the right,
    or with `under` below the words, where they are long.
    """

    def __init__(
        self,
        words: str,
        *,
        icon: str = "info",
        warn: bool = False,
        action: QWidget | None = None,
        size: int = 16,
        tight: bool = False,
        below: int = 0,
        under: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._warn = warn
        self.text = Text(words, Letters.PROSE, Token.INK_2, strong_token=Token.INK)
        tint = Token.WARN if warn else Token.ACCENT_INK
        self._icon = Icon(icon, tint, size, drop=1)
        top = 11 if tight else 13
        side = 15 if tight else 17
        self._below = below
        margins = (side, top, side, top + below)
        layout = row(self._icon, gap=12, margins=margins, inside=self)
        layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        if action is not None and under:
            layout.addLayout(column(self.text, 8, row(action, None)), 1)
            return
        if action is None:
            layout.addWidget(self.text, 1)
            return
        # One line of words stands level with its icon, however high the button beside it is.
        layout.removeWidget(self._icon)
        told = row(self._icon, gap=12)
        told.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self.text, 1)
        layout.addLayout(column(None, told, None), 1)
        layout.addWidget(action)
        layout.setAlignment(action, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole: the height follows the words
        fill = Token.WARN_SOFT if self._warn else Token.SUBTLE
        line = Token.WARN_LINE if self._warn else Token.LINE
        area = QRectF(self.rect()).adjusted(0, 0, 0, -self._below)
        rounded(brush_on(self), area, 10, color(fill), color(line))


class ScrollBar(QScrollBar):
    """A bar of 10 pixels whose room is always kept, drawn only where there is more to see."""

    def __init__(self, orientation: Qt.Orientation = Qt.Orientation.Vertical) -> None:
        super().__init__(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(10, 60) if self.orientation() is Qt.Orientation.Vertical else QSize(60, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        span = self.maximum() - self.minimum()
        if span <= 0:
            return
        upright = self.orientation() is Qt.Orientation.Vertical
        room = float(self.height() if upright else self.width())
        length = max(24.0, room * self.pageStep() / (span + self.pageStep()))
        start = (room - length) * (self.sliderPosition() - self.minimum()) / span
        area = QRectF(2, start + 2, 6, length - 4) if upright else QRectF(start + 2, 2, length, 6)
        tint = Token.EDGE if self.isSliderDown() or self.underMouse() else Token.LINE_2
        rounded(brush_on(self), area, 3, color(tint))


class Body(QScrollArea):
    """The part of a page that scrolls; the gutter of its bar is always kept.

    Qt tells assistive technology of an area's own bar as long as it is shown, and reads past the
    end of its list when it is asked for the bar a moment after a page was turned. So the area's
    bar is never shown, and another one is drawn in its place.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        own = self.verticalScrollBar()
        self._bar = ScrollBar()
        self._bar.setParent(self)
        self._gutter = self._bar.sizeHint().width()
        self.setViewportMargins(0, 0, self._gutter, 0)
        own.rangeChanged.connect(self._ranged)
        own.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(own.setValue)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.setGeometry(self.width() - self._gutter, 0, self._gutter, self.height())
        self._match()

    def _ranged(self, least: int, most: int) -> None:
        del least, most  # asked for below, with what no signal tells
        self._match()

    def _match(self) -> None:
        """Let the bar that is drawn tell what the area's own would tell."""
        own = self.verticalScrollBar()
        self._bar.setPageStep(own.pageStep())
        self._bar.setSingleStep(own.singleStep())
        self._bar.setRange(own.minimum(), own.maximum())
        self._bar.setValue(own.value())
