"""`report`: a page for the helpdesk after each sync, in a folder that somebody names."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t, tn
from wizard.services.exits import Exit

if TYPE_CHECKING:
    from wizard.services.contract.checking import ReportView

__all__ = ["REPORT"]


def _options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help=t("write the page there now, and after each sync; without it: what is chosen"),
    )
    what.add_argument("--off", action="store_true", help=t("write none, and delete the last one"))
    parser.add_argument(
        "--private",
        action="store_true",
        help=t("name nobody in it: it answers only for a whole address that is typed"),
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    with open_bench(given, terminal) as bench:
        calls = bench.checking
        if given.private and given.folder is None:
            terminal.note(t("--private is said together with a folder."))
            return Exit.USAGE
        if given.off:
            view = calls.end_report()
            lines = [t("No helpdesk report is written.")]
            if view.file:
                lines.append("  " + t("{file} could not be deleted.", file=view.file))
            terminal.answer(_object(view), lines)
            return Exit.PARTLY if view.file else Exit.DONE
        if given.folder is not None:
            view = calls.choose_report(given.folder, terminal.cancel, private=given.private)
        else:
            view = calls.report()
        terminal.answer(_object(view), _lines(view))
    return Exit.FAILED if view.trouble is not None else Exit.DONE


def _object(view: ReportView) -> dict[str, object]:
    """The view for a program; its trouble as all commands tell one."""
    from wizard.services.telling import trouble_object

    told = {one.name: getattr(view, one.name) for one in fields(view)}
    return {**told, "trouble": trouble_object(view.trouble) if view.trouble is not None else None}


def _lines(view: ReportView) -> list[str]:
    from wizard.services.telling import moment, trouble_lines

    if view.folder is None:
        return [t("No helpdesk report is written.")]
    kind = t("names nobody") if view.private else t("names people")
    lines = [
        t("After each sync a helpdesk report is written to {folder}.", folder=str(view.folder)),
        "  " + t("It {kind}.", kind=kind),
    ]
    if view.written_at is not None:
        told = tn("{count} person", "{count} people", view.people)
        size = f"{view.size / 1_000_000:.1f}"
        lines.append(
            "  "
            + t(
                "{file}: {people}, {size} MB, {when}",
                file=view.file,
                people=told,
                size=size,
                when=moment(view.written_at),
            )
        )
    if view.trouble is not None:
        lines += ["  " + t("The newest could not be written."), *trouble_lines(view.trouble)]
    return lines


REPORT = Command(
    name="report",
    words=N_("a page for the helpdesk after each sync"),
    run=_run,
    options=_options,
)
