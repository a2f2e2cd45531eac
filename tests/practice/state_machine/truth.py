"""What should be, said plainly: a directory, the rules of its scope, and who then has an account.

Nothing here is taken from the engine: it is a second opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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

CUSTOMER = "C0nordby1"
PREFIX = f"google:{CUSTOMER}:"
VERIFIED = frozenset({"nordby.example", "nordby-freight.example"})
ROOT = "id:root"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in the directory; `unit` is a unit's id."""

    id: str
    number: int
    address: str
    given: str
    family: str
    unit: str = ROOT
    aliases: tuple[str, ...] = ()
    suspended: bool = False
    archived: bool = False

    @property
    def active(self) -> bool:
        return not self.suspended and not self.archived


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A part of the organization; the root has no parent."""

    id: str
    number: int
    name: str
    parent: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Members are ids of people and groups; `everyone` takes in the whole organization."""

    id: str
    number: int
    name: str
    members: tuple[str, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as it stands at the service; `person` is '' where no directory gave it."""

    id: str
    external: str
    address: str
    given: str
    family: str
    active: bool
    owner: bool

    @property
    def key(self) -> str:
        return self.address.casefold()

    @property
    def person(self) -> str:
        return self.external.removeprefix(PREFIX) if self.external.startswith(PREFIX) else ""


def domain_of(address: str) -> str:
    return address.casefold().rpartition("@")[2]


@dataclass(kw_only=True)
class Directory:
    """The organization as it really is, whatever anybody reads."""

    people: dict[str, Person] = field(default_factory=dict)
    left: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    # ------------------------------------------------------------ looking

    def path(self, unit: str) -> str:
        names = [one.name for one in self._up(unit) if one.parent]
        return "/" + "/".join(reversed(names))

    def _up(self, unit: str) -> Iterator[Unit]:
        """A unit and everything that it is in."""
        while unit:
            found = self.units[unit]
            yield found
            unit = found.parent

    def taken(self, address: str) -> bool:
        """Whether somebody has this address, as their first one or as another."""
        key = address.casefold()
        return any(
            key in {name.casefold() for name in (one.address, *one.aliases)}
            for one in self.people.values()
        )

    def children(self, unit: str) -> list[Unit]:
        return [one for one in self.units.values() if one.parent == unit]

    def _within(self, groups: tuple[str, ...]) -> set[str]:
        """Everybody in these groups, however deep; groups may be in each other."""
        seen: set[str] = set()
        waiting = [group for group in groups if group in self.groups]
        found: set[str] = set()
        while waiting:
            group = self.groups[waiting.pop()]
            if group.id in seen:
                continue
            seen.add(group.id)
            if group.everyone:
                found |= set(self.people)
            waiting += [member for member in group.members if member in self.groups]
            found |= {member for member in group.members if member in self.people}
        return found

    def named(self, rule: ScopeRule) -> set[str]:
        """Whom the rule means, whether they are active or not."""
        wanted, unwanted = self._within(rule.group_ids), self._within(rule.exclude_group_ids)

        def is_in(person: Person) -> bool:
            return (
                rule.kind is ScopeKind.EVERYONE
                or person.id in rule.user_ids
                or person.id in wanted
                or domain_of(person.address) in rule.domains
                or any(unit.id in rule.unit_ids for unit in self._up(person.unit))
            )

        def is_out(person: Person) -> bool:
            return (
                person.id in rule.exclude_user_ids
                or person.id in unwanted
                or domain_of(person.address) in rule.exclude_domains
                or any(unit.id in rule.exclude_unit_ids for unit in self._up(person.unit))
            )

        return {one.id for one in self.people.values() if is_in(one) and not is_out(one)}


def address_for(person: Person, rule: AddressRule) -> str:
    """Which address becomes the account; '' where the person is to have none."""
    if rule.choice is AddressChoice.PRIMARY or domain_of(person.address) == rule.domain:
        return person.address
    name = person.address.casefold().rpartition("@")[0]
    there = [alias for alias in person.aliases if domain_of(alias) == rule.domain]
    alike = [alias for alias in there if alias.casefold().rpartition("@")[0] == name]
    if there:
        return min(alike or there, key=lambda alias: (alias.casefold(), alias))
    return person.address if rule.otherwise is AddressFallback.PRIMARY else ""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Who should have an account at one moment: by id, the address; and who sleeps meanwhile."""

    scope: dict[str, str]
    asleep: frozenset[str]
    people: dict[str, Person]
    settings: ProvisioningSettings

    @classmethod
    def of(cls, directory: Directory, settings: ProvisioningSettings) -> Truth:
        named = directory.named(settings.scope)
        scope: dict[str, str] = {}
        asleep: set[str] = set()
        for person in (directory.people[one] for one in named):
            kept = settings.scope.archived if person.archived else settings.scope.suspended
            if person.active:
                address = address_for(person, settings.address)
                if address:
                    scope[person.id] = address
            elif kept is NotActive.KEEP_INACTIVE:
                asleep.add(person.id)
        return cls(
            scope=scope,
            asleep=frozenset(asleep),
            people=dict(directory.people),
            settings=settings,
        )

    def same_name(self, account: Account) -> bool:
        """Whether the account is called as its person is."""
        person = self.people[account.person]
        return (account.given, account.family) == (person.given, person.family)

    def may_lose(self, account: Account) -> bool:
        """Whether somebody without a place in the scope is to lose an active account."""
        if account.person in self.scope:
            return False
        keeps = self.settings.leavers is LeaverPolicy.KEEP
        return not keeps or account.person in self.asleep

    def at_once(self, person: str) -> bool:
        """Whether no grace is given: suspended and archived people lose theirs at once."""
        known = self.people.get(person)
        return self.settings.grace_days == 0 or (known is not None and not known.active)


def most_leavers(base: int, limits: Limits) -> int:
    """How many of so many may leave in a day unasked."""
    most = min(max(5, base * limits.leave_percent // 100), limits.leave_max)
    while most >= 2 and most * 4 >= base:
        most -= 1
    return most


def wrong_at_rest(
    truth: Truth, accounts: list[Account], protected: set[str], told: set[str]
) -> list[str]:
    """What is not as it should be once nothing more is to be done; `told` are known problems."""
    of_person = {one.person: one for one in accounts if one.person}
    holder_of = {one.key: one for one in accounts}
    wrong = [
        f"{person}: {problem}"
        for person, address in sorted(truth.scope.items())
        if (
            problem := _wrong_with(
                truth,
                address,
                of_person.get(person),
                holder_of.get(address.casefold()),
                told=person in told,
            )
        )
    ]
    for account in accounts:
        if not account.active or not account.person or is_protected(account, truth, protected):
            continue
        if truth.may_lose(account):
            wrong.append(f"{account.person}: not in scope, and {account.id} is still active")
    return wrong


def _wrong_with(
    truth: Truth, address: str, own: Account | None, holder: Account | None, *, told: bool
) -> str:
    """What is wrong with somebody in scope, '' for nothing; `holder` has their address."""
    if holder is not None and holder is not own:
        adoptable = not holder.external and domain_of(holder.address) in VERIFIED
        if own is None and adoptable:
            return f"{holder.id} was there before and was not taken over"
        return "" if told else f"nobody is told that {address} is somebody else's"
    if own is None:
        return "in scope without an account"
    if own.key != address.casefold():
        return f"the account has {own.address} and not {address}"
    if not own.active:
        return "in scope, and the account sleeps"
    return "" if truth.same_name(own) else "the account has another name"


def is_protected(account: Account, truth: Truth, protected: set[str]) -> bool:
    """Whether an account may not be switched off, by its role or by one of its addresses."""
    person = truth.people.get(account.person)
    names = {account.key} | ({person.address.casefold()} if person else set())
    return account.owner or bool(names & protected)


def protected_names(accounts: Iterable[Account], *named: str) -> set[str]:
    """The addresses that protect whoever has them, in the directory or at the service."""
    return {name.casefold() for name in named} | {one.key for one in accounts if one.owner}
