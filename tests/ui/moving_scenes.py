"""The states in which a set-up is moved to another computer: asked, refused, done, and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_home import NOW
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.home_scenes import home_scene, in_step
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.services.contract.moving import MovedAwayView
from wizard.ui.home.ids import HomeId
from wizard.ui.home.move_panel import MovePanel

__all__ = ["MOVING_SCENES", "WORD", "moved_away", "passphrases"]

WORD = "a sentence for the road"


def _asked(stage: Stage) -> None:
    stage.until(lambda: stage.shown("logs-open"))
    stage.press("move-open")


def passphrases(first: str, second: str) -> Callable[[Stage], None]:
    """Both are typed."""

    def act(stage: Stage) -> None:
        _asked(stage)
        for name, words in (("move-passphrase", first), ("move-repeated", second)):
            line = stage.find(name)
            assert isinstance(line, QLineEdit)
            line.setText(words)
            line.textEdited.emit(words)

    return act


def _differ(stage: Stage) -> None:
    passphrases(WORD, "another sentence")(stage)
    stage.press("primary")


def _moves(stage: Stage) -> None:
    passphrases(WORD, WORD)(stage)
    panel = stage.find("move")
    assert isinstance(panel, MovePanel)
    panel.move_to(Path("/home/tomasz/set-up.ecsmove"))
    stage.settle()


def _full_disk(bench: FakeWorkbench) -> None:
    in_step(bench)
    bench.fail("move-out", Code.DISK_FULL, folder="/home/tomasz")


def moved_away(bench: FakeWorkbench) -> None:
    """Moved out of this computer yesterday, and not yet moved in elsewhere."""
    in_step(bench)
    moved = MovedAwayView(file="set-up.ecsmove", to="SERVER01", at=NOW - timedelta(days=1))
    bench.home.known = replace(bench.home.known, moved=moved, held=(), problems=())
    bench.home.machine_view = replace(bench.home.machine_view, moved=True, signed_in=False)
    bench.fail("unit", Code.SIGN_IN_NEEDED, times=9, connection="service")


MOVING_SCENES = (
    home_scene("settings-move", HomeId.SETTINGS, in_step, _asked),
    home_scene("settings-move-differ", HomeId.SETTINGS, in_step, _differ),
    home_scene("settings-move-failed", HomeId.SETTINGS, _full_disk, _moves),
    home_scene("settings-moved", HomeId.SETTINGS, in_step, _moves),
    home_scene("overview-moved", HomeId.OVERVIEW, moved_away),
)
