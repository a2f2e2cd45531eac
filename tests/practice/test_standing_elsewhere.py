"""A run that was taken back on one computer is not done again by another one's schedule."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import ADMIN, World, practice
from wizard.core.runs import RunReport, Trigger
from wizard.services.contract import SchedulerState, SchedulerView

_PATIENCE = 30.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice(tmp_path / "organization", people=40) as running:
        yield running


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    with computer(world, tmp_path / "here", person="nora.lie@undoing.example") as one:
        one.set_up("Halden Freight")
        yield one


@pytest.fixture
def there(here: Computer, world: World, tmp_path: Path) -> Iterator[Computer]:
    """A second computer of the same person, which has synced before."""
    assert here.run().done.create
    with computer(world, tmp_path / "there", person=here.person.person) as one:
        one.sign_in()
        assert one.authorize().connection is not None
        one.run(take_over=True)
        yield one


def mistake(one: Computer) -> RunReport:
    """A sync that renamed somebody who was not to be renamed, taken back; the taking back."""
    who = next(p for p in one.world.lines("expected") if p["address"] != ADMIN)["address"]
    one.world.tell("rename", {"who": who, "family_name": "Mistake"})
    report = one.run(take_over=True)
    assert report.done.update == 1
    view = one.bench.undoing.look(report.run_id, one.heard.append, one.cancel)
    back = one.bench.undoing.carry_out(view, view.people, one.heard.append, one.cancel)
    assert back.done.writes == 1
    return back


def mistakes(one: Computer) -> int:
    return sum("Mistake" in str(account) for account in one.world.lines("accounts"))


def shown(one: Computer, state: SchedulerState) -> SchedulerView:
    """What its background sync shows once it is in this state, begun as a service begins it."""
    views: queue.Queue[SchedulerView] = queue.Queue()
    end = one.bench.schedule.listen(views.put)
    try:
        one.bench.schedule.run_now(Trigger.COMMAND)
        while True:
            view = views.get(timeout=_PATIENCE)
            if view.state is state:
                return view
    finally:
        end()


def test_the_schedule_of_another_computer_stands_still_until_a_person_syncs(
    here: Computer, there: Computer
) -> None:
    back = mistake(here)
    assert shown(there, SchedulerState.PAUSED).stands_for == back.run_id
    assert mistakes(there) == 0
    assert there.bench.stands_for(there.cancel) == back.run_id
    assert here.run().done.update == 1
    assert there.bench.stands_for(there.cancel) == ""


def test_who_goes_on_there_is_not_held_back_by_the_same_one_again(
    here: Computer, there: Computer
) -> None:
    back = mistake(here)
    assert shown(there, SchedulerState.PAUSED).stands_for == back.run_id
    there.bench.schedule.resume()
    there.bench.schedule.stop()
    assert there.bench.stands_for(there.cancel) == ""


def test_a_computer_that_lost_what_it_knew_stands_still_as_well(
    here: Computer, tmp_path: Path
) -> None:
    here.run()
    back = mistake(here)
    here.bench.schedule.stop()
    with computer(here.world, tmp_path / "anew", person=here.person.person) as anew:
        anew.sign_in()
        assert anew.authorize().connection is not None
        assert anew.bench.stands_for(anew.cancel) == back.run_id


def test_a_sync_on_another_computer_lets_the_first_one_go_on(
    here: Computer, there: Computer
) -> None:
    mistake(here)
    assert here.bench.engine.syncing.taken_back()
    assert there.run(take_over=True).done.update == 1
    assert here.bench.stands_for(here.cancel) == ""
    assert here.bench.engine.syncing.taken_back() == ""


def untold(one: Computer) -> RunReport:
    """A sync of it that the service takes, while it takes no report of any."""
    answers = one.bench.answers
    unit = f"/v1/organizational_units/{answers.ou_id}"
    runs = f"{unit}/organization_accounts/{answers.organization_account_id}/sync_runs"
    fault = {"stand_in": "account", "path_prefix": runs, "method": "POST", "status": 503}
    one.world.tell("faults", [{**fault, "times": 99}])
    report = one.run(take_over=True)
    one.world.tell("clear-faults")
    assert not report.told
    return report


def test_a_sync_here_that_is_still_untold_does_not_hide_an_undo_elsewhere(
    here: Computer, there: Computer
) -> None:
    untold(there)
    back = mistake(here)
    assert shown(there, SchedulerState.PAUSED).stands_for == back.run_id
    assert there.bench.stands_for(there.cancel) == back.run_id
    assert mistakes(there) == 0
    untold(there)
    assert there.bench.stands_for(there.cancel) == ""


def test_a_person_who_goes_on_at_one_computer_lets_the_other_one_go_on(
    here: Computer, there: Computer
) -> None:
    back = mistake(here)
    assert shown(there, SchedulerState.PAUSED).stands_for == back.run_id
    there.bench.engine.syncing.takes_over = True
    views: queue.Queue[SchedulerView] = queue.Queue()
    end = there.bench.schedule.listen(views.put)
    there.bench.schedule.resume()
    while views.get(timeout=_PATIENCE).state is not SchedulerState.WAITING:
        continue
    end()
    assert mistakes(there) == 1
    assert here.bench.stands_for(here.cancel) == ""
