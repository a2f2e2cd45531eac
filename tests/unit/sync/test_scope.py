from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from tests.unit.sync.world import DOMAIN, World
from wizard.core.directory import UserState
from wizard.core.runs import PlanKind, Reason, RunOutcome
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    LeaverPolicy,
    NotActive,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)


@pytest.fixture
def company(world: World) -> World:
    """Units Sales (with North below it) and Operations; groups in groups, in a circle too."""
    directory = world.directory
    directory.unit("s", "/Sales")
    directory.unit("n", "/Sales/North", parent="s")
    directory.unit("o", "/Operations")
    directory.unit("x", "/Sales North")
    directory.hire("ana", unit_path="/Sales")
    directory.hire("ben", unit_path="/Sales/North")
    directory.hire("cem", unit_path="/Operations")
    directory.hire("dag", unit_path="/Sales North")
    directory.hire("eli", unit_path="/")
    directory.group("inner", "ben", "cem")
    directory.group("outer", "inner", "dag")
    directory.group("all", "*")
    directory.group("circle", "outer", "eli")
    directory.edges.append(
        directory.edges[0].__class__(
            group_id="inner", member_id="circle", kind=directory.edges[2].kind
        )
    )
    return world


EXCLUSIONS = {"exclude_unit_ids", "exclude_group_ids", "exclude_user_ids", "exclude_domains"}


def in_scope(world: World, **rule: tuple[str, ...]) -> set[str]:
    kind = ScopeKind.EVERYONE if set(rule) <= EXCLUSIONS else ScopeKind.RULES
    named = msgspec.convert({"kind": kind, **rule}, ScopeRule)
    world.settings = ProvisioningSettings(enabled=True, scope=named)
    summary = world.preview()
    return {user for user, plan in world.kinds(summary.run_id).items() if plan.writes}


def test_everyone_means_everybody_who_is_active_and_has_an_address(company: World) -> None:
    company.directory.hire("fay", state=UserState.SUSPENDED)
    company.directory.hire("gus", state=UserState.ARCHIVED)
    company.directory.hire("hal", address="")
    assert in_scope(company) == {"ana", "ben", "cem", "dag", "eli"}
    rows = company.rows(company.preview().run_id)
    assert rows["fay"].reason is Reason.SUSPENDED
    assert rows["gus"].reason is Reason.ARCHIVED
    assert rows["hal"].reason is Reason.NO_ADDRESS
    assert {rows[user].kind for user in ("fay", "gus", "hal")} == {PlanKind.SKIP}


def test_a_unit_takes_those_below_it_and_no_look_alike(company: World) -> None:
    assert in_scope(company, unit_ids=("s",)) == {"ana", "ben"}
    assert in_scope(company, unit_ids=("n",)) == {"ben"}
    assert in_scope(company, unit_ids=("root",)) == {"ana", "ben", "cem", "dag", "eli"}


def test_a_renamed_unit_changes_nothing(company: World) -> None:
    directory = company.directory
    before = in_scope(company, unit_ids=("s",))
    for place, unit in enumerate(directory.org_units):
        if unit.path.startswith("/Sales/") or unit.path == "/Sales":
            directory.org_units[place] = unit.__class__(
                id=unit.id,
                parent_id=unit.parent_id,
                path=unit.path.replace("/Sales", "/Selling"),
                name=unit.name,
            )
    directory.change("ana", unit_path="/Selling")
    directory.change("ben", unit_path="/Selling/North")
    assert in_scope(company, unit_ids=("s",)) == before


def test_groups_count_with_the_groups_inside_them_even_in_a_circle(company: World) -> None:
    assert in_scope(company, group_ids=("outer",)) == {"ben", "cem", "dag", "eli"}
    assert in_scope(company, group_ids=("inner",)) == {"ben", "cem", "dag", "eli"}


def test_a_group_that_holds_everyone_expands_to_all(company: World) -> None:
    assert in_scope(company, group_ids=("all",)) == {"ana", "ben", "cem", "dag", "eli"}


def test_rules_add_up(company: World) -> None:
    assert in_scope(company, unit_ids=("n",), user_ids=("eli",)) == {"ben", "eli"}


def test_rules_that_name_nobody_take_nobody(company: World) -> None:
    company.settings = ProvisioningSettings(scope=ScopeRule(kind=ScopeKind.RULES))
    assert company.preview().counts.writes == 0


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"exclude_unit_ids": ("s",)}, {"cem", "dag", "eli"}),
        ({"exclude_group_ids": ("inner",)}, {"ana"}),
        ({"exclude_user_ids": ("ana",)}, {"ben", "cem", "dag", "eli"}),
        ({"unit_ids": ("s",), "exclude_user_ids": ("ana",)}, {"ben"}),
        ({"user_ids": ("ana", "ben"), "exclude_unit_ids": ("n",)}, {"ana"}),
        ({"unit_ids": ("s",), "user_ids": ("cem",), "exclude_group_ids": ("all",)}, set()),
    ],
)
def test_an_exclusion_always_wins(
    company: World, rule: dict[str, tuple[str, ...]], expected: set[str]
) -> None:
    assert in_scope(company, **rule) == expected


def test_the_plan_says_what_brings_somebody_in_or_keeps_them_out(company: World) -> None:
    in_scope(
        company,
        unit_ids=("s",),
        group_ids=("outer",),
        user_ids=("eli",),
        exclude_user_ids=("dag",),
        exclude_unit_ids=("o",),
    )
    rows = company.rows(company.preview().run_id)
    assert rows["ben"].scope_by == "Unit Sales"
    assert rows["eli"].scope_by == "By name"
    assert rows["dag"].scope_by == "By name"
    assert rows["dag"].reason is Reason.EXCLUDED
    assert rows["cem"].scope_by == "Unit Operations"
    assert rows["cem"].reason is Reason.EXCLUDED


def test_suspended_is_said_before_out_of_scope(company: World) -> None:
    company.suspend("cem")
    in_scope(company, unit_ids=("s",))
    rows = company.rows(company.preview().run_id)
    assert rows["cem"].reason is Reason.SUSPENDED
    assert rows["dag"].reason is Reason.OUT_OF_SCOPE


def test_groups_are_not_read_when_the_scope_names_none(company: World) -> None:
    in_scope(company, unit_ids=("s",))
    without = company.directory.asked
    in_scope(company, group_ids=("outer",))
    assert company.directory.asked - without > len(company.directory.all_groups)
    assert DOMAIN in company.rows(company.preview().run_id)["ben"].address


# ------------------------------------------------------------------ domains


def test_a_domain_takes_those_whose_primary_address_is_in_it(company: World) -> None:
    company.directory.hire("fay", address="Fay@SECOND.example")
    company.directory.change("ana", aliases=("ana@second.example",))
    assert in_scope(company, domains=("second.example",)) == {"fay"}
    rows = company.rows(company.preview().run_id)
    assert rows["fay"].scope_by == "Domain second.example"


def test_a_domain_left_out_wins_over_a_unit(company: World) -> None:
    company.directory.hire("fay", address="fay@second.example", unit_path="/Sales")
    assert in_scope(company, unit_ids=("s",), exclude_domains=("second.example",)) == {"ana", "ben"}
    rows = company.rows(company.preview().run_id)
    assert (rows["fay"].reason, rows["fay"].scope_by) == (
        Reason.EXCLUDED,
        "Domain second.example",
    )


# ------------------------------------------------------------------ the address


def in_domain(otherwise: AddressFallback = AddressFallback.PRIMARY) -> ProvisioningSettings:
    return ProvisioningSettings(
        enabled=True,
        grace_days=0,
        address=AddressRule(
            choice=AddressChoice.IN_DOMAIN, domain="second.example", otherwise=otherwise
        ),
    )


def test_an_alias_in_the_chosen_domain_becomes_the_account(company: World) -> None:
    company.directory.change("ana", aliases=("a.silva@second.example", "ANA@Second.example"))
    company.directory.change("ben", aliases=("zed@second.example", "b@second.example"))
    company.settings = in_domain()
    report = company.run()
    assert report.done.create == 5
    addresses = {
        user: account.address
        for user in ("ana", "ben", "cem")
        if (account := company.service.of(user)) is not None
    }
    assert addresses == {
        "ana": "ANA@Second.example",
        "ben": "b@second.example",
        "cem": f"cem@{DOMAIN}",
    }
    assert company.run().planned.writes == 0
    rows = company.rows(company.preview().run_id)
    assert "second.example" in rows["cem"].detail
    assert rows["ana"].detail == ""


def test_who_has_no_address_in_the_chosen_domain_can_be_left_out(company: World) -> None:
    company.directory.change("ana", aliases=("ana@second.example",))
    company.settings = in_domain(AddressFallback.LEAVE_OUT)
    rows = company.rows(company.preview().run_id)
    assert rows["ana"].kind is PlanKind.CREATE
    assert (rows["ben"].kind, rows["ben"].reason) == (PlanKind.SKIP, Reason.NO_ADDRESS_IN_DOMAIN)
    assert rows["ben"].address == f"ben@{DOMAIN}"


def test_two_people_are_never_given_one_address_by_the_choice(company: World) -> None:
    company.directory.change("ana", aliases=("team@second.example",))
    company.directory.change("ben", aliases=("Team@second.example",))
    company.settings = in_domain()
    rows = company.rows(company.preview().run_id)
    assert {rows[user].reason for user in ("ana", "ben")} == {Reason.CLAIMED_TWICE}


def test_an_account_at_the_chosen_address_is_adopted_only_in_a_verified_domain(
    company: World,
) -> None:
    company.directory.change("ana", aliases=("ana@second.example",))
    company.service.has("ana@second.example")
    company.settings = in_domain()
    rows = company.rows(company.preview().run_id)
    assert rows["ana"].reason is Reason.DOMAIN_NOT_VERIFIED
    company.directory.domains = (DOMAIN, "second.example")
    rows = company.rows(company.preview().run_id)
    assert rows["ana"].kind is PlanKind.ADOPT


def test_another_choice_of_address_changes_accounts_and_makes_none(company: World) -> None:
    company.directory.change("ana", aliases=("ana@second.example",))
    company.settings = replace(in_domain(), address=AddressRule())
    company.first_sync()
    before = company.service.of("ana")
    company.settings = in_domain()
    report = company.run()
    assert (report.done.update, report.done.create) == (1, 0)
    after = company.service.of("ana")
    assert before is not None
    assert after is not None
    assert (after.id, after.address) == (before.id, "ana@second.example")


def test_a_preview_of_another_address_is_no_leave_for_the_first_run(world: World) -> None:
    for number in range(120):
        world.directory.hire(f"p{number}", aliases=(f"p{number}@second.example",))
    world.settings = replace(in_domain(), address=AddressRule())
    world.preview()
    world.settings = in_domain()
    assert world.run().outcome is RunOutcome.STOPPED_BY_GUARD
    world.preview()
    assert world.run().done.create == 120


# ------------------------------------------------------------------ suspended and archived


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.ARCHIVED])
def test_an_account_is_switched_off_though_leavers_are_kept(
    company: World, state: UserState
) -> None:
    keep = NotActive.KEEP_INACTIVE
    company.settings = replace(
        in_domain(),
        address=AddressRule(),
        leavers=LeaverPolicy.KEEP,
        scope=ScopeRule(suspended=keep, archived=keep),
    )
    company.first_sync()
    company.directory.change("ana", state=state)
    company.directory.let_go("ben")
    assert company.run().done.deactivate == 1
    assert company.service.active_ids() == {"ben", "cem", "dag", "eli"}
    company.directory.change("ana", state=UserState.ACTIVE)
    assert company.run().done.reactivate == 1


def test_left_out_people_are_leavers_like_others(company: World) -> None:
    company.settings = replace(in_domain(), address=AddressRule(), leavers=LeaverPolicy.KEEP)
    company.first_sync()
    company.suspend("ana")
    assert company.run().done.deactivate == 0
    company.settings = replace(company.settings, leavers=LeaverPolicy.DEACTIVATE)
    assert company.run().done.deactivate == 1


def test_an_exclusion_wins_over_keeping_a_suspended_account_waiting(company: World) -> None:
    company.settings = replace(
        in_domain(),
        address=AddressRule(),
        leavers=LeaverPolicy.KEEP,
        scope=ScopeRule(suspended=NotActive.KEEP_INACTIVE),
    )
    company.first_sync()
    company.suspend("ana")
    company.settings = replace(
        company.settings,
        scope=ScopeRule(suspended=NotActive.KEEP_INACTIVE, exclude_user_ids=("ana",)),
    )
    assert company.run().done.deactivate == 0


def test_nobody_suspended_is_ever_given_an_account(company: World) -> None:
    company.suspend("ana")
    company.settings = replace(in_domain(), scope=ScopeRule(suspended=NotActive.KEEP_INACTIVE))
    company.run()
    assert company.service.of("ana") is None
