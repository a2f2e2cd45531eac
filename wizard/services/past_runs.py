"""Home's view of past runs: pages of them, what each day did, and all of it as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from wizard.content.cli import OUTCOME_WORDS
from wizard.content.runs import trigger_words
from wizard.content.text import N_, t
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.runs import RunOutcome, RunReport, RunSummary, Trigger
from wizard.services.contract.home import (
    DayCounts,
    OrganizationAccountView,
    RunFilter,
    RunPage,
    RunRow,
)
from wizard.services.runs_elsewhere import fitting, rows_elsewhere
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.tables import write_table
from wizard.store.database import Database
from wizard.sync.history import (
    FoundRun,
    RunsWanted,
    found_runs,
    names_of,
    reports_since,
    stored_ids,
)
from wizard.sync.keeping import USUAL_DAYS, kept_since

__all__ = ["PastRuns"]

_NAMED = 3
_AT_ONCE = 200
_MINUTES_BETWEEN = 30
_LONG = timedelta(minutes=90)
"""No break is worth telling that is shorter than this, whatever the interval."""
_HEADING = (
    N_("Began"),
    N_("Ended"),
    N_("Asked for by"),
    N_("Result"),
    N_("Created"),
    N_("Taken over"),
    N_("Changed"),
    N_("Deactivated"),
    N_("Problems"),
    N_("People read"),
    N_("What happened"),
    N_("Code"),
    N_("Tries"),
    N_("Computer"),
)


class PastRuns:
    """Reads the connection's database, and remembers what the service told beside it."""

    def __init__(self, set_up: SetUp, syncing: Syncing, clock: Clock) -> None:
        self._set_up = set_up
        self._syncing = syncing
        self._clock = clock
        self._learned: tuple[str, tuple[RunRow, ...]] = ("", ())

    def learn(self, runs: Sequence[RunSummary], account: OrganizationAccountView | None) -> int:
        """Remember what the service told of the connection's runs; how many are not kept here."""
        rows: tuple[RunRow, ...] = ()
        if account is not None:
            database = self._database()
            ours: frozenset[str] = frozenset()
            since = self._clock.now() - timedelta(days=USUAL_DAYS)
            if database is not None:
                with database.read() as reading:
                    ours = stored_ids(reading, [run.run_id for run in runs])
                    since = kept_since(reading, self._clock.now())
            rows = rows_elsewhere(runs, account, ours=ours, since=since)
        self._learned = (self._set_up.answers.unit_seen, rows)
        return len(rows)

    def _elsewhere(self) -> tuple[RunRow, ...]:
        """What only the service knows of the unit that is looked at now."""
        unit, rows = self._learned
        return rows if unit == self._set_up.answers.unit_seen else ()

    def _database(self) -> Database | None:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        return self._syncing.database(answers)

    def page(self, wanted: RunFilter, search: str, offset: int, limit: int) -> RunPage:
        """See `HomeCalls.runs`."""
        others = fitting(self._elsewhere(), wanted, search)
        if not others:
            return self._here(wanted, search, offset, limit)
        here = self._here(wanted, search, 0, offset + limit)
        rows = sorted((*here.rows, *others), key=lambda row: row.report.started_at, reverse=True)
        return RunPage(rows=tuple(rows[offset : offset + limit]), total=here.total + len(others))

    def _here(self, wanted: RunFilter, search: str, offset: int, limit: int) -> RunPage:
        database = self._database()
        if database is None:
            return RunPage(rows=(), total=0)
        found, total = found_runs(database, _wanted(wanted, search), offset=offset, limit=limit)
        interval = self._interval()
        with database.read() as reading:
            rows = tuple(
                RunRow(
                    report=one.report,
                    names=names_of(reading, one.report.run_id, at_most=_NAMED),
                    break_since=_break(one, interval),
                    tries=one.tries,
                )
                for one in found
            )
        return RunPage(rows=rows, total=total)

    def changed_since(self, since: datetime) -> int:
        """How many accounts were changed by the runs from then on."""
        database = self._database()
        if database is None:
            return 0
        with database.read() as reading:
            return sum(_changed(report) for report in reports_since(reading, since))

    def days(self, count: int) -> Sequence[DayCounts]:
        """See `HomeCalls.days`."""
        today = self._clock.now().astimezone().date()
        first = today - timedelta(days=count - 1)
        by_day = {
            first + timedelta(days=n): DayCounts(day=first + timedelta(days=n))
            for n in range(count)
        }
        reports = [row.report for row in self._elsewhere()]
        database = self._database()
        if database is not None:
            since = datetime.combine(first, datetime.min.time()).astimezone()
            with database.read() as reading:
                reports += reports_since(reading, since)
        for report in reports:
            day = report.started_at.astimezone().date()
            if day in by_day:
                by_day[day] = _add(by_day[day], report, day)
        return tuple(by_day.values())

    def save(self, wanted: RunFilter, search: str, path: Path, cancel: Cancel) -> int:
        """See `HomeCalls.save_runs`."""
        heading = [t(words) for words in _HEADING]
        rows = self._every(wanted, search, cancel)
        return write_table(path, heading, (_cells(row) for row in rows))

    def _every(self, wanted: RunFilter, search: str, cancel: Cancel) -> Iterator[RunRow]:
        offset = 0
        while True:
            cancel.check()
            found = self.page(wanted, search, offset, _AT_ONCE).rows
            if not found:
                return
            yield from found
            offset += len(found)

    def _interval(self) -> timedelta:
        kept = self._syncing.kept()
        minutes = kept.settings.interval_minutes if kept is not None else _MINUTES_BETWEEN
        return timedelta(minutes=minutes)


def _wanted(wanted: RunFilter, search: str) -> RunsWanted:
    return RunsWanted(
        changes=wanted is RunFilter.CHANGES,
        problems=wanted is RunFilter.PROBLEMS,
        search=search,
    )


def _break(found: FoundRun, interval: timedelta) -> datetime | None:
    """When the run before ended, where so long a break is no rhythm any more."""
    before, report = found.before_ended_at, found.report
    if before is None or report.trigger is not Trigger.SCHEDULE:
        return None
    return before if report.started_at - before > max(_LONG, 3 * interval) else None


def _changed(report: RunReport) -> int:
    return report.done.update + report.done.reactivate


def _add(counts: DayCounts, report: RunReport, day: date) -> DayCounts:
    return DayCounts(
        day=day,
        created=counts.created + report.done.create + report.done.adopt,
        changed=counts.changed + _changed(report),
        left=counts.left + report.done.deactivate,
        stopped=counts.stopped + (report.outcome is RunOutcome.STOPPED_BY_GUARD),
    )


def _cells(row: RunRow) -> list[str]:
    report = row.report
    happened = ""
    if report.trouble is not None:
        happened = trouble_words(report.trouble, dict(report.trouble_facts)).title
    numbers = (
        report.done.create,
        report.done.adopt,
        _changed(report),
        report.done.deactivate,
        report.failed + report.planned.problem,
        report.people_read,
    )
    return [
        report.started_at.astimezone().isoformat(sep=" ", timespec="seconds"),
        report.finished_at.astimezone().isoformat(sep=" ", timespec="seconds"),
        trigger_words(report.trigger),
        t(OUTCOME_WORDS[report.outcome]),
        *(str(number) for number in numbers),
        happened,
        report.trouble.value if report.trouble is not None else "",
        str(row.tries or ""),
        row.host if row.elsewhere else t("This computer"),
    ]
