"""What a command works on: everything about this computer, open for as long as the command runs."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.cli.pasted import PastedAtTerminal
from wizard.cli.terminal import Terminal
from wizard.services.arguments import options_of

if TYPE_CHECKING:
    from wizard.services.workbench import LocalWorkbench

__all__ = ["open_bench"]


@contextlib.contextmanager
def open_bench(given: argparse.Namespace, terminal: Terminal) -> Iterator[LocalWorkbench]:
    """The workbench that the options ask for; closed at the end, and what it noticed is told."""
    from wizard.core.paths import Folders
    from wizard.services.environment import open_workbench
    from wizard.services.logs import logging_to
    from wizard.services.telling import trouble_lines

    options = replace(options_of(given), port=getattr(given, "port", 0))
    with logging_to(Folders.of_person(options.home).logs):
        bench = open_workbench(options, browser=_browser(given), pasting=_pasting(given, terminal))
        try:
            yield bench
        finally:
            notices = bench.notices
            bench.close()
            for notice in notices:
                terminal.note(*trouble_lines(notice, bench.profile.name))


def _browser(given: argparse.Namespace) -> Callable[[str], bool] | None:
    """None for the system's browser; one that never starts where the person wants the link.

    A port is named for a browser that is elsewhere, and comes back through a tunnel.
    """
    elsewhere = getattr(given, "no_browser", False) or getattr(given, "port", 0)
    return (lambda _: False) if elsewhere else None


def _pasting(given: argparse.Namespace, terminal: Terminal) -> PastedAtTerminal | None:
    """Where the browser is on another computer, and somebody carries the addresses."""
    return PastedAtTerminal(terminal) if getattr(given, "paste", False) else None
