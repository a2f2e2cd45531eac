"""Runs for the command line: the last ones, and one of them row by row, also as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wizard.content.operations import result_words
from wizard.content.reasons import kind_label, why
from wizard.content.text import t
from wizard.core.cancel import Cancel
from wizard.core.runs import PersonPlan
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.tables import write_table
from wizard.store.database import Database
from wizard.sync.history import FoundRun, RunsWanted, found_runs
from wizard.sync.run_rows import RunRowTold, find_run, run_rows

__all__ = ["OneRun", "ToldRuns", "row_object", "row_why", "save_rows"]


@dataclass(frozen=True, kw_only=True)
class OneRun:
    """One run and its rows; those with nothing to do only where they were asked for."""

    run: FoundRun
    rows: tuple[RunRowTold, ...]


class ToldRuns:
    """Reads the connection's database, and asks nobody."""

    def __init__(self, set_up: SetUp, syncing: Syncing) -> None:
        self._set_up = set_up
        self._syncing = syncing

    def last(self, count: int) -> Sequence[FoundRun]:
        """The newest runs, those that could not begin among them."""
        database = self._database()
        if database is None:
            return ()
        return found_runs(database, RunsWanted(), offset=0, limit=count)[0]

    def one(self, text: str, cancel: Cancel, *, everybody: bool) -> OneRun | None:
        """The one run whose id is, or begins, like this; None where there is no such one."""
        database = self._database()
        if database is None:
            return None
        with database.read(cancel=cancel) as reading:
            run_id = find_run(reading, text.strip())
            rows = tuple(run_rows(reading, run_id, everybody=everybody)) if run_id else ()
        if not run_id:
            return None
        found, _ = found_runs(database, RunsWanted(id=run_id), offset=0, limit=1)
        return OneRun(run=found[0], rows=rows) if found else None

    def _database(self) -> Database | None:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        return self._syncing.database(answers)


def save_rows(path: Path, rows: Sequence[RunRowTold]) -> int:
    """Write the rows as CSV, cells that a spreadsheet would run quoted; how many."""
    heading = (
        t("Person"), t("Address"), t("Plan"), t("Why"), t("Result"), t("Before: name"),
        t("Before: address"), t("Evidence"), t("Code"), t("Note"),
    )  # fmt: skip
    return write_table(path, heading, map(_cells, rows))


def row_why(row: RunRowTold) -> str:
    """Why somebody was planned as they were, in half a sentence."""
    return why(
        PersonPlan(
            user_id=row.user_id,
            external_id="",
            account_id="",
            kind=row.kind,
            reason=row.reason,
            address=row.address,
            name=row.name,
            scope_by=row.scope_by,
        )
    )


def row_object(row: RunRowTold) -> Mapping[str, object]:
    """One row for a program."""
    return {
        "directory_id": row.user_id,
        "name": row.name,
        "address": row.address,
        "old_name": row.old_name,
        "old_address": row.old_address,
        "kind": row.kind.value,
        "reason": row.reason.value,
        "result": row.result.value,
        "code": row.code,
        "detail": row.detail,
        "evidence": row.evidence,
        "scope_by": row.scope_by,
    }


def _cells(row: RunRowTold) -> tuple[str, ...]:
    return (
        row.name,
        row.address,
        kind_label(row.kind),
        row_why(row),
        result_words(row.result.value),
        row.old_name,
        row.old_address,
        row.evidence,
        row.code,
        row.detail,
    )
