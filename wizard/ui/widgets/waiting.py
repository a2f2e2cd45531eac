"""The card that waits for the person's browser: what is open, where, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract import BrowserWaiting
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, theme
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Icon
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.spinner import Bar
from wizard.ui.widgets.text import Elide, Text

__all__ = ["BrowserCard"]

_LOOP_MS = 1200
_DOT_MS = 400
_SECOND_MS = 1000


class _Drawing(QWidget):
    """This window and a browser page, with three dots on their way between them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(104)
        self._lit = 1
        self._timer = QTimer(self)
        self._timer.setInterval(_DOT_MS)
        self._timer.timeout.connect(self._next)

    def _next(self) -> None:
        self._lit = (self._lit + 1) % (_LOOP_MS // _DOT_MS)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if theme().moves:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        painter.translate((self.width() - 518) / 2, 0)
        _paint_window(painter)
        _paint_browser(painter)
        painter.setPen(QPen(color(Token.ACCENT), 1.5))
        painter.drawLine(QPointF(196, 55), QPointF(216, 55))
        painter.drawLine(QPointF(286, 55), QPointF(306, 55))
        painter.setPen(Qt.PenStyle.NoPen)
        for number, left in enumerate((235.0, 251.0, 267.0)):
            lit = number == self._lit
            painter.setBrush(color(Token.ACCENT if lit else Token.ACCENT_LINE))
            size = 3.5 if lit else 2.5
            painter.drawEllipse(QPointF(left, 55), size, size)


def _dot(painter: QPainter, left: float, top: float, tint: Token) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(tint))
    painter.drawEllipse(QPointF(left, top), 1.25, 1.25)


def _paint_window(painter: QPainter) -> None:
    edge = color(Token.EDGE)
    rounded(painter, QRectF(83.25, 21.25, 105.5, 67.5), 7, color(Token.PAGE), edge, 1.5)
    painter.setPen(QPen(edge, 1.5))
    painter.drawLine(QPointF(84, 36), QPointF(188, 36))
    painter.setPen(QPen(color(Token.LINE_2), 1.5))
    for start, end in (((98, 37), (98, 88)), ((112, 50), (156, 50)), ((112, 60), (172, 60))):
        painter.drawLine(QPointF(*start), QPointF(*end))
    painter.drawLine(QPointF(112, 70), QPointF(144, 70))
    for left in (92, 98, 104):
        _dot(painter, left, 29, Token.EDGE)


def _paint_browser(painter: QPainter) -> None:
    accent = color(Token.ACCENT)
    rounded(painter, QRectF(313.25, 13.25, 121.5, 77.5), 7, color(Token.PAGE), accent, 1.5)
    painter.setPen(QPen(accent, 1.5))
    painter.drawLine(QPointF(314, 30), QPointF(434, 30))
    rounded(painter, QRectF(336, 19, 76, 6), 3, color(Token.ACCENT_SOFT))
    _dot(painter, 322, 22, Token.ACCENT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(accent, 1.5))
    painter.drawEllipse(QPointF(374, 48), 6.5, 6.5)
    painter.drawArc(QRectF(362, 57, 24, 20), 12 * 16, 156 * 16)
    rounded(painter, QRectF(352, 74, 44, 8), 4, accent)


class BrowserCard(Box):
    """Shown while the browser has the turn; the person may open it again, copy, or cancel."""

    again = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("browser-waiting")
        self._waiting: BrowserWaiting | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self._tick)
        self.add(_Drawing(), Token.SUBTLE)
        self._title = Text("", Letters.PANEL, wrap=False, elide=Elide.RIGHT)
        self._left = Text("", Letters.SECOND, Token.INK_2, wrap=False)
        self._left.setObjectName("time-left")
        self._bar = Bar(t("Time left"), thin=True)
        self._host = Text(
            "", Letters.SECOND, Token.INK_2, wrap=False, elide=Elide.RIGHT, strong=500
        )
        self._host.setObjectName("browser-host")
        again = Button(t("Open the page again"), icon="outside", name="browser-again")
        again.clicked.connect(self._open_again)
        self._copy = Button(t("Copy the link"), icon="copy", name="browser-copy")
        self._copy.clicked.connect(self._copy_link)
        cancel = Button(t("Cancel"), Kind.GHOST, flush="right", name="browser-cancel")
        cancel.clicked.connect(self.cancelled)
        head = row()
        head.addWidget(self._title, 1)
        head.addWidget(self._left)
        place = row(Icon("lock", Token.INK_2, 14), gap=6)
        place.addWidget(self._host, 1)
        below = QWidget()
        buttons = row(again, self._copy, None, cancel, gap=8)
        column(head, 10, self._bar, 12, place, 16, buttons, margins=(16, 16, 16, 16), inside=below)
        self.add(below)
        self.hide()

    @property
    def link(self) -> str:
        """The address that the browser was given, or ''."""
        return self._waiting.url if self._waiting is not None else ""

    def show_waiting(self, waiting: BrowserWaiting) -> None:
        """The browser has this page now."""
        self._waiting = waiting
        self._title.say(
            t("Waiting for your browser") if waiting.opened else t("Open this link in your browser")
        )
        self._host.say(t("The page is at **{host}**", host=waiting.host))
        self._copy.say(t("Copy the link"))
        self._tick()
        self._timer.start()
        self.show()

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._waiting = None
        self._timer.stop()
        self.hide()

    def _tick(self) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        gone = (datetime.now(UTC) - waiting.started_at).total_seconds()
        left = max(0.0, waiting.seconds - gone)
        minutes, seconds = divmod(round(left), 60)
        self._left.say(t("{minutes}:{seconds} left", minutes=minutes, seconds=f"{seconds:02}"))
        self._bar.show_part(left / waiting.seconds if waiting.seconds else 0)

    def _open_again(self) -> None:
        if self._waiting is not None:
            self.again.emit(self._waiting.url)

    def _copy_link(self) -> None:
        if self._waiting is not None:
            QGuiApplication.clipboard().setText(self._waiting.url)
            self._copy.say(t("Copied"))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._waiting is not None:
            self._timer.start()
