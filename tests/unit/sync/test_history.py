"""Finished runs are found by what they did, by whom they wrote, and by what went wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.sync.world import FakeClock, Killed, World, killed_after
from wizard.core.clock import to_text
from wizard.core.runs import RunOutcome
from wizard.sync.history import (
    RunsWanted,
    found_runs,
    last_that_wrote,
    names_of,
    reports_since,
)


@pytest.fixture
def ran(world: World) -> World:
    """Three runs: two hired, nothing to do, one renamed."""
    world.directory.hire("u1", given="Amira", family="Benali")
    world.directory.hire("u2", given="Oda", family="Strand")
    assert world.first_sync().outcome is RunOutcome.DONE
    world.clock.forward(hours=1)
    assert world.run().outcome is RunOutcome.DONE
    world.clock.forward(hours=1)
    world.directory.change("u2", family="Lind")
    assert world.run().outcome is RunOutcome.DONE
    return world


def _ids(world: World, wanted: RunsWanted) -> list[str]:
    found, total = found_runs(world.database, wanted, offset=0, limit=50)
    assert total == len(found)
    return [one.report.run_id for one in found]


def test_the_newest_run_stands_first_and_each_knows_when_the_one_before_ended(
    ran: World,
) -> None:
    found, total = found_runs(ran.database, RunsWanted(), offset=0, limit=2)
    assert total == 3
    assert len(found) == 2
    newest, middle = found
    assert newest.before_ended_at is not None
    assert to_text(newest.before_ended_at) == to_text(middle.report.finished_at)
    oldest = found_runs(ran.database, RunsWanted(), offset=2, limit=1)[0][0]
    assert oldest.before_ended_at is None


def test_only_runs_that_wrote_count_as_changes(ran: World) -> None:
    every = _ids(ran, RunsWanted())
    assert _ids(ran, RunsWanted(changes=True)) == [every[0], every[2]]
    assert _ids(ran, RunsWanted(problems=True)) == []


@pytest.mark.parametrize(
    ("search", "places"),
    [("strand", [2]), ("ODA", [0, 2]), ("amira benali", [2]), ("lind", [0]), ("nobody", [])],
)
def test_a_person_finds_the_runs_that_did_something_for_them(
    ran: World, search: str, places: list[int]
) -> None:
    every = _ids(ran, RunsWanted())
    assert _ids(ran, RunsWanted(search=search)) == [every[place] for place in places]


def test_a_text_pasted_by_mistake_finds_nothing(ran: World) -> None:
    pasted = " ".join(f"word{number}" for number in range(3000))
    assert _ids(ran, RunsWanted(search=pasted)) == []
    assert len(_ids(ran, RunsWanted(search="amira " * 3000))) == 1


def test_a_code_finds_the_runs_that_met_it(ran: World) -> None:
    assert _ids(ran, RunsWanted(search="stopped-by-guard")) == []
    assert len(_ids(ran, RunsWanted(search="done"))) == 3


def test_names_are_of_those_whom_the_run_wrote(ran: World) -> None:
    every = _ids(ran, RunsWanted())
    with ran.database.read() as reading:
        assert names_of(reading, every[2], at_most=3) == ("Amira Benali", "Oda Strand")
        assert names_of(reading, every[2], at_most=1) == ("Amira Benali",)
        assert names_of(reading, every[1], at_most=3) == ()


def test_reports_since_a_moment_leave_older_ones_out(ran: World) -> None:
    clock: FakeClock = ran.clock
    with ran.database.read() as reading:
        late = list(reports_since(reading, clock.moment - timedelta(minutes=90)))
    assert len(late) == 2


def test_the_newest_run_that_wrote_is_found_also_where_it_was_killed(ran: World) -> None:
    with ran.database.read() as reading:
        assert last_that_wrote(reading) == _ids(ran, RunsWanted())[0]
    ran.directory.change("u1", family="Killed")
    ran.service.faults.append(killed_after)
    with pytest.raises(Killed):
        ran.run()
    with ran.database.read() as reading:
        killed = last_that_wrote(reading)
        assert killed not in _ids(ran, RunsWanted())
        assert killed == reading.value(str, "SELECT id FROM run WHERE report IS NULL")


def test_the_newest_run_that_wrote_goes_by_their_order_and_not_by_the_clock(ran: World) -> None:
    ran.clock.forward(days=-1)
    ran.directory.change("u1", family="Later")
    later = ran.run()
    assert later.done.update == 1
    with ran.database.read() as reading:
        assert last_that_wrote(reading) == later.run_id
