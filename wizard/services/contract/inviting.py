"""Inviting people to an organizational unit: what a page may ask for, and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.trouble import Trouble

__all__ = ["InviteResult", "InvitedState", "InvitedView", "InvitingCalls", "InvitingView"]


class InvitedState(StrEnum):
    """Where somebody stands who was asked to join; `OWNER` joined without an invitation here.

    `INACTIVE` came once and was deactivated at the service since: they can do nothing there.
    `LEFT` accepted, and is an owner no longer: only a new invitation lets them in again.
    """

    PENDING = "pending"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OWNER = "owner"
    INACTIVE = "inactive"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class InvitedView:
    """One person on the list. `id` is the invitation's, '' where none is known; so is `name`.

    Moments are aware, in UTC; `expires_at` counts for PENDING, `accepted_at` for ACCEPTED.
    """

    id: str
    address: str
    name: str
    state: InvitedState
    expires_at: datetime | None = None
    accepted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class InvitingView:
    """Everybody who was invited or owns the unit besides the person here, newest first.

    `me` is the address of who is signed in. `checked_at` is when the service said so. Where the
    service has no invitations that this program could send, `offered` is False and nobody is
    listed; nothing was asked then.
    """

    people: tuple[InvitedView, ...]
    me: str
    checked_at: datetime
    offered: bool = True


@dataclass(frozen=True, kw_only=True)
class InviteResult:
    """What became of a list of addresses: each is in one of `sent`, `members` or `left`.

    `members` belong to the unit already. `left` got nothing: the service didn't take the address,
    or `trouble` came before its turn. `view` is None where the list could not be read afterwards.
    """

    sent: tuple[str, ...]
    members: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    trouble: Trouble | None = None
    view: InvitingView | None = None


class InvitingCalls(Protocol):
    """The calls; all may block on the network and keep `Answers.invited` true."""

    def look(self, cancel: Cancel) -> InvitingView:
        """Who is invited and who has accepted, by the service's word."""
        ...

    def invite(self, addresses: Sequence[str], cancel: Cancel) -> InviteResult:
        """Invite as owners, any number of addresses; raises where nothing at all was done.

        What was sent stays sent when the network goes in the middle: the result tells it apart.
        """
        ...

    def resend(self, invitation: str, cancel: Cancel) -> InvitingView:
        """Send an invitation again, valid anew; `Trouble(INVITATION_CLOSED)`."""
        ...

    def revoke(self, invitation: str, cancel: Cancel) -> InvitingView:
        """Take an invitation back; `Trouble(INVITATION_CLOSED)` when it was accepted."""
        ...
