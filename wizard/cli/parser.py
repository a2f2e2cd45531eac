"""Every command's name, options and help in one parser."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from wizard import __version__
from wizard.cli.command import Command
from wizard.content.text import t
from wizard.services.arguments import add_keeping, add_whereabouts

__all__ = ["build_parser"]

PROGRAM = "enterprise-connect"


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group(t("for every command"))
    add_whereabouts(group)
    group.add_argument("--json", action="store_true", help=t("answer with one JSON object"))
    add_keeping(group)
    return shared


def build_parser(commands: Sequence[Command]) -> argparse.ArgumentParser:
    """The parser; each command's namespace carries its function as `command`."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=t("Everyone in your directory gets an account, and stays in step."),
        epilog=t(
            "Exit codes: 0 done, 1 could not be done, 2 usage, 3 done in part, 4 stopped by the "
            "safety limits, 5 sign-in needed, 6 another computer syncs, 130 cancelled."
        ),
    )
    parser.add_argument("--version", action="version", version=__version__)
    shared = _shared()
    names = parser.add_subparsers(title=t("commands"), metavar="")
    groups = {"": names}
    for command in commands:
        group = command.group
        if group is not None and group.name not in groups:
            below = names.add_parser(group.name, help=t(group.words))
            below.set_defaults(command=None)
            groups[group.name] = below.add_subparsers(title=t("commands"), metavar="")
        words = t(command.words)
        made = groups[group.name if group else ""].add_parser(
            command.name, help=words, description=words, parents=[shared]
        )
        made.set_defaults(command=command.run)
        command.options(made)
    return parser
