from __future__ import annotations

import pytest

from tests.unit.sync.world import DOMAIN, World
from wizard.core.directory import UserState
from wizard.core.runs import PlanKind, Reason
from wizard.core.settings import ProvisioningSettings, ScopeKind, ScopeRule


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


def in_scope(world: World, **rule: tuple[str, ...]) -> set[str]:
    kind = ScopeKind.RULES
    if set(rule) <= {"exclude_unit_ids", "exclude_group_ids", "exclude_user_ids"}:
        kind = ScopeKind.EVERYONE
    world.settings = ProvisioningSettings(enabled=True, scope=ScopeRule(kind=kind, **rule))
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
