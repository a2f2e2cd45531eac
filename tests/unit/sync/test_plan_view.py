from __future__ import annotations

import csv
import io

import pytest

from tests.unit.sync.world import DOMAIN, World
from wizard.core.runs import PlanCounts, PlanKind, Reason
from wizard.sync.plan_view import counts, plan_rows, write_csv

HEADING = ("Person", "Address", "Plan", "Why", "Name before", "Address before", "By", "Detail")


@pytest.fixture
def plan(world: World) -> str:
    world.directory.hire_many(30)
    world.directory.hire("lukasz", given="Łukasz", family="Nowak")
    world.directory.hire("yuki", given="由紀", family="田中", address=f"Yuki.Tanaka@{DOMAIN}")
    world.suspend("u00003", "u00004")
    return world.preview().run_id


def found(
    world: World, plan: str, search: str = "", kinds: frozenset[PlanKind] = frozenset()
) -> list[str]:
    rows, total = plan_rows(world.database, plan, kinds=kinds, search=search, offset=0, limit=100)
    assert total == len(rows)
    return [row.user_id for row in rows]


@pytest.mark.parametrize(
    ("search", "who"),
    [
        ("ŁUKASZ", ["lukasz"]),
        ("nowak łuk", ["lukasz"]),
        ("田中", ["yuki"]),
        ("yuki.TANAKA@halden", ["yuki"]),
        ("no17", ["u00017"]),
        ("nobody of that name", []),
        ("%", []),
    ],
)
def test_people_are_found_by_parts_of_name_and_address(
    world: World, plan: str, search: str, who: list[str]
) -> None:
    assert found(world, plan, search) == who


def test_rows_are_filtered_by_kind_and_paged_in_a_fixed_order(world: World, plan: str) -> None:
    assert found(world, plan, kinds=frozenset({PlanKind.SKIP})) == ["u00003", "u00004"]
    everybody = found(world, plan)
    pages: list[str] = []
    for offset in range(0, 40, 7):
        rows, total = plan_rows(
            world.database, plan, kinds=frozenset(), search="", offset=offset, limit=7
        )
        assert total == 32
        pages += [row.user_id for row in rows]
    assert pages == everybody
    assert counts(world.database, plan) == PlanCounts(create=30, skip=2)


def test_a_text_pasted_by_mistake_finds_nobody(world: World) -> None:
    world.directory.hire("u1", given="Amira", family="Benali")
    run_id = world.preview().run_id
    pasted = " ".join(f"word{number}" for number in range(3000))
    for search, people in ((pasted, 0), ("amira " * 3000, 1)):
        _, total = plan_rows(
            world.database, run_id, kinds=frozenset(), search=search, offset=0, limit=1
        )
        assert total == people


def test_a_held_row_says_so(world: World) -> None:
    world.directory.hire_many(60)
    report = world.run()
    rows, _ = plan_rows(
        world.database, report.run_id, kinds=frozenset(), search="", offset=0, limit=1
    )
    assert rows[0].reason is Reason.HELD


def test_the_csv_holds_everybody_and_no_cell_that_a_spreadsheet_would_run(world: World) -> None:
    ugly = ("=cmd()", "+1", "-2", "@SUM(A1)", "\tx", "\rx", 'quo"te, and comma', "two\nlines")
    for number, name in enumerate(ugly):
        world.directory.hire(f"x{number}", given=name, family="")
    world.directory.hire_many(600)
    run_id = world.preview().run_id
    file = io.StringIO(newline="")
    written = write_csv(
        world.database,
        run_id,
        file,
        heading=HEADING,
        words={PlanKind.CREATE: "Create", Reason.NEW_IN_SCOPE: "New"},
    )
    assert written == 608
    file.seek(0)
    heading, *rows = list(csv.reader(file))
    assert tuple(heading) == HEADING
    assert len(rows) == 608
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]
    assert {row[2] for row in rows} == {"Create"}
    names = {row[0] for row in rows}
    assert "'=cmd()" in names
    assert {'quo"te, and comma', "two\nlines"} <= names
