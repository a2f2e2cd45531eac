"""The icon in the system tray: how the sync is, and what one may ask of it without the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from wizard.content.text import t
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.ui.background_words import background_words, tomorrow_morning, until_words
from wizard.ui.icons import paint_icon
from wizard.ui.paint import rounded
from wizard.ui.rail import paint_brand
from wizard.ui.theme import color
from wizard.ui.tokens import Token

__all__ = ["Tray", "program_icon", "tray_icon"]

_SIZES = (16, 22, 24, 32, 48, 64)
_GRID = 28.0
"""The mark's own size, which every other one is scaled from."""

_CALL = "call"
_BADGES: dict[SchedulerState, tuple[str, Token]] = {
    SchedulerState.RUNNING: ("again", Token.ACCENT),
    SchedulerState.PAUSED: ("pause", Token.INK_3),
    SchedulerState.OFF: ("minus", Token.INK_3),
    SchedulerState.STOPPED: ("minus", Token.INK_3),
    SchedulerState.OFFLINE: ("clock", Token.WARN),
    SchedulerState.NEEDS_PERSON: (_CALL, Token.BAD_FILL),
}
"""A shape for each state that is not the normal one, so that no color has to tell it."""


def _drawn(size: int, badge: tuple[str, Token] | None) -> QPixmap:
    pixels = QPixmap(size, size)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / _GRID, size / _GRID)
    paint_brand(painter)
    if badge is not None:
        name, token = badge
        rounded(painter, QRectF(11, 11, 17, 17), 8.5, color(Token.PAGE))
        rounded(painter, QRectF(12, 12, 15, 15), 7.5, color(token))
        if name == _CALL:
            _paint_call(painter)
        else:
            # An icon is drawn for the size that it has: scaled, it would be blurred.
            scale = size / _GRID
            painter.resetTransform()
            inner = max(6, round(10 * scale))
            place = 19.5 * scale - inner / 2
            paint_icon(painter, name, color(Token.ON_BAD), place, place, inner, inner * 0.15)
    painter.end()
    return pixels


def _paint_call(painter: QPainter) -> None:
    """An exclamation mark in the middle of the badge."""
    rounded(painter, QRectF(18.4, 14.5, 2.2, 6.2), 1.1, color(Token.ON_BAD))
    rounded(painter, QRectF(18.3, 22.0, 2.4, 2.4), 1.2, color(Token.ON_BAD))


def _icon(badge: tuple[str, Token] | None) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_drawn(size, badge))
    return made


def program_icon() -> QIcon:
    """The program's mark, for windows and task bars."""
    return _icon(None)


def tray_icon(view: SchedulerView) -> QIcon:
    """The mark with the shape of how the sync is."""
    badge = _BADGES.get(view.state)
    if badge is None and view.overdue:
        badge = _BADGES[SchedulerState.NEEDS_PERSON]
    return _icon(badge)


class Tray(QObject):
    """Shown while something runs in the background; on a desktop without a tray it waits for one.

    `paused` carries when the pause is to end, None for never.
    """

    opened = Signal()
    sync_now = Signal()
    paused = Signal(object)
    resumed = Signal()
    quit_wanted = Signal()

    def __init__(
        self, parent: QObject | None = None, *, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now or (lambda: datetime.now(UTC))
        self._icon: QSystemTrayIcon | None = None
        self._drawn: tuple[SchedulerState, bool] | None = None
        self.menu = QMenu()
        self._state = self._add("", "tray-state", None)
        self._state.setEnabled(False)
        self.menu.addSeparator()
        self._add(t("Open"), "tray-open", self.opened.emit)
        self._sync = self._add(t("Sync now"), "tray-sync", self.sync_now.emit)
        self._pauses = self.menu.addMenu(t("Pause"))
        for words, name, until in (
            (t("For an hour"), "tray-pause-hour", lambda: self._now() + timedelta(hours=1)),
            (
                t("Until tomorrow morning"),
                "tray-pause-tomorrow",
                lambda: tomorrow_morning(self._now()),
            ),
            (t("Until I go on"), "tray-pause", lambda: None),
        ):
            action = self._pauses.addAction(words)
            action.setObjectName(name)
            action.triggered.connect(lambda _on, until=until: self.paused.emit(until()))
        self._resume = self._add(t("Go on"), "tray-resume", self.resumed.emit)
        self.menu.addSeparator()
        self._add(t("Quit, and stop the sync"), "tray-quit", self.quit_wanted.emit)

    def _add(self, words: str, name: str, press: Callable[[], None] | None) -> QAction:
        action = self.menu.addAction(words)
        action.setObjectName(name)
        if press is not None:
            action.triggered.connect(lambda _on: press())
        return action

    @property
    def there(self) -> bool:
        """Whether the desktop has a tray and the program is in it."""
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    def show_view(self, view: SchedulerView) -> None:
        """Show this in icon, tooltip and menu; the icon appears as soon as there is a tray."""
        words = background_words(view, self._now())
        if self._icon is None:
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self.menu)
            self._icon.activated.connect(self._pressed)
            self._icon.messageClicked.connect(self.opened)
        if self._drawn != (view.state, view.overdue):
            self._drawn = (view.state, view.overdue)
            self._icon.setIcon(tray_icon(view))
        if words != self._state.text():
            name = QApplication.applicationName()
            self._icon.setToolTip(t("{program}: {state}", program=name, state=words))
        if not self._icon.isVisible():
            self._icon.show()
        paused = view.state is SchedulerState.PAUSED
        self._state.setText(words)
        self._sync.setEnabled(view.state is not SchedulerState.RUNNING)
        # Where nothing goes on there is nothing to pause.
        self._pauses.menuAction().setVisible(
            not paused and view.state is not SchedulerState.STOPPED
        )
        self._resume.setVisible(paused)
        until = until_words(view.paused_until, self._now())
        timed = paused and not view.stands_for
        self._resume.setText(t("Go on (paused {until})", until=until) if timed else t("Go on"))

    def tell(self, title: str, words: str) -> bool:
        """Show a message beside the tray; False where the desktop shows none."""
        if self._icon is None or not self.there or not QSystemTrayIcon.supportsMessages():
            return False
        self._icon.showMessage(title, words, QSystemTrayIcon.MessageIcon.Warning)
        return True

    def close(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
        self.menu.close()
        self.menu.deleteLater()

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        }:
            self.opened.emit()
