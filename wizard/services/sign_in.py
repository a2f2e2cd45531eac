"""Signing in at the account service, settling the unit, and learning what is done already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from wizard.accounts.base import (
    AccountService,
    OrganizationAccount,
    OrganizationAccountStatus,
    Purpose,
)
from wizard.auth.code_flow import CodeFlow, Waiting
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.contract import BrowserWaiting, Listen, SignedInView, UnitView
from wizard.services.ground import Ground
from wizard.services.setup import SetUp
from wizard.services.views import unit_view

__all__ = ["SignIn", "SignInAccess", "browser_flow", "without_unit"]


class SignInAccess(Protocol):
    """The account service, as far as signing in needs it."""

    def sign_in(self, flow: CodeFlow, cancel: Cancel, *, create: bool) -> None:
        """Sign in and keep the tokens."""
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
    """One sign-in in the browser whose waiting is told as `BrowserWaiting`."""

    def announce(waiting: Waiting) -> None:
        listen(
            BrowserWaiting(
                url=waiting.url,
                host=waiting.host,
                started_at=ground.clock.now(),
                seconds=waiting.seconds,
                opened=waiting.opened,
            )
        )

    return CodeFlow(ground.browser, announce=announce, clock=ground.clock)


class SignIn:
    """The sign-in page's work."""

    def __init__(self, ground: Ground, set_up: SetUp, access: SignInAccess) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access

    def sign_in(self, listen: Listen, cancel: Cancel, *, create: bool) -> SignedInView:
        """See `Workbench.sign_in`."""
        self._access.sign_in(browser_flow(self._ground, listen), cancel, create=create)
        return self.signed_in(cancel)

    def signed_in(self, cancel: Cancel) -> SignedInView:
        """See `Workbench.signed_in`; the only unit that can be managed is taken."""
        try:
            service = self._access.as_person(cancel)
            me = service.me(cancel)
        except Trouble as trouble:
            if trouble.code in {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}:
                self._set_up.happened(_signed_out)
            raise
        units = [unit_view(unit) for unit in service.organizational_units(cancel)]
        self._set_up.happened(
            lambda answers: replace(
                answers, signed_in_as=me.address, signed_in_name=me.name, service_answered=True
            )
        )
        self._settle_unit(units)
        if self._set_up.answers.ou_id:
            self._learn(service, cancel)
        return SignedInView(name=me.name, address=me.address, units=tuple(units))

    def sign_out(self, cancel: Cancel) -> None:
        """End the person's sign-in; a finished set-up goes on syncing by its own token."""
        self._access.sign_out(cancel)
        self._set_up.happened(_signed_out)

    def choose(self, unit: UnitView) -> None:
        """Set up for this unit; what was known of another one doesn't count any more."""
        if not unit.manageable:
            raise Trouble(Code.NOT_ALLOWED, name=unit.name)
        self._set_up.happened(
            lambda answers: replace(
                answers if answers.ou_id == unit.id else without_unit(answers),
                ou_id=unit.id,
                ou_name=unit.name,
            )
        )

    def create(self, name: str, cancel: Cancel) -> UnitView:
        """Make a unit and choose it."""
        service = self._access.as_person(cancel)
        made = unit_view(service.create_organizational_unit(name.strip(), cancel))
        self.choose(made)
        return made

    def _settle_unit(self, units: Sequence[UnitView]) -> None:
        """Keep the chosen unit while it is there, take the only one, else leave it open."""
        manageable = [unit for unit in units if unit.manageable]
        chosen = self._set_up.answers.ou_id
        if chosen and any(unit.id == chosen for unit in manageable):
            return
        if len(manageable) == 1:
            self.choose(manageable[0])
        elif chosen:
            self._set_up.happened(without_unit)

    def _learn(self, service: AccountService, cancel: Cancel) -> None:
        """Take over what the service knows of this unit's connection."""
        answers = self._set_up.answers
        found = _directory_connection(service.organization_accounts(answers.ou_id, cancel))
        if found is None:
            # Disconnected at the service, or never connected: both begin at authorizing.
            self._set_up.happened(_without_connection)
            return
        here = self._access.may_read(answers, found.customer_id, cancel)
        settings = service.settings(answers.ou_id, found.id, cancel)
        ran = found.syncer is not None and found.syncer.last_run_at is not None

        def learned(known: Answers) -> Answers:
            if not here and not known.first_sync_done:
                # Connected from another computer: this one still has to be let in by Google.
                return _without_connection(known)
            same = known.organization_account_id == found.id
            known = known if same else _without_connection(known)
            return replace(
                known,
                organization_account_id=found.id,
                customer_id=found.customer_id,
                domain=found.domain,
                authorized_as=known.authorized_as or found.authorized_by,
                organization_account_active=found.status is OrganizationAccountStatus.ACTIVE,
                settings_version=settings.version if settings.enabled else known.settings_version,
                provisioning_on=settings.enabled,
                first_sync_done=known.first_sync_done or (settings.enabled and ran),
            )

        self._set_up.happened(learned)


def _directory_connection(
    accounts: Sequence[OrganizationAccount],
) -> OrganizationAccount | None:
    usable = [
        account
        for account in accounts
        if account.provider is ProviderId.GOOGLE
        and Purpose.DIRECTORY in account.purposes
        and account.status is not OrganizationAccountStatus.FAILED
    ]
    return usable[0] if usable else None


def _signed_out(answers: Answers) -> Answers:
    """Signed out in the middle of a set-up means signing in again; a finished one goes on."""
    return answers if answers.first_sync_done else replace(answers, signed_in_as="")


def without_unit(answers: Answers) -> Answers:
    """The answers as they were before a unit was chosen."""
    return Answers(
        role=answers.role,
        service_answered=answers.service_answered,
        signed_in_as=answers.signed_in_as,
        signed_in_name=answers.signed_in_name,
        provider=answers.provider,
    )


def _without_connection(answers: Answers) -> Answers:
    return replace(without_unit(answers), ou_id=answers.ou_id, ou_name=answers.ou_name)
