"""One run, row by row: what was planned for whom, why, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from wizard.core.runs import PlanKind, Reason
from wizard.store.statements import Reading

__all__ = ["RowResult", "RunRowTold", "find_run", "run_rows"]


class RowResult(StrEnum):
    """What came of one row; the words are in `wizard.content.operations`."""

    DONE = "done"
    FAILED = "failed"
    SENT = "sent"
    """Sent, and nobody knows yet whether it arrived."""
    HELD = "held"
    PROBLEM = "problem"
    NOT_DONE = "not-done"
    """The run ended before it came to this one."""
    NONE = "none"
    """There was nothing to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRowTold:
    """One person in a run. `code` and `detail` are the service's answer, or the plan's note."""

    user_id: str
    name: str
    address: str
    old_name: str
    old_address: str
    kind: PlanKind
    reason: Reason
    result: RowResult
    code: str
    detail: str
    evidence: str
    scope_by: str


_ROWS = """
SELECT i.user_id, coalesce(nullif(trim(i.given_name || ' ' || i.family_name), ''), i.address)
        AS name,
    i.address, trim(i.old_given_name || ' ' || i.old_family_name) AS old_name, i.old_address,
    i.kind, i.reason,
    CASE
        WHEN i.kind = 'problem' THEN 'problem'
        WHEN i.kind IN ('skip', 'unchanged') THEN 'none'
        WHEN i.held THEN 'held'
        WHEN j.state IN ('done', 'failed') THEN j.state
        WHEN j.id IS NOT NULL THEN 'sent'
        ELSE 'not-done' END AS result,
    coalesce(j.code, '') AS code,
    coalesce(nullif(j.detail, ''), i.detail) AS detail, coalesce(e.proof, '') AS evidence,
    i.scope_by
FROM plan_item i
LEFT JOIN journal j ON j.id = (
    SELECT max(id) FROM journal WHERE run_id = i.run_id AND user_id = i.user_id)
LEFT JOIN evidence e ON e.run_id = i.run_id AND e.user_id = i.user_id
WHERE i.run_id = :run AND (:all OR i.kind NOT IN ('skip', 'unchanged'))
ORDER BY i.kind IN ('skip', 'unchanged'), i.kind, i.search, i.user_id
"""


def run_rows(reading: Reading, run_id: str, *, everybody: bool) -> Iterator[RunRowTold]:
    """The rows of a run, one after the other; `everybody`: also those with nothing to do.

    People with nothing to do are kept for the newest run only.
    """
    yield from reading.rows(RunRowTold, _ROWS, {"run": run_id, "all": everybody})


def find_run(reading: Reading, text: str) -> str:
    """The id of the one run that begins like this, '' where none does, or more than one.

    Runs that could not begin count, too; previews don't.
    """
    found = list(
        reading.values(
            str,
            "SELECT id FROM (SELECT id FROM run WHERE NOT preview AND report IS NOT NULL"
            " UNION ALL SELECT id FROM unbegun_run)"
            " WHERE substr(id, 1, length(:text)) = :text ORDER BY id = :text DESC LIMIT 2",
            {"text": text},
        )
    )
    if len(found) == 1 or text in found:
        return found[0]
    return ""
