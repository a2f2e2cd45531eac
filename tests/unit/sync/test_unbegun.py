"""What kept a run from beginning is remembered for who looks back, and changes nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.sync.world import World
from wizard.core.runs import RunOutcome, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.sync.history import FoundRun, RunsWanted, found_runs
from wizard.sync.runs import last_report, reports
from wizard.sync.unbegun import keep_unbegun


def fail(world: World, code: Code, *, trigger: Trigger = Trigger.SCHEDULE, **facts: str) -> None:
    """A try that this trouble kept from beginning, two seconds after it was asked for."""
    started = world.clock.now()
    world.clock.forward(seconds=2)
    trouble = Trouble(code, retry_after=None, **facts)
    keep_unbegun(world.database, world.clock, trigger=trigger, started=started, trouble=trouble)


def found(world: World, wanted: RunsWanted | None = None) -> list[FoundRun]:
    rows, total = found_runs(world.database, wanted or RunsWanted(), offset=0, limit=50)
    assert total == len(rows)
    return list(rows)


def took(row: FoundRun) -> timedelta:
    """From the first try to the last, to the second: the world's clock ticks when looked at."""
    between = row.report.finished_at - row.report.started_at
    return timedelta(seconds=round(between.total_seconds()))


@pytest.fixture
def ran(world: World) -> World:
    world.directory.hire("u1", given="Amira", family="Benali")
    assert world.first_sync().outcome is RunOutcome.DONE
    world.clock.forward(hours=1)
    return world


def test_a_run_that_could_not_begin_stands_on_top_with_its_code_and_facts(ran: World) -> None:
    fail(ran, Code.HOST_NOT_FOUND, host="accounts.example")
    first, second = found(ran)
    assert first.report.outcome is RunOutcome.FAILED
    assert first.report.trouble is Code.HOST_NOT_FOUND
    assert first.report.trouble_facts == (("host", "accounts.example"),)
    assert first.report.run_id
    assert took(first) == timedelta(seconds=2)
    assert first.before_ended_at is not None
    assert (first.tries, second.tries) == (1, 0)


def test_a_night_without_a_network_is_one_line_with_its_tries(ran: World) -> None:
    began = ran.clock.now()
    for _ in range(14):
        fail(ran, Code.HOST_NOT_FOUND, host="accounts.example")
        ran.clock.forward(minutes=30)
    night = found(ran)[0]
    assert len(found(ran)) == 2
    assert night.tries == 14
    assert night.report.started_at - began < timedelta(seconds=1)
    assert took(night) == timedelta(minutes=30 * 13, seconds=14 * 2)


@pytest.mark.parametrize("how", ["code", "facts", "trigger", "run-between"])
def test_what_is_another_event_has_a_line_of_its_own(ran: World, how: str) -> None:
    fail(ran, Code.HOST_NOT_FOUND, host="accounts.example")
    ran.clock.forward(minutes=30)
    if how == "code":
        fail(ran, Code.SIGN_IN_EXPIRED, connection="google")
    elif how == "facts":
        fail(ran, Code.HOST_NOT_FOUND, host="admin.example")
    elif how == "trigger":
        fail(ran, Code.HOST_NOT_FOUND, trigger=Trigger.PERSON, host="accounts.example")
    else:
        assert ran.run().outcome is RunOutcome.DONE
        ran.clock.forward(minutes=30)
        fail(ran, Code.HOST_NOT_FOUND, host="accounts.example")
    assert [row.tries for row in found(ran) if row.tries] == [1, 1]


@pytest.mark.parametrize(
    "code",
    [Code.CANCELLED, Code.NOT_THE_SYNCER, Code.PROVISIONING_OFF, Code.DATABASE_BUSY],
)
def test_what_was_wanted_so_or_is_tried_at_once_is_no_failure(ran: World, code: Code) -> None:
    fail(ran, code)
    assert [row.tries for row in found(ran)] == [0]


def test_it_is_found_among_the_problems_and_by_its_code(ran: World) -> None:
    fail(ran, Code.SIGN_IN_EXPIRED, connection="google")
    assert [row.tries for row in found(ran, RunsWanted(problems=True))] == [1]
    assert [row.tries for row in found(ran, RunsWanted(search="sign-in-expired"))] == [1]
    assert [row.tries for row in found(ran, RunsWanted(changes=True))] == [0]


def test_rhythm_and_limits_know_nothing_of_it(ran: World) -> None:
    before = last_report(ran.database)
    fail(ran, Code.SIGN_IN_EXPIRED, connection="google")
    assert last_report(ran.database) == before
    assert len(reports(ran.database)) == 1
    assert ran.run().outcome is RunOutcome.DONE


def test_it_is_forgotten_after_ninety_days(ran: World) -> None:
    fail(ran, Code.SIGN_IN_EXPIRED, connection="google")
    ran.clock.forward(days=91)
    fail(ran, Code.HOST_NOT_FOUND, host="accounts.example")
    assert [row.report.trouble for row in found(ran) if row.tries] == [Code.HOST_NOT_FOUND]


def test_a_database_that_takes_nothing_raises_nothing(ran: World) -> None:
    ran.database.retire()
    fail(ran, Code.SIGN_IN_EXPIRED, connection="google")
