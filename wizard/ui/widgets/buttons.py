"""Buttons: one look for each weight, busy with a spinner in the same width."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font, theme
from wizard.ui.tips import plain_tip
from wizard.ui.tokens import Token
from wizard.ui.widgets.spinner import paint_spinner

__all__ = ["Button", "IconButton", "Kind"]

_TURN_MS = 40


class Kind(StrEnum):
    """How heavy a button is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    GHOST = "ghost"
    BACK = "back"


_FILLS: dict[Kind, tuple[Token | None, Token, Token]] = {
    Kind.PRIMARY: (Token.ACCENT, Token.ACCENT_HOVER, Token.ACCENT_PRESS),
    Kind.SECONDARY: (Token.PAGE, Token.HOVER, Token.LINE),
    Kind.DANGER: (Token.BAD_FILL, Token.BAD_FILL_HOVER, Token.BAD_FILL_PRESS),
    Kind.GHOST: (None, Token.HOVER, Token.LINE),
    Kind.BACK: (None, Token.HOVER, Token.LINE),
}
_INKS: dict[Kind, Token] = {
    Kind.PRIMARY: Token.ON_ACCENT,
    Kind.SECONDARY: Token.INK,
    Kind.DANGER: Token.ON_BAD,
    Kind.GHOST: Token.ACCENT_INK,
    Kind.BACK: Token.INK_2,
}


class Button(QPushButton):
    """A push button. `name` is its object name; Enter presses it as Space does.

    `flush` ("left" or "right") lines a ghost's words up with that edge of its column.
    """

    def __init__(
        self,
        words: str,
        kind: Kind = Kind.SECONDARY,
        *,
        icon: str = "",
        small: bool = False,
        flush: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._icon = icon
        self._small = small
        self._flush = flush
        self._busy = ""
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn)
        self.setObjectName(name)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.say(words, icon)

    def say(self, words: str, icon: str | None = None) -> None:
        """Show other words, and another icon where one is given."""
        if icon is not None:
            self._icon = icon
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """What stands on the button."""
        return self._busy or self.text().replace("&&", "&")

    def set_busy(self, words: str) -> None:
        """Show that its work is under way ('': no longer); the width stays, presses do nothing."""
        if words == self._busy:
            return
        if words:
            wide = max(self.sizeHint().width(), self._width_for(words, spinner=True))
            self.setMinimumWidth(wide)
        else:
            self.setMinimumWidth(0)
        self._busy = words
        self.setAccessibleName(self.words)
        self._watch_spinner()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether its work is under way."""
        return bool(self._busy)

    def _watch_spinner(self) -> None:
        if self._busy and self.isVisible() and theme().moves:
            self._timer.start()
        else:
            self._timer.stop()

    def _turn(self) -> None:
        self._angle = (self._angle + 15) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch_spinner()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch_spinner()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat() and not self._busy:
                self.click()
            return
        if not self._busy:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._busy:
            super().mousePressEvent(event)

    # -------------------------------------------------------- measures

    @property
    def _letters(self) -> Letters:
        return Letters.SECOND_MEDIUM if self._small else Letters.BODY_MEDIUM

    @property
    def _weight(self) -> int:
        return 600 if self.kind in {Kind.PRIMARY, Kind.DANGER} else 500

    @property
    def _icon_size(self) -> int:
        return 14 if self._small else 16

    @property
    def _gap(self) -> int:
        if self.kind is Kind.BACK:
            return 4 if self._icon == "chevron-left" else 8
        return 6 if self._small else 8

    @property
    def _pads(self) -> tuple[int, int]:
        """Room left and right of the content; ghosts and Back line up with the text column."""
        if self.kind is Kind.BACK:
            return (10 if self._icon == "chevron-left" else 14), 10
        if self.kind is Kind.GHOST:
            pad = 6 if self._small else 10
            return (0 if self._flush == "left" else pad), (0 if self._flush == "right" else pad)
        pad = 10 if self._small else 16
        return pad, pad

    @property
    def overhang(self) -> int:
        """How far the button reaches beyond its words, for lining it up."""
        return self._pads[0] if self.kind in {Kind.GHOST, Kind.BACK} else 0

    def _width_for(self, words: str, *, spinner: bool = False) -> int:
        width = QFontMetrics(font(self._letters, self._weight)).horizontalAdvance(words) + 2
        left, right = self._pads
        if spinner:
            width += 14 + self._gap
        elif self._icon:
            width += self._icon_size + self._gap
        return width + left + right

    def sizeHint(self) -> QSize:
        width = self._width_for(self.text().replace("&&", "&"))
        if self.kind is Kind.PRIMARY and not self._small:
            width = max(120, width)
        return QSize(width, 28 if self._small else 36)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self._width_for(self.words, spinner=self.busy) > self.width() + 2

    # -------------------------------------------------------- drawing

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Fill, line and ink for the state of now."""
        plain = self.kind in {Kind.GHOST, Kind.BACK}
        if not self.isEnabled() or self._busy:
            off = None if plain else color(Token.OFF)
            return off, None, color(Token.OFF_INK)
        rest, hover, press = _FILLS[self.kind]
        fill = rest
        if self.isDown():
            fill = press
        elif self.underMouse():
            fill = hover
        line = color(Token.LINE_2) if self.kind is Kind.SECONDARY else None
        return (color(fill) if fill else None), line, color(_INKS[self.kind])

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        fill, line, ink = self._colors()
        rounded(painter, QRectF(self.rect()), 6 if self._small else 8, fill, line)
        letters = font(self._letters, self._weight)
        words = self.words
        extra = 14 if self._busy else (self._icon_size if self._icon else 0)
        gap = self._gap if extra else 0
        wide = QFontMetrics(letters).horizontalAdvance(words)
        left = (self.width() - wide - extra - gap) / 2
        if self.kind is Kind.BACK or self._flush:
            left = float(self._pads[0])
        top = (self.height() - (extra or 16)) / 2
        if self._busy:
            paint_spinner(painter, left, top, self._angle, Token.OFF_INK)
        elif self._icon:
            paint_icon(painter, self._icon, ink, left, top, self._icon_size)
        painter.setFont(letters)
        painter.setPen(ink)
        area = QRectF(left + extra + gap, 0, wide + 4, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


class IconButton(QPushButton):
    """A square button of 28 pixels with an icon alone; `words` name it and are its tool tip."""

    def __init__(
        self, icon: str, words: str, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setObjectName(name)
        self.setAutoDefault(False)
        self.setFixedSize(28, 28)
        self.say(words)

    def say(self, words: str) -> None:
        """Name it differently."""
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        fill: QColor | None = None
        if self.isDown():
            fill = color(Token.LINE)
        elif self.underMouse():
            fill = color(Token.HOVER)
        rounded(painter, QRectF(self.rect()), 6, fill)
        paint_icon(painter, self._icon, color(Token.INK_2), 6, 6)
