"""Qt's event loop: the system's ways of ending a program, and what goes wrong in it in the log."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QSocketNotifier,
    QtMsgType,
    qInstallMessageHandler,
)

from wizard.core.trouble import Code, Trouble

__all__ = ["closing_on_signals", "mistakes_told", "qt_messages_logged"]

log = logging.getLogger(__name__)

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


@contextlib.contextmanager
def mistakes_told(tell: Callable[[Trouble], None]) -> Iterator[None]:
    """An exception that nothing caught goes to the log and to the person; the window stays.

    PySide hands what a slot or an event handler raises to `sys.excepthook` and goes on. `tell`
    may be called on any thread and in the middle of anything, painting included.
    """

    def mistaken(
        kind: type[BaseException], problem: BaseException, traceback: TracebackType | None
    ) -> None:
        if not isinstance(problem, Exception):  # Ctrl+C and the like end the program as ever
            before(kind, problem, traceback)
            return
        log.error("a mistake of the program's own", exc_info=(kind, problem, traceback))
        tell(
            problem if isinstance(problem, Trouble) else Trouble(Code.INTERNAL, kind=kind.__name__)
        )

    before = sys.excepthook
    sys.excepthook = mistaken
    try:
        yield
    finally:
        sys.excepthook = before
