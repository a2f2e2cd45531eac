"""One set-up on this computer: everything that window and command line may ask for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.runs import (
    HeldKind,
    PersonPlan,
    PlanKind,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk
from wizard.services.background import Background
from wizard.services.bench_runs import BenchRuns
from wizard.services.contract import (
    AuthorizedView,
    ConnectionView,
    HeldView,
    Listen,
    NetworkView,
    PermissionView,
    PreviewView,
    ProblemView,
    ProfileView,
    ProxyMode,
    SchedulerState,
    SecretsChoice,
    SettingsView,
    SignedInView,
    UnitView,
)
from wizard.services.contract.checking import CheckingCalls
from wizard.services.contract.drafts import DraftCalls
from wizard.services.contract.hand_over import HandOverCalls
from wizard.services.contract.home import HomeCalls
from wizard.services.contract.installing import InstallingCalls
from wizard.services.contract.inviting import InvitingCalls
from wizard.services.contract.live_check import LiveCheckCalls
from wizard.services.contract.people import PeopleCalls
from wizard.services.contract.placing import PlacingCalls
from wizard.services.contract.previewing import PreviewCalls
from wizard.services.contract.scoping import ScopingCalls
from wizard.services.contract.undoing import UndoingCalls
from wizard.services.keeping import SIGN_INS, asks_person
from wizard.services.kept_pause import KeptPause
from wizard.services.lock import FirstWindow
from wizard.services.scheduler import Scheduler
from wizard.services.setup import SetUp

if TYPE_CHECKING:
    from wizard.services.engine import Engine

__all__ = ["LocalWorkbench"]


class LocalWorkbench:
    """Implements `wizard.services.contract.Workbench`.

    Making it reads one small file. What needs the network, the keyring or a database is built
    by `build` at the first call that needs it, off the GUI thread, so that a window can paint
    before any of it is even imported.
    """

    def __init__(
        self,
        profile: ProfileView,
        set_up: SetUp,
        clock: Clock,
        build: Callable[[], Engine],
        *,
        background: Background,
        kept_pause: KeptPause,
        folder: Path,
        config: Path,
    ) -> None:
        self._profile = profile
        self._set_up = set_up
        self._clock = clock
        self._folder = folder
        self._config = config
        self._build = build
        self._lock = threading.Lock()
        self._built: Engine | None = None
        self._closed = False
        self._checking: CheckingCalls | None = None
        self._background = background
        runs = BenchRuns(self, set_up)
        self._kept_pause = kept_pause
        self._schedule = Scheduler(
            runs,
            clock,
            kept=kept_pause,
            taken_back=runs.taken_back,
            ask_taken_back=runs.ask_taken_back,
        )

    @property
    def engine(self) -> Engine:
        """The parts that do the work, built at the first call; `Trouble(CANCELLED)` once closed."""
        with self._lock:
            if self._closed:
                raise Trouble(Code.CANCELLED)
            if self._built is None:
                self._built = self._build()
            return self._built

    # ------------------------------------------------------------ from memory

    @property
    def profile(self) -> ProfileView:
        """See `Workbench.profile`."""
        return self._profile

    def real_profiles(self) -> Sequence[ProfileView]:
        """See `Workbench.real_profiles`."""
        from wizard.services.profile_views import profile_view
        from wizard.services.profiles import real_profiles

        return [profile_view(profile) for profile in real_profiles()]

    def forget_practice(self) -> None:
        """See `Workbench.forget_practice`; the real set-up's profile stays remembered."""
        from wizard.services.profiles import forget_profile

        if self._profile.practice:
            forget_profile(self._config)

    @property
    def answers(self) -> Answers:
        """See `Workbench.answers`."""
        return self._set_up.answers

    @property
    def walk(self) -> Walk:
        """See `Workbench.walk`."""
        return self._set_up.walk

    @property
    def notices(self) -> Sequence[Trouble]:
        """See `Workbench.notices`."""
        built = self._built
        return (*self._set_up.notices, *(built.notices if built is not None else ()))

    @property
    def schedule(self) -> Scheduler:
        """See `Workbench.schedule`."""
        return self._schedule

    @property
    def background(self) -> Background:
        """See `Workbench.background`."""
        return self._background

    def first_window(self) -> FirstWindow:
        """What makes sure of one window a profile: `take` it before showing, `close` it after."""
        return FirstWindow(self._folder, self._clock)

    def go(self, walk: Walk) -> None:
        """See `Workbench.go`."""
        self._set_up.go(walk)

    def change(self, answers: Answers) -> None:
        """See `Workbench.change`."""
        self._set_up.change(answers)

    def choose_unit(self, unit: UnitView) -> None:
        """See `Workbench.choose_unit`."""
        self.engine.sign_in.choose(unit)

    # ------------------------------------------------------------ network and sign-in

    def network(self, cancel: Cancel) -> NetworkView:
        """See `Workbench.network`."""
        view = self.engine.network(cancel)
        self._set_up.happened(lambda answers: replace(answers, service_answered=view.answers))
        return view

    def set_proxy(self, mode: ProxyMode, address: str) -> None:
        """See `Workbench.set_proxy`."""
        self.engine.set_proxy(mode, address)

    def open_browser(self, url: str) -> bool:
        """See `Workbench.open_browser`."""
        return self.engine.ground.browser.open(url)

    def keep_secrets(self, choice: SecretsChoice, passphrase: str, cancel: Cancel) -> None:
        """See `Workbench.keep_secrets`; a sync that had to wait for it begins."""
        ground = self.engine.ground
        ground.keep_secrets(choice, passphrase, cancel)
        kept = ground.vault(cancel).names()
        if not any(name.startswith(SIGN_INS) for name in kept):
            # The tokens of an earlier start can't be had: signing in comes first, and tells what
            # of the set-up still holds.
            self._set_up.happened(
                lambda answers: replace(answers, signed_in_as="", first_sync_done=False)
            )
        view = self._schedule.view()
        last = view.last
        if (
            self.answers.first_sync_done
            and view.state is SchedulerState.NEEDS_PERSON
            and last is not None
            and asks_person(last.trouble, dict(last.trouble_facts))
        ):
            self._schedule.run_now(Trigger.SCHEDULE)

    def sign_in(self, listen: Listen, cancel: Cancel, *, create: bool) -> SignedInView:
        """See `Workbench.sign_in`."""
        return self.engine.sign_in.sign_in(listen, cancel, create=create)

    def signed_in(self, cancel: Cancel) -> SignedInView:
        """See `Workbench.signed_in`."""
        return self.engine.sign_in.signed_in(cancel)

    def sign_out(self, cancel: Cancel) -> None:
        """End the person's sign-in; the sync goes on with its own token."""
        self.engine.sign_in.sign_out(cancel)

    def create_unit(self, name: str, cancel: Cancel) -> UnitView:
        """See `Workbench.create_unit`."""
        return self.engine.sign_in.create(name, cancel)

    @property
    def hand_over(self) -> HandOverCalls:
        """See `Workbench.hand_over`."""
        return self.engine.hand_over

    @property
    def inviting(self) -> InvitingCalls:
        """See `Workbench.inviting`."""
        return self.engine.inviting

    # ------------------------------------------------------------ workspace

    @property
    def installing(self) -> InstallingCalls:
        """See `Workbench.installing`."""
        return self.engine.installing

    @property
    def live_check(self) -> LiveCheckCalls:
        """See `Workbench.live_check`."""
        return self.engine.live_check

    def permissions(self) -> Sequence[PermissionView]:
        """See `Workbench.permissions`."""
        from wizard.providers.google.permissions import PERMISSIONS, short_scope

        return [
            PermissionView(
                scope=permission.scope,
                short=short_scope(permission.scope),
                key=permission.reason,
            )
            for permission in PERMISSIONS
        ]

    def authorize(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """See `Workbench.authorize`."""
        return self.engine.workspace.authorize(listen, cancel)

    def connect_anyway(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """See `Workbench.connect_anyway`."""
        return self.engine.workspace.connect_anyway(listen, cancel)

    def decline_connection(self, cancel: Cancel) -> None:
        """See `Workbench.decline_connection`."""
        self.engine.workspace.decline(cancel)

    def wait_until_active(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """See `Workbench.wait_until_active`."""
        return self.engine.workspace.wait_until_active(listen, cancel)

    # ------------------------------------------------------------ settings and preview

    def settings(self, cancel: Cancel) -> SettingsView:
        """See `Workbench.settings`."""
        return self.engine.provisioning.read(cancel)

    def save_settings(self, draft: ProvisioningSettings, cancel: Cancel) -> SettingsView:
        """See `Workbench.save_settings`."""
        return self.engine.provisioning.save(draft, cancel)

    def preview(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        """See `Workbench.preview`."""
        return self.engine.previews.make(draft, listen, cancel)

    def last_preview(self) -> PreviewView | None:
        """See `Workbench.last_preview`."""
        return self.engine.previews.last()

    def plan_rows(
        self, run_id: str, *, kinds: frozenset[PlanKind], search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """See `Workbench.plan_rows`."""
        return self.engine.previews.rows(
            run_id, kinds=kinds, search=search, offset=offset, limit=limit
        )

    def save_plan(self, run_id: str, path: Path) -> int:
        """See `Workbench.save_plan`."""
        return self.engine.previews.save(run_id, path)

    def problems(self, run_id: str) -> Sequence[ProblemView]:
        """See `Workbench.problems`."""
        return self.engine.previews.problems(run_id)

    # ------------------------------------------------------------ what the guard holds

    def held(self) -> tuple[HeldView, ...]:
        """See `Workbench.held`."""
        return self.engine.holding.held()

    def held_rows(
        self, run_id: str, kind: HeldKind, *, search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """See `Workbench.held_rows`."""
        return self.engine.holding.rows(run_id, kind, search=search, offset=offset, limit=limit)

    def approve(self, run_id: str, kind: HeldKind, typed: int, cancel: Cancel) -> None:
        """See `Workbench.approve`."""
        self.engine.holding.approve(run_id, kind, typed, cancel)

    # ------------------------------------------------------------ runs

    def run(
        self,
        trigger: Trigger,
        cancel: Cancel,
        listen: Callable[[RunProgress], None],
        *,
        take_over: bool = False,
    ) -> RunReport:
        """One run on this thread, for the command line; see `Syncing.run`."""
        report = self.engine.syncing.run(trigger, cancel, listen, take_over=take_over)
        self._remember_first(report)
        return report

    def stands_for(self, cancel: Cancel) -> str:
        """The run that took one back, where nobody has synced or gone on since; '' for none.

        For the command line: nothing that comes by a clock may sync then. Asks the service;
        raises `Trouble`.
        """
        taken_back = self.engine.syncing.standstill.ask(cancel)
        return taken_back if taken_back != self._kept_pause.went_on() else ""

    @property
    def scoping(self) -> ScopingCalls:
        """See `Workbench.scoping`."""
        return self.engine.scoping

    @property
    def previews(self) -> PreviewCalls:
        """See `Workbench.previews`."""
        return self.engine.previews

    @property
    def drafts(self) -> DraftCalls:
        """See `Workbench.drafts`."""
        return self.engine.drafts

    @property
    def people(self) -> PeopleCalls:
        """See `Workbench.people`."""
        people = self.engine.people
        people.keeper = self._kept_elsewhere
        return people

    def _kept_elsewhere(self) -> str:
        """The other computer that the last run was turned away for, '' where none was."""
        last = self._schedule.view().last
        if last is None or last.trouble is not Code.NOT_THE_SYNCER:
            return ""
        from wizard.services.explain import keeper_in

        return keeper_in(dict(last.trouble_facts))

    @property
    def home(self) -> HomeCalls:
        """See `Workbench.home`."""
        return self.engine.home

    @property
    def undoing(self) -> UndoingCalls:
        """See `Workbench.undoing`."""
        return self.engine.undoing

    @property
    def checking(self) -> CheckingCalls:
        """See `Workbench.checking`."""
        with self._lock:
            if self._checking is None:
                from wizard.services.checking import Checking

                self._checking = Checking(self)
            return self._checking

    @property
    def placing(self) -> PlacingCalls:
        """See `Workbench.placing`."""
        return self.engine.placing

    def take_over(self, cancel: Cancel) -> ConnectionView:
        """See `Workbench.take_over`."""
        return self.engine.take_over(cancel)

    def reports(self, limit: int = 50) -> Sequence[RunReport]:
        """The newest runs first."""
        return self.engine.reports(limit)

    def close(self) -> None:
        """See `Workbench.close`."""
        self._schedule.stop()
        with self._lock:
            built, self._built, self._closed = self._built, None, True
        try:
            if built is not None:
                built.close()
        finally:
            try:
                self._background.flush()
            finally:
                self._set_up.flush()

    def _remember_first(self, report: RunReport) -> None:
        if not report.came_through:
            return
        self._set_up.happened(
            lambda answers: replace(
                answers,
                first_run_id=answers.first_run_id or report.run_id,
                first_sync_done=True,
            )
        )
