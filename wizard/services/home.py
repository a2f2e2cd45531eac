"""Home's work: how things stand here, what the service says, and this installation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from wizard import __version__
from wizard.accounts.base import (
    AccountService,
    OrganizationAccount,
    OrganizationAccountStatus,
    OrganizationalUnit,
    Purpose,
    Role,
)
from wizard.core.cancel import Cancel
from wizard.core.people import Standing
from wizard.core.problems import ProblemsView
from wizard.core.runs import RunOutcome, RunSummary
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.access import ServiceAccess
from wizard.services.connections import Connections
from wizard.services.contract import FindingView, Listen, ProblemView, ProxyMode, SecretsChoice
from wizard.services.contract.home import (
    AccountState,
    DayCounts,
    DisconnectedView,
    ErasedView,
    HealthView,
    HomeFacts,
    MachineView,
    OrganizationAccountView,
    RunFilter,
    RunPage,
    RunRow,
    UnitWord,
)
from wizard.services.contract.moving import MovingCalls
from wizard.services.contract.people import PeopleCalls
from wizard.services.ground import Ground
from wizard.services.holding import Holding
from wizard.services.kept_report import failed_report
from wizard.services.moving import Moving
from wizard.services.past_runs import PastRuns
from wizard.services.previews import Previews
from wizard.services.problem_list import ProblemList
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.sync.keeping import choose_days, days_kept, forget_old
from wizard.sync.runs import prune

__all__ = ["Home"]

log = logging.getLogger(__name__)
_WEEK = timedelta(days=7)
_LATELY = 6
_RUNS_THERE = 20
_RUNS_TOLD = 500
"""For Activity: ten days at every half hour, and five requests."""
_UNTOLD = frozenset({Code.NOT_ALLOWED, Code.NOT_FOUND_AT_SERVICE})
"""What a person may not be told is left out; the rest of the page stands."""
_CAME_TO_A_PLAN = frozenset({RunOutcome.DONE, RunOutcome.PARTLY, RunOutcome.STOPPED_BY_GUARD})


class Home:
    """Implements `wizard.services.contract.home.HomeCalls`."""

    def __init__(
        self,
        ground: Ground,
        set_up: SetUp,
        access: ServiceAccess,
        syncing: Syncing,
        *,
        previews: Previews,
        holding: Holding,
        people: PeopleCalls,
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing
        self._previews = previews
        self._holding = holding
        self._people = people
        self._runs = PastRuns(set_up, syncing, ground.clock)
        self._problem_list = ProblemList(set_up, syncing)
        self._connections = Connections(ground, set_up, access, syncing)
        self._moving = Moving(ground, set_up, access, syncing)

    # ------------------------------------------------------------ from this computer

    def facts(self, cancel: Cancel) -> HomeFacts:
        """See `HomeCalls.facts`."""
        moved = self._ground.moved.known()
        away = moved.view() if moved is not None else None
        if not self._set_up.answers.organization_account_id:
            return HomeFacts(moved=away)
        view = self._people.view(cancel)
        kept = self._syncing.kept()
        lately = self._runs.page(RunFilter.ALL, "", 0, _LATELY).rows
        cancel.check()
        return HomeFacts(
            members=view.accounts if view.read_at is not None else None,
            new=view.count(Standing.NEW),
            changed=self._runs.changed_since(self._ground.clock.now() - _WEEK),
            leaving=view.count(Standing.LEAVING),
            to_decide=view.count(Standing.TO_DECIDE),
            enabled=kept.settings.enabled if kept is not None else None,
            interval_minutes=kept.settings.interval_minutes if kept is not None else None,
            settings_read_at=kept.read_at if kept is not None else None,
            lately=lately,
            held=() if away else self._holding.held(),
            problems=() if away else self._problems(lately),
            moved=away,
            report_trouble=failed_report(self._ground.unit_folder(self._set_up.answers.ou_id)),
        )

    def _problems(self, lately: Sequence[RunRow]) -> tuple[ProblemView, ...]:
        planned = next((row for row in lately if row.report.outcome in _CAME_TO_A_PLAN), None)
        if planned is None or not (planned.report.failed or planned.report.planned.problem):
            return ()
        return tuple(self._previews.problems(planned.report.run_id))

    def runs(
        self, wanted: RunFilter, search: str, offset: int, limit: int, cancel: Cancel
    ) -> RunPage:
        """See `HomeCalls.runs`."""
        cancel.check()
        return self._runs.page(wanted, search, offset, limit)

    def ask_runs(self, cancel: Cancel) -> int:
        """See `HomeCalls.ask_runs`."""
        answers = self._set_up.answers
        service = self._access.as_person(cancel)
        unit = _unit_of(service.organizational_units(cancel), answers)
        accounts = tuple(
            self._account(one, answers) for one in service.organization_accounts(unit.id, cancel)
        )
        word = UnitWord(asked_at=self._ground.clock.now(), may_manage=False, accounts=accounts)
        account = word.account
        if account is None:
            return self._runs.learn((), None)
        runs = self._runs_there(service, unit.id, account.id, cancel, at_most=_RUNS_TOLD)
        return self._runs.learn(runs, account)

    def days(self, count: int, cancel: Cancel) -> Sequence[DayCounts]:
        """See `HomeCalls.days`."""
        cancel.check()
        return self._runs.days(count)

    def save_runs(self, wanted: RunFilter, search: str, path: Path, cancel: Cancel) -> int:
        """See `HomeCalls.save_runs`."""
        return self._runs.save(wanted, search, path, cancel)

    def people_with_problems(self, search: str, cancel: Cancel) -> ProblemsView:
        """See `HomeCalls.people_with_problems`."""
        return self._problem_list.found(search, cancel)

    def save_problems(self, search: str, path: Path, cancel: Cancel) -> int:
        """See `HomeCalls.save_problems`."""
        return self._problem_list.save(search, path, cancel)

    # ------------------------------------------------------------ what the service says

    def unit(self, cancel: Cancel) -> UnitWord:
        """See `HomeCalls.unit`."""
        answers = self._set_up.answers
        service = self._access.as_person(cancel)
        unit = _unit_of(service.organizational_units(cancel), answers)
        accounts = tuple(
            self._account(one, answers) for one in service.organization_accounts(unit.id, cancel)
        )
        word = UnitWord(
            asked_at=self._ground.clock.now(),
            may_manage=unit.role is Role.OWNER,
            owners=self._owners(service, unit.id, cancel),
            accounts=accounts,
        )
        if word.account is None:
            return word
        settings = self._settings(service, unit.id, word.account.id, cancel)
        return UnitWord(
            asked_at=word.asked_at,
            may_manage=word.may_manage,
            owners=word.owners,
            accounts=accounts,
            enabled=settings.enabled if settings is not None else None,
            interval_minutes=settings.interval_minutes if settings is not None else None,
            runs=self._runs_there(service, unit.id, word.account.id, cancel),
        )

    def _account(self, account: OrganizationAccount, answers: Answers) -> OrganizationAccountView:
        lease = account.syncer
        held = lease is not None and lease.expires_at > self._ground.clock.now()
        return OrganizationAccountView(
            id=account.id,
            provider=account.provider,
            purposes=frozenset(purpose.value for purpose in account.purposes),
            domain=account.domain,
            customer_id=account.customer_id,
            state=_STATES[account.status],
            status_code=account.status_code,
            authorized_by=account.authorized_by,
            syncer_host=lease.host if lease is not None and held else "",
            syncer_person=lease.person if lease is not None and held else "",
            syncer_is_us=(
                lease is not None and held and lease.installation_id == self._ground.installation.id
            ),
            syncer_since=lease.acquired_at if lease is not None and held else None,
            last_run_at=lease.last_run_at if lease is not None else None,
            ours=account.id == answers.organization_account_id
            or (not answers.organization_account_id and Purpose.DIRECTORY in account.purposes),
        )

    def _owners(self, service: AccountService, ou: str, cancel: Cancel) -> tuple[str, ...]:
        try:
            members = service.members(ou, cancel, role=Role.OWNER)
        except Trouble as trouble:
            if trouble.code not in _UNTOLD:
                raise
            return ()
        return tuple(member.name.strip() or member.address for member in members if member.active)

    def _settings(
        self, service: AccountService, ou: str, account: str, cancel: Cancel
    ) -> ProvisioningSettings | None:
        try:
            return service.settings(ou, account, cancel)
        except Trouble as trouble:
            if trouble.code not in _UNTOLD:
                raise
            return None

    def _runs_there(
        self,
        service: AccountService,
        ou: str,
        account: str,
        cancel: Cancel,
        *,
        at_most: int = _RUNS_THERE,
    ) -> tuple[RunSummary, ...]:
        try:
            return tuple(service.sync_runs(ou, account, cancel, at_most=at_most))
        except Trouble as trouble:
            if trouble.code not in _UNTOLD:
                raise
            return ()

    # ------------------------------------------------------------ connections and this machine

    def health(self, cancel: Cancel) -> HealthView:
        """See `HomeCalls.health`."""
        return self._connections.health(cancel)

    def test_read(self, listen: Listen, cancel: Cancel) -> Sequence[FindingView]:
        """See `HomeCalls.test_read`."""
        return self._connections.test_read(listen, cancel)

    def disconnect(self, cancel: Cancel, *, erase: bool) -> DisconnectedView:
        """See `HomeCalls.disconnect`."""
        return self._connections.disconnect(cancel, erase=erase)

    def erase(self, cancel: Cancel) -> ErasedView:
        """See `HomeCalls.erase`."""
        return self._connections.erase(cancel)

    def sign_out(self, cancel: Cancel) -> None:
        """See `HomeCalls.sign_out`."""
        self._access.sign_out(cancel)

    def machine(self, cancel: Cancel) -> MachineView:
        """See `HomeCalls.machine`."""
        keeps: SecretsChoice | None = None
        signed_in = False
        try:
            keeps = SecretsChoice(self._ground.vault(cancel).choice.value)
            signed_in = self._access.is_signed_in(cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            log.info("how sign-ins are kept is not settled: %s", trouble.code)
        in_use = self._ground.net.proxy_in_use(self._ground.profile.service.api)
        return MachineView(
            version=__version__,
            host=self._ground.installation.host,
            logs=self._ground.logs,
            keeps=keeps,
            signed_in=signed_in,
            proxy_mode=ProxyMode(self._ground.proxy.mode.value),
            proxy=in_use.shown,
            keep_days=self._keep_days(),
            moved=self._ground.moved.known() is not None,
        )

    def _keep_days(self) -> int | None:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        try:
            with self._syncing.database(answers).read() as reading:
                return days_kept(reading)
        except Trouble as trouble:
            log.info("how long runs are kept is not known: %s", trouble.code)
            return None

    def keep_for(self, days: int, cancel: Cancel) -> None:
        """See `HomeCalls.keep_for`."""
        cancel.check()
        clock = self._ground.clock
        with self._syncing.database(self._set_up.answers).transaction() as writing:
            choose_days(writing, days)
            prune(writing, clock, keep="")
            forget_old(writing, clock.now())

    @property
    def moving(self) -> MovingCalls:
        """See `HomeCalls.moving`."""
        return self._moving


_STATES = {
    OrganizationAccountStatus.ACTIVE: AccountState.ACTIVE,
    OrganizationAccountStatus.PENDING: AccountState.PENDING,
    OrganizationAccountStatus.FAILED: AccountState.FAILED,
}


def _unit_of(units: Sequence[OrganizationalUnit], answers: Answers) -> OrganizationalUnit:
    """The unit of this set-up as the signed-in person sees it."""
    found = next((one for one in units if one.id == answers.unit_seen), None)
    if found is None:
        name = answers.ou_name or answers.looks_at_name
        raise Trouble(Code.NOT_A_MEMBER, unit=name, address=answers.signed_in_as)
    return found
