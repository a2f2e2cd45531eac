"""A program that opens the real window or an empty one and writes down what its thread did.

`MODE FILE [ARGUMENTS]`: `start` opens the product with these arguments, `empty` a plain Qt window;
both write the moment of the first painted frame (seconds of the monotonic clock, which all
processes of a machine share) and end. `stall` opens the product, beats in the window's thread
until the first sync has ended, and writes the longest pauses between two beats. `beat` is an empty
window that beats until its standard input ends: what the machine itself is capable of.
"""

from __future__ import annotations

import json
import runpy
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_BEAT_MS = 2
_KEPT = 12
_AFTER_SECONDS = 1.0
"""How long the window is still watched after the sync: it draws the outcome then."""


class FirstPaint(QObject):
    """Calls back once the first frame of a top-level window is on the screen."""

    def __init__(self, painted: Callable[[QWidget], None]) -> None:
        super().__init__()
        self._painted = painted
        self._seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at every event and swallow none."""
        is_paint = event.type() is QEvent.Type.Paint and not self._seen
        if is_paint and isinstance(watched, QWidget) and watched.isWindow():
            self._seen = True
            # The children are painted and the frame is handed over after this event.
            QTimer.singleShot(0, lambda: self._painted(watched))
        return False


class Heart:
    """Beats in the window's thread and keeps the longest pauses."""

    def __init__(self, parent: QObject) -> None:
        self.began = self.last = time.perf_counter()
        self.beats = 0
        self.pauses: list[tuple[float, float, str]] = []
        self.note: Callable[[], str] = lambda: ""
        self.timer = QTimer(parent)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(_BEAT_MS)
        self.timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Beat from now on."""
        self.began = self.last = time.perf_counter()
        self.timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        pause = now - self.last
        self.beats += 1
        if len(self.pauses) < _KEPT or pause > self.pauses[-1][0]:
            self.pauses.append((pause, now - self.began, self.note()))
            self.pauses.sort(reverse=True)
            del self.pauses[_KEPT:]
        self.last = time.perf_counter()

    def told(self) -> dict[str, object]:
        """Milliseconds of each long pause, when it was (seconds), and what ran then."""
        return {
            "beats": self.beats,
            "seconds": round(time.perf_counter() - self.began, 2),
            "pauses": [
                {"ms": round(pause * 1000, 1), "at": round(at, 2), "during": during}
                for pause, at, during in self.pauses
            ],
        }


def _write(target: Path, told: dict[str, object]) -> None:
    target.write_text(json.dumps(told), encoding="utf-8")


def _product(arguments: list[str]) -> int:
    """Run the product as `python -m wizard` does; it takes the application that there is."""
    sys.argv[1:] = arguments
    try:
        runpy.run_module("wizard", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _empty(target: Path) -> int:
    """A window with nothing in it, until its first frame."""
    application = QApplication(sys.argv[:1])

    def painted(_window: QWidget) -> None:
        _write(target, {"painted_at": time.monotonic()})
        application.quit()

    paint = FirstPaint(painted)
    application.installEventFilter(paint)
    window = QWidget()
    window.resize(1100, 720)
    window.show()
    return application.exec()


def _stall(target: Path, arguments: list[str]) -> int:
    """The product on its First sync page, beating from its first frame until the sync is over."""
    application = QApplication(sys.argv[:1])
    heart = Heart(application)

    def painted(window: QWidget) -> None:
        from wizard.ui.frame import Frame

        application.removeEventFilter(paint)
        if not isinstance(window, Frame):
            _write(target, {"problem": f"the first window was {window.objectName()}"})
            QCoreApplication.quit()
            return
        schedule = window.desk.bench.schedule
        ended: list[float] = []

        def note() -> str:
            told = schedule.view().progress
            return told.phase.value if told is not None else ""

        def look() -> None:
            last = schedule.view().last
            if last is None or not window.page.offer.proved:
                if last is not None and window.page.offer.trouble is not None:
                    finish({"problem": str(window.page.offer.trouble)})
                return
            if not ended:
                ended.append(time.monotonic())
            elif time.monotonic() - ended[0] > _AFTER_SECONDS:
                finish({"created": last.done.create, "read": last.people_read})

        def finish(more: dict[str, object]) -> None:
            watch.stop()
            heart.timer.stop()
            _write(target, {**heart.told(), "page": window.page.step.value, **more})
            window.close()

        heart.note = note
        heart.start()
        watch = QTimer(application)
        watch.timeout.connect(look)
        watch.start(100)

    paint = FirstPaint(painted)
    application.installEventFilter(paint)
    return _product(arguments)


def _beat(target: Path) -> int:
    """An empty window that beats until standard input ends."""
    application = QApplication(sys.argv[:1])
    window = QWidget()
    window.show()
    heart = Heart(application)

    class Until(QObject):
        def event(self, event: QEvent) -> bool:
            if event.type() is QEvent.Type.User:
                heart.timer.stop()
                _write(target, heart.told())
                application.quit()
                return True
            return super().event(event)

    until = Until()

    def listen() -> None:
        sys.stdin.read()
        QCoreApplication.postEvent(until, QEvent(QEvent.Type.User))

    listener = threading.Thread(target=listen)
    listener.start()
    heart.start()
    code = application.exec()
    listener.join()
    return code


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    mode, target, rest = arguments[0], Path(arguments[1]), arguments[2:]
    if mode == "start":
        return _start(target, rest)
    if mode == "empty":
        return _empty(target)
    if mode == "stall":
        return _stall(target, rest)
    return _beat(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
