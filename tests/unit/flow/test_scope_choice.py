from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.core.settings import NotActive, ScopeKind, ScopeRule
from wizard.flow.scope_choice import (
    Named,
    ScopeMode,
    Tick,
    UnitBoxes,
    in_mode,
    mode_of,
    named_of,
    others,
)

PARENTS = {
    "root": "",
    "ops": "root",
    "sales": "root",
    "terminals": "ops",
    "fleet": "ops",
    "north": "terminals",
    "south": "terminals",
}
RULES = ScopeRule(kind=ScopeKind.RULES)


def boxes(rule: ScopeRule) -> dict[str, str]:
    return {unit: tick.value for unit, tick in UnitBoxes(PARENTS).ticks(rule).items()}


def press(rule: ScopeRule, *units: str) -> ScopeRule:
    for unit in units:
        rule = UnitBoxes(PARENTS).toggled(rule, unit)
    return rule


def included(rule: ScopeRule) -> set[str]:
    """The units that the engine would take, by its own rule: a subtree, and exclusions win."""

    def up(unit: str) -> set[str]:
        found = set()
        while unit:
            found.add(unit)
            unit = PARENTS[unit]
        return found

    return {
        unit
        for unit in PARENTS
        if up(unit) & set(rule.unit_ids) and not up(unit) & set(rule.exclude_unit_ids)
    }


def test_a_ticked_unit_takes_all_below_it_and_makes_those_above_part() -> None:
    ticked = press(RULES, "terminals")
    assert ticked.unit_ids == ("terminals",)
    assert boxes(ticked) == {
        "root": "part", "ops": "part", "sales": "off", "terminals": "on", "fleet": "off",
        "north": "on", "south": "on",
    }  # fmt: skip


def test_unticking_inside_a_ticked_unit_is_an_exclusion() -> None:
    rule = press(RULES, "root", "fleet")
    assert (rule.unit_ids, rule.exclude_unit_ids) == (("root",), ("fleet",))
    assert boxes(rule)["ops"] == "part"
    assert boxes(rule)["terminals"] == "on"


def test_ticking_again_takes_the_exclusion_back() -> None:
    assert press(RULES, "root", "fleet", "fleet") == press(RULES, "root")


def test_ticking_below_an_unticked_unit_moves_the_exclusion_to_its_neighbors() -> None:
    rule = press(RULES, "root", "ops", "north")
    assert rule.unit_ids == ("root",)
    assert set(rule.exclude_unit_ids) == {"fleet", "south"}
    assert boxes(rule)["north"] == "on"
    assert boxes(rule)["fleet"] == "off"


def test_pressing_a_part_box_ticks_it_whole() -> None:
    rule = press(RULES, "root", "fleet", "ops")
    assert rule == press(RULES, "root")


def test_units_in_a_circle_do_not_hang() -> None:
    circle = UnitBoxes({"root": "", "a": "b", "b": "a"})
    assert circle.ticks(RULES) == {"root": Tick.OFF}
    assert circle.toggled(RULES, "root").unit_ids == ("root",)


@given(st.lists(st.sampled_from(sorted(PARENTS)), max_size=8))
def test_boxes_say_what_the_engine_would_do(pressed: list[str]) -> None:
    rule = press(RULES, *pressed)
    ticks = boxes(rule)
    taken = included(rule)
    for unit in PARENTS:
        below = {one for one in PARENTS if unit in _above(one)}
        if ticks[unit] == "on":
            assert below <= taken
        elif ticks[unit] == "off":
            assert not below & taken
        else:
            assert below & taken
    if pressed:
        last = pressed[-1]
        before = boxes(press(RULES, *pressed[:-1]))[last]
        assert ticks[last] == ("off" if before == "on" else "on")


def _above(unit: str) -> set[str]:
    found = set()
    while unit:
        found.add(unit)
        unit = PARENTS[unit]
    return found


@pytest.mark.parametrize(
    ("rule", "mode"),
    [
        (ScopeRule(), ScopeMode.EVERYONE),
        (RULES, ScopeMode.UNITS),
        (replace(RULES, unit_ids=("a",), user_ids=("u",)), ScopeMode.UNITS),
        (replace(RULES, group_ids=("g",)), ScopeMode.GROUPS),
        (replace(RULES, domains=("d.example",), user_ids=("u",)), ScopeMode.DOMAINS),
        (replace(RULES, user_ids=("u",)), ScopeMode.PEOPLE),
    ],
)
def test_a_rule_tells_which_way_it_was_chosen(rule: ScopeRule, mode: ScopeMode) -> None:
    assert mode_of(rule) is mode


def test_choosing_another_way_keeps_who_is_left_out() -> None:
    rule = replace(
        RULES, unit_ids=("ops",), exclude_unit_ids=("fleet",), exclude_user_ids=("u",),
        suspended=NotActive.KEEP_INACTIVE,
    )  # fmt: skip
    everyone = in_mode(rule, ScopeMode.EVERYONE, Named())
    assert everyone.kind is ScopeKind.EVERYONE
    assert everyone.exclude_unit_ids == ()
    assert everyone.exclude_user_ids == ("u",)
    assert everyone.suspended is NotActive.KEEP_INACTIVE
    assert in_mode(everyone, ScopeMode.UNITS, named_of(rule)) == rule


def test_what_a_rule_names_beside_its_way_is_told() -> None:
    rule = replace(RULES, unit_ids=("ops",), group_ids=("g",), user_ids=("u",))
    assert others(rule, ScopeMode.UNITS) == Named(group_ids=("g",))
    assert others(replace(rule, group_ids=()), ScopeMode.UNITS) == Named()
