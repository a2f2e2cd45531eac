"""A database that breaks, or is busy, while the program runs: noticed, and told as that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import practice
from wizard.core.runs import RunOutcome, RunPhase, RunProgress, Trigger
from wizard.core.trouble import Code, Trouble


@pytest.fixture
def synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    monkeypatch.setattr("wizard.store.database._BUSY_SECONDS", 0.2)
    with (
        practice(tmp_path / "organization", people=30) as world,
        computer(world, tmp_path / "here", person="liv.moe@bench.example") as one,
    ):
        one.set_up("Unit")
        assert one.run().outcome is RunOutcome.DONE
        yield one


def overwrite(path: Path) -> None:
    """Something else writes all over it."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    other.close()
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(0)
        file.write(b"no database any more" * (size // 20))


def test_a_running_program_sets_a_database_aside_that_broke_under_it(synced: Computer) -> None:
    bench = synced.bench
    path = bench.engine.syncing.database(bench.answers).path
    before = synced.holders()
    overwrite(path)
    try:
        ended = synced.run().trouble
    except Trouble as trouble:
        ended = trouble.code
    assert ended is Code.DATABASE_DAMAGED
    report = synced.run()
    assert (report.outcome, report.planned.writes) == (RunOutcome.DONE, 0)
    assert synced.holders() == before
    assert [one.code for one in bench.engine.syncing.set_aside] == [Code.DATABASE_DAMAGED]
    (aside,) = path.parent.glob("*.damaged-*.db")
    assert aside.read_bytes().startswith(b"no database any more")


def test_a_database_that_is_busy_to_the_end_does_not_hide_how_a_run_ended(
    synced: Computer,
) -> None:
    bench = synced.bench
    path = bench.engine.syncing.database(bench.answers).path
    holding: list[sqlite3.Connection] = []

    def another_program_writes(event: object) -> None:
        reading = isinstance(event, RunProgress) and event.phase is RunPhase.READ and event.done
        if reading and not holding:
            holding.append(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
            holding[0].execute("BEGIN IMMEDIATE")

    report = bench.run(Trigger.COMMAND, synced.cancel, another_program_writes)
    holding[0].close()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.DATABASE_BUSY)
    assert synced.run().outcome is RunOutcome.DONE
