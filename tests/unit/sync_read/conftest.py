"""A directory that holds people and can fail, drop, shrink or belong to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    OrgUnit,
    ProviderId,
    UserState,
)
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import Customer, Domain, LookUp
from wizard.store.database import Database
from wizard.sync.read import ReadResult, read_directory
from wizard.sync.snapshot import pin_connection

CUSTOMER = "C0nordby1"
RIGHTS = frozenset({"users.read", "groups.read"})


def person(number: int, state: UserState = UserState.ACTIVE) -> DirectoryUser:
    return DirectoryUser(
        id=f"u{number:06}",
        address=f"Person{number}@nordby.example",
        given_name="Ana",
        family_name=f"Ødegård {number}",
        state=state,
        unit_path="/Sales",
        aliases=(f"p{number}@nordby.example",),
    )


@dataclass
class Directory:
    """What the directory holds, and how it misbehaves; `told` are the requests it answered."""

    people: dict[str, DirectoryUser] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    units_: list[OrgUnit] = field(
        default_factory=lambda: [
            OrgUnit(id="id:0", parent_id="", path="/", name="Nordby"),
            OrgUnit(id="id:1", parent_id="id:0", path="/Sales", name="Sales"),
        ]
    )
    groups_: list[DirectoryGroup] = field(default_factory=list)
    edges: list[MemberEdge] = field(default_factory=list)
    customer_id: str = CUSTOMER
    granted: frozenset[str] = RIGHTS
    page: int = 50
    dropped_from_listing: set[str] = field(default_factory=set)
    told_twice: list[DirectoryUser] = field(default_factory=list)
    fail_on_page: int | None = None
    cancel_on_page: int | None = None
    stale_on_page: int | None = None
    stale_times: int = 0
    look_up_code: Code | None = None
    told: list[str] = field(default_factory=list)

    def hire(self, count: int, *, start: int = 0) -> None:
        for number in range(start, start + count):
            self.people[person(number).id] = person(number)

    def let_go(self, *ids: str, remembered: bool = True) -> None:
        for user_id in ids:
            del self.people[user_id]
            if remembered:
                self.deleted.add(user_id)

    def suspend(self, user_id: str) -> None:
        self.people[user_id] = replace(self.people[user_id], state=UserState.SUSPENDED)

    # ---- DirectoryReader

    @property
    def provider(self) -> ProviderId:
        return ProviderId.GOOGLE

    @property
    def requests(self) -> int:
        return len(self.told)

    def rights(self) -> frozenset[str]:
        return self.granted

    @property
    def reads_groups(self) -> bool:
        return True

    def customer(self, cancel: Cancel) -> Customer:
        cancel.check()
        self.told.append("customer")
        domains = (
            Domain(name="Nordby.example", verified=True, primary=True),
            Domain(name="nordby-old.example", verified=False),
        )
        return Customer(id=self.customer_id, domains=domains)

    def users(self, cancel: Cancel) -> Iterator[Sequence[DirectoryUser]]:
        listed = [user for user in self.people.values() if user.id not in self.dropped_from_listing]
        listed += self.told_twice
        for number, start in enumerate(range(0, len(listed), self.page), start=1):
            if number == self.fail_on_page:
                raise Trouble(Code.CONNECTION_LOST, host="directory.test")
            if number == self.stale_on_page and self.stale_times > 0:
                self.stale_times -= 1
                raise Trouble(Code.PAGE_TOKEN_STALE)
            if number == self.cancel_on_page:
                cancel.stop()
            cancel.check()
            self.told.append("users")
            yield listed[start : start + self.page]

    def deleted_users(self, cancel: Cancel) -> Iterator[Sequence[str]]:
        cancel.check()
        self.told.append("deleted")
        yield sorted(self.deleted)

    def units(self, cancel: Cancel) -> Sequence[OrgUnit]:
        cancel.check()
        self.told.append("units")
        return self.units_

    def groups(self, cancel: Cancel) -> Iterator[Sequence[DirectoryGroup]]:
        cancel.check()
        self.told.append("groups")
        yield self.groups_

    def members(
        self, group_ids: Sequence[str], cancel: Cancel
    ) -> Iterator[tuple[str, Sequence[MemberEdge]]]:
        for group_id in group_ids:
            cancel.check()
            self.told.append("members")
            yield group_id, [edge for edge in self.edges if edge.group_id == group_id]

    def look_up(self, user_id: str, cancel: Cancel) -> LookUp:
        cancel.check()
        self.told.append("look-up")
        if self.look_up_code:
            raise Trouble(self.look_up_code)
        return LookUp(user_id=user_id, user=self.people.get(user_id))


@pytest.fixture
def directory() -> Directory:
    return Directory()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "sync.db", SystemClock())) as opened:
        pin(opened)
        yield opened


def pin(database: Database, *, customer_id: str = CUSTOMER, account_id: str = "oa-1") -> None:
    pin_connection(
        database,
        provider=ProviderId.GOOGLE,
        customer_id=customer_id,
        ou_id="ou-1",
        account_id=account_id,
    )


def read(
    database: Database,
    directory: Directory,
    *,
    needs_groups: bool = False,
    cancel: Cancel | None = None,
) -> ReadResult:
    return read_directory(
        database,
        directory,
        needs_groups=needs_groups,
        cancel=cancel or Cancel(),
        progress=lambda _done, _total: None,
    )


def ids(database: Database) -> set[str]:
    with database.read() as reading:
        return set(reading.values(str, "SELECT id FROM snap_user"))


def tables(database: Database) -> set[str]:
    with database.read() as reading:
        names = reading.values(str, "SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {name for name in names if re.search(r"_g\d+$", name)}
