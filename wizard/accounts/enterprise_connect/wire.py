"""The contract's objects as they stand on the wire, and what they mean to the product."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from wizard.accounts.base import (
    Member,
    OrganizationAccount,
    OrganizationAccountStatus,
    OrganizationalUnit,
    Person,
    ProvisioningToken,
    Purpose,
    Role,
    SavedSettings,
    SyncerLease,
)
from wizard.core.directory import ProviderId
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
from wizard.core.trouble import Trouble
from wizard.net.addresses import Origin

__all__ = [
    "Lease",
    "LeaseRequest",
    "NewOrganizationAccount",
    "Page",
    "Problem",
    "Settings",
    "SettingsDraft",
    "Unit",
    "WireAccount",
    "WireMember",
    "WirePerson",
    "WireToken",
    "draft_of",
]


Item = TypeVar("Item")


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """One page of a list; `next_cursor` is None on the last one."""

    items: tuple[Item, ...]
    next_cursor: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457, with the contract's `code` and the members that some codes bring."""

    code: str = ""
    detail: str = ""
    title: str = ""
    syncer: msgspec.Raw = msgspec.Raw(b"null")
    provisioning_token_id: str = ""


class WirePerson(msgspec.Struct, frozen=True, kw_only=True):
    """`Person` of the contract."""

    id: str
    email: str
    name: str = ""

    def read(self) -> Person:
        """As the product has it."""
        return Person(id=self.id, address=self.email, name=self.name)


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """`OrganizationalUnit` of the contract."""

    id: str
    name: str
    role: Role

    def read(self) -> OrganizationalUnit:
        """As the product has it."""
        return OrganizationalUnit(id=self.id, name=self.name, role=self.role)


class WireMember(msgspec.Struct, frozen=True, kw_only=True):
    """`Member` of the contract."""

    id: str
    email: str
    name: str = ""
    role: Role
    active: bool = True

    def read(self) -> Member:
        """As the product has it."""
        return Member(
            id=self.id,
            address=self.email,
            name=self.name,
            role=self.role,
            active=self.active,
        )


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """`Lease` of the contract."""

    installation_id: str
    host: str = ""
    person: str = ""
    expires_at: datetime
    last_run_at: datetime | None = None
    acquired_at: datetime | None = None

    def read(self) -> SyncerLease:
        """As the product has it."""
        return SyncerLease(
            installation_id=self.installation_id,
            host=self.host,
            person=self.person,
            expires_at=self.expires_at,
            last_run_at=self.last_run_at,
            acquired_at=self.acquired_at,
        )


class LeaseRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent to take or renew the lease."""

    installation_id: str
    host: str
    person: str
    take_over: bool


def _page(address: str) -> str:
    """The address of a page that a browser may be sent to; '' for anything else."""
    try:
        return address if Origin.of(address).is_safe else ""
    except Trouble:
        return ""


class WireAccount(msgspec.Struct, frozen=True, kw_only=True):
    """`OrganizationAccount` of the contract."""

    id: str
    provider: ProviderId
    purposes: tuple[Purpose, ...]
    customer_id: str
    domain: str
    status: OrganizationAccountStatus
    status_code: str | None = None
    authorized_by: str = ""
    connect_url: str | None = None
    syncer: Lease | None = None
    created_at: datetime | None = None

    def read(self) -> OrganizationAccount:
        """As the product has it."""
        return OrganizationAccount(
            id=self.id,
            provider=self.provider,
            purposes=frozenset(self.purposes),
            customer_id=self.customer_id,
            domain=self.domain,
            status=self.status,
            status_code=self.status_code or "",
            authorized_by=self.authorized_by,
            connect_url=_page(self.connect_url or ""),
            syncer=self.syncer.read() if self.syncer else None,
            created_at=self.created_at,
        )


class NewOrganizationAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent to connect a workspace."""

    provider: ProviderId
    purposes: tuple[Purpose, ...]
    customer_id: str
    domain: str
    authorized_by: str


class WireToken(msgspec.Struct, frozen=True, kw_only=True):
    """`ProvisioningToken`; `token` is there only in the answer that made it."""

    id: str
    label: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"WireToken(id={self.id!r}, label={self.label!r})"

    def read(self) -> ProvisioningToken:
        """As the product has it."""
        return ProvisioningToken(id=self.id, label=self.label, secret=self.token)


class WireLimits(msgspec.Struct, frozen=True, kw_only=True):
    """`Limits` of the contract."""

    leave_percent: int = 5
    leave_max: int = 500
    change_percent: int = 10
    change_min: int = 50


class WireScope(msgspec.Struct, frozen=True, kw_only=True):
    """`Scope` of the contract."""

    kind: ScopeKind = ScopeKind.EVERYONE
    unit_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    exclude_unit_ids: tuple[str, ...] = ()
    exclude_group_ids: tuple[str, ...] = ()
    exclude_user_ids: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    exclude_domains: tuple[str, ...] = ()
    suspended: NotActive = NotActive.LEAVE_OUT
    archived: NotActive = NotActive.LEAVE_OUT


class SettingsDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The settings as they are sent: all of them, a merge patch that leaves nothing open."""

    enabled: bool
    interval_minutes: int
    leavers: LeaverPolicy
    grace_days: int
    limits: WireLimits
    scope: WireScope
    address: AddressChoice = AddressChoice.PRIMARY
    address_domain: str = ""
    address_otherwise: AddressFallback = AddressFallback.PRIMARY
    protected: tuple[str, ...] = ()


class Settings(SettingsDraft, frozen=True, kw_only=True):
    """The settings as the service has them; its ETag is `"v{version}"`."""

    version: int
    updated_by: str = ""
    updated_at: datetime | None = None

    def saved(self) -> SavedSettings:
        """As the product has it, with who saved it when."""
        return SavedSettings(
            settings=self.read(), saved_by=self.updated_by, saved_at=self.updated_at
        )

    def read(self) -> ProvisioningSettings:
        """As the product has it."""
        return ProvisioningSettings(
            enabled=self.enabled,
            interval_minutes=self.interval_minutes,
            leavers=self.leavers,
            grace_days=self.grace_days,
            limits=msgspec.convert(self.limits, Limits, from_attributes=True),
            scope=msgspec.convert(self.scope, ScopeRule, from_attributes=True),
            address=AddressRule(
                choice=self.address,
                domain=self.address_domain,
                otherwise=self.address_otherwise,
            ),
            protected=self.protected,
            version=self.version,
        )


def draft_of(settings: ProvisioningSettings) -> SettingsDraft:
    """The product's settings as they are sent."""
    return SettingsDraft(
        enabled=settings.enabled,
        interval_minutes=settings.interval_minutes,
        leavers=settings.leavers,
        grace_days=settings.grace_days,
        limits=msgspec.convert(settings.limits, WireLimits, from_attributes=True),
        scope=msgspec.convert(settings.scope, WireScope, from_attributes=True),
        address=settings.address.choice,
        address_domain=settings.address.domain,
        address_otherwise=settings.address.otherwise,
        protected=settings.protected,
    )
