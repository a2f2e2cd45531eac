"""Runs that failed before they began: no sign-in, no network, settings that can't be read."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from datetime import datetime

import msgspec

from wizard.core.clock import Clock, to_text
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.store.statements import Writing
from wizard.sync.keeping import kept_since
from wizard.sync.report import outcome_of
from wizard.sync.runs import put_right
from wizard.sync.stored import read_report

__all__ = ["keep_unbegun", "unbegun_report"]

log = logging.getLogger(__name__)
_NO_NEWS = frozenset({Code.SYNC_ALREADY_RUNNING, Code.DATABASE_BUSY})
"""Another run has its turn: that one is told of, and this one is tried again at once."""


def unbegun_report(
    trouble: Trouble, trigger: Trigger, started: datetime, ended: datetime
) -> RunReport:
    """What there is to report of a run that this trouble kept from beginning; it has no id."""
    return RunReport(
        run_id="",
        trigger=trigger,
        outcome=outcome_of(trouble),
        started_at=started,
        finished_at=ended,
        trouble=trouble.code,
        trouble_facts=tuple((name, str(value)) for name, value in trouble.facts.items()),
    )


def keep_unbegun(
    database: Database, clock: Clock, *, trigger: Trigger, started: datetime, trouble: Trouble
) -> None:
    """Remember that a run could not begin, for as long as runs are kept.

    Tries that fail alike one after the other are one event with their number: a night without a
    network must not hide everything else. What ended as somebody wanted it (cancelled, off, the
    other computer's turn) is no failure. A disk that takes nothing must not hide the trouble
    itself, so nothing is raised.
    """
    report = unbegun_report(trouble, trigger, started, clock.now())
    if report.outcome is not RunOutcome.FAILED or trouble.code in _NO_NEWS:
        return
    try:
        with database.transaction() as writing:
            put_right(writing, report.finished_at, begun=report.started_at)
            _keep(writing, report)
            limit = to_text(kept_since(writing, clock.now()))
            writing.execute("DELETE FROM unbegun_run WHERE finished_at < ?", (limit,))
    except Trouble as problem:
        log.info("a run that could not begin was not remembered: %s", problem.code)


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    report: str


def _keep(writing: Writing, report: RunReport) -> None:
    before = _last_alike(writing, report)
    if before is not None:
        longer = replace(report, run_id=before.run_id, started_at=before.started_at)
        writing.execute(
            "UPDATE unbegun_run SET finished_at = ?, tries = tries + 1, report = ? WHERE id = ?",
            (to_text(longer.finished_at), msgspec.json.encode(longer).decode(), longer.run_id),
        )
        return
    run_id = f"{report.started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    kept = replace(report, run_id=run_id)
    writing.execute(
        "INSERT INTO unbegun_run (id, started_at, finished_at, tries, report)"
        " VALUES (?, ?, ?, 1, ?)",
        (
            run_id,
            to_text(kept.started_at),
            to_text(kept.finished_at),
            msgspec.json.encode(kept).decode(),
        ),
    )


def _last_alike(writing: Writing, report: RunReport) -> RunReport | None:
    """The last failure of this kind, where nothing else happened since."""
    found = writing.all(
        _Known,
        "SELECT id, report FROM unbegun_run u WHERE NOT EXISTS"
        " (SELECT 1 FROM run r WHERE NOT r.preview AND r.started_at > u.started_at)"
        " ORDER BY started_at DESC, id DESC LIMIT 1",
    )
    for row in found:
        before = read_report(row.report, row.id)
        if before is None:
            continue
        same = (before.trouble, before.trouble_facts, before.trigger)
        if same == (report.trouble, report.trouble_facts, report.trigger):
            return before
    return None
