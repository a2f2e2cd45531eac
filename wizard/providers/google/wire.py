"""The parts of Google's answers that are asked for, and nothing beside them.

Names and types are those of the discovery document (admin.directory_v1); every list may be
absent when empty. https://developers.google.com/workspace/admin/directory/reference/rest
"""

from __future__ import annotations

import msgspec

from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    MemberKind,
    OrgUnit,
    UserState,
)
from wizard.providers.base import Domain

__all__ = [
    "CUSTOMER_FIELDS",
    "DOMAINS_FIELDS",
    "GROUPS_FIELDS",
    "IDS_FIELDS",
    "MEMBERS_FIELDS",
    "UNITS_FIELDS",
    "USERS_FIELDS",
    "USER_FIELDS",
    "CustomerPage",
    "DomainsPage",
    "GroupsPage",
    "IdsPage",
    "MembersPage",
    "Page",
    "UnitsPage",
    "UserWire",
    "UsersPage",
]

USER_FIELDS = (
    "id,primaryEmail,name(givenName,familyName),suspended,archived,isAdmin,isDelegatedAdmin,"
    "orgUnitPath,aliases,customerId"
)
USERS_FIELDS = f"nextPageToken,users({USER_FIELDS})"
IDS_FIELDS = "nextPageToken,users(id)"
CUSTOMER_FIELDS = "users(customerId)"
GROUPS_FIELDS = "nextPageToken,groups(id,email,name)"
MEMBERS_FIELDS = "nextPageToken,members(id,type)"
UNITS_FIELDS = "organizationUnits(orgUnitId,orgUnitPath,name,parentOrgUnitId,parentOrgUnitPath)"
DOMAINS_FIELDS = "domains(domainName,verified,isPrimary)"

_MEMBER_KINDS = {
    "USER": MemberKind.USER,
    "GROUP": MemberKind.GROUP,
    "CUSTOMER": MemberKind.EVERYONE,
    "EXTERNAL": MemberKind.OUTSIDE,
}


class Page(msgspec.Struct, rename="camel"):
    """One page of a listing; without a token it is the last."""

    next_page_token: str | None = None


class _NameWire(msgspec.Struct, rename="camel"):
    given_name: str | None = None
    family_name: str | None = None


class UserWire(msgspec.Struct, rename="camel"):
    """One person, as `users.list` and `users.get` tell it."""

    id: str
    primary_email: str | None = None
    name: _NameWire | None = None
    suspended: bool = False
    archived: bool = False
    is_admin: bool = False
    is_delegated_admin: bool = False
    org_unit_path: str | None = None
    aliases: list[str] | None = None
    customer_id: str | None = None

    def user(self) -> DirectoryUser:
        """The person in the product's own words; archived counts more than suspended."""
        state = UserState.SUSPENDED if self.suspended else UserState.ACTIVE
        if self.archived:
            state = UserState.ARCHIVED
        name = self.name or _NameWire()
        return DirectoryUser(
            id=self.id,
            address=self.primary_email or "",
            given_name=name.given_name or "",
            family_name=name.family_name or "",
            state=state,
            unit_path=self.org_unit_path or "/",
            aliases=tuple(self.aliases or ()),
            is_admin=self.is_admin,
        )


class UsersPage(Page, rename="camel"):
    """A page of `users.list`."""

    users: list[UserWire] | None = None


class _CustomerWire(msgspec.Struct, rename="camel"):
    customer_id: str | None = None


class CustomerPage(msgspec.Struct):
    """The first entry of `users.list`, asked for nothing but whose directory it is in."""

    users: list[_CustomerWire] | None = None

    @property
    def customer_id(self) -> str | None:
        """The customer's id, None where the directory shows nobody."""
        return next((one.customer_id for one in self.users or ()), None)


class _IdWire(msgspec.Struct):
    id: str


class IdsPage(Page, rename="camel"):
    """A page of `users.list` with `showDeleted`, which tells little more than ids."""

    users: list[_IdWire] | None = None


class _GroupWire(msgspec.Struct):
    id: str
    email: str | None = None
    name: str | None = None

    def group(self) -> DirectoryGroup:
        """The group in the product's own words."""
        return DirectoryGroup(id=self.id, address=self.email or "", name=self.name or "")


class GroupsPage(Page, rename="camel"):
    """A page of `groups.list`."""

    groups: list[_GroupWire] | None = None


class _MemberWire(msgspec.Struct):
    id: str | None = None
    type: str | None = None

    def edge(self, group_id: str) -> MemberEdge:
        """The membership in the product's own words; `CUSTOMER` is everybody in the directory.

        A type that Google has not documented yet is nobody of ours.
        """
        kind = _MEMBER_KINDS.get(self.type or "", MemberKind.OUTSIDE)
        member_id = "" if kind is MemberKind.EVERYONE else self.id or ""
        return MemberEdge(group_id=group_id, member_id=member_id, kind=kind)


class MembersPage(Page, rename="camel"):
    """A page of `members.list`."""

    members: list[_MemberWire] | None = None


class _UnitWire(msgspec.Struct, rename="camel"):
    org_unit_id: str
    org_unit_path: str
    name: str | None = None
    parent_org_unit_id: str | None = None
    parent_org_unit_path: str | None = None

    def unit(self) -> OrgUnit:
        """The organizational unit in the product's own words."""
        root = self.org_unit_path == "/"
        return OrgUnit(
            id=self.org_unit_id,
            parent_id="" if root else self.parent_org_unit_id or "",
            path=self.org_unit_path,
            name=self.name or "",
        )


class UnitsPage(msgspec.Struct, rename="camel"):
    """The whole of `orgunits.list`, which has no pages."""

    organization_units: list[_UnitWire] | None = None

    def units(self) -> list[OrgUnit]:
        """All units; the root is added where only its children tell of it."""
        told = self.organization_units or []
        units = [wire.unit() for wire in told]
        if not any(unit.path == "/" for unit in units):
            roots = (w.parent_org_unit_id for w in told if w.parent_org_unit_path == "/")
            root = next((root for root in roots if root), None)
            if root:
                units.insert(0, OrgUnit(id=root, parent_id="", path="/", name="/"))
        return units


class _DomainWire(msgspec.Struct, rename="camel"):
    domain_name: str
    verified: bool = False
    is_primary: bool = False

    def domain(self) -> Domain:
        """The domain in the product's own words."""
        name = self.domain_name.casefold()
        return Domain(name=name, verified=self.verified, primary=self.is_primary)


class DomainsPage(msgspec.Struct):
    """The whole of `domains.list`, which has no pages."""

    domains: list[_DomainWire] | None = None

    def listed(self) -> tuple[Domain, ...]:
        """All domains of the customer."""
        return tuple(wire.domain() for wire in self.domains or ())
