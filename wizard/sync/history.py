"""Finished runs as a person looks for them: filtered, searched, by day, with some names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from wizard.content.search import wanted_words
from wizard.core.clock import from_text, to_text
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code
from wizard.store.database import Database
from wizard.store.statements import Cell, Reading
from wizard.sync.stored import read_report

__all__ = [
    "FoundRun",
    "RunsWanted",
    "found_runs",
    "last_that_wrote",
    "names_of",
    "reports_since",
    "stored_ids",
]

# Everything that somebody who looks back calls a sync, also those that failed before they began.
_RUNS = (
    "SELECT id, started_at, finished_at, outcome, report, 0 AS tries FROM run"
    " WHERE NOT preview AND report IS NOT NULL"
    " UNION ALL SELECT id, started_at, finished_at, 'failed', report, tries FROM unbegun_run"
)
_WROTE = (
    "json_extract(r.report, '$.done.create') + json_extract(r.report, '$.done.adopt')"
    " + json_extract(r.report, '$.done.update') + json_extract(r.report, '$.done.deactivate')"
    " + json_extract(r.report, '$.done.reactivate') > 0"
)
_TROUBLED = (
    "(r.outcome NOT IN ('done', 'off', 'cancelled') OR json_extract(r.report, '$.failed') > 0"
    " OR json_extract(r.report, '$.planned.problem') > 0)"
)
# Who was looked at and needs nothing is no event; searching them would find every run.
_HAS_WORD = (
    " AND (EXISTS (SELECT 1 FROM plan_item i WHERE i.run_id = r.id"
    " AND i.kind NOT IN ('unchanged', 'skip') AND instr(i.search, :word))"
    " OR instr(coalesce(json_extract(r.report, '$.trouble'), ''), :word)"
    " OR instr(r.outcome, :word)"
    " OR EXISTS (SELECT 1 FROM journal j WHERE j.run_id = r.id AND instr(j.code, :word)))"
)


@dataclass(frozen=True, kw_only=True)
class RunsWanted:
    """Which runs: those that wrote, those that met a problem, those that these words are in.

    `id`: this one alone.
    """

    changes: bool = False
    problems: bool = False
    search: str = ""
    id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundRun:
    """A report, and when the run before it ended (None: there is none).

    `tries` is how often in a row it failed before it began; 0: it began.
    """

    report: RunReport
    before_ended_at: datetime | None
    tries: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    id: str
    started_at: datetime
    finished_at: datetime
    report: str
    before_ended_at: str | None
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    id: str
    report: str


def found_runs(
    database: Database, wanted: RunsWanted, *, offset: int, limit: int
) -> tuple[Sequence[FoundRun], int]:
    """A window of the finished runs that match, the newest first, and how many match in all."""
    where, values = _where(wanted)
    with database.read() as reading:
        total = reading.value(int, f"SELECT count(*) FROM ({_RUNS}) r WHERE {where}", values)  # noqa: S608 - constants of this module
        rows = reading.all(
            _Row,
            f"WITH shown AS (SELECT * FROM ({_RUNS}) r WHERE {where}"  # noqa: S608 - same
            " ORDER BY r.started_at DESC, r.id DESC LIMIT :limit OFFSET :offset)"
            " SELECT s.id, s.started_at, s.finished_at, s.report, s.tries,"
            f" (SELECT max(b.finished_at) FROM ({_RUNS}) b"
            " WHERE b.started_at < s.started_at) AS before_ended_at"
            " FROM shown s ORDER BY s.started_at DESC, s.id DESC",
            {**values, "limit": limit, "offset": offset},
        )
    return [_found(row) for row in rows], total


def _where(wanted: RunsWanted) -> tuple[str, dict[str, Cell]]:
    where = "1"
    values: dict[str, Cell] = {}
    if wanted.changes:
        where += f" AND {_WROTE}"
    if wanted.problems:
        where += f" AND {_TROUBLED}"
    if wanted.id:
        where += " AND r.id = :id"
        values["id"] = wanted.id
    for place, word in enumerate(wanted_words(wanted.search.casefold())):
        values[f"word{place}"] = word
        where += _HAS_WORD.replace(":word", f":word{place}")
    return where, values


def _found(row: _Row) -> FoundRun:
    before = row.before_ended_at
    return FoundRun(
        report=read_report(row.report, row.id) or _unreadable(row),
        before_ended_at=from_text(before) if before else None,
        tries=row.tries,
    )


def _unreadable(row: _Row) -> RunReport:
    """What is known of a run whose report can't be understood: when it was."""
    return RunReport(
        run_id=row.id,
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.FAILED,
        started_at=row.started_at,
        finished_at=row.finished_at,
        trouble=Code.INTERNAL,
    )


def names_of(reading: Reading, run_id: str, *, at_most: int) -> tuple[str, ...]:
    """The first people whom a run wrote, by name, or by address where they have none."""
    return tuple(
        reading.values(
            str,
            "SELECT coalesce(nullif(trim(given_name || ' ' || family_name), ''), address)"
            " FROM journal WHERE run_id = ? AND state = 'done' ORDER BY id LIMIT ?",
            (run_id, at_most),
        )
    )


def stored_ids(reading: Reading, ids: Sequence[str]) -> frozenset[str]:
    """Which of these runs this computer did itself."""
    asked = msgspec.json.encode(list(ids)).decode()
    return frozenset(
        reading.values(
            str, "SELECT id FROM run WHERE id IN (SELECT value FROM json_each(?))", (asked,)
        )
    )


def last_that_wrote(reading: Reading) -> str:
    """The newest run that wrote, or may have, and took none back; '' for none.

    In the order in which they began, whatever the clock said. A killed one has no report yet.
    """
    return next(
        reading.values(
            str,
            "SELECT r.id FROM run r WHERE NOT r.preview AND r.undoes = '' AND EXISTS ("
            " SELECT 1 FROM journal j WHERE j.run_id = r.id AND j.state IN ('sent', 'done'))"
            " ORDER BY r.rowid DESC LIMIT 1",
        ),
        "",
    )


def reports_since(reading: Reading, since: datetime) -> Iterator[RunReport]:
    """Every finished run from then on whose report can be read, in no order."""
    for row in reading.rows(
        _Kept,
        "SELECT id, report FROM run WHERE NOT preview AND report IS NOT NULL AND started_at >= ?",
        (to_text(since),),
    ):
        report = read_report(row.report, row.id)
        if report is not None:
            yield report
