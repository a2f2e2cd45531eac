"""A report that another version of the program kept stops nobody from going on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.sync.world import World
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.sync.history import RunsWanted, found_runs, reports_since
from wizard.sync.runs import last_good_report, last_report, reports, stored_report
from wizard.sync.unbegun import keep_unbegun

STRANGE = '{"run_id": "x", "trigger": "schedule", "outcome": "from-another-version"}'


@pytest.fixture
def good(world: World, expect_log: ExpectedLogs) -> RunReport:
    """Two runs; the newer one's report has a word that this version doesn't know."""
    expect_log("wizard.sync.stored", "can't be understood")
    world.directory.hire("u1", given="Amira", family="Benali")
    first = world.first_sync()
    world.clock.forward(hours=1)
    second = world.run()
    assert first.outcome is second.outcome is RunOutcome.DONE
    spoil(world, "run", second.run_id)
    return first


def spoil(world: World, table: str, run_id: str) -> None:
    with world.database.transaction() as writing:
        assert writing.execute(
            f"UPDATE {table} SET report = ? WHERE id = ?",
            (STRANGE, run_id),
        )


def test_the_newest_report_that_can_be_read_counts(world: World, good: RunReport) -> None:
    assert last_report(world.database) == good
    assert last_good_report(world.database) == good
    assert reports(world.database) == [good]


def test_one_report_that_cannot_be_read_is_none(world: World, good: RunReport) -> None:
    strange = next(
        row.report.run_id
        for row in found_runs(world.database, RunsWanted(), offset=0, limit=9)[0]
        if row.report.run_id != good.run_id
    )
    assert stored_report(world.database, strange) is None
    assert stored_report(world.database, good.run_id) == good


def test_who_looks_back_sees_when_such_a_run_was(world: World, good: RunReport) -> None:
    rows, total = found_runs(world.database, RunsWanted(), offset=0, limit=9)
    assert total == len(rows) == 2
    assert rows[0].report.outcome is RunOutcome.FAILED
    assert rows[0].report.trouble is Code.INTERNAL
    assert rows[0].report.started_at - good.started_at >= timedelta(hours=1)
    assert rows[1].report == good
    with world.database.read() as reading:
        assert list(reports_since(reading, good.started_at)) == [good]


def test_the_next_run_that_cannot_begin_is_still_remembered(world: World, good: RunReport) -> None:
    def fail() -> None:
        world.clock.forward(minutes=1)
        keep_unbegun(
            world.database,
            world.clock,
            trigger=Trigger.SCHEDULE,
            started=world.clock.now(),
            trouble=Trouble(Code.OFFLINE),
        )

    assert last_report(world.database) == good
    fail()
    newest = found_runs(world.database, RunsWanted(), offset=0, limit=1)[0][0]
    spoil(world, "unbegun_run", newest.report.run_id)
    fail()
    rows, _total = found_runs(world.database, RunsWanted(), offset=0, limit=2)
    assert [row.report.trouble for row in rows] == [Code.OFFLINE, Code.INTERNAL]
