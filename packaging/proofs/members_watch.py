"""Looks at Members from inside the window: keys to painted rows, pauses of scrolling, memory."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QProcess, Qt, QTimer
from PySide6.QtWidgets import QWidget

from proofs.window_watch import FirstPaint, Heart
from wizard.ui.frame import Frame
from wizard.ui.home.ids import HomeId
from wizard.ui.home.members import MembersPage

_WORDS = (
    "a", "e", "an", "hansen", "bjorn", "bjorn hansen", "zzzz", "nordby.example", "vik 77",
    "chloe g", "a b c", "9999", "muller", "elif.ostby",
)  # fmt: skip
_KEY_PAUSE_MS = 60
_IDLE_MS = 350
_AT_REST_MS = 2500
"""What a window does once it is there, it has done by then."""
_SCROLL_MS = 16
_SCROLL_STEPS = 300
_PATIENCE = 60.0
_LOOK_MS = 5


def watch_members(target: str) -> None:
    """Wait for the product's window, look at Members in it, write the figures, close it."""
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("the window is made before the application")

    def painted(window: QWidget) -> None:
        if isinstance(window, Frame):
            MembersWatch(application, window, target)
        else:
            _write(target, {"problem": f"the first window was {window.objectName()}"})
            application.quit()

    FirstPaint(application, painted)


class MembersWatch(QObject):
    """Goes through its steps one after the other; each yields until something holds."""

    def __init__(self, application: QCoreApplication, window: Frame, target: str) -> None:
        super().__init__(application)
        self._window = window
        self._target = target
        self._peak = _memory("VmRSS")
        self._keys: list[dict[str, object]] = []
        self._last_key = 0.0
        self._answered = 0.0
        self._painted = 0.0
        self._told: dict[str, object] = {}
        application.installEventFilter(self)
        self._steps = self._go()
        self._until: Callable[[], bool] = lambda: True
        self._limit = time.monotonic() + _PATIENCE
        self._look = QTimer(self)
        self._look.setTimerType(Qt.TimerType.PreciseTimer)
        self._look.timeout.connect(self._step)
        self._look.start(_LOOK_MS)

    # ---------------------------------------------------------------- stepping

    def _step(self) -> None:
        if not self._until():
            if time.monotonic() > self._limit:
                self._finish({"problem": "a step did not come to its end", **self._told})
            return
        try:
            self._until = next(self._steps)
            self._limit = time.monotonic() + _PATIENCE
        except StopIteration:
            self._finish(self._told)

    def _go(self) -> Iterator[Callable[[], bool]]:
        yield self._after(1500)
        began = time.monotonic()
        self._window.open_home(HomeId.MEMBERS.value)
        page = self._window.page
        if not isinstance(page, MembersPage):
            self._told["problem"] = f"the page is {type(page).__name__}"
            return
        self._page = page
        self._page.people.counted.connect(self._counted)
        yield lambda: page.people.rowCount() > 1000
        self._told["first_list_seconds"] = round(time.monotonic() - began, 2)
        self._told["people"] = page.people.rowCount()
        yield self._after(_AT_REST_MS)
        self._told["opened_mib"] = _memory("VmHWM")
        yield from self._search()
        yield from self._scroll()
        self._told["keys"] = self._keys
        self._told["peak_mib"] = _memory("VmHWM")
        self._told["end_mib"] = _memory("VmRSS")

    def _after(self, milliseconds: float) -> Callable[[], bool]:
        end = time.monotonic() + milliseconds / 1000
        return lambda: time.monotonic() >= end

    # ---------------------------------------------------------------- searching

    def _search(self) -> Iterator[Callable[[], bool]]:
        field = self._page.search
        self._window.activateWindow()
        for words in _WORDS:
            yield from self._one_search(words)
        field.clear()
        yield self._after(_IDLE_MS)

    def _one_search(self, words: str) -> Iterator[Callable[[], bool]]:
        """Typed by a hand on the keyboard; measured from the last key."""
        field = self._page.search
        field.clear()
        yield self._after(_IDLE_MS)
        field.setFocus()
        self._answered = self._painted = 0.0
        hand = QProcess(self)
        hand.start("xdotool", ["type", "--delay", str(_KEY_PAUSE_MS), "--clearmodifiers", words])
        yield lambda: field.text() == words
        yield lambda: self._painted > 0.0
        late = round((self._painted - self._last_key) * 1000, 1)
        first = len(self._page.people.first_rows())
        yield self._after(_IDLE_MS)
        hand.waitForFinished()
        found = self._page.people.rowCount()
        self._keys.append({"words": words, "ms": late, "first": first, "fit": found})

    def _counted(self, count: int, whole: bool) -> None:
        """The first who fit are in the model; the next painting of the rows shows them."""
        del count, whole
        if not self._answered:
            self._answered = time.perf_counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See keys come and rows painted; swallow nothing."""
        page = getattr(self, "_page", None)
        if page is not None:
            kind = event.type()
            if kind is QEvent.Type.KeyPress and watched is page.search:
                self._last_key = time.perf_counter()
                self._answered = self._painted = 0.0
            elif (
                kind is QEvent.Type.Paint
                and self._answered
                and not self._painted
                and watched is page.table.view.viewport()
            ):
                # The rows are painted and the frame is handed over after this event.
                QTimer.singleShot(0, self, self._was_painted)
        return False

    def _was_painted(self) -> None:
        if self._answered and not self._painted:
            self._painted = time.perf_counter()

    # ---------------------------------------------------------------- scrolling

    def _scroll(self) -> Iterator[Callable[[], bool]]:
        """Down by the wheel's step, by pages, and by dragging the bar to and fro."""
        bar = self._page.table.view.verticalScrollBar()
        yield lambda: bar.maximum() > 10_000
        heart = Heart(self)
        chance = random.Random(7)
        for number in range(_SCROLL_STEPS):
            bar.setValue(bar.value() + 3 * bar.singleStep())
            yield self._after(_SCROLL_MS)
            if number % 3 == 0:
                bar.setValue(bar.value() + bar.pageStep())
                yield self._after(_SCROLL_MS)
        for _ in range(_SCROLL_STEPS):
            goal = chance.randrange(bar.maximum())
            bar.setValue((bar.value() + goal) // 2)
            yield self._after(_SCROLL_MS)
        yield self._after(500)
        view = self._page.table.view
        middle = view.rowAt(view.viewport().height() // 2)
        self._told["last_row_read"] = self._page.people.person(middle) is not None
        told = heart.stop()
        pauses = told["pauses"]
        self._told["scroll_stall_ms"] = pauses[0]["ms"] if isinstance(pauses, list) else 0.0
        self._told["scroll_pauses"] = pauses
        self._told["scrolled"] = _SCROLL_STEPS * 2

    def _finish(self, told: dict[str, object]) -> None:
        self._look.stop()
        _write(self._target, told)
        # Closing the window would ask whether to go on syncing; ending the session does not.
        signal.raise_signal(signal.SIGTERM)


def _memory(name: str) -> float:
    """MiB of this process, by the kernel's word: `VmRSS` now, `VmHWM` at most so far."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def _write(target: str, told: dict[str, object]) -> None:
    Path(target).write_text(json.dumps(told), encoding="utf-8")
