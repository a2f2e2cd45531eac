from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.sync.world import (
    DOMAIN,
    Fault,
    Killed,
    World,
    killed_after,
    killed_before,
    lost_after,
)
from wizard.accounts.base import Account
from wizard.core.cancel import Cancel
from wizard.core.runs import HeldKind, PlanCounts, PlanKind, Reason, RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.sync.approval import approve
from wizard.sync.plan_view import stored_summary
from wizard.sync.runs import last_good_report
from wizard.sync.undo import UndoPlan, preview_undo, undo


def take_back(world: World, run_id: str, *, shown: str = "") -> RunReport:
    return undo(world.parts(), world.settings, run_id, Cancel(), world.events.append, shown=shown)


def look(world: World, run_id: str) -> UndoPlan:
    with world.behind_the_wall():
        return preview_undo(world.parts(), world.settings, run_id, Cancel(), world.events.append)


def reasons(world: World, run_id: str) -> dict[str, Reason]:
    return {user: row.reason for user, row in world.rows(run_id).items()}


def of(world: World, user_id: str) -> Account:
    account = world.service.of(user_id)
    assert account is not None
    return account


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
    assert (back.outcome, back.undoes) == (RunOutcome.DONE, report.run_id)
    assert back.done == PlanCounts(update=1, deactivate=1, reactivate=1)
    after = dict(world.service.store)
    assert not of(world, "new").active
    del after[of(world, "new").id]
    assert after == before


def test_what_was_changed_since_is_left_alone_and_named(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.directory.change("u00001", family="Second")
    second = world.run()
    world.directory.change("u00001", family="Third")
    world.run()
    back = take_back(world, second.run_id)
    assert back.planned == PlanCounts(skip=1)
    assert back.outcome is RunOutcome.PARTLY
    assert reasons(world, back.run_id) == {"u00001": Reason.CHANGED_SINCE}
    assert of(world, "u00001").family_name == "Third"


def test_what_somebody_changed_at_the_service_itself_is_seen_and_left_alone(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.directory.change("u00001", family="Wrong")
    world.directory.change("u00002", family="Wrong")
    world.directory.change("u00003", family="Wrong")
    report = world.run()
    one = of(world, "u00001")
    world.service.store[one.id] = replace(one, given_name="By hand")
    del world.service.store[of(world, "u00002").id]
    back = take_back(world, report.run_id)
    assert reasons(world, back.run_id) == {
        "u00001": Reason.CHANGED_SINCE,
        "u00002": Reason.GONE_SINCE,
        "u00003": Reason.TAKEN_BACK,
    }
    assert of(world, "u00001").given_name == "By hand"


def test_an_adopted_account_is_given_back_as_it_was(world: World) -> None:
    world.directory.hire("ana")
    world.directory.hire("ben")
    world.service.has(f"ANA@{DOMAIN}", given="Anna", family="Old")
    world.service.has(f"ben@{DOMAIN}", given="B.", family="Old", active=False)
    before = dict(world.service.store)
    report = world.first_sync()
    assert report.done == PlanCounts(adopt=2)
    plan = look(world, report.run_id)
    assert plan.reasons == {Reason.GIVEN_BACK: 2}
    assert plan.counts == PlanCounts(update=1, deactivate=1)
    back = take_back(world, report.run_id, shown=plan.run_id)
    assert back.outcome is RunOutcome.DONE
    assert world.service.store == before
    # Nobody keeps what was given back in step any more: out of scope, it stays as it is.
    world.directory.people.clear()
    world.directory.hire_many(60)
    world.first_sync()
    for account in before.values():
        assert world.service.store[account.id] == account


def test_what_a_write_replaced_besides_comes_back_from_the_details(world: World) -> None:
    world.directory.hire("ana")
    account = world.service.has(f"ana@{DOMAIN}", given="Anna", family="Old")
    details = '{"name":{"givenName":"Anna"},"displayName":"Ana the First"}'
    world.service.store[account.id] = replace(account, details=details)
    report = world.first_sync()
    world.service.store[account.id] = replace(world.service.store[account.id], details="")
    take_back(world, report.run_id)
    assert world.service.store[account.id].details == details


def test_whoever_came_back_is_deactivated_again_with_the_old_name(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.suspend("u00001")
    world.run()
    before = dict(world.service.store)
    world.directory.change("u00001", family="Married", state=world.directory.people["u00002"].state)
    report = world.run()
    assert report.done == PlanCounts(reactivate=1)
    back = take_back(world, report.run_id)
    assert reasons(world, back.run_id) == {"u00001": Reason.RETURNED_THEN}
    assert world.service.store == before


def test_addresses_that_were_passed_on_go_back_in_the_other_order(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    before = dict(world.service.store)
    free = world.directory.people["u00001"].address
    world.directory.change("u00001", address=f"fresh@{DOMAIN}")
    world.directory.change("u00002", address=free)
    report = world.run()
    assert report.done == PlanCounts(update=2)
    assert take_back(world, report.run_id).outcome is RunOutcome.DONE
    assert world.service.store == before


def test_an_old_address_that_another_account_has_by_now_is_named(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    old = world.directory.people["u00001"].address
    world.directory.change("u00001", address=f"fresh@{DOMAIN}")
    report = world.run()
    world.service.has(old)
    back = take_back(world, report.run_id)
    assert reasons(world, back.run_id) == {"u00001": Reason.ADDRESS_IN_USE}
    assert of(world, "u00001").address == f"fresh@{DOMAIN}"


def test_taking_a_run_back_twice_does_it_once(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.directory.change("u00001", family="Wrong")
    report = world.run()
    take_back(world, report.run_id)
    calls = len(world.service.written)
    again = take_back(world, report.run_id)
    assert reasons(world, again.run_id) == {"u00001": Reason.TAKEN_BACK_BEFORE}
    assert len(world.service.written) == calls


def test_a_taking_back_can_be_taken_back_and_done_once_more(world: World) -> None:
    world.directory.hire_many(60)
    world.directory.hire("ana")
    world.service.has(f"ana@{DOMAIN}", given="Anna", family="Old")
    before = dict(world.service.store)
    first = world.first_sync()
    after = dict(world.service.store)
    approve_all(world, first.run_id)
    back = take_back(world, first.run_id)
    assert back.done == PlanCounts(update=1, deactivate=60)
    there = {key: world.service.store[key] for key in before}
    assert there == before
    approve_all(world, back.run_id)
    forth = take_back(world, back.run_id)
    assert forth.done == PlanCounts(adopt=1, reactivate=60)
    assert world.service.store == after
    approve_all(world, first.run_id)
    once_more = take_back(world, first.run_id)
    assert once_more.done == PlanCounts(update=1, deactivate=60)
    assert {key: world.service.store[key] for key in before} == before


def approve_all(world: World, run_id: str) -> UndoPlan:
    plan = look(world, run_id)
    for held in plan.held:
        approve(
            world.database,
            run_id=plan.run_id,
            kind=held.kind,
            typed=held.people,
            person="Tomasz",
            clock=world.clock,
        )
    return plan


def test_several_runs_are_taken_back_the_newest_first(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    before = dict(world.service.store)
    world.directory.change("u00001", family="Second")
    second = world.run()
    world.directory.change("u00001", family="Third")
    third = world.run()
    for run_id in (third.run_id, second.run_id):
        assert take_back(world, run_id).outcome is RunOutcome.DONE
    assert world.service.store == before


@pytest.mark.parametrize("fault", [killed_before, killed_after])
def test_a_crash_in_the_middle_is_gone_on_from(world: World, fault: Fault) -> None:
    world.service.batch_size = 5
    world.directory.hire_many(60)
    for number in range(3):
        world.service.has(f"old{number}@{DOMAIN}", given="Old", family=str(number))
        world.directory.hire(f"old{number}", address=f"old{number}@{DOMAIN}")
    world.first_sync()
    before = dict(world.service.store)
    for number in range(12):
        world.directory.change(f"u{number:05}", family="Wrong", address=f"w{number}@{DOMAIN}")
    report = world.run()
    world.service.faults = [lambda *_: None, fault]
    with pytest.raises(Killed):
        take_back(world, report.run_id)
    world.service.faults = []
    again = take_back(world, report.run_id)
    assert again.done.update >= 2
    assert world.service.store == before


def test_a_lost_answer_to_a_giving_back_is_looked_up(world: World) -> None:
    world.directory.hire("ana")
    world.service.has(f"ana@{DOMAIN}", given="Anna", family="Old")
    before = dict(world.service.store)
    report = world.first_sync()
    written = len(world.service.written)
    world.service.faults = [lost_after]
    assert take_back(world, report.run_id).outcome is RunOutcome.DONE
    assert world.service.store == before
    assert len(world.service.written) == written + 1


def test_nothing_is_done_that_the_person_was_not_shown(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    world.directory.change("u00001", family="Wrong")
    world.directory.change("u00002", family="Wrong")
    report = world.run()
    taken = of(world, "u00001")
    world.service.store[taken.id] = replace(taken, given_name="By hand")
    plan = look(world, report.run_id)
    assert plan.counts == PlanCounts(update=1, skip=1)
    world.service.store[taken.id] = taken
    stored = dict(world.service.store)
    back = take_back(world, report.run_id, shown=plan.run_id)
    assert (back.outcome, back.trouble) == (RunOutcome.FAILED, Code.APPROVAL_OUTDATED)
    assert world.service.store == stored


def test_looking_first_changes_nothing_and_is_no_preview_of_a_sync(world: World) -> None:
    world.directory.hire_many(60)
    world.first_sync()
    preview = world.preview()
    world.directory.change("u00001", family="Wrong")
    report = world.run()
    stored = dict(world.service.store)
    look(world, report.run_id)
    assert world.service.store == stored
    newest = stored_summary(world.database)
    assert newest is not None
    assert newest.run_id == preview.run_id
    take_back(world, report.run_id)
    good = last_good_report(world.database)
    assert good is not None
    assert good.run_id == report.run_id, "no sync brought anybody in step since"


def test_a_run_that_is_not_kept_can_not_be_taken_back(world: World) -> None:
    world.directory.hire_many(2)
    world.first_sync()
    assert take_back(world, "20260101T000000-none").trouble is Code.RUN_NOT_KNOWN
    with pytest.raises(Trouble, match="run-not-known"):
        look(world, "20260101T000000-none")


def test_taking_a_first_sync_back_is_held_by_the_same_limits(world: World) -> None:
    world.directory.hire_many(60)
    world.owner("u00000")
    report = world.first_sync()
    back = take_back(world, report.run_id)
    assert back.outcome is RunOutcome.STOPPED_BY_GUARD
    assert back.held == ((HeldKind.LEAVE, 59),)
    assert len(world.service.active_ids()) == 60
    approve(
        world.database,
        run_id=back.run_id,
        kind=HeldKind.LEAVE,
        typed=59,
        person="Tomasz",
        clock=world.clock,
    )
    again = take_back(world, report.run_id)
    assert again.done == PlanCounts(deactivate=59)
    assert world.service.active_ids() == {"u00000"}, "the owner stays"
    assert world.kinds(again.run_id)["u00000"] is PlanKind.SKIP


def test_what_was_approved_of_an_undo_is_no_leave_for_a_sync(world: World) -> None:
    world.directory.hire_many(60)
    report = world.first_sync()
    approve_all(world, report.run_id)
    world.suspend(*(f"u{number:05}" for number in range(60)))
    held = world.run()
    assert held.outcome is RunOutcome.STOPPED_BY_GUARD
    assert len(world.service.active_ids()) == 60
    assert take_back(world, report.run_id).done == PlanCounts(deactivate=60)


def test_an_approval_is_for_taking_back_that_run_and_no_other(world: World) -> None:
    world.directory.hire_many(60)
    first = world.first_sync()
    approve_all(world, first.run_id)
    world.clock.forward(days=2)
    world.directory.hire_many(40, start=60)
    second = world.run()
    assert second.done == PlanCounts(create=40)
    assert take_back(world, second.run_id).outcome is RunOutcome.STOPPED_BY_GUARD
