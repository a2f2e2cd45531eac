"""The background sync's view, and whoever hears how it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable

from wizard.services.schedule import SchedulerState, SchedulerView

__all__ = ["Audience"]


class Audience:
    """Keeps the view, and the listeners, under its owner's lock."""

    def __init__(self, change: threading.Condition) -> None:
        self._change = change
        self._view = SchedulerView(state=SchedulerState.STOPPED)
        self._listeners: list[Callable[[SchedulerView], None]] = []

    def view(self) -> SchedulerView:
        """See `SyncSchedule.view`."""
        with self._change:
            return self._view

    def listen(self, listener: Callable[[SchedulerView], None]) -> Callable[[], None]:
        """See `SyncSchedule.listen`."""
        with self._change:
            self._listeners.append(listener)

        def end() -> None:
            with self._change:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def change(
        self, change: Callable[[SchedulerView], SchedulerView]
    ) -> tuple[SchedulerView, tuple[Callable[[SchedulerView], None], ...]]:
        """Change the view; the new one, and who is to hear it: nobody where it is the same."""
        with self._change:
            before = self._view
            self._view = view = change(before)
            return view, tuple(self._listeners) if view != before else ()
