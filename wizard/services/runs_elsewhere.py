"""The runs that this computer keeps nothing of, as the account service last told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from wizard.content.search import wanted_words
from wizard.core.runs import RunOutcome, RunReport, RunSummary, Trigger
from wizard.services.contract.home import OrganizationAccountView, RunFilter, RunRow

__all__ = ["fitting", "rows_elsewhere"]

_NO_PROBLEM = frozenset({RunOutcome.DONE, RunOutcome.OFF, RunOutcome.CANCELLED})


def rows_elsewhere(
    runs: Iterable[RunSummary],
    account: OrganizationAccountView,
    *,
    ours: frozenset[str],
    since: datetime,
) -> tuple[RunRow, ...]:
    """Those of the service's runs that are not `ours`, newest first, none older than `since`.

    Whose they are follows from the lease: its holder did everything since it has it. Of what was
    before, the service does not say who did it. A run whose outcome is a word of a later version
    is left out, rather than told wrongly.
    """
    found = [
        RunRow(
            report=_report(run, run.outcome),
            elsewhere=True,
            host=_host(run, account),
        )
        for run in runs
        if run.run_id not in ours and run.outcome is not None and run.started_at >= since
    ]
    return tuple(sorted(found, key=lambda row: row.report.started_at, reverse=True))


def _host(run: RunSummary, account: OrganizationAccountView) -> str:
    since = account.syncer_since
    if since is None or run.started_at < since:
        return ""
    return account.syncer_host


def _report(run: RunSummary, outcome: RunOutcome) -> RunReport:
    return RunReport(
        run_id=run.run_id,
        trigger=run.trigger or Trigger.SCHEDULE,
        outcome=outcome,
        started_at=run.started_at,
        finished_at=run.finished_at,
        done=run.done,
        failed=run.failed,
        people_read=run.people_read,
        held=run.held,
        requests=run.requests,
        undoes=run.undoes,
    )


def fitting(rows: Sequence[RunRow], wanted: RunFilter, search: str) -> list[RunRow]:
    """Those that are wanted; of people the service tells nothing, so words are host or outcome."""
    words = wanted_words(search.casefold())
    return [row for row in rows if _fits(row, wanted) and _said(row, words)]


def _fits(row: RunRow, wanted: RunFilter) -> bool:
    if wanted is RunFilter.CHANGES:
        return row.report.done.writes > 0
    if wanted is RunFilter.PROBLEMS:
        return row.report.outcome not in _NO_PROBLEM or row.report.failed > 0
    return True


def _said(row: RunRow, words: Iterable[str]) -> bool:
    texts = f"{row.host} {row.report.outcome.value}".casefold()
    return all(word in texts for word in words)
