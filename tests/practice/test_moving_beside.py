"""A set-up that is moved in again while a program of the same computer goes on running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble

WORD = "a sentence for the road"
PERSON = "beside@bench.example"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("beside-organization"), people=20) as running:
        yield running


def moved(one: Computer, there: Computer, file: Path) -> None:
    one.bench.engine.moving.move_out(file, WORD, one.cancel)
    assert there.bench.engine.moving.move_in(file, WORD, there.cancel).syncs_here


def test_a_sync_that_stays_goes_on_with_the_database_that_was_moved_in(
    world: World, tmp_path: Path
) -> None:
    home = tmp_path / "old"
    with (
        computer(world, home, person=PERSON, kept=True) as old,
        computer(world, tmp_path / "new", person=PERSON, kept=True) as new,
    ):
        old.set_up("A unit that comes back")
        with computer(world, home, person=PERSON, kept=True) as stays:
            assert stays.run().outcome is RunOutcome.DONE
            moved(old, new, tmp_path / "there")
            with pytest.raises(Trouble) as caught:
                stays.run()
            assert caught.value.code is Code.MOVED_AWAY
            moved(new, old, tmp_path / "back")
            assert stays.run().outcome is RunOutcome.DONE
            ran = [report.run_id for report in stays.bench.reports()]
            assert [report.run_id for report in old.bench.reports()] == ran
            assert len(ran) == 2
