"""Provisioning that somebody else switches off or on is noticed by this computer's schedule."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.runs import RunOutcome, Trigger
from wizard.services.contract import SchedulerState, SchedulerView

_PATIENCE = 30.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice(tmp_path / "organization", people=30) as running:
        yield running


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    with computer(world, tmp_path / "here", person="nora.lie@undoing.example") as one:
        one.set_up("Halden Freight")
        assert one.run().outcome is RunOutcome.DONE
        yield one


def scheduled(one: Computer, holds: Callable[[SchedulerView], bool]) -> SchedulerView:
    """The first view of which this holds, once a run is due."""
    views: queue.Queue[SchedulerView] = queue.Queue()
    end = one.bench.schedule.listen(views.put)
    try:
        one.bench.schedule.run_now(Trigger.SCHEDULE)
        while True:
            view = views.get(timeout=_PATIENCE)
            if holds(view):
                return view
    finally:
        end()


def switch(one: Computer, *, on: bool) -> None:
    one.world.tell("settings-as-somebody-else", {"settings": {"enabled": on}})


def test_a_start_while_it_is_off_says_so_and_goes_on_once_it_is_on(here: Computer) -> None:
    switch(here, on=False)
    scheduled(here, lambda view: view.state is SchedulerState.OFF)
    assert not here.bench.answers.provisioning_on
    here.bench.schedule.stop()
    # The next start knows it before anything is asked.
    views: queue.Queue[SchedulerView] = queue.Queue()
    end = here.bench.schedule.listen(views.put)
    here.bench.schedule.start()
    assert views.get(timeout=_PATIENCE).state is SchedulerState.OFF
    end()
    switch(here, on=True)
    view = scheduled(here, lambda view: view.state is SchedulerState.WAITING)
    assert view.last is not None
    assert view.last.outcome is RunOutcome.DONE
    assert here.bench.answers.provisioning_on
