"""`check`: whether everything is in order, here and where the program speaks to."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t

if TYPE_CHECKING:
    from wizard.services.diagnostics import Check

__all__ = ["CHECK"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--self", action="store_true", help=t("the program itself, without any network")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.diagnostics import check_self, check_set_up, worst
    from wizard.services.telling import finding_lines

    checks: Sequence[Check]
    if given.self:
        checks = check_self(terminal.cancel)
    else:
        with open_bench(given, terminal) as bench:
            checks = check_set_up(bench, terminal.cancel)
    lines: list[str] = []
    for check in checks:
        lines += finding_lines([(check.view, check.title, check.detail)])
        lines += [f"    {check.to_do}"] if check.to_do else []
    terminal.answer({"checks": checks}, lines)
    return worst(checks)


CHECK = Command(
    name="check", words=N_("whether everything is in order"), run=_run, options=_options
)
