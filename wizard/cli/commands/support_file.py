"""`support-file`: one file for support, without people, names or secrets."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t
from wizard.services.exits import Exit

__all__ = ["SUPPORT_FILE"]

_SCREEN = "-"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        default="",
        metavar="FILE",
        help=t("where to; a folder is right, too; - shows it and writes nothing"),
    )
    parser.add_argument(
        "--no-checks", action="store_true", help=t("without checking anything, and no network")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    with open_bench(given, terminal) as bench:
        calls = bench.checking
        if not given.no_checks:
            calls.check_everything(lambda _event: None, terminal.cancel)
        file = calls.support_file(terminal.cancel)
        if given.file == _SCREEN:
            terminal.answer({"file": None, "text": file.text}, file.text.splitlines())
            return Exit.DONE
        path = calls.save_support_file(file, Path(given.file) if given.file else Path(file.name))
        lines = [
            t("The support file is {file}.", file=str(path)),
            "  " + t("It names no person and holds no secret; its first lines say what is in it."),
            "  " + t("Nothing was sent. Read it, then send it to support."),
        ]
        terminal.answer({"file": path.resolve(), "text": file.text}, lines)
    return Exit.DONE


SUPPORT_FILE = Command(
    name="support-file",
    words=N_("write one file for support, without people or secrets"),
    run=_run,
    options=_options,
)
