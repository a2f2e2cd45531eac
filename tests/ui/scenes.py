"""Every page in every state that a person can meet, as data for pictures and layout checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QLineEdit

from tests.ui import guard_scenes as guard
from tests.ui import halden
from tests.ui import sample as fake
from tests.ui import secrets_scenes as secrets
from tests.ui import take_over_scenes as elsewhere
from tests.ui.authorize_scenes import AUTHORIZE_SCENES
from tests.ui.background_scenes import BACKGROUND_SCENES
from tests.ui.checking_scenes import CHECKING_SCENES
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.hand_over_scenes import HAND_OVER_SCENES
from tests.ui.home_scenes import HOME_SCENES
from tests.ui.install_scenes import INSTALL_SCENES
from tests.ui.moving_scenes import MOVING_SCENES
from tests.ui.owner_scenes import OWNER_SCENES
from tests.ui.people_scenes import PEOPLE_SCENES
from tests.ui.problems_scenes import PROBLEMS_SCENES
from tests.ui.scene import Scene, at_step
from tests.ui.scope_scenes import SCOPE_SCENES
from tests.ui.settle_scenes import SETTLE_SCENES
from tests.ui.stage import Stage
from tests.ui.standing_scenes import STANDING_SCENES
from tests.ui.undo_scenes import UNDO_SCENES
from wizard.core.runs import (
    HeldCause,
    HeldKind,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
)
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract import (
    HeldView,
    PreviewView,
    ProblemView,
    SchedulerState,
)
from wizard.ui.leave_sheet import LeaveSheet
from wizard.ui.leaving import Leaving
from wizard.ui.pages.preview import PreviewPage

__all__ = ["SCENES", "Scene", "at_step", "trouble_scene"]


def _primary(stage: Stage) -> None:
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("primary")


def _hold(call: str) -> Callable[[FakeWorkbench], None]:
    return lambda bench: bench.hold(call)


def _fail(call: str, code: Code) -> Callable[[FakeWorkbench], None]:
    return lambda bench: bench.fail(call, code)


def _scopes_missing(bench: FakeWorkbench) -> None:
    bench.findings = (fake.SCOPES_MISSING, *bench.findings)


def _another_domain(bench: FakeWorkbench) -> None:
    bench.whose = "fjordline.example"
    bench.findings = fake.ANOTHER_DOMAIN


def _not_full_admin(bench: FakeWorkbench) -> None:
    bench.findings = (fake.NOT_FULL_ADMIN,)


def _held(bench: FakeWorkbench) -> None:
    held = HeldView(
        kind=HeldKind.LEAVE,
        people=64,
        limit=5,
        cause=HeldCause.UNIT_GONE.value,
        cause_name="Unit Operations / Terminals",
        cause_people=60,
    )
    bench.planned = PreviewView(
        run_id="preview-1",
        made_at=fake.NOW,
        counts=PlanCounts(create=12, deactivate=64, skip=3, unchanged=360),
        leave_limit=5,
        held=(held,),
    )


def _ready(stage: Stage) -> None:
    stage.until(lambda: stage.frame.page.offer.valid)


def _open_row(stage: Stage) -> None:
    _ready(stage)
    page = stage.frame.page
    assert isinstance(page, PreviewPage)
    stage.until(lambda: page.table.view.plan.person(0) is not None)
    page.table.view.open_row(0)


def _search_nobody(stage: Stage) -> None:
    _ready(stage)
    field = stage.find("plan-search")
    assert isinstance(field, QLineEdit)
    field.setText("nobody at all")
    stage.until(lambda: stage.words("plan-count").startswith("Nobody"))


def _change_settings(bench: FakeWorkbench) -> None:
    bench.fail("save_settings", Code.SETTINGS_CHANGED)


def _save(stage: Stage) -> None:
    _primary(stage)
    stage.until(lambda: not stage.frame.page.offer.busy)


def _reading(stage: Stage) -> None:
    stage.bench.schedule.progress(RunPhase.READ, 261, 0)
    stage.settle()


def _writing(stage: Stage) -> None:
    schedule = stage.bench.schedule
    stage.until(lambda: "run:first" in schedule.asked)
    for phase, done, total in (
        (RunPhase.READ, halden.READ, 0),
        (RunPhase.COMPARE, halden.READ, halden.READ),
    ):
        schedule.progress(phase, done, total)
        stage.until(lambda: not stage.frame.page.offer.valid)
        stage.settle()
    schedule.progress(
        RunPhase.WRITE, 261, halden.WRITES, created=255, changed=5, problems=1, now="Hanne Vik"
    )
    stage.until(lambda: stage.words("sync-percent") == "61 %")


def _paused(stage: Stage) -> None:
    _writing(stage)
    stage.press("sync-pause")
    stage.until(lambda: stage.words("sync-pause") == "Go on")


def _ended(stage: Stage, failed: int = 0, **more: object) -> None:
    _writing(stage)
    planned = halden.FIRST
    later = datetime.now(UTC)
    stage.bench.schedule.finish(
        planned, failed=failed, started_at=later, finished_at=later + timedelta(minutes=6), **more
    )
    _ready(stage)


def _one_problem(bench: FakeWorkbench) -> None:
    bench.problem_rows = (
        ProblemView(
            name="Elif Kaya", address="elif.kaya@halden-freight.example", code=Code.ADDRESS_TAKEN
        ),
    )


def _with_report(bench: FakeWorkbench) -> None:
    bench.schedule.finish(halden.FIRST)


def _switched_off(bench: FakeWorkbench) -> None:
    bench.answers = replace(bench.answers, provisioning_on=False, first_sync_done=False)


def _notice(bench: FakeWorkbench) -> None:
    bench.notices = (Trouble(Code.VAULT_DAMAGED),)


def _network(stage: Stage) -> None:
    _ready(stage)
    stage.press("network-settings")


def _new_here(bench: FakeWorkbench) -> None:
    bench.units = ()
    bench.answers = replace(bench.answers, role=Role.OWNER)


def _greeted(stage: Stage) -> None:
    """The window went on by itself, and greets."""
    _primary(stage)
    stage.until(lambda: stage.shown("greeted") and not stage.frame.page.working)


def _signed_in(stage: Stage) -> None:
    _greeted(stage)
    stage.until(lambda: stage.frame.page.offer.valid)


def _came_back(stage: Stage) -> None:
    """To the page that somebody signed in on."""
    _signed_in(stage)
    stage.frame.go_back()
    stage.until(lambda: stage.frame.page.offer.valid)


def _typed_proxy(stage: Stage) -> None:
    _network(stage)
    stage.press("proxy-typed")


def _problem_sheet(stage: Stage) -> None:
    _ended(stage, failed=1)
    stage.until(lambda: stage.shown("problems-show"))
    stage.press("problems-show")


def _search_help(stage: Stage) -> None:
    stage.frame.panes.open_help()
    stage.frame.help.search.setText("grey")
    stage.settle()
    stage.frame.help.search.search_now()


def _help_over(stage: Stage) -> None:
    _ready(stage)
    stage.frame.panes.open_help()


def _leave_practice(stage: Stage) -> None:
    _ready(stage)
    sheet = LeaveSheet()
    stage.frame.desk.sheet_wanted.emit(sheet)


def _closing(stage: Stage) -> None:
    _writing(stage)
    Leaving(stage.frame)
    stage.until(lambda: stage.shown("leaving"))


def _endings(stage: Stage) -> None:
    _primary(stage)
    stage.frame.panes.open_help()


def _help_over_field(stage: Stage) -> None:
    _network(stage)
    stage.frame.panes.open_help()


def _in_background(state: SchedulerState, **more: object) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        _with_report(bench)
        bench.schedule.show(replace(bench.schedule.view(), state=state, **more))  # type: ignore[arg-type] # fields by name

    return prepare


SCENES: tuple[Scene, ...] = (
    Scene(name="welcome", step=StepId.WELCOME, act=_ready),
    Scene(name="welcome-asking", step=StepId.WELCOME, prepare=_hold("network")),
    Scene(name="welcome-offline", step=StepId.WELCOME, prepare=_fail("network", Code.OFFLINE)),
    Scene(name="welcome-practice", step=StepId.WELCOME, act=_ready, practice=True),
    Scene(name="welcome-network", step=StepId.WELCOME, act=_network),
    Scene(name="welcome-proxy", step=StepId.WELCOME, act=_typed_proxy),
    Scene(name="welcome-notice", step=StepId.WELCOME, prepare=_notice, act=_ready),
    Scene(name="help-search", step=StepId.WELCOME, act=_search_help),
    Scene(name="sign-in", step=StepId.SIGN_IN),
    Scene(name="sign-in-waiting", step=StepId.SIGN_IN, prepare=_hold("sign_in"), act=_primary),
    Scene(name="sign-in-greeted", step=StepId.SIGN_IN, act=_signed_in),
    Scene(name="sign-in-greeted-new", step=StepId.SIGN_IN, prepare=_new_here, act=_greeted),
    Scene(name="sign-in-done", step=StepId.SIGN_IN, act=_came_back),
    Scene(
        name="secrets-no-store",
        step=StepId.SIGN_IN,
        prepare=secrets.no_store,
        act=secrets.asked,
    ),
    Scene(
        name="secrets-new",
        step=StepId.SIGN_IN,
        prepare=secrets.no_store,
        act=secrets.new_passphrase,
        practice=True,
    ),
    Scene(
        name="secrets-differ",
        step=StepId.SIGN_IN,
        prepare=secrets.no_store,
        act=secrets.differ,
    ),
    Scene(
        name="secrets-store-locked",
        step=StepId.SIGN_IN,
        prepare=secrets.store_locked,
        act=secrets.tried_again,
    ),
    Scene(
        name="secrets-store-silent",
        step=StepId.SIGN_IN,
        prepare=secrets.store_silent,
        act=secrets.trying_again,
    ),
    Scene(
        name="secrets-no-key",
        step=StepId.PROVISIONING,
        prepare=secrets.no_key,
        act=secrets.question,
    ),
    Scene(
        name="secrets-passphrase",
        step=StepId.PROVISIONING,
        prepare=secrets.sealed,
        act=secrets.wrong_passphrase,
    ),
    Scene(name="authorize", step=StepId.GOOGLE_AUTHORIZE),
    Scene(
        name="authorize-waiting",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_hold("authorize"),
        act=_primary,
    ),
    Scene(
        name="authorize-checking",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_hold("checks"),
        act=_primary,
    ),
    Scene(
        name="authorize-activation",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_hold("activation"),
        act=_primary,
    ),
    Scene(
        name="authorize-finding",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_scopes_missing,
        act=_primary,
    ),
    Scene(
        name="authorize-stopped",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_not_full_admin,
        act=_primary,
    ),
    Scene(
        name="authorize-whose",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_another_domain,
        act=_primary,
    ),
    Scene(name="authorize-active", step=StepId.GOOGLE_AUTHORIZE, act=_primary),
    Scene(name="preview-making", step=StepId.PREVIEW, prepare=_hold("preview")),
    Scene(name="preview", step=StepId.PREVIEW, act=_open_row),
    Scene(name="preview-held", step=StepId.PREVIEW, prepare=_held, act=_ready),
    Scene(name="preview-nobody", step=StepId.PREVIEW, act=_search_nobody),
    Scene(name="preview-help", step=StepId.PREVIEW, act=_help_over),
    Scene(name="provisioning", step=StepId.PROVISIONING, act=_ready),
    Scene(name="provisioning-reading", step=StepId.PROVISIONING, prepare=_hold("settings")),
    Scene(
        name="provisioning-changed",
        step=StepId.PROVISIONING,
        prepare=_change_settings,
        act=_save,
    ),
    Scene(name="sync-reading", step=StepId.FIRST_SYNC, act=_reading),
    Scene(name="sync-writing", step=StepId.FIRST_SYNC, act=_writing),
    Scene(name="sync-paused", step=StepId.FIRST_SYNC, act=_paused),
    Scene(name="sync-ended", step=StepId.FIRST_SYNC, act=_ended),
    Scene(
        name="sync-problem",
        step=StepId.FIRST_SYNC,
        prepare=_one_problem,
        act=lambda stage: _ended(stage, failed=1),
    ),
    Scene(
        name="sync-problem-sheet",
        step=StepId.FIRST_SYNC,
        prepare=_one_problem,
        act=_problem_sheet,
    ),
    Scene(
        name="sync-stopped",
        step=StepId.FIRST_SYNC,
        act=lambda stage: _ended(
            stage, outcome=RunOutcome.FAILED, trouble=Code.SERVICE_UNAVAILABLE
        ),
    ),
    Scene(name="sync-elsewhere", step=StepId.FIRST_SYNC, act=elsewhere.stopped),
    Scene(name="sync-take-over", step=StepId.FIRST_SYNC, act=elsewhere.asked),
    Scene(name="sync-taking-over", step=StepId.FIRST_SYNC, act=elsewhere.under_way),
    Scene(name="done-elsewhere", step=StepId.DONE, prepare=elsewhere.in_background),
    Scene(name="done", step=StepId.DONE, prepare=_with_report),
    Scene(name="done-practice", step=StepId.DONE, prepare=_with_report, practice=True),
    Scene(name="done-off", step=StepId.DONE, prepare=_switched_off),
    Scene(
        name="done-running",
        step=StepId.DONE,
        prepare=_in_background(
            SchedulerState.RUNNING, progress=RunProgress(phase=RunPhase.WRITE, done=3, total=7)
        ),
    ),
    Scene(name="done-paused", step=StepId.DONE, prepare=_in_background(SchedulerState.PAUSED)),
    Scene(
        name="done-offline",
        step=StepId.DONE,
        prepare=_in_background(SchedulerState.OFFLINE, trouble=Code.OFFLINE, overdue=True),
    ),
    Scene(
        name="done-needs-person",
        step=StepId.DONE,
        prepare=_in_background(SchedulerState.NEEDS_PERSON, trouble=Code.SIGN_IN_NEEDED),
    ),
    Scene(
        name="authorize-endings",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_hold("authorize"),
        act=_endings,
    ),
    Scene(
        name="authorize-practice",
        step=StepId.GOOGLE_AUTHORIZE,
        act=_ready,
        practice=True,
    ),
    Scene(name="preview-practice", step=StepId.PREVIEW, act=_open_row, practice=True),
    Scene(name="sync-practice", step=StepId.FIRST_SYNC, act=_writing, practice=True),
    Scene(
        name="provisioning-saving",
        step=StepId.PROVISIONING,
        prepare=_hold("save_settings"),
        act=_primary,
    ),
    Scene(name="provisioning-practice", step=StepId.PROVISIONING, act=_ready, practice=True),
    Scene(name="welcome-network-help", step=StepId.WELCOME, act=_help_over_field),
    Scene(name="leave-practice", step=StepId.WELCOME, act=_leave_practice, practice=True),
    Scene(name="closing", step=StepId.FIRST_SYNC, act=_closing),
    Scene(name="guard", step=StepId.DONE, prepare=guard.asking, act=guard.typed),
    Scene(name="guard-wrong-number", step=StepId.DONE, prepare=guard.asking, act=guard.mistyped),
    Scene(name="guard-people", step=StepId.DONE, prepare=guard.asking, act=guard.all_people),
    Scene(name="guard-put-off", step=StepId.DONE, prepare=guard.asking, act=guard.put_off),
    Scene(
        name="guard-practice",
        step=StepId.DONE,
        prepare=guard.asking,
        act=guard.typed,
        practice=True,
    ),
    Scene(name="guard-preview", step=StepId.PREVIEW, prepare=_held, act=guard.from_preview),
    Scene(name="guard-first-sync", step=StepId.FIRST_SYNC, act=guard.first_run_stopped),
    *SETTLE_SCENES,
    *SCOPE_SCENES,
    *OWNER_SCENES,
    *STANDING_SCENES,
    *HAND_OVER_SCENES,
    *INSTALL_SCENES,
    *AUTHORIZE_SCENES,
    *HOME_SCENES,
    *UNDO_SCENES,
    *MOVING_SCENES,
    *PEOPLE_SCENES,
    *PROBLEMS_SCENES,
    *BACKGROUND_SCENES,
    *CHECKING_SCENES,
)


def trouble_scene(code: Code) -> Scene:
    """A page that shows this trouble."""
    return Scene(
        name=f"trouble-{code.value}",
        step=StepId.PREVIEW,
        prepare=_fail("preview", code),
        act=secrets.show_trouble,
    )
