"""One frame that shows where the keyboard is, and only for those who use it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from shiboken6 import isValid

from wizard.ui.paint import brush_on
from wizard.ui.theme import color
from wizard.ui.tokens import Token

__all__ = ["FocusFrame"]

_MOVING_KEYS = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_F6,
    }
)
_PLACED = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Hide})
_REACH = 4


class FocusFrame(QWidget):
    """Lies over the whole window, draws around the focused part, and lets every click through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self._window = window
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._by_keyboard = False
        self.hide()
        window.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def watch_window(self) -> None:
        """Begin to listen to the window's own keys and clicks; after it was first shown."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVING_KEYS and not self._by_keyboard:
                self._by_keyboard = True
                self._place()
        elif kind == QEvent.Type.MouseButtonPress:
            self._by_keyboard = False
            self._place()
        elif kind in _PLACED and (watched in self._watched or watched is self._window):
            self._place()
        return False

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        for part in self._watched:
            # A sheet that was closed may be gone before the keyboard moves on.
            if isValid(part):
                part.removeEventFilter(self)
        inside = new is not None and self._window.isAncestorOf(new)
        self._target = new if inside else None
        self._watched = self._up_to_window(self._target)
        for part in self._watched:
            part.installEventFilter(self)
        if self._target is not None and self._by_keyboard:
            _show_in_scroll(self._target)
        self._place()

    def _up_to_window(self, part: QWidget | None) -> list[QWidget]:
        """The part and what it lies in: when a fold above it closes, only its parent moves."""
        found = []
        while part is not None and part is not self._window:
            found.append(part)
            part = part.parentWidget()
        return found

    def _place(self) -> None:
        target = self._target
        own = isinstance(target, (QLineEdit, QSpinBox, QComboBox, QAbstractItemView))
        if target is None or own or not self._by_keyboard or not target.isVisible():
            self.hide()
            return
        corner = target.mapTo(self._window, QPoint(0, 0))
        area = QRect(corner, target.size()).adjusted(-_REACH, -_REACH, _REACH, _REACH)
        self.setGeometry(area & self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # one frame
        painter = brush_on(self)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color(Token.ACCENT), 2))
        radius = 10.0
        target = self._target
        if isinstance(target, QAbstractButton) and target.height() > 40:
            radius = 13.0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


def _show_in_scroll(part: QWidget) -> None:
    """Scroll so that a part that got the keyboard can be seen."""
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(part, 12, 12)
            return
        above = above.parentWidget()
