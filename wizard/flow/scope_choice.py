"""What a person does on the scope page, as changes of a rule: ways to choose, a tree's boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from wizard.core.settings import ScopeKind, ScopeRule

__all__ = ["Named", "ScopeMode", "Tick", "UnitBoxes", "in_mode", "mode_of", "named_of", "others"]


class ScopeMode(StrEnum):
    """How the people are chosen; one at a time."""

    EVERYONE = "everyone"
    UNITS = "units"
    GROUPS = "groups"
    PEOPLE = "people"
    DOMAINS = "domains"


@dataclass(frozen=True, kw_only=True)
class Named:
    """What one way of choosing names; unticked units belong to the tree that they stand in."""

    unit_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    exclude_unit_ids: tuple[str, ...] = ()


def mode_of(rule: ScopeRule) -> ScopeMode:
    """Which way a rule was chosen; people who are named beside units are an addition to those."""
    if rule.kind is ScopeKind.EVERYONE:
        return ScopeMode.EVERYONE
    if rule.unit_ids:
        return ScopeMode.UNITS
    if rule.group_ids:
        return ScopeMode.GROUPS
    if rule.domains:
        return ScopeMode.DOMAINS
    return ScopeMode.PEOPLE if rule.user_ids else ScopeMode.UNITS


def named_of(rule: ScopeRule) -> Named:
    """What a rule names, to be put back when its way of choosing is chosen again."""
    return Named(
        unit_ids=rule.unit_ids,
        group_ids=rule.group_ids,
        user_ids=rule.user_ids,
        domains=rule.domains,
        exclude_unit_ids=rule.exclude_unit_ids,
    )


def in_mode(rule: ScopeRule, mode: ScopeMode, named: Named) -> ScopeRule:
    """The rule chosen another way; who is left out, and how, stays."""
    kind = ScopeKind.EVERYONE if mode is ScopeMode.EVERYONE else ScopeKind.RULES
    return replace(
        rule,
        kind=kind,
        unit_ids=named.unit_ids,
        group_ids=named.group_ids,
        user_ids=named.user_ids,
        domains=named.domains,
        exclude_unit_ids=named.exclude_unit_ids,
    )


def others(rule: ScopeRule, mode: ScopeMode) -> Named:
    """What a rule names beside its way of choosing; people by name go with every way."""
    if mode is ScopeMode.EVERYONE:
        return Named()
    return Named(
        unit_ids=() if mode is ScopeMode.UNITS else rule.unit_ids,
        group_ids=() if mode is ScopeMode.GROUPS else rule.group_ids,
        domains=() if mode is ScopeMode.DOMAINS else rule.domains,
    )


class Tick(StrEnum):
    """How a box of the tree stands."""

    ON = "on"
    PART = "part"
    OFF = "off"


class UnitBoxes:
    """The boxes of a tree of units: a ticked unit takes all below it, also what comes later.

    A box that is unticked inside a ticked one is an exclusion. An exclusion always wins, so to
    tick something below it again the exclusion moves down to its neighbors.
    """

    def __init__(self, parents: Mapping[str, str]) -> None:
        """`parents` names each unit's parent, '' or an unknown one for a root."""
        self._parents = parents
        self._children: dict[str, list[str]] = {}
        for unit, parent in parents.items():
            self._children.setdefault(parent, []).append(unit)

    def ticks(self, rule: ScopeRule) -> dict[str, Tick]:
        """How every box stands, in one walk over the tree."""
        chosen, cut = frozenset(rule.unit_ids), frozenset(rule.exclude_unit_ids)
        own: dict[str, bool] = {}
        for unit in self._down():
            parent = self._parents[unit]
            inside = own.get(parent, False) or unit in chosen
            barred = unit in cut or any(one in cut for one in self._up(parent))
            own[unit] = inside and not barred
        found: dict[str, Tick] = {}
        for unit in reversed(list(own)):
            below = {found[one] for one in self._children.get(unit, ()) if one in found}
            if own[unit]:
                found[unit] = Tick.ON if below <= {Tick.ON} else Tick.PART
            else:
                found[unit] = Tick.OFF if below <= {Tick.OFF} else Tick.PART
        return found

    def toggled(self, rule: ScopeRule, unit: str) -> ScopeRule:
        """The rule after a press on this box: what was wholly ticked is unticked, else ticked."""
        if self.ticks(rule).get(unit) is Tick.ON:
            return self._unticked(rule, unit)
        return self._ticked(rule, unit)

    def _unticked(self, rule: ScopeRule, unit: str) -> ScopeRule:
        chosen, cut = self._without_below(rule, unit)
        if any(one in chosen for one in self._up(self._parents[unit])):
            cut = (*cut, unit)
        return replace(rule, unit_ids=chosen, exclude_unit_ids=cut)

    def _ticked(self, rule: ScopeRule, unit: str) -> ScopeRule:
        chosen, cut = self._without_below(rule, unit)
        above = list(self._up(self._parents[unit]))
        while barrier := next((one for one in above if one in cut), ""):
            cut = (*(one for one in cut if one != barrier), *self._beside(barrier, unit, cut))
        if not any(one in chosen for one in above):
            chosen = (*chosen, unit)
        return replace(rule, unit_ids=chosen, exclude_unit_ids=cut)

    def _beside(self, top: str, unit: str, cut: tuple[str, ...]) -> tuple[str, ...]:
        """What has to be cut so that of all below `top` only `unit` comes in."""
        path = {unit, *self._up(unit)}
        found = []
        step = top
        while step != unit:
            children = self._children.get(step, [])
            found += [one for one in children if one not in path and one not in cut]
            step = next(one for one in children if one in path)
        return tuple(found)

    def _without_below(self, rule: ScopeRule, unit: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the rule chooses and cuts, without this unit and all below it."""
        below = set(self._below(unit))
        return (
            tuple(one for one in rule.unit_ids if one not in below),
            tuple(one for one in rule.exclude_unit_ids if one not in below),
        )

    def _below(self, unit: str) -> Iterator[str]:
        waiting, seen = [unit], set[str]()
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                yield one
                waiting.extend(self._children.get(one, ()))

    def _up(self, unit: str) -> Iterator[str]:
        seen = set[str]()
        while unit in self._parents and unit not in seen:
            seen.add(unit)
            yield unit
            unit = self._parents[unit]

    def _down(self) -> Iterator[str]:
        """Every unit after its parent; units in a circle have no root and are left out."""
        waiting = [one for one, parent in self._parents.items() if parent not in self._parents]
        waiting.reverse()
        seen = set[str]()
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                yield one
                waiting.extend(reversed(self._children.get(one, [])))
