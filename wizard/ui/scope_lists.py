"""Opens the list that a person wants to edit: who is left out by name, or counts by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from wizard.content.search import plain
from wizard.content.text import N_, Message, t
from wizard.core.settings import ScopeRule
from wizard.services.contract.scoping import DirectoryView, NamedItems
from wizard.ui.page import Page
from wizard.ui.pick_sheet import PickSheet
from wizard.ui.scope_ways import find_groups, find_people
from wizard.ui.scope_words import domain_note, group_pick, person_pick, unit_pick
from wizard.ui.widgets.people_picker import Find
from wizard.ui.widgets.pick_list import Pick

__all__ = ["open_list"]

_MOST = 200


@dataclass(frozen=True, kw_only=True)
class _List:
    """What a sheet shows, and the rule with what comes of it."""

    title: str
    lead: str
    placeholder: str
    find: Find
    picks: Sequence[Pick]
    put: Callable[[tuple[str, ...]], ScopeRule]


def open_list(
    page: Page,
    key: str,
    rule: ScopeRule,
    named: NamedItems,
    directory: DirectoryView,
    take: Callable[[ScopeRule], None],
) -> None:
    """Open the sheet for `key` (also, people, groups, units, domains); `take` hears a new rule."""
    shown = _list(page, key, rule, named, directory)
    sheet = PickSheet(
        page,
        shown.find,
        title=shown.title,
        lead=shown.lead,
        placeholder=shown.placeholder,
        picks=shown.picks,
        name=f"sheet-{key}",
    )
    sheet.chosen.connect(lambda ids: take(shown.put(ids)))
    page.desk.sheet_wanted.emit(sheet)


def _list(
    page: Page, key: str, rule: ScopeRule, named: NamedItems, directory: DirectoryView
) -> _List:
    if key in _NAMED:
        return _by_name(page, _NAMED[key], rule, named)
    if key == "units":
        return _units(rule, named, directory)
    return _domains(rule, directory)


@dataclass(frozen=True, kw_only=True)
class _Named:
    """A list of people or groups: its words, who stands in it, and the rule with others."""

    title: Message
    lead: Message
    picks: Callable[[NamedItems], Sequence[Pick]]
    put: Callable[[ScopeRule, tuple[str, ...]], ScopeRule]
    groups: bool = False


_NAMED: Mapping[str, _Named] = MappingProxyType(
    {
        "also": _Named(
            title=N_("People by name"),
            lead=N_("They count wherever they stand in Google."),
            picks=lambda named: [person_pick(one) for one in named.people],
            put=lambda rule, ids: replace(rule, user_ids=ids),
        ),
        "people": _Named(
            title=N_("Left out by name"),
            lead=N_("They get no account, however they were chosen."),
            picks=lambda named: [person_pick(one) for one in named.exclude_people],
            put=lambda rule, ids: replace(rule, exclude_user_ids=ids),
        ),
        "groups": _Named(
            title=N_("Groups left out"),
            lead=N_("Whoever is in them, or in a group inside them, gets no account."),
            picks=lambda named: [group_pick(one) for one in named.exclude_groups],
            put=lambda rule, ids: replace(rule, exclude_group_ids=ids),
            groups=True,
        ),
    }
)


def _by_name(page: Page, kind: _Named, rule: ScopeRule, named: NamedItems) -> _List:
    return _List(
        title=t(kind.title),
        lead=t(kind.lead),
        placeholder=t("Search groups") if kind.groups else t("Name, address, or a list"),
        find=find_groups(page) if kind.groups else find_people(page),
        picks=kind.picks(named),
        put=lambda ids: kind.put(rule, ids),
    )


def _units(rule: ScopeRule, named: NamedItems, directory: DirectoryView) -> _List:
    people = {unit.id: unit.people for unit in directory.units}
    offered = [unit_pick(unit) for unit in directory.units]
    return _List(
        title=t("Units left out"),
        lead=t("Whoever stands in them, or below them, gets no account."),
        placeholder=t("Search units"),
        find=_among(offered),
        picks=[
            unit_pick(replace(one, people=people.get(one.id, 0))) for one in named.exclude_units
        ],
        put=lambda ids: replace(rule, exclude_unit_ids=ids),
    )


def _domains(rule: ScopeRule, directory: DirectoryView) -> _List:
    offered = [
        Pick(id=one.name, words=one.name, note=domain_note(one.people, verified=one.verified))
        for one in directory.domains
        if one.people or one.name in rule.exclude_domains
    ]
    known = {one.id: one for one in offered}
    return _List(
        title=t("Domains left out"),
        lead=t("Whoever has the primary address there gets no account."),
        placeholder=t("Search domains"),
        find=_among(offered),
        picks=[known.get(name, Pick(id=name, words=name)) for name in rule.exclude_domains],
        put=lambda ids: replace(rule, exclude_domains=ids),
    )


def _among(offered: Sequence[Pick]) -> Find:
    """Looks through rows that are known already."""

    def find(words: str) -> tuple[Sequence[Pick], int]:
        wanted = plain(words).split()
        found = [
            one
            for one in offered
            if all(word in plain(f"{one.words} {one.note}") for word in wanted)
        ]
        return found[:_MOST], len(found)

    return find
