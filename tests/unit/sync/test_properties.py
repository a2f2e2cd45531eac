"""What must hold for every directory and every history, found out with invented ones.

`PROPERTY_EXAMPLES` sets how many histories each property is tried on.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.sync.world import (
    DOMAIN,
    Fault,
    Killed,
    World,
    killed_after,
    killed_before,
    lost_after,
    lost_before,
    lost_half_way,
    new_world,
    nothing_wrong,
    too_many,
)
from wizard.accounts.base import WriteKind
from wizard.core.clock import to_text
from wizard.core.directory import DirectoryUser, MemberEdge, MemberKind, UserState
from wizard.core.runs import PlanKind, RunOutcome, RunReport
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    LeaverPolicy,
    Limits,
    NotActive,
    ScopeKind,
    ScopeRule,
)
from wizard.core.trouble import Code
from wizard.sync.approval import approve

PROPERTY = settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
UNITS = ("/Sales", "/Sales/North", "/Operations")
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there
"""Where there is such a place, durable writes of thousands of histories do not wear a disk."""
NAMES = ("Ana", "Łukasz", "田中", "")
DAY = timedelta(days=1)
LIMITS = Limits(change_min=4, change_percent=10)

SECOND = "second.example"
ADDRESS_CHOICES = (
    AddressRule(),
    AddressRule(choice=AddressChoice.IN_DOMAIN, domain=SECOND),
    AddressRule(choice=AddressChoice.IN_DOMAIN, domain=SECOND, otherwise=AddressFallback.LEAVE_OUT),
)

Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("hire", "rename", "readdress", "suspend", "archive", "leave", "vanish", "back", "move",
             "unit-gone", "group", "scope", "grace", "keep", "wait", "stranger", "many", "wave",
             "alias", "address")
        ),
        st.integers(0, 60),
        st.integers(0, 60),
    ),
    max_size=8,
)  # fmt: skip
HISTORIES = st.lists(STEPS, min_size=1, max_size=5)
PEOPLE = st.integers(1, 45)


@contextmanager
def a_world() -> Iterator[World]:
    folder = Path(tempfile.mkdtemp(prefix="sync-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    world = new_world(folder)
    try:
        yield world
    finally:
        world.database.close()
        shutil.rmtree(folder)


@dataclass
class History:
    """Plays steps on a world and keeps what is needed to judge the runs between them."""

    world: World
    gone: dict[str, None] = field(default_factory=dict)
    serial: int = 0

    def begin(self, people: int) -> None:
        world = self.world
        world.settings = replace(world.settings, limits=LIMITS)
        world.directory.unit("s", "/Sales")
        world.directory.unit("n", "/Sales/North", parent="s")
        world.directory.unit("o", "/Operations")
        for number in range(people):
            self.hire(number)
        world.directory.group("inner", *list(world.directory.people)[::3])
        world.directory.group("outer", "inner")

    def hire(self, number: int) -> None:
        self.serial += 1
        user_id = f"p{self.serial:04}"
        self.world.directory.hire(
            user_id,
            given=NAMES[number % len(NAMES)],
            family=f"No{number}",
            unit_path=UNITS[number % len(UNITS)],
        )

    def pick(self, number: int) -> str | None:
        people = list(self.world.directory.people)
        return people[number % len(people)] if people else None

    def play(self, step: Step) -> None:
        kind, one, two = step
        if kind in {"hire", "many", "back", "scope", "grace", "keep", "wait", "unit-gone",
                    "address"}:  # fmt: skip
            self._to_the_organization(kind, one, two)
            return
        if kind == "wave":
            people = list(self.world.directory.people)
            for user_id in people[: len(people) // 3]:
                self.world.directory.change(user_id, state=UserState.SUSPENDED)
            return
        somebody = self.pick(one)
        if somebody is not None:
            self._to_somebody(kind, somebody, two)

    def _to_the_organization(self, kind: str, one: int, two: int) -> None:
        world = self.world
        if kind == "hire":
            self.hire(one)
        elif kind == "many":
            for number in range(two % 9):
                self.hire(number)
        elif kind == "back":
            for user_id in list(self.gone)[:3]:
                world.directory.hire(user_id, given="Back", unit_path="/Sales")
                world.directory.deleted.discard(user_id)
                del self.gone[user_id]
        elif kind == "scope":
            world.settings = replace(world.settings, scope=self._rule(one, two))
        elif kind == "grace":
            world.settings = replace(world.settings, grace_days=one % 4)
        elif kind == "keep":
            policy = LeaverPolicy.KEEP if one % 2 else LeaverPolicy.DEACTIVATE
            world.settings = replace(world.settings, leavers=policy)
        elif kind == "address":
            world.settings = replace(
                world.settings, address=ADDRESS_CHOICES[one % len(ADDRESS_CHOICES)]
            )
        elif kind == "wait":
            world.clock.forward(hours=one)
        elif kind == "unit-gone":
            self._lose_a_unit()

    def _rule(self, one: int, two: int) -> ScopeRule:
        rules = (
            ScopeRule(),
            ScopeRule(exclude_unit_ids=("o",)),
            ScopeRule(kind=ScopeKind.RULES, unit_ids=("s",)),
            ScopeRule(kind=ScopeKind.RULES, unit_ids=("o",), group_ids=("outer",)),
            ScopeRule(kind=ScopeKind.RULES, unit_ids=("root",), exclude_group_ids=("inner",)),
            ScopeRule(kind=ScopeKind.RULES, user_ids=(self.pick(two) or "nobody",)),
            ScopeRule(kind=ScopeKind.RULES, domains=(DOMAIN,), exclude_domains=("gone.example",)),
            ScopeRule(suspended=NotActive.KEEP_INACTIVE, archived=NotActive.KEEP_INACTIVE),
        )
        return rules[one % len(rules)]

    def _lose_a_unit(self) -> None:
        directory = self.world.directory
        directory.org_units = [unit for unit in directory.org_units if unit.id != "n"]
        for user in list(directory.people.values()):
            if user.unit_path == "/Sales/North":
                directory.change(user.id, unit_path="/")

    def _to_somebody(self, kind: str, user_id: str, two: int) -> None:
        directory = self.world.directory
        if kind == "rename":
            directory.change(user_id, family=f"Renamed{two}")
        elif kind == "readdress":
            other = self.pick(two)
            taken = directory.people[other].address.upper() if other and two % 3 == 0 else ""
            directory.change(user_id, address=taken or f"new{two}@{DOMAIN}")
        elif kind in {"suspend", "archive"}:
            state = UserState.SUSPENDED if kind == "suspend" else UserState.ARCHIVED
            directory.change(user_id, state=state)
        elif kind in {"leave", "vanish"}:
            self.gone[user_id] = None
            directory.let_go(user_id)
            if kind == "vanish":
                directory.deleted.discard(user_id)
        elif kind == "alias":
            address = f"{('one', user_id, 'Two')[two % 3]}@{SECOND}"
            directory.change(user_id, aliases=(address,) if two % 4 else ())
        elif kind == "move":
            directory.change(user_id, unit_path=UNITS[two % len(UNITS)])
        elif kind == "group":
            directory.edges = [edge for edge in directory.edges if edge.member_id != user_id]
        elif kind == "stranger" and not self._has_account(directory.people[user_id].address):
            owner = "" if two % 2 else "elsewhere:1"
            self.world.service.has(directory.people[user_id].address, external_id=owner)

    def _has_account(self, address: str) -> bool:
        key = address.casefold()
        return any(one.address.casefold() == key for one in self.world.service.store.values())


def approve_everything(world: World, report: RunReport) -> bool:
    """Say yes to all that was held; whether there was anything."""
    for kind, people in report.held:
        approve(
            world.database,
            run_id=report.run_id,
            kind=kind,
            typed=people,
            person="Tomasz",
            clock=world.clock,
        )
    return bool(report.held)


def run_until_settled(world: World) -> RunReport:
    """Approve and run until nothing is held and nothing is left to write."""
    report = world.run()
    for _ in range(12):
        assert report.outcome in {
            RunOutcome.DONE,
            RunOutcome.STOPPED_BY_GUARD,
            RunOutcome.PARTLY,
        }, report
        if not approve_everything(world, report) and report.planned.writes == 0:
            return report
        report = world.run()
    raise AssertionError(f"never settles: {report}")


# ------------------------------------------------------------------ the guard


@PROPERTY
@given(people=PEOPLE, history=HISTORIES)
def test_no_run_deactivates_more_than_the_limits_of_a_day(
    people: int, history: list[list[Step]]
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.first_sync()
        left: list[tuple[datetime, str]] = []
        for steps in history:
            for step in steps:
                player.play(step)
            active = world.service.active_ids()
            before = len(world.service.written)
            world.run()
            now = world.clock.now()
            new = {
                one.external_id.rsplit(":", 1)[1]
                for one in world.service.written[before:]
                if one.kind is WriteKind.DEACTIVATE
            }
            earlier = {user_id for moment, user_id in left if moment > now - DAY}
            left += [(now, user_id) for user_id in new]
            today = earlier | new
            base = len(active | earlier)
            if new:
                assert len(today) <= min(max(5, base * 5 // 100), 500)
                assert len(today) < 2 or len(today) * 4 < base


def in_grace(world: World, now: datetime) -> tuple[set[str], set[str]]:
    """Whose grace runs, and of those whose began within a day."""
    with world.database.read() as reading:
        since = "SELECT user_id FROM link WHERE active AND absent_since"
        return (
            set(reading.values(str, f"{since} IS NOT NULL")),
            set(reading.values(str, f"{since} > ?", (to_text(now - DAY),))),
        )


@PROPERTY
@given(people=PEOPLE, history=HISTORIES)
def test_no_run_lets_more_people_leave_or_begin_their_grace_than_the_limits_of_a_day(
    people: int, history: list[list[Step]]
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.settings = replace(world.settings, grace_days=2)
        world.first_sync()
        left: list[tuple[datetime, str]] = []
        for steps in history:
            for step in steps:
                player.play(step)
            active = world.service.active_ids()
            before = len(world.service.written)
            waiting, _ = in_grace(world, world.clock.now())
            world.run()
            now = world.clock.now()
            gone = {
                one.external_id.rsplit(":", 1)[1]
                for one in world.service.written[before:]
                if one.kind is WriteKind.DEACTIVATE
            }
            still_waiting, begun_today = in_grace(world, now)
            earlier = {user_id for moment, user_id in left if moment > now - DAY}
            left += [(now, user_id) for user_id in gone]
            if gone or still_waiting - waiting:
                today = earlier | gone | begun_today
                base = len(active | earlier)
                assert len(today) <= min(max(5, base * 5 // 100), 500)
                assert len(today) < 2 or len(today) * 4 < base


@PROPERTY
@given(people=PEOPLE, history=HISTORIES)
def test_no_run_creates_or_changes_more_than_the_limits_of_a_day(
    people: int, history: list[list[Step]]
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.first_sync()
        done: list[tuple[datetime, bool, str]] = []
        for steps in history:
            for step in steps:
                player.play(step)
            active = len(world.service.active_ids())
            before = len(world.service.written)
            report = world.run()
            now = world.clock.now()
            done += [
                (now, one.kind is WriteKind.UPDATE, one.external_id)
                for one in world.service.written[before:]
                if one.kind is not WriteKind.DEACTIVATE
            ]
            limit = max(LIMITS.change_min, active * LIMITS.change_percent // 100)
            today = [(update, key) for moment, update, key in done if moment > now - DAY]
            if report.done.create + report.done.adopt + report.done.reactivate:
                assert len({key for update, key in today if not update}) <= limit
            if report.done.update:
                assert len({key for update, key in today if update}) <= limit


@PROPERTY
@given(people=PEOPLE, more=st.integers(0, 12), shown=st.booleans())
def test_the_first_run_creates_no_more_than_its_preview_showed_and_two_percent(
    people: int, more: int, shown: bool
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        planned = world.preview().counts.writes if shown else 0
        for number in range(more):
            player.hire(number)
        report = world.run()
        allowed = planned + max(1, -(-planned * 2 // 100)) if shown else LIMITS.change_min
        assert report.done.writes <= allowed


@PROPERTY
@given(people=st.integers(4, 45), history=HISTORIES, yes=st.booleans())
def test_no_protected_account_is_ever_deactivated_approved_or_not(
    people: int, history: list[list[Step]], yes: bool
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        first, second, third, fourth = list(world.directory.people)[:4]
        world.owner(first)
        world.signed_in = world.directory.people[second].address
        world.settings = replace(
            world.settings, protected=(world.directory.people[third].address, fourth)
        )
        world.first_sync()
        guarded = {
            account.id for user in (first, second, third, fourth)
            if (account := world.service.of(user)) is not None
        }  # fmt: skip
        assert len(guarded) == 4
        mail = {user: world.directory.people[user].address for user in (first, second, third)}
        for steps in history:
            for step in steps:
                player.play(step)
            for user, address in mail.items():
                # Protected by address: somebody who takes a new one must be protected anew.
                if user in world.directory.people:
                    world.directory.change(user, address=address)
            report = world.run()
            if yes and approve_everything(world, report):
                world.run()
            assert all(world.service.store[account].active for account in guarded)


# ------------------------------------------------------------------ reading


BREAKS = st.sampled_from(("page", "empty", "short", "customer"))


@PROPERTY
@given(people=st.integers(12, 45), steps=STEPS, how=BREAKS)
def test_an_incomplete_read_removes_nobody_and_writes_nothing(
    people: int, steps: list[Step], how: str
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.first_sync()
        for step in steps:
            player.play(step)
        real = dict(world.directory.people)
        if how == "page":
            world.directory.broken_page = max(0, len(real) - 1) // world.directory.page
        elif how == "empty":
            world.directory.people = {}
        elif how == "short":
            # A listing that ends too early: the people are there when asked for.
            world.directory.hidden = set(list(real)[: max(6, len(real) // 2)])
        elif how == "customer":
            world.directory.customer_id = "C0other"
        if not real or (how == "short" and len(world.directory.hidden) > len(real)):
            return
        before = dict(world.service.store)
        written = len(world.service.written)
        report = world.run()
        if how == "short" and report.outcome is not RunOutcome.FAILED:
            # Mostly people who had no account: nobody active may have been taken for gone.
            for user in world.directory.hidden:
                account = world.service.of(user)
                assert account is None or account == before[account.id]
            return
        assert report.outcome is RunOutcome.FAILED
        assert report.trouble in {
            Code.SERVICE_UNAVAILABLE,
            Code.READ_EMPTY,
            Code.READ_SHRUNK,
            Code.OTHER_CUSTOMER,
        }
        assert len(world.service.written) == written
        assert world.service.store == before


@PROPERTY
@given(people=st.integers(4, 45), refused=st.sampled_from(
    (Code.DIRECTORY_FORBIDDEN, Code.SERVICE_UNAVAILABLE, Code.OTHER_CUSTOMER)
), leavers=st.integers(1, 3))  # fmt: skip
def test_nobody_is_deactivated_without_evidence(people: int, refused: Code, leavers: int) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people + 40)
        world.first_sync()
        for number in range(leavers):
            user_id = player.pick(number)
            assert user_id is not None
            world.directory.let_go(user_id)
        world.directory.look_up_trouble = refused
        active = world.service.active_ids()
        report = world.run()
        assert report.outcome is RunOutcome.PARTLY
        assert world.service.active_ids() == active
        world.directory.look_up_trouble = None
        assert world.run().done.deactivate == leavers


# ------------------------------------------------------------------ preview and plan


def local_truth(world: World) -> list[tuple[str, ...]]:
    with world.database.read() as reading:
        links = reading.values(
            str,
            "SELECT external_id || account_id || address || active || coalesce(absent_since, '')"
            " || leave_approved FROM link ORDER BY external_id",
        )
        journal = reading.values(str, "SELECT id || state FROM journal ORDER BY id")
        used = reading.values(str, "SELECT id || coalesce(used_by, '') FROM approval ORDER BY id")
        return [tuple(links), tuple(journal), tuple(used)]


@PROPERTY
@given(people=PEOPLE, history=HISTORIES)
def test_a_preview_never_writes_and_the_same_inputs_give_the_same_plan(
    people: int, history: list[list[Step]]
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.first_sync()
        for steps in history:
            for step in steps:
                player.play(step)
            if not world.directory.people:
                return
            first = world.preview()  # may bring links up to what the service says
            before = (dict(world.service.store), len(world.service.written), local_truth(world))
            first = world.preview()
            rows = world.rows(first.run_id)
            second = world.preview()
            assert world.rows(second.run_id) == rows
            assert (second.counts, second.held) == (first.counts, first.held)
            after = (dict(world.service.store), len(world.service.written), local_truth(world))
            assert after == before
            world.run()


# ------------------------------------------------------------------ exactness


def is_exact(world: World, report: RunReport) -> None:
    """Everyone in scope, but for the problems named, has one account as the directory says."""
    kinds = world.kinds(report.run_id)
    for user_id, person in world.directory.people.items():
        if kinds.get(user_id) is PlanKind.UNCHANGED:
            account = world.service.of(user_id)
            assert account is not None
            assert account.active
            wanted = address_said_plainly(person, world.settings.address)
            assert account.address.casefold() == wanted.casefold()
            assert (account.given_name, account.family_name) == (
                person.given_name,
                person.family_name,
            )
    stays = {user_id for user_id, kind in kinds.items() if kind is not PlanKind.SKIP}
    kept = {user_id for user_id, row in world.rows(report.run_id).items() if row.account_id}
    assert world.service.active_ids() - stays - kept - {"1"} == set()
    keys = [one.external_id for one in world.service.store.values() if "elsewhere" not in
            one.external_id and one.external_id]  # fmt: skip
    assert len(keys) == len(set(keys))


@PROPERTY
@given(people=PEOPLE, history=HISTORIES)
def test_everyone_in_scope_has_exactly_one_account_and_a_second_run_writes_nothing(
    people: int, history: list[list[Step]]
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.first_sync()
        for steps in history:
            for step in steps:
                player.play(step)
            if not world.directory.people:
                return
            report = run_until_settled(world)
            is_exact(world, report)
            world.service.calls.clear()
            again = world.run()
            assert "write" not in world.service.calls
            if not again.planned.problem:
                assert world.service.calls == [] or set(world.service.calls) == {"list"}


FAULTS = st.lists(
    st.sampled_from(
        (nothing_wrong, lost_before, lost_after, lost_half_way, too_many, killed_before,
         killed_after)
    ),
    max_size=10,
)  # fmt: skip


@PROPERTY
@given(
    people=st.integers(1, 45), steps=STEPS, faults=FAULTS, batch=st.integers(1, 20),
    forget=st.booleans(), careless=st.booleans(),
)  # fmt: skip
def test_whatever_is_lost_or_killed_on_the_way_nobody_is_doubled(
    people: int, steps: list[Step], faults: list[Fault], batch: int, forget: bool, careless: bool
) -> None:
    with a_world() as world:
        player = History(world)
        player.begin(people)
        world.service.batch_size = batch
        world.service.careless = careless
        world.preview()
        world.service.faults = list(faults)
        for _ in range(len(faults) + 1):
            try:
                world.run()
            except Killed:
                continue
            if not world.service.faults:
                break
        world.service.faults = []
        for step in steps:
            player.play(step)
        if not world.directory.people:
            return
        if forget:
            with world.database.transaction() as writing:
                writing.execute("DELETE FROM link")
                writing.execute("DELETE FROM journal")
                writing.execute("UPDATE connection SET links_rebuilt_at = NULL")
        report = run_until_settled(world)
        is_exact(world, report)


# ------------------------------------------------------------------ scope


def said_plainly(world: World, rule: ScopeRule) -> set[str]:
    """Who is in scope, worked out person by person as the settings page would explain it."""
    directory = world.directory
    parents = {unit.id: unit.parent_id for unit in directory.org_units}
    at = {unit.path: unit.id for unit in directory.org_units}

    def stands_in(path: str, wanted: tuple[str, ...]) -> bool:
        unit, seen = at.get(path, ""), set[str]()
        while unit and unit not in seen:
            if unit in wanted:
                return True
            seen.add(unit)
            unit = parents.get(unit, "")
        return False

    def members(group: str, seen: frozenset[str]) -> set[str]:
        if group in seen:
            return set()
        found: set[str] = set()
        for edge in (edge for edge in directory.edges if edge.group_id == group):
            if edge.kind is MemberKind.EVERYONE:
                found |= set(directory.people)
            elif edge.kind is MemberKind.GROUP:
                found |= members(edge.member_id, seen | {group})
            else:
                found.add(edge.member_id)
        return found

    def in_groups(groups: tuple[str, ...]) -> set[str]:
        return set[str]().union(*(members(group, frozenset()) for group in groups))

    def domain(user: DirectoryUser) -> str:
        return user.address.casefold().partition("@")[2]

    wanted, unwanted = in_groups(rule.group_ids), in_groups(rule.exclude_group_ids)
    return {
        user.id
        for user in directory.people.values()
        if user.state is UserState.ACTIVE
        and user.address
        and not (
            user.id in rule.exclude_user_ids
            or user.id in unwanted
            or domain(user) in rule.exclude_domains
            or stands_in(user.unit_path, rule.exclude_unit_ids)
        )
        and (
            rule.kind is ScopeKind.EVERYONE
            or user.id in rule.user_ids
            or user.id in wanted
            or domain(user) in rule.domains
            or stands_in(user.unit_path, rule.unit_ids)
        )
    }


def address_said_plainly(user: DirectoryUser, rule: AddressRule) -> str:
    """Which address becomes the account, '' for none."""

    def parts(address: str) -> tuple[str, str]:
        local, _, domain = address.casefold().rpartition("@")
        return local, domain

    if rule.choice is AddressChoice.PRIMARY or parts(user.address)[1] == rule.domain:
        return user.address
    found = [alias for alias in user.aliases if parts(alias)[1] == rule.domain]
    alike = [alias for alias in found if parts(alias)[0] == parts(user.address)[0]]
    if found:
        return min(alike or found, key=lambda alias: (alias.casefold(), alias))
    return user.address if rule.otherwise is AddressFallback.PRIMARY else ""


@dataclass(frozen=True, kw_only=True)
class _Judged:
    user_id: str
    address: str


TREE = ("/A", "/A/B", "/A/B/C", "/D", "/D/E", "/A B")
GROUPS = ("g1", "g2", "g3", "g4")
SOME_UNITS = st.lists(st.sampled_from(("root", *TREE, "gone")), max_size=2, unique=True).map(tuple)
SOME_GROUPS = st.lists(st.sampled_from((*GROUPS, "gone")), max_size=2, unique=True).map(tuple)
SOME_USERS = st.lists(st.sampled_from([f"p{n}" for n in range(12)]), max_size=2).map(tuple)
DOMAINS = (DOMAIN, "post.example", SECOND)
SOME_DOMAINS = st.lists(st.sampled_from(DOMAINS), max_size=2, unique=True).map(tuple)
RULES = st.builds(
    ScopeRule,
    kind=st.sampled_from(ScopeKind),
    unit_ids=SOME_UNITS,
    group_ids=SOME_GROUPS,
    user_ids=SOME_USERS,
    exclude_unit_ids=SOME_UNITS,
    exclude_group_ids=SOME_GROUPS,
    exclude_user_ids=SOME_USERS,
    domains=SOME_DOMAINS,
    exclude_domains=SOME_DOMAINS,
    suspended=st.sampled_from(NotActive),
    archived=st.sampled_from(NotActive),
)
ADDRESS_RULES = st.one_of(
    st.just(AddressRule()),
    st.builds(
        AddressRule,
        choice=st.just(AddressChoice.IN_DOMAIN),
        domain=st.sampled_from(DOMAINS),
        otherwise=st.sampled_from(AddressFallback),
    ),
)
PERSON = st.tuples(
    st.sampled_from(("/", *TREE, "/nowhere")),
    st.sampled_from((UserState.ACTIVE, UserState.ACTIVE, UserState.SUSPENDED, UserState.ARCHIVED)),
    st.sampled_from(("", "One@{d}", "two@{d}", "THREE@{d}")),
    st.sampled_from(DOMAINS),
    st.lists(
        st.builds(
            "{}@{}".format,
            st.sampled_from(("one", "Two", "a", "b", "Ä", '"odd"', "o'neil", "x\\y")),
            st.sampled_from((*DOMAINS, "POST.example", "sub.post.example")),
        ),
        max_size=3,
        unique=True,
    ).map(tuple),
)
MEMBERSHIPS = st.lists(
    st.tuples(
        st.sampled_from(GROUPS),
        st.sampled_from((*GROUPS, "*", *(f"p{n}" for n in range(12)))),
    ),
    max_size=12,
    unique=True,
)


@PROPERTY
@given(
    people=st.lists(PERSON, min_size=1, max_size=12),
    memberships=MEMBERSHIPS,
    rules=st.lists(st.tuples(RULES, ADDRESS_RULES), min_size=1, max_size=4),
)
def test_the_scope_is_what_a_plain_reading_of_its_rules_says(
    people: list[tuple[str, UserState, str, str, tuple[str, ...]]],
    memberships: list[tuple[str, str]],
    rules: list[tuple[ScopeRule, AddressRule]],
) -> None:
    with a_world() as world:
        for path in TREE:
            world.directory.unit(path, path, parent=path.rsplit("/", 1)[0] or "root")
        for number, (path, state, address, at, aliases) in enumerate(people):
            world.directory.hire(
                f"p{number}",
                address=address.replace("{d}", at),
                state=state,
                unit_path=path,
                aliases=aliases,
            )
        for group in GROUPS:
            world.directory.group(group)
        for group, member in memberships:
            kind = MemberKind.GROUP if member in GROUPS else MemberKind.USER
            kind = MemberKind.EVERYONE if member == "*" else kind
            edge = MemberEdge(group_id=group, member_id="" if member == "*" else member, kind=kind)
            world.directory.edges.append(edge)
        for rule, address_rule in rules:
            world.settings = replace(world.settings, scope=rule, address=address_rule)
            world.preview()
            with world.database.read() as reading:
                judged = {
                    row.user_id: row.address
                    for row in reading.all(
                        _Judged, "SELECT user_id, address FROM verdict WHERE in_scope"
                    )
                }
                standby = set(reading.values(str, "SELECT user_id FROM verdict WHERE standby"))
            named = said_plainly(world, rule)
            everyone = world.directory.people
            expected = {user: address_said_plainly(everyone[user], address_rule) for user in named}
            assert judged == {user: address for user, address in expected.items() if address}
            kept = {
                UserState.SUSPENDED: rule.suspended,
                UserState.ARCHIVED: rule.archived,
            }
            awake = {
                user.id: replace(
                    user, state=UserState.ACTIVE, address=user.address or "no@body.test"
                )
                for user in everyone.values()
                if kept.get(user.state) is NotActive.KEEP_INACTIVE
            }
            asleep = dict(everyone)
            world.directory.people = {**asleep, **awake}
            assert standby == said_plainly(world, rule) & set(awake)
            world.directory.people = asleep
