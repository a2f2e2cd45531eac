"""Closing the window ends what runs first, and what that stands on only then."""

from __future__ import annotations

import threading

from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.scenes import at_step
from tests.ui.stage import dressed
from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.flow.answers import StepId
from wizard.flow.graph import Walk, resume
from wizard.services.contract import Listen, PreviewView
from wizard.ui.program import Program

_PATIENCE_MS = 10_000


class Busy(FakeWorkbench):
    """Knows what was under way when it was closed; a preview ends only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way: list[str] = []
        self.found: list[str] = []
        self.let_go = threading.Event()

    def preview(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        self.under_way.append("preview")
        try:
            return super().preview(draft, listen, cancel)
        finally:
            self.let_go.wait(_PATIENCE_MS / 1000)
            self.under_way.remove("preview")

    def close(self) -> None:
        self.found = list(self.under_way)
        super().close()


def test_a_preview_under_way_lets_go_of_its_databases_before_they_are_closed(qtbot: QtBot) -> None:
    dressed()
    bench = Busy()
    bench.hold("preview")
    at_step(bench, StepId.PREVIEW)
    bench.go(resume(Walk(step=StepId.PREVIEW, answers=bench.answers)))
    program = Program(bench)
    program.show()
    qtbot.waitUntil(lambda: "preview" in bench.called, timeout=_PATIENCE_MS)
    with qtbot.waitSignal(program.ended, timeout=_PATIENCE_MS):
        program.frame.close()
        # Whoever closes too early does so before the window's next turn is over.
        qtbot.wait(200)
        bench.let_go.set()
    assert bench.closed
    assert bench.found == []
    program.frame.deleteLater()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
