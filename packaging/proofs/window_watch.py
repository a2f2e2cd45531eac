"""Watches a Qt program from inside: its first painted frame and the pauses of its thread."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_BEAT_MS = 2
_KEPT = 12
_LOOK_MS = 10
_AFTER_SECONDS = 1.0
"""How long the window is still watched after the sync: it draws the outcome then."""


class FirstPaint(QObject):
    """Calls back once the first frame of a top-level window is on the screen."""

    def __init__(self, application: QCoreApplication, painted: Callable[[QWidget], None]) -> None:
        super().__init__(application)
        self._application = application
        self._painted = painted
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at every event and swallow none."""
        is_paint = event.type() is QEvent.Type.Paint
        if is_paint and isinstance(watched, QWidget) and watched.isWindow():
            self._application.removeEventFilter(self)
            # The children are painted and the frame is handed over after this event.
            QTimer.singleShot(0, lambda: self._painted(watched))
        return False


class Heart:
    """Beats in the window's thread and keeps the longest pauses."""

    def __init__(self, parent: QObject, note: Callable[[], str] = lambda: "") -> None:
        self._note = note
        self._pauses: list[tuple[float, float, str]] = []
        self._beats = 0
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._began = self._last = time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        pause = now - self._last
        self._beats += 1
        if len(self._pauses) < _KEPT or pause > self._pauses[-1][0]:
            self._pauses.append((pause, now - self._began, self._note()))
            self._pauses.sort(reverse=True)
            del self._pauses[_KEPT:]
        self._last = time.perf_counter()

    @property
    def longest(self) -> float:
        """The longest pause so far, in milliseconds."""
        return round(self._pauses[0][0] * 1000, 1) if self._pauses else 0.0

    def stop(self) -> dict[str, object]:
        """Milliseconds of each long pause, when it was (seconds), and what ran then."""
        self._timer.stop()
        return {
            "beats": self._beats,
            "seconds": round(time.perf_counter() - self._began, 2),
            "pauses": [
                {"ms": round(pause * 1000, 1), "at": round(at, 2), "during": during}
                for pause, at, during in self._pauses
            ],
        }


def _write(target: str, told: Mapping[str, object]) -> None:
    Path(target).write_text(json.dumps(told), encoding="utf-8")


def _application() -> QCoreApplication:
    application = QApplication.instance()
    if application is None:
        raise RuntimeError("the window is made before the application")
    return application


def watch_start(target: str) -> None:
    """Write when the product's first frame is there, then close it."""

    def painted(window: QWidget) -> None:
        _write(target, {"painted_at": time.monotonic(), "window": window.objectName()})
        window.close()

    FirstPaint(_application(), painted)


def empty(target: str) -> int:
    """A window with nothing in it, until its first frame."""
    application = QApplication(sys.argv[:1])

    def painted(_window: QWidget) -> None:
        _write(target, {"painted_at": time.monotonic()})
        application.quit()

    FirstPaint(application, painted)
    window = QWidget()
    window.resize(1100, 720)
    window.show()
    return application.exec()


def watch_stall(target: str) -> None:
    """Beat from the product's first frame until its first sync is over, then close it."""
    application = _application()

    def painted(window: QWidget) -> None:
        from wizard.ui.frame import Frame

        if isinstance(window, Frame):
            SyncWatch(application, window, target)
        else:
            _write(target, {"problem": f"the first window was {window.objectName()}"})
            application.quit()

    FirstPaint(application, painted)


class SyncWatch(QObject):
    """Beats while the First sync page shows a sync; ends a second after its outcome is drawn.

    The time before the run has begun, when the window reads what its first picture did not need,
    is kept apart as `opening_ms`.
    """

    def __init__(self, application: QCoreApplication, window: QWidget, target: str) -> None:
        from wizard.ui.frame import Frame

        super().__init__(application)
        if not isinstance(window, Frame):
            raise TypeError("the product's own window is watched")
        self._window = window
        self._target = target
        self._schedule = window.desk.bench.schedule
        self._ended = 0.0
        self._pressed = False
        self._opening: float | None = None
        self._heart = Heart(self, self._during)
        self._look = QTimer(self)
        self._look.timeout.connect(self._see)
        self._look.start(_LOOK_MS)

    def _during(self) -> str:
        told = self._schedule.view().progress
        return told.phase.value if told is not None else ""

    def _see(self) -> None:
        view, offer = self._schedule.view(), self._window.page.offer
        last = view.last
        if self._opening is None and (view.progress is not None or last is not None):
            self._opening = self._heart.longest
            self._heart.stop()
            self._heart = Heart(self, self._during)
        idle = view.progress is None and last is None and not offer.busy
        if self._window.page.step.value == "where_it_runs" and idle:
            self._stay_here(ready=offer.valid)
            return
        if idle and offer.valid and not self._pressed:
            # A window that opens at this page begins no sync by itself: a person does.
            self._pressed = True
            self._window.footer.primary.click()
        elif offer.trouble is not None:
            self._finish({"problem": offer.trouble.code.value})
        elif last is not None and offer.proved:
            self._ended = self._ended or time.monotonic()
            if time.monotonic() - self._ended > _AFTER_SECONDS:
                self._finish({"created": last.done.create, "read": last.people_read})

    def _stay_here(self, *, ready: bool) -> None:
        """Let this computer sync: the choice, then the button that begins the first sync."""
        if ready:
            self._pressed = True
            self._window.footer.primary.click()
            return
        card = self._window.findChild(QAbstractButton, "place-here")
        if card is not None and card.isVisible() and card.isEnabled():
            card.click()

    def _finish(self, more: Mapping[str, object]) -> None:
        self._look.stop()
        page = self._window.page.step.value
        told = {**self._heart.stop(), "page": page, "opening_ms": self._opening or 0.0}
        _write(self._target, {**told, **more})
        # As the system ends it: the window's own button asks whether the sync should go on.
        signal.raise_signal(signal.SIGTERM)


class _Until(QObject):
    """Calls back on its own thread when any thread asks for it."""

    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self._call = call

    def event(self, event: QEvent) -> bool:
        """Hear the one event that is posted here."""
        if event.type() is QEvent.Type.User:
            self._call()
            return True
        return super().event(event)


def beat(target: str) -> int:
    """An empty window that beats until standard input ends."""
    application = QApplication(sys.argv[:1])
    window = QWidget()
    window.show()
    heart = Heart(application)

    def end() -> None:
        _write(target, heart.stop())
        application.quit()

    until = _Until(end)

    def listen() -> None:
        sys.stdin.read()
        QCoreApplication.postEvent(until, QEvent(QEvent.Type.User))

    listener = threading.Thread(target=listen, name="listener")
    listener.start()
    code = application.exec()
    listener.join()
    return code
