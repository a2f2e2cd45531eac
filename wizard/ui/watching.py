"""Looks again every few seconds while something is shown, and tells how old the last look is."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from wizard.content.text import t, tn

__all__ = ["Watch", "checked_words"]

_TICK_MS = 1000
_EVERY = 5.0
"""Seconds between two looks while something may happen at any moment."""
_CALMER = ((120.0, 5.0), (900.0, 15.0), (3600.0, 30.0))
"""For how many seconds nothing happened, and the seconds between two looks until then."""
_LONGEST = 60.0
"""Seconds between two looks after a long quiet time, or after several that failed."""


class Watch(QObject):
    """Says `due` when it is time to look; whoever looks tells `answered` or `failed`.

    Nothing is due while a look is under way, so that a slow network is asked once at a time.
    """

    due = Signal()
    ticked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timer = QTimer(self)
        self.timer.setInterval(_TICK_MS)
        self.timer.timeout.connect(self._tick)
        self._every = _EVERY
        self._next = 0.0
        self.looking = False
        self._stirred = 0.0
        self._answered: float | None = None
        self.failing = False

    def start(self) -> None:
        """Look now, and from time to time until `stop`."""
        self._every = _EVERY
        self.looking = self.failing = False
        self.stir()
        self.timer.start()
        self.look()

    def stir(self) -> None:
        """Something happened: look often again. After a quiet time looks become rare."""
        self._stirred = monotonic()

    def stop(self) -> None:
        """Look no more."""
        self.timer.stop()
        self.looking = False

    def look(self) -> None:
        """Look now, unless that is under way."""
        if self.looking:
            return
        self.looking = True
        self.due.emit()

    def answered(self) -> None:
        """The look told something."""
        quiet = monotonic() - self._stirred
        self._every = next((every for until, every in _CALMER if quiet < until), _LONGEST)
        self.failing = False
        self._answered = monotonic()
        self._rest()

    def failed(self) -> None:
        """The look told nothing; the next one waits longer."""
        self._every = min(_LONGEST, max(2 * self._every, 2 * _EVERY))
        self.failing = True
        self._rest()

    def _rest(self) -> None:
        self.looking = False
        self._next = monotonic() + self._every
        self.ticked.emit()

    def _tick(self) -> None:
        self.ticked.emit()
        if not self.looking and monotonic() >= self._next:
            self.look()

    @property
    def age(self) -> float | None:
        """Seconds since the last look that told something, None before the first."""
        return None if self._answered is None else monotonic() - self._answered


def checked_words(age: float) -> str:
    """How long ago something was looked at, in steps that do not flicker."""
    seconds = int(age)
    if seconds < 5:
        return t("Checked just now")
    if seconds < 60:
        rounded = 5 * (seconds // 5)
        return tn("Checked {count} second ago", "Checked {count} seconds ago", rounded)
    return tn("Checked {count} minute ago", "Checked {count} minutes ago", seconds // 60)
