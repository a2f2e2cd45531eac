"""`preview`: what a sync would do, and the whole plan as CSV."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.cli.values import count
from wizard.content.text import N_, t, tn
from wizard.core.runs import RunProgress
from wizard.services.exits import Exit

__all__ = ["PREVIEW"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, metavar="FILE", help=t("write the plan here"))
    parser.add_argument(
        "--rows", type=count(0, 100_000), default=20, metavar="N", help=t("people to show")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.content.reasons import kind_label, why
    from wizard.services.telling import preview_lines

    with open_bench(given, terminal) as bench:
        heard = terminal.progress()
        view = bench.preview(
            None, lambda e: heard(e) if isinstance(e, RunProgress) else None, terminal.cancel
        )
        terminal.end_progress()
        rows, _ = bench.plan_rows(
            view.run_id, kinds=frozenset(), search="", offset=0, limit=given.rows
        )
        lines = preview_lines(view)
        lines += [
            "",
            *(f"  {kind_label(row.kind):<10} {row.address:<40} {why(row)}" for row in rows),
        ]
        if given.csv is not None:
            people = bench.save_plan(view.run_id, given.csv)
            lines += [
                "",
                tn(
                    "{count} person was written to {file}.",
                    "{count} people were written to {file}.",
                    people,
                    file=str(given.csv),
                ),
            ]
        terminal.answer({"preview": view, "rows": rows}, lines)
    return Exit.STOPPED_BY_GUARD if view.held else Exit.DONE


PREVIEW = Command(
    name="preview",
    words=N_("what a sync would do, without doing it"),
    run=_run,
    options=_options,
)
