"""Inviting people to the organizational unit, and keeping the answers true about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from wizard.accounts.base import (
    INVITED_AT_ONCE,
    AccountService,
    Capability,
    Invitation,
    InvitationStatus,
    Member,
    Role,
    Support,
)
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble
from wizard.services.address_list import address_key
from wizard.services.contract.inviting import (
    InvitedState,
    InvitedView,
    InviteResult,
    InvitingView,
)
from wizard.services.setup import SetUp

__all__ = ["Inviting", "InvitingAccess", "people_of"]

_COUNTED = frozenset({InvitedState.PENDING, InvitedState.ACCEPTED, InvitedState.OWNER})
"""Who makes it possible to hand over: somebody may come, or is there."""

_STATES = {
    InvitationStatus.PENDING: InvitedState.PENDING,
    # Whoever is an owner now is told so before this is asked.
    InvitationStatus.ACCEPTED: InvitedState.LEFT,
    InvitationStatus.EXPIRED: InvitedState.EXPIRED,
    InvitationStatus.REVOKED: InvitedState.REVOKED,
}


class InvitingAccess(Protocol):
    """The account service, as far as inviting needs it."""

    def as_person(self, cancel: Cancel) -> AccountService:
        """The service as the signed-in person sees it; `Trouble(SIGN_IN_NEEDED)`."""
        ...


@dataclass(kw_only=True)
class _Sending:
    """How far a list has come."""

    sent: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    trouble: Trouble | None = None


class Inviting:
    """Implements `wizard.services.contract.inviting.InvitingCalls`."""

    def __init__(self, set_up: SetUp, access: InvitingAccess, clock: Clock) -> None:
        self._set_up = set_up
        self._access = access
        self._clock = clock

    def look(self, cancel: Cancel) -> InvitingView:
        """See `InvitingCalls.look`."""
        return self._looked(self._access.as_person(cancel), cancel)

    def invite(self, addresses: Sequence[str], cancel: Cancel) -> InviteResult:
        """See `InvitingCalls.invite`: in calls of as many as the service takes at once."""
        service = self._access.as_person(cancel)
        wanted = list({address_key(address): address for address in addresses}.values())
        sending = _Sending()
        for start in range(0, len(wanted), INVITED_AT_ONCE):
            group = wanted[start : start + INVITED_AT_ONCE]
            try:
                self._send(service, group, sending, cancel)
            except Trouble as trouble:
                if trouble.code is Code.CANCELLED or not (sending.sent or sending.members):
                    raise
                told = {address_key(one) for one in (*sending.sent, *sending.members)}
                sending.left += [one for one in wanted[start:] if address_key(one) not in told]
                sending.trouble = trouble
                break
        return InviteResult(
            sent=tuple(sending.sent),
            members=tuple(sending.members),
            left=tuple(dict.fromkeys(sending.left)),
            trouble=sending.trouble,
            view=self._looked_after(service, sending, cancel),
        )

    def resend(self, invitation: str, cancel: Cancel) -> InvitingView:
        """See `InvitingCalls.resend`."""
        service = self._access.as_person(cancel)
        service.resend_invitation(self._ou, invitation, cancel)
        return self._looked(service, cancel)

    def revoke(self, invitation: str, cancel: Cancel) -> InvitingView:
        """See `InvitingCalls.revoke`."""
        service = self._access.as_person(cancel)
        service.revoke_invitation(self._ou, invitation, cancel)
        return self._looked(service, cancel)

    # ------------------------------------------------------------ one call

    @property
    def _ou(self) -> str:
        ou = self._set_up.answers.ou_id
        if not ou:
            raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
        return ou

    def _send(
        self, service: AccountService, group: Sequence[str], sending: _Sending, cancel: Cancel
    ) -> None:
        """Send to one group; of a group that is refused whole, each address is tried alone."""
        try:
            outcome = service.invite(self._ou, group, cancel, role=Role.OWNER)
        except Trouble as trouble:
            if trouble.code is not Code.REQUEST_REFUSED:
                raise
            if len(group) == 1:
                sending.left += group
                sending.trouble = sending.trouble or trouble
                return
            for address in group:
                self._send(service, [address], sending, cancel)
            return
        sending.sent += [one.address for one in outcome.invited]
        sending.members += [one.address for one in outcome.refused]

    def _looked_after(
        self, service: AccountService, sending: _Sending, cancel: Cancel
    ) -> InvitingView | None:
        """The list after sending; what was sent is known even where it can't be read now."""
        try:
            return self._looked(service, cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            at_least = len(sending.sent)
            self._set_up.happened(
                lambda answers: replace(answers, invited=max(answers.invited, at_least))
            )
            return None

    def _looked(self, service: AccountService, cancel: Cancel) -> InvitingView:
        ou = self._ou
        me = self._set_up.answers.signed_in_as
        offered = service.capabilities[Capability.INVITATIONS] is Support.AUTOMATIC
        self._set_up.happened(lambda answers: replace(answers, invites_nobody=not offered))
        if not offered:
            return InvitingView(people=(), me=me, checked_at=self._clock.now(), offered=False)
        invitations = service.invitations(ou, cancel)
        owners = service.members(ou, cancel, role=Role.OWNER)
        people = people_of(invitations, owners, me)
        counted = sum(one.state in _COUNTED for one in people)
        self._set_up.happened(
            lambda answers: replace(answers, invited=counted) if answers.ou_id == ou else answers
        )
        return InvitingView(people=people, me=me, checked_at=self._clock.now())


def people_of(
    invitations: Sequence[Invitation], owners: Sequence[Member], me: str
) -> tuple[InvitedView, ...]:
    """Everybody once, by their newest invitation, then owners who came without one.

    `invitations` are newest first; `me`, who is signed in, is left out.
    """
    names = {address_key(owner.address): owner.name for owner in owners}
    asleep = {address_key(owner.address) for owner in owners if not owner.active}
    seen = {address_key(me)}
    people: list[InvitedView] = []
    for one in invitations:
        key = address_key(one.address)
        if key in seen:
            continue
        seen.add(key)
        # Whoever is an owner has come, even where an older or later invitation says otherwise.
        joined = InvitedState.INACTIVE if key in asleep else InvitedState.ACCEPTED
        state = joined if key in names else _STATES[one.status]
        people.append(
            InvitedView(
                id=one.id,
                address=one.address,
                name=names.get(key, ""),
                state=state,
                expires_at=one.expires_at,
                accepted_at=one.accepted_at,
            )
        )
    people += [
        InvitedView(
            id="",
            address=owner.address,
            name=owner.name,
            state=InvitedState.OWNER if owner.active else InvitedState.INACTIVE,
        )
        for owner in owners
        if address_key(owner.address) not in seen
    ]
    return tuple(people)
