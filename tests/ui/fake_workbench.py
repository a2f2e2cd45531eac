"""A set-up that holds its state in memory, and fails or waits when a test tells it to."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.ui import halden
from tests.ui.fake_background import FakeBackground
from tests.ui.fake_checking import FakeChecking
from tests.ui.fake_drafts import FakeDrafts
from tests.ui.fake_hand_over import FakeHandOver
from tests.ui.fake_home import FakeHome
from tests.ui.fake_installing import FakeInstalling, FakeLiveCheck
from tests.ui.fake_inviting import FakeInviting
from tests.ui.fake_people import FakePeople
from tests.ui.fake_placing import FakePlacing
from tests.ui.fake_previews import FakePreviews
from tests.ui.fake_scoping import FakeScoping
from tests.ui.fake_undoing import FakeUndoing
from tests.ui.sample import (
    CONNECTION,
    NOW,
    PASSED,
    PERMISSIONS,
    REAL,
    SECOND_DOMAIN,
    counts_of,
    people,
)
from wizard.core.cancel import Cancel
from wizard.core.runs import (
    HeldKind,
    PersonPlan,
    PlanCounts,
    PlanKind,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk, with_answers
from wizard.services.contract import (
    AuthorizedView,
    BrowserWaiting,
    CheckRunning,
    ConnectionView,
    FindingState,
    FindingView,
    HeldView,
    Listen,
    NetworkView,
    PermissionView,
    PreviewView,
    ProblemView,
    ProfileView,
    ProxyMode,
    SchedulerState,
    SchedulerView,
    SecretsChoice,
    SettingsView,
    SignedInView,
    UnitView,
    WaitingForService,
)
from wizard.services.learning import stands


class FakeSchedule:
    """A background sync that stands where the test puts it."""

    def __init__(self) -> None:
        self._view = SchedulerView(state=SchedulerState.STOPPED)
        self._listeners: list[Callable[[SchedulerView], None]] = []
        self.asked: list[str] = []

    def show(self, view: SchedulerView) -> None:
        """Stand there from now on, and tell everybody."""
        self._view = view
        for listener in tuple(self._listeners):
            listener(view)

    def progress(self, phase: RunPhase, done: int, total: int, **more: int | str) -> None:
        """Be in the middle of a run."""
        progress = RunProgress(phase=phase, done=done, total=total, **more)  # type: ignore[arg-type] # counts by name
        self.show(SchedulerView(state=SchedulerState.RUNNING, progress=progress))

    def finish(self, planned: PlanCounts, *, failed: int = 0, **more: object) -> RunReport:
        """End the run in progress."""
        report = RunReport(
            run_id="run-1",
            trigger=Trigger.FIRST,
            outcome=RunOutcome.PARTLY if failed else RunOutcome.DONE,
            started_at=NOW,
            finished_at=NOW + timedelta(minutes=6),
            planned=planned,
            done=replace(planned, create=planned.create - failed),
            failed=failed,
            people_read=planned.total,
        )
        report = replace(report, **more)  # type: ignore[arg-type] # fields by name
        self.show(
            SchedulerView(
                state=SchedulerState.WAITING,
                next_run_at=report.finished_at + timedelta(minutes=30),
                last=report,
            )
        )
        return report

    def view(self) -> SchedulerView:
        return self._view

    def listen(self, listener: Callable[[SchedulerView], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def start(self) -> None:
        self.asked.append("start")

    def run_now(self, trigger: Trigger = Trigger.PERSON) -> None:
        self.asked.append(f"run:{trigger.value}")
        self.progress(RunPhase.READ, 0, 0)

    def pause(self, until: datetime | None = None) -> None:
        self.asked.append("pause")
        self.show(replace(self._view, state=SchedulerState.PAUSED, paused_until=until))

    def look_again(self) -> None:
        self.asked.append("look-again")

    def resume(self) -> None:
        self.asked.append("resume")
        running = self._view.progress is not None
        state = SchedulerState.RUNNING if running else SchedulerState.WAITING
        self.show(replace(self._view, state=state, paused_until=None))

    def cancel_run(self) -> None:
        self.asked.append("cancel")
        self.finish(PlanCounts(), outcome=RunOutcome.CANCELLED, trouble=Code.CANCELLED)

    def stop(self) -> None:
        self.asked.append("stop")


class FakeWorkbench:
    """`wizard.services.contract.Workbench` with everything in memory."""

    def __init__(self, profile: ProfileView = REAL, *, rows: Sequence[PersonPlan] = ()) -> None:
        self.profile = profile
        self.walk = Walk()
        self.notices: tuple[Trouble, ...] = ()
        self.rows = list(rows) or people(439)
        self.stored = ProvisioningSettings(version=3)
        self.whose = ""
        """The domain of a directory that has to be asked about, '' where none has."""
        self.without: tuple[str, ...] = ()
        """Rights that were left out and that one can do without."""
        self.findings: tuple[FindingView, ...] = (*PASSED, SECOND_DOMAIN)
        self.name = "Ingrid Solberg"
        """Of whoever signs in; '' where the service knows none."""
        self.units: tuple[UnitView, ...] = (
            UnitView(id="ou-1", name="Halden Freight", manageable=True),
        )
        self.planned: PreviewView | None = None
        self.asked_about: tuple[HeldView, ...] = ()
        self.approved: list[tuple[str, HeldKind, int]] = []
        self.schedule = FakeSchedule()
        self.background = FakeBackground()
        self.inviting = FakeInviting(self)
        self.hand_over = FakeHandOver(self)
        self.installing = FakeInstalling(self)
        self.live_check = FakeLiveCheck(self)
        self.drafts = FakeDrafts(self)
        self.scoping = FakeScoping(self)
        self.previews = FakePreviews(self)
        self.placing = FakePlacing(self)
        self.undoing = FakeUndoing(self)
        self.checking = FakeChecking(self)
        self.saved_by = ""
        self.connection = CONNECTION
        self.proxy = (ProxyMode.SYSTEM, "")
        self.opened: list[str] = []
        self.passphrase = ""
        self.kept_as: SecretsChoice | None = None
        self.problem_rows: tuple[ProblemView, ...] = ()
        self.closed = False
        self.syncs_here = False
        self.installed: tuple[ProfileView, ...] = ()
        self.practice_forgotten = False
        self._failures: dict[str, list[Trouble]] = defaultdict(list)
        self._gates: dict[str, threading.Event] = {}
        self._undecided: AuthorizedView | None = None
        self._preview: PreviewView | None = None
        self.preview_holds = True
        self.previewed: ProvisioningSettings | None = None
        self.stored_reports: list[RunReport] = []
        self.called: list[str] = []
        self.people = FakePeople(self._step)
        self.home = FakeHome(self._step, lambda: self.answers, self.change)

    # -------------------------------------------------------- told by tests

    def fail(self, call: str, code: Code, *, times: int = 1, **facts: str) -> None:
        """Let the next calls of this name raise."""
        self._failures[call] += [Trouble(code, retry_after=None, **facts) for _ in range(times)]

    def hold(self, call: str) -> None:
        """Let calls of this name wait until they are released or cancelled."""
        self._gates[call] = threading.Event()

    def release(self, call: str) -> None:
        """Let waiting calls of this name go on."""
        self._gates.pop(call).set()

    def gates(self) -> tuple[threading.Event, ...]:
        """Everything that calls wait for."""
        return tuple(self._gates.values())

    def step(self, call: str, cancel: Cancel | None = None) -> None:
        """Let a part of this workbench note a call, wait and fail as a test says."""
        self._step(call, cancel)

    def _step(self, call: str, cancel: Cancel | None = None) -> None:
        self.called.append(call)
        gate = self._gates.get(call)
        while gate is not None and not gate.wait(0.02):
            if cancel is not None:
                cancel.check()
        if self._failures[call]:
            raise self._failures[call].pop(0)

    # -------------------------------------------------------- the workbench

    def real_profiles(self) -> Sequence[ProfileView]:
        self._step("real_profiles")
        return self.installed

    def forget_practice(self) -> None:
        self._step("forget_practice")
        self.practice_forgotten = True

    @property
    def answers(self) -> Answers:
        return self.walk.answers

    @answers.setter
    def answers(self, answers: Answers) -> None:
        self.walk = with_answers(self.walk, answers)

    def change(self, answers: Answers) -> None:
        self.answers = answers

    def go(self, walk: Walk) -> None:
        self.walk = walk

    def network(self, cancel: Cancel) -> NetworkView:
        self._step("network", cancel)
        mode, proxy = self.proxy
        return NetworkView(mode=mode, proxy=proxy, answers=True)

    def set_proxy(self, mode: ProxyMode, address: str) -> None:
        self._step("set_proxy")
        if mode is ProxyMode.TYPED and ":" not in address:
            raise Trouble(Code.PROXY_INVALID, proxy=address)
        self.proxy = (mode, address)

    def keep_secrets(self, choice: SecretsChoice, passphrase: str, cancel: Cancel) -> None:
        self._step("keep_secrets", cancel)
        if choice is SecretsChoice.PASSPHRASE and passphrase != self.passphrase:
            raise Trouble(Code.PASSPHRASE_WRONG, problem="wrong")
        if choice is SecretsChoice.NEW_PASSPHRASE:
            self.passphrase = passphrase
        if choice not in {SecretsChoice.KEYRING, SecretsChoice.PASSPHRASE}:
            self.answers = replace(self.answers, signed_in_as="", first_sync_done=False)
        self.kept_as = choice

    def _wait_for_browser(self, call: str, listen: Listen, cancel: Cancel, host: str) -> None:
        listen(
            BrowserWaiting(
                url=f"https://{host}/authorize?state=s",
                host=host,
                started_at=datetime.now(UTC),
                seconds=300,
                opened=True,
            )
        )
        self._step(call, cancel)

    def sign_in(self, listen: Listen, cancel: Cancel, *, create: bool) -> SignedInView:
        self._wait_for_browser("sign_in", listen, cancel, "accounts.enterprise-connect.example")
        self.called.append(f"sign_in create={create}")
        return self._signed_in()

    def _signed_in(self) -> SignedInView:
        address = "ingrid.solberg@halden-freight.example"
        owned = {unit.id for unit in self.units if unit.manageable}
        if stands(self.answers) and self.answers.ou_id not in owned:
            raise self._standing(address=address)
        self.answers = replace(self.answers, signed_in_as=address, signed_in_name=self.name)
        manageable = [unit for unit in self.units if unit.manageable]
        if len(manageable) == 1:
            self.choose_unit(manageable[0])
        return SignedInView(name=self.name, address=address, units=self.units)

    def signed_in(self, cancel: Cancel) -> SignedInView:
        self._step("signed_in", cancel)
        if not self.answers.signed_in_as:
            raise Trouble(Code.SIGN_IN_NEEDED)
        return self._signed_in()

    def _standing(self, **facts: str) -> Trouble:
        known = {"name": self.answers.ou_name, "person": self.answers.signed_in_as}
        return Trouble(Code.SET_UP_STANDS, retry_after=None, **known, **facts)

    def choose_unit(self, unit: UnitView) -> None:
        if stands(self.answers) and self.answers.ou_id != unit.id:
            raise self._standing(problem="other-unit")
        self.answers = replace(self.answers, ou_id=unit.id, ou_name=unit.name)

    def create_unit(self, name: str, cancel: Cancel) -> UnitView:
        self._step("create_unit", cancel)
        unit = UnitView(id=f"ou-{len(self.units) + 1}", name=name, manageable=True)
        self.units = (*self.units, unit)
        self.choose_unit(unit)
        return unit

    def open_browser(self, url: str) -> bool:
        here = threading.current_thread()
        assert here is not threading.main_thread(), "a slow browser would hold up the window"
        self.opened.append(url)
        return True

    def permissions(self) -> Sequence[PermissionView]:
        return PERMISSIONS

    def authorize(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        self._wait_for_browser("authorize", listen, cancel, "accounts.google.com")
        for finding in self.findings:
            listen(CheckRunning(id=finding.id))
            listen(finding)
        self._step("checks", cancel)
        failed = any(finding.state is FindingState.FAILED for finding in self.findings)
        address = "tomasz.wilk@halden-freight.example"
        if failed and self.without:
            self._undecided = AuthorizedView(
                address=address,
                findings=self.findings,
                connection=None,
                needs_confirmation=True,
                domain=CONNECTION.domain,
                without=self.without,
            )
            return self._undecided
        if failed:
            return AuthorizedView(address=address, findings=self.findings, connection=None)
        if self.whose:
            self._undecided = AuthorizedView(
                address=f"ada.berg@{self.whose}",
                findings=self.findings,
                connection=None,
                needs_confirmation=True,
                domain=self.whose,
            )
            return self._undecided
        return self._connect(address, CONNECTION, listen, cancel)

    def connect_anyway(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        self._step("connect_anyway", cancel)
        asked = self._undecided
        if asked is None:
            raise Trouble(Code.SIGN_IN_NEEDED, connection="google")
        if asked.without:
            # They know of it now: nothing is in the way any more.
            self.findings = tuple(
                replace(one, state=FindingState.WARNING, code=None) if one.code else one
                for one in self.findings
            )
        connection = replace(CONNECTION, domain=asked.domain, authorized_by=asked.address)
        view = self._connect(asked.address, connection, listen, cancel)
        self._undecided = None
        return view

    def decline_connection(self, cancel: Cancel) -> None:
        self._step("decline_connection", cancel)
        self._undecided = None

    def wait_until_active(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        listen(WaitingForService(since=datetime.now(UTC)))
        self._step("activation", cancel)
        self.answers = replace(self.answers, organization_account_active=True)
        return AuthorizedView(address=CONNECTION.authorized_by, findings=(), connection=CONNECTION)

    def _connect(
        self, address: str, connection: ConnectionView, listen: Listen, cancel: Cancel
    ) -> AuthorizedView:
        listen(WaitingForService(since=datetime.now(UTC)))
        self._step("activation", cancel)
        self.answers = replace(
            self.answers,
            organization_account_id=connection.id,
            organization_account_active=True,
            authorized_as=address,
            domain=connection.domain,
            customer_id=connection.customer_id,
        )
        return AuthorizedView(
            address=address, findings=self.findings, connection=connection, people=492
        )

    def settings(self, cancel: Cancel) -> SettingsView:
        self._step("settings", cancel)
        return SettingsView(
            settings=self.stored, connection=self.connection, in_scope=halden.IN_SCOPE
        )

    def save_settings(self, draft: ProvisioningSettings, cancel: Cancel) -> SettingsView:
        self._step("save_settings", cancel)
        if draft.version != self.stored.version:
            raise Trouble(Code.SETTINGS_CHANGED)
        self.stored = replace(draft, version=draft.version + 1)
        self.answers = replace(
            self.answers,
            settings_version=self.stored.version,
            provisioning_on=self.stored.enabled,
            draft=None,
        )
        return SettingsView(
            settings=self.stored, connection=self.connection, in_scope=halden.IN_SCOPE
        )

    def preview(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        listen(RunProgress(phase=RunPhase.READ, done=200, total=0))
        self.previewed = draft
        self._step("preview", cancel)
        view = self.planned or PreviewView(
            run_id="preview-1", made_at=NOW, counts=counts_of(self.rows), leave_limit=5
        )
        self._preview = view
        self.preview_holds = True
        self.answers = replace(self.answers, preview_run_id=view.run_id)
        return view

    def last_preview(self) -> PreviewView | None:
        return self._preview if self.preview_holds else None

    def matching(self, kinds: frozenset[PlanKind], search: str) -> list[PersonPlan]:
        """The rows that fit, in the order of the table."""
        words = search.casefold()
        return [
            row
            for row in self.rows
            if (not kinds or row.kind in kinds)
            and (words in row.name.casefold() or words in row.address.casefold())
        ]

    def plan_rows(
        self,
        run_id: str,
        *,
        kinds: frozenset[PlanKind],
        search: str,
        offset: int,
        limit: int,
    ) -> tuple[Sequence[PersonPlan], int]:
        self._step("plan_rows")
        rows = self.matching(kinds, search)
        return rows[offset : offset + limit], len(rows)

    def save_plan(self, run_id: str, path: Path) -> int:
        self._step("save_plan")
        path.write_text("\n".join(row.address for row in self.rows), encoding="utf-8")
        return len(self.rows)

    def held(self) -> tuple[HeldView, ...]:
        self._step("held")
        return self.asked_about

    def held_rows(
        self, run_id: str, kind: HeldKind, *, search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        self._step("held_rows")
        kinds = {PlanKind.DEACTIVATE} if kind is HeldKind.LEAVE else {PlanKind.CREATE}
        rows = self.matching(frozenset(kinds), search)
        return rows[offset : offset + limit], len(rows)

    def approve(self, run_id: str, kind: HeldKind, typed: int, cancel: Cancel) -> None:
        self._step("approve", cancel)
        shown = self._preview.held if self._preview is not None else ()
        fitting = [
            held
            for held in (*self.asked_about, *shown)
            if (held.run_id or "preview-1", held.kind, held.people) == (run_id, kind, typed)
        ]
        if not fitting:
            raise Trouble(Code.APPROVAL_OUTDATED)
        self.approved.append((run_id, kind, typed))
        self.asked_about = tuple(held for held in self.asked_about if held not in fitting)

    def take_over(self, cancel: Cancel) -> ConnectionView:
        self._step("take_over", cancel)
        self.syncs_here = True
        self.placing.taken_over()
        return replace(CONNECTION, syncer_host="SERVER02", syncer_is_us=True)

    def reports(self, limit: int = 50) -> Sequence[RunReport]:
        return self.stored_reports[:limit]

    def problems(self, run_id: str) -> Sequence[ProblemView]:
        return self.problem_rows

    def close(self) -> None:
        self.closed = True
