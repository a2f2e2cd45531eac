"""What syncs did to one person's account, operation by operation, with the values before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wizard.core.runs import PlanKind
from wizard.store.statements import Reading

__all__ = ["AccountValues", "Operation", "operations_of"]

# Of refusals that are alike, one after the other, the first and the last are told.
_ENTRIES = """
SELECT id, run_id, kind, state, code, detail, account_id, address, given_name, family_name,
    old_address, old_given_name, old_family_name, old_active, at, proof
FROM (
    SELECT j.*, coalesce(j.answered_at, j.sent_at) AS at, coalesce(e.proof, '') AS proof,
        lag(j.state || j.kind || j.code || j.detail) OVER (ORDER BY j.id) AS before,
        lead(j.state || j.kind || j.code || j.detail) OVER (ORDER BY j.id) AS later
    FROM journal j LEFT JOIN evidence e ON e.run_id = j.run_id AND e.user_id = j.user_id
    WHERE j.user_id = :user AND coalesce(j.answered_at, j.sent_at) IS NOT NULL
)
WHERE state <> 'failed' OR before IS NOT state || kind || code || detail
    OR later IS NOT state || kind || code || detail
ORDER BY id DESC LIMIT :most
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    id: int
    run_id: str
    kind: PlanKind
    state: str
    code: str
    detail: str
    account_id: str
    address: str
    given_name: str
    family_name: str
    old_address: str
    old_given_name: str
    old_family_name: str
    old_active: bool
    at: datetime
    proof: str


@dataclass(frozen=True, kw_only=True)
class AccountValues:
    """An account's values before or after an operation."""

    address: str
    given_name: str
    family_name: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, as the journal has it.

    `state`: 'done', 'failed', or 'sent' where nobody knows yet. `before` is None for a new
    account, `after` None for what was not done. `evidence` proved that a leaver had left.
    """

    run_id: str
    kind: PlanKind
    state: str
    at: datetime
    account_id: str
    before: AccountValues | None
    after: AccountValues | None
    code: str = ""
    service_said: str = ""
    evidence: str = ""


def operations_of(reading: Reading, user_id: str, *, at_most: int) -> Sequence[Operation]:
    """The newest operations, the newest first."""
    found = reading.all(_Entry, _ENTRIES, {"user": user_id, "most": at_most})
    return [_operation(row) for row in found]


def _operation(row: _Entry) -> Operation:
    before = AccountValues(
        address=row.old_address,
        given_name=row.old_given_name,
        family_name=row.old_family_name,
        active=row.old_active,
    )
    leaves = row.kind is PlanKind.DEACTIVATE
    after = AccountValues(
        address=row.old_address if leaves else row.address,
        given_name=row.old_given_name if leaves else row.given_name,
        family_name=row.old_family_name if leaves else row.family_name,
        active=not leaves,
    )
    return Operation(
        run_id=row.run_id,
        kind=row.kind,
        state=row.state,
        at=row.at,
        account_id=row.account_id,
        before=None if row.kind is PlanKind.CREATE else before,
        after=after if row.state == "done" else None,
        code=row.code,
        service_said=row.detail,
        evidence=row.proof,
    )
