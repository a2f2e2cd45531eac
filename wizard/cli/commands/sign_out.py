"""`sign-out`: end the person's sign-in; the sync's own goes on."""

from __future__ import annotations

import argparse

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t
from wizard.services.exits import Exit

__all__ = ["SIGN_OUT"]


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    with open_bench(given, terminal) as bench:
        bench.sign_out(terminal.cancel)
        goes_on = bench.answers.provisioning_on
        lines = [t("You are signed out.")]
        if goes_on:
            lines.append(
                t("The sync goes on with a token of its own. Turn it off in the settings.")
            )
        terminal.answer({"signed_out": True, "sync_goes_on": goes_on}, lines)
    return Exit.DONE


SIGN_OUT = Command(name="sign-out", words=N_("end your sign-in; the sync goes on"), run=_run)
