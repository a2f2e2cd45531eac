"""What is shown while the window closes: work is stopped first, and that may take a moment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Text

__all__ = ["Leaving"]

_QUIET_MS = 250
"""A close that is quicker than this shows nothing."""


class Leaving(QWidget):
    """Lies over the whole window and takes every click until the program ends."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("leaving")
        title = Text(t("Closing …"), Letters.PANEL, wrap=False)
        words = Text(
            t("What was begun is brought to a safe point. Nothing is lost."),
            Letters.SECOND,
            Token.INK_2,
            wrap=False,
        )
        bar = Bar(t("Closing"), thin=True)
        bar.show_part(0, BarState.WAITING)
        middle = column(None, title, 6, words, 16, bar, None)
        line = row(None, inside=self)
        line.addLayout(middle)
        line.addStretch(1)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._appear)
        self._later.start(_QUIET_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def _appear(self) -> None:
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cover everything."""
        del event  # a plain surface
        QPainter(self).fillRect(self.rect(), color(Token.PAGE))
