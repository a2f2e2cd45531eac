"""`practice serve` and `practice rehearse`: an organization to try everything with."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.cli.command import Command, Group
from wizard.cli.terminal import Terminal
from wizard.cli.values import count
from wizard.content.text import N_, t
from wizard.services.exits import Exit

__all__ = ["REHEARSE", "SERVE"]

_PRACTICE = Group(name="practice", words=N_("the practice organization on this computer"))


def _sample(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--people", type=count(10, 1_000_000), default=480, metavar="N", help=t("how many")
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help=t("which sample"))


def _options_to_serve(parser: argparse.ArgumentParser) -> None:
    _sample(parser)
    parser.add_argument(
        "--activation-seconds",
        type=float,
        default=2.0,
        metavar="S",
        help=t("until a connection turns active"),
    )
    parser.add_argument(
        "--ready-file", type=Path, metavar="FILE", help=t("write where it is, once ready")
    )
    parser.add_argument("--parent-pid", type=int, metavar="PID", help=t("end with it"))


def _options_to_rehearse(parser: argparse.ArgumentParser) -> None:
    _sample(parser)
    parser.add_argument("--provider", choices=["google"], default="google")
    parser.add_argument("--only-set-up", action="store_true", help=t("stop before the first sync"))


def _serve(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.core.paths import Folders
    from wizard.practice.serve import PracticeOptions, serve

    home = given.home or Folders.of_person().data / "practice-organization"
    options = PracticeOptions(
        home=home,
        people=given.people,
        seed=given.seed,
        activation_seconds=given.activation_seconds,
        ready_file=given.ready_file,
        parent_pid=given.parent_pid,
    )
    return serve(options, announce=terminal.note)


def _rehearse(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.rehearse import RehearsalOptions, rehearse

    options = RehearsalOptions(
        people=given.people,
        seed=given.seed,
        home=given.home,
        profile=Path(given.profile) if given.profile else None,
        passphrase_file=given.passphrase_file,
        only_set_up=given.only_set_up,
    )
    outcome = rehearse(options, terminal.cancel, tell=terminal.note)
    terminal.answer(outcome, outcome.lines())
    return Exit.DONE if outcome.exact else Exit.FAILED


SERVE = Command(
    name="serve",
    group=_PRACTICE,
    words=N_("run the practice organization until Ctrl+C"),
    run=_serve,
    options=_options_to_serve,
)
REHEARSE = Command(
    name="rehearse",
    group=_PRACTICE,
    words=N_("do a whole set-up against it, without a window"),
    run=_rehearse,
    options=_options_to_rehearse,
)
