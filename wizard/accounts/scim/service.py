"""An account service with a SCIM 2.0 end and nothing else: no sign-in, settings or lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NoReturn
from urllib.parse import urlsplit

from wizard.accounts.base import (
    Capability,
    Invitation,
    InviteOutcome,
    Member,
    OrganizationAccount,
    OrganizationalUnit,
    Person,
    ProvisioningToken,
    Purpose,
    Role,
    SavedSettings,
    Support,
    SyncerLease,
)
from wizard.accounts.calls import Opener
from wizard.accounts.scim_client import ScimUsers
from wizard.accounts.scim_errors import refused
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.directory import ProviderId
from wizard.core.runs import RunReport, RunSummary
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.net.bearer import Bearer, FixedBearer

__all__ = ["ScimService"]

_CAPABILITIES: Mapping[Capability, Support] = MappingProxyType(
    dict.fromkeys(Capability, Support.ABSENT)
    | {Capability.WRITE_USERS: Support.AUTOMATIC, Capability.LIST_USERS: Support.AUTOMATIC}
)


class ScimService:
    """Implements `base.AccountService` as far as a bare SCIM service can.

    `base` is the SCIM base address, such as `https://people.example/scim/v2`. The one
    organizational unit is the service itself. What a service of this kind doesn't have is
    ABSENT among the capabilities and raises `Trouble(REQUEST_REFUSED)` when asked for all the same.
    """

    def __init__(
        self, open_calls: Opener, base: str, *, bearer: Bearer, clock: Clock | None = None
    ) -> None:
        parts = urlsplit(base)
        self._open = open_calls
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.netloc
        self._path = parts.path.rstrip("/")
        self._bearer = bearer
        self._clock = clock or SystemClock()

    @property
    def capabilities(self) -> Mapping[Capability, Support]:
        """See `AccountService.capabilities`."""
        return _CAPABILITIES

    def answers(self, cancel: Cancel) -> bool:
        """See `AccountService.answers`; the token has to be right, there is no other door."""
        self._users(self._bearer, read_only=True, headers={}).config(cancel)
        return True

    def as_sync(self, token: str) -> ScimService:
        """See `AccountService.as_sync`."""
        base = f"{self._origin}{self._path}"
        return ScimService(self._open, base, bearer=FixedBearer(token), clock=self._clock)

    def users(
        self, ou: str, account: str, *, token: str, installation_id: str, read_only: bool
    ) -> ScimUsers:
        """See `AccountService.users`; without a `token` the service's own is used."""
        del ou, account, installation_id
        bearer = FixedBearer(token) if token else self._bearer
        return self._users(bearer, read_only=read_only, headers={})

    def _users(self, bearer: Bearer, *, read_only: bool, headers: Mapping[str, str]) -> ScimUsers:
        return ScimUsers(
            self._open.api(self._origin, bearer=bearer, read_only=read_only, refusal=refused),
            base_path=self._path,
            clock=self._clock,
            headers=headers,
            match_emails=True,
        )

    def organizational_units(self, cancel: Cancel) -> Sequence[OrganizationalUnit]:
        """The service as its own one unit."""
        cancel.check()
        return [OrganizationalUnit(id=self._host, name=self._host, role=Role.OWNER)]

    def members(
        self, ou: str, cancel: Cancel, *, role: Role | None = None, address: str = ""
    ) -> Sequence[Member]:
        """Nobody signs in to manage a bare SCIM service, so it has no members."""
        del ou, role, address
        cancel.check()
        return []

    def organization_accounts(self, ou: str, cancel: Cancel) -> Sequence[OrganizationAccount]:
        """It knows no connections."""
        del ou
        cancel.check()
        return []

    # ------------------------------------------------------------------ what it does not have

    def me(self, cancel: Cancel) -> Person:
        """Absent: a token is nobody."""
        self._absent(Capability.SIGN_IN, cancel)

    def create_organizational_unit(self, name: str, cancel: Cancel) -> OrganizationalUnit:
        """Absent."""
        del name
        self._absent(Capability.ORGANIZATIONAL_UNITS, cancel)

    def invitations(self, ou: str, cancel: Cancel) -> Sequence[Invitation]:
        """Absent: there is nobody to join."""
        del ou
        self._absent(Capability.INVITATIONS, cancel)

    def invite(
        self, ou: str, addresses: Sequence[str], cancel: Cancel, *, role: Role = Role.OWNER
    ) -> InviteOutcome:
        """Absent."""
        del ou, addresses, role
        self._absent(Capability.INVITATIONS, cancel)

    def resend_invitation(self, ou: str, invitation: str, cancel: Cancel) -> Invitation:
        """Absent."""
        del ou, invitation
        self._absent(Capability.INVITATIONS, cancel)

    def revoke_invitation(self, ou: str, invitation: str, cancel: Cancel) -> None:
        """Absent."""
        del ou, invitation
        self._absent(Capability.INVITATIONS, cancel)

    def app_installed(self, ou: str, provider: ProviderId, domain: str, cancel: Cancel) -> bool:
        """Absent: it has no app to install."""
        del ou, provider, domain
        self._absent(Capability.CONNECTIONS, cancel)

    def app_installed_at(
        self, ou: str, provider: ProviderId, domain: str, cancel: Cancel
    ) -> datetime | None:
        """Absent: it has no app to install."""
        del ou, provider, domain
        self._absent(Capability.CONNECTIONS, cancel)

    def create_organization_account(
        self,
        ou: str,
        *,
        provider: ProviderId,
        purposes: frozenset[Purpose],
        customer_id: str,
        domain: str,
        authorized_by: str,
        cancel: Cancel,
    ) -> OrganizationAccount:
        """Absent."""
        del ou, provider, purposes, customer_id, domain, authorized_by
        self._absent(Capability.CONNECTIONS, cancel)

    def organization_account(self, ou: str, account: str, cancel: Cancel) -> OrganizationAccount:
        """Absent."""
        del ou, account
        self._absent(Capability.CONNECTIONS, cancel)

    def delete_organization_account(self, ou: str, account: str, cancel: Cancel) -> None:
        """Absent."""
        del ou, account
        self._absent(Capability.CONNECTIONS, cancel)

    def settings(self, ou: str, account: str, cancel: Cancel) -> ProvisioningSettings:
        """Absent."""
        del ou, account
        self._absent(Capability.SETTINGS, cancel)

    def saved_settings(self, ou: str, account: str, cancel: Cancel) -> SavedSettings:
        """Absent."""
        del ou, account
        self._absent(Capability.SETTINGS, cancel)

    def save_settings(
        self, ou: str, account: str, draft: ProvisioningSettings, cancel: Cancel
    ) -> ProvisioningSettings:
        """Absent."""
        del ou, account, draft
        self._absent(Capability.SETTINGS, cancel)

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
        """Absent: nothing but people keeps two installations apart here."""
        del ou, account, installation_id, host, person, take_over
        self._absent(Capability.SETTINGS, cancel)

    def give_up_lease(self, ou: str, account: str, *, installation_id: str, cancel: Cancel) -> None:
        """There is none to give up."""
        del ou, account, installation_id
        cancel.check()

    def create_provisioning_token(
        self, ou: str, account: str, *, label: str, cancel: Cancel
    ) -> ProvisioningToken:
        """Absent: the token that one was given is the token."""
        del ou, account, label
        self._absent(Capability.CONNECTIONS, cancel)

    def provisioning_tokens(
        self, ou: str, account: str, cancel: Cancel
    ) -> Sequence[ProvisioningToken]:
        """It tells of none."""
        del ou, account
        cancel.check()
        return []

    def revoke_provisioning_token(
        self, ou: str, account: str, token_id: str, cancel: Cancel
    ) -> None:
        """Absent."""
        del ou, account, token_id
        self._absent(Capability.CONNECTIONS, cancel)

    def report_run(self, ou: str, account: str, report: RunReport, cancel: Cancel) -> None:
        """There is nobody to report to; the report stays on this computer."""
        del ou, account, report
        cancel.check()

    def sync_runs(
        self, ou: str, account: str, cancel: Cancel, *, at_most: int = 50
    ) -> Sequence[RunSummary]:
        """It remembers no runs; those of this computer are kept here."""
        del ou, account, at_most
        cancel.check()
        return []

    def _absent(self, capability: Capability, cancel: Cancel) -> NoReturn:
        cancel.check()
        raise Trouble(Code.REQUEST_REFUSED, host=self._host, capability=capability.value)
