"""A directory, an account service and a clock that hold state, and a world to run a sync in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wizard.accounts.base import (
    Account,
    AccountWrite,
    AsBefore,
    Member,
    Role,
    WriteKind,
    WriteResult,
)
from wizard.core.cancel import Cancel
from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    MemberKind,
    OrgUnit,
    ProviderId,
    UserState,
    external_id,
)
from wizard.core.runs import PersonPlan, PlanKind, RunProgress, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import Customer, Domain, LookUp
from wizard.store.database import Database
from wizard.sync.cycle import preview, run
from wizard.sync.parts import PlanSummary, SyncParts
from wizard.sync.plan_view import plan_rows

CUSTOMER = "C0halden"
DOMAIN = "halden-freight.example"


class FakeClock:
    """Time that passes only when told, and by `step` seconds with every look at it."""

    def __init__(self) -> None:
        self.step = 0.001
        self.moment = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
        self.waits: list[float] = []

    def now(self) -> datetime:
        self.moment += timedelta(seconds=self.step)
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.check()
        self.waits.append(seconds)
        self.moment += timedelta(seconds=seconds)

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class FakeDirectory:
    """A directory whose people come and go."""

    people: dict[str, DirectoryUser] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    org_units: list[OrgUnit] = field(
        default_factory=lambda: [OrgUnit(id="root", parent_id="", path="/", name="Halden Freight")]
    )
    all_groups: list[DirectoryGroup] = field(default_factory=list)
    edges: list[MemberEdge] = field(default_factory=list)
    domains: tuple[str, ...] = (DOMAIN,)
    page: int = 7
    asked: int = 0
    broken_page: int | None = None
    hidden: set[str] = field(default_factory=set)
    customer_id: str = CUSTOMER
    groups_allowed: bool = True
    look_up_trouble: Code | None = None
    looked_up: list[str] = field(default_factory=list)

    def hire(
        self,
        user_id: str,
        address: str | None = None,
        given: str = "Ana",
        family: str = "Silva",
        *,
        state: UserState = UserState.ACTIVE,
        unit_path: str = "/",
        aliases: tuple[str, ...] = (),
    ) -> DirectoryUser:
        self.people[user_id] = DirectoryUser(
            id=user_id,
            address=f"{user_id}@{DOMAIN}" if address is None else address,
            given_name=given,
            family_name=family,
            state=state,
            unit_path=unit_path,
            aliases=aliases,
        )
        return self.people[user_id]

    def hire_many(self, count: int, *, start: int = 0, unit_path: str = "/") -> None:
        for number in range(start, start + count):
            user_id = f"u{number:05}"
            self.hire(user_id, given="Person", family=f"No{number}", unit_path=unit_path)

    def change(
        self,
        user_id: str,
        *,
        address: str | None = None,
        given: str | None = None,
        family: str | None = None,
        state: UserState | None = None,
        unit_path: str | None = None,
        aliases: tuple[str, ...] | None = None,
    ) -> None:
        user = self.people[user_id]
        self.people[user_id] = replace(
            user,
            address=user.address if address is None else address,
            given_name=user.given_name if given is None else given,
            family_name=user.family_name if family is None else family,
            state=state or user.state,
            unit_path=unit_path or user.unit_path,
            aliases=user.aliases if aliases is None else aliases,
        )

    def let_go(self, *user_ids: str) -> None:
        for user_id in user_ids:
            del self.people[user_id]
            self.deleted.add(user_id)

    def unit(self, unit_id: str, path: str, parent: str = "root") -> None:
        self.org_units.append(
            OrgUnit(id=unit_id, parent_id=parent, path=path, name=path.rsplit("/", 1)[1])
        )

    def group(self, group_id: str, *members: str) -> None:
        self.all_groups.append(
            DirectoryGroup(id=group_id, address=f"{group_id}@{DOMAIN}", name=group_id.title())
        )
        groups = {group.id for group in self.all_groups}
        for member in members:
            kind = MemberKind.GROUP if member in groups else MemberKind.USER
            if member == "*":
                kind = MemberKind.EVERYONE
            member_id = "" if member == "*" else member
            self.edges.append(MemberEdge(group_id=group_id, member_id=member_id, kind=kind))

    # the reader

    @property
    def provider(self) -> ProviderId:
        return ProviderId.GOOGLE

    @property
    def requests(self) -> int:
        return self.asked

    def rights(self) -> frozenset[str]:
        return frozenset({"directory.user.readonly"})

    @property
    def reads_groups(self) -> bool:
        return self.groups_allowed

    def customer(self, cancel: Cancel) -> Customer:
        self.asked += 1
        return Customer(
            id=self.customer_id,
            domains=tuple(Domain(name=name, verified=True) for name in self.domains),
        )

    def users(self, cancel: Cancel) -> Iterator[Sequence[DirectoryUser]]:
        shown = [user for user in self.people.values() if user.id not in self.hidden]
        everyone = sorted(shown, key=lambda user: user.id)
        for place in range(0, len(everyone), self.page):
            if self.broken_page == place // self.page:
                raise Trouble(Code.SERVICE_UNAVAILABLE)
            self.asked += 1
            yield everyone[place : place + self.page]

    def deleted_users(self, cancel: Cancel) -> Iterator[Sequence[str]]:
        self.asked += 1
        yield sorted(self.deleted)

    def units(self, cancel: Cancel) -> Sequence[OrgUnit]:
        self.asked += 1
        return self.org_units

    def groups(self, cancel: Cancel) -> Iterator[Sequence[DirectoryGroup]]:
        self.asked += 1
        yield self.all_groups

    def members(
        self, group_ids: Sequence[str], cancel: Cancel
    ) -> Iterator[tuple[str, Sequence[MemberEdge]]]:
        for group_id in group_ids:
            self.asked += 1
            yield group_id, [edge for edge in self.edges if edge.group_id == group_id]

    def look_up(self, user_id: str, cancel: Cancel) -> LookUp:
        self.looked_up.append(user_id)
        if self.look_up_trouble is not None:
            raise Trouble(self.look_up_trouble)
        return LookUp(user_id=user_id, user=self.people.get(user_id))


Fault = Callable[["FakeService", Sequence[AccountWrite]], None]


class FakeService:
    """An account service that keeps addresses and externalIds unique, and its last owner.

    `faults` are taken one a write call, first to last; each may raise before anything was
    applied, apply by itself and raise then, or do nothing. A `careless` service lets two
    accounts have one address or externalId.
    """

    def __init__(self) -> None:
        self.store: dict[str, Account] = {}
        self.batch_size = 20
        self.page = 10
        self.calls: list[str] = []
        self.written: list[AccountWrite] = []
        self.faults: list[Fault] = []
        self.list_trouble: Code | None = None
        self.look_up_trouble: Code | None = None
        self.refuse: dict[str, Code] = {}
        self.silent: set[str] = set()
        self.read_only = False
        self.careless = False
        self._next = 0

    def has(
        self,
        address: str,
        *,
        external_id: str = "",
        given: str = "Old",
        family: str = "Name",
        active: bool = True,
        is_owner: bool = False,
    ) -> Account:
        """Put an account there that nobody asked for through this interface."""
        self._next += 1
        account = Account(
            id=f"a{self._next}",
            external_id=external_id,
            address=address,
            given_name=given,
            family_name=family,
            active=active,
            is_owner=is_owner,
        )
        self.store[account.id] = account
        return account

    def of(self, user_id: str) -> Account | None:
        key = external_id(ProviderId.GOOGLE, CUSTOMER, user_id)
        found = [account for account in self.store.values() if account.external_id == key]
        assert len(found) < 2, f"{user_id} has {len(found)} accounts"
        return found[0] if found else None

    def active_ids(self) -> set[str]:
        return {
            account.external_id.rsplit(":", 1)[1]
            for account in self.store.values()
            if account.active and account.external_id
        }

    # the accounts

    @property
    def batch(self) -> int:
        return self.batch_size

    def accounts(self, cancel: Cancel) -> Iterator[Sequence[Account]]:
        everyone = list(self.store.values())
        for place in range(0, max(1, len(everyone)), self.page):
            self.calls.append("list")
            if self.list_trouble is not None:
                raise Trouble(self.list_trouble)
            yield everyone[place : place + self.page]

    def by_external_id(self, external_id: str, cancel: Cancel) -> Account | None:
        self.calls.append("by-external-id")
        if self.look_up_trouble is not None:
            raise Trouble(self.look_up_trouble)
        found = [one for one in self.store.values() if one.external_id == external_id]
        if len(found) > 1:
            raise Trouble(Code.ACCOUNT_CLAIMED)
        return found[0] if found else None

    def by_address(self, address: str, cancel: Cancel) -> Account | None:
        self.calls.append("by-address")
        if self.look_up_trouble is not None:
            raise Trouble(self.look_up_trouble)
        key = address.casefold()
        found = [one for one in self.store.values() if one.address.casefold() == key]
        if len(found) > 1:
            raise Trouble(Code.ADDRESS_CLAIMED_TWICE)
        return found[0] if found else None

    def write(self, writes: Sequence[AccountWrite], cancel: Cancel) -> Sequence[WriteResult]:
        self.calls.append("write")
        if self.read_only:
            raise Trouble(Code.WRITE_BEHIND_WALL)
        if self.faults:
            self.faults.pop(0)(self, writes)
        results = [self.apply(one) for one in writes]
        return [result for result in results if result.key not in self.silent]

    def apply(self, one: AccountWrite) -> WriteResult:
        self.written.append(one)
        code = self.refuse.get(one.address) or self._clash(one)
        if code is not None:
            return WriteResult(key=one.key, account_id=one.account_id, code=code, detail="no")
        if one.kind is WriteKind.CREATE:
            account = self.has(one.address, external_id=one.external_id)
        else:
            account = self.store[one.account_id]
        if one.as_before is not None:
            account = self._as_before(account, one, one.as_before)
        elif one.kind is WriteKind.DEACTIVATE:
            account = replace(account, active=False)
        else:
            account = replace(
                account,
                external_id=one.external_id,
                address=one.address,
                given_name=one.given_name,
                family_name=one.family_name,
                active=True if one.kind is not WriteKind.UPDATE else account.active,
            )
        self.store[account.id] = account
        return WriteResult(key=one.key, account_id=account.id)

    def _as_before(self, account: Account, one: AccountWrite, before: AsBefore) -> Account:
        if not before.profile:
            return replace(account, active=before.active)
        return replace(
            account,
            active=before.active,
            external_id=before.external_id,
            address=one.address,
            given_name=one.given_name,
            family_name=one.family_name,
            details=before.details,
        )

    def _clash(self, one: AccountWrite) -> Code | None:
        if one.kind is not WriteKind.CREATE and one.account_id not in self.store:
            return Code.NOT_FOUND_AT_SERVICE
        if one.kind is WriteKind.DEACTIVATE:
            owners = [a for a in self.store.values() if a.is_owner and a.active]
            if self.store[one.account_id].is_owner and len(owners) == 1:
                return Code.LAST_OWNER
            return None
        if self.careless:
            return None
        others = [account for account in self.store.values() if account.id != one.account_id]
        if any(a.address.casefold() == one.address.casefold() for a in others):
            return Code.ADDRESS_TAKEN
        if any(a.external_id == one.external_id for a in others):
            return Code.REQUEST_REFUSED
        return None


def lost_before(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    raise Trouble(Code.CONNECTION_LOST)


def lost_after(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    for one in writes:
        service.apply(one)
    raise Trouble(Code.CONNECTION_LOST)


def lost_half_way(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    for one in writes[: len(writes) // 2]:
        service.apply(one)
    raise Trouble(Code.CONNECTION_LOST)


def too_many(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    raise Trouble(Code.RATE_LIMITED, retry_after=7.0)


def lease_lost(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    raise Trouble(Code.NOT_THE_SYNCER, syncer_host="SERVER01")


class Killed(BaseException):
    """The process ends here, as far as the engine can tell."""


def killed_before(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    raise Killed


def killed_after(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    for one in writes:
        service.apply(one)
    raise Killed


def nothing_wrong(service: FakeService, writes: Sequence[AccountWrite]) -> None:
    """A write call that works."""


@dataclass
class World:
    """One organization: its directory, its accounts, its settings, and a sync between them."""

    database: Database
    clock: FakeClock
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    service: FakeService = field(default_factory=FakeService)
    settings: ProvisioningSettings = field(
        default_factory=lambda: ProvisioningSettings(enabled=True, grace_days=0)
    )
    members: list[Member] = field(default_factory=list)
    signed_in: str = f"tomasz@{DOMAIN}"
    settings_live: bool = True
    settings_read_at: datetime | None = None
    owners_read_at: datetime | None = None
    events: list[RunProgress] = field(default_factory=list)

    def parts(self) -> SyncParts:
        return SyncParts(
            database=self.database,
            reader=self.directory,
            accounts=self.service,
            members=tuple(self.members),
            ou_id="ou1",
            account_id="oa1",
            provider=ProviderId.GOOGLE,
            customer_id=CUSTOMER,
            signed_in_address=self.signed_in,
            authorized_by=self.signed_in,
            installation_id="this-computer",
            clock=self.clock,
            settings_live=self.settings_live,
            settings_read_at=self.settings_read_at,
            owners_read_at=self.owners_read_at,
        )

    def preview(self, cancel: Cancel | None = None) -> PlanSummary:
        with self.behind_the_wall():
            return preview(self.parts(), self.settings, cancel or Cancel(), self.events.append)

    def run(self, trigger: Trigger = Trigger.SCHEDULE, cancel: Cancel | None = None) -> RunReport:
        return run(self.parts(), self.settings, trigger, cancel or Cancel(), self.events.append)

    def first_sync(self) -> RunReport:
        """Preview and run, as a set-up does."""
        self.preview()
        report = self.run(Trigger.FIRST)
        self.clock.forward(days=2)
        return report

    @contextmanager
    def behind_the_wall(self) -> Iterator[None]:
        self.service.read_only = True
        try:
            yield
        finally:
            self.service.read_only = False

    def rows(self, run_id: str) -> dict[str, PersonPlan]:
        rows, total = plan_rows(
            self.database, run_id, kinds=frozenset(), search="", offset=0, limit=10_000
        )
        assert total == len(rows)
        return {row.user_id: row for row in rows}

    def kinds(self, run_id: str) -> dict[str, PlanKind]:
        return {user_id: row.kind for user_id, row in self.rows(run_id).items()}

    def owner(self, user_id: str) -> None:
        person = self.directory.people[user_id]
        member = Member(id=f"m-{user_id}", address=person.address, name="Owner", role=Role.OWNER)
        self.members.append(member)

    def suspend(self, *user_ids: str) -> None:
        for user_id in user_ids:
            self.directory.change(user_id, state=UserState.SUSPENDED)


def new_world(folder: Path) -> World:
    clock = FakeClock()
    return World(database=Database.open(folder / "sync.db", clock), clock=clock)
