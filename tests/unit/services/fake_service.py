"""An account service that keeps its state in memory, as far as signing in and syncing need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import (
    Capability,
    Invitation,
    InvitationStatus,
    InviteOutcome,
    Member,
    OrganizationAccount,
    OrganizationAccountStatus,
    OrganizationalUnit,
    Person,
    Purpose,
    RefusedAddress,
    Role,
    SavedSettings,
    Support,
    SyncerLease,
)
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import RunSummary
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
    invited: list[Invitation] = field(default_factory=list)
    invite_calls: list[tuple[str, ...]] = field(default_factory=list)
    invite_trouble: Trouble | None = None
    invite_calls_before_trouble: int = 0
    installed_domains: set[str] = field(default_factory=set)
    saved_by: str = ""
    saved_at: datetime | None = None
    runs: list[RunSummary] = field(default_factory=list)

    @property
    def capabilities(self) -> Mapping[Capability, Support]:
        return dict.fromkeys(Capability, Support.AUTOMATIC)

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

    def members(
        self, ou: str, cancel: Cancel, *, role: Role | None = None, address: str = ""
    ) -> Sequence[Member]:
        self._asked(cancel)
        return [
            one
            for one in self.owners
            if (role is None or one.role is role)
            and (not address or one.address.casefold() == address.casefold())
        ]

    def invitations(self, ou: str, cancel: Cancel) -> Sequence[Invitation]:
        self._asked(cancel)
        now = self.clock.now()
        shown = [
            replace(one, status=InvitationStatus.EXPIRED)
            if one.status is InvitationStatus.PENDING and one.expires_at <= now
            else one
            for one in self.invited
        ]
        return shown[::-1]

    def invite(
        self, ou: str, addresses: Sequence[str], cancel: Cancel, *, role: Role = Role.OWNER
    ) -> InviteOutcome:
        self._asked(cancel)
        if self.invite_trouble and len(self.invite_calls) >= self.invite_calls_before_trouble:
            raise self.invite_trouble
        self.invite_calls.append(tuple(addresses))
        members = {one.address for one in self.owners}
        sent: list[Invitation] = []
        refused: list[RefusedAddress] = []
        for address in addresses:
            if address in members:
                refused.append(RefusedAddress(address=address, reason="already-a-member"))
                continue
            sent.append(self._valid_anew(address, role))
        return InviteOutcome(invited=tuple(sent), refused=tuple(refused))

    def _valid_anew(self, address: str, role: Role) -> Invitation:
        now = self.clock.now()
        for place, known in enumerate(self.invited):
            if known.address == address and known.status is InvitationStatus.PENDING:
                self.invited[place] = replace(known, expires_at=now + timedelta(hours=48))
                return self.invited[place]
        made = Invitation(
            id=f"inv-{len(self.invited) + 1}",
            address=address,
            role=role,
            status=InvitationStatus.PENDING,
            invited_by=self.person.address,
            created_at=now,
            expires_at=now + timedelta(hours=48),
        )
        self.invited.append(made)
        return made

    def _open_invitation(self, invitation: str) -> int:
        place = [one.id for one in self.invited].index(invitation)
        if self.invited[place].status in {InvitationStatus.ACCEPTED, InvitationStatus.REVOKED}:
            raise Trouble(Code.INVITATION_CLOSED)
        return place

    def resend_invitation(self, ou: str, invitation: str, cancel: Cancel) -> Invitation:
        self._asked(cancel)
        place = self._open_invitation(invitation)
        expires = self.clock.now() + timedelta(hours=48)
        self.invited[place] = replace(
            self.invited[place], status=InvitationStatus.PENDING, expires_at=expires
        )
        return self.invited[place]

    def revoke_invitation(self, ou: str, invitation: str, cancel: Cancel) -> None:
        self._asked(cancel)
        place = self._open_invitation(invitation)
        self.invited[place] = replace(self.invited[place], status=InvitationStatus.REVOKED)

    def app_installed(self, ou: str, provider: ProviderId, domain: str, cancel: Cancel) -> bool:
        self._asked(cancel)
        return domain in self.installed_domains

    def app_installed_at(
        self, ou: str, provider: ProviderId, domain: str, cancel: Cancel
    ) -> datetime | None:
        return self.clock.now() if self.app_installed(ou, provider, domain, cancel) else None

    def sync_runs(
        self, ou: str, account: str, cancel: Cancel, *, at_most: int = 50
    ) -> Sequence[RunSummary]:
        self._asked(cancel)
        return sorted(self.runs, key=lambda run: run.started_at, reverse=True)[:at_most]

    def organization_accounts(self, ou: str, cancel: Cancel) -> Sequence[OrganizationAccount]:
        self._asked(cancel)
        return list(self.connections)

    def settings(self, ou: str, account: str, cancel: Cancel) -> ProvisioningSettings:
        cancel.check()
        return self.kept

    def saved_settings(self, ou: str, account: str, cancel: Cancel) -> SavedSettings:
        kept = self.settings(ou, account, cancel)
        return SavedSettings(settings=kept, saved_by=self.saved_by, saved_at=self.saved_at)

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
