"""Runs and previews of one connection: what they need put together, the lease held, told after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from wizard.accounts.base import AccountService, Role, UserAccounts
from wizard.core.cancel import Cancel
from wizard.core.clock import from_text, to_text
from wizard.core.runs import RunProgress, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Fact, Trouble
from wizard.flow.answers import Answers, Place
from wizard.providers.base import DirectoryReader
from wizard.services.ground import Ground
from wizard.services.kept_settings import SettingsRead, kept_settings, read_settings
from wizard.services.lease import Lease
from wizard.services.lock import UnitLock
from wizard.services.open_databases import OpenDatabases
from wizard.services.owners import LastKnown, Owners
from wizard.services.run_reports import RunReports
from wizard.services.setup import SetUp
from wizard.services.standstill import Standstill
from wizard.store.database import Database
from wizard.sync import cycle
from wizard.sync.match import distrust_links
from wizard.sync.parts import Listen, PlanSummary, SyncParts
from wizard.sync.runs import last_good_report, last_report, stored_report
from wizard.sync.unbegun import keep_unbegun, unbegun_report
from wizard.sync.undo import UndoPlan, preview_undo, undo

__all__ = ["Access", "Syncing"]

log = logging.getLogger(__name__)
_PREVIEW_PATIENCE = 20.0
_SHORTEST, _LONGEST = 5, 1440
"""Minutes between runs that a service may ask for (the contract's bounds)."""
_NO_OWNER = frozenset(
    {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED, Code.NOT_ALLOWED, Code.NOT_FOUND_AT_SERVICE}
)
"""Nobody is signed in at this computer, or somebody who may not know who owns the unit."""
_SELDOM = 2
"""A lease lasts three intervals of the settings: a run comes after two of them at the latest."""


class Access(Protocol):
    """The account service and the directory, as far as a sync needs them."""

    def as_person(self, cancel: Cancel) -> AccountService:
        """The service as the signed-in person sees it; `Trouble(SIGN_IN_NEEDED)`."""
        ...

    def as_sync(self, answers: Answers, cancel: Cancel) -> AccountService:
        """The service as the provisioning token sees it, which is made where there is none."""
        ...

    def users(self, answers: Answers, cancel: Cancel, *, read_only: bool) -> UserAccounts:
        """People's accounts, behind the wall where only reading is meant."""
        ...

    def reader(self, answers: Answers, cancel: Cancel) -> DirectoryReader:
        """The directory; `Trouble(SIGN_IN_NEEDED)` where nobody authorized it from here."""
        ...


class Syncing:
    """See `wizard.services.scheduler.Runner`. One run or preview at a time, in any process."""

    def __init__(self, ground: Ground, set_up: SetUp, access: Access) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._databases = OpenDatabases(ground)
        self.every = 0
        self.stays = False  # a command that was told to sync for as long as it runs
        self.takes_over = False
        self.after: Callable[[RunReport, Cancel], None] = lambda _report, _cancel: None
        self.standstill = Standstill(ground, set_up, access, self.database, self._tell_after)

    # ------------------------------------------------------------ what is kept on this computer

    def database(self, answers: Answers) -> Database:
        """The connection's database, opened at first use; `Trouble` of disk and damage."""
        _needs_connection(answers)
        return self._databases.of(answers)

    @property
    def set_aside(self) -> Sequence[Trouble]:
        """Databases that were found damaged, and what became of them."""
        return self._databases.set_aside

    def close(self) -> None:
        """Close the databases; nothing may run any more."""
        self._databases.close()

    def erase(self, answers: Answers) -> None:
        """See `OpenDatabases.erase`."""
        self._databases.erase(answers)

    def interval_minutes(self) -> int:
        """See `Runner.interval_minutes`; `every` minutes where a start asked for it.

        Never so seldom that the lease would lapse in between.
        """
        kept = self.kept()
        told = (kept.settings if kept else ProvisioningSettings()).interval_minutes
        told = max(_SHORTEST, min(told, _LONGEST))
        return min(self.every, _SELDOM * told) if self.every else told

    def last_report(self) -> RunReport | None:
        """See `Runner.last_report`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        return last_report(self.database(answers))

    def last_good_at(self) -> datetime | None:
        """See `Runner.last_good_at`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        good = last_good_report(self.database(answers))
        return good.finished_at if good is not None else None

    def last_started(self) -> datetime | None:
        """See `Runner.last_started`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        with self.database(answers).read() as reading:
            text = next(
                reading.values(
                    str,
                    "SELECT started_at FROM run WHERE NOT preview ORDER BY started_at DESC LIMIT 1",
                ),
                None,
            )
        return from_text(text) if text is not None else None

    def taken_back(self) -> str:
        """The run that took one back, where no sync has begun since; '' for none."""
        return self.standstill.known()

    def kept(self) -> SettingsRead | None:
        """The settings as last read here, None where they never were."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        return kept_settings(self.database(answers))

    # ------------------------------------------------------------ a run, a preview

    def run(
        self,
        trigger: Trigger,
        cancel: Cancel,
        listen: Callable[[RunProgress], None],
        *,
        take_over: bool = False,
    ) -> RunReport:
        """See `Runner.run`. `take_over` takes the lease from another computer, and is logged.

        Raises `Trouble` only for what came before the run: another run in progress, no sign-in,
        settings that can't be read. What kept a run from beginning is remembered. A command, and
        a take-over, mean that from now on it is this computer's task; where somebody left it to
        a server, only one that is not refused does.
        """
        _needs_connection(self._set_up.answers)
        asked = trigger is Trigger.COMMAND or take_over
        if asked and self._set_up.answers.place is not Place.SERVER:
            self._set_up.happened(_here)
        answers = self._set_up.answers
        clock = self._ground.clock
        started = clock.now()
        with self._alone(answers, cancel, seconds=0.0):
            database = self.database(answers)
            try:
                report = self._run(answers, trigger, cancel, listen, take_over=take_over)
            except Trouble as trouble:
                unbegun = unbegun_report(trouble, trigger, started, clock.now())
                if trouble.code is Code.NOT_THE_SYNCER:
                    distrust_links(database)
                    return unbegun
                keep_unbegun(database, clock, trigger=trigger, started=started, trouble=trouble)
                self.after(unbegun, cancel)
                raise
            self.after(report, cancel)
            return self._databases.ended(answers, report)

    def _run(
        self, answers: Answers, trigger: Trigger, cancel: Cancel, listen: Listen, *, take_over: bool
    ) -> RunReport:
        """The run, with the turn of this computer held; raises what keeps it from beginning."""
        database = self.database(answers)
        service = self._access.as_sync(answers, cancel)
        read = self._settings(service, answers, cancel)
        lease = Lease(self._ground, service, answers, cancel, left=self._left(answers))
        asked = trigger is Trigger.COMMAND or take_over
        if read.settings.enabled:
            take_over = take_over or self.takes_over
            if not (asked or take_over):
                self._leave_it_there(service, answers, cancel)
        if take_over:
            # First of all: a crash must not leave the lease here with links from before it.
            distrust_links(database)
        if read.settings.enabled:
            lease.take(take_over=take_over)
            self.takes_over = False
        if asked:
            self._set_up.happened(_here)
        if read.settings.enabled:
            self._has_it(self._set_up.answers)
        parts = self._writing(service, answers, read, lease, cancel)
        return cycle.run(parts, read.settings, trigger, cancel, lease.renewing(listen))

    def preview(
        self, draft: ProvisioningSettings | None, cancel: Cancel, listen: Listen
    ) -> PlanSummary:
        """Plan with a draft, or with the service's settings, behind the read-only wall."""
        answers = self._set_up.answers
        _needs_connection(answers)
        with self._alone(answers, cancel, seconds=_PREVIEW_PATIENCE):
            service = self._access.as_sync(answers, cancel)
            read = self._settings(service, answers, cancel)
            parts = self._parts(answers, cancel, read, read_only=True)
            return cycle.preview(parts, draft or read.settings, cancel, listen)

    def preview_undo(self, undone: str, cancel: Cancel, listen: Listen) -> UndoPlan:
        """What taking a run back would do, behind the read-only wall."""
        answers = self._set_up.answers
        with self._alone(answers, cancel, seconds=_PREVIEW_PATIENCE):
            service = self._access.as_sync(answers, cancel)
            read = self._settings(service, answers, cancel)
            parts = self._parts(answers, cancel, read, read_only=True)
            return preview_undo(parts, read.settings, undone, cancel, listen)

    def undo(
        self, undone: str, shown: str, trigger: Trigger, cancel: Cancel, listen: Listen
    ) -> RunReport:
        """Take a run back as the preview `shown` told it, also while provisioning is off.

        Raises `Trouble` for what comes before the run, NOT_THE_SYNCER among it.
        """
        answers = self._set_up.answers
        with self._alone(answers, cancel, seconds=_PREVIEW_PATIENCE):
            service = self._access.as_sync(answers, cancel)
            read = self._settings(service, answers, cancel)
            lease = Lease(self._ground, service, answers, cancel, left=self._left(answers))
            self._leave_it_there(service, answers, cancel)
            lease.take()
            parts = self._writing(service, answers, read, lease, cancel)
            heard = lease.renewing(listen)
            done = undo(parts, read.settings, undone, cancel, heard, shown=shown, trigger=trigger)
            self.after(done, cancel)
            return done

    def _tell_after(self, report: RunReport, cancel: Cancel) -> None:
        self.after(report, cancel)  # which is set later on

    def _has_it(self, answers: Answers) -> None:
        """Remember that the place that was chosen has taken it on."""
        if answers.place is Place.THIS_COMPUTER and not answers.place_ready:
            self._set_up.happened(
                lambda known: replace(known, place_ready=known.place is Place.THIS_COMPUTER)
            )

    def _left(self, began: Answers) -> Callable[[], bool]:
        """Whether a person has left the sync to a server since a run with these answers began."""
        return lambda: not began.elsewhere and self._set_up.answers.elsewhere

    def _leave_it_there(self, service: AccountService, answers: Answers, cancel: Cancel) -> None:
        """Raise `Trouble(NOT_THE_SYNCER)` where a person left the sync to a server.

        The window of whoever chose so must not become the syncer because the server was off for
        a while: both would then take turns. The same holds where another computer has always done
        it, and nobody said here that this one is to do it.
        """
        if not answers.elsewhere:
            return
        lease = service.organization_account(
            answers.ou_id, answers.organization_account_id, cancel
        ).syncer
        here = self._ground.installation.id
        held = lease is not None and lease.expires_at > self._ground.clock.now()
        if lease is not None and held and lease.installation_id == here:
            return
        facts: dict[str, Fact] = {}
        if lease is not None:
            facts = {"host": lease.host, "person": lease.person}
            if lease.last_run_at is not None:
                facts["last_run_at"] = to_text(lease.last_run_at)
        raise Trouble(Code.NOT_THE_SYNCER, retry_after=None, **facts)

    def _asking_again(
        self,
        service: AccountService,
        answers: Answers,
        read: SettingsRead,
        lease: Lease,
        cancel: Cancel,
    ) -> Callable[[], None]:
        """What a run asks that stood still: whether it still may write, and by which settings."""

        def ask() -> None:
            lease.take()
            now = self._settings(service, answers, cancel.without_pause())
            if read.settings.enabled and not now.settings.enabled:
                raise Trouble(Code.PROVISIONING_OFF)
            if read.live and not now.live:
                raise Trouble(Code.SETTINGS_UNREADABLE)
            if replace(now.settings, version=0) != replace(read.settings, version=0):
                raise Trouble(Code.RUN_INTERRUPTED, problem="settings-changed")

        return ask

    @contextmanager
    def _alone(self, answers: Answers, cancel: Cancel, *, seconds: float) -> Iterator[None]:
        lock = UnitLock(self._ground.unit_folder(answers.ou_id), self._ground.clock)
        with lock.holding(cancel, seconds=seconds), self._databases.watched(answers):
            yield

    def _settings(self, service: AccountService, answers: Answers, cancel: Cancel) -> SettingsRead:
        return read_settings(
            service,
            self.database(answers),
            ou=answers.ou_id,
            account=answers.organization_account_id,
            cancel=cancel,
        )

    def _writing(
        self,
        service: AccountService,
        answers: Answers,
        read: SettingsRead,
        lease: Lease,
        cancel: Cancel,
    ) -> SyncParts:
        """What a run works with that may write, with the lease held."""
        return replace(
            self._parts(answers, cancel, read, read_only=False),
            still_allowed=self._asking_again(service, answers, read, lease, cancel),
            tell_service=lambda report: self._tell_service(service, answers, report),
        )

    def _parts(
        self, answers: Answers, cancel: Cancel, read: SettingsRead, *, read_only: bool
    ) -> SyncParts:
        owners, live = self._owners(answers, cancel)
        return SyncParts(
            database=self.database(answers),
            reader=self._access.reader(answers, cancel),
            accounts=self._access.users(answers, cancel, read_only=read_only),
            members=owners.owners,
            owners_read_at=None if live else owners.read_at,
            ou_id=answers.ou_id,
            account_id=answers.organization_account_id,
            provider=answers.provider,
            customer_id=answers.customer_id,
            signed_in_address=answers.signed_in_as or owners.signed_in,
            authorized_by=answers.authorized_as,
            installation_id=self._ground.installation.id,
            clock=self._ground.clock,
            settings_live=read.live,
            settings_read_at=read.read_at,
        )

    def _owners(self, answers: Answers, cancel: Cancel) -> tuple[LastKnown, bool]:
        """The unit's owners, and whether the service told them now; else as last known.

        The sync has a key of its own: who is signed in here must not decide whether it runs.
        """
        owners = Owners(self._ground.unit_folder(answers.ou_id))
        try:
            service = self._access.as_person(cancel)
            members = list(service.members(answers.ou_id, cancel, role=Role.OWNER))
        except Trouble as trouble:
            if trouble.code not in _NO_OWNER:
                raise
            log.info("no owner is signed in (%s): those last known are protected", trouble.code)
            return owners.known(), False
        owners.remember(members, at=self._ground.clock.now(), signed_in=answers.signed_in_as)
        return owners.known(), True

    def _tell_service(self, service: AccountService, answers: Answers, report: RunReport) -> bool:
        """Record the run at the service, also a cancelled one; whether it has it."""
        return RunReports(self._ground.unit_folder(answers.ou_id)).tell(
            service,
            ou=answers.ou_id,
            account=answers.organization_account_id,
            report=report,
            stored=lambda run_id: stored_report(self.database(answers), run_id),
        )


def _here(answers: Answers) -> Answers:
    """With this computer as the one that somebody chose to keep people in step."""
    if answers.place is Place.THIS_COMPUTER:
        return answers
    return replace(answers, place=Place.THIS_COMPUTER, place_ready=False, kept_elsewhere=False)


def _needs_connection(answers: Answers) -> None:
    if not answers.ou_id:
        raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
    if not answers.organization_account_id:
        raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
