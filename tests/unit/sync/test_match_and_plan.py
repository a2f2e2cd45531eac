from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.sync.world import CUSTOMER, DOMAIN, World, lease_lost
from wizard.accounts.base import WriteKind
from wizard.core.runs import PlanCounts, PlanKind, Reason, RunOutcome
from wizard.core.settings import LeaverPolicy
from wizard.core.trouble import Code, Trouble
from wizard.sync.match import LOOK_UP_AT_MOST
from wizard.sync.plan_view import problems


def key(user_id: str) -> str:
    return f"google:{CUSTOMER}:{user_id}"


# ------------------------------------------------------------------ links


def test_links_come_back_from_external_ids_and_nobody_is_doubled(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    with world.database.transaction() as writing:
        writing.execute("DELETE FROM link")
        writing.execute("UPDATE connection SET links_rebuilt_at = NULL")
    world.service.written.clear()
    report = world.run()
    assert report.outcome is RunOutcome.DONE
    assert report.planned == PlanCounts(unchanged=40)
    assert world.service.written == []
    assert len(world.service.store) == 40


def test_a_list_that_can_not_be_had_removes_nobody_and_the_rest_goes_on(world: World) -> None:
    world.directory.hire_many(8)
    world.first_sync()
    world.directory.let_go("u00003")
    world.directory.hire("new")
    with world.database.transaction() as writing:
        writing.execute("UPDATE connection SET links_rebuilt_at = NULL")
    world.service.list_trouble = Code.REQUEST_REFUSED
    report = world.run()
    assert report.outcome is RunOutcome.PARTLY
    assert report.trouble is Code.LINKS_NOT_REBUILT
    assert world.service.active_ids() == {"new", *(f"u{n:05}" for n in range(8))}

    world.service.list_trouble = None
    assert world.run().outcome is RunOutcome.DONE
    assert "u00003" not in world.service.active_ids()


def test_a_service_that_does_not_answer_stops_the_run(world: World) -> None:
    world.directory.hire_many(3)
    world.service.list_trouble = Code.OFFLINE
    report = world.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.OFFLINE)
    with pytest.raises(Trouble):
        world.preview()
    assert world.service.written == []


def test_a_few_new_people_are_looked_up_and_many_listed(world: World) -> None:
    world.directory.hire_many(300)
    world.first_sync()
    world.service.calls.clear()
    world.directory.hire("new")
    world.run()
    assert world.service.calls == ["by-external-id", "by-address", "write"]

    world.service.calls.clear()
    world.directory.hire_many(LOOK_UP_AT_MOST + 1, start=1000)
    world.run()
    assert set(world.service.calls) == {"list", "write"}


def test_an_account_that_vanished_at_the_service_is_made_again(world: World) -> None:
    world.directory.hire_many(3)
    world.first_sync()
    account = world.service.of("u00001")
    assert account is not None
    del world.service.store[account.id]
    world.directory.change("u00001", family="Married")
    report = world.run()
    assert (report.failed, report.done) == (0, PlanCounts(create=1))
    assert world.service.of("u00001") is not None


# ------------------------------------------------------------------ adopting


def test_an_account_with_the_address_is_adopted_and_counted_apart(world: World) -> None:
    world.directory.hire("ana", address=f"Ana.Silva@{DOMAIN}")
    old = world.service.has(f"ana.silva@{DOMAIN}")
    report = world.first_sync()
    assert report.done == PlanCounts(adopt=1)
    account = world.service.of("ana")
    assert account is not None
    assert account.id == old.id
    assert (account.given_name, account.family_name) == ("Ana", "Silva")
    assert world.run().planned == PlanCounts(unchanged=1)


def test_nothing_is_adopted_in_a_domain_that_the_directory_has_not_verified(world: World) -> None:
    world.directory.hire("ana", address="ana@elsewhere.example")
    old = world.service.has("ana@elsewhere.example")
    report = world.first_sync()
    assert report.planned == PlanCounts(problem=1)
    assert world.rows(report.run_id)["ana"].reason is Reason.DOMAIN_NOT_VERIFIED
    assert world.service.store[old.id] == old


def test_an_account_that_carries_somebody_elses_external_id_is_left_alone(world: World) -> None:
    world.directory.hire("ana")
    old = world.service.has(f"ana@{DOMAIN}", external_id="another-directory:77")
    report = world.first_sync()
    assert world.rows(report.run_id)["ana"].reason is Reason.ACCOUNT_CLAIMED
    assert world.service.store[old.id] == old
    assert [problem.code for problem in problems(world.database, report.run_id)] == [
        Code.ACCOUNT_CLAIMED
    ]


def test_two_people_with_one_address_are_a_problem_and_the_rest_goes_on(world: World) -> None:
    world.directory.hire("ana", address=f"Info@{DOMAIN}")
    world.directory.hire("ben", address=f"info@{DOMAIN}")
    world.directory.hire("cem")
    report = world.first_sync()
    assert report.planned == PlanCounts(problem=2, create=1)
    assert report.outcome is RunOutcome.DONE
    assert world.service.active_ids() == {"cem"}


def test_two_accounts_with_one_external_id_are_a_problem(world: World) -> None:
    world.directory.hire("ana")
    world.service.has(f"ana@{DOMAIN}", external_id=key("ana"))
    world.service.has(f"ana.old@{DOMAIN}", external_id=key("ana"))
    report = world.first_sync()
    assert world.rows(report.run_id)["ana"].reason is Reason.CLAIMED_TWICE
    assert world.service.written == []


# ------------------------------------------------------------------ changes


def test_a_new_name_and_a_new_address_are_one_update_each(world: World) -> None:
    world.directory.hire("ana")
    world.directory.hire("ben")
    world.directory.hire("cem")
    world.first_sync()
    world.directory.change("ana", family="Costa")
    world.directory.change("ben", address=f"benedikt@{DOMAIN}")
    world.directory.change("cem", address=f"cemal@{DOMAIN}", given="Cemal")
    world.service.written.clear()
    report = world.run()
    rows = world.rows(report.run_id)
    assert rows["ana"].reason is Reason.NAME_CHANGED
    assert rows["ben"].reason is Reason.ADDRESS_CHANGED
    assert rows["cem"].reason is Reason.NAME_AND_ADDRESS_CHANGED
    assert rows["cem"].old_address == f"cem@{DOMAIN}"
    assert [one.kind for one in world.service.written] == [WriteKind.UPDATE] * 3
    assert world.run().planned == PlanCounts(unchanged=3)


def test_an_address_that_only_changed_its_capitals_is_not_written(world: World) -> None:
    world.directory.hire("ana")
    world.first_sync()
    world.directory.change("ana", address=f"ANA@{DOMAIN}")
    assert world.run().planned == PlanCounts(unchanged=1)


def test_an_address_handed_on_goes_over_in_the_same_run(world: World) -> None:
    world.directory.hire("ana", address=f"sales@{DOMAIN}")
    world.directory.hire("ben")
    world.first_sync()
    world.directory.change("ana", address=f"ana@{DOMAIN}")
    world.directory.hire("new", address=f"sales@{DOMAIN}")
    report = world.run()
    assert report.done == PlanCounts(update=1, create=1)
    assert report.failed == 0
    new, ana = world.service.of("new"), world.service.of("ana")
    assert new is not None
    assert ana is not None
    assert (new.address, ana.address) == (f"sales@{DOMAIN}", f"ana@{DOMAIN}")


def test_a_reused_address_is_a_new_person_and_waits_for_the_leavers_account(world: World) -> None:
    world.directory.hire("ana", address=f"sales@{DOMAIN}", given="Ana", family="Silva")
    world.directory.hire_many(5)
    world.first_sync()
    world.directory.let_go("ana")
    world.directory.hire("new", address=f"sales@{DOMAIN}", given="Nora")
    report = world.run()
    row = world.rows(report.run_id)["new"]
    assert (row.kind, row.reason) == (PlanKind.PROBLEM, Reason.ACCOUNT_CLAIMED)
    assert "Ana Silva" in row.detail
    assert world.service.of("new") is None
    left = world.service.of("ana")
    assert left is not None
    assert not left.active
    assert world.run().planned.problem == 1

    world.service.store[left.id] = replace(left, address=f"old-sales@{DOMAIN}")
    assert world.run().done == PlanCounts(create=1)


def test_somebody_who_comes_back_gets_the_same_account(world: World) -> None:
    world.directory.hire_many(6)
    world.first_sync()
    before = world.service.of("u00002")
    world.suspend("u00002")
    assert world.run().done == PlanCounts(deactivate=1)
    world.directory.hire("u00002", given="Person", family="Back")
    report = world.run()
    assert report.done == PlanCounts(reactivate=1)
    after = world.service.of("u00002")
    assert before is not None
    assert after is not None
    assert (after.id, after.active, after.family_name) == (before.id, True, "Back")
    assert world.run().planned == PlanCounts(unchanged=6)


# ------------------------------------------------------------------ leavers


def test_suspended_people_lose_access_at_once_and_vanished_people_after_their_grace(
    world: World,
) -> None:
    world.settings = replace(world.settings, grace_days=7)
    world.directory.hire_many(30)
    world.first_sync()
    world.suspend("u00001")
    world.directory.let_go("u00002")
    report = world.run()
    rows = world.rows(report.run_id)
    assert rows["u00001"].kind is PlanKind.DEACTIVATE
    assert (rows["u00002"].kind, rows["u00002"].reason) == (PlanKind.SKIP, Reason.IN_GRACE)
    assert "2026-11-11" in rows["u00002"].detail
    assert world.service.active_ids() == set(world.directory.people) - {"u00001"} | {"u00002"}

    world.clock.forward(days=6)
    assert world.run().done.deactivate == 0
    world.clock.forward(days=1)
    assert world.run().done.deactivate == 1
    assert "u00002" not in world.service.active_ids()


def test_grace_starts_anew_for_somebody_who_was_back_in_between(world: World) -> None:
    world.settings = replace(world.settings, grace_days=7)
    world.directory.hire_many(30)
    world.first_sync()
    person = world.directory.people["u00002"]
    world.directory.let_go("u00002")
    world.run()
    world.clock.forward(days=6)
    world.directory.people["u00002"] = person
    world.run()
    world.directory.let_go("u00002")
    world.run()
    world.clock.forward(days=6)
    assert world.run().done.deactivate == 0


def test_leavers_may_be_kept(world: World) -> None:
    world.settings = replace(world.settings, leavers=LeaverPolicy.KEEP)
    world.directory.hire_many(30)
    world.first_sync()
    world.suspend("u00001")
    world.directory.let_go("u00002")
    report = world.run()
    assert report.outcome is RunOutcome.DONE
    assert report.planned == PlanCounts(unchanged=28, skip=2)
    assert {world.rows(report.run_id)[user].reason for user in ("u00001", "u00002")} == {
        Reason.LEAVERS_KEPT
    }
    assert len(world.service.active_ids()) == 30


def test_a_plan_is_the_same_however_often_it_is_made(world: World) -> None:
    world.directory.hire_many(20)
    world.first_sync()
    world.directory.let_go("u00001")
    world.suspend("u00002")
    world.directory.hire_many(3, start=50)
    world.directory.change("u00004", family="Costa")
    first = world.preview()
    rows = world.rows(first.run_id)
    second = world.preview()
    assert first.counts == second.counts
    assert world.rows(second.run_id) == rows


def test_accounts_that_share_an_address_at_the_service_are_a_problem(world: World) -> None:
    world.directory.hire_many(3)
    world.first_sync()
    world.service.has(f"ana@{DOMAIN}")
    world.service.has(f"ANA@{DOMAIN}")
    world.directory.hire("ana")
    report = world.run()
    assert world.rows(report.run_id)["ana"].reason is Reason.CLAIMED_TWICE
    assert report.outcome is RunOutcome.DONE


def test_an_external_id_that_is_there_twice_later_on_is_a_problem_for_that_person_alone(
    world: World,
) -> None:
    world.directory.hire_many(3)
    world.first_sync()
    world.service.has(f"ana@{DOMAIN}", external_id=key("ana"))
    world.service.has(f"ana.old@{DOMAIN}", external_id=key("ana"))
    world.directory.hire("ana")
    world.directory.hire("ben")
    report = world.run()
    assert world.rows(report.run_id)["ana"].reason is Reason.CLAIMED_TWICE
    assert report.done == PlanCounts(create=1)


def test_links_are_listed_anew_once_another_computer_held_the_lease(world: World) -> None:
    world.directory.hire_many(30)
    world.first_sync()
    world.directory.hire("new")
    world.service.faults = [lease_lost]
    assert world.run().outcome is RunOutcome.NOT_THE_SYNCER
    account = world.service.of("u00001")
    assert account is not None
    world.service.store[account.id] = replace(account, active=False)
    report = world.run()
    assert report.done == PlanCounts(create=1, reactivate=1)
