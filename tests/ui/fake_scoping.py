"""The scope page's work on an invented directory: the real counting, on a database in a folder."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tests.ui.sample import NOW
from tests.unit.sync.world import FakeDirectory
from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import DirectoryGroup, MemberEdge, MemberKind, OrgUnit, UserState
from wizard.core.settings import AddressRule, ProvisioningSettings, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, ChosenScope
from wizard.services.contract import Listen, SettingsView
from wizard.services.contract.scoping import (
    AddressOption,
    Confirmation,
    GroupItem,
    NamedItems,
    PersonItem,
    ScopeCount,
    ScopeStart,
)
from wizard.services.scoping import Scoping
from wizard.store.database import Database
from wizard.sync.snapshot import pin_connection

if TYPE_CHECKING:
    from tests.ui.fake_drafts import FakeDrafts
    from tests.ui.fake_workbench import FakeWorkbench

__all__ = ["FakeScoping", "halden"]

DOMAIN = "halden-freight.example"
SECOND = "halden-logistics.example"
_UNITS = (
    ("management", "Management", "root", 12),
    ("culture", "People & Culture", "root", 9),
    ("operations", "Operations", "root", 0),
    ("terminals", "Terminals", "operations", 0),
    ("north", "Terminal North", "terminals", 120),
    ("south", "Terminal South", "terminals", 97),
    ("fleet", "Fleet", "operations", 52),
    ("customs", "Customs", "operations", 12),
    ("sales", "Sales", "root", 101),
    ("finance", "Finance and IT", "root", 45),
    ("contractors", "Contractors", "root", 44),
)
_GIVEN = (
    "Ana", "Bjørn", "Chiara", "Dagny", "Emeka", "Fatima", "Grzegorz", "Hanna", "Imre", "Jonas",
    "Kofi", "Leila", "Magnus", "Nadia", "Oskar", "Priya", "Quentin", "Ruth", "Sami", "Tariq",
    "Ulrike", "Vera", "Wei",
)  # fmt: skip
_FAMILY = (
    "Silva", "Hansen", "Rossi", "Lund", "Okafor", "Demir", "Wilk", "Berg", "Kovács", "Ødegård",
    "Aker", "Bakke", "Conti", "Dalen", "Ekeberg", "Fjeld", "Garcia", "Iversen", "Jansson", "Moen",
    "Nilsen", "Petrović",
)  # fmt: skip


def halden() -> FakeDirectory:
    """Halden Freight: 492 people in eleven units, groups inside groups, two domains."""
    directory = FakeDirectory(page=500, domains=(DOMAIN, SECOND))
    paths = {"root": ""}
    number = 0
    for unit, name, parent, people in _UNITS:
        paths[unit] = f"{paths[parent]}/{name}"
        directory.org_units.append(OrgUnit(id=unit, parent_id=parent, path=paths[unit], name=name))
        for _ in range(people):
            _hire(directory, number, paths[unit])
            number += 1
    for user in list(directory.people)[30:39]:
        directory.change(user, state=UserState.SUSPENDED)
    for user in list(directory.people)[60:66]:
        directory.change(user, state=UserState.ARCHIVED)
    _groups(directory)
    return directory


def _hire(directory: FakeDirectory, number: int, path: str) -> None:
    given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number % len(_FAMILY)]
    local = f"{given}.{family}{number}".casefold()
    for odd, plain in (("ø", "o"), ("å", "a"), ("á", "a"), ("ć", "c")):
        local = local.replace(odd, plain)
    second = number % 4 == 0
    directory.hire(
        f"u{number:03}",
        f"{local}@{DOMAIN}",
        given,
        family,
        unit_path=path,
        aliases=(f"{local}@{SECOND}",) if second else (),
    )


def _groups(directory: FakeDirectory) -> None:
    ids = list(directory.people)
    groups = {
        "drivers": ("Drivers", ids[21:81]),
        "planners": ("Planners", ids[300:320]),
        "night": ("Night shift", ids[81:90]),
        "board": ("Board", ids[:5]),
        "empty": ("Ideas", []),
    }
    for group, (name, members) in groups.items():
        directory.all_groups.append(
            DirectoryGroup(id=group, address=f"{group}@{DOMAIN}", name=name)
        )
        directory.edges += [
            MemberEdge(group_id=group, member_id=one, kind=MemberKind.USER) for one in members
        ]
    for outer, inner in (("night", "drivers"), ("drivers", "night")):
        directory.edges.append(MemberEdge(group_id=outer, member_id=inner, kind=MemberKind.GROUP))


class _Still(SystemClock):
    """The day of the sample, which never passes."""

    def now(self) -> datetime:
        return NOW


class _Ground:
    """The part of the ground that scoping stands on."""

    def __init__(self, folder: Path) -> None:
        self.clock = _Still()
        self._folder = folder

    def unit_folder(self, _ou: str) -> Path:
        return self._folder


class _Service:
    """The account service's settings, which are the workbench's."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench

    def settings(self, _ou: str, _account: str, cancel: Cancel) -> ProvisioningSettings:
        self._bench.step("scoping.settings", cancel)
        return self._bench.stored

    def save_settings(
        self, _ou: str, _account: str, draft: ProvisioningSettings, cancel: Cancel
    ) -> ProvisioningSettings:
        self._bench.step("scoping.save", cancel)
        if draft.version != self._bench.stored.version:
            raise Trouble(Code.SETTINGS_CHANGED)
        self._bench.stored = replace(draft, version=draft.version + 1)
        return self._bench.stored


class _World:
    """Stands in for set-up, access, syncing and provisioning at once."""

    def __init__(self, bench: FakeWorkbench, directory: FakeDirectory, folder: Path) -> None:
        self._bench = bench
        self._directory = directory
        self.ground = _Ground(folder)
        self._database = Database.open(folder / "google.db", self.ground.clock)
        pin_connection(
            self._database,
            provider=directory.provider,
            customer_id=directory.customer_id,
            ou_id="ou-1",
            account_id="oa-1",
        )

    @property
    def answers(self) -> Answers:
        return self._bench.answers

    def happened(self, change: Any) -> Answers:  # noqa: ANN401 - a function of answers
        self._bench.answers = change(self._bench.answers)
        return self._bench.answers

    def reader(self, _answers: Answers, _cancel: Cancel) -> FakeDirectory:
        return self._directory

    def as_person(self, _cancel: Cancel) -> AccountService:
        return cast("AccountService", _Service(self._bench))

    def database(self, _answers: Answers) -> Database:
        return self._database

    def read(self, cancel: Cancel) -> SettingsView:
        return self._bench.drafts.read(cancel)

    def versions(self) -> FakeDrafts:
        return self._bench.drafts

    def close(self) -> None:
        self._database.close()


def _end(world: _World, folder: Path) -> None:
    with suppress(Trouble):
        world.close()
    shutil.rmtree(folder, ignore_errors=True)


class FakeScoping:
    """`wizard.services.contract.scoping.ScopingCalls`; `directory` is what there is to read."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.directory = halden()
        self._made: Scoping | None = None

    @property
    def _real(self) -> Scoping:
        if self._made is None:
            folder = Path(tempfile.mkdtemp(prefix="scope-"))
            world: Any = _World(self._bench, self.directory, folder)
            weakref.finalize(self, _end, world, folder)
            self._made = Scoping(
                world.ground, world, world, world, world, cast("Any", self._bench.drafts)
            )
        return self._made

    def start(self, listen: Listen, cancel: Cancel, *, again: bool = False) -> ScopeStart:
        self._bench.step("scoping.start", cancel)
        return self._real.start(listen, cancel, again=again)

    def count(
        self,
        rule: ScopeRule,
        address: AddressRule,
        saved: ProvisioningSettings | None,
        cancel: Cancel,
    ) -> ScopeCount:
        self._bench.step("scoping.count", cancel)
        return self._real.count(rule, address, saved, cancel)

    def address_options(self, rule: ScopeRule, cancel: Cancel) -> Sequence[AddressOption]:
        self._bench.step("scoping.address_options", cancel)
        return self._real.address_options(rule, cancel)

    def find_people(self, search: str, *, limit: int = 200) -> tuple[Sequence[PersonItem], int]:
        self._bench.step("scoping.find_people")
        return self._real.find_people(search, limit=limit)

    def find_groups(self, search: str, *, limit: int = 200) -> tuple[Sequence[GroupItem], int]:
        self._bench.step("scoping.find_groups")
        return self._real.find_groups(search, limit=limit)

    def named(self, rule: ScopeRule) -> NamedItems:
        self._bench.step("scoping.named")
        return self._real.named(rule)

    def confirm(self, chosen: ChosenScope, people: int, cancel: Cancel) -> Confirmation:
        self._bench.step("scoping.confirm", cancel)
        return self._real.confirm(chosen, people, cancel)
