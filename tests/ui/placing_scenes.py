"""The states of the page that asks where the sync runs."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.fake_placing import HERE, SERVER
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import Stage
from wizard.core.trouble import Code
from wizard.flow.answers import Place

__all__ = [
    "asked",
    "choose_here",
    "choose_server",
    "elsewhere",
    "here_already",
    "offline",
    "server_has_it",
    "waiting",
]


def choose_here(stage: Stage) -> None:
    """The person would have this computer do it."""
    stage.until(lambda: stage.shown("place-here"))
    stage.press("place-here")


def choose_server(stage: Stage) -> None:
    """The person would have a server do it."""
    stage.until(lambda: stage.shown("place-server"))
    stage.press("place-server")


def waiting(stage: Stage) -> None:
    """A server was chosen, and none has taken it on yet."""
    choose_server(stage)
    stage.press("primary")
    stage.until(lambda: stage.shown("place-waiting"))


def here_already(bench: FakeWorkbench) -> None:
    """This computer was chosen and has the task."""
    bench.placing.syncer = HERE
    bench.answers = replace(bench.answers, place=Place.THIS_COMPUTER, place_ready=True)


def elsewhere(bench: FakeWorkbench) -> None:
    """Another computer does it before anybody chose."""
    bench.placing.syncer = SERVER


def server_has_it(bench: FakeWorkbench) -> None:
    """A server was chosen and has the task."""
    bench.placing.syncer = SERVER
    bench.answers = replace(bench.answers, place=Place.SERVER, place_ready=True)


def offline(bench: FakeWorkbench) -> None:
    """The service can't be asked."""
    bench.fail("placing_look", Code.OFFLINE)


def asked(stage: Stage) -> None:
    """The question whether to take over is open."""
    stage.until(lambda: stage.shown("take-over"))
    stage.press("take-over")
    stage.until(lambda: stage.shown("take-over-sheet"))
