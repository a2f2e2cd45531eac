"""`service-files`: what a server's service manager needs to run the sync."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.cli.values import minutes
from wizard.content.text import N_, t
from wizard.services.exits import Exit

__all__ = ["SERVICE_FILES"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help=t("the folder to write them to"))
    parser.add_argument(
        "--every",
        type=minutes,
        default=0,
        metavar="TIME",
        help=t("how often to sync (such as 30m), else as the settings say"),
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.service_files import write_service_files

    home = given.home.expanduser().absolute() if given.home is not None else None
    made = write_service_files(given.folder, home=home, profile=given.profile, minutes=given.every)
    lines = [t("Written: {file}", file=str(path)) for path in made.written]
    lines += [t("There already, and left as it is: {file}", file=str(path)) for path in made.left]
    lines.append(t("The first lines of each file say how it is put into use."))
    terminal.answer(made, lines)
    return Exit.DONE


SERVICE_FILES = Command(
    name="service-files",
    words=N_("files for systemd and the Windows task scheduler"),
    run=_run,
    options=_options,
)
