"""`problems`: everybody whom a sync can't bring in step by itself, why, and what to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t, tn
from wizard.services.exits import Exit

if TYPE_CHECKING:
    from wizard.core.problems import ProblemsView

__all__ = ["PROBLEMS"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--search", default="", metavar="WORDS", help=t("only those with these words in them")
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help=t("write the list here"))


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.problem_object import problems_object

    with open_bench(given, terminal) as bench:
        view = bench.home.people_with_problems(given.search, terminal.cancel)
        lines = _lines(view)
        if given.csv is not None:
            rows = bench.home.save_problems(given.search, given.csv, terminal.cancel)
            lines += [
                "",
                tn(
                    "{count} person was written to {file}.",
                    "{count} people were written to {file}.",
                    rows,
                    file=str(given.csv),
                ),
            ]
        terminal.answer(problems_object(view), lines)
    return Exit.PARTLY if view.people else Exit.DONE


def _lines(view: ProblemsView) -> list[str]:
    from wizard.services.telling import moment

    if view.looked_at is None:
        return [t("Nothing is known yet: no sync and no preview has looked at people here.")]
    when = moment(view.looked_at)
    as_of = (
        t("By the preview of {when}.", when=when)
        if view.preview
        else t("By the sync of {when}.", when=when)
    )
    if not view.people:
        nobody = t("Nobody has a problem.") if not view.total else t("Nobody fits.")
        return [nobody, as_of]
    head = tn("{count} person has a problem.", "{count} people have a problem.", len(view.people))
    return [head, as_of, *_people(view)]


def _people(view: ProblemsView) -> Sequence[str]:
    from datetime import UTC, datetime

    from wizard.content.problems import again_words, problem_words, since_words, told_to_do

    now = datetime.now(UTC)
    lines: list[str] = []
    for one in view.people:
        words = problem_words(one)
        who = f"{one.name} <{one.address}>" if one.address else one.name
        lines += [
            "",
            t("{who}: {what}, {since}", who=who, what=words.title, since=since_words(one, now)),
            f"  {words.reason}",
            f"  {t('What to do')}: {told_to_do(words)}",
            f"  {again_words(one)}",
        ]
    return lines


PROBLEMS = Command(
    name="problems",
    words=N_("who can’t be brought in step, why, and what to do"),
    run=_run,
    options=_options,
)
