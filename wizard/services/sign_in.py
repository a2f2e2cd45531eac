"""Signing in at the account service, settling the unit, and learning what is done already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from wizard.accounts.base import AccountService
from wizard.accounts.base import Role as MemberRole
from wizard.auth.code_flow import CodeFlow, PastedFlow, Waiting
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Role
from wizard.services.contract import BrowserWaiting, Listen, SignedInView, UnitView
from wizard.services.ground import Ground
from wizard.services.learning import learned, read_unit, stands, without_unit
from wizard.services.setup import SetUp
from wizard.services.views import unit_view

__all__ = ["SignIn", "SignInAccess", "browser_flow", "stay_with", "without_unit"]


CheckPerson = Callable[[AccountService, Cancel], None]
"""Looks at the service as somebody who has just signed in sees it; raises where they may not."""

_NAMED_OWNERS = 3
"""Enough to have somebody to ask."""


class SignInAccess(Protocol):
    """The account service, as far as signing in needs it."""

    def sign_in(self, flow: CodeFlow, cancel: Cancel, *, create: bool, check: CheckPerson) -> None:
        """Sign in, and keep the tokens once `check` has raised nothing."""
        ...

    def sign_out(self, cancel: Cancel) -> None:
        """End the sign-in at the service, and forget the tokens."""
        ...

    def as_person(self, cancel: Cancel) -> AccountService:
        """The service as the signed-in person sees it; `Trouble(SIGN_IN_NEEDED)`."""
        ...

    def may_read(self, answers: Answers, customer_id: str, cancel: Cancel) -> bool:
        """Whether this computer holds an authorization for that customer's directory."""
        ...


def browser_flow(ground: Ground, listen: Listen) -> CodeFlow:
    """One sign-in in the browser whose waiting is told as `BrowserWaiting`.

    Where the browser is on another computer, its addresses are carried by hand.
    """

    def told(waiting: Waiting) -> BrowserWaiting:
        return BrowserWaiting(
            url=waiting.url,
            host=waiting.host,
            started_at=ground.clock.now(),
            seconds=waiting.seconds,
            opened=waiting.opened,
        )

    pasting = ground.pasting
    if pasting is not None:
        asking = pasting.ask
        return PastedFlow(
            ground.browser,
            ask=lambda waiting: asking(told(waiting)),
            refused=pasting.refused,
        )
    return CodeFlow(
        ground.browser,
        announce=lambda waiting: listen(told(waiting)),
        clock=ground.clock,
        port=ground.sign_in_port,
    )


class SignIn:
    """The sign-in page's work."""

    def __init__(self, ground: Ground, set_up: SetUp, access: SignInAccess) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access

    def sign_in(self, listen: Listen, cancel: Cancel, *, create: bool) -> SignedInView:
        """See `Workbench.sign_in`."""
        flow = browser_flow(self._ground, listen)
        self._access.sign_in(flow, cancel, create=create, check=self._let_in)
        return self.signed_in(cancel)

    def _let_in(self, service: AccountService, cancel: Cancel) -> None:
        """Raise `Trouble` for whom nothing is to be kept: the set-up here is none of theirs."""
        me = service.me(cancel)
        units = [unit_view(unit) for unit in service.organizational_units(cancel)]
        self._keep_standing(units, me.address)

    def signed_in(self, cancel: Cancel) -> SignedInView:
        """See `Workbench.signed_in`; the only unit that can be managed is taken.

        A set-up that stands here is left as it is by whoever doesn't own its unit.
        """
        try:
            service = self._access.as_person(cancel)
            me = service.me(cancel)
        except Trouble as trouble:
            if trouble.code in {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}:
                self._set_up.happened(_signed_out)
            raise
        units = [unit_view(unit) for unit in service.organizational_units(cancel)]
        self._keep_standing(units, me.address)
        if not any(unit.manageable for unit in units):
            units = [_with_owners(service, unit, cancel) for unit in units]
        self._set_up.happened(
            lambda answers: replace(
                _looking(answers, units),
                signed_in_as=me.address,
                signed_in_name=me.name,
                service_answered=True,
            )
        )
        self._settle_unit(units, me.address)
        if self._set_up.answers.ou_id:
            self._learn(service, cancel)
        return SignedInView(name=me.name, address=me.address, units=tuple(units))

    def sign_out(self, cancel: Cancel) -> None:
        """End the person's sign-in; a finished set-up goes on syncing by its own token."""
        self._access.sign_out(cancel)
        self._set_up.happened(_signed_out)

    def choose(self, unit: UnitView) -> None:
        """Set up for this unit; what was known of another one doesn't count any more.

        Raises `Trouble(SET_UP_STANDS)` where that is more than the choice of a unit.
        """
        if not unit.manageable:
            raise Trouble(Code.NOT_ALLOWED, name=unit.name)
        stay_with(self._set_up.answers, unit.id)
        self._set_up.happened(
            lambda answers: replace(
                answers if answers.ou_id == unit.id else without_unit(answers),
                wanted_ou="",
                ou_id=unit.id,
                ou_name=unit.name,
            )
        )

    def create(self, name: str, cancel: Cancel) -> UnitView:
        """Make a unit and choose it; see `choose`."""
        stay_with(self._set_up.answers, "")
        service = self._access.as_person(cancel)
        made = unit_view(service.create_organizational_unit(name.strip(), cancel))
        self.choose(made)
        return made

    def _keep_standing(self, units: Sequence[UnitView], address: str) -> None:
        """Raise `Trouble(SET_UP_STANDS)` for whoever doesn't own the unit that is set up here."""
        answers = self._set_up.answers
        ours = any(unit.id == answers.ou_id and unit.manageable for unit in units)
        if stands(answers) and not ours:
            raise _standing(answers, address=address)

    def _settle_unit(self, units: Sequence[UnitView], address: str) -> None:
        """Take the unit of a resume file, keep the chosen one, or take the only one there is.

        Raises `Trouble(RESUME_NOT_INVITED)` where a resume file's unit isn't this person's.
        """
        manageable = [unit for unit in units if unit.manageable]
        answers = self._set_up.answers
        if answers.wanted_ou:
            wanted = [unit for unit in manageable if unit.id == answers.wanted_ou]
            if not wanted:
                raise Trouble(Code.RESUME_NOT_INVITED, address=address)
            self.choose(wanted[0])
        elif answers.ou_id and any(unit.id == answers.ou_id for unit in manageable):
            return
        elif len(manageable) == 1:
            self.choose(manageable[0])
        elif answers.ou_id:
            self._set_up.happened(without_unit)

    def _learn(self, service: AccountService, cancel: Cancel) -> None:
        """Take over what the service knows of this unit's set-up."""
        answers = self._set_up.answers
        facts = read_unit(
            service,
            answers.ou_id,
            cancel,
            now=self._ground.clock.now(),
            known=answers.organization_account_id,
            addresses=(f"@{answers.domain}", answers.signed_in_as),
            people=answers.role is Role.OWNER,
        )
        found = facts.connection
        here = found is not None and self._access.may_read(answers, found.customer_id, cancel)
        ours = self._ground.installation.id
        self._set_up.happened(
            lambda known: (
                learned(known, facts, here=here, installation_id=ours)
                if known.ou_id == answers.ou_id
                else known
            )
        )


def stay_with(answers: Answers, ou_id: str) -> None:
    """Raise `Trouble(SET_UP_STANDS)` where another unit than this is set up here."""
    if stands(answers) and answers.ou_id != ou_id:
        raise _standing(answers, problem="other-unit")


def _standing(answers: Answers, **facts: str) -> Trouble:
    """What whoever would set up another unit has to know: whose set-up stands here."""
    person = answers.signed_in_as or answers.authorized_as
    known = {"name": answers.ou_name, "person": person} if person else {"name": answers.ou_name}
    return Trouble(Code.SET_UP_STANDS, retry_after=None, **known, **facts)


def _looking(answers: Answers, units: Sequence[UnitView]) -> Answers:
    """Without the unit that is only looked at, where this person doesn't belong to it."""
    if any(unit.id == answers.looks_at for unit in units):
        return answers
    return replace(answers, looks_at="", looks_at_name="")


def _with_owners(service: AccountService, unit: UnitView, cancel: Cancel) -> UnitView:
    """The unit with who could manage it; a member may not be allowed to know."""
    try:
        owners = service.members(unit.id, cancel, role=MemberRole.OWNER)
    except Trouble as trouble:
        if trouble.code is not Code.NOT_ALLOWED:
            raise
        return unit
    there = [one for one in owners if one.active]
    told = [f"{one.name} ({one.address})" if one.name else one.address for one in there]
    return replace(unit, owners=tuple(told[:_NAMED_OWNERS]))


def _signed_out(answers: Answers) -> Answers:
    """Signed out in the middle of a set-up means signing in again; a finished one goes on."""
    return answers if answers.first_sync_done else replace(answers, signed_in_as="")
