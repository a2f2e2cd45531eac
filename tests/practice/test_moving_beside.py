"""A set-up that is moved in again while a program of the same computer goes on running."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.cli.commands.sync import keep_in_step
from wizard.cli.terminal import Terminal
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SchedulerState, SchedulerView

WORD = "a sentence for the road"
PERSON = "beside@bench.example"
_PATIENCE = 30.0


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


@contextmanager
def staying(one: Computer) -> Iterator[Callable[[Callable[[SchedulerView], bool]], SchedulerView]]:
    """`sync --every` on a thread of its own; gives the next view of which something holds."""
    told: queue.Queue[SchedulerView] = queue.Queue()
    cancel = Cancel()
    thread = threading.Thread(
        target=keep_in_step, args=(one.bench, Terminal(as_json=True, cancel=cancel))
    )

    def until(holds: Callable[[SchedulerView], bool]) -> SchedulerView:
        while True:
            view = told.get(timeout=_PATIENCE)
            if holds(view):
                return view

    end = one.bench.schedule.listen(told.put)
    thread.start()
    try:
        yield until
    finally:
        cancel.stop()
        thread.join()
        end()


def test_a_command_that_stays_says_that_it_was_moved_away_and_goes_on_once_it_is_back(
    world: World, tmp_path: Path
) -> None:
    person = f"stays.{PERSON}"
    with (
        computer(world, tmp_path / "old", person=person, kept=True) as old,
        computer(world, tmp_path / "new", person=person, kept=True) as new,
    ):
        old.set_up("A unit with a service")
        with (
            computer(world, tmp_path / "old", person=person, kept=True) as stays,
            staying(stays) as until,
        ):
            until(lambda view: view.state is SchedulerState.WAITING and view.last is not None)
            moved(old, new, tmp_path / "there")
            stays.clock.ahead = timedelta(days=1)
            stays.bench.schedule.look_again()
            view = until(
                lambda view: view.state in {SchedulerState.NEEDS_PERSON, SchedulerState.STOPPED}
            )
            assert (view.state, view.trouble) == (SchedulerState.NEEDS_PERSON, Code.MOVED_AWAY)
            moved(new, old, tmp_path / "back")
            stays.clock.ahead = timedelta(days=2)
            stays.bench.schedule.look_again()
            view = until(lambda view: view.state is SchedulerState.WAITING)
            assert view.last is not None
            assert view.last.outcome is RunOutcome.DONE
