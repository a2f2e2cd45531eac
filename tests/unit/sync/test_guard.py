from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.sync.world import DOMAIN, Killed, World, killed_before
from wizard.core.directory import OrgUnit
from wizard.core.runs import HeldCause, HeldKind, PlanCounts, PlanKind, Reason, RunOutcome
from wizard.core.settings import Limits, ScopeKind, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.sync.approval import approve
from wizard.sync.guard import change_limit, leave_limit
from wizard.sync.match import distrust_links
from wizard.sync.plan_view import held_of, stored_summary


def approve_all(world: World, run_id: str, kind: HeldKind, typed: int) -> None:
    approve(
        world.database, run_id=run_id, kind=kind, typed=typed, person="Tomasz", clock=world.clock
    )


def suspend_first(world: World, count: int) -> None:
    world.suspend(*(f"u{number:05}" for number in range(count)))


@pytest.mark.parametrize(
    ("active", "limit"),
    [(0, 0), (1, 0), (2, 1), (4, 1), (5, 1), (8, 1), (9, 2), (20, 4), (21, 5), (100, 5), (434, 21),
     (10_000, 500), (1_000_000, 500)],
)  # fmt: skip
def test_so_many_may_leave_without_asking(active: int, limit: int) -> None:
    assert leave_limit(active, Limits()) == limit


def test_ten_percent_and_at_least_fifty_may_change() -> None:
    assert change_limit(0, Limits()) == 50
    assert change_limit(500, Limits()) == 50
    assert change_limit(5_000, Limits()) == 500


def test_as_many_leavers_as_the_limit_go_and_one_more_stops_them_all(world: World) -> None:
    world.directory.hire_many(100)
    world.first_sync()
    suspend_first(world, 5)
    assert world.run().done == PlanCounts(deactivate=5)
    world.clock.forward(days=2)
    suspend_first(world, 11)
    world.directory.hire("new")
    report = world.run()
    assert report.outcome is RunOutcome.STOPPED_BY_GUARD
    assert report.trouble is Code.GUARD_STOPPED
    assert dict(report.trouble_facts) == {"what": "leave", "people": "6", "limit": "5"}
    assert report.held == ((HeldKind.LEAVE, 6),)
    assert report.done == PlanCounts(create=1)
    assert report.planned.writes == report.done.writes + report.failed + 6
    assert len(world.service.active_ids()) == 96


def test_two_who_are_a_quarter_stop_though_five_might_leave(world: World) -> None:
    world.directory.hire_many(8)
    world.first_sync()
    suspend_first(world, 1)
    assert world.run().outcome is RunOutcome.DONE
    world.clock.forward(days=2)
    suspend_first(world, 3)
    assert world.run().held == ((HeldKind.LEAVE, 2),)


def test_everybody_at_once_is_never_ordinary_not_even_where_everybody_is_one(world: World) -> None:
    world.directory.hire_many(2)
    world.first_sync()
    suspend_first(world, 1)
    assert world.run().done == PlanCounts(deactivate=1)
    world.clock.forward(days=2)
    suspend_first(world, 2)
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 1),)
    assert len(world.service.active_ids()) == 1
    approve_all(world, report.run_id, HeldKind.LEAVE, 1)
    assert world.run().done == PlanCounts(deactivate=1)


def test_the_limit_holds_over_a_sliding_day(world: World) -> None:
    world.directory.hire_many(100)
    world.first_sync()
    suspend_first(world, 3)
    assert world.run().done == PlanCounts(deactivate=3)
    world.clock.forward(hours=23)
    suspend_first(world, 6)
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 3),)
    assert held_of(world.database, report.run_id)[0].causes[0].cause is HeldCause.BUSY_DAY
    world.clock.forward(hours=2)
    assert world.run().done == PlanCounts(deactivate=3)


def test_a_wave_of_leavers_is_held_before_their_grace_begins_and_asked_about_once(
    world: World,
) -> None:
    world.settings = replace(world.settings, grace_days=7)
    world.directory.hire_many(100)
    world.first_sync()
    world.directory.let_go(*(f"u{number:05}" for number in range(6)))
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 6),)
    world.clock.forward(days=8)
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 6),), "grace must not have run meanwhile"
    approve_all(world, report.run_id, HeldKind.LEAVE, 6)
    assert world.run().outcome is RunOutcome.DONE
    assert len(world.service.active_ids()) == 100
    world.clock.forward(days=8)
    assert world.run().done == PlanCounts(deactivate=6)


@pytest.mark.parametrize(
    ("people", "suspended", "gone"),
    [(100, 5, 5), (100, 3, 3), (8, 1, 1), (4, 1, 1), (1000, 50, 50)],
)
def test_who_leaves_at_once_and_whose_grace_begins_are_counted_together(
    world: World, people: int, suspended: int, gone: int
) -> None:
    world.settings = replace(world.settings, grace_days=7)
    world.directory.hire_many(people)
    world.first_sync()
    suspend_first(world, suspended)
    world.directory.let_go(*(f"u{number:05}" for number in range(suspended, suspended + gone)))
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, suspended + gone),)
    assert report.done == PlanCounts()


def test_whose_grace_began_today_counts_with_those_who_leave_today(world: World) -> None:
    world.settings = replace(world.settings, grace_days=7)
    world.directory.hire_many(100)
    world.first_sync()
    world.directory.let_go("u00090", "u00091", "u00092")
    assert world.run().held == ()
    world.clock.forward(hours=5)
    suspend_first(world, 3)
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 3),)
    busy = held_of(world.database, report.run_id)[0].causes[0]
    assert (busy.cause, busy.people) == (HeldCause.BUSY_DAY, 3)
    world.clock.forward(hours=20)
    assert world.run().done == PlanCounts(deactivate=3)


def test_somebody_in_grace_who_is_suspended_the_same_day_counts_once(world: World) -> None:
    world.settings = replace(world.settings, grace_days=7)
    world.directory.hire_many(100)
    world.directory.unit("s", "/Sales")
    world.first_sync()
    world.settings = replace(
        world.settings, scope=ScopeRule(kind=ScopeKind.EVERYONE, exclude_unit_ids=("s",))
    )
    for number in range(5):
        world.directory.change(f"u{number:05}", unit_path="/Sales")
    assert world.run().held == ()
    suspend_first(world, 5)
    assert world.run().done == PlanCounts(deactivate=5)


# ------------------------------------------------------------------ protected


@pytest.mark.parametrize("who", ["owner", "signed-in", "listed-address", "listed-id", "service"])
def test_a_protected_leaver_stops_the_others_and_is_never_touched(world: World, who: str) -> None:
    world.directory.hire_many(40)
    person = world.directory.people["u00001"]
    if who == "owner":
        world.owner("u00001")
    if who == "signed-in":
        world.signed_in = person.address.upper()
    if who == "listed-address":
        world.settings = replace(world.settings, protected=(person.address,))
    if who == "listed-id":
        world.settings = replace(world.settings, protected=("u00001",))
    if who == "service":
        world.service.has(person.address, is_owner=True)
    world.first_sync()
    suspend_first(world, 2)
    report = world.run()
    assert report.outcome is RunOutcome.STOPPED_BY_GUARD
    assert report.held == ((HeldKind.LEAVE, 2),)
    causes = held_of(world.database, report.run_id)[0].causes
    assert [cause.name for cause in causes if cause.cause is HeldCause.PROTECTED] == ["Person No1"]
    approve_all(world, report.run_id, HeldKind.LEAVE, 2)
    report = world.run()
    assert report.done == PlanCounts(deactivate=1)
    assert world.rows(report.run_id)["u00001"].kind is PlanKind.SKIP
    assert "u00001" in world.service.active_ids()
    assert world.run().outcome is RunOutcome.DONE, "asked once is enough"


def made_an_owner_elsewhere(world: World, user_id: str) -> None:
    account = world.service.of(user_id)
    assert account is not None
    world.service.store[account.id] = replace(account, is_owner=True)


def test_somebody_who_became_an_owner_since_the_last_sign_in_is_protected(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    made_an_owner_elsewhere(world, "u00001")
    world.owners_read_at = world.clock.moment - timedelta(hours=25)
    suspend_first(world, 2)
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 2),)
    assert "u00001" in world.service.active_ids()
    world.service.calls.clear()
    world.run()
    assert "list" not in world.service.calls, "once a day is enough"
    world.clock.forward(days=2)
    world.run()
    assert "list" in world.service.calls


def test_nobody_leaves_while_nobody_tells_who_the_owners_are(world: World) -> None:
    world.directory.hire_many(40)
    world.first_sync()
    world.owners_read_at = world.clock.moment - timedelta(hours=25)
    world.service.list_trouble = Code.REQUEST_REFUSED
    suspend_first(world, 2)
    assert world.run().outcome is RunOutcome.PARTLY
    assert len(world.service.active_ids()) == 40
    world.owners_read_at = world.clock.moment - timedelta(hours=20)
    assert world.run().done == PlanCounts(deactivate=2), "a copy of today serves"


def test_the_last_owner_is_called_that(world: World) -> None:
    world.directory.hire_many(40)
    world.owner("u00001")
    world.first_sync()
    suspend_first(world, 2)
    summary = world.preview()
    with world.database.read() as reading:
        reasons = set(
            reading.values(
                str,
                "SELECT reason FROM plan_item WHERE run_id = ? AND user_id = 'u00001'",
                (summary.run_id,),
            )
        )
    assert reasons == {Reason.LAST_OWNER}


def test_a_protected_person_who_was_renamed_is_protected_still(world: World) -> None:
    world.directory.hire_many(40)
    world.settings = replace(world.settings, protected=(f"new.name@{DOMAIN}",))
    world.first_sync()
    world.directory.change("u00001", address=f"new.name@{DOMAIN}")
    suspend_first(world, 2)
    report = world.run()
    assert report.outcome is RunOutcome.STOPPED_BY_GUARD
    assert "u00001" in world.service.active_ids()


# ------------------------------------------------------------------ creates and updates


def test_the_first_run_may_do_what_its_preview_showed_and_two_percent_more(world: World) -> None:
    world.directory.hire_many(100)
    world.preview()
    world.directory.hire_many(2, start=500)
    assert world.run().done == PlanCounts(create=102)


def test_the_first_run_does_no_more_than_that(world: World) -> None:
    world.directory.hire_many(100)
    world.preview()
    world.directory.hire_many(3, start=500)
    report = world.run()
    assert report.held == ((HeldKind.CREATE, 103),)
    assert held_of(world.database, report.run_id)[0].causes[0].cause is HeldCause.NOT_IN_PREVIEW
    assert world.service.store == {}
    world.preview()
    assert world.run().done == PlanCounts(create=103)


def test_a_first_run_that_nobody_previewed_keeps_to_the_usual_limit(world: World) -> None:
    world.directory.hire_many(51)
    report = world.run()
    assert report.held == ((HeldKind.CREATE, 51),)
    assert held_of(world.database, report.run_id)[0].causes[0].cause is HeldCause.NO_PREVIEW


def test_a_preview_of_another_scope_allows_nothing(world: World) -> None:
    world.directory.hire_many(60)
    wide = world.settings
    world.settings = replace(
        wide, scope=ScopeRule(kind=ScopeKind.RULES, user_ids=("u00001", "u00002"))
    )
    world.preview()
    world.settings = wide
    assert world.run().held == ((HeldKind.CREATE, 60),)


def test_later_runs_create_fifty_and_hold_fifty_one(world: World) -> None:
    world.directory.hire_many(20)
    world.first_sync()
    world.directory.hire_many(51, start=100)
    report = world.run()
    assert report.held == ((HeldKind.CREATE, 51),)
    del world.directory.people["u00100"]
    assert world.run().done == PlanCounts(create=50)
    world.directory.hire("one-more")
    assert world.run().held == ((HeldKind.CREATE, 1),)
    world.clock.forward(days=1, minutes=1)
    assert world.run().done == PlanCounts(create=1)


def test_only_the_kind_that_broke_its_limit_is_held(world: World) -> None:
    world.directory.hire_many(100)
    world.first_sync()
    for number in range(60):
        world.directory.change(f"u{number:05}", family="Renamed")
    suspend_first(world, 0)
    world.suspend("u00070")
    world.directory.hire("new")
    report = world.run()
    assert report.held == ((HeldKind.UPDATE, 60),)
    assert report.done == PlanCounts(create=1, deactivate=1)
    approve_all(world, report.run_id, HeldKind.UPDATE, 60)
    assert world.run().done == PlanCounts(update=60)


# ------------------------------------------------------------------ approvals


def stopped(world: World, leavers: int = 10) -> str:
    world.directory.hire_many(100)
    world.first_sync()
    suspend_first(world, leavers)
    report = world.run()
    assert report.outcome is RunOutcome.STOPPED_BY_GUARD
    return report.run_id


def test_the_number_must_be_typed(world: World) -> None:
    run_id = stopped(world)
    with pytest.raises(Trouble) as caught:
        approve_all(world, run_id, HeldKind.LEAVE, 9)
    assert caught.value.code is Code.APPROVAL_OUTDATED
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD


def test_an_approval_is_good_for_the_people_it_names_and_for_fewer(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    world.directory.hire("u00000", given="Person", family="No0")
    assert world.run().done == PlanCounts(deactivate=9)


def test_an_approval_is_not_good_for_somebody_else(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    world.suspend("u00055")
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD


def test_an_approval_is_good_once(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    assert world.run().done.deactivate == 10
    for number in range(10):
        world.directory.hire(f"u{number:05}", given="Person", family=f"No{number}")
    world.clock.forward(hours=1)
    assert world.run().done.reactivate == 10
    suspend_first(world, 10)
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD


def test_an_approval_ends_after_a_day(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    world.clock.forward(hours=24, seconds=1)
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD


def test_a_preview_shows_an_approved_plan_and_uses_nothing_up(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    assert world.preview().held == ()
    assert world.run().done.deactivate == 10


def test_an_approval_whose_run_failed_counts_again(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)

    def gone(*_: object) -> None:
        raise Trouble(Code.PROVISIONING_TOKEN_REVOKED)

    world.service.faults = [gone]
    assert world.run().outcome is RunOutcome.FAILED
    assert world.run().done.deactivate == 10


# ------------------------------------------------------------------ causes


def by_unit(world: World) -> None:
    world.directory.unit("moss", "/Moss")
    world.directory.unit("oslo", "/Oslo")
    world.directory.hire_many(30, unit_path="/Moss")
    world.directory.hire_many(70, start=100, unit_path="/Oslo")
    world.settings = replace(
        world.settings, scope=ScopeRule(kind=ScopeKind.RULES, unit_ids=("moss", "oslo"))
    )
    world.first_sync()


def first_cause(world: World) -> tuple[HeldCause, int, str]:
    summary = world.preview()
    (held,) = summary.held
    cause = held.causes[0]
    return cause.cause, cause.people, cause.name


def test_a_deleted_unit_is_named_as_the_cause(world: World) -> None:
    by_unit(world)
    units = world.directory.org_units
    units[:] = [unit for unit in units if unit.id != "moss"]
    for number in range(30):
        world.directory.change(f"u{number:05}", unit_path="/")
    assert first_cause(world) == (HeldCause.UNIT_GONE, 30, "Moss")


def test_people_who_moved_out_of_a_unit_are_named_as_the_cause(world: World) -> None:
    by_unit(world)
    world.directory.org_units.append(
        OrgUnit(id="ext", parent_id="root", path="/External", name="External")
    )
    for number in range(30):
        world.directory.change(f"u{number:05}", unit_path="/External")
    assert first_cause(world) == (HeldCause.UNIT_MOVED, 30, "Moss")


def test_an_edited_scope_is_named_as_the_cause(world: World) -> None:
    by_unit(world)
    world.settings = replace(
        world.settings, scope=ScopeRule(kind=ScopeKind.RULES, unit_ids=("oslo",))
    )
    assert first_cause(world) == (HeldCause.SCOPE_EDITED, 30, "")


def test_an_emptied_group_is_named_as_the_cause(world: World) -> None:
    world.directory.hire_many(40)
    world.directory.group("drivers", *(f"u{number:05}" for number in range(30)))
    world.directory.group("clerks", *(f"u{number:05}" for number in range(30, 40)))
    world.settings = replace(
        world.settings, scope=ScopeRule(kind=ScopeKind.RULES, group_ids=("drivers", "clerks"))
    )
    world.first_sync()
    edges = world.directory.edges
    edges[:] = [edge for edge in edges if edge.group_id != "drivers"]
    assert first_cause(world) == (HeldCause.GROUP_EMPTIED, 30, "Drivers")


def test_the_summary_of_the_newest_preview_can_be_had_again(world: World) -> None:
    world.directory.hire_many(3)
    summary = world.preview()
    assert stored_summary(world.database) == summary


def test_an_approval_does_not_outlast_the_run_for_people_without_evidence(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    world.directory.look_up_trouble = Code.DIRECTORY_FORBIDDEN
    assert world.run().outcome is RunOutcome.PARTLY
    world.directory.look_up_trouble = None
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD


def test_the_first_preview_tells_the_limit_of_the_accounts_to_come(world: World) -> None:
    world.directory.hire_many(434)
    assert world.preview().leave_limit == 21
    world.first_sync()
    assert world.preview().leave_limit == 21


@pytest.mark.parametrize("unsure", ["settings", "links"])
def test_not_even_approved_leavers_go_while_settings_or_links_can_not_be_had(
    world: World, unsure: str
) -> None:
    world.settings = replace(world.settings, grace_days=3)
    world.directory.hire_many(100)
    world.first_sync()
    world.directory.let_go(*(f"u{number:05}" for number in range(10)))
    approve_all(world, world.run().run_id, HeldKind.LEAVE, 10)
    world.run()
    world.clock.forward(days=4)
    if unsure == "settings":
        world.settings_live, world.settings_read_at = False, world.clock.now()
    else:
        world.service.list_trouble = Code.REQUEST_REFUSED
        distrust_links(world.database)
    report = world.run()
    assert report.held == ((HeldKind.LEAVE, 10),)
    assert len(world.service.active_ids()) == 100
    world.settings_live, world.service.list_trouble = True, None
    assert world.run().done == PlanCounts(deactivate=10)


def test_a_scope_told_in_another_order_is_the_same_scope(world: World) -> None:
    world.directory.hire_many(60)
    world.directory.group("one", *(f"u{number:05}" for number in range(30)))
    world.directory.group("two", *(f"u{number:05}" for number in range(30, 60)))
    world.settings = replace(
        world.settings, scope=ScopeRule(kind=ScopeKind.RULES, group_ids=("two", "one", "two"))
    )
    world.preview()
    world.settings = replace(
        world.settings, scope=ScopeRule(kind=ScopeKind.RULES, group_ids=("one", "two"))
    )
    assert world.run().done == PlanCounts(create=60)


def test_an_approval_survives_a_crash_of_the_run_that_used_it(world: World) -> None:
    run_id = stopped(world)
    approve_all(world, run_id, HeldKind.LEAVE, 10)
    world.service.faults = [killed_before]
    with pytest.raises(Killed):
        world.run()
    assert world.run().done == PlanCounts(deactivate=10)
