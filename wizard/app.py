"""Build the window and everything it stands on, then run it until it closes."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QDialog

from wizard import __version__
from wizard.content.text import set_language, t
from wizard.core.clock import SystemClock
from wizard.core.paths import Folders
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.environment import open_workbench
from wizard.services.exits import Exit
from wizard.services.jobs import JobContext, Jobs, Lane
from wizard.services.options import Options
from wizard.services.workbench import LocalWorkbench
from wizard.ui.bridge import Deliverer
from wizard.ui.frame import Frame
from wizard.ui.page import Desk
from wizard.ui.pages.registry import PAGES
from wizard.ui.theme import ThemeChoice, install

__all__ = ["main"]

log = logging.getLogger(__name__)
_HIDDEN_PLATFORMS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")


def main(arguments: Sequence[str]) -> int:
    """Open the window and return the exit code once it is closed."""
    set_language()
    given = _read(arguments)
    options = Options(
        profile=given.profile,
        home=given.home,
        trust_profile=given.trust_profile,
        passphrase_file=given.passphrase_file,
        forget=given.forget,
        proxy=given.proxy,
    )
    if not _has_display():
        _say_trouble(Trouble(Code.NO_DISPLAY))
        return Exit.FAILED
    application = QApplication([sys.argv[0]])
    application.setApplicationName("Enterprise Connect Setup")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("enterprise-connect-setup")
    install(application, ThemeChoice(given.theme))
    from wizard.services.logs import logging_to

    with logging_to(Folders.of_person(options.home).logs), _qt_messages_logged():
        return _run(application, options)


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="enterprise-connect-setup")
    parser.add_argument("--profile", default="", metavar="ID|FILE", help=t("the profile to use"))
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help=t("keep everything below this folder")
    )
    parser.add_argument(
        "--theme",
        choices=[choice.value for choice in ThemeChoice],
        default=ThemeChoice.SYSTEM.value,
        help=t("light, dark, or as the system wants it"),
    )
    parser.add_argument(
        "--trust-profile",
        action="store_true",
        help=t("you have seen which computers a given profile names, and agree"),
    )
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
    parser.add_argument("--forget", action="store_true")
    parser.add_argument("--proxy", default="", metavar="ADDRESS|none")
    parser.add_argument("--version", action="version", version=__version__)
    return parser.parse_args(list(arguments))


def _has_display() -> bool:
    """Whether Qt can open a window; without one it would end the whole process."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(_HIDDEN_PLATFORMS):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say_trouble(trouble: Trouble) -> None:
    from wizard.content.troubles import trouble_words

    words = trouble_words(trouble.code, trouble.facts)
    sys.stderr.write(f"{words.title}. {words.happened} {words.to_do}\n")


@contextlib.contextmanager
def _qt_messages_logged() -> Iterator[None]:
    """Qt's own messages go to the log file, not to a terminal that nobody sees."""
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    qt = logging.getLogger("qt")

    def heard(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        del context  # where in Qt's own source; of no use to anybody here
        qt.log(levels.get(kind, logging.WARNING), "%s", words)

    before = qInstallMessageHandler(heard)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _run(application: QApplication, options: Options) -> int:
    from wizard.services.lock import FirstWindow

    try:
        bench = _open(options)
        if bench is None:
            return Exit.DONE
        first = FirstWindow(_window_folder(bench, options), SystemClock())
        deliverer = Deliverer()
        window: list[Frame] = []

        def to_front() -> None:
            deliverer.deliver(lambda: _bring_forward(window))

        if not first.take(to_front):
            log.info("another copy has the window and was asked to come forward")
            bench.close()
            return Exit.DONE
    except Trouble as trouble:
        return _cannot_start(trouble)
    try:
        return _Program(application, bench, deliverer, window).run()
    finally:
        first.close()


def _window_folder(bench: LocalWorkbench, options: Options) -> Path:
    return Folders.of_person(options.home).of_profile(bench.profile.id)


def _open(options: Options) -> LocalWorkbench | None:
    """The workbench; None when the person does not want the profile that was given."""
    try:
        return open_workbench(options)
    except Trouble as trouble:
        if trouble.code is not Code.PROFILE_NOT_TRUSTED:
            raise
        from dataclasses import replace

        from wizard.ui.dialogs import ProfileQuestion

        hosts = str(trouble.facts.get("hosts", "")).replace(",", " ").split()
        question = ProfileQuestion(str(trouble.facts.get("name", "")), hosts)
        if question.exec() != QDialog.DialogCode.Accepted:
            return None
        return open_workbench(replace(options, trust_profile=True))


def _cannot_start(trouble: Trouble) -> int:
    from wizard.services.exits import exit_of_trouble
    from wizard.ui.dialogs import StartTrouble

    log.warning("the window could not open: %s", trouble)
    _say_trouble(trouble)
    StartTrouble(trouble).exec()
    return exit_of_trouble(trouble.code)


def _bring_forward(window: list[Frame]) -> None:
    for frame in window:
        if frame.isMinimized():
            frame.showNormal()
        frame.raise_()
        frame.activateWindow()


class _Program(QObject):
    """The window's life: shown, fed, and ended only after everything has stopped."""

    def __init__(
        self,
        application: QApplication,
        bench: LocalWorkbench,
        deliverer: Deliverer,
        window: list[Frame],
    ) -> None:
        super().__init__(application)
        self._application = application
        self._bench = bench
        self._deliverer = deliverer
        self._jobs = Jobs(deliverer.deliver)
        self._desk = Desk(bench, self._jobs)
        self._frame = Frame(self._desk, PAGES)
        self._ending = False
        window.append(self._frame)
        self._frame.closing.connect(self._end)
        self._desk.leave_practice.connect(self._leave_practice)
        self._desk.told.connect(self._tell)

    def run(self) -> int:
        """Show the window until it has closed."""
        self._frame.show()
        # What the first picture does not need is fetched once it stands.
        QTimer.singleShot(0, self._after_first_paint)
        with self._signals():
            code = self._application.exec()
        self._jobs.close()
        self._deliverer.close()
        return code

    def _after_first_paint(self) -> None:
        from wizard.ui.help_source import ContentHelp

        self._frame.use_help(ContentHelp(self._bench.profile))
        answers = self._bench.answers
        if answers.provisioning_on and (
            answers.first_sync_done or self._bench.walk.step is StepId.DONE
        ):
            self._bench.schedule.start()

    def _tell(self, code: str) -> None:
        from wizard.content.troubles import trouble_words

        self._frame.open_topic(trouble_words(Code(code), {}).topic)

    def _leave_practice(self) -> None:
        from wizard.ui.dialogs import Question
        from wizard.ui.theme import Letters
        from wizard.ui.tokens import Token
        from wizard.ui.widgets.text import Text

        words = t(
            "Nothing that you did here touched a real account. To set up for real, start the "
            "program with your vendor’s profile."
        )
        question = Question(
            t("Leave the practice organization?"),
            (Text(words, Letters.SECOND, Token.INK_2),),
            yes=t("Leave and close"),
            no=t("Stay"),
            parent=self._frame,
        )
        if question.exec() == QDialog.DialogCode.Accepted:
            self._frame.close()

    def _end(self) -> None:
        """Stop what runs, with that shown, and let the window go once it has stopped."""
        if self._ending:
            return
        self._ending = True
        from wizard.ui.leaving import Leaving

        Leaving(self._frame)
        bench = self._bench

        def stop(context: JobContext) -> None:
            del context  # closing can't be called off half-way
            bench.close()

        self._jobs.start(
            Lane.NET,
            stop,
            done=lambda _: self._frame.allow_close(),
            failed=lambda _: self._frame.allow_close(),
        )

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Ctrl+C and termination close the window as its own button does."""

        def asked(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._deliverer.deliver(self._close)

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

    def _close(self) -> None:
        self._frame.close()


_ENDING = (signal.SIGINT, signal.SIGTERM)
