"""Checks that only make sense where Qt is loaded: its messages and its left-over timers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

_HARMLESS = frozenset({QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg})

_OF_THE_PLATFORM = re.compile(
    # The offscreen platform has no native window to raise or to put a system menu on.
    r"This plugin does not support (propagateSizeHints|raise|createPlatformOpenGLContext)"
    # Nor has it a tray window that could come and go.
    r"|No such signal QPlatformNativeInterface::systemTrayWindowChanged"
)


@contextmanager
def collect_messages(expected: str | None) -> Iterator[list[str]]:
    """Collect what Qt complains about; `expected` is a pattern that must and may appear."""
    complaints: list[str] = []
    seen: list[str] = []

    def receive(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind in _HARMLESS or _OF_THE_PLATFORM.search(message):
            return
        if expected is not None and re.search(expected, message):
            seen.append(message)
            return
        complaints.append(f"Qt said ({kind.name}): {message}")

    before = qInstallMessageHandler(receive)
    try:
        yield complaints
    finally:
        qInstallMessageHandler(before)
    if expected is not None and not seen:
        complaints.append(f"expected Qt message never came: {expected!r}")


def running_timers() -> list[str]:
    """Name every active QTimer below the application and its top-level widgets."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return []
    tops: list[QObject] = [application, *application.topLevelWidgets()]
    return [
        f"{timer.objectName() or 'QTimer'} of {type(top).__name__}, every {timer.interval()} ms"
        for top in tops
        for timer in top.findChildren(QTimer)
        if timer.isActive()
    ]
