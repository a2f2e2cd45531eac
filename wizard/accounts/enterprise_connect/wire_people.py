"""Invitations and installed apps of the contract, as they stand on the wire."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wizard.accounts.people import (
    Invitation,
    InvitationStatus,
    InviteOutcome,
    RefusedAddress,
    Role,
)

__all__ = ["AppInstall", "NewInvitations", "WireInvitation", "WireOutcome"]


class WireInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """`Invitation` of the contract."""

    id: str
    email: str
    role: Role
    status: InvitationStatus
    invited_by: str = ""
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None

    def read(self) -> Invitation:
        """As the product has it."""
        return Invitation(
            id=self.id,
            address=self.email,
            role=self.role,
            status=self.status,
            invited_by=self.invited_by,
            created_at=self.created_at,
            expires_at=self.expires_at,
            accepted_at=self.accepted_at,
        )


class NewInvitations(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent to invite."""

    emails: tuple[str, ...]
    role: Role


class WireRefused(msgspec.Struct, frozen=True, kw_only=True):
    """One address that got no invitation."""

    email: str
    code: str = ""


class WireOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """`InvitationOutcome` of the contract."""

    items: tuple[WireInvitation, ...]
    refused: tuple[WireRefused, ...] = ()

    def read(self) -> InviteOutcome:
        """As the product has it."""
        return InviteOutcome(
            invited=tuple(one.read() for one in self.items),
            refused=tuple(
                RefusedAddress(address=one.email, reason=one.code) for one in self.refused
            ),
        )


class AppInstall(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `AppInstallPage`."""

    provider: str
    domain: str
    installed_at: datetime | None = None
