"""Invitations that a window's test holds in memory; the people behind them accept by its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.services.address_list import address_key
from wizard.services.contract.inviting import (
    InvitedState,
    InvitedView,
    InviteResult,
    InvitingView,
)

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

_COUNTED = {InvitedState.PENDING, InvitedState.ACCEPTED, InvitedState.OWNER}


class FakeInviting:
    """`wizard.services.contract.inviting.InvitingCalls` on a fake workbench."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.people: list[InvitedView] = []
        self.members: set[str] = set()
        """Addresses that the service refuses because they belong to the unit."""
        self.refused: set[str] = set()
        """Addresses that the service does not take."""
        self.breaks_after: int | None = None
        """The network goes after so many addresses of the next list."""
        self.readable = True
        self.offered = True
        self._made = 0

    # -------------------------------------------------------- told by tests

    def add(self, address: str, state: InvitedState, *, name: str = "", hours: float = 47) -> str:
        """Let this person be on the list; the invitation's id."""
        self._made += 1
        now = datetime.now(UTC)
        known = "" if state is InvitedState.OWNER else f"inv-{self._made}"
        one = InvitedView(
            id=known,
            address=address,
            name=name,
            state=state,
            expires_at=now + timedelta(hours=hours, minutes=1),
            accepted_at=now if state is InvitedState.ACCEPTED else None,
        )
        self.people.insert(0, one)
        return known

    def accept(self, address: str, name: str) -> None:
        """Let somebody accept their invitation."""
        self._change(address, state=InvitedState.ACCEPTED, name=name, accepted_at=datetime.now(UTC))

    def _change(self, address: str, **fields: object) -> None:
        self.people = [
            replace(one, **fields) if one.address == address else one  # type: ignore[arg-type] # fields by name
            for one in self.people
        ]

    # -------------------------------------------------------- the calls

    def look(self, cancel: Cancel) -> InvitingView:
        self._bench.step("invitations", cancel)
        return self._view()

    def _view(self) -> InvitingView:
        counted = sum(one.state in _COUNTED for one in self.people)
        self._bench.answers = replace(
            self._bench.answers, invited=counted, invites_nobody=not self.offered
        )
        return InvitingView(
            people=tuple(self.people),
            me=self._bench.answers.signed_in_as,
            checked_at=datetime.now(UTC),
            offered=self.offered,
        )

    def invite(self, addresses: Sequence[str], cancel: Cancel) -> InviteResult:
        self._bench.step("invite", cancel)
        sent: list[str] = []
        members: list[str] = []
        left: list[str] = []
        trouble: Trouble | None = None
        for address in addresses:
            if self.breaks_after is not None and len(sent) >= self.breaks_after:
                trouble = Trouble(Code.CONNECTION_LOST, host="accounts.enterprise-connect.example")
                left.append(address)
            elif address in self.members:
                members.append(address)
            elif address in self.refused:
                trouble = trouble or Trouble(Code.REQUEST_REFUSED, problem="invalid-request")
                left.append(address)
            else:
                sent.append(address)
                self._send(address)
        self.breaks_after = None
        view = self._view() if self.readable else None
        return InviteResult(
            sent=tuple(sent), members=tuple(members), left=tuple(left), trouble=trouble, view=view
        )

    def _send(self, address: str) -> None:
        known = [one for one in self.people if address_key(one.address) == address_key(address)]
        if known:
            expires = datetime.now(UTC) + timedelta(hours=48)
            self._change(known[0].address, state=InvitedState.PENDING, expires_at=expires)
        else:
            self.add(address, InvitedState.PENDING, hours=47.9)

    def _open(self, invitation: str) -> str:
        one = next(one for one in self.people if one.id == invitation)
        if one.state in {InvitedState.ACCEPTED, InvitedState.REVOKED, InvitedState.LEFT}:
            raise Trouble(Code.INVITATION_CLOSED)
        return one.address

    def resend(self, invitation: str, cancel: Cancel) -> InvitingView:
        self._bench.step("resend", cancel)
        self._send(self._open(invitation))
        return self._view()

    def revoke(self, invitation: str, cancel: Cancel) -> InvitingView:
        self._bench.step("revoke", cancel)
        self._change(self._open(invitation), state=InvitedState.REVOKED)
        return self._view()
