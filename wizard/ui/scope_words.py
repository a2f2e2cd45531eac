"""Words of the scope page that depend on numbers: differences, why nobody is in, what is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.content.text import t, tn
from wizard.core.directory import UserState
from wizard.core.settings import AddressChoice, ScopeRule
from wizard.flow.scope_choice import Named, ScopeMode
from wizard.services.contract.scoping import (
    AddressOption,
    GroupItem,
    NamedItems,
    PersonItem,
    ScopeCount,
    UnitItem,
)
from wizard.ui.widgets.pick_list import Pick

__all__ = [
    "address_sentence",
    "address_title",
    "beside_words",
    "difference_words",
    "domain_note",
    "gone_words",
    "group_pick",
    "left_out_title",
    "mode_words",
    "names_words",
    "nobody_words",
    "person_pick",
    "unit_pick",
    "without_gone",
]


def mode_words(mode: ScopeMode) -> str:
    """What stands on the segment."""
    words = {
        ScopeMode.EVERYONE: t("Everyone"),
        ScopeMode.UNITS: t("Organizational units"),
        ScopeMode.GROUPS: t("Groups"),
        ScopeMode.DOMAINS: t("Domains"),
        ScopeMode.PEOPLE: t("Named people"),
    }
    return words[mode]


def left_out_title(mode: ScopeMode) -> str:
    """What stands over the ways to be left out."""
    words = {
        ScopeMode.EVERYONE: t("Left out, though everyone is chosen"),
        ScopeMode.UNITS: t("Left out, even inside these units"),
        ScopeMode.GROUPS: t("Left out, even inside these groups"),
        ScopeMode.DOMAINS: t("Left out, even in these domains"),
        ScopeMode.PEOPLE: t("Left out, even of these people"),
    }
    return words[mode]


def nobody_words(mode: ScopeMode, count: ScopeCount, *, groups_allowed: bool = True) -> str:
    """Why nobody would get an account, and what to do about it."""
    if count.left_out:
        return tn(
            "The {count} person chosen is left out below. Change that, or choose others.",
            "All {count} people chosen are left out below. Change that, or choose others.",
            count.left_out,
        )
    if not count.in_directory:
        return t("There is nobody in this directory yet.")
    if mode is ScopeMode.GROUPS and not groups_allowed:
        return t("Nobody is chosen yet. Choose another way, or authorize again.")
    words = {
        ScopeMode.EVERYONE: t("Nobody in this directory can have an account."),
        ScopeMode.UNITS: t("Nobody is chosen yet. Tick a unit with people in it."),
        ScopeMode.GROUPS: t("Nobody is chosen yet. Tick a group with people in it."),
        ScopeMode.DOMAINS: t("Nobody is chosen yet. Tick a domain."),
        ScopeMode.PEOPLE: t("Nobody is chosen yet. Search for people and tick them."),
    }
    return words[mode]


def difference_words(count: ScopeCount) -> str:
    """The difference to what is saved, such as “+312, −0”; '' where there is nothing to tell."""
    if count.added is None or count.removed is None:
        return ""
    if not count.added and not count.removed:
        return t("The same people as saved")
    return t("+{added}, −{removed}", added=f"{count.added:,}", removed=f"{count.removed:,}")


def names_words(names: Sequence[str], people: int) -> str:
    """The first names of so many people, and how many more there are."""
    shown = ", ".join(names)
    more = people - len(names)
    if more <= 0:
        return shown
    return tn("{names} and {count} more", "{names} and {count} more", more, names=shown)


def gone_words(named: NamedItems) -> list[str]:
    """A sentence for everything that the rule names and the directory no longer has."""
    sentences = [_gone_group(one) for one in (*named.groups, *named.exclude_groups) if one.gone]
    sentences += [_gone_unit(one) for one in (*named.units, *named.exclude_units) if one.gone]
    people = [one for one in (*named.people, *named.exclude_people) if one.gone]
    known = [one.name or one.address for one in people if one.name or one.address]
    if len(people) == 1 and known:
        sentences.append(t("**{name}** is no longer in Google.", name=known[0]))
    elif people:
        sentences.append(
            tn(
                "{count} person whom you named is no longer in Google.",
                "{count} people whom you named are no longer in Google.",
                len(people),
            )
        )
    return sentences


def without_gone(rule: ScopeRule, named: NamedItems) -> ScopeRule:
    """The rule without what the directory no longer has."""

    def still(items: Sequence[UnitItem | GroupItem | PersonItem]) -> tuple[str, ...]:
        return tuple(one.id for one in items if not one.gone)

    return replace(
        rule,
        unit_ids=still(named.units),
        group_ids=still(named.groups),
        user_ids=still(named.people),
        exclude_unit_ids=still(named.exclude_units),
        exclude_group_ids=still(named.exclude_groups),
        exclude_user_ids=still(named.exclude_people),
    )


def beside_words(beside: Named) -> str:
    """What counts beside the way of choosing that is shown; '' for nothing."""
    parts = []
    if beside.unit_ids:
        parts.append(tn("{count} unit", "{count} units", len(beside.unit_ids)))
    if beside.group_ids:
        parts.append(tn("{count} group", "{count} groups", len(beside.group_ids)))
    if beside.domains:
        parts.append(tn("{count} domain", "{count} domains", len(beside.domains)))
    return t("**Also counted:** {parts}.", parts=", ".join(parts)) if parts else ""


def _gone_group(group: GroupItem) -> str:
    if not group.name:
        return t("A group that you chose is no longer in Google.")
    return t("The group **{name}** is no longer in Google.", name=group.name)


def _gone_unit(unit: UnitItem) -> str:
    if not unit.name:
        return t("A unit that you chose is no longer in Google.")
    return t("The unit **{name}** is no longer in Google.", name=unit.name)


# ------------------------------------------------------------------ rows


def person_pick(person: PersonItem) -> Pick:
    """A person as a row."""
    if person.gone:
        return Pick(
            id=person.id,
            words=person.name or person.address or t("Somebody who left"),
            note=person.address,
            aside=t("No longer there"),
            gone=True,
        )
    states = {UserState.SUSPENDED: t("Suspended"), UserState.ARCHIVED: t("Archived")}
    return Pick(
        id=person.id,
        words=person.name or person.address,
        note=person.address,
        aside=states.get(person.state, ""),
    )


def group_pick(group: GroupItem) -> Pick:
    """A group as a row; how many are in it only where that is known."""
    aside = "" if group.people is None else f"{group.people:,}"
    if group.gone:
        return Pick(
            id=group.id,
            words=group.name or t("A group that was deleted"),
            note=group.address,
            aside=t("No longer there"),
            gone=True,
        )
    return Pick(id=group.id, words=group.name, note=group.address, aside=aside)


def unit_pick(unit: UnitItem) -> Pick:
    """A unit as a row, with the way to it."""
    if unit.gone:
        words = unit.name or t("A unit that was deleted")
        return Pick(id=unit.id, words=words, note=unit.path, aside=t("No longer there"), gone=True)
    return Pick(id=unit.id, words=unit.name, note=unit.path, aside=f"{unit.people:,}")


def domain_note(people: int, *, verified: bool) -> str:
    """What is to know of a domain, below its name."""
    words = tn("{count} person", "{count} people", people)
    return words if verified else t("{people}, not verified", people=words)


# ------------------------------------------------------------------ addresses


def address_title(option: AddressOption) -> str:
    """What stands on the card."""
    if option.rule.choice is AddressChoice.PRIMARY:
        return t("The primary address")
    return t("The address at {domain}", domain=option.rule.domain)


def address_sentence(option: AddressOption) -> str:
    """How many have such an address."""
    if option.rule.choice is AddressChoice.PRIMARY:
        return t("The one that Google shows first. Everybody has one.")
    have = tn("{count} person has one", "{count} people have one", option.have)
    if not option.lack:
        return t("{have}, and nobody is without.", have=have)
    return t("{have}, {count} are without.", have=have, count=f"{option.lack:,}")
