"""What the guard holds, for a person to look at, and their word that it may go on."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.runs import HeldCause, HeldKind, PersonPlan, RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import HeldView
from wizard.services.ground import Ground
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.views import held_view
from wizard.store.database import Database
from wizard.sync.approval import PLANNED_AS, approve, is_approved
from wizard.sync.parts import Held
from wizard.sync.plan_view import held_of, plan_rows
from wizard.sync.runs import reports

__all__ = ["Holding"]

_LOOKED_AT = 20
"""Runs looked back for one that came to a plan; what failed before that held nobody."""
_CAME_TO_A_PLAN = frozenset({RunOutcome.DONE, RunOutcome.PARTLY, RunOutcome.STOPPED_BY_GUARD})
_RIGHTS_ITSELF = frozenset({HeldCause.SETTINGS_UNREADABLE, HeldCause.LINKS_NOT_REBUILT})
"""Held whatever a person says, until a later run can read what was missing."""


class Holding:
    """Everything here reads or writes the connection's database, and never the network."""

    def __init__(self, ground: Ground, set_up: SetUp, syncing: Syncing) -> None:
        self._ground = ground
        self._set_up = set_up
        self._syncing = syncing

    def held(self) -> tuple[HeldView, ...]:
        """See `Workbench.held`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return ()
        database = self._syncing.database(answers)
        stopped = _newest_stopped(database)
        if stopped is None:
            return ()
        kept = self._syncing.kept()
        with database.read() as reading:
            approved = {
                kind
                for kind in HeldKind
                if is_approved(reading, stopped.run_id, kind, now=self._ground.clock.now())
            }
        return tuple(
            held_view(
                held,
                run_id=stopped.run_id,
                held_at=stopped.finished_at,
                grace_days=kept.settings.grace_days if kept is not None else None,
            )
            for held in held_of(database, stopped.run_id)
            if held.kind not in approved and not _rights_itself(held)
        )

    def rows(
        self, run_id: str, kind: HeldKind, *, search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """See `Workbench.held_rows`."""
        return plan_rows(
            self._syncing.database(self._set_up.answers),
            run_id,
            kinds=frozenset(PLANNED_AS[kind]),
            search=search,
            offset=offset,
            limit=limit,
            held=True,
        )

    def approve(self, run_id: str, kind: HeldKind, typed: int, cancel: Cancel) -> None:
        """See `Workbench.approve`."""
        cancel.check()
        answers = self._set_up.answers
        database = self._syncing.database(answers)
        newest = _newest_stopped(database)
        with database.read() as reading:
            begun = next(
                reading.values(str, "SELECT started_at FROM run WHERE id = ?", (run_id,)), ""
            )
            if newest is not None and begun < to_text(newest.started_at):
                # The directory was read again since: whoever decides should see those people.
                people = dict(newest.held).get(kind, 0)
                raise Trouble(Code.APPROVAL_OUTDATED, people=people, typed=typed)
            if is_approved(reading, run_id, kind, now=self._ground.clock.now()):
                return  # one word is good once, however often it is said
        here = self._ground.installation
        approve(
            database,
            run_id=run_id,
            kind=kind,
            typed=typed,
            person=answers.signed_in_as or here.person or here.host,
            clock=self._ground.clock,
        )


def _newest_stopped(database: Database) -> RunReport | None:
    """The newest run that came to a plan, if the guard stopped it."""
    for report in reports(database, limit=_LOOKED_AT):
        if report.outcome in _CAME_TO_A_PLAN and not report.undoes:
            return report if report.outcome is RunOutcome.STOPPED_BY_GUARD else None
    return None


def _rights_itself(held: Held) -> bool:
    return bool(held.causes) and held.causes[0].cause in _RIGHTS_ITSELF
