"""`runs`: what the last runs did."""

from __future__ import annotations

import argparse

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.cli.values import count
from wizard.content.text import N_, t
from wizard.services.exits import Exit

__all__ = ["RUNS"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--last", type=count(1, 10_000), default=10, metavar="N", help=t("how many runs")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.telling import report_lines

    with open_bench(given, terminal) as bench:
        reports = bench.reports(given.last)
        lines = [
            line for report in reports for line in (*report_lines(report), f"  {report.run_id}")
        ]
        terminal.answer({"runs": reports}, lines or [t("Nothing has run yet.")])
    return Exit.DONE


RUNS = Command(name="runs", words=N_("what the last runs did"), run=_run, options=_options)
