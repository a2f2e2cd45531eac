"""Authorizing Google Workspace: sign in, check, connect, and wait until the service agrees."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from wizard.accounts.base import (
    AccountService,
    OrganizationAccount,
    OrganizationAccountStatus,
    Purpose,
)
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.providers.base import Customer, Finding
from wizard.providers.google.checks import PreFlight, check_workspace, go_on_checking
from wizard.providers.google.sign_in import GoogleAccount
from wizard.services.access import ServiceAccess
from wizard.services.contract import (
    AuthorizedView,
    CheckRunning,
    FindingState,
    FindingView,
    Listen,
    WaitingForService,
)
from wizard.services.ground import Ground
from wizard.services.live_check import failure_of
from wizard.services.setup import SetUp
from wizard.services.sign_in import browser_flow
from wizard.services.views import connection_view

__all__ = ["Workspace"]

log = logging.getLogger(__name__)
_PURPOSES = frozenset({Purpose.DIRECTORY, Purpose.CALENDARS})
_FIRST_LOOK, _LAST_LOOK = 0.5, 5.0
_PATIENCE = 10 * 60.0
"""Seconds until a connection should be active; a few minutes are normal at some services."""


@dataclass(frozen=True, kw_only=True)
class _Undecided:
    """Somebody signed in, and who set this up has yet to say whether the directory is theirs.

    Only in memory: what is not kept must not be found on this computer.
    """

    account: GoogleAccount
    flight: PreFlight
    in_use: frozenset[str]
    ou_id: str
    person: str


class Workspace:
    """The authorize page's work."""

    def __init__(self, ground: Ground, set_up: SetUp, access: ServiceAccess) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._lock = threading.Lock()
        self._undecided: _Undecided | None = None

    def authorize(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """See `Workbench.authorize`."""
        answers = self._set_up.answers
        if not answers.ou_id:
            raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
        service = self._access.as_person(cancel)
        # Who starts again has not said yes to what was asked before.
        self.decline(cancel)
        person = answers.signed_in_as or service.me(cancel).address
        present = self._present(service, answers, cancel)
        pinned = present.customer_id if present is not None else answers.customer_id or None
        flow = browser_flow(self._ground, listen)
        account = self._access.directory.sign_in(flow, cancel, login_hint=answers.authorized_as)
        in_use = frozenset(
            {answers.authorized_as, present.authorized_by if present is not None else ""}
        )
        domain = present.domain if present is not None else answers.domain
        with self._letting_go(account, in_use):
            flight = self._check(account, pinned, person, domain, listen, cancel)
            if flight.without and pinned:
                flight = self._decided_before(flight, answers, pinned, account, listen, cancel)
            if flight.needs_decision:
                asked = _Undecided(
                    account=account,
                    flight=flight,
                    in_use=in_use,
                    ou_id=answers.ou_id,
                    person=person,
                )
                with self._lock:
                    self._undecided = asked
                return _asked(asked)
            if not flight.passed or flight.customer is None:
                self._let_go(account, in_use, cancel)
                return _refused(account, flight)
            connected = self._connect(service, account, flight.customer, cancel)
        return self._finish(service, account, flight, connected, listen, cancel)

    def connect_anyway(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """See `Workbench.connect_anyway`."""
        answers = self._set_up.answers
        service = self._access.as_person(cancel)
        with self._lock:
            asked = self._undecided
        if asked is not None and (
            asked.ou_id != answers.ou_id
            or asked.person != (answers.signed_in_as or service.me(cancel).address)
        ):
            # The yes is not the one that was asked for.
            self.decline(cancel)
            asked = None
        if asked is None:
            raise Trouble(Code.SIGN_IN_NEEDED, connection="google")
        account = asked.account
        try:
            flight = self._go_on(account, asked.flight, listen, cancel)
            if not flight.passed or flight.customer is None:
                self.decline(cancel)
                return _refused(account, flight)
            connected = self._connect(service, account, flight.customer, cancel)
        except Trouble as trouble:
            # A yes may be said again after other troubles; who cancels has left, or ends it all.
            if trouble.code is Code.CANCELLED:
                self.decline(Cancel())
            raise
        with self._lock:
            self._undecided = None
        return self._finish(service, account, flight, connected, listen, cancel)

    def decline(self, cancel: Cancel) -> None:
        """See `Workbench.decline_connection`."""
        with self._lock:
            asked, self._undecided = self._undecided, None
        if asked is not None:
            self._let_go(asked.account, asked.in_use, cancel)

    def wait_until_active(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """See `Workbench.wait_until_active`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        service = self._access.as_person(cancel)
        made = service.organization_account(answers.ou_id, answers.organization_account_id, cancel)
        active = self._wait_until_active(service, made, listen, cancel)
        self._set_up.happened(lambda known: replace(known, organization_account_active=True))
        self._check_provisioning_token(cancel)
        here = self._ground.installation.id
        return AuthorizedView(
            address=active.authorized_by,
            findings=(),
            connection=connection_view(active, here, self._ground.clock.now()),
            domain=active.domain,
        )

    def _finish(
        self,
        service: AccountService,
        account: GoogleAccount,
        flight: PreFlight,
        connected: OrganizationAccount,
        listen: Listen,
        cancel: Cancel,
    ) -> AuthorizedView:
        """Wait for the service, and tell what came of it."""
        active = self._wait_until_active(service, connected, listen, cancel)
        self._happened(account, active)
        self._check_provisioning_token(cancel)
        return AuthorizedView(
            address=account.address,
            findings=_views(flight),
            connection=connection_view(
                active, self._ground.installation.id, self._ground.clock.now()
            ),
            people=flight.people,
            domain=active.domain,
        )

    def _present(
        self, service: AccountService, answers: Answers, cancel: Cancel
    ) -> OrganizationAccount | None:
        """The connection that this unit has already, by the service's word."""
        accounts = service.organization_accounts(answers.ou_id, cancel)
        return next((one for one in accounts if one.provider is ProviderId.GOOGLE), None)

    def _decided_before(
        self,
        flight: PreFlight,
        answers: Answers,
        customer_id: str,
        account: GoogleAccount,
        listen: Listen,
        cancel: Cancel,
    ) -> PreFlight:
        """What the authorization kept here says about going on without a right.

        A sync that runs with it would stop without it; one that runs without it goes on so.
        """
        kept = self._access.directory.rights(answers, customer_id, cancel)
        if kept - account.granted:
            return replace(flight, needs_decision=False, without=())
        return self._go_on(account, flight, listen, cancel) if kept else flight

    def _go_on(
        self, account: GoogleAccount, flight: PreFlight, listen: Listen, cancel: Cancel
    ) -> PreFlight:
        """The rest of the checks, after a yes."""
        return go_on_checking(
            self._access.directory.trial_reader(account),
            flight,
            cancel=cancel,
            began=lambda check: listen(CheckRunning(id=check.value)),
            found=lambda finding: listen(finding_view(finding)),
        )

    @contextmanager
    def _letting_go(self, account: GoogleAccount, in_use: frozenset[str]) -> Iterator[None]:
        """Within the block, whatever goes wrong ends the authorization: it is not kept yet.

        Also, and above all, where somebody cancelled: that must not keep it alive.
        """
        try:
            yield
        except Trouble:
            self._let_go(account, in_use, Cancel())
            raise

    def _let_go(self, account: GoogleAccount, in_use: frozenset[str], cancel: Cancel) -> None:
        """End an authorization that is not kept, so that nothing of it lives on at Google."""
        # Google ends all that a person allowed this program at once: the sync may live on it.
        if account.address.casefold() in {address.casefold() for address in in_use}:
            return
        try:
            self._access.directory.revoke(account.tokens, cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            log.info("an authorization could not be ended at Google: %s", trouble.code)

    def _check(
        self,
        account: GoogleAccount,
        pinned: str | None,
        person: str,
        known_domain: str,
        listen: Listen,
        cancel: Cancel,
    ) -> PreFlight:
        directory = self._access.directory
        return check_workspace(
            directory.trial_reader(account),
            address=account.address,
            domain=account.domain,
            granted=account.granted,
            pinned_customer=pinned,
            proxy=directory.proxy,
            clock=self._ground.clock,
            cancel=cancel,
            began=lambda check: listen(CheckRunning(id=check.value)),
            found=lambda finding: listen(finding_view(finding)),
            person=person,
            known_domain=known_domain,
        )

    def _connect(
        self, service: AccountService, account: GoogleAccount, customer: Customer, cancel: Cancel
    ) -> OrganizationAccount:
        """Connect at the service, then keep the authorization: one without the other is told.

        Who cancels meanwhile is heard afterwards: nothing may exist there that nobody knows here.
        """
        cancel.check()
        cancel = Cancel()
        answers = self._set_up.answers
        connected = service.create_organization_account(
            answers.ou_id,
            provider=ProviderId.GOOGLE,
            purposes=_PURPOSES,
            customer_id=customer.id,
            domain=customer.primary_domain or account.domain,
            authorized_by=account.address,
            cancel=cancel,
        )
        self._access.directory.keep(answers, customer.id, account.tokens, cancel)
        self._happened(account, connected)
        return connected

    def _wait_until_active(
        self,
        service: AccountService,
        connected: OrganizationAccount,
        listen: Listen,
        cancel: Cancel,
    ) -> OrganizationAccount:
        clock = self._ground.clock
        ou = self._set_up.answers.ou_id
        since, started, pause = clock.now(), clock.monotonic(), _FIRST_LOOK
        told = False
        while connected.status is OrganizationAccountStatus.PENDING:
            if not told:
                listen(WaitingForService(since=since))
                told = True
            if clock.monotonic() - started > _PATIENCE:
                raise Trouble(Code.CONNECTION_NOT_ACTIVE, minutes=int(_PATIENCE // 60))
            clock.sleep(pause, cancel)
            pause = min(pause * 1.5, _LAST_LOOK)
            connected = service.organization_account(ou, connected.id, cancel)
        if connected.status is OrganizationAccountStatus.FAILED:
            raise failure_of(connected)
        return connected

    def _happened(self, account: GoogleAccount, connected: OrganizationAccount) -> None:
        active = connected.status is OrganizationAccountStatus.ACTIVE

        def change(answers: Answers) -> Answers:
            return replace(
                answers,
                provider=ProviderId.GOOGLE,
                customer_id=connected.customer_id,
                domain=connected.domain,
                authorized_as=account.address,
                connected_elsewhere="",
                organization_account_id=connected.id,
                organization_account_active=active,
            )

        self._set_up.happened(change)

    def _check_provisioning_token(self, cancel: Cancel) -> None:
        """Make the token that the sync writes with, or a new one where the old was revoked."""
        answers = self._set_up.answers
        sync = self._access.as_sync(answers, cancel)
        try:
            sync.settings(answers.ou_id, answers.organization_account_id, cancel)
        except Trouble as trouble:
            if trouble.code is not Code.PROVISIONING_TOKEN_REVOKED:
                raise
            self._access.renew_provisioning_token(answers, cancel)


def _views(flight: PreFlight) -> tuple[FindingView, ...]:
    return tuple(finding_view(finding) for finding in flight.findings)


def _refused(account: GoogleAccount, flight: PreFlight) -> AuthorizedView:
    return AuthorizedView(address=account.address, findings=_views(flight), connection=None)


def _asked(asked: _Undecided) -> AuthorizedView:
    customer = asked.flight.customer
    whose = customer.primary_domain if customer is not None else ""
    return AuthorizedView(
        address=asked.account.address,
        findings=_views(asked.flight),
        connection=None,
        needs_confirmation=True,
        domain=whose or asked.account.domain,
        without=asked.flight.without,
    )


def finding_view(finding: Finding) -> FindingView:
    """One check for the window."""
    return FindingView(
        id=finding.id.value,
        state=FindingState(finding.verdict.value),
        facts=finding.facts,
        code=finding.code,
    )
