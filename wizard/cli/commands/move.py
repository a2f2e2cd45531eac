"""`move-out` and `move-in`: a set-up goes to another computer, in a file under a passphrase."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t
from wizard.core.trouble import Code, Trouble
from wizard.services.exits import Exit

__all__ = ["MOVE_IN", "MOVE_OUT"]


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=t("the file of the set-up"))
    parser.add_argument(
        "--move-passphrase-file",
        type=Path,
        metavar="FILE",
        help=t("the passphrase of that file, in one that is yours alone; else it is asked for"),
    )


def _options_out(parser: argparse.ArgumentParser) -> None:
    _shared(parser)
    parser.add_argument(
        "--to", default="", metavar="NAME", help=t("what to call the new computer here")
    )


def _out(given: argparse.Namespace, terminal: Terminal) -> int:
    with open_bench(given, terminal) as bench:
        passphrase = _passphrase(given, terminal, twice=True)
        view = bench.engine.moving.move_out(
            given.file, passphrase, terminal.cancel, to=given.to[:100]
        )
        lines = [
            t("{unit} was moved out of this computer.", unit=view.unit),
            "  " + t("It is in {file}, and opens with its passphrase alone.", file=str(view.file)),
            "  " + t("Take it to the new computer, and there:"),
            f"  enterprise-connect move-in {view.file.name}",
        ]
        if not view.lease_given_up:
            lines.append(
                "  " + t("The account service could not be told; the new computer sees to it.")
            )
        if not view.with_database:
            lines.append("  " + t("Past runs are too large for the file and stay here."))
        if not view.forgotten:
            lines.append(
                "  " + t("Its sign-ins can’t be deleted here now; the next start does that first.")
            )
        terminal.answer(view, lines)
    return Exit.DONE


def _in(given: argparse.Namespace, terminal: Terminal) -> int:
    with open_bench(given, terminal) as bench:
        passphrase = _passphrase(given, terminal, twice=False)
        view = bench.engine.moving.move_in(given.file, passphrase, terminal.cancel)
        lines = [t("{unit} was moved in, from {host}.", unit=view.unit, host=view.from_host)]
        if view.syncs_here:
            lines.append("  " + t("This computer is the one that syncs now."))
        else:
            lines.append("  " + t("{host} syncs it now; this one can take over.", host=view.syncer))
        if not view.renewed:
            lines.append(
                "  " + t("Its tokens are still those of the old computer. Sign in to change them.")
            )
        lines.append("  " + t("Delete the file now: it is of no more use."))
        terminal.answer(view, lines)
    return Exit.DONE if view.syncs_here else Exit.NOT_THE_SYNCER


def _passphrase(given: argparse.Namespace, terminal: Terminal, *, twice: bool) -> str:
    """From the file, the service manager, or whoever sits at the terminal.

    Raises `Trouble` (move-not-possible, those of `passphrase_from`).
    """
    from wizard.services.passphrases import move_passphrase

    kept = move_passphrase(given.move_passphrase_file)
    if kept:
        return kept
    if not terminal.typed.by_person:
        raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="no-passphrase")
    typed = terminal.typed.secret(t("Passphrase of the file:") + " ")
    if twice and terminal.typed.secret(t("The same once more:") + " ") != typed:
        raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="not-the-same")
    return typed


MOVE_OUT = Command(
    name="move-out",
    words=N_("move this set-up into a file, for another computer"),
    run=_out,
    options=_options_out,
)
MOVE_IN = Command(
    name="move-in", words=N_("take a set-up out of its file"), run=_in, options=_shared
)
