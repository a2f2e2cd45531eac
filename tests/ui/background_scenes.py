"""The background sync's own scenes: the questions when the window is closed, a start by itself."""

from __future__ import annotations

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scene import Scene
from tests.ui.stage import Stage
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import SessionStartState
from wizard.ui.closing_sheet import KeepSyncingSheet, SyncStopsSheet
from wizard.ui.widgets.session_start import SessionStartChoice
from wizard.ui.widgets.sheet import Sheet

__all__ = ["BACKGROUND_SCENES"]


def _keeps(stage: Stage) -> None:
    stage.frame.desk.sheet_wanted.emit(KeepSyncingSheet())


def _stops(stage: Stage) -> None:
    stage.frame.desk.sheet_wanted.emit(SyncStopsSheet())


def _could_not_save(stage: Stage) -> None:
    stage.frame.notices.tell_open(Trouble(Code.DISK_FULL, folder="/home/ingrid/.local/share"))


def _choice(stage: Stage) -> None:
    """The choice alone, in a sheet, as wide as its narrowest place."""
    sheet = Sheet("Starting", name="session-start-sheet")
    sheet.put(SessionStartChoice(stage.frame.desk))
    sheet.put(None)
    stage.frame.desk.sheet_wanted.emit(sheet)
    stage.settle()


def _choice_failed(stage: Stage) -> None:
    _choice(stage)
    stage.bench.background.fails = Trouble(
        Code.FOLDER_NOT_WRITABLE, folder="/home/ingrid/.config/autostart"
    )
    stage.press("session-start-toggle")
    stage.until(lambda: stage.shown("session-start-wrong"))


def _on(bench: FakeWorkbench) -> None:
    bench.background.state = SessionStartState.ON


def _blocked(bench: FakeWorkbench) -> None:
    bench.background.state = SessionStartState.BLOCKED


BACKGROUND_SCENES = (
    Scene(name="keep-syncing", step=StepId.DONE, act=_keeps),
    Scene(name="sync-stops", step=StepId.DONE, act=_stops),
    Scene(name="answers-not-saved", step=StepId.SIGN_IN, act=_could_not_save),
    Scene(name="session-start", step=StepId.DONE, act=_choice),
    Scene(name="session-start-on", step=StepId.DONE, prepare=_on, act=_choice),
    Scene(name="session-start-blocked", step=StepId.DONE, prepare=_blocked, act=_choice),
    Scene(name="session-start-failed", step=StepId.DONE, act=_choice_failed),
)
"""In the order in which they are drawn."""
