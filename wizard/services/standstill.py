"""Whether a run was taken back and nobody has synced since, here or on another computer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.runs import RunSummary, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.ground import Ground
from wizard.services.run_reports import RunReports
from wizard.services.setup import SetUp
from wizard.store.database import Database
from wizard.sync.runs import stored_report
from wizard.sync.unbegun import keep_unbegun
from wizard.sync.undo import last_taking_back, newest_run

if TYPE_CHECKING:
    from wizard.services.syncing import Access

__all__ = ["Standstill", "stands_for"]

log = logging.getLogger(__name__)
_NOT_TOLD = frozenset({Code.NOT_ALLOWED, Code.NOT_FOUND_AT_SERVICE, Code.REQUEST_REFUSED})
"""A service that doesn't tell a sync of its runs: what this computer knows has to do."""


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What the service's word came to, for as long as no run began here since."""

    stands_for: str
    newest_here: str


class Standstill:
    """Of the connection that is set up; safe to use from any thread."""

    def __init__(
        self,
        ground: Ground,
        set_up: SetUp,
        access: Access,
        database: Callable[[Answers], Database],
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._database = database
        self._told: _Told | None = None

    def known(self) -> str:
        """The run that took one back, as far as it is known here; '' where somebody has synced.

        By the service's last word, too. Raises `Trouble` of the disk.
        """
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return ""
        database, told = self._database(answers), self._told
        if told is not None and told.newest_here == newest_run(database):
            return told.stands_for
        return last_taking_back(database)

    def ask(self, cancel: Cancel) -> str:
        """The same, with the service asked: another computer may have taken a run back.

        Raises `Trouble`, which is remembered like that of a run that could not begin.
        """
        answers, clock = self._set_up.answers, self._ground.clock
        database, started = self._database(answers), clock.now()
        try:
            return self._ask(answers, database, cancel)
        except Trouble as trouble:
            if not self.known():
                keep_unbegun(
                    database, clock, trigger=Trigger.SCHEDULE, started=started, trouble=trouble
                )
            raise

    def _ask(self, answers: Answers, database: Database, cancel: Cancel) -> str:
        newest, here = newest_run(database), last_taking_back(database)
        ou, account = answers.ou_id, answers.organization_account_id
        untold = RunReports(self._ground.unit_folder(ou)).untold(
            account, lambda run_id: stored_report(database, run_id)
        )
        service = self._access.as_sync(answers, cancel)
        try:
            runs = service.sync_runs(ou, account, cancel)
        except Trouble as trouble:
            if trouble.code not in _NOT_TOLD:
                raise
            log.info("the service does not tell a sync of its runs: %s", trouble.code)
            return here
        found = stands_for(here, newest_untold=newest in untold, runs=runs)
        self._told = _Told(stands_for=found, newest_here=newest)
        return found


def stands_for(here: str, *, newest_untold: bool, runs: Sequence[RunSummary]) -> str:
    """The run that took one back, where nobody has synced since on any computer; else ''.

    `here` is that run by what this computer alone knows, `runs` are the service's, the one recorded
    last first. Times are not compared: the clocks of two computers differ. The service's order
    holds, since whoever stands still records nothing; only what it doesn't know yet goes before.
    """
    if newest_untold or (here and all(run.run_id != here for run in runs)):
        return here
    for run in runs:
        if not run.undoes:
            return ""
        if run.run_id == here or run.done.writes or run.failed:
            return run.run_id
        # A taking back that changed nothing is passed over.
    return ""
