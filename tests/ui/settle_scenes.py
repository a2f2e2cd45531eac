"""The scenes of preview details, merged settings, and where the sync runs."""

from __future__ import annotations

from tests.ui import ending_scenes as ending
from tests.ui import merge_scenes as merge
from tests.ui import placing_scenes as placing
from tests.ui.scene import Scene
from wizard.flow.answers import StepId

__all__ = ["SETTLE_SCENES"]

_PREVIEW = StepId.PREVIEW
_SETTINGS = StepId.PROVISIONING
_WHERE = StepId.WHERE_IT_RUNS

SETTLE_SCENES: tuple[Scene, ...] = (
    Scene(name="where-asking", step=_WHERE, prepare=lambda bench: bench.hold("placing_look")),
    Scene(name="where", step=_WHERE),
    Scene(name="where-here", step=_WHERE, act=placing.choose_here),
    Scene(name="where-here-done", step=_WHERE, prepare=placing.here_already),
    Scene(name="where-server", step=_WHERE, act=placing.choose_server),
    Scene(name="where-waiting", step=_WHERE, act=placing.waiting),
    Scene(name="where-server-done", step=_WHERE, prepare=placing.server_has_it),
    Scene(name="where-elsewhere", step=_WHERE, prepare=placing.elsewhere),
    Scene(name="where-take-over", step=_WHERE, prepare=placing.elsewhere, act=placing.asked),
    Scene(name="where-offline", step=_WHERE, prepare=placing.offline),
    Scene(name="preview-again", step=_PREVIEW, prepare=ending.made_again, act=ending.leaver),
    Scene(name="preview-wider", step=_PREVIEW, prepare=ending.wider, act=ending.leaver),
    Scene(name="preview-conflict", step=_PREVIEW, prepare=merge.conflicts, act=ending.leaver),
    Scene(name="sync-paused-late", step=StepId.FIRST_SYNC, act=ending.paused_late),
    Scene(name="done-owner", step=StepId.DONE, prepare=ending.owner),
    Scene(name="done-owner-halted", step=StepId.DONE, prepare=ending.owner_halted),
    Scene(name="done-server", step=StepId.DONE, prepare=ending.server),
    Scene(name="done-no-server", step=StepId.DONE, prepare=ending.nobody_took_it),
    Scene(name="done-rehearse", step=StepId.DONE, act=ending.rehearse, practice=True),
    Scene(name="settings-merged", step=_SETTINGS, prepare=merge.merged),
    Scene(name="settings-merged-sheet", step=_SETTINGS, prepare=merge.merged, act=merge.asked),
    Scene(name="settings-conflict", step=_SETTINGS, prepare=merge.conflicts),
    Scene(name="settings-conflict-sheet", step=_SETTINGS, prepare=merge.conflicts, act=merge.asked),
    Scene(name="settings-scope-changed", step=_SETTINGS, prepare=merge.scope_changed),
    Scene(name="settings-wrong-number", step=_SETTINGS, act=merge.wrong_number),
    Scene(name="settings-protected", step=_SETTINGS, act=merge.protected),
)
