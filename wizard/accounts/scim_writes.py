"""Sends writes to a SCIM service, many in one request where it can, and tells how each ended."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import replace

from wizard.accounts.base import AccountWrite, WriteResult
from wizard.accounts.calls import Calls
from wizard.accounts.pace import Pace
from wizard.accounts.scim_bulk import Answered, Operation, chunks, matched, request_body
from wizard.accounts.scim_errors import ALONE, refusal_of, unsupported
from wizard.accounts.scim_wire import (
    CONTENT_TYPE,
    Bulk,
    BulkResponse,
    User,
)
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer

__all__ = ["Writing"]

_ATTEMPTS = 6
"""How often one operation is sent again after a refusal that says that nothing was done."""
_PAYLOAD_SHARE = 0.9
_DEFAULT_PAYLOAD = 1_000_000


class Writing:
    """One service's write end. Requests are never repeated unless it said that it did nothing.

    That is: 429, 413 (sent again in smaller pieces) and `noTarget` (a PATCH is all or nothing,
    RFC 7644, section 3.5.2). A lost connection is raised as it is.
    """

    def __init__(
        self,
        calls: Calls,
        *,
        base_path: str,
        headers: Mapping[str, str],
        pace: Pace,
        parallel: int,
    ) -> None:
        self._calls = calls
        self._base = base_path
        self._headers = {"content-type": CONTENT_TYPE, "accept": CONTENT_TYPE, **headers}
        self._pace = pace
        self._parallel = parallel
        self._bulk_gone = False

    def write(
        self, writes: Sequence[AccountWrite], bulk: Bulk, cancel: Cancel
    ) -> Sequence[WriteResult]:
        """See `UserAccounts.write`."""
        operations = [Operation(place=place, write=write) for place, write in enumerate(writes)]
        results: dict[int, WriteResult] = {}
        if bulk.supported and len(operations) > 1:
            payload = bulk.max_payload_size or _DEFAULT_PAYLOAD
            for chunk in chunks(
                operations,
                most=max(1, bulk.max_operations or 1),
                bytes_at_most=int(payload * _PAYLOAD_SHARE),
            ):
                results |= self._bulk(chunk, cancel)
        else:
            results = self._singly(operations, cancel)
        return [results[operation.place] for operation in operations]

    # ------------------------------------------------------------------ one at a time

    def _singly(self, operations: Sequence[Operation], cancel: Cancel) -> dict[int, WriteResult]:
        if len(operations) == 1 or self._parallel == 1:
            return {one.place: self._one(one, cancel, threading.Event()) for one in operations}
        stop = threading.Event()
        workers = min(self._parallel, len(operations))
        with ThreadPoolExecutor(workers, thread_name_prefix="scim-write") as pool:
            running = {pool.submit(self._one, one, cancel, stop): one for one in operations}
            ended, waiting = wait(running, return_when=FIRST_EXCEPTION)
            if waiting:
                # One of them concerns all: what has not begun stays unsent.
                stop.set()
                for future in waiting:
                    future.cancel()
                wait(waiting)
        troubled = [
            problem
            for future in [*ended, *waiting]
            if not future.cancelled() and isinstance(problem := future.exception(), BaseException)
        ]
        if troubled:
            raise _heaviest(troubled)
        return {running[future].place: future.result() for future in ended}

    def _one(self, operation: Operation, cancel: Cancel, stop: threading.Event) -> WriteResult:
        trouble = Trouble(Code.RATE_LIMITED)
        for _ in range(_ATTEMPTS):
            if stop.is_set():
                raise Trouble(Code.CANCELLED)
            self._pace.wait(cancel)
            try:
                answer = self._calls.send(
                    operation.method,
                    self._base + operation.path,
                    body=operation.body(),
                    headers=self._headers,
                    cancel=cancel,
                    repeatable=False,
                )
            except Trouble as refused:
                trouble = refused
                if refused.code is Code.RATE_LIMITED:
                    self._pace.refused(refused.retry_after)
                elif _has_no_email(str(refused.facts.get("scim_type", "")), operation):
                    operation = replace(operation, add_email=True)
                else:
                    return _refused_alone(operation, refused)
                continue
            self._pace.accepted()
            return WriteResult(key=operation.write.key, account_id=_written(operation, answer))
        raise trouble

    # ------------------------------------------------------------------ many at a time

    def _bulk(self, operations: Sequence[Operation], cancel: Cancel) -> dict[int, WriteResult]:
        results: dict[int, WriteResult] = {}
        left = list(operations)
        for _ in range(_ATTEMPTS):
            if self._bulk_gone:
                return results | self._singly(left, cancel)
            try:
                answers = self._send_bulk(left, cancel)
            except Trouble as refused:
                if refused.code is Code.RATE_LIMITED:
                    self._pace.refused(refused.retry_after)
                    continue
                if refused.facts.get("status") == 413 and len(left) > 1:
                    middle = len(left) // 2
                    first = self._bulk(left[:middle], cancel)
                    return results | first | self._bulk(left[middle:], cancel)
                if unsupported(refused):
                    self._bulk_gone = True
                    continue
                raise
            left = []
            for answered in answers:
                again = self._settle(answered, results)
                if again is not None:
                    left.append(again)
            if not left:
                return results
        for operation in left:
            results[operation.place] = WriteResult(
                key=operation.write.key,
                account_id=operation.write.account_id,
                code=Code.RATE_LIMITED,
            )
        return results

    def _send_bulk(self, operations: Sequence[Operation], cancel: Cancel) -> Sequence[Answered]:
        self._pace.wait(cancel)
        answer = self._calls.send(
            "POST",
            f"{self._base}/Bulk",
            body=request_body(operations),
            headers=self._headers,
            cancel=cancel,
            repeatable=False,
        )
        return matched(operations, answer.read(BulkResponse))

    def _settle(self, answered: Answered, results: dict[int, WriteResult]) -> Operation | None:
        """Note how one operation ended, or give it back to be sent again."""
        operation = answered.operation
        write = operation.write
        if 200 <= answered.status < 300:
            self._pace.accepted()
            if not answered.account_id:
                raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, part="bulk", account=write.key)
            results[operation.place] = WriteResult(key=write.key, account_id=answered.account_id)
            return None
        refusal = refusal_of(answered.status, answered.response)
        if refusal.code is Code.RATE_LIMITED:
            self._pace.refused(None)
            return operation
        if _has_no_email(refusal.kind, operation):
            return replace(operation, add_email=True)
        code = refusal.code
        if code is Code.SERVICE_UNAVAILABLE:
            code = Code.WRITE_FAILED
        if code not in ALONE:
            raise refusal.trouble(answered.status)
        results[operation.place] = WriteResult(
            key=write.key, account_id=write.account_id, code=code, detail=refusal.detail
        )
        return None


def _written(operation: Operation, answer: Answer) -> str:
    """The id of the account that was written, by the service's own word.

    A change is answered with the account, or with nothing (RFC 7644, section 3.5.2). Raises
    `Trouble(ANSWER_NOT_UNDERSTOOD)` for a page that somebody in between put there instead.
    """
    known = operation.write.account_id
    if not operation.creates and not answer.body:
        return known
    told = answer.read(User).id
    if not operation.creates and told != known:
        raise Trouble(
            Code.ANSWER_NOT_UNDERSTOOD, host=answer.host, path=answer.path, status=answer.status
        )
    return told


def _has_no_email(kind: str, operation: Operation) -> bool:
    """Whether a PATCH was refused because the account has no work address to replace yet."""
    return kind in {"noTarget", "invalidPath"} and not operation.creates and not operation.add_email


def _refused_alone(operation: Operation, trouble: Trouble) -> WriteResult:
    """The refusal as this operation's result; raised where it concerns all of them."""
    code = trouble.code
    if code is Code.SERVICE_UNAVAILABLE and trouble.facts.get("status") == 500:
        # One person whom the service stumbles over must not stop everybody else.
        code = Code.WRITE_FAILED
    if code not in ALONE:
        raise trouble
    return WriteResult(
        key=operation.write.key,
        account_id=operation.write.account_id,
        code=code,
        detail=str(trouble.facts.get("detail", "")),
    )


def _heaviest(problems: Sequence[BaseException]) -> BaseException:
    """The one to tell: what made the others stop, not that they stopped."""
    for problem in problems:
        if not (isinstance(problem, Trouble) and problem.code is Code.CANCELLED):
            return problem
    return problems[0]
