"""Carries a guarded plan out: in batches, journalled before and after, at the service's pace."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wizard.accounts.base import WriteKind, WriteResult
from wizard.core.cancel import Cancel
from wizard.core.runs import HeldKind
from wizard.core.trouble import Code, Trouble
from wizard.sync.evidence import renew_evidence
from wizard.sync.fresh import Freshness
from wizard.sync.journal import JournalEntry, Operation, answer, settle, write_down
from wizard.sync.parts import SyncParts

__all__ = ["Applied", "Told", "apply_plan"]

log = logging.getLogger(__name__)

_LARGEST_BATCH = 100
"""So that a pause, a cancel or a lost connection never waits for, or puts in doubt, more."""
_TRIES = 5
_LONGEST_WAIT = 60.0
_CLEAN_BEFORE_FASTER = 3
_UNCERTAIN = {
    Code.ANSWER_NOT_UNDERSTOOD,
    Code.ANSWER_TOO_LARGE,
    Code.CONNECTION_LOST,
    Code.CONNECTION_REFUSED,
    Code.HOST_NOT_FOUND,
    Code.OFFLINE,
    Code.RATE_LIMITED,
    Code.SERVICE_UNAVAILABLE,
    Code.TIMED_OUT,
}
"""After these it is looked up what arrived, and tried again; anything else ends the run."""
_ENDS_THE_RUN = {Code.NOT_THE_SYNCER, Code.PROVISIONING_TOKEN_REVOKED, Code.SIGN_IN_NEEDED}
_BUSY = {Code.RATE_LIMITED, Code.SERVICE_UNAVAILABLE}

# Addresses that somebody gives up are free before somebody else is to get them.
_ORDER = tuple(
    (stage, kind)
    for stage in (0, 1)
    for kind in (
        WriteKind.DEACTIVATE,
        WriteKind.UPDATE,
        WriteKind.REACTIVATE,
        WriteKind.ADOPT,
        WriteKind.CREATE,
    )
)

_NEXT = """
SELECT i.user_id, i.external_id, i.account_id, i.kind, i.address, i.given_name, i.family_name,
    i.old_address, i.old_given_name, i.old_family_name,
    coalesce(l.active, s.active, 0) AS old_active,
    coalesce(l.external_id, s.external_id, '') AS old_external_id,
    coalesce(l.details, s.details, '') AS old_details, i.undoes, i.restores,
    NOT (:uncounted OR (i.kind = 'deactivate' AND coalesce(l.leave_approved, 0))) AS counted
FROM plan_item i
LEFT JOIN link l ON l.external_id = i.external_id
LEFT JOIN service_account s ON s.id = i.account_id
WHERE i.run_id = :run AND i.kind = :kind AND i.stage = :stage AND NOT i.held
    AND i.user_id > :after
ORDER BY i.user_id LIMIT :most
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One operation that ended: whether it worked, and whose account it was."""

    kind: WriteKind
    worked: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The requests that writing took, and the leavers who turned out not to have left."""

    requests: int
    stayed: int


class _Pace:
    """How many operations go at once: halved when the service is busy, grown when it is not."""

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._clean = 0
        self._share = 1.0

    @property
    def size(self) -> int:
        """So many now; what the service takes at most may be known only after its first answer."""
        return max(1, int(min(self._most(), _LARGEST_BATCH) * self._share))

    def slower(self) -> None:
        self._clean = 0
        self._share = max(1 / _LARGEST_BATCH, self._share / 2)

    def went_well(self) -> None:
        self._clean += 1
        if self._clean >= _CLEAN_BEFORE_FASTER:
            self._clean = 0
            self._share = min(1.0, self._share * 1.5)


def apply_plan(
    parts: SyncParts,
    run_id: str,
    uncounted: frozenset[HeldKind],
    cancel: Cancel,
    tell: Callable[[Sequence[Told]], None],
    fresh: Freshness,
) -> Applied:
    """Send everything in the plan that is not held.

    Pause and cancel take effect between batches; after a pause, or when the computer slept, it
    is asked again whether the run may go on and whether leavers are still gone. One operation
    that is refused fails alone. Raises `Trouble` when the run cannot go on (CANCELLED,
    RUN_INTERRUPTED, NOT_THE_SYNCER, a revoked token, the service gone for good); what was then
    sent and not answered stays open in the journal.
    """
    sender = _Sender(parts, run_id, cancel.without_pause(), tell, fresh.step)
    stayed = 0
    for stage, kind in _ORDER:
        held_kind = _held_kind(kind)
        for planned in _batches(parts, run_id, stage, kind, held_kind in uncounted, sender.pace):
            cancel.check()
            proofs_from = fresh.check(parts)
            batch: Sequence[Operation] = planned
            if kind is WriteKind.DEACTIVATE:
                asked, batch = _still_leaving(parts, run_id, planned, proofs_from, cancel, fresh)
                sender.requests += asked
                stayed += len(planned) - len(batch)
            if batch:
                sender.send(batch)
    return Applied(requests=sender.requests, stayed=stayed)


def _still_leaving(
    parts: SyncParts,
    run_id: str,
    planned: Sequence[Operation],
    proofs_from: datetime,
    cancel: Cancel,
    fresh: Freshness,
) -> tuple[int, Sequence[Operation]]:
    """How many look-ups renewed old evidence, and who of these still leaves."""
    people = [operation.user_id for operation in planned]
    asked = without = 0
    for _ in range(_TRIES):
        renewed = renew_evidence(parts, run_id, people, proofs_from, cancel, fresh.step)
        asked += renewed.asked
        without += renewed.without
        fresh.check(parts)
        if fresh.stood_still <= proofs_from:
            break
        proofs_from = fresh.stood_still  # paused while looking up
    else:
        raise Trouble(Code.RUN_INTERRUPTED, problem="stood-still")
    return asked, _still_planned(parts, run_id, planned) if without else planned


def _still_planned(
    parts: SyncParts, run_id: str, planned: Sequence[Operation]
) -> Sequence[Operation]:
    with parts.database.read() as reading:
        leaving = set(
            reading.values(
                str,
                "SELECT user_id FROM plan_item WHERE run_id = ? AND kind = ? AND NOT held",
                (run_id, WriteKind.DEACTIVATE),
            )
        )
    return [operation for operation in planned if operation.user_id in leaving]


def _held_kind(kind: WriteKind) -> HeldKind:
    if kind is WriteKind.DEACTIVATE:
        return HeldKind.LEAVE
    return HeldKind.UPDATE if kind is WriteKind.UPDATE else HeldKind.CREATE


def _batches(
    parts: SyncParts, run_id: str, stage: int, kind: WriteKind, uncounted: bool, pace: _Pace
) -> Iterator[list[Operation]]:
    after = ""
    while True:
        with parts.database.read() as reading:
            batch = reading.all(
                Operation,
                _NEXT,
                {
                    "run": run_id,
                    "kind": kind,
                    "stage": stage,
                    "after": after,
                    "most": pace.size,
                    "uncounted": uncounted,
                },
            )
        if not batch:
            return
        after = batch[-1].user_id
        yield batch


class _Sender:
    """Sends batches and keeps journal, links and pace."""

    def __init__(
        self,
        parts: SyncParts,
        run_id: str,
        cancel: Cancel,
        tell: Callable[[Sequence[Told]], None],
        step: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._run_id = run_id
        self._cancel = cancel
        self._tell = tell
        self._step = step
        self.pace = _Pace(lambda: parts.accounts.batch)
        self.requests = 0

    def send(self, operations: Sequence[Operation]) -> None:
        """Send one batch, however often it takes."""
        with self._parts.database.transaction() as writing:
            pending = list(write_down(writing, self._run_id, operations, self._parts.clock.now()))
        doubt: list[JournalEntry] = []
        failures = 0
        while pending or doubt:
            self._step()
            sent: list[JournalEntry] = []
            told: list[Told] = []
            lost: Trouble | None = None
            try:
                self._settle_all(doubt, pending, told)
                sent, pending = pending[: self.pace.size], pending[self.pace.size :]
                doubt = self._write(sent, told) if sent else []
            except Trouble as trouble:
                lost = trouble
            # Outside of what is uncertain: an objection of the listener's is no lost batch.
            self._tell(told)
            if lost is None:
                failures = 0
                continue
            failures += 1
            if lost.code not in _UNCERTAIN or failures >= _TRIES:
                raise lost
            doubt = doubt or sent
            self._wait(lost, failures)

    def _settle_all(
        self, doubt: list[JournalEntry], pending: list[JournalEntry], told: list[Told]
    ) -> None:
        """Look up who of those in doubt arrived; the others are still to be sent."""
        while doubt:
            self.requests += 1
            arrived = settle(self._parts, doubt[0], self._cancel)
            entry = doubt.pop(0)
            if arrived:
                told.append(_told(entry, worked=True))
            else:
                pending.append(entry)

    def _wait(self, trouble: Trouble, failures: int) -> None:
        log.info("a batch was not answered (%s): looking up what arrived", trouble.code.value)
        if trouble.code in _BUSY:
            self.pace.slower()
        wait = trouble.retry_after if trouble.retry_after is not None else 2.0 ** (failures - 1)
        self._parts.clock.sleep(min(wait, _LONGEST_WAIT), self._cancel)

    def _write(self, sent: Sequence[JournalEntry], told: list[Told]) -> list[JournalEntry]:
        """Send, and note the answers with their links in one transaction; who got none."""
        self.requests += 1
        results = self._parts.accounts.write([entry.to_write() for entry in sent], self._cancel)
        by_key = {result.key: result for result in results}
        for entry in sent:
            if self._is_there_after_all(entry, by_key.get(str(entry.id))):
                by_key[str(entry.id)] = replace(by_key[str(entry.id)], code=Code.WRITE_FAILED)
        now = self._parts.clock.now()
        answered = []
        with self._parts.database.transaction() as writing:
            for entry in sent:
                result = by_key.get(str(entry.id))
                if result is not None:
                    answered.append(_told(entry, worked=answer(writing, entry, result, now)))
        told += answered
        codes = {result.code for result in results}
        ending = next((code for code in codes if code in _ENDS_THE_RUN), None)
        if ending is not None:
            raise Trouble(ending)
        if codes & _BUSY:
            self.pace.slower()
        else:
            self.pace.went_well()
        if not answered:
            raise Trouble(Code.ANSWER_NOT_UNDERSTOOD)
        return [entry for entry in sent if str(entry.id) not in by_key]

    def _is_there_after_all(self, entry: JournalEntry, result: WriteResult | None) -> bool:
        """Whether an account is there that was said to be gone.

        That it is gone ends its link, and for a leaver is all that was wanted: so one page of
        somebody in between would let leavers keep their accounts.
        """
        if result is None or result.code is not Code.NOT_FOUND_AT_SERVICE:
            return False
        if entry.kind is WriteKind.CREATE:
            return False
        self.requests += 1
        try:
            found = self._parts.accounts.by_external_id(entry.external_id, self._cancel)
        except Trouble as trouble:
            if trouble.code is not Code.ACCOUNT_CLAIMED:
                raise
            # Several carry its id by now. Nobody else waits for that: the next run looks anew.
            return True
        return found is not None and found.id == entry.account_id


def _told(entry: JournalEntry, *, worked: bool) -> Told:
    name = f"{entry.given_name} {entry.family_name}".strip() or entry.address
    return Told(kind=entry.kind, worked=worked, name=name)
