"""The guard's verdict on every number of leavers in a small organization, asked of the engine."""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from tests.unit.sync.world import World, new_world
from wizard.core.runs import HeldKind, PlanCounts, RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database

__all__ = ["LARGEST", "Leaving", "Mark", "Table", "page", "preview_marks", "rows_of", "run_marks"]

LARGEST = 40
Table = Mapping[int, str]
"""By number of people: a mark for each number of leavers, from none to all."""


class Leaving(StrEnum):
    """How people leave."""

    SUSPENDED = "suspended"
    VANISHED = "vanished"
    OWNER_FIRST = "owner first"
    """Suspended, and the first of them is the account's owner."""


class Mark(StrEnum):
    """What the engine makes of it."""

    GOES = "."
    ASKS = "?"
    NOT_BELIEVED = "!"


def _leave(world: World, leaving: Leaving, leavers: int) -> None:
    people = [f"u{number:05}" for number in range(leavers)]
    if leaving is Leaving.VANISHED:
        world.directory.let_go(*people)
    else:
        world.suspend(*people)


def _in_step(folder: Path, people: int, leaving: Leaving) -> World:
    """An organization whose first sync is two days ago, with leavers due at once."""
    world = new_world(folder)
    world.directory.hire_many(people)
    if leaving is Leaving.OWNER_FIRST:
        world.owner("u00000")
    assert world.first_sync().done == PlanCounts(create=people)
    return world


def run_marks(people: int, leaving: Leaving) -> str:
    """The verdicts of whole runs, each from the same start; none of them did anything else.

    Raises `AssertionError` where a run did not do as its verdict says.
    """
    with tempfile.TemporaryDirectory(prefix="guard-table-") as name:
        start, folder = Path(name), Path(name) / "run"
        world = _in_step(start, people, leaving)
        world.database.close()
        marks = []
        for leavers in range(people + 1):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(start, folder, ignore=shutil.ignore_patterns("run"))
            again = _copied(world, folder)
            try:
                marks.append(_one_run(again, people, leavers, leaving))
            finally:
                again.database.close()
    return "".join(marks)


def _copied(world: World, folder: Path) -> World:
    """The same organization anew, on the database in this folder."""
    clock = copy.deepcopy(world.clock)
    database = Database.open(folder / "sync.db", clock)
    return copy.deepcopy(world, {id(world.clock): clock, id(world.database): database})


def _one_run(world: World, people: int, leavers: int, leaving: Leaving) -> Mark:
    _leave(world, leaving, leavers)
    report = world.run()
    mark = _mark(report.outcome is RunOutcome.STOPPED_BY_GUARD, report.trouble)
    gone = people - len(world.service.active_ids())
    held = dict(report.held).get(HeldKind.LEAVE, 0)
    wanted = (leavers, 0) if mark is Mark.GOES else (0, leavers if mark is Mark.ASKS else 0)
    if (gone, held) != wanted:
        raise AssertionError(f"{leavers} of {people} {leaving}: {gone} gone, {held} held")
    return mark


def preview_marks(people: int, leaving: Leaving, numbers: Iterable[int]) -> dict[int, Mark]:
    """The verdicts of previews, which decide as a run does and leave everything as it was."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="guard-table-") as folder:
        world = _in_step(Path(folder), people, leaving)
        before = dict(world.directory.people)
        try:
            for leavers in numbers:
                _leave(world, leaving, leavers)
                try:
                    found[leavers] = _mark(bool(world.preview().held), None)
                except Trouble as trouble:
                    found[leavers] = _mark(False, trouble.code)
                world.directory.people.update(before)
                world.directory.deleted.clear()
        finally:
            world.database.close()
    return found


def _mark(held: bool, trouble: Code | None) -> Mark:
    if held:
        return Mark.ASKS
    if trouble in {Code.READ_EMPTY, Code.READ_SHRUNK}:
        return Mark.NOT_BELIEVED
    if trouble is not None:
        raise AssertionError(f"an organization in step ended with {trouble}")
    return Mark.GOES


# ------------------------------------------------------------------ the page

_HEAD = """# Small organizations

How many may leave a small organization within a day before the sync stops and asks. Every mark is
what the engine did in a run of its own: an organization of so many people, all in step, the last
change two days ago, leavers due at once, the limits as they come.

The rule: at most five (up to 100 people), and never two or more who are a quarter or more, and
never everybody. In words for a small firm:

1. **One person leaves**: that goes through, from two people on. It is what happens every month.
2. **Everybody leaves**: that never goes through, not even where everybody is one person.
3. **The owner of the account leaves**: that stops, and once a person approved the others, the owner
   stays all the same; so do the admin who signed in, who authorized, and whom the settings list.
4. **Nobody is left in the directory at all**: that isn't even asked. An empty answer is not
   believed, whoever says so.

| people | go without asking | that is at most |
|---:|---:|---:|
"""

_MARKS = """
In the tables below a line is an organization, and a place in it a number of leavers: none at the
left, everybody at the right. `.` goes through, `?` stops and asks, `!` is not believed.
"""

_TITLES = {
    Leaving.SUSPENDED: (
        "Suspended",
        "Suspended in the directory; it is the same for people who fall out of the scope.",
    ),
    Leaving.VANISHED: ("Vanished", "No longer in the directory, which says of each that it is so."),
    Leaving.OWNER_FIRST: (
        "Suspended, the owner of the account first",
        "A line of one person is an organization of the owner alone.",
    ),
}


def page(tables: Mapping[Leaving, Table]) -> str:
    """The page of the documentation with these tables."""
    lines = [_HEAD.rstrip("\n")]
    suspended = tables[Leaving.SUSPENDED]
    for first, last, most in _steps(suspended):
        span = f"{first}" if first == last else f"{first} to {last}"
        lines.append(f"| {span} | {most} | {round(100 * most / first)} % |")
    lines += _MARKS.rstrip("\n").split("\n")
    for leaving, (title, words) in _TITLES.items():
        lines += ["", f"## {title}", "", words, "", "```text"]
        lines += [f"{people:2} {row}" for people, row in sorted(tables[leaving].items())]
        lines.append("```")
    return "\n".join(lines) + "\n"


def _steps(table: Table) -> list[tuple[int, int, int]]:
    """First and last number of people with one limit, and the limit."""
    found: list[tuple[int, int, int]] = []
    for people, row in sorted(table.items()):
        most = row.rfind(Mark.GOES)
        if found and found[-1][2] == most:
            found[-1] = (found[-1][0], people, most)
        else:
            found.append((people, people, most))
    return found


def rows_of(text: str) -> dict[Leaving, Table]:
    """The tables as they stand in a page."""
    found: dict[Leaving, dict[int, str]] = {}
    for leaving, (title, _) in _TITLES.items():
        block = text.split(f"## {title}\n", 1)[1].split("```text\n", 1)[1].split("```", 1)[0]
        pairs = (line.split() for line in block.splitlines())
        found[leaving] = {int(people): marks for people, marks in pairs}
    return {leaving: dict(table) for leaving, table in found.items()}
