"""Both stand-ins in this process, and what their people do there: hire, move, edit, take over."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import msgspec

from tests.practice.state_machine.truth import (
    CUSTOMER,
    Account,
    Directory,
    Group,
    Person,
)
from tests.practice.state_machine.wire import VirtualClock, Wire
from wizard.core.clock import to_text
from wizard.core.settings import ProvisioningSettings
from wizard.practice.account.database import address_key, token_hash
from wizard.practice.account.problems import ProblemForm
from wizard.practice.account.service import AccountForm, AccountService
from wizard.practice.account.settings import LimitsPatch, ScopePatch, Settings, SettingsPatch
from wizard.practice.google.errors import GoogleForm
from wizard.practice.google.scopes import PREFIX as SCOPES
from wizard.practice.google.service import GoogleService
from wizard.practice.routing import Router
from wizard.practice.site import ErrorForm, Site
from wizard.practice.traffic import StandIn, Traffic

UNIT = "ou_nordby"
CONNECTION = "oa_machine"
OWNER = "owner@nordby.example"
ADMIN = "tomasz.wilk@nordby.example"
ADMIN_ID = f"{1:021d}"
PERSON_TOKEN, SYNC_TOKEN = "person-token", "ecp_machine"
GOOGLE_TOKENS = ("ya29.one", "ya29.two")
ACCOUNT_HOST, GOOGLE_HOST = "127.0.0.1:4431", "127.0.0.1:4432"
HERE, SECOND, ELSEWHERE = "inst-here", "inst-second", "inst-elsewhere"
NEVER = "2099-01-01T00:00:00.000Z"
GRANTED = tuple(
    f"{SCOPES}admin.directory.{name}.readonly" for name in ("user", "group", "orgunit", "domain")
)


class Organization:
    """One practice organization for many examples; each begins with `begin`."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock()
        self.directory = Directory()
        folder.mkdir(parents=True, exist_ok=True)
        # The product reads with several threads; the wire lets one of them through at a time.
        any_thread = functools.partial(sqlite3.connect, check_same_thread=False)
        with mock.patch("sqlite3.connect", any_thread):
            self.account = AccountService(
                path=folder / "account.sqlite",
                clock=self.clock,
                origin=f"https://{ACCOUNT_HOST}",
                activation=timedelta(0),
            )
            self.google = GoogleService(
                path=folder / "google.sqlite",
                clock=self.clock,
                people=10,
                seed=7,
                announce=lambda _words: None,
            )
        self.traffic = Traffic()
        self.wire = Wire(
            clock=self.clock,
            traffic=self.traffic,
            sites={
                ACCOUNT_HOST: (
                    "account",
                    self._site(StandIn.ACCOUNT, self.account.api(), AccountForm(), ACCOUNT_HOST),
                ),
                GOOGLE_HOST: (
                    "google",
                    self._site(StandIn.GOOGLE, self.google.api(), GoogleForm(), GOOGLE_HOST),
                ),
            },
        )
        self.account.database.rows.execute("PRAGMA synchronous = OFF")
        self.google.store.rows.execute("PRAGMA synchronous = OFF")

    def _site(
        self, stand_in: StandIn, router: Router, form: ErrorForm | ProblemForm, host: str
    ) -> Site:
        return Site(
            stand_in=stand_in,
            router=router,
            form=form,
            traffic=self.traffic,
            hosts=frozenset({host}),
            hang_up=lambda _client, _flush: None,
        )

    def close(self) -> None:
        self.account.close()
        self.google.close()

    # ------------------------------------------------------------ beginning

    def begin(self) -> None:
        """Nobody but an owner and an administrator; nothing is wrong with anything."""
        self.clock.begin()
        self.wire.heal()
        self.wire.seen.clear()
        self.google.switches.empty = self.google.switches.swapped = False
        self._begin_at_the_service()
        self._begin_at_google()

    def _begin_at_the_service(self) -> None:
        database, now = self.account.database, to_text(self.clock.now())
        emptied = (
            "persons", "accounts", "connections", "settings", "leases", "provisioning_tokens",
            "runs", "grants", "access_tokens", "idempotency",
        )  # fmt: skip
        with database.transaction():
            for table in emptied:
                database.run(f"DELETE FROM {table}")
            database.run(
                "INSERT INTO persons VALUES ('p_owner',?,?,'Ingrid Solberg',x'00',x'00',1,?)",
                OWNER, OWNER, now,
            )  # fmt: skip
            database.run("INSERT INTO grants VALUES ('f','p_owner','c','openid',?,NULL)", now)
            database.run(
                "INSERT INTO access_tokens VALUES (?,'f','p_owner','openid',?)",
                token_hash(PERSON_TOKEN), NEVER,
            )  # fmt: skip
            database.run(
                "INSERT INTO connections (id, unit, provider, purposes, customer, domain,"
                " authorized_by, created, ready_at) VALUES (?,?,'google','directory calendars',?,"
                "'nordby.example',?,?,?)",
                CONNECTION, UNIT, CUSTOMER, ADMIN, now, now,
            )  # fmt: skip
            database.run(
                "INSERT INTO settings VALUES (?,1,?,?,?)",
                CONNECTION, msgspec.json.encode(Settings()), OWNER, now,
            )  # fmt: skip
            database.run(
                "INSERT INTO provisioning_tokens (id, connection, label, hash, created)"
                " VALUES ('tok',?,'here',?,?)",
                CONNECTION, token_hash(SYNC_TOKEN), now,
            )  # fmt: skip
        self.account.accounts._remember_nothing()
        self.stands_there(OWNER, "Ingrid", "Solberg", account="u_owner", owner=True)
        self.stands_there(ADMIN, "Tomasz", "Wilk", account="u_admin", owner=True)

    def _begin_at_google(self) -> None:
        store = self.google.store
        with store.transaction():
            store.run("DELETE FROM people WHERE customer = ?", CUSTOMER)
            for table in ("groups", "members", "aliases", "access_tokens"):
                store.run(f"DELETE FROM {table}")
            for token in GOOGLE_TOKENS:
                store.run(
                    "INSERT INTO access_tokens VALUES (?,?,?,?,NULL)",
                    token_hash(token), ADMIN_ID, " ".join(GRANTED), NEVER,
                )  # fmt: skip
        self.directory.people.clear()
        self.directory.left.clear()
        self.directory.units.clear()
        self.directory.groups.clear()

    # ------------------------------------------------------------ at Google

    def put_person(self, person: Person) -> None:
        """Somebody as they are from now on, new or not."""
        self.directory.left.pop(person.id, None)
        self.directory.people[person.id] = person
        self._store(person, deleted=False)

    def let_go(self, person: Person) -> None:
        """Deleted: shown among the deleted, and in no group."""
        del self.directory.people[person.id]
        self.directory.left[person.id] = person
        for group in list(self.directory.groups.values()):
            self.directory.groups[group.id] = _without(group, person.id)
        self._store(person, deleted=True)
        self.put_groups()

    def forget(self, person: Person) -> None:
        """Weeks later Google knows nothing of somebody who was deleted."""
        del self.directory.left[person.id]
        self.google.store.run("DELETE FROM people WHERE id = ?", person.id)

    def _store(self, person: Person, *, deleted: bool) -> None:
        store = self.google.store
        unit = self.directory.units[person.unit].number
        with store.transaction():
            store.run("DELETE FROM aliases WHERE number = ?", person.number)
            store.run(
                "INSERT OR REPLACE INTO people VALUES (?,?,?,?,?,?,?,?,?,?,?,0,?,?,?,?)",
                person.number,
                person.id,
                CUSTOMER,
                person.address,
                person.address.lower(),
                person.given,
                person.family,
                unit,
                person.suspended,
                person.archived,
                person.id == ADMIN_ID,
                deleted,
                msgspec.json.encode(person.aliases).decode(),
                to_text(self.clock.moment),
                1,
            )
            for alias in () if deleted else person.aliases:
                store.run("INSERT INTO aliases VALUES (?,?)", alias.lower(), person.number)

    def demote(self, *, admin: bool) -> None:
        """The authorizing admin's rights, taken or given back."""
        self.google.store.run("UPDATE people SET admin = ? WHERE id = ?", admin, ADMIN_ID)

    def put_units(self) -> None:
        """The organizational units as the model has them."""
        store, directory = self.google.store, self.directory
        with store.transaction():
            store.run("DELETE FROM units WHERE customer = ?", CUSTOMER)
            for unit in directory.units.values():
                parent = directory.units[unit.parent].number if unit.parent else None
                store.run(
                    "INSERT INTO units VALUES (?,?,?,?,?,?,'')",
                    unit.number, unit.id, CUSTOMER, directory.path(unit.id), unit.name, parent,
                )  # fmt: skip
        self.google._directory._paths.update(
            {unit.number: directory.path(unit.id) for unit in directory.units.values()}
        )

    def put_groups(self) -> None:
        """The groups and who is in them, as the model has them."""
        store, directory = self.google.store, self.directory
        with store.transaction():
            store.run("DELETE FROM groups")
            store.run("DELETE FROM members")
            for group in directory.groups.values():
                store.run(
                    "INSERT INTO groups VALUES (?,?,?,?,?,'')",
                    group.number, group.id, CUSTOMER, f"{group.id}@nordby.example", group.name,
                )  # fmt: skip
                for place, (kind, member, email) in enumerate(_members(group, directory), 1):
                    store.run(
                        "INSERT INTO members VALUES (?,?,?,?,?,'MEMBER')",
                        group.number, place, kind, member, email,
                    )  # fmt: skip

    # ------------------------------------------------------------ at the account service

    def accounts(self) -> list[Account]:
        """Every account, asked of the service's own table."""
        rows = self.account.database.all("SELECT * FROM accounts ORDER BY seq")
        found = []
        for row in rows:
            body = msgspec.json.decode(row["body"], type=dict[str, object])
            name = body.get("name")
            names = name if isinstance(name, dict) else {}
            found.append(
                Account(
                    id=row["id"],
                    external=row["external_id"] or "",
                    address=row["user_name"],
                    given=names.get("givenName", ""),
                    family=names.get("familyName", ""),
                    active=bool(row["active"]),
                    owner=row["role"] == "owner",
                )
            )
        return found

    def stands_there(
        self,
        address: str,
        given: str,
        family: str,
        *,
        account: str | None = None,
        owner: bool = False,
        external: str = "",
    ) -> None:
        """An account that stood there before, or that somebody made by hand."""
        database = self.account.database
        made = database.add_member(
            unit=UNIT,
            address=address,
            given=given,
            family=family,
            role="owner" if owner else "member",
            person="p_owner" if address == OWNER else None,
            account=account,
        )
        if external:
            database.run("UPDATE accounts SET external_id = ? WHERE id = ?", external, made)
        self.account.accounts._remember_nothing()

    def edit_account(self, account: Account, column: str, value: object) -> None:
        """Somebody changes one thing at the service itself."""
        database = self.account.database
        if column == "user_name":
            database.run(
                "UPDATE accounts SET user_name_key = ? WHERE id = ?",
                address_key(str(value)),
                account.id,
            )
        database.run(
            f"UPDATE accounts SET {column} = ?, version = version + 1 WHERE id = ?",
            value,
            account.id,
        )
        self.account.accounts._remember_nothing()

    def rename_account(self, account: Account, family: str) -> None:
        """Somebody gives an account another name at the service itself."""
        name = {"name": {"givenName": account.given, "familyName": family}}
        self.edit_account(account, "body", msgspec.json.encode(name))

    def delete_account(self, account: Account) -> None:
        """Somebody deletes an account at the service itself."""
        self.account.database.run("DELETE FROM accounts WHERE id = ?", account.id)
        self.account.accounts._remember_nothing()

    def save(self, settings: ProvisioningSettings) -> None:
        """Somebody saves these settings."""
        self.account.settings.save(CONNECTION, _patch(settings), OWNER)

    def lease_is_of_another(self, installation: str) -> bool:
        """Whether somebody else's computer holds the lease now."""
        held = self.account.connections.lease_row(CONNECTION)
        return held is not None and held["installation"] != installation

    def lease_to(self, installation: str) -> None:
        """Another computer takes the sync over."""
        now = self.clock.moment
        self.account.database.run(
            "INSERT OR REPLACE INTO leases VALUES (?,?,?,?,?,?)",
            CONNECTION,
            installation,
            installation,
            "ops@nordby.example",
            to_text(now),
            to_text(now + timedelta(minutes=90)),
        )


@contextmanager
def organization(folder: Path) -> Iterator[Organization]:
    """An organization whose wire the product uses for the time of a block."""
    made = Organization(folder)
    try:
        with made.wire.installed():
            yield made
    finally:
        made.close()


def _without(group: Group, member: str) -> Group:
    kept = tuple(one for one in group.members if one != member)
    return replace(group, members=kept)


def _members(group: Group, directory: Directory) -> Iterator[tuple[str, str, str]]:
    if group.everyone:
        yield "CUSTOMER", CUSTOMER, ""
    for member in group.members:
        kind = "GROUP" if member in directory.groups else "USER"
        yield kind, member, f"{member}@nordby.example" if kind == "GROUP" else ""


def _patch(settings: ProvisioningSettings) -> SettingsPatch:
    scope, limits, address = settings.scope, settings.limits, settings.address
    return SettingsPatch(
        enabled=settings.enabled,
        leavers=settings.leavers.value,
        grace_days=settings.grace_days,
        limits=LimitsPatch(
            leave_percent=limits.leave_percent,
            leave_max=limits.leave_max,
            change_percent=limits.change_percent,
            change_min=limits.change_min,
        ),
        scope=ScopePatch(
            kind=scope.kind.value,
            unit_ids=scope.unit_ids,
            group_ids=scope.group_ids,
            user_ids=scope.user_ids,
            exclude_unit_ids=scope.exclude_unit_ids,
            exclude_group_ids=scope.exclude_group_ids,
            exclude_user_ids=scope.exclude_user_ids,
            domains=scope.domains,
            exclude_domains=scope.exclude_domains,
            suspended=scope.suspended.value,
            archived=scope.archived.value,
        ),
        address=address.choice.value,
        address_domain=address.domain,
        address_otherwise=address.otherwise.value,
        protected=settings.protected,
    )
