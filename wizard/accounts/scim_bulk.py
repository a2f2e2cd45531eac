"""Bulk requests of a SCIM service (RFC 7644, section 3.7): cut to size, sent, answers matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import msgspec

from wizard.accounts.base import AccountWrite, WriteKind
from wizard.accounts.calls import segment
from wizard.accounts.scim_wire import (
    BULK_SCHEMA,
    BulkAnswer,
    BulkResponse,
    creation,
    patch,
    status_number,
)
from wizard.core.trouble import Code, Trouble

__all__ = ["Answered", "Operation", "chunks", "matched", "request_body"]

_ENVELOPE = 200
"""Bytes that a bulk request takes beside its operations, generously."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One write as an operation; `place` is its place in the whole call."""

    place: int
    write: AccountWrite
    add_email: bool = False

    @property
    def creates(self) -> bool:
        """Whether it makes a new account."""
        return self.write.kind is WriteKind.CREATE

    @property
    def method(self) -> str:
        """The HTTP method, alone or inside a bulk request."""
        return "POST" if self.creates else "PATCH"

    @property
    def path(self) -> str:
        """The path below the SCIM base."""
        return "/Users" if self.creates else f"/Users/{segment(self.write.account_id)}"

    def body(self) -> bytes:
        """What is sent, alone or as the `data` of a bulk request."""
        if self.creates:
            return creation(self.write)
        return patch(self.write, add_email=self.add_email)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How one operation of a bulk request was answered; `account_id` is '' where unknown."""

    operation: Operation
    status: int
    account_id: str
    response: bytes


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    method: str
    path: str
    bulk_id: str | msgspec.UnsetType = msgspec.UNSET
    data: msgspec.Raw


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    schemas: tuple[str, ...] = (BULK_SCHEMA,)
    operations: tuple[msgspec.Raw, ...] = msgspec.field(name="Operations")


def chunks(
    operations: Sequence[Operation], *, most: int, bytes_at_most: int
) -> Iterator[Sequence[Operation]]:
    """Cut into requests of so many operations and bytes; one account is in a request only once.

    A single operation that is too large for any request goes alone, for the service to refuse.
    """
    chunk: list[Operation] = []
    accounts: set[str] = set()
    size = _ENVELOPE
    for operation in operations:
        length = len(_encoded(operation)) + 1
        account = operation.write.account_id
        full = len(chunk) >= most or size + length > bytes_at_most
        if chunk and (full or (account and account in accounts)):
            yield chunk
            chunk, accounts, size = [], set(), _ENVELOPE
        chunk.append(operation)
        accounts.add(account)
        size += length
    if chunk:
        yield chunk


def request_body(operations: Sequence[Operation]) -> bytes:
    """One bulk request; `failOnErrors` stays absent, so that one refusal stops nobody else."""
    return msgspec.json.encode(
        _Request(operations=tuple(msgspec.Raw(_encoded(operation)) for operation in operations))
    )


def matched(operations: Sequence[Operation], response: BulkResponse) -> Sequence[Answered]:
    """Which answer belongs to which operation, in the operations' order.

    Creates are told by their bulkId, changes by the account in their location; where a service
    leaves these out, by place, provided that it answered every operation. Raises
    `Trouble(ANSWER_NOT_UNDERSTOOD)` when an operation is left without an answer: what became of
    it is not known.
    """
    by_bulk_id = {answer.bulk_id: answer for answer in response.operations if answer.bulk_id}
    by_account = {
        _last_segment(answer.location): answer
        for answer in response.operations
        if answer.location and not answer.bulk_id
    }
    complete = len(response.operations) == len(operations)
    found: list[Answered] = []
    for index, operation in enumerate(operations):
        answer = (
            by_bulk_id.get(_bulk_id(operation))
            if operation.creates
            else by_account.get(operation.write.account_id)
        )
        if answer is None and complete and _may_be(response.operations[index], operation):
            answer = response.operations[index]
        if answer is None:
            raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, part="bulk", account=operation.write.key)
        found.append(_answered(operation, answer))
    return found


def _may_be(answer: BulkAnswer, operation: Operation) -> bool:
    """Whether an answer that names no one can be this operation's, by its place."""
    unnamed = not answer.bulk_id and (operation.creates or not answer.location)
    return unnamed and answer.method.upper() in {"", operation.method}


def _answered(operation: Operation, answer: BulkAnswer) -> Answered:
    account = operation.write.account_id
    if not account and answer.location:
        account = _last_segment(answer.location)
    return Answered(
        operation=operation,
        status=status_number(answer.status),
        account_id=account,
        response=bytes(answer.response),
    )


def _last_segment(location: str | None) -> str:
    path = urlsplit(location or "").path.rstrip("/")
    return unquote(path.rpartition("/")[2])


def _bulk_id(operation: Operation) -> str:
    return f"w{operation.place}"


def _encoded(operation: Operation) -> bytes:
    return msgspec.json.encode(
        _Sent(
            method=operation.method,
            path=operation.path,
            bulk_id=_bulk_id(operation) if operation.creates else msgspec.UNSET,
            data=msgspec.Raw(operation.body()),
        )
    )
