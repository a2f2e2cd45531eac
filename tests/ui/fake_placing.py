"""Who keeps people in step, in memory: this computer, a server, or nobody yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.ui.sample import NOW
from wizard.core.cancel import Cancel
from wizard.flow.answers import Place
from wizard.services.contract.placing import NobodyYet, PlacingView, SyncerView

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

__all__ = ["HERE", "SERVER", "FakePlacing"]

HERE = SyncerView(
    host="LAPTOP07",
    person="ingrid.solberg@halden-freight.example",
    here=True,
    until=NOW + timedelta(minutes=90),
)
SERVER = SyncerView(
    host="SERVER01",
    person="tomasz.wilk@halden-freight.example",
    here=False,
    until=NOW + timedelta(minutes=90),
    last_run_at=NOW - timedelta(minutes=29),
)
_SHARED = "--profile nordby --passphrase-file passphrase.txt"
COMMANDS = (
    f'enterprise-connect sign-in --unit "Halden Freight" --workspace google {_SHARED}',
    f"enterprise-connect preview {_SHARED}",
    f"enterprise-connect sync --every {_SHARED}",
)


class FakePlacing:
    """`wizard.services.contract.placing.PlacingCalls`; `syncer` holds the task now."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.syncer: SyncerView | None = None

    def _view(self) -> PlacingView:
        view = PlacingView(
            place=self._bench.answers.place,
            syncer=self.syncer,
            this_host=HERE.host,
            interval_minutes=30,
            commands=COMMANDS,
        )
        self._bench.answers = replace(self._bench.answers, place_ready=view.ready)
        return view

    def _choose(self, place: Place) -> None:
        self._bench.answers = replace(self._bench.answers, place=place)

    def taken_over(self) -> None:
        """This computer took the task from another one."""
        self.syncer = HERE
        self._choose(Place.THIS_COMPUTER)

    def look(self, cancel: Cancel) -> PlacingView:
        self._bench.step("placing_look", cancel)
        return self._view()

    def run_here(self, cancel: Cancel) -> PlacingView:
        self._bench.step("run_here", cancel)
        if self.syncer is not None and not self.syncer.here:
            return self._view()
        self.syncer = HERE
        self._choose(Place.THIS_COMPUTER)
        return self._view()

    def leave_to_server(self, cancel: Cancel) -> PlacingView:
        self._bench.step("leave_to_server", cancel)
        if self.syncer is not None and self.syncer.here:
            self.syncer = None
        self._choose(Place.SERVER)
        return self._view()

    def wait_for_server(self, listen: Callable[[NobodyYet], None], cancel: Cancel) -> PlacingView:
        while self.syncer is None or self.syncer.here:
            listen(NobodyYet(at=NOW))
            self._bench.step("wait_for_server", cancel)
            cancel.wait(0.02)
        return self._view()
