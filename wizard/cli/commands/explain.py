"""`explain`: why somebody is here or isn't, from what this computer knows."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wizard.cli.bench import open_bench
from wizard.cli.command import Command
from wizard.cli.terminal import Terminal
from wizard.content.text import N_, t, tn
from wizard.services.exits import Exit

if TYPE_CHECKING:
    from wizard.core.people import Explanation, MemberRow
    from wizard.core.problems import PersonProblem
    from wizard.services.operations import AccountValues, Operation
    from wizard.services.workbench import LocalWorkbench

__all__ = ["EXPLAIN"]

_OPERATIONS = 20


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "person", metavar="ADDRESS", help=t("an address, a name, or an id of directory or account")
    )


def _run(given: argparse.Namespace, terminal: Terminal) -> int:
    from wizard.services.explain_object import explain_object

    with open_bench(given, terminal) as bench:
        told = bench.people.explain(given.person, terminal.cancel)
        operations, problem = _beside(bench, told, terminal)
        now = datetime.now(UTC)
        terminal.answer(
            explain_object(told, operations, problem, now),
            list(_lines(told, operations, problem, now)),
        )
    return _exit(told)


def _beside(
    bench: LocalWorkbench, told: Explanation, terminal: Terminal
) -> tuple[Sequence[Operation], PersonProblem | None]:
    """What the journal has of the person, and their problem, where they have one."""
    if told.person is None:
        return (), None
    user_id = told.person.user_id
    problems = bench.home.people_with_problems("", terminal.cancel).people
    problem = next((one for one in problems if one.user_id == user_id), None)
    return bench.engine.people.operations(user_id, _OPERATIONS), problem


def _exit(told: Explanation) -> Exit:
    """Answered is 0; where another computer has the answer 6, else 1."""
    if told.person is not None:
        return Exit.DONE
    return Exit.NOT_THE_SYNCER if told.keeper else Exit.FAILED


def _lines(
    told: Explanation,
    operations: Sequence[Operation],
    problem: PersonProblem | None,
    now: datetime,
) -> Iterator[str]:
    from wizard.content.person_reasons import answer_text
    from wizard.content.problems import again_words, problem_words, since_words

    yield from answer_text(told, now).splitlines()
    if problem is not None:
        words = problem_words(problem)
        yield ""
        yield t("{what}, {since}", what=words.title, since=since_words(problem, now))
        yield f"  {words.reason}"
        yield f"  {words.to_do}"
        yield f"  {again_words(problem)}"
    if operations:
        yield ""
        yield t("What syncs did, the newest first:")
        for one in operations:
            yield from _operation(one)
    yield from _choices(told.choices)
    if told.more_choices:
        yield "  " + tn("and {count} more", "and {count} more", told.more_choices)
    if told.near:
        yield ""
        yield t("Much alike:")
        yield from _choices(told.near)


def _operation(one: Operation) -> Iterator[str]:
    from wizard.content.operations import changes, operation_title, proof_words
    from wizard.services.telling import moment

    yield f"  {moment(one.at)}  {operation_title(one.kind, one.state)}"
    for label, old, new in changes(_fields(one.before), _fields(one.after)):
        yield f"    {label}: {old} → {new}" if old else f"    {label}: {new}"
    if one.state == "failed" and (one.code or one.service_said):
        yield "    " + " ".join(part for part in (one.code, one.service_said) if part)
    if one.evidence:
        yield "    " + proof_words(one.evidence)
    yield "    " + t("Run {run}", run=one.run_id)


def _fields(values: AccountValues | None) -> dict[str, str]:
    if values is None:
        return {}
    name = f"{values.given_name} {values.family_name}".strip()
    return {"name": name, "address": values.address, "active": "on" if values.active else "off"}


def _choices(rows: Sequence[MemberRow]) -> Iterator[str]:
    from wizard.content.people import standing_word

    for row in rows:
        yield f"  {row.name:<30} {row.address:<40} {standing_word(row.standing)}"


EXPLAIN = Command(
    name="explain", words=N_("why somebody is here or isn’t"), run=_run, options=_options
)
