"""Choosing the workspace and installing the app, in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_installing import ALL_WELL
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.clock import to_text
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import FindingState, FindingView

__all__ = ["INSTALL_SCENES"]


def _ready(stage: Stage) -> None:
    stage.until(lambda: stage.frame.page.offer.valid)


def _hold(call: str) -> Callable[[FakeWorkbench], None]:
    return lambda bench: bench.hold(call)


def _public(bench: FakeWorkbench) -> None:
    bench.answers = replace(bench.answers, signed_in_as="ingrid.solberg@gmail.com")


def _wrong_domain(stage: Stage) -> None:
    _ready(stage)
    field = stage.find("domain")
    assert isinstance(field, QLineEdit)
    field.setText("halden-freight")
    stage.press("primary")


def _connected(bench: FakeWorkbench) -> None:
    bench.answers = replace(
        bench.answers,
        workspace_chosen=True,
        domain="halden-freight.example",
        organization_account_id="oa-1",
        organization_account_active=True,
    )


def _opened(bench: FakeWorkbench) -> None:
    earlier = to_text(datetime.now(UTC) - timedelta(minutes=4))
    bench.answers = replace(bench.answers, app_opened_at=earlier)


def _waiting(stage: Stage) -> None:
    _ready(stage)
    stage.until(lambda: "Not seen" in stage.words("app-since"))


def _unreached(bench: FakeWorkbench) -> None:
    _opened(bench)
    bench.installing.unreached = Trouble(Code.CONNECTION_LOST)


def _seen(bench: FakeWorkbench) -> None:
    bench.installing.installed = True


def _installed(stage: Stage) -> None:
    stage.until(lambda: stage.frame.page.offer.proved)


def _gray(stage: Stage) -> None:
    _ready(stage)
    stage.press("gray-not-allowed")


def _unseen(bench: FakeWorkbench) -> None:
    bench.installing.what = replace(bench.installing.what, seen=False)


def _no_link(bench: FakeWorkbench) -> None:
    bench.installing.what = replace(bench.installing.what, url="")


def _not_signed_in(bench: FakeWorkbench) -> None:
    bench.fail("wait_for_app", Code.SIGN_IN_NEEDED, connection="service")


def _look(stage: Stage) -> None:
    _ready(stage)
    stage.frame.open_topic("authorized-but-nothing-happened")
    stage.until(lambda: stage.shown("live-check-now"))
    stage.press("live-check-now")


def _looked(stage: Stage) -> None:
    _look(stage)
    stage.until(lambda: stage.shown("live-verdict"))


def _first(count: int, *more: FindingView) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        bench.live_check.findings = (*ALL_WELL[:count], *more)

    return prepare


_OFF = FindingView(id="settings", state=FindingState.FAILED, code=Code.PROVISIONING_OFF)
_PENDING = FindingView(
    id="connection",
    state=FindingState.WARNING,
    facts=(("domain", "halden-freight.example"), ("pending", True)),
)


INSTALL_SCENES: tuple[Scene, ...] = (
    Scene(name="workspace", step=StepId.WORKSPACE, act=_ready),
    Scene(name="workspace-asking", step=StepId.WORKSPACE, prepare=_hold("workspaces")),
    Scene(name="workspace-public", step=StepId.WORKSPACE, prepare=_public, act=_ready),
    Scene(name="workspace-wrong", step=StepId.WORKSPACE, act=_wrong_domain),
    Scene(name="workspace-connected", step=StepId.WORKSPACE, prepare=_connected, act=_ready),
    Scene(name="workspace-practice", step=StepId.WORKSPACE, act=_ready, practice=True),
    Scene(name="app", step=StepId.GOOGLE_APP, act=_ready),
    Scene(name="app-asking", step=StepId.GOOGLE_APP, prepare=_hold("app")),
    Scene(name="app-gray", step=StepId.GOOGLE_APP, act=_gray),
    Scene(name="app-waiting", step=StepId.GOOGLE_APP, prepare=_opened, act=_waiting),
    Scene(name="app-unreached", step=StepId.GOOGLE_APP, prepare=_unreached, act=_ready),
    Scene(name="app-seen", step=StepId.GOOGLE_APP, prepare=_seen, act=_installed),
    Scene(name="app-told", step=StepId.GOOGLE_APP, prepare=_unseen, act=_ready),
    Scene(name="app-no-link", step=StepId.GOOGLE_APP, prepare=_no_link, act=_ready),
    Scene(name="app-stopped", step=StepId.GOOGLE_APP, prepare=_not_signed_in, act=_ready),
    Scene(name="app-practice", step=StepId.GOOGLE_APP, act=_ready, practice=True),
    Scene(name="live-check", step=StepId.GOOGLE_AUTHORIZE, act=_looked),
    Scene(
        name="live-check-running",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_hold("look test-read"),
        act=_look,
    ),
    Scene(
        name="live-check-off",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_first(7, _OFF, *ALL_WELL[8:]),
        act=_looked,
    ),
    Scene(
        name="live-check-pending",
        step=StepId.GOOGLE_AUTHORIZE,
        prepare=_first(4, _PENDING),
        act=_looked,
    ),
)
