"""People at an account service: who is signed in, who belongs to a unit, who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = [
    "INVITED_AT_ONCE",
    "Invitation",
    "InvitationStatus",
    "InviteOutcome",
    "Member",
    "OrganizationalUnit",
    "Person",
    "RefusedAddress",
    "Role",
]

INVITED_AT_ONCE = 20
"""How many addresses one call takes at most, by the contract."""


class Role(StrEnum):
    """A member's role in an organizational unit."""

    OWNER = "owner"
    MEMBER = "member"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is signed in."""

    id: str
    address: str
    name: str


@dataclass(frozen=True, kw_only=True)
class OrganizationalUnit:
    """One organisation's place at the service; `role` is the signed-in person's."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who belongs to the organizational unit; `active`: not deactivated."""

    id: str
    address: str
    name: str
    role: Role
    active: bool = True


class InvitationStatus(StrEnum):
    """Where an invitation stands, by the service's word."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One address that was asked to join an organizational unit.

    Moments are aware, in UTC. `accepted_at` is None until somebody accepted.
    """

    id: str
    address: str
    role: Role
    status: InvitationStatus
    invited_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RefusedAddress:
    """An address that got no invitation; `reason` is the contract's word, `already-a-member`."""

    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class InviteOutcome:
    """What became of the addresses of one call: every one is in one of the two."""

    invited: tuple[Invitation, ...]
    refused: tuple[RefusedAddress, ...] = ()
