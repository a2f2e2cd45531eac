"""`undo`: take a past run back, shown first, and then done once somebody has counted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.cli.values import count
from wizard.content.text import N_, t
from wizard.core.runs import PlanKind, Trigger
from wizard.services.exits import Exit, exit_of_report

if TYPE_CHECKING:
    from wizard.services.contract.undoing import UndoView
    from wizard.services.workbench import LocalWorkbench

__all__ = ["UNDO", "named"]

_LAST = "last"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", metavar="RUN", help=t("the id of the sync, as runs prints it; or last")
    )
    parser.add_argument(
        "--preview", action="store_true", help=t("only show what taking it back would do")
    )
    parser.add_argument(
        "--yes",
        type=count(0, 10_000_000),
        metavar="N",
        help=t("do it, for the N people that it is about"),
    )
    parser.add_argument(
        "--rows", type=count(0, 100_000), default=20, metavar="N", help=t("people to show")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.telling import report_lines
    from wizard.services.telling_undo import standstill_lines, undo_lines, yes_lines

    with open_bench(given, terminal) as bench:
        view = bench.undoing.look(named(bench, given.run), terminal.progress(), terminal.cancel)
        terminal.end_progress()
        rows, _ = bench.plan_rows(
            view.run_id, kinds=frozenset(), search="", offset=0, limit=given.rows
        )
        alone, _ = bench.plan_rows(
            view.run_id, kinds=frozenset({PlanKind.SKIP}), search="", offset=0, limit=100_000
        )
        lines = undo_lines(view, rows)
        waits = given.preview or (given.yes is None and view.asks_number)
        if waits or not view.people:
            if view.people:
                lines += yes_lines(view)
            terminal.answer({"undo": view, "rows": rows, "left_alone": alone}, lines)
            return _waiting(view, preview=given.preview)
        terminal.say(*lines)
        report = bench.undoing.carry_out(
            view,
            view.people if given.yes is None else given.yes,
            terminal.progress(),
            terminal.cancel,
            trigger=Trigger.COMMAND,
        )
        terminal.end_progress()
        terminal.answer(
            {"undo": view, "report": report, "left_alone": alone},
            ["", *report_lines(report), *standstill_lines(report)],
        )
    return exit_of_report(report)


def named(bench: LocalWorkbench, run: str) -> str:
    """The id of the run; `last` is the newest sync that changed anything, killed or not.

    Never a run that took one back: whoever says it twice does not want the mistake again.
    """
    return (bench.undoing.last() or run) if run == _LAST else run


def _waiting(view: UndoView, *, preview: bool) -> Exit:
    """How a command ends that did nothing: by the limits, or for want of the number."""
    if not view.people:
        return Exit.PARTLY if view.left_alone else Exit.DONE
    return Exit.STOPPED_BY_GUARD if view.held or not preview else Exit.DONE


UNDO = Command(
    name="undo",
    words=N_("take a past sync back, as far as nothing has changed since"),
    run=_run,
    options=_options,
)
