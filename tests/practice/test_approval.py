"""A mass leaving that the guard stops, and the word of a person that lets exactly it go on."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import ADMIN, World, practice
from wizard.core.runs import HeldCause, HeldKind, RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import HeldView, SchedulerState, SchedulerView

PEOPLE = 480
LEFT = 64


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An organization of each test's own: most of it changes."""
    with practice(tmp_path / "organization", people=PEOPLE) as running:
        yield running


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    """Synced once, with no grace for leavers."""
    with computer(world, tmp_path / "here", person="nora.lie@approval.example") as one:
        one.set_up("Halden Freight")
        assert one.run().outcome is RunOutcome.DONE
        yield one


def holders_who_are_no_admin(here: Computer) -> list[str]:
    return sorted(user for user, address in here.holders().items() if address != ADMIN)


def let_go(here: Computer, users: list[str]) -> None:
    for user in users:
        here.world.tell("let-go", {"who": user})


def stopped(here: Computer, people: int) -> HeldView:
    report = here.run()
    assert (report.outcome, report.held) == (
        RunOutcome.STOPPED_BY_GUARD,
        ((HeldKind.LEAVE, people),),
    )
    (held,) = here.bench.held()
    assert (held.run_id, held.kind, held.people) == (report.run_id, HeldKind.LEAVE, people)
    return held


def approve(here: Computer, held: HeldView, typed: int) -> None:
    here.bench.approve(held.run_id, held.kind, typed, here.cancel)


def test_those_approved_leave_once_and_nobody_else(here: Computer) -> None:
    before = here.holders()
    assert here.bench.held() == ()
    left = holders_who_are_no_admin(here)[:LEFT]
    let_go(here, left)
    held = stopped(here, LEFT)
    assert here.holders() == before
    assert HeldCause(held.cause) in {HeldCause.VANISHED, HeldCause.SUSPENDED}
    assert sum(cause.people for cause in held.causes) == LEFT
    assert held.grace_days == 0
    rows, total = here.bench.held_rows(held.run_id, held.kind, search="", offset=0, limit=500)
    assert total == LEFT
    assert {row.user_id for row in rows} == set(left)
    first, many = here.bench.held_rows(
        held.run_id, held.kind, search=rows[0].address, offset=0, limit=1
    )
    assert (len(first), many) == (1, 1)

    with pytest.raises(Trouble) as caught:
        approve(here, held, LEFT - 1)
    assert caught.value.code is Code.APPROVAL_OUTDATED
    held = stopped(here, LEFT)
    assert here.holders() == before

    approve(here, held, LEFT)
    approve(here, held, LEFT)
    assert here.bench.held() == ()
    report = here.run()
    assert (report.outcome, report.done.deactivate, report.done.writes) == (
        RunOutcome.DONE,
        LEFT,
        LEFT,
    )
    assert set(here.holders()) == set(before) - set(left)

    again = holders_who_are_no_admin(here)[:LEFT]
    let_go(here, again)
    stopped(here, LEFT)
    assert set(here.holders()) == set(before) - set(left)


def test_somebody_who_leaves_meanwhile_was_not_approved(here: Computer) -> None:
    before = here.holders()
    *left, late = holders_who_are_no_admin(here)[: LEFT + 1]
    let_go(here, left)
    held = stopped(here, LEFT)
    approve(here, held, LEFT)
    let_go(here, [late])
    anew = stopped(here, LEFT + 1)
    assert here.holders() == before
    with pytest.raises(Trouble) as caught:
        approve(here, held, LEFT)
    assert caught.value.code is Code.APPROVAL_OUTDATED
    approve(here, anew, LEFT + 1)
    assert here.run().done.deactivate == LEFT + 1


def test_a_run_that_failed_in_between_takes_nothing_away_from_what_is_held(here: Computer) -> None:
    let_go(here, holders_who_are_no_admin(here)[:LEFT])
    held = stopped(here, LEFT)
    here.world.tell("empty-directory")
    assert here.run().outcome is RunOutcome.FAILED
    assert [one.run_id for one in here.bench.held()] == [held.run_id]
    here.world.tell("empty-directory", {"on": False})
    approve(here, held, LEFT)
    assert here.run().done.deactivate == LEFT


def test_what_was_put_right_is_asked_no_more(here: Computer) -> None:
    left = holders_who_are_no_admin(here)[:LEFT]
    for user in left:
        here.world.tell("suspend", {"who": user})
    stopped(here, LEFT)
    for user in left:
        here.world.tell("suspend", {"who": user, "suspended": False})
    report = here.run()
    assert (report.outcome, report.done.writes) == (RunOutcome.DONE, 0)
    assert here.bench.held() == ()


def test_a_preview_can_be_approved_before_the_sync_stops(here: Computer) -> None:
    let_go(here, holders_who_are_no_admin(here)[:LEFT])
    view = here.preview()
    (held,) = view.held
    assert (held.run_id, held.grace_days) == (view.run_id, 0)
    approve(here, held, LEFT)
    assert here.preview().held == ()
    assert here.run().done.deactivate == LEFT


def test_the_background_sync_asks_and_goes_on_once_approved(here: Computer) -> None:
    let_go(here, holders_who_are_no_admin(here)[:LEFT])
    views: queue.Queue[SchedulerView] = queue.Queue()
    here.bench.schedule.listen(views.put)

    def rested(state: SchedulerState) -> SchedulerView:
        while True:
            view = views.get(timeout=30)
            if view.state is state and view.last is not None:
                return view

    here.bench.schedule.run_now()
    asking = rested(SchedulerState.NEEDS_PERSON)
    assert asking.trouble is Code.GUARD_STOPPED
    (held,) = here.bench.held()
    approve(here, held, LEFT)
    here.bench.schedule.run_now()
    report = rested(SchedulerState.WAITING).last
    assert report is not None
    assert (report.outcome, report.done.deactivate) == (RunOutcome.DONE, LEFT)
