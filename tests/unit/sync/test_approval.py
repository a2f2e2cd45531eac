"""Looking at whom the guard holds, and whether a person has spoken."""

from __future__ import annotations

from tests.unit.sync.test_guard import approve_all, stopped
from tests.unit.sync.world import World
from wizard.core.directory import UserState
from wizard.core.runs import HeldKind, PlanKind, Reason
from wizard.sync.approval import PLANNED_AS, is_approved
from wizard.sync.plan_view import plan_rows


def approved(world: World, run_id: str, kind: HeldKind = HeldKind.LEAVE) -> bool:
    with world.database.read() as reading:
        return is_approved(reading, run_id, kind, now=world.clock.now())


def test_only_those_held_are_listed_though_others_are_planned_alike(world: World) -> None:
    world.directory.hire("guest", state=UserState.SUSPENDED)
    run_id = stopped(world, leavers=12)
    rows, total = plan_rows(
        world.database,
        run_id,
        kinds=frozenset(PLANNED_AS[HeldKind.LEAVE]),
        search="",
        offset=0,
        limit=5,
        held=True,
    )
    assert (len(rows), total) == (5, 12)
    assert {row.reason for row in rows} == {Reason.HELD}
    _, alike = plan_rows(
        world.database,
        run_id,
        kinds=frozenset({PlanKind.DEACTIVATE, PlanKind.SKIP}),
        search="",
        offset=0,
        limit=5,
    )
    assert alike == 13


def test_an_approval_is_known_until_it_is_used(world: World) -> None:
    run_id = stopped(world)
    assert not approved(world, run_id)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    assert approved(world, run_id)
    assert not approved(world, run_id, HeldKind.CREATE)
    assert not approved(world, "another-run")
    world.run()
    assert not approved(world, run_id)


def test_an_approval_is_forgotten_after_a_day(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    world.clock.forward(hours=25)
    assert not approved(world, run_id)
