"""Settings that two people changed at once: nothing is lost, and nobody is overruled unseen."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    LeaverPolicy,
    Limits,
    NotActive,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)
from wizard.core.settings_fields import (
    SettingsField,
    changed_fields,
    field_value,
    same_plan,
    with_field,
)
from wizard.flow.answers import ChosenScope
from wizard.flow.merging import (
    Conflict,
    Side,
    merge,
    merge_scope,
    scope_of,
    settle,
    settle_scope,
)

ids = st.lists(st.sampled_from("abcde"), unique=True, max_size=4).map(tuple)
small = st.integers(min_value=1, max_value=3)
scopes = st.builds(
    ScopeRule,
    kind=st.sampled_from(ScopeKind),
    unit_ids=ids,
    group_ids=ids,
    user_ids=ids,
    exclude_unit_ids=ids,
    exclude_group_ids=ids,
    exclude_user_ids=ids,
    domains=ids,
    exclude_domains=ids,
    suspended=st.sampled_from(NotActive),
    archived=st.sampled_from(NotActive),
)
settings = st.builds(
    ProvisioningSettings,
    enabled=st.booleans(),
    interval_minutes=small,
    leavers=st.sampled_from(LeaverPolicy),
    grace_days=small,
    limits=st.builds(
        Limits, leave_percent=small, leave_max=small, change_percent=small, change_min=small
    ),
    scope=scopes,
    address=st.builds(
        AddressRule,
        choice=st.sampled_from(AddressChoice),
        domain=st.sampled_from(["", "x.test"]),
        otherwise=st.sampled_from(AddressFallback),
    ),
    protected=ids,
    version=st.just(3),
)
BASE = ProvisioningSettings(version=3)
MARENS = replace(BASE, version=4)


def same(one: ProvisioningSettings, other: ProvisioningSettings) -> bool:
    return not changed_fields(one, other)


def leaves(shape: type, prefix: str = "") -> set[str]:
    """Every single field of the settings, but for the rule of addresses, which is one decision."""
    found: set[str] = set()
    for field in dataclasses.fields(shape):
        inner = {"limits": Limits, "scope": ScopeRule}.get(field.name)
        found |= leaves(inner, f"{field.name}.") if inner else {f"{prefix}{field.name}"}
    return found


def test_every_setting_is_a_field_and_every_field_a_setting() -> None:
    assert leaves(ProvisioningSettings) - {"version"} == {field.value for field in SettingsField}


@given(settings, settings)
def test_a_field_that_is_taken_over_is_the_same_and_no_other_changes(
    one: ProvisioningSettings, other: ProvisioningSettings
) -> None:
    for field in changed_fields(one, other):
        taken = with_field(one, field, field_value(other, field))
        assert set(changed_fields(taken, other)) == set(changed_fields(one, other)) - {field}


def test_only_what_shapes_a_plan_makes_it_another_one() -> None:
    assert same_plan(BASE, replace(BASE, enabled=True, interval_minutes=60, version=9))
    assert not same_plan(BASE, replace(BASE, grace_days=0))
    assert not same_plan(BASE, replace(BASE, scope=ScopeRule(unit_ids=("a",))))
    two = ScopeRule(unit_ids=("a", "b"))
    assert same_plan(
        replace(BASE, scope=two), replace(BASE, scope=replace(two, unit_ids=("b", "a")))
    )


@given(settings, settings)
def test_what_only_one_side_changed_is_taken_without_a_question(
    base: ProvisioningSettings, changed: ProvisioningSettings
) -> None:
    mine = merge(base, changed, replace(base, version=4))
    assert not mine.conflicts
    assert same(mine.settings, changed)
    theirs = merge(base, base, replace(changed, version=4))
    assert not theirs.conflicts
    assert same(theirs.settings, changed)
    assert mine.settings.version == theirs.settings.version == 4


@given(settings, settings)
def test_who_changed_the_same_to_the_same_is_not_asked(
    base: ProvisioningSettings, changed: ProvisioningSettings
) -> None:
    merged = merge(base, changed, replace(changed, version=4))
    assert not merged.conflicts
    assert same(merged.settings, changed)
    assert merged.by_me == merged.by_them


@given(settings, settings, settings)
def test_a_conflict_is_what_both_changed_and_not_to_the_same(
    base: ProvisioningSettings, mine: ProvisioningSettings, theirs: ProvisioningSettings
) -> None:
    merged = merge(base, mine, theirs)
    swapped = merge(base, theirs, mine)
    wanted = {
        field
        for field in set(merged.by_me) & set(merged.by_them)
        if not isinstance(field_value(base, field), tuple)
        and field_value(mine, field) != field_value(theirs, field)
    }
    assert {one.field for one in merged.conflicts} == wanted
    assert {one.field for one in swapped.conflicts} == wanted
    for one in merged.conflicts:
        assert (one.mine, one.theirs) == (
            field_value(mine, one.field),
            field_value(theirs, one.field),
        )
    for field in set(SettingsField) - wanted:
        mine_, other = field_value(merged.settings, field), field_value(swapped.settings, field)
        if isinstance(mine_, tuple) and isinstance(other, tuple):
            assert set(mine_) == set(other)
        else:
            assert mine_ == other


@given(settings, settings, settings)
def test_what_either_added_to_a_list_is_in_and_what_either_took_out_is_out(
    base: ProvisioningSettings, mine: ProvisioningSettings, theirs: ProvisioningSettings
) -> None:
    merged = merge(base, mine, theirs).settings
    for field in SettingsField:
        was, ours = field_value(base, field), field_value(mine, field)
        other, now = field_value(theirs, field), field_value(merged, field)
        if not (
            isinstance(was, tuple)
            and isinstance(ours, tuple)
            and isinstance(other, tuple)
            and isinstance(now, tuple)
        ):
            continue
        added = (set(ours) | set(other)) - set(was)
        taken = (set(was) - set(ours)) | (set(was) - set(other))
        assert set(now) == (set(was) | added) - taken
        assert len(now) == len(set(now))


@given(settings, settings, settings, st.data())
def test_every_conflict_ends_as_the_person_chose(
    base: ProvisioningSettings,
    mine: ProvisioningSettings,
    theirs: ProvisioningSettings,
    data: st.DataObject,
) -> None:
    merged = merge(base, mine, theirs)
    choices = {
        one.field: data.draw(st.sampled_from(Side), label=one.field) for one in merged.conflicts
    }
    settled = settle(merged, choices)
    assert not settled.conflicts
    for one in merged.conflicts:
        chosen = one.mine if choices[one.field] is Side.MINE else one.theirs
        assert field_value(settled.settings, one.field) == chosen
    untouched = set(SettingsField) - set(choices)
    for field in untouched:
        assert field_value(settled.settings, field) == field_value(merged.settings, field)


@given(settings, settings)
def test_without_the_beginning_every_single_value_that_differs_is_asked(
    mine: ProvisioningSettings, theirs: ProvisioningSettings
) -> None:
    merged = merge(None, mine, theirs)
    for field in changed_fields(theirs, mine):
        ours, other = field_value(mine, field), field_value(theirs, field)
        if isinstance(ours, tuple) and isinstance(other, tuple):
            now = field_value(merged.settings, field)
            assert isinstance(now, tuple)
            assert set(now) == set(ours) | set(other)
        else:
            assert Conflict(field=field, mine=ours, theirs=other) in merged.conflicts


def test_a_scope_that_somebody_else_widened_asks_for_another_look_at_the_preview() -> None:
    mine = replace(BASE, grace_days=14)
    wider = replace(MARENS, scope=ScopeRule(unit_ids=("terminals",)))
    assert merge(BASE, mine, wider).scope_is_new
    assert not merge(BASE, mine, replace(MARENS, enabled=True)).scope_is_new
    both = replace(BASE, scope=ScopeRule(suspended=NotActive.KEEP_INACTIVE))
    asked = merge(BASE, both, replace(MARENS, scope=ScopeRule(archived=NotActive.KEEP_INACTIVE)))
    assert asked.scope_is_new
    assert not asked.conflicts


def test_a_scope_settled_their_way_asks_for_another_look_too() -> None:
    rule = AddressRule(choice=AddressChoice.IN_DOMAIN, domain="halden-freight.example")
    other = replace(rule, domain="halden-logistics.example")
    merged = merge(BASE, replace(BASE, address=rule), replace(MARENS, address=other))
    (conflict,) = merged.conflicts
    assert conflict.field is SettingsField.ADDRESS
    assert not merged.scope_is_new
    assert not settle(merged, {SettingsField.ADDRESS: Side.MINE}).scope_is_new
    assert settle(merged, {SettingsField.ADDRESS: Side.THEIRS}).scope_is_new


@given(settings, settings, settings)
def test_a_choice_of_people_comes_together_with_theirs_and_leaves_all_else_to_them(
    base: ProvisioningSettings, mine: ProvisioningSettings, theirs: ProvisioningSettings
) -> None:
    whole = merge(base, mine, theirs)
    merged = merge_scope(base, scope_of(mine), theirs)
    for field in SettingsField:
        source = whole.settings if field.in_scope else theirs
        assert field_value(merged.settings, field) == field_value(source, field)
    assert {one.field for one in merged.conflicts} == {
        one.field for one in whole.conflicts if one.field.in_scope
    }
    assert merged.asks == (bool(merged.conflicts) or merged.scope_is_new)
    taken = settle_scope(merged, scope_of(mine), scope_of(theirs))
    assert not taken.conflicts
    assert same(taken.settings, theirs)
    kept = settle_scope(merged, scope_of(mine), scope_of(mine))
    assert not kept.asks
    assert (kept.settings.scope, kept.settings.address) == (mine.scope, mine.address)
    assert kept.settings.version == theirs.version


def test_a_choice_that_has_all_of_theirs_in_it_asks_nothing() -> None:
    theirs = replace(MARENS, scope=ScopeRule(unit_ids=("a",)), grace_days=3)
    assert not merge_scope(BASE, ChosenScope(scope=ScopeRule(unit_ids=("a", "b"))), theirs).asks
    assert merge_scope(BASE, ChosenScope(scope=ScopeRule(unit_ids=("b",))), theirs).asks
    assert merge_scope(None, ChosenScope(), theirs).scope_is_new
