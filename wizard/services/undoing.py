"""Taking a past run back, for a person: shown first, counted, and then done as shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from wizard.core.cancel import Cancel
from wizard.core.runs import Reason, RunProgress, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.undoing import UndoView
from wizard.services.ground import Ground
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.store.database import Database
from wizard.sync.approval import approve, withdraw_approvals
from wizard.sync.history import last_that_wrote
from wizard.sync.runs import stored_report
from wizard.sync.undo import UndoPlan

__all__ = ["Undoing"]

log = logging.getLogger(__name__)


class Undoing:
    """See `wizard.services.contract.undoing.UndoingCalls`."""

    def __init__(self, ground: Ground, set_up: SetUp, syncing: Syncing) -> None:
        self._ground = ground
        self._set_up = set_up
        self._syncing = syncing

    def look(self, run_id: str, listen: Callable[[RunProgress], None], cancel: Cancel) -> UndoView:
        """See `UndoingCalls.look`."""
        plan = self._syncing.preview_undo(run_id, cancel, listen)
        report = stored_report(self._syncing.database(self._set_up.answers), run_id)
        return _view(plan, report)

    def carry_out(
        self,
        view: UndoView,
        typed: int,
        listen: Callable[[RunProgress], None],
        cancel: Cancel,
        *,
        trigger: Trigger = Trigger.PERSON,
    ) -> RunReport:
        """See `UndoingCalls.carry_out`."""
        if typed != view.people:
            raise Trouble(
                Code.APPROVAL_OUTDATED, problem="undo-number", people=view.people, typed=typed
            )
        answers, here = self._set_up.answers, self._ground.installation
        database = self._syncing.database(answers)
        given: list[str] = []
        try:
            for kind, people in view.held:
                approval = approve(
                    database,
                    run_id=view.run_id,
                    kind=kind,
                    typed=people,
                    person=answers.signed_in_as or here.person or here.host,
                    clock=self._ground.clock,
                )
                given.append(approval.id)
            return self._syncing.undo(view.undone, view.run_id, trigger, cancel, listen)
        finally:
            _withdraw(database, given)

    def last(self) -> str:
        """See `UndoingCalls.last`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return ""
        with self._syncing.database(answers).read() as reading:
            return last_that_wrote(reading)


def _withdraw(database: Database, given: Sequence[str]) -> None:
    """Whoever tries again is asked again: what did not begin, or not come to its end, is off."""
    try:
        with database.transaction() as writing:
            withdraw_approvals(writing, given)
    except Trouble as trouble:
        # It is good for taking this run back alone, and for a day.
        log.info("an approval could not be withdrawn: %s", trouble.code)


def _view(plan: UndoPlan, undone: RunReport | None) -> UndoView:
    def people(reason: Reason) -> int:
        return plan.reasons.get(reason, 0)

    return UndoView(
        run_id=plan.run_id,
        undone=plan.undone,
        undone_at=undone.started_at if undone is not None else None,
        counts=plan.counts,
        people=plan.counts.writes,
        made=people(Reason.MADE_THEN),
        deactivated=plan.counts.deactivate,
        returned=people(Reason.RETURNED_THEN),
        reactivated=people(Reason.LEFT_THEN),
        given_back=people(Reason.GIVEN_BACK),
        changed=people(Reason.TAKEN_BACK),
        left_alone=plan.counts.skip,
        held=tuple((held.kind, held.people) for held in plan.held),
    )
