"""Every state of “Check everything”, the support file, and the helpdesk report's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.ui.fake_checking import REPORTED, SOME_WRONG
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import home_scene, in_step
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.ui.checks_sheet import ChecksSheet
from wizard.ui.home.ids import HomeId
from wizard.ui.home.report_part import ReportPart
from wizard.ui.support_sheet import SupportSheet
from wizard.ui.widgets.boxes import Body

__all__ = ["CHECKING_SCENES", "open_checks", "open_support"]


def _still(stage: Stage) -> None:
    stage.until(lambda: not stage.frame.panes.sliding)


def open_checks(stage: Stage, until: str = "checks-verdict") -> None:
    """Open the list, and wait until it shows this part."""
    stage.frame.desk.sheet_wanted.emit(ChecksSheet(stage.frame.desk))
    stage.until(lambda: stage.shown(until))
    _still(stage)


def open_support(stage: Stage, until: str = "support-text") -> None:
    """Open the support file, and wait until it shows this part."""
    stage.frame.desk.sheet_wanted.emit(SupportSheet(stage.frame.desk))
    stage.until(lambda: stage.shown(until))
    _still(stage)


def _wrong(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.checking.found = SOME_WRONG


def _held(name: str) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        bench.hold(name)

    return prepare


def _no_support(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.fail("support-file", Code.DATABASE_BUSY, file="google.db")


def _settings(stage: Stage) -> None:
    stage.until(lambda: stage.shown("report-choose"))
    part = stage.frame.page.findChild(ReportPart)
    assert isinstance(part, ReportPart)
    stage.settle()
    for body in stage.frame.findChildren(Body):
        if body.isVisible() and body.isAncestorOf(part):
            body.ensureWidgetVisible(part, 0, 40)


def _reported(*, failed: bool = False) -> Callable[[FakeWorkbench], None]:
    def prepare(bench: FakeWorkbench) -> None:
        in_step(bench)
        trouble = Trouble(Code.FOLDER_NOT_WRITABLE, folder="/srv/helpdesk") if failed else None
        bench.checking.kept_report = replace(REPORTED, trouble=trouble)

    return prepare


CHECKING_SCENES: tuple[Scene, ...] = (
    home_scene("checks-well", HomeId.OVERVIEW, in_step, open_checks),
    home_scene("checks-wrong", HomeId.OVERVIEW, _wrong, open_checks),
    home_scene(
        "checks-running",
        HomeId.OVERVIEW,
        _held("check-person"),
        lambda stage: open_checks(stage, "check-running"),
    ),
    Scene(name="checks-in-set-up", step=StepId.WORKSPACE, act=open_checks),
    home_scene("support-file", HomeId.OVERVIEW, in_step, open_support),
    home_scene(
        "support-file-waiting",
        HomeId.OVERVIEW,
        _held("support-file"),
        lambda stage: open_support(stage, "support"),
    ),
    home_scene(
        "support-file-failed",
        HomeId.OVERVIEW,
        _no_support,
        lambda stage: open_support(stage, "support-told"),
    ),
    home_scene("report-off", HomeId.SETTINGS, in_step, _settings),
    home_scene("report-on", HomeId.SETTINGS, _reported(), _settings),
    home_scene("report-failed", HomeId.SETTINGS, _reported(failed=True), _settings),
)
