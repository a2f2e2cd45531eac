"""People, groups and units as a directory tells them, whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "DirectoryGroup",
    "DirectoryUser",
    "MemberEdge",
    "MemberKind",
    "OrgUnit",
    "ProviderId",
    "UserState",
    "external_id",
]


class ProviderId(StrEnum):
    """The workspaces that the product connects."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    EXCHANGE = "exchange"


class UserState(StrEnum):
    """What the directory says of a person's account there."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    DELETED = "deleted"


class MemberKind(StrEnum):
    """What a group's member is."""

    USER = "user"
    GROUP = "group"
    EVERYONE = "everyone"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryUser:
    """One person as read. `id` never changes and is never given to somebody else.

    `address` is the primary address as the directory spells it ('' when it has none);
    `unit_path` is '/' or like '/Sales/North'; names may be ''.
    """

    id: str
    address: str
    given_name: str = ""
    family_name: str = ""
    state: UserState = UserState.ACTIVE
    unit_path: str = "/"
    aliases: tuple[str, ...] = ()
    is_admin: bool = False

    @property
    def display_name(self) -> str:
        """The name to show; the address where the directory has no name."""
        name = f"{self.given_name} {self.family_name}".strip()
        return name or self.address


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryGroup:
    """One group as read; `id` never changes."""

    id: str
    address: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberEdge:
    """One membership as read: `member_id` is '' for `EVERYONE`."""

    group_id: str
    member_id: str
    kind: MemberKind


@dataclass(frozen=True, kw_only=True, slots=True)
class OrgUnit:
    """One organizational unit of the directory as read; the root has `parent_id` ''."""

    id: str
    parent_id: str
    path: str
    name: str


def external_id(provider: ProviderId, customer_id: str, user_id: str) -> str:
    """The key that an account carries for its directory user, `{provider}:{customer}:{id}`."""
    return f"{provider.value}:{customer_id}:{user_id}"
