"""Build the window and everything it stands on, then run it until it closes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from wizard import __version__
from wizard.content.text import set_language, t
from wizard.core.clock import SystemClock
from wizard.core.paths import Folders
from wizard.core.trouble import Code, Trouble
from wizard.services.arguments import add_keeping, add_whereabouts, options_of
from wizard.services.exits import Exit, exit_of_trouble
from wizard.services.options import Options

__all__ = ["main"]

NAME = "Enterprise Connect Setup"
_TURN_SECONDS = 0.0005
"""How long a thread may keep the interpreter while the window waits for it. Each call into Qt
gives it up, so a page of a hundred calls beside a busy sync waits a hundred times (5 ms each by
default)."""
_BEFORE_QT = (
    "wizard.flow.graph",
    "wizard.services.environment",
    "wizard.services.jobs",
    "wizard.services.lock",
    "wizard.services.profile_views",
    "wizard.services.profiles",
)
"""Imported before Qt, because PySide reads the source of every module that comes after it."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="enterprise-connect-setup")
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=t("a resume file that you were given")
    )
    parser.add_argument("--resume", type=Path, metavar="FILE", help=t("the same, by its name"))
    parser.add_argument("--version", action="version", version=__version__)
    add_whereabouts(parser)
    parser.add_argument(
        "--theme",
        choices=("system", "light", "dark"),
        default="system",
        help=t("light or dark, else as the system has it"),
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help=t("keep accounts in step without opening the window, as at the start of a session"),
    )
    add_keeping(parser)
    return parser


def _has_display() -> bool:
    """Whether a window can be opened; Qt itself would end the whole process."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _tell_no_display() -> int:
    from wizard.content.troubles import trouble_words

    words = trouble_words(Code.NO_DISPLAY)
    sys.stderr.write(f"{words.title}. {words.happened} {words.to_do}\n")
    return int(exit_of_trouble(Code.NO_DISPLAY))


def _system_proxy(url: str) -> str:
    """Ask the system for the way to an address, PAC scripts too: 'host:port', '' for none."""
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    kinds = (QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy)
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        if proxy.type() in kinds:
            return f"{proxy.hostName()}:{proxy.port()}"
    return ""


def main(arguments: Sequence[str]) -> int:
    """Open the window and return the exit code once it is closed."""
    set_language()
    given = _parser().parse_args(list(arguments))
    if not _has_display():
        return _tell_no_display()
    from wizard.services.logs import logging_to

    options = replace(
        options_of(given), background=given.background, resume=given.resume or given.file
    )
    with logging_to(Folders.of_person(options.home).logs):
        return _run(options, given.theme)


def _run(options: Options, theme: str) -> int:
    sys.setswitchinterval(_TURN_SECONDS)
    for name in _BEFORE_QT:
        import_module(name)
    from PySide6.QtWidgets import QApplication

    from wizard.ui.theme import ThemeChoice, install

    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("enterprise-connect-setup")
    application.setQuitOnLastWindowClosed(False)
    install(application, ThemeChoice(theme))
    try:
        return _open(options)
    except Trouble as trouble:
        if trouble.code is Code.PROFILE_NOT_TRUSTED:
            if not _agreed(trouble):
                return int(Exit.CANCELLED)
            return _open_or_tell(replace(options, trust_profile=True))
        return _tell(trouble)


def _open_or_tell(options: Options) -> int:
    try:
        return _open(options)
    except Trouble as trouble:
        return _tell(trouble)


def _agreed(trouble: Trouble) -> bool:
    """Show the computers that a given profile names, and ask."""
    from PySide6.QtCore import QEventLoop

    from wizard.ui.gate import Gate

    gate = Gate(trouble)
    loop = QEventLoop()
    gate.agreed.connect(lambda: loop.exit(1))
    gate.refused.connect(loop.quit)
    gate.show()
    agreed = loop.exec() == 1
    gate.deleteLater()
    return agreed


def _tell(trouble: Trouble) -> int:
    """Show what keeps the program from starting, until the person closes it."""
    _agreed(trouble)
    return int(exit_of_trouble(trouble.code))


def _open(options: Options) -> int:
    """One window a profile: a second copy brings the first to the front and ends."""
    from PySide6.QtWidgets import QApplication

    from wizard.services.environment import open_workbench
    from wizard.services.lock import FirstWindow
    from wizard.services.profiles import choose_profile, state_name
    from wizard.ui.program import Program
    from wizard.ui.run import closing_on_signals, mistakes_told, qt_messages_logged

    folders = Folders.of_person(options.home)
    wanted = ""
    if options.resume is not None:
        from wizard.services.resume_file import read_resume
        from wizard.services.resume_profile import profile_for

        resume = read_resume(options.resume)
        wanted = resume.ou_id
        options = replace(options, profile=profile_for(resume, options, folders.config))
    profile = choose_profile(options.profile, folders.config, confirmed=options.trust_profile)
    first = FirstWindow(folders.of_profile(state_name(profile)), SystemClock())
    programs: list[Program] = []

    def to_front(unit: str) -> None:
        for program in programs:
            program.bring_to_front(unit)

    if not first.take(to_front, wanted):
        return int(Exit.DONE)
    try:
        bench = open_workbench(options, resolver=_system_proxy, asks=True)
        program = Program(bench)
        programs.append(program)
        program.ended.connect(QApplication.quit)
        with (
            closing_on_signals(program.close_soon),
            qt_messages_logged(),
            mistakes_told(program.tell_mistake),
        ):
            if not options.background:
                program.show(wanted)
            elif program.keeps_in_step:
                program.stay_hidden()
            else:
                # Nothing is to be kept in step yet: nobody asked for a window either.
                program.close_soon()
            return QApplication.exec()
    finally:
        first.close()
