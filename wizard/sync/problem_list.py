"""Everybody whom the newest plan can't bring in step, with the reason and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wizard.core.clock import from_text, to_text
from wizard.core.problems import Again, PersonProblem, ProblemKind
from wizard.core.runs import PlanKind, Reason
from wizard.core.trouble import Code
from wizard.store.statements import Reading

__all__ = ["JudgedBy", "judged_by", "people_with_problems"]

_NEWEST = """
SELECT r.id, r.started_at, r.preview FROM run r
WHERE r.generation > 0 AND r.finished_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM plan_item i WHERE i.run_id = r.id)
ORDER BY r.preview, r.started_at DESC, r.id DESC LIMIT 1
"""

_NAME = "coalesce(nullif(trim({0}.given_name || ' ' || {0}.family_name), ''), {0}.address)"

# Who has no address counts only where the scope would have them: named by it, or everyone is.
_PLANNED = f"""
SELECT i.user_id, {_NAME.format("i")} AS name, i.address, fold(i.address) AS address_key, i.reason,
    coalesce(l.address, '') AS account_address, coalesce(l.address_key, '') AS account_key,
    coalesce(h.user_id, '') AS holder_id,
    CASE WHEN h.user_id IS NULL THEN '' ELSE {_NAME.format("h")} END AS holder
FROM plan_item i
LEFT JOIN link l ON l.user_id = i.user_id
LEFT JOIN link h ON i.reason = 'account-claimed' AND h.user_id = (
    SELECT min(user_id) FROM link WHERE address_key = fold(i.address) AND user_id <> i.user_id)
WHERE i.run_id = :run AND (i.kind = 'problem' OR (i.kind = 'skip' AND (
    i.reason = 'no-evidence'
    OR (i.reason IN ('no-address', 'no-address-in-domain') AND (i.scope_by <> '') <> EXISTS (
        SELECT 1 FROM run r WHERE r.id = :run AND json_extract(r.scope, '$.kind') = 'everyone')))))
"""  # noqa: S608 - put together from constants of this module

# The last word about each of those whom the plan still wants written.
_FAILED = f"""
SELECT i.user_id, {_NAME.format("i")} AS name, i.address,
    coalesce(l.address, '') AS account_address, j.code, j.detail,
    (SELECT count(*) FROM journal f WHERE f.user_id = i.user_id AND f.id > coalesce((
        SELECT max(d.id) FROM journal d WHERE d.user_id = i.user_id AND d.state = 'done'), 0))
        AS tries,
    (SELECT min(coalesce(f.answered_at, f.sent_at)) FROM journal f
        WHERE f.user_id = i.user_id AND f.id > coalesce((
        SELECT max(d.id) FROM journal d WHERE d.user_id = i.user_id AND d.state = 'done'), 0))
        AS since
FROM plan_item i
JOIN journal j ON j.id = (SELECT max(id) FROM journal WHERE user_id = i.user_id)
LEFT JOIN link l ON l.user_id = i.user_id
WHERE i.run_id = :run AND j.state = 'failed'
    AND i.kind IN ('create', 'adopt', 'update', 'deactivate', 'reactivate')
"""  # noqa: S608 - put together from constants of this module

_RUNS_BEFORE = """
SELECT id, started_at FROM run
WHERE NOT preview AND undoes = ''
    AND outcome IN ('done', 'partly', 'stopped-by-guard') AND started_at <= :at
ORDER BY started_at DESC, id DESC
"""
_UNPROVEN = """
SELECT coalesce(min(e.seen_at), '') FROM evidence e WHERE e.user_id = :user AND e.proof = 'none'
    AND e.seen_at > coalesce((SELECT max(p.seen_at) FROM evidence p
        WHERE p.user_id = :user AND p.proof <> 'none'), '')
"""
_LOST_ADDRESS = """
SELECT coalesce(max(seen_at), '') FROM directory_change
WHERE user_id = :user AND (what = 'arrived' OR (what = 'address' AND new = ''))
"""

_NOT_ARRIVED = frozenset({Code.CONNECTION_LOST, Code.TIMED_OUT, Code.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedBy:
    """The plan that judged last; `preview` where no run came to one."""

    id: str
    started_at: datetime
    preview: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Planned:
    user_id: str
    name: str
    address: str
    address_key: str
    reason: Reason
    account_address: str
    account_key: str
    holder_id: str
    holder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Failed:
    user_id: str
    name: str
    address: str
    account_address: str
    code: str
    detail: str
    tries: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Before:
    id: str
    started_at: datetime


def judged_by(reading: Reading) -> JudgedBy | None:
    """The newest run that came to a plan, else the newest preview; None while there is neither."""
    return reading.first(JudgedBy, _NEWEST)


def people_with_problems(reading: Reading, plan: JudgedBy) -> Sequence[PersonProblem]:
    """Everybody with a problem by this plan, by address and name; nobody twice.

    Whom the guard holds is not among them: that is one decision about all of them.
    """
    planned = reading.all(_Planned, _PLANNED, {"run": plan.id})
    since = _met_first(reading, plan, {row.user_id for row in planned})
    found = [
        *_of_plan(reading, planned, since),
        *map(_of_failure, reading.all(_Failed, _FAILED, {"run": plan.id})),
    ]
    return sorted(found, key=lambda one: (one.address.casefold(), one.name.casefold(), one.user_id))


def _of_plan(
    reading: Reading, planned: Sequence[_Planned], since: Mapping[str, datetime]
) -> Iterator[PersonProblem]:
    sharing: dict[str, list[_Planned]] = {}
    waiting = {row.user_id: row for row in planned if row.reason is Reason.ACCOUNT_CLAIMED}
    for row in planned:
        if row.reason is Reason.CLAIMED_TWICE:
            sharing.setdefault(row.address_key, []).append(row)
    for row in planned:
        others = tuple(
            one.name for one in sharing.get(row.address_key, ()) if one.user_id != row.user_id
        )
        kind = _kind(row, waiting, shared=bool(others))
        again = Again.NEXT_RUN if kind is ProblemKind.NO_EVIDENCE else Again.ON_CHANGE
        yield PersonProblem(
            user_id=row.user_id,
            name=row.name or row.user_id,
            address=row.address,
            kind=kind,
            again=again,
            since=_since(reading, row, kind, since),
            account_address=row.account_address,
            others=others or ((row.holder,) if row.holder else ()),
        )


def _kind(row: _Planned, waiting: Mapping[str, _Planned], *, shared: bool) -> ProblemKind:
    if row.reason is Reason.CLAIMED_TWICE:
        return ProblemKind.DUPLICATE if shared else ProblemKind.TWO_ACCOUNTS
    if row.reason is Reason.ACCOUNT_CLAIMED:
        holder = waiting.get(row.holder_id)
        if holder is not None and row.account_key and holder.address_key == row.account_key:
            return ProblemKind.ADDRESS_SWAP
        return ProblemKind.ADDRESS_HELD if row.holder_id else ProblemKind.ACCOUNT_OF_ANOTHER
    return {
        Reason.DOMAIN_NOT_VERIFIED: ProblemKind.FOREIGN_ADDRESS,
        Reason.NO_ADDRESS: ProblemKind.NO_ADDRESS,
        Reason.NO_ADDRESS_IN_DOMAIN: ProblemKind.NO_ADDRESS_IN_DOMAIN,
        Reason.NO_EVIDENCE: ProblemKind.NO_EVIDENCE,
    }[row.reason]


def _since(
    reading: Reading, row: _Planned, kind: ProblemKind, since: Mapping[str, datetime]
) -> datetime | None:
    """When it began: rows of skipped people are kept for the newest run only, so theirs is told
    by the look-ups, and by what the directory showed.
    """
    asked = {
        ProblemKind.NO_EVIDENCE: _UNPROVEN,
        ProblemKind.NO_ADDRESS: _LOST_ADDRESS,
        ProblemKind.NO_ADDRESS_IN_DOMAIN: _LOST_ADDRESS,
    }.get(kind)
    if asked is None:
        return since.get(row.user_id)
    text = next(reading.values(str, asked, {"user": row.user_id}), "")
    return from_text(text) if text else None


def _met_first(
    reading: Reading, plan: JudgedBy, user_ids: Collection[str]
) -> Mapping[str, datetime]:
    """For each of them the first of the runs in a row, up to this one, that met a problem."""
    met = dict.fromkeys(user_ids, plan.started_at)
    open_ones = set(user_ids)
    runs = reading.all(_Before, _RUNS_BEFORE, {"at": to_text(plan.started_at)})
    for run in runs:
        if not open_ones:
            break
        here = set(
            reading.values(
                str,
                "SELECT user_id FROM plan_item WHERE run_id = ? AND kind = ?",
                (run.id, PlanKind.PROBLEM),
            )
        )
        open_ones &= here
        met.update(dict.fromkeys(open_ones, run.started_at))
    return met


def _of_failure(row: _Failed) -> PersonProblem:
    code = Code(row.code) if row.code in set(Code) else Code.WRITE_FAILED
    return PersonProblem(
        user_id=row.user_id,
        name=row.name,
        address=row.address,
        kind=ProblemKind.NOT_ANSWERED if code in _NOT_ARRIVED else ProblemKind.REFUSED,
        again=Again.NEXT_RUN,
        since=row.since,
        account_address=row.account_address,
        code=code,
        detail=row.detail,
        tries=row.tries,
    )
