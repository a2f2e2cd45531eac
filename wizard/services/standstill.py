"""Whether a run was taken back and nobody has synced since, here or on another computer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.runs import RunReport, RunSummary, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.ground import Ground
from wizard.services.setup import SetUp
from wizard.store.database import Database
from wizard.sync.history import reports_since, stored_ids
from wizard.sync.runs import stored_report
from wizard.sync.unbegun import keep_unbegun, unbegun_report
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
        after: Callable[[RunReport, Cancel], None] = lambda _report, _cancel: None,
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._database = database
        self._after = after
        self._told: _Told | None = None
        self._went_on = ""  # the one after which a person synced here, who could know of it

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

        Raises `Trouble`, which is remembered and told like that of a run that could not begin.
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
                refused = unbegun_report(trouble, Trigger.SCHEDULE, started, clock.now())
                self._after(refused, cancel)
            raise

    def _ask(self, answers: Answers, database: Database, cancel: Cancel) -> str:
        newest, here = newest_run(database), last_taking_back(database)
        ou, account = answers.ou_id, answers.organization_account_id
        service = self._access.as_sync(answers, cancel)
        try:
            runs = service.sync_runs(ou, account, cancel)
        except Trouble as trouble:
            if trouble.code not in _NOT_TOLD:
                raise
            log.info("the service does not tell a sync of its runs: %s", trouble.code)
            return here
        known, ours = self._ours(database, runs)
        found = stands_for(here, runs=runs, known=known, ours=ours)
        told = self._told
        if told is not None and found and told.stands_for == found and told.newest_here != newest:
            report = stored_report(database, newest)
            if report is not None and _a_persons(report):
                self._went_on = found
        if found == self._went_on:
            found = ""
        self._told = _Told(stands_for=found, newest_here=newest)
        return found

    def _ours(
        self, database: Database, runs: Sequence[RunSummary]
    ) -> tuple[frozenset[str], tuple[RunReport, ...]]:
        """Which of the service's runs were done here, and all that were here since an undo."""
        since = min((run.started_at for run in runs if run.undoes), default=None)
        if since is None:
            return frozenset(), ()
        with database.read() as reading:
            known = stored_ids(reading, [run.run_id for run in runs])
            return known, tuple(reports_since(reading, since))


def stands_for(
    here: str,
    *,
    runs: Sequence[RunSummary],
    known: Collection[str] = (),
    ours: Iterable[RunReport] = (),
) -> str:
    """The run that took one back, where nobody has synced since on any computer; else ''.

    `here` is that run by what this computer alone knows, `runs` are the service's, the one recorded
    last first, `known` are those of them that were done here, and `ours` is what was done here.
    What was done here counts in the order in which it began. A run of another computer may be
    recorded long after it ended, so that one recorded after the undo ends nothing unless a person
    began it, and not before the undo. Clocks that differ can thus prolong the standstill, until
    somebody goes on at this computer; they never end it.
    """
    if here and all(run.run_id != here for run in runs):
        return here
    later: list[RunSummary | RunReport] = []
    for run in runs:
        # A taking back that changed nothing is passed over.
        if run.undoes and (run.run_id == here or run.done.writes or run.failed):
            if run.run_id in known:
                later = [one for one in later if one.run_id not in known]
                ended = run.run_id != here
            else:
                later.extend(ours)
                ended = False
            return "" if ended or any(_ends(one, run) for one in later) else run.run_id
        later.append(run)
    return ""


def _ends(run: RunSummary | RunReport, undo: RunSummary) -> bool:
    return _a_persons(run) and run.started_at >= undo.started_at


def _a_persons(run: RunSummary | RunReport) -> bool:
    """Whether it is a sync that somebody asked for, who could know of an undo."""
    return run.trigger is not Trigger.SCHEDULE and not run.undoes
