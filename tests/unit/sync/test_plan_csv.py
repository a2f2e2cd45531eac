"""The plan as a table for spreadsheets: whole, harmless, and as it stands on the screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.unit.sync.world import World, new_world
from wizard.core.runs import PlanKind, Reason
from wizard.core.tables import harmless
from wizard.sync.plan_view import plan_rows, write_csv

HEADING = ("Person", "Address", "Plan", "Why", "Name before", "Address before", "By", "Detail")


def named(word: str) -> Iterable[Reason]:
    return (Reason.SUSPENDED,) if word in "suspended in google" else ()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A plan with people of several kinds, some of them with ugly names."""
    world = new_world(tmp_path_factory.mktemp("plan"))
    for number, name in enumerate(("=cmd()", "+1", "-2", "@SUM(A1)", "Łukasz", "由紀", "Zoë")):
        world.directory.hire(f"x{number}", given=name, family="Nowak")
    world.directory.hire_many(60)
    world.suspend("u00003", "u00004", "u00005")
    yield world, world.preview().run_id
    world.database.close()


@how(deadline=None)
@given(
    kinds=st.frozensets(st.sampled_from([PlanKind.CREATE, PlanKind.SKIP, PlanKind.UPDATE])),
    search=st.sampled_from(["", "nowak", "ŁUK", "u0000", "susp", "google nowak", "nobody", "%"]),
)
def test_the_file_holds_what_the_screen_shows_in_its_order(
    filled: tuple[World, str], kinds: frozenset[PlanKind], search: str
) -> None:
    world, run_id = filled
    rows, total = plan_rows(
        world.database, run_id, kinds=kinds, search=search, offset=0, limit=500, named=named
    )
    file = io.StringIO(newline="")
    written = write_csv(
        world.database,
        run_id,
        file,
        heading=HEADING,
        words={},
        kinds=kinds,
        search=search,
        named=named,
    )
    file.seek(0)
    _, *lines = list(csv.reader(file))
    assert written == total == len(lines)
    assert [line[1] for line in lines] == [harmless(row.address) for row in rows]
    assert [line[0] for line in lines] == [harmless(row.name) for row in rows]


def test_people_are_found_by_the_reason_as_people_read_it(filled: tuple[World, str]) -> None:
    world, run_id = filled
    rows, total = plan_rows(
        world.database,
        run_id,
        kinds=frozenset(),
        search="suspended",
        offset=0,
        limit=10,
        named=named,
    )
    assert total == 3
    assert {row.reason for row in rows} == {Reason.SUSPENDED}
