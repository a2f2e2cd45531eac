"""Qt's event loop with the system's ways of ending a program, and Qt's messages in the log."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

from PySide6.QtCore import (
    QMessageLogContext,
    QSocketNotifier,
    QtMsgType,
    qInstallMessageHandler,
)

__all__ = ["closing_on_signals", "qt_messages_logged"]

_ENDING = (signal.SIGINT, signal.SIGTERM)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextlib.contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Qt's own messages go to the log file, not to a terminal that nobody sees."""
    qt = logging.getLogger("qt")

    def heard(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        del context  # where in Qt's own source; of no use to anybody here
        qt.log(_LEVELS.get(kind, logging.WARNING), "%s", words)

    before = qInstallMessageHandler(heard)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


@contextlib.contextmanager
def closing_on_signals(close: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C and termination close the window as its own button does."""

    def asked(number: int, frame: FrameType | None) -> None:
        del number, frame
        close()

    # Python handles a signal only when its code runs; a byte on this line makes Qt run some.
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reading.recv(64))
    woken = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, asked) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(woken)
        notifier.setEnabled(False)
        reading.close()
        writing.close()
