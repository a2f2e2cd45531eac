"""Plans, runs and evidence are kept for as long as a person chose, and no limit suffers by it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.unit.sync.world import FakeService, World
from wizard.accounts.base import AccountWrite
from wizard.sync.keeping import LEAST_DAYS, MOST_DAYS, USUAL_DAYS, choose_days, days_kept
from wizard.sync.runs import prune


def runs(world: World) -> int:
    with world.database.read() as reading:
        return reading.value(int, "SELECT count(*) FROM run WHERE NOT preview")


def keep(world: World, days: int) -> int:
    """Keep so many days from now on; how many it is."""
    with world.database.transaction() as writing:
        choose_days(writing, days)
        prune(writing, world.clock, keep="")
        return days_kept(writing)


@pytest.fixture
def old(world: World) -> World:
    """A first run, another one a month later, and one fifty days after that."""
    world.directory.hire_many(3)
    world.first_sync()
    for days in (28, 50):
        world.clock.forward(days=days)
        world.directory.change("u00001", family=f"Day {days}")
        assert world.run().done.update == 1
    return world


def test_ninety_days_are_kept_where_nobody_chose(old: World) -> None:
    with old.database.read() as reading:
        assert days_kept(reading) == USUAL_DAYS == 90
    assert runs(old) == 3
    old.clock.forward(days=11)
    old.run()
    assert runs(old) == 3, "the first one is older by now"


def test_a_shorter_time_forgets_at_once_and_a_longer_one_keeps(old: World) -> None:
    assert keep(old, 365) == 365
    old.clock.forward(days=200)
    old.run()
    assert runs(old) == 4
    assert keep(old, 210) == 210
    assert runs(old) == 2
    with old.database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM journal") == 1


def test_the_newest_good_run_stays_however_old(old: World) -> None:
    old.clock.forward(days=400)
    keep(old, LEAST_DAYS)
    assert runs(old) == 1


@pytest.mark.parametrize(("asked", "kept"), [(0, LEAST_DAYS), (-5, LEAST_DAYS), (9999, MOST_DAYS)])
def test_no_time_is_too_short_for_the_limits_or_without_end(
    world: World, asked: int, kept: int
) -> None:
    world.directory.hire_many(3)
    world.first_sync()
    assert keep(world, asked) == kept


def test_choosing_while_a_sync_goes_on_takes_nothing_from_its_plan(old: World) -> None:
    def chosen(service: FakeService, writes: Sequence[AccountWrite]) -> None:
        keep(old, LEAST_DAYS)

    old.directory.change("u00001", family="Another")
    old.service.faults.append(chosen)
    report = old.run()
    assert (report.planned.unchanged, report.planned.update) == (2, 1)
    assert len(old.rows(report.run_id)) == 3
