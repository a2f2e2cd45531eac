"""Keeps what a person is in the middle of with the answers, a moment after it changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from wizard.flow.answers import Answers
from wizard.ui.page import Page

__all__ = ["KeepSoon"]

_SOON_MS = 400
"""So much of what was typed may be lost where the program is killed."""


class KeepSoon(QObject):
    """Calls `change` with the answers soon after `soon`, once for everything that came till then.

    The answers are saved off this thread. What belongs to something that the page shows no more
    is the page's to tell: `change` then gives the answers back as they are.
    """

    def __init__(self, page: Page, change: Callable[[Answers], Answers]) -> None:
        super().__init__(page)
        self._page = page
        self._change = change
        self._due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON_MS)
        self._timer.timeout.connect(self.now)

    def soon(self) -> None:
        """Something changed."""
        self._due = True
        if not self._timer.isActive():
            self._timer.start()

    def now(self) -> None:
        """The page is left, or the window ends: keep at once what waits."""
        self._timer.stop()
        if self._due:
            self._due = False
            self._page.answer(self._change(self._page.answers))
