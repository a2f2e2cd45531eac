"""The proof that a leaver has left: nobody is deactivated on absence alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.directory import DirectoryUser, UserState
from wizard.core.runs import PlanKind, Reason
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database
from wizard.sync.parts import SyncParts

__all__ = ["Gathered", "Proof", "gather_evidence", "proof_of", "renew_evidence"]

log = logging.getLogger(__name__)

_REFUSALS_IN_A_ROW = 10
"""So many look-ups without an answer, one after the other: the rest is not asked for."""
_SAFE_TO_PASS_OVER = frozenset(Code) - {Code.CANCELLED}
_LEFT_FOR_ANY_REASON = {Reason.IN_GRACE, Reason.LEAVERS_KEPT, Reason.NO_EVIDENCE}
_READ_AND_OUT = {
    Reason.OUT_OF_SCOPE,
    Reason.EXCLUDED,
    Reason.NO_ADDRESS,
    Reason.NO_ADDRESS_IN_DOMAIN,
}


_LEAVERS = """
SELECT i.user_id, i.reason, u.unit_path, u.address AS snap_address, u.aliases
FROM plan_item i LEFT JOIN snap_user u ON u.id = i.user_id
WHERE i.run_id = :run AND i.kind = :deactivate AND NOT i.held
"""


_WITH_OLD_EVIDENCE = f"""
{_LEAVERS} AND i.user_id IN (SELECT value FROM json_each(:people))
    AND EXISTS (SELECT 1 FROM evidence e
        WHERE e.run_id = i.run_id AND e.user_id = i.user_id AND e.seen_at < :before)
ORDER BY i.user_id
"""  # noqa: S608 - put together from a constant of this module


_ONE_LEAVER = """
SELECT i.user_id, i.reason, u.unit_path, u.address AS snap_address, u.aliases
FROM plan_item i LEFT JOIN snap_user u ON u.id = i.user_id
WHERE i.run_id = :run AND i.user_id = :person
    AND (i.kind = 'deactivate' OR i.reason IN ('in-grace', 'leavers-kept', 'no-evidence'))
"""


class Proof(StrEnum):
    """What a look-up by id showed."""

    GONE = "gone"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    OUT_OF_SCOPE = "out-of-scope"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """How many leavers were asked for, and for how many there was no proof."""

    asked: int
    without: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Leaver:
    """A row that is to be deactivated, with what was last read of the person, if they were."""

    user_id: str
    reason: Reason
    unit_path: str | None
    snap_address: str | None
    aliases: str | None


def gather_evidence(
    parts: SyncParts, run_id: str, cancel: Cancel, step: Callable[[], None] = lambda: None
) -> Gathered:
    """Look every leaver up by id, and take out of the plan whom nothing proves to have left.

    One request a leaver, one after the other; the guard has bounded how many there are. A look-up
    that is refused, fails or finds another customer proves nothing: the row becomes a skip.
    `step` is called after each of them.
    """
    with parts.database.read() as reading:
        leavers = reading.all(
            _Leaver,
            f"{_LEAVERS} ORDER BY i.user_id",
            {"run": run_id, "deactivate": PlanKind.DEACTIVATE},
        )
    return _look_up(parts, run_id, leavers, cancel, step)


def renew_evidence(
    parts: SyncParts,
    run_id: str,
    user_ids: Sequence[str],
    before: datetime,
    cancel: Cancel,
    step: Callable[[], None],
) -> Gathered:
    """Look those of these leavers up again whose evidence is from before this moment.

    Somebody for whom no evidence was asked (a run that takes another back) is not looked up.
    """
    with parts.database.read() as reading:
        leavers = reading.all(
            _Leaver,
            _WITH_OLD_EVIDENCE,
            {
                "run": run_id,
                "deactivate": PlanKind.DEACTIVATE,
                "people": json.dumps(list(user_ids)),
                "before": to_text(before),
            },
        )
    return _look_up(parts, run_id, leavers, cancel, step)


def proof_of(
    database: Database, reader: DirectoryReader, run_id: str, user_id: str, cancel: Cancel
) -> Proof | None:
    """What looking up one leaver shows now, None for somebody who is none; nothing is stored."""
    with database.read() as reading:
        leaver = reading.first(_Leaver, _ONE_LEAVER, {"run": run_id, "person": user_id})
    if leaver is None:
        return None
    if leaver.reason in _LEFT_FOR_ANY_REASON:
        # The row says why nothing is done yet, and no longer by what they left.
        leaver = replace(leaver, reason=Reason.OUT_OF_SCOPE)
    return _proof(leaver, reader.look_up(user_id, cancel).user)


def _look_up(
    parts: SyncParts,
    run_id: str,
    leavers: Sequence[_Leaver],
    cancel: Cancel,
    step: Callable[[], None],
) -> Gathered:
    asked = without = refused = 0
    for leaver in leavers:
        cancel.check()
        proof = Proof.NONE
        if refused < _REFUSALS_IN_A_ROW:
            asked += 1
            try:
                found = parts.reader.look_up(leaver.user_id, cancel)
            except Trouble as trouble:
                if trouble.code not in _SAFE_TO_PASS_OVER:
                    raise
                refused += 1
                log.info("no evidence of %s: %s", leaver.user_id, trouble.code.value)
            else:
                refused = 0
                proof = _proof(leaver, found.user)
        without += proof is Proof.NONE
        _keep(parts, run_id, leaver.user_id, proof)
        step()
    return Gathered(asked=asked, without=without)


def _proof(leaver: _Leaver, user: DirectoryUser | None) -> Proof:
    """What a look-up that was answered proves; somebody who is there, and in scope, nothing."""
    if user is None or user.state is UserState.DELETED:
        return Proof.GONE
    if user.state is UserState.SUSPENDED:
        return Proof.SUSPENDED
    if user.state is UserState.ARCHIVED:
        return Proof.ARCHIVED
    as_read = (user.unit_path, user.address) == (leaver.unit_path, leaver.snap_address)
    if leaver.reason is Reason.NO_ADDRESS_IN_DOMAIN:
        as_read = as_read and " ".join(user.aliases) == leaver.aliases
    if leaver.reason in _READ_AND_OUT and as_read:
        return Proof.OUT_OF_SCOPE
    return Proof.NONE


def _keep(parts: SyncParts, run_id: str, user_id: str, proof: Proof) -> None:
    with parts.database.transaction() as writing:
        writing.execute(
            "INSERT OR REPLACE INTO evidence (run_id, user_id, proof, seen_at) VALUES (?, ?, ?, ?)",
            (run_id, user_id, proof, to_text(parts.clock.now())),
        )
        if proof is Proof.NONE:
            writing.execute(
                "UPDATE plan_item SET kind = ?, reason = ? WHERE run_id = ? AND user_id = ?",
                (PlanKind.SKIP, Reason.NO_EVIDENCE, run_id, user_id),
            )
