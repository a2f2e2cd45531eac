"""The runs that this connection remembers: begun, finished, interrupted, and for how long."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from wizard.core.clock import Clock, to_text
from wizard.core.runs import PlanCounts, RunOutcome, RunPhase, RunReport, Trigger
from wizard.core.settings import AddressRule, NotActive, ProvisioningSettings
from wizard.core.trouble import Code
from wizard.store.database import Database
from wizard.store.statements import Reading, Writing
from wizard.sync.approval import end_approval, release_approvals
from wizard.sync.keeping import kept_since
from wizard.sync.stored import read_report

__all__ = [
    "begin_run",
    "close_interrupted",
    "done_counts",
    "enter_phase",
    "finish_run",
    "forget_run",
    "is_first",
    "last_good_report",
    "last_report",
    "matching_preview",
    "plan_counts",
    "prune",
    "put_right",
    "reports",
    "scope_text",
    "stored_report",
]

_UNFINISHED = {
    RunOutcome.FAILED,
    RunOutcome.CANCELLED,
    RunOutcome.NOT_THE_SYNCER,
    RunOutcome.OFF,
}


# The accounts are listed anew then, since nobody can tell any more how long ago they were.
_NOTHING_LATER = (
    "UPDATE journal SET sent_at = min(sent_at, :now), answered_at = :now WHERE answered_at > :now",
    "UPDATE journal SET sent_at = :now WHERE state IN ('planned', 'sent') AND sent_at > :now",
    "UPDATE link SET absent_since = :now WHERE absent_since > :now",
    "UPDATE connection SET links_rebuilt_at = NULL WHERE links_rebuilt_at > :now",
    "UPDATE run SET started_at = :before WHERE started_at > :now",
    (
        "UPDATE unbegun_run SET finished_at = :before, started_at = min(started_at, :before),"
        " report = CASE WHEN json_valid(report) THEN json_set(report, '$.finished_at', :before,"
        " '$.started_at', min(started_at, :before)) ELSE report END WHERE finished_at > :now"
    ),
)


def begin_run(
    database: Database,
    clock: Clock,
    *,
    settings: ProvisioningSettings,
    trigger: Trigger,
    preview: bool,
    undoes: str = "",
) -> tuple[str, datetime]:
    """Write down that a run begins; its id, which sorts by time, and when.

    `undoes` is the run that it takes back.
    """
    now = clock.now()
    run_id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    with database.transaction() as writing:
        put_right(writing, now)
        writing.execute(
            "INSERT INTO run (id, preview, trigger, started_at, scope, undoes)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (run_id, preview, trigger, to_text(now), scope_text(settings), undoes),
        )
    return run_id, now


def put_right(writing: Writing, now: datetime, *, begun: datetime | None = None) -> None:
    """Let what was written down with a clock that was ahead, and is right again, count as of now.

    Else a grace would not end, or a day's limit be used up, until that moment comes again. What
    has `begun` since then is newer than all of it.
    """
    just_before = (begun or now) - timedelta(milliseconds=1)
    for statement in _NOTHING_LATER:
        writing.execute(statement, {"now": to_text(now), "before": to_text(just_before)})


class _Stored(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What was added to a scope since; left out where it says nothing, as it was before."""

    domains: tuple[str, ...] = ()
    exclude_domains: tuple[str, ...] = ()
    suspended: NotActive = NotActive.LEAVE_OUT
    archived: NotActive = NotActive.LEAVE_OUT
    address: AddressRule = AddressRule()


def scope_text(settings: ProvisioningSettings) -> str:
    """Who is in scope with which address, as stored with a run; the same whatever the order."""
    scope = settings.scope
    ordered: dict[str, object] = {
        "kind": scope.kind.value,
        "unit_ids": _in_order(scope.unit_ids),
        "group_ids": _in_order(scope.group_ids),
        "user_ids": _in_order(scope.user_ids),
        "exclude_unit_ids": _in_order(scope.exclude_unit_ids),
        "exclude_group_ids": _in_order(scope.exclude_group_ids),
        "exclude_user_ids": _in_order(scope.exclude_user_ids),
    }
    added = _Stored(
        domains=_in_order(scope.domains),
        exclude_domains=_in_order(scope.exclude_domains),
        suspended=scope.suspended,
        archived=scope.archived,
        address=settings.address,
    )
    return msgspec.json.encode(ordered | msgspec.to_builtins(added)).decode()


def _in_order(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))


def enter_phase(writing: Writing, run_id: str, phase: RunPhase) -> None:
    """Write down how far a run has come."""
    writing.execute("UPDATE run SET phase = ? WHERE id = ?", (phase, run_id))


def finish_run(writing: Writing, report: RunReport) -> None:
    """Keep the report; an approval whose run could not do what it approved counts again."""
    writing.execute(
        "UPDATE run SET finished_at = ?, outcome = ?, report = ? WHERE id = ?",
        (
            to_text(report.finished_at),
            report.outcome,
            msgspec.json.encode(report).decode(),
            report.run_id,
        ),
    )
    end_approval(writing, report.run_id)
    if report.outcome in _UNFINISHED:
        release_approvals(writing, report.run_id)


def forget_run(writing: Writing, run_id: str) -> None:
    """Take a preview that came to nothing out again, its plan included."""
    writing.execute("DELETE FROM run WHERE id = ?", (run_id,))


class _Interrupted(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    trigger: Trigger
    started_at: datetime
    undoes: str


def close_interrupted(writing: Writing, clock: Clock, *, keep: str) -> int:
    """Give runs that a crash cut short a report, all but the run `keep`; how many there were.

    To be called once their open journal entries are settled.
    """
    writing.execute("DELETE FROM run WHERE preview AND finished_at IS NULL AND id <> ?", (keep,))
    found = writing.all(
        _Interrupted,
        "SELECT id, trigger, started_at, undoes FROM run WHERE finished_at IS NULL AND id <> ?",
        (keep,),
    )
    for run in found:
        done, failed = done_counts(writing, run.id)
        report = RunReport(
            run_id=run.id,
            trigger=run.trigger,
            outcome=RunOutcome.FAILED,
            started_at=run.started_at,
            finished_at=clock.now(),
            planned=plan_counts(writing, run.id),
            done=done,
            failed=failed,
            trouble=Code.RUN_INTERRUPTED,
            undoes=run.undoes,
        )
        finish_run(writing, report)
    return len(found)


class _KindCount(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    people: int


def plan_counts(reading: Reading, run_id: str) -> PlanCounts:
    """How many people a stored plan puts where."""
    found = reading.all(
        _KindCount,
        "SELECT kind, count(*) AS people FROM plan_item WHERE run_id = ? GROUP BY kind",
        (run_id,),
    )
    return PlanCounts(**{row.kind: row.people for row in found})


def done_counts(reading: Reading, run_id: str) -> tuple[PlanCounts, int]:
    """What a run has done by kind, and how many of its operations failed."""
    found = reading.all(
        _KindCount,
        "SELECT kind, count(*) AS people FROM journal WHERE run_id = ? AND state = 'done'"
        " GROUP BY kind",
        (run_id,),
    )
    failed = reading.value(
        int, "SELECT count(*) FROM journal WHERE run_id = ? AND state = 'failed'", (run_id,)
    )
    return PlanCounts(**{row.kind: row.people for row in found}), failed


# Nothing that was to be created or changed was held, and no more of it failed than `within`.
_CAME_THROUGH = """
NOT r.preview AND r.undoes = ''
AND (r.outcome IN ('done', 'partly') OR (r.outcome = 'stopped-by-guard' AND NOT EXISTS
    (SELECT 1 FROM plan_item i WHERE i.run_id = r.id AND i.held
        AND i.kind NOT IN ('deactivate', 'skip'))))
AND (SELECT count(*) FROM journal j WHERE j.run_id = r.id AND j.state = 'failed'
    AND j.kind <> 'deactivate') <= :within
"""


def is_first(reading: Reading, *, within: int) -> bool:
    """Whether no run has yet come through with what it was to create and change.

    Up to `within` people may have failed in it: so many the ordinary limits let through later.
    """
    return reading.value(
        bool,
        f"SELECT NOT EXISTS (SELECT 1 FROM run r WHERE {_CAME_THROUGH})",  # noqa: S608 - a constant
        {"within": within},
    )


def matching_preview(reading: Reading, settings: ProvisioningSettings) -> str | None:
    """The newest finished preview that was made with this scope and choice of address."""
    return next(
        reading.values(
            str,
            "SELECT id FROM run WHERE preview AND undoes = '' AND finished_at IS NOT NULL"
            " AND scope = ?"
            " ORDER BY started_at DESC, id DESC LIMIT 1",
            (scope_text(settings),),
        ),
        None,
    )


def stored_report(database: Database, run_id: str) -> RunReport | None:
    """The report of one finished run; None where there is none, or none that can be read."""
    with database.read() as reading:
        text = next(
            reading.values(
                str, "SELECT report FROM run WHERE id = ? AND report IS NOT NULL", (run_id,)
            ),
            None,
        )
    return None if text is None else read_report(text, run_id)


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    report: str


def _newest_first(reading: Reading) -> Iterator[RunReport]:
    """Every report of a finished run that can be read."""
    rows = reading.rows(
        _Kept,
        "SELECT id, report FROM run WHERE NOT preview AND report IS NOT NULL"
        " ORDER BY started_at DESC, id DESC",
    )
    for row in rows:
        report = read_report(row.report, row.id)
        if report is not None:
            yield report


def reports(database: Database, *, limit: int = 50) -> Sequence[RunReport]:
    """The reports of finished runs, the newest first; previews have none.

    What can't be understood is left out, and the one before it counts.
    """
    with database.read() as reading:
        return list(islice(_newest_first(reading), limit))


def last_report(database: Database) -> RunReport | None:
    """The newest report, None before the first run ended."""
    return next(iter(reports(database, limit=1)), None)


def last_good_report(database: Database) -> RunReport | None:
    """The newest report of a run that did what it was for, None while there is none."""
    with database.read() as reading:
        return next(
            (one for one in _newest_first(reading) if one.came_through and not one.undoes), None
        )


def prune(writing: Writing, clock: Clock, *, keep: str) -> None:
    """Forget what is older than a person chose, and in older plans the people with nothing to do.

    Of runs that found provisioning switched off before they read only the newest is kept. The
    newest sync that came through is kept however old, since limits depend on there being one.
    Rows of people who were unchanged or skipped are kept for the newest preview and the newest
    sync that came to a plan: at 48 runs a day they would be nearly all of the database. Of a run
    that goes on they are all kept, and of one that took one back: they name who could not be.
    """
    limit = to_text(kept_since(writing, clock.now()))
    # The day before the last run stays in any case: a clock that leaps ahead must not make room
    # for more in the same day.
    writing.execute(
        "DELETE FROM journal WHERE state NOT IN ('planned', 'sent') AND sent_at < min(:limit,"
        " (SELECT coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', max(started_at), '-1 day'), '9')"
        " FROM run WHERE id <> :keep))",
        {"limit": limit, "keep": keep},
    )
    writing.execute(
        "DELETE FROM run WHERE started_at < :limit AND id <> :keep AND id NOT IN ("
        " SELECT id FROM run WHERE NOT preview AND undoes = '' AND outcome IN ('done', 'partly')"
        " ORDER BY started_at DESC LIMIT 1)",
        {"limit": limit, "keep": keep},
    )
    writing.execute("DELETE FROM run WHERE outcome = 'off' AND generation = 0 AND id <> ?", (keep,))
    writing.execute("DELETE FROM approval WHERE given_at < ?", (limit,))
    writing.execute(
        "DELETE FROM plan_item WHERE kind IN ('unchanged', 'skip') AND run_id <> :keep"
        " AND NOT held AND run_id NOT IN (SELECT id FROM run WHERE finished_at IS NULL)"
        " AND run_id NOT IN ("
        " SELECT id FROM run WHERE preview AND undoes = ''"
        " ORDER BY started_at DESC, id DESC LIMIT 1)"
        " AND run_id NOT IN (SELECT id FROM run WHERE undoes <> '')"
        " AND run_id NOT IN ("
        " SELECT id FROM run WHERE NOT preview AND undoes = ''"
        " AND outcome IN ('done', 'partly', 'stopped-by-guard')"
        " ORDER BY started_at DESC, id DESC LIMIT 1)",
        {"keep": keep},
    )
