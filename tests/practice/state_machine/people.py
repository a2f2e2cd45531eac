"""What happens in a directory: people come, change and leave; units and groups are remade."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.practice.state_machine.office import Lines
from tests.practice.state_machine.organization import ADMIN, ADMIN_ID, Organization
from tests.practice.state_machine.truth import ROOT, Group, Person, Unit

DOMAINS = ("nordby.example", "nordby-freight.example", "nordby-labs.example")
NAMES = ("Ana", "Łukasz", "田中", "O'Neil", "")
NUMBER = st.integers(0, 60)
SMALL = st.integers(0, 7)


@dataclass(kw_only=True)
class Stage:
    """What outlives the examples, and what they have counted together."""

    organization: Organization
    lines: Lines
    folder: Path
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


def a_step(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A rule of the machine that counts how often it is played."""

    def made(play: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(play)
        def counted(machine: DirectoryRules, **given: object) -> None:
            machine.stage.counts["steps"] += 1
            play(machine, **given)

        made_a_rule: Callable[..., None] = cast("Any", rule)(**drawn)(counted)
        return made_a_rule

    return made


class DirectoryRules(RuleBasedStateMachine):
    """The part of the machine that changes what the directory tells."""

    stage: Stage
    org: Organization
    serial: int
    units_made: int
    groups_made: int

    def _found_organization(self, people: int) -> None:
        """Four units, two groups, an administrator and so many people."""
        directory = self.org.directory
        self.serial, self.units_made, self.groups_made = 1, 0, 0
        directory.units[ROOT] = Unit(id=ROOT, number=5000, name="", parent="")
        for name, parent in (("Sales", ROOT), ("North", "id:1"), ("Operations", ROOT)):
            self._make_unit(name, parent)
        self.org.put_units()
        self.org.put_person(
            Person(id=ADMIN_ID, number=1, address=ADMIN, given="Tomasz", family="Wilk")
        )
        for number in range(people):
            self._hire(number, number)
        self._make_group(0)
        self._make_group(1)

    def _then(self, *, now: bool) -> None:
        """Let the sync run right afterwards."""
        raise NotImplementedError

    # ------------------------------------------------------------ people in the directory

    def _somebody(self, number: int, *, admin: bool = False) -> Person | None:
        found = [one for one in self.org.directory.people.values() if admin or one.id != ADMIN_ID]
        return found[number % len(found)] if found else None

    def _hire(self, number: int, where: int, address: str = "") -> Person:
        self.serial += 1
        units = list(self.org.directory.units)
        address = address or f"p{self.serial}@{DOMAINS[0 if number % 5 else number % 3]}"
        person = Person(
            id=f"{self.serial:021d}",
            number=self.serial,
            address=address.upper() if number % 7 == 6 else address,
            given=NAMES[number % len(NAMES)],
            family=f"No{self.serial}",
            unit=units[where % len(units)],
        )
        self.org.put_person(person)
        return person

    @a_step(
        what=st.sampled_from(("hire", "hire", "address of one who left")), one=NUMBER, two=SMALL
    )
    def somebody_comes(self, what: str, one: int, two: int) -> None:
        self._comes(what, one, two)

    def _comes(self, what: str, one: int, two: int) -> None:
        address = ""
        if what != "hire":
            gone = [
                person.address
                for person in self.org.directory.left.values()
                if not self.org.directory.taken(person.address)
            ]
            address = gone[one % len(gone)] if gone else ""
        self._hire(one, two, address)

    @a_step(
        what=st.sampled_from(
            ("name", "address", "both", "alias", "no alias", "suspend", "archive", "bring back",
             "move")
        ),
        who=NUMBER,
        two=NUMBER,
    )  # fmt: skip
    def somebody_changes(self, what: str, who: int, two: int) -> None:
        self._changes(what, who, two)

    def _changes(self, what: str, who: int, two: int) -> None:
        person = self._somebody(who, admin=what == "name")
        if person is None:
            return
        if what in {"name", "both"}:
            person = replace(person, given=NAMES[two % len(NAMES)], family=f"Renamed{two}")
        if what in {"address", "both"}:
            person = self._with_address(person, two)
        if what == "alias":
            alias = f"{('other', person.id, 'p2', 'A')[two % 4]}{two // 4 % 3}@{DOMAINS[two % 2]}"
            if not self.org.directory.taken(alias):
                person = replace(person, aliases=(*person.aliases, alias))
        elif what == "no alias":
            person = replace(person, aliases=())
        elif what == "suspend":
            person = replace(person, suspended=True)
        elif what == "archive":
            person = replace(person, archived=True)
        elif what == "bring back":
            person = replace(person, suspended=False, archived=False)
        elif what == "move":
            units = list(self.org.directory.units)
            person = replace(person, unit=units[two % len(units)])
        self.org.put_person(person)

    def _with_address(self, person: Person, two: int) -> Person:
        """Another address; what was the first one stays as an alias, as Google does it."""
        fallen = [one.address for one in self.org.directory.left.values()]
        other = f"new{two}@{DOMAINS[two % 2]}"
        if two % 3 == 0 and fallen:
            other = fallen[two % len(fallen)]
        if two % 7 == 0 and person.aliases:
            other = person.aliases[0]
        aliases = tuple(one for one in person.aliases if one.casefold() != other.casefold())
        if other.casefold() == person.address.casefold():
            return person
        if other in person.aliases or not self.org.directory.taken(other):
            keeps = (person.address,) if two % 2 else ()
            return replace(person, address=other, aliases=(*aliases, *keeps))
        return person

    @a_step(who=NUMBER, two=NUMBER)
    def two_swap_addresses(self, who: int, two: int) -> None:
        one, other = self._somebody(who), self._somebody(two)
        if one is None or other is None or one.id == other.id:
            return
        spare = f"spare{self.serial}@{DOMAINS[0]}"
        self.org.put_person(replace(one, address=spare))
        self.org.put_person(replace(other, address=one.address))
        self.org.put_person(replace(one, address=other.address))

    @a_step(
        what=st.sampled_from(("delete", "delete", "many", "undelete", "forget")),
        who=NUMBER,
        now=st.booleans(),
    )
    def somebody_leaves(self, what: str, who: int, now: bool) -> None:
        self._leaves(what, who)
        self._then(now=now)

    def _leaves(self, what: str, who: int) -> None:
        directory = self.org.directory
        if what in {"delete", "many"}:
            for number in range(1 if what == "delete" else 2 + who % 9):
                person = self._somebody(who + number)
                if person is not None:
                    self.org.let_go(person)
            return
        gone = list(directory.left.values())
        if not gone:
            return
        person = gone[who % len(gone)]
        if what == "forget":
            self.org.forget(person)
            return
        aliases = tuple(one for one in person.aliases if not directory.taken(one))
        address = person.address
        if directory.taken(address):
            address = f"again{person.number}@{DOMAINS[0]}"
        if not directory.taken(address):
            unit = person.unit if person.unit in directory.units else ROOT
            aliases = tuple(one for one in aliases if one.casefold() != address.casefold())
            self.org.put_person(replace(person, address=address, aliases=aliases, unit=unit))

    # ------------------------------------------------------------ units and groups

    def _make_unit(self, name: str, parent: str) -> None:
        self.units_made += 1
        unit_id = f"id:{self.units_made}"
        self.org.directory.units[unit_id] = Unit(
            id=unit_id, number=5000 + self.units_made, name=name, parent=parent
        )

    @a_step(what=st.sampled_from(("new", "rename", "move", "delete")), one=SMALL, two=SMALL)
    def a_unit_is_remade(self, what: str, one: int, two: int) -> None:
        directory = self.org.directory
        units = list(directory.units.values())
        below = [unit for unit in units if unit.parent]
        if what == "new" and len(units) < 8:
            self._make_unit(f"Unit{self.units_made}", units[one % len(units)].id)
        elif below and what == "rename":
            unit = below[one % len(below)]
            directory.units[unit.id] = replace(unit, name=f"Renamed{two}-{unit.number}")
        elif below and what == "move":
            unit, target = below[one % len(below)], units[two % len(units)]
            if unit.id not in {up.id for up in directory._up(target.id)}:
                directory.units[unit.id] = replace(unit, parent=target.id)
        elif what == "delete":
            leaves = [unit for unit in below if not directory.children(unit.id)]
            if leaves:
                self._close_unit(leaves[one % len(leaves)])
        self.org.put_units()

    def _close_unit(self, unit: Unit) -> None:
        """A unit can be deleted once nobody is in it; its people go up, those who left, too."""
        directory = self.org.directory
        for person in list(directory.people.values()):
            if person.unit == unit.id:
                self.org.put_person(replace(person, unit=unit.parent))
        for person in list(directory.left.values()):
            if person.unit == unit.id:
                directory.left[person.id] = replace(person, unit=unit.parent)
        del directory.units[unit.id]

    def _make_group(self, number: int) -> None:
        self.groups_made += 1
        group_id = f"g{self.groups_made}"
        everybody = list(self.org.directory.people)
        members = [one for place, one in enumerate(everybody) if place % 3 == number % 3]
        inside = list(self.org.directory.groups)[:1] if number % 2 else []
        self.org.directory.groups[group_id] = Group(
            id=group_id,
            number=self.groups_made,
            name=f"Group {self.groups_made}",
            members=(*members, *inside),
            everyone=number % 7 == 6,
        )
        self.org.put_groups()

    @a_step(
        what=st.sampled_from(("new", "rename", "empty", "delete", "join", "leave", "nest")),
        one=SMALL,
        who=NUMBER,
    )
    def a_group_is_remade(self, what: str, one: int, who: int) -> None:
        self._group_changes(what, one, who)

    def _group_changes(self, what: str, one: int, who: int) -> None:
        groups = self.org.directory.groups
        if what == "new" or not groups:
            if len(groups) < 5:
                self._make_group(one)
            return
        group = list(groups.values())[one % len(groups)]
        other = list(groups.values())[who % len(groups)]
        person = self._somebody(who, admin=True)
        if what == "rename":
            groups[group.id] = replace(group, name=f"Renamed {who}")
        elif what == "empty":
            groups[group.id] = replace(group, members=(), everyone=False)
        elif what == "delete":
            self._close_group(group.id)
        elif what == "nest" and other.id not in group.members:
            groups[group.id] = replace(group, members=(*group.members, other.id))
        elif what == "join" and person is not None and person.id not in group.members:
            groups[group.id] = replace(group, members=(*group.members, person.id))
        elif what == "leave" and person is not None:
            kept = tuple(member for member in group.members if member != person.id)
            groups[group.id] = replace(group, members=kept)
        self.org.put_groups()

    def _close_group(self, group_id: str) -> None:
        groups = self.org.directory.groups
        del groups[group_id]
        for other in list(groups.values()):
            kept = tuple(member for member in other.members if member != group_id)
            groups[other.id] = replace(other, members=kept)
