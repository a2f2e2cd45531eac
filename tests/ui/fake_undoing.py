"""Taking runs back, in memory: what was taken back, and what it would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.ui.sample import NOW
from wizard.core.cancel import Cancel
from wizard.core.runs import (
    PersonPlan,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    Trigger,
)
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.undoing import UndoView

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

__all__ = ["A_MISTAKE", "FakeUndoing"]

A_MISTAKE = UndoView(
    run_id="undo-preview",
    undone="",
    undone_at=NOW,
    counts=PlanCounts(deactivate=8, reactivate=5, update=27, skip=3),
    people=40,
    made=6,
    deactivated=8,
    returned=2,
    reactivated=5,
    given_back=3,
    changed=24,
    left_alone=3,
)


class FakeUndoing:
    """`wizard.services.contract.undoing.UndoingCalls`; `view` is what there is to take back."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.view = A_MISTAKE
        self.rows: list[PersonPlan] = []
        self.taken_back: list[str] = []
        self.outcome = RunOutcome.PARTLY

    def look(self, run_id: str, listen: Callable[[RunProgress], None], cancel: Cancel) -> UndoView:
        self._bench.step("undo-look", cancel)
        if self.rows:
            self._bench.rows = list(self.rows)
        if run_id in self.taken_back:
            left = self.view.people + self.view.left_alone
            return UndoView(
                run_id="undo-preview",
                undone=run_id,
                undone_at=NOW,
                counts=PlanCounts(skip=left),
                people=0,
                left_alone=left,
            )
        return replace(self.view, undone=run_id)

    def last(self) -> str:
        return self.view.undone

    def carry_out(
        self,
        view: UndoView,
        typed: int,
        listen: Callable[[RunProgress], None],
        cancel: Cancel,
        *,
        trigger: Trigger = Trigger.PERSON,
    ) -> RunReport:
        if view.asks_number and typed != view.people:
            raise Trouble(Code.APPROVAL_OUTDATED, problem="undo-number")
        listen(RunProgress(phase=RunPhase.WRITE, done=0, total=view.people))
        self._bench.step("undo", cancel)
        self.taken_back.append(view.undone)
        return RunReport(
            run_id="undo-run",
            trigger=trigger,
            outcome=self.outcome if view.left_alone else RunOutcome.DONE,
            started_at=NOW,
            finished_at=NOW,
            planned=view.counts,
            done=replace(view.counts, skip=0),
            undoes=view.undone,
        )
