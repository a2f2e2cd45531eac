"""What syncs did to one account, and one run row by row; refusals are told twice at most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.sync.world import DOMAIN, World, new_world
from wizard.core.people import EventKind
from wizard.core.runs import PlanKind, RunOutcome
from wizard.core.trouble import Code
from wizard.services.operations import Operation, operations_of
from wizard.services.people_story import Signers, tell_story
from wizard.sync.run_rows import RowResult, find_run, run_rows

NOBODY = Signers(signed_in="", authorized="")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path)
    yield made
    made.database.close()


def operations(world: World, user_id: str) -> list[Operation]:
    with world.database.read() as reading:
        return list(operations_of(reading, user_id, at_most=20))


def test_a_change_is_told_with_the_values_before_and_after_and_its_run(world: World) -> None:
    world.directory.hire("u1", given="Ana", family="Silva")
    first = world.first_sync()
    world.directory.change("u1", family="Lind")
    second = world.run()
    newest, oldest = operations(world, "u1")
    assert (oldest.run_id, oldest.kind, oldest.before) == (first.run_id, PlanKind.CREATE, None)
    assert newest.run_id == second.run_id
    assert newest.before is not None
    assert newest.after is not None
    assert (newest.before.family_name, newest.after.family_name) == ("Silva", "Lind")


def test_a_refusal_that_comes_again_and_again_is_told_by_its_first_and_its_last(
    world: World,
) -> None:
    world.directory.hire("u1")
    world.directory.hire("u2")
    world.service.refuse[f"u1@{DOMAIN}"] = Code.REQUEST_REFUSED
    runs = [world.first_sync().run_id]
    for _ in range(5):
        world.clock.forward(minutes=30)
        runs.append(world.run().run_id)
    told = operations(world, "u1")
    assert [one.run_id for one in told] == [runs[-1], runs[0]]
    assert {(one.state, one.code, one.service_said) for one in told} == {
        ("failed", "request-refused", "no")
    }
    with world.database.read() as reading:
        story = tell_story(reading, "u1", world.settings, NOBODY)
    assert story is not None
    assert [event.kind for event in story.events] == [EventKind.FAILED, EventKind.FAILED]
    written = [one for one in world.service.written if one.address == f"u1@{DOMAIN}"]
    assert len(written) == len(runs), "each sync tries once, and no sync twice"


def test_a_run_is_told_row_by_row_with_what_came_of_it(world: World) -> None:
    world.directory.hire("u1", given="Ana", family="Silva")
    world.directory.hire("u2")
    world.service.refuse[f"u2@{DOMAIN}"] = Code.ADDRESS_TAKEN
    run = world.first_sync()
    assert run.outcome in {RunOutcome.PARTLY, RunOutcome.FAILED}
    world.clock.forward(minutes=30)
    again = world.run()
    with world.database.read() as reading:
        found = find_run(reading, run.run_id[:-2])
        rows = {row.user_id: row for row in run_rows(reading, found, everybody=True)}
        quiet = list(run_rows(reading, again.run_id, everybody=False))
        whole = list(run_rows(reading, again.run_id, everybody=True))
        assert find_run(reading, "2026") == "", "two begin like this"
    assert found == run.run_id
    assert (rows["u1"].result, rows["u2"].result) == (RowResult.DONE, RowResult.FAILED)
    assert (rows["u2"].code, rows["u2"].detail) == ("address-taken", "no")
    assert {row.user_id for row in quiet} == {"u2"}
    assert {row.user_id: row.result for row in whole}["u1"] is RowResult.NONE
