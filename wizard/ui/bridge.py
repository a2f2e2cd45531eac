"""The one bridge between engine threads and the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from wizard.services.contract import SchedulerView, SyncSchedule

__all__ = ["Deliverer", "ScheduleWatch", "close_watches"]

_GENTLE_MS = 80
"""How often at most a running sync redraws anything."""


class Deliverer(QObject):
    """Runs calls on the window's thread, in their order; `deliver` may be called anywhere."""

    _sent = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._sent.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run this on the window's thread as soon as it is free."""
        self._sent.emit(call)

    def close(self) -> None:
        """Run nothing any more: the window is gone."""
        self._closed = True

    def _run(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()


class ScheduleWatch(QObject):
    """The background sync as the window sees it: always the newest view, never a flood."""

    changed = Signal(object)
    _woken = Signal()

    def __init__(self, schedule: SyncSchedule, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._newest = schedule.view()
        self._pending = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GENTLE_MS)
        self._timer.timeout.connect(self._show)
        self._woken.connect(self._soon, Qt.ConnectionType.QueuedConnection)
        self._forget = schedule.listen(self._heard)

    @property
    def view(self) -> SchedulerView:
        """The newest view."""
        with self._lock:
            return self._newest

    def close(self) -> None:
        """Listen no more; once this has returned, no other thread is using this object."""
        with self._lock:
            closed, self._closed = self._closed, True
        if not closed:
            self._forget()
        self._timer.stop()

    def _heard(self, view: SchedulerView) -> None:
        """On the scheduler's thread."""
        with self._lock:
            self._newest = view
            if self._pending or self._closed:
                return
            self._pending = True
            # Only a message for the window's thread; nobody is called while the lock is held.
            self._woken.emit()

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        with self._lock:
            self._pending = False
            view = self._newest
        self.changed.emit(view)


def close_watches(part: QObject) -> None:
    """End every watch of a part of the window that is about to be deleted.

    A deleted one that is still told something would end the scheduler's thread.
    """
    for watch in part.findChildren(ScheduleWatch):
        watch.close()
