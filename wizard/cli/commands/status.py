"""`status`: where the set-up and the sync stand."""

from __future__ import annotations

import argparse

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_
from wizard.services.exits import Exit

__all__ = ["STATUS"]


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.status import status_lines, status_of

    with open_bench(given, terminal) as bench:
        status = status_of(bench, terminal.cancel)
        terminal.answer(status, status_lines(status))
    return Exit.DONE


STATUS = Command(name="status", words=N_("what is set up on this computer"), run=_run)
