"""The ways to choose people, one shown at a time: everyone, a tree, or a list to search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.settings import ScopeRule
from wizard.core.trouble import Trouble
from wizard.flow.scope_choice import ScopeMode, UnitBoxes
from wizard.services.contract.scoping import DirectoryView, NamedItems
from wizard.ui.layouts import column, row
from wizard.ui.page import Page
from wizard.ui.paint import brush_on, rounded
from wizard.ui.scope_words import domain_note, group_pick, person_pick
from wizard.ui.theme import color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.people_picker import Find, Picker
from wizard.ui.widgets.pick_list import Pick, PickList
from wizard.ui.widgets.tree import BoxTree, TreeItem

__all__ = ["Ways", "find_groups", "find_people"]


class _Surface(QWidget):
    """The border around a tree."""

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole
        rounded(brush_on(self), QRectF(self.rect()), 10, color(Token.PAGE), color(Token.LINE))


class Ways(QWidget):
    """Shows the way of now. `changed` tells another rule, `named_wanted` asks for the names."""

    changed = Signal(object)
    named_wanted = Signal()
    failed = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._rule = ScopeRule()
        self._boxes = UnitBoxes({})
        self._directory: DirectoryView | None = None
        self._everyone = Note("", icon="people")
        self.tree = BoxTree(t("Organizational units"), name="scope-tree")
        self.tree.pressed_box.connect(self._press_unit)
        self._tree_part = _Surface()
        column(self.tree, margins=(1, 1, 1, 1), inside=self._tree_part)
        self.groups = self._picker(
            find_groups(page), t("Groups"), t("Search groups"), "scope-groups",
            t("This directory has no groups."),
        )  # fmt: skip
        self.groups.picked.connect(self._pick_group)
        self.groups.picked_all.connect(self._pick_groups)
        self.people = self._picker(
            find_people(page), t("People"), t("Name, address, or a list"), "scope-people",
            t("Search for somebody, and tick them."),
        )  # fmt: skip
        self.people.picked.connect(self._pick_person)
        self.people.picked_all.connect(self._pick_people)
        self.domains = PickList(t("Domains"), placeholder="", name="scope-domains")
        self.domains.toggled.connect(self._press_domain)
        self._also = Button(
            "", Kind.GHOST, small=True, flush="left", icon="plus", name="scope-also"
        )
        self._also.clicked.connect(self.named_wanted)
        self._also_row = QWidget()
        row(self._also, None, margins=(0, 6, 0, 0), inside=self._also_row)
        column(
            self._everyone, self._tree_part, self.groups, self.people, self.domains,
            self._also_row, None, inside=self,
        )  # fmt: skip

    def _picker(self, find: Find, words: str, placeholder: str, name: str, empty: str) -> Picker:
        picker = Picker(self._page, find, words, placeholder=placeholder, empty=empty, name=name)
        picker.failed.connect(self._did_not)
        return picker

    def _did_not(self, trouble: Trouble) -> None:
        self.failed.emit(trouble)

    # -------------------------------------------------------- showing

    def show_directory(self, directory: DirectoryView) -> None:
        """Show another read of the directory."""
        same = self._directory is not None and self._directory.units == directory.units
        self._directory = directory
        self._everyone.text.say(
            tn(
                "Everybody in Google counts: {count} person now, and who joins later.",
                "Everybody in Google counts: {count} people now, and who joins later.",
                directory.people,
            )
        )
        if not same:
            self._boxes = UnitBoxes({unit.id: unit.parent_id for unit in directory.units})
            self.tree.show_items(
                [
                    TreeItem(
                        id=unit.id,
                        parent_id=unit.parent_id,
                        words=unit.name,
                        number=unit.people,
                        tip=unit.path,
                    )
                    for unit in directory.units
                ]
            )
        self.groups.say_empty(
            t("This directory has no groups.")
            if directory.groups_allowed
            else t("Groups were not allowed when Google was authorized. Authorize again for them.")
        )
        for picker in (self.groups, self.people):
            picker.look(again=True)

    def show_rule(self, rule: ScopeRule, mode: ScopeMode) -> None:
        """Show what the rule names, in its way."""
        self._rule = rule
        for way, part in (
            (ScopeMode.EVERYONE, self._everyone),
            (ScopeMode.UNITS, self._tree_part),
            (ScopeMode.GROUPS, self.groups),
            (ScopeMode.PEOPLE, self.people),
            (ScopeMode.DOMAINS, self.domains),
        ):
            part.setVisible(way is mode)
        self.tree.show_ticks(self._boxes.ticks(rule))
        self._show_domains()
        named = len(rule.user_ids)
        words = t("Add people by name")
        if named:
            words = tn("And {count} person by name", "And {count} people by name", named)
        self._also.say(words, "pencil" if named else "plus")
        self._also_row.setVisible(mode not in {ScopeMode.EVERYONE, ScopeMode.PEOPLE})

    def show_named(self, named: NamedItems) -> None:
        """Show the names of what the rule names."""
        self.groups.show_chosen(group_pick(one) for one in named.groups)
        self.people.show_chosen(person_pick(one) for one in named.people)

    def reveal_ticked(self) -> None:
        """Open the tree as far as something is ticked."""
        for unit in (*self._rule.unit_ids, *self._rule.exclude_unit_ids):
            self.tree.reveal(unit)

    def _show_domains(self) -> None:
        rows = [
            Pick(id=one.name, words=one.name, note=domain_note(one.people, verified=one.verified))
            for one in (self._directory.domains if self._directory else ())
            if one.people or one.name in self._rule.domains
        ]
        known = {one.id for one in rows}
        rows += [
            Pick(id=name, words=name, aside=t("Nobody"), gone=True)
            for name in self._rule.domains
            if name not in known
        ]
        self.domains.show_picks(rows, frozenset(self._rule.domains))

    # -------------------------------------------------------- choosing

    def _say(self, rule: ScopeRule) -> None:
        self._rule = rule
        self.changed.emit(rule)

    def _press_unit(self, unit: str) -> None:
        self._say(self._boxes.toggled(self._rule, unit))

    def _pick_group(self, pick: Pick, on: bool) -> None:
        self._say(replace(self._rule, group_ids=_with(self._rule.group_ids, pick.id, on=on)))

    def _pick_person(self, pick: Pick, on: bool) -> None:
        self._say(replace(self._rule, user_ids=_with(self._rule.user_ids, pick.id, on=on)))

    def _pick_groups(self, picks: Sequence[Pick], on: bool) -> None:
        ids = self._rule.group_ids
        for pick in picks:
            ids = _with(ids, pick.id, on=on)
        self._say(replace(self._rule, group_ids=ids))

    def _pick_people(self, picks: Sequence[Pick], on: bool) -> None:
        ids = self._rule.user_ids
        for pick in picks:
            ids = _with(ids, pick.id, on=on)
        self._say(replace(self._rule, user_ids=ids))

    def _press_domain(self, name: str) -> None:
        on = name not in self._rule.domains
        self._say(replace(self._rule, domains=_with(self._rule.domains, name, on=on)))

    def first_part(self, mode: ScopeMode) -> QWidget | None:
        """What gets the keyboard in this way."""
        parts: dict[ScopeMode, QWidget] = {
            ScopeMode.UNITS: self.tree,
            ScopeMode.GROUPS: self.groups.field,
            ScopeMode.PEOPLE: self.people.field,
            ScopeMode.DOMAINS: self.domains.view,
        }
        return parts.get(mode)


def _with(ids: tuple[str, ...], one: str, *, on: bool) -> tuple[str, ...]:
    rest = tuple(other for other in ids if other != one)
    return (*rest, one) if on else rest


def find_people(page: Page) -> Find:
    """Looks for people in the last read; to be called in a job."""
    bench = page.desk.bench

    def find(words: str) -> tuple[list[Pick], int]:
        found, total = bench.scoping.find_people(words)
        return [person_pick(one) for one in found], total

    return find


def find_groups(page: Page) -> Find:
    """Looks for groups in the last read; to be called in a job."""
    bench = page.desk.bench

    def find(words: str) -> tuple[list[Pick], int]:
        found, total = bench.scoping.find_groups(words)
        return [group_pick(one) for one in found], total

    return find
