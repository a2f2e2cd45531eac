from __future__ import annotations

from tests.unit.sync.world import DOMAIN, World
from wizard.core.cancel import Cancel
from wizard.core.runs import HeldKind, PlanCounts, PlanKind, RunOutcome, RunReport
from wizard.sync.approval import approve
from wizard.sync.undo import undo


def take_back(world: World, run_id: str) -> RunReport:
    return undo(world.parts(), world.settings, run_id, Cancel(), world.events.append)


def test_a_run_is_taken_back_from_the_values_before(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    before = dict(world.service.store)
    world.directory.hire("new")
    world.directory.change("u00001", family="Wrong", address=f"wrong@{DOMAIN}")
    world.suspend("u00002")
    report = world.run()
    assert report.done == PlanCounts(create=1, update=1, deactivate=1)
    back = take_back(world, report.run_id)
    assert back.outcome is RunOutcome.DONE
    assert back.done == PlanCounts(update=1, deactivate=1, reactivate=1)
    after = dict(world.service.store)
    new = world.service.of("new")
    assert new is not None
    assert not new.active
    del after[new.id]
    assert after == before


def test_what_was_changed_since_is_left_alone(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.directory.change("u00001", family="Second")
    second = world.run()
    world.directory.change("u00001", family="Third")
    world.run()
    assert take_back(world, second.run_id).planned.writes == 0
    account = world.service.of("u00001")
    assert account is not None
    assert account.family_name == "Third"


def test_an_adopted_account_gets_its_old_name_back_and_keeps_its_owner(world: World) -> None:
    world.directory.hire("ana")
    world.service.has(f"ANA@{DOMAIN}", given="Anna", family="Old")
    report = world.first_sync()
    take_back(world, report.run_id)
    account = world.service.of("ana")
    assert account is not None
    assert (account.given_name, account.address, account.active) == ("Anna", f"ANA@{DOMAIN}", True)


def test_taking_a_first_sync_back_is_held_by_the_same_limits(world: World) -> None:
    world.directory.hire_many(60)
    world.owner("u00000")
    report = world.first_sync()
    back = take_back(world, report.run_id)
    assert back.outcome is RunOutcome.STOPPED_BY_GUARD
    assert back.held == ((HeldKind.LEAVE, 60),)
    assert len(world.service.active_ids()) == 60
    approve(
        world.database,
        run_id=back.run_id,
        kind=HeldKind.LEAVE,
        typed=60,
        person="Tomasz",
        clock=world.clock,
    )
    again = take_back(world, report.run_id)
    assert again.done == PlanCounts(deactivate=59)
    assert world.service.active_ids() == {"u00000"}, "the owner stays"
    assert world.kinds(again.run_id)["u00000"] is PlanKind.SKIP
