"""An account service that keeps its state in memory, as far as signing in and syncing need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import (
    Member,
    OrganizationAccount,
    OrganizationAccountStatus,
    OrganizationalUnit,
    Person,
    Purpose,
    Role,
    SyncerLease,
)
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble

BOTH = frozenset({Purpose.DIRECTORY, Purpose.CALENDARS})


def connection(**changed: object) -> OrganizationAccount:
    one = OrganizationAccount(
        id="oa-1",
        provider=ProviderId.GOOGLE,
        purposes=BOTH,
        customer_id="C01",
        domain="nordby.example",
        status=OrganizationAccountStatus.ACTIVE,
        authorized_by="tomasz.wilk@nordby.example",
    )
    return replace(one, **changed)  # type: ignore[arg-type] # the fields of OrganizationAccount


@dataclass
class FakeService:
    """What a test sets is what the service knows; `signed_in` False refuses every person."""

    clock: HandClock = field(default_factory=HandClock)
    signed_in: bool = True
    person: Person = field(
        default_factory=lambda: Person(id="p", address="ingrid@nordby.example", name="Ingrid Dal")
    )
    units: list[OrganizationalUnit] = field(default_factory=list)
    connections: list[OrganizationAccount] = field(default_factory=list)
    kept: ProvisioningSettings = field(default_factory=lambda: ProvisioningSettings(version=1))
    owners: list[Member] = field(default_factory=list)
    lease: SyncerLease | None = None
    leases_held: int = 0
    lease_trouble: Trouble | None = None

    def _asked(self, cancel: Cancel) -> None:
        cancel.check()
        if not self.signed_in:
            raise Trouble(Code.SIGN_IN_NEEDED)

    def me(self, cancel: Cancel) -> Person:
        self._asked(cancel)
        return self.person

    def organizational_units(self, cancel: Cancel) -> Sequence[OrganizationalUnit]:
        self._asked(cancel)
        return list(self.units)

    def create_organizational_unit(self, name: str, cancel: Cancel) -> OrganizationalUnit:
        self._asked(cancel)
        made = OrganizationalUnit(id=f"ou-{len(self.units) + 1}", name=name, role=Role.OWNER)
        self.units.append(made)
        return made

    def organization_accounts(self, ou: str, cancel: Cancel) -> Sequence[OrganizationAccount]:
        self._asked(cancel)
        return list(self.connections)

    def settings(self, ou: str, account: str, cancel: Cancel) -> ProvisioningSettings:
        cancel.check()
        return self.kept

    def hold_lease(
        self,
        ou: str,
        account: str,
        *,
        installation_id: str,
        host: str,
        person: str,
        take_over: bool,
        cancel: Cancel,
    ) -> SyncerLease:
        cancel.check()
        if self.lease_trouble is not None:
            raise self.lease_trouble
        held = self.lease
        ours = held is None or held.installation_id == installation_id
        if held is not None and not ours and held.expires_at > self.clock.now() and not take_over:
            raise Trouble(Code.NOT_THE_SYNCER, host=held.host)
        self.leases_held += 1
        self.lease = SyncerLease(
            installation_id=installation_id,
            host=host,
            person=person,
            expires_at=self.clock.now() + timedelta(minutes=90),
        )
        return self.lease
