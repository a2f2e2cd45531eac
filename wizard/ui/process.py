"""What a window owes the system: it ends in order when asked to, and Qt's words go to the log."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

from PySide6.QtCore import QMessageLogContext, QSocketNotifier, QtMsgType, qInstallMessageHandler

__all__ = ["ending_signals", "qt_messages_logged"]

_ENDING = (signal.SIGINT, signal.SIGTERM)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextlib.contextmanager
def ending_signals(close: Callable[[], None]) -> Iterator[None]:
    """Within the block Ctrl+C and termination call `close`, on the thread that runs Qt."""
    asked: list[int] = []
    reading, writing = socket.socketpair()
    writing.setblocking(False)

    def heard(number: int, frame: FrameType | None) -> None:
        del frame  # wherever the program was
        asked.append(number)

    def woken() -> None:
        reading.recv(64)
        if asked:
            close()

    # Python handles a signal only when its code runs; a byte on this line makes Qt run some.
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(woken)
    wake_before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, heard) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wake_before)
        notifier.setEnabled(False)
        reading.close()
        writing.close()


@contextlib.contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Within the block Qt's own messages go to the log file, not to a terminal nobody sees."""
    qt = logging.getLogger("qt")

    def heard(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        del context  # where in Qt's own source; of no use to anybody here
        qt.log(_LEVELS.get(kind, logging.WARNING), "%s", words)

    before = qInstallMessageHandler(heard)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
