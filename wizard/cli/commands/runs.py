"""`runs`: what the last runs did, or one of them, person by person."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.cli.values import count
from wizard.content.text import N_, t, tn
from wizard.core.trouble import Code, Trouble
from wizard.services.exits import Exit

if TYPE_CHECKING:
    from wizard.services.told_runs import OneRun
    from wizard.services.workbench import LocalWorkbench
    from wizard.sync.history import FoundRun
    from wizard.sync.run_rows import RunRowTold

__all__ = ["RUNS"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", nargs="?", default="", metavar="RUN", help=t("the id of one run, or how it begins")
    )
    parser.add_argument(
        "--last", type=count(1, 10_000), default=10, metavar="N", help=t("how many runs")
    )
    parser.add_argument(
        "--all", action="store_true", help=t("of one run: also people with nothing to do")
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help=t("write the list here"))


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    with open_bench(given, terminal) as bench:
        if given.run:
            return _one(bench, given, terminal)
        found = bench.engine.told_runs.last(given.last)
        lines = _list(bench, found) or [t("Nothing has run yet.")]
        if given.csv is not None:
            from wizard.services.contract.home import RunFilter

            rows = bench.home.save_runs(RunFilter.ALL, "", given.csv, terminal.cancel)
            lines += _saved(rows, given.csv)
        runs = [_object(one) for one in found]
        plan = [held.run_id for held in bench.held()][:1]
        terminal.answer({"runs": runs, "held_plan": plan[0] if plan else ""}, lines)
    return Exit.DONE


def _one(bench: LocalWorkbench, given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.told_runs import row_object, save_rows

    one = bench.engine.told_runs.one(given.run, terminal.cancel, everybody=given.all)
    if one is None:
        raise Trouble(Code.RUN_NOT_KNOWN, run=given.run)
    lines = _list(bench, [one.run]) + _rows(one)
    if given.csv is not None:
        lines += _saved(save_rows(given.csv, one.rows), given.csv)
    rows = [row_object(row) for row in one.rows]
    terminal.answer({"run": _object(one.run), "rows": rows}, lines)
    return Exit.DONE


def _object(one: FoundRun) -> dict[str, object]:
    """The report, and how often it was tried where it could not begin."""
    from wizard.services.telling import plain

    report = {field.name: plain(getattr(one.report, field.name)) for field in fields(one.report)}
    return {**report, "began": one.tries == 0, "tries": one.tries}


def _list(bench: LocalWorkbench, found: Sequence[FoundRun]) -> list[str]:
    from wizard.content.runs import tries_words
    from wizard.services.telling import go_on_lines, report_lines

    held = {view.run_id for view in bench.held()}
    lines: list[str] = []
    for one in found:
        report = one.report
        head, *rest = report_lines(report, go_on=False)
        tries = tries_words(one.tries)
        lines += [f"{head}, {tries}" if tries else head, *rest]
        if report.run_id in held:
            lines += go_on_lines(report)
        lines.append(f"  {report.run_id}")
    return lines


def _rows(one: OneRun) -> list[str]:
    if not one.rows:
        return ["", t("No rows are kept of it, or there was nothing to do.")]
    return ["", *(line for row in one.rows for line in _row(row))]


def _row(row: RunRowTold) -> Sequence[str]:
    from wizard.content.operations import result_words
    from wizard.content.reasons import kind_label
    from wizard.services.told_runs import row_why

    who = row.address or row.name
    result = result_words(row.result.value)
    lines = [f"  {kind_label(row.kind):<10} {who:<40} {result:<14} {row_why(row)}"]
    told = " ".join(part for part in (row.code, row.detail) if part)
    return [*lines, f"  {'':<10} {told}"] if told else lines


def _saved(rows: int, path: Path) -> list[str]:
    told = tn(
        "{count} row was written to {file}.",
        "{count} rows were written to {file}.",
        rows,
        file=str(path),
    )
    return ["", told]


RUNS = Command(
    name="runs",
    words=N_("what the last runs did, or one of them, person by person"),
    run=_run,
    options=_options,
)
