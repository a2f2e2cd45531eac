"""What the product asks of an account service, whichever one it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from wizard.accounts.people import (
    INVITED_AT_ONCE,
    Invitation,
    InvitationStatus,
    InviteOutcome,
    Member,
    OrganizationalUnit,
    Person,
    RefusedAddress,
    Role,
)
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import RunReport, RunSummary
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code

__all__ = [
    "INVITED_AT_ONCE",
    "Account",
    "AccountService",
    "AccountWrite",
    "AsBefore",
    "Capability",
    "Invitation",
    "InvitationStatus",
    "InviteOutcome",
    "Member",
    "OrganizationAccount",
    "OrganizationAccountStatus",
    "OrganizationalUnit",
    "Person",
    "ProvisioningToken",
    "Purpose",
    "RefusedAddress",
    "Role",
    "SavedSettings",
    "Support",
    "SyncerLease",
    "UserAccounts",
    "WriteKind",
    "WriteResult",
]


class Capability(StrEnum):
    """What a service may be able to do; steps are drawn from these."""

    SIGN_IN = "sign-in"
    ORGANIZATIONAL_UNITS = "organizational-units"
    INVITATIONS = "invitations"
    CONNECTIONS = "connections"
    SETTINGS = "settings"
    WRITE_USERS = "write-users"
    LIST_USERS = "list-users"
    NOTIFY = "notify"


class Support(StrEnum):
    """How a service does it: by itself, on its own page with our guidance, or not at all."""

    AUTOMATIC = "automatic"
    GUIDED = "guided"
    ABSENT = "absent"


class Purpose(StrEnum):
    """What an organization account gives access to."""

    DIRECTORY = "directory"
    CALENDARS = "calendars"


class OrganizationAccountStatus(StrEnum):
    """Where an organization account stands, by the service's word."""

    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class SyncerLease:
    """Which installation keeps an organization account in step, since when, and until when."""

    installation_id: str
    host: str
    person: str
    expires_at: datetime
    last_run_at: datetime | None = None
    acquired_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrganizationAccount:
    """A connection between the organizational unit and a workspace."""

    id: str
    provider: ProviderId
    purposes: frozenset[Purpose]
    customer_id: str
    domain: str
    status: OrganizationAccountStatus
    status_code: str = ""
    authorized_by: str = ""
    connect_url: str = ""
    syncer: SyncerLease | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SavedSettings:
    """The settings with the service's word on who saved them last, and when."""

    settings: ProvisioningSettings
    saved_by: str = ""
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ProvisioningToken:
    """A SCIM-only token of one organizational unit; `secret` is '' except when just made."""

    id: str
    label: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"ProvisioningToken(id={self.id!r}, label={self.label!r})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One person's account as the service has it; `external_id` is '' when it carries none.

    `details` is everything else that a write replaces (the name as shown, which of the names are
    there at all, addresses), for putting back; '' where it is as the program itself writes it.
    """

    id: str
    external_id: str
    address: str
    given_name: str
    family_name: str
    active: bool
    is_owner: bool = False
    details: str = ""


class WriteKind(StrEnum):
    """What is sent for one person. Adopting an account gives it the externalId."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"


@dataclass(frozen=True, kw_only=True, slots=True)
class AsBefore:
    """What an account goes back to when an operation is taken back.

    Address and names are the write's own. Without `profile` nothing but `active` changes.
    `external_id` is '' where it carried none; `details` as in `Account`.
    """

    external_id: str
    active: bool
    profile: bool = True
    details: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountWrite:
    """One operation. `key` comes back in its result; `account_id` is '' for a create.

    With `as_before` the account gets exactly that, whatever the kind.
    """

    key: str
    kind: WriteKind
    external_id: str
    account_id: str = ""
    address: str = ""
    given_name: str = ""
    family_name: str = ""
    as_before: AsBefore | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteResult:
    """How one operation ended: `code` is None when it worked; `detail` is the service's word."""

    key: str
    account_id: str
    code: Code | None = None
    detail: str = ""


class UserAccounts(Protocol):
    """Reading and writing the accounts of one organizational unit (SCIM 2.0, RFC 7643/7644)."""

    @property
    def batch(self) -> int:
        """How many operations one `write` call takes at most."""
        ...

    def accounts(self, cancel: Cancel) -> Iterator[Sequence[Account]]:
        """Every account, page by page; raises `Trouble` rather than shorten its answer."""
        ...

    def by_external_id(self, external_id: str, cancel: Cancel) -> Account | None:
        """The account that carries this externalId."""
        ...

    def by_address(self, address: str, cancel: Cancel) -> Account | None:
        """The account with this address, in any case; `Trouble(ADDRESS_CLAIMED_TWICE)`."""
        ...

    def write(self, writes: Sequence[AccountWrite], cancel: Cancel) -> Sequence[WriteResult]:
        """Send operations and tell how each ended, in the same order.

        One that is refused fails alone. A `Trouble` from here means that it is not known
        which of them arrived (connection lost), or that none was accepted (401, 409
        not-the-syncer, 503): the caller looks up, it does not repeat blindly.
        """
        ...


class AccountService(Protocol):
    """An account service, seen by one signed-in person. Every call may raise `Trouble`."""

    @property
    def capabilities(self) -> Mapping[Capability, Support]:
        """What this service can do."""
        ...

    def answers(self, cancel: Cancel) -> bool:
        """Whether the service can be reached at all, without signing in; raises `Trouble`."""
        ...

    def me(self, cancel: Cancel) -> Person:
        """Who is signed in."""
        ...

    def organizational_units(self, cancel: Cancel) -> Sequence[OrganizationalUnit]:
        """Those that the person belongs to."""
        ...

    def create_organizational_unit(self, name: str, cancel: Cancel) -> OrganizationalUnit:
        """Make one, owned by the signed-in person."""
        ...

    def members(
        self, ou: str, cancel: Cancel, *, role: Role | None = None, address: str = ""
    ) -> Sequence[Member]:
        """Everybody with an account in an organizational unit, or those who fit alone.

        With thousands of people in step, ask for `Role.OWNER` where owners are all you need, and
        for an `address` (in any case) where one person is.
        """
        ...

    def invitations(self, ou: str, cancel: Cancel) -> Sequence[Invitation]:
        """Every invitation to an organizational unit, newest first, in every status."""
        ...

    def invite(
        self, ou: str, addresses: Sequence[str], cancel: Cancel, *, role: Role = Role.OWNER
    ) -> InviteOutcome:
        """Invite 1 to `INVITED_AT_ONCE` addresses; a pending one is sent again, valid anew."""
        ...

    def resend_invitation(self, ou: str, invitation: str, cancel: Cancel) -> Invitation:
        """Send one that is pending or expired again, valid anew; `Trouble(INVITATION_CLOSED)`."""
        ...

    def revoke_invitation(self, ou: str, invitation: str, cancel: Cancel) -> None:
        """Take one back that was not accepted; `Trouble(INVITATION_CLOSED)` when it was."""
        ...

    def app_installed(self, ou: str, provider: ProviderId, domain: str, cancel: Cancel) -> bool:
        """Whether the service sees its app installed in the workspace of this domain."""
        ...

    def app_installed_at(
        self, ou: str, provider: ProviderId, domain: str, cancel: Cancel
    ) -> datetime | None:
        """Since when it does; None where it does not."""
        ...

    def organization_accounts(self, ou: str, cancel: Cancel) -> Sequence[OrganizationAccount]:
        """The connections of an organizational unit."""
        ...

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
        """Make a connection, pinned to this customer; the same customer gives the same one.

        `authorized_by` is the admin's address. `Trouble(OTHER_CUSTOMER)` where another customer
        of this provider is connected already.
        """
        ...

    def organization_account(self, ou: str, account: str, cancel: Cancel) -> OrganizationAccount:
        """One connection as it stands now."""
        ...

    def delete_organization_account(self, ou: str, account: str, cancel: Cancel) -> None:
        """End a connection at the service; accounts of people stay."""
        ...

    def settings(self, ou: str, account: str, cancel: Cancel) -> ProvisioningSettings:
        """The settings, as the service has them now."""
        ...

    def saved_settings(self, ou: str, account: str, cancel: Cancel) -> SavedSettings:
        """The same, and who saved them when."""
        ...

    def save_settings(
        self, ou: str, account: str, draft: ProvisioningSettings, cancel: Cancel
    ) -> ProvisioningSettings:
        """Save over the version the draft was made from; `Trouble(SETTINGS_CHANGED)`."""
        ...

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
        """Take or renew the syncer lease; `Trouble(NOT_THE_SYNCER)` names who holds it."""
        ...

    def give_up_lease(self, ou: str, account: str, *, installation_id: str, cancel: Cancel) -> None:
        """Let another installation take over."""
        ...

    def create_provisioning_token(
        self, ou: str, account: str, *, label: str, cancel: Cancel
    ) -> ProvisioningToken:
        """Make the token that the sync writes with; its secret is told only here."""
        ...

    def provisioning_tokens(
        self, ou: str, account: str, cancel: Cancel
    ) -> Sequence[ProvisioningToken]:
        """Those that exist, without their secrets."""
        ...

    def revoke_provisioning_token(
        self, ou: str, account: str, token_id: str, cancel: Cancel
    ) -> None:
        """End one."""
        ...

    def report_run(self, ou: str, account: str, report: RunReport, cancel: Cancel) -> None:
        """Tell the service what a run did; telling it twice is telling it once."""
        ...

    def sync_runs(
        self, ou: str, account: str, cancel: Cancel, *, at_most: int = 50
    ) -> Sequence[RunSummary]:
        """What the last runs did, the one recorded last first, whichever computer they ran on."""
        ...

    def as_sync(self, token: str) -> AccountService:
        """The same service, seen with a provisioning token instead of a person's sign-in.

        It may read one connection, its settings and its runs, hold the lease, report runs, and
        no more, so that a sync goes on after the person has signed out.
        """
        ...

    def users(
        self, ou: str, account: str, *, token: str, installation_id: str, read_only: bool
    ) -> UserAccounts:
        """The accounts of people, written with a provisioning token by this installation.

        With `read_only` nothing can be written, by the read-only wall of the session.
        """
        ...
