"""Looks at everything in order, from the account service to the last sync, and finds what stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, Self

from wizard.accounts.base import (
    AccountService,
    Capability,
    OrganizationAccount,
    OrganizationAccountStatus,
    Role,
    Support,
)
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, to_text
from wizard.core.directory import ProviderId
from wizard.core.runs import RunOutcome, RunReport, RunSummary
from wizard.core.trouble import Code, Fact, Trouble
from wizard.flow.answers import Answers
from wizard.providers.base import DirectoryReader
from wizard.services.contract import CheckRunning, FindingState, FindingView, Listen
from wizard.services.contract.live_check import LiveCheckId, LiveCheckView
from wizard.services.keeping import asks_person
from wizard.services.last_elsewhere import LATELY, LastElsewhere, last_elsewhere
from wizard.services.learning import directory_connection, held_lease
from wizard.services.outside import too_old
from wizard.services.setup import SetUp

__all__ = ["LiveCheck", "LiveCheckAccess", "failure_of"]

_NOBODY = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED})


class LiveCheckAccess(Protocol):
    """The account service and the directory, as far as looking needs them."""

    def anyone(self) -> AccountService:
        """The service for whom nobody has signed in."""
        ...

    def as_person(self, cancel: Cancel) -> AccountService:
        """The service as the signed-in person sees it."""
        ...

    def as_sync(self, answers: Answers, cancel: Cancel) -> AccountService:
        """The service as the sync sees it."""
        ...

    def may_read(self, answers: Answers, customer_id: str, cancel: Cancel) -> bool:
        """Whether an authorization for this customer is kept here."""
        ...

    def reader(self, answers: Answers, cancel: Cancel) -> DirectoryReader:
        """A reader of the connected directory."""
        ...


class LiveCheck:
    """See `LiveCheckCalls`. `last_report` gives the newest run of this computer, None for none.

    `taken_back` gives the run that took one back, where nobody has synced since, '' for none.
    """

    def __init__(
        self,
        set_up: SetUp,
        access: LiveCheckAccess,
        *,
        clock: Clock,
        installation_id: str,
        last_report: Callable[[], RunReport | None],
        taken_back: Callable[[], str],
    ) -> None:
        self._set_up = set_up
        self._access = access
        self._clock = clock
        self._installation = installation_id
        self._last_report = last_report
        self._taken_back = taken_back

    def look(self, listen: Listen, cancel: Cancel) -> LiveCheckView:
        """See `LiveCheckCalls.look`."""
        looked = _Looked(listen)
        self._look(looked, cancel)
        found = tuple(looked.found)
        failed = (one for one in found if one.state is FindingState.FAILED)
        warned = [one for one in found if one.state is FindingState.WARNING]
        # An app that isn't seen stops nothing where the connection is active.
        warned.sort(key=lambda one: one.id == LiveCheckId.APP)
        return LiveCheckView(findings=found, stop=next(failed, next(iter(warned), None)))

    def _look(self, looked: _Looked, cancel: Cancel) -> None:
        answers = self._set_up.answers
        with looked.at(LiveCheckId.SERVICE) as here:
            self._access.anyone().answers(cancel)
            here.passed()
        if looked.failed():
            return
        person = self._person(looked, answers, cancel)
        if looked.failed():
            return
        if person is not None:
            self._unit(looked, answers, person, cancel)
            if looked.failed():
                return
        service = person
        if service is None:
            with looked.at(LiveCheckId.CONNECTION):
                service = self._access.as_sync(answers, cancel)
            if service is None:
                return
        self._connected(looked, answers, service, cancel, as_person=person is not None)

    # ------------------------------------------------------------ the service and the person

    def _person(self, looked: _Looked, answers: Answers, cancel: Cancel) -> AccountService | None:
        """Who is signed in; a sync that is set up goes on without anybody."""
        with looked.at(LiveCheckId.SIGNED_IN) as here:
            try:
                service = self._access.as_person(cancel)
                me = service.me(cancel)
            except Trouble as trouble:
                if trouble.code not in _NOBODY or not answers.first_sync_done:
                    raise
                here.passed(signed_out=True)
                return None
            here.passed(person=me.address)
            return service
        return None

    def _unit(
        self, looked: _Looked, answers: Answers, service: AccountService, cancel: Cancel
    ) -> None:
        with looked.at(LiveCheckId.UNIT) as here:
            units = service.organizational_units(cancel)
            own = next((unit for unit in units if unit.id == answers.ou_id), None)
            if own is None:
                raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
            if own.role is not Role.OWNER:
                raise Trouble(Code.NOT_ALLOWED, name=own.name)
            here.passed(name=own.name)

    # ------------------------------------------------------------ the connection

    def _connected(
        self,
        looked: _Looked,
        answers: Answers,
        service: AccountService,
        cancel: Cancel,
        *,
        as_person: bool,
    ) -> None:
        account = self._account(service, answers, cancel, looked, as_person=as_person)
        if account is None:
            if as_person and not looked.broken():
                self._app(looked, answers, service, cancel, needed=True)
                looked.say(
                    LiveCheckId.CONNECTION,
                    FindingState.FAILED,
                    Code.CONNECTION_NOT_ACTIVE,
                    problem="none",
                )
            return
        active = account.status is OrganizationAccountStatus.ACTIVE
        if as_person:
            known = replace(answers, domain=account.domain)
            self._app(looked, known, service, cancel, needed=not active)
        self._status(looked, account)
        if not active:
            return
        known = replace(
            answers,
            organization_account_id=account.id,
            customer_id=account.customer_id,
            domain=account.domain,
            authorized_as=answers.authorized_as or account.authorized_by,
        )
        elsewhere = answers.elsewhere or self._is_elsewhere(account)
        if not elsewhere:
            self._directory(looked, known, cancel)
        minutes = self._settings(looked, known, service, cancel)
        self._syncer(looked, account)
        with looked.at(LiveCheckId.LAST_RUN) as here:
            if elsewhere:
                last = self._last_elsewhere(service, account, known, cancel, as_person=as_person)
                self._judge_elsewhere(here, last, minutes)
            else:
                self._judge_here(here, self._last_report(), minutes)

    def _account(
        self,
        service: AccountService,
        answers: Answers,
        cancel: Cancel,
        looked: _Looked,
        *,
        as_person: bool,
    ) -> OrganizationAccount | None:
        """The connection by the service's word; a trouble is the connection's finding."""
        with looked.at(LiveCheckId.CONNECTION):
            if not as_person:
                account_id = answers.organization_account_id
                return service.organization_account(answers.ou_id, account_id, cancel)
            accounts = service.organization_accounts(answers.ou_id, cancel)
            return directory_connection(accounts, answers.organization_account_id)
        return None

    def _app(
        self,
        looked: _Looked,
        answers: Answers,
        service: AccountService,
        cancel: Cancel,
        *,
        needed: bool,
    ) -> None:
        """Whether the app is seen; an active connection has shown that it works without."""
        can = service.capabilities.get(Capability.CONNECTIONS) is Support.AUTOMATIC
        if answers.app_skipped or not answers.domain or not can:
            return
        with looked.at(LiveCheckId.APP) as here:
            seen = service.app_installed(answers.ou_id, ProviderId.GOOGLE, answers.domain, cancel)
            if seen:
                here.passed(domain=answers.domain)
            elif needed:
                raise Trouble(Code.APP_NOT_INSTALLED, domain=answers.domain)
            else:
                here.warned(domain=answers.domain)

    def _status(self, looked: _Looked, account: OrganizationAccount) -> None:
        with looked.at(LiveCheckId.CONNECTION) as here:
            if account.status is OrganizationAccountStatus.FAILED:
                raise failure_of(account)
            if account.status is OrganizationAccountStatus.PENDING:
                here.warned(domain=account.domain, pending=True)
            else:
                here.passed(domain=account.domain)

    def _directory(self, looked: _Looked, answers: Answers, cancel: Cancel) -> None:
        """Whether this computer may read the directory, and really can."""
        with looked.at(LiveCheckId.AUTHORIZATION) as here:
            if not self._access.may_read(answers, answers.customer_id, cancel):
                raise Trouble(Code.SIGN_IN_NEEDED, connection="google")
            here.passed(address=answers.authorized_as)
        if looked.last_failed():
            return
        with looked.at(LiveCheckId.TEST_READ) as here:
            reader = self._access.reader(answers, cancel)
            customer = reader.customer(cancel)
            if customer.id != answers.customer_id:
                raise Trouble(
                    Code.OTHER_CUSTOMER,
                    address=answers.authorized_as,
                    expected_domain=answers.domain,
                )
            people = len(next(reader.users(cancel), ()))
            if not people:
                raise Trouble(Code.READ_EMPTY)
            here.passed(people=people)

    # ------------------------------------------------------------ the sync

    def _settings(
        self, looked: _Looked, answers: Answers, service: AccountService, cancel: Cancel
    ) -> int:
        """Whether provisioning is on; how many minutes lie between two runs, 0 where unknown."""
        minutes = 0
        with looked.at(LiveCheckId.SETTINGS) as here:
            settings = service.settings(answers.ou_id, answers.organization_account_id, cancel)
            minutes = settings.interval_minutes
            if not settings.enabled:
                raise Trouble(Code.PROVISIONING_OFF)
            here.passed(minutes=minutes)
        return minutes

    def _syncer(self, looked: _Looked, account: OrganizationAccount) -> None:
        with looked.at(LiveCheckId.SYNCER) as here:
            lease = account.syncer
            if lease is None or lease.expires_at <= self._clock.now():
                here.warned()
            else:
                here.passed(host=lease.host, ours=lease.installation_id == self._installation)

    def _last_elsewhere(
        self,
        service: AccountService,
        account: OrganizationAccount,
        answers: Answers,
        cancel: Cancel,
        *,
        as_person: bool,
    ) -> LastElsewhere:
        """The last run by the service's word, whichever computer did it."""
        lease = account.syncer
        held = held_lease(account, self._clock.now())
        runs: Sequence[RunSummary] | None = None
        if as_person:
            runs = service.sync_runs(answers.ou_id, account.id, cancel, at_most=LATELY)
        return last_elsewhere(
            runs,
            last_run_at=lease.last_run_at if lease is not None else None,
            host=held.host if held is not None else "",
        )

    def _judge_elsewhere(self, here: _Check, last: LastElsewhere, minutes: int) -> None:
        """The last run of another computer; what once ran here says nothing about it."""
        well, facts = last.found(minutes, self._clock.now())
        if well:
            here.passed(**facts)
        else:
            here.warned(**facts)

    def _judge_here(self, here: _Check, report: RunReport | None, minutes: int) -> None:
        if report is None:
            here.warned()
            return
        ended = to_text(report.finished_at)
        if self._taken_back():
            here.warned(finished_at=ended, taken_back=True)
        elif report.came_through and report.failed:
            here.warned(finished_at=ended, problems=report.failed)
        elif report.outcome is RunOutcome.CANCELLED:
            here.warned(finished_at=ended, cancelled=True)
        elif not report.came_through:
            raise _run_trouble(report)
        elif too_old(report.finished_at, minutes, self._clock.now()):
            here.warned(finished_at=ended, old=True)
        else:
            here.passed(finished_at=ended, changed=report.done.writes)

    def _is_elsewhere(self, account: OrganizationAccount) -> bool:
        """Whether another computer reads the directory: this one then needs no authorization."""
        lease = held_lease(account, self._clock.now())
        return lease is not None and lease.installation_id != self._installation


def _run_trouble(report: RunReport) -> Trouble:
    """Why a run did not come through."""
    facts: dict[str, Fact] = dict(report.trouble_facts)
    if report.outcome is RunOutcome.STOPPED_BY_GUARD:
        facts.setdefault("people", sum(people for _, people in report.held))
        return Trouble(Code.GUARD_STOPPED, retry_after=None, **facts)
    return Trouble(report.trouble or Code.RUN_INTERRUPTED, retry_after=None, **facts)


def failure_of(account: OrganizationAccount) -> Trouble:
    """Why the service could not make a connection active, as a trouble with its own cure."""
    if account.status_code == Code.APP_NOT_INSTALLED.value:
        return Trouble(Code.APP_NOT_INSTALLED, domain=account.domain)
    return Trouble(Code.CONNECTION_FAILED, detail=account.status_code)


class _Check:
    """One check under way."""

    def __init__(self, looked: _Looked, check: LiveCheckId) -> None:
        self._looked = looked
        self._check = check

    def __enter__(self) -> Self:
        self._looked.begin(self._check)
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> bool:
        """A trouble is what was found; being cancelled, or asked about secrets, is not."""
        if not isinstance(problem, Trouble):
            return False
        if problem.code is Code.CANCELLED or asks_person(problem.code, problem.facts):
            return False
        self._looked.say(self._check, FindingState.FAILED, problem.code, **problem.facts)
        return True

    def passed(self, **facts: Fact) -> None:
        self._looked.say(self._check, FindingState.PASSED, None, **facts)

    def warned(self, **facts: Fact) -> None:
        self._looked.say(self._check, FindingState.WARNING, None, **facts)


class _Looked:
    """Collects what was found, and tells each when it is there."""

    def __init__(self, listen: Listen) -> None:
        self._listen = listen
        self.found: list[FindingView] = []

    def failed(self) -> bool:
        """Whether something found makes all the rest senseless."""
        return any(one.state is FindingState.FAILED for one in self.found)

    def broken(self) -> bool:
        """Whether the connection itself could not be asked about."""
        return any(
            one.id == LiveCheckId.CONNECTION and one.state is FindingState.FAILED
            for one in self.found
        )

    def last_failed(self) -> bool:
        """Whether the newest check failed."""
        return bool(self.found) and self.found[-1].state is FindingState.FAILED

    def at(self, check: LiveCheckId) -> _Check:
        """A block in which this check is made."""
        return _Check(self, check)

    def begin(self, check: LiveCheckId) -> None:
        self._listen(CheckRunning(id=check.value))

    def say(
        self, check: LiveCheckId, state: FindingState, code: Code | None = None, **facts: Fact
    ) -> None:
        """This was found."""
        view = FindingView(id=check.value, state=state, facts=tuple(facts.items()), code=code)
        self.found.append(view)
        self._listen(view)
