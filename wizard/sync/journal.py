"""The journal of operations: written before they are sent and again when they are answered.

An entry in state `sent` may or may not have arrived; it is settled by looking the account up,
never by sending it again on the off chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from wizard.accounts.base import Account, AccountWrite, AsBefore, WriteKind, WriteResult
from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.trouble import Code, Trouble
from wizard.store.statements import Reading, Writing
from wizard.sync.parts import SyncParts

__all__ = [
    "JournalEntry",
    "Operation",
    "answer",
    "open_entries",
    "resume",
    "settle",
    "write_down",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One row of a plan that is to be carried out, with the values before."""

    user_id: str
    external_id: str
    account_id: str
    kind: WriteKind
    address: str
    given_name: str
    family_name: str
    old_address: str
    old_given_name: str
    old_family_name: str
    old_active: bool
    old_external_id: str
    counted: bool
    old_details: str = ""
    undoes: int = 0
    restores: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry:
    """An operation on its way; `id` is its place in the journal."""

    id: int
    kind: WriteKind
    external_id: str
    account_id: str
    user_id: str
    address: str
    given_name: str
    family_name: str
    restores: str = ""

    @property
    def as_before(self) -> AsBefore | None:
        """What the account goes back to, where it takes an earlier operation back."""
        return msgspec.json.decode(self.restores, type=AsBefore) if self.restores else None

    def to_write(self) -> AccountWrite:
        """What to send."""
        return AccountWrite(
            key=str(self.id),
            kind=self.kind,
            external_id=self.external_id,
            account_id=self.account_id,
            address=self.address,
            given_name=self.given_name,
            family_name=self.family_name,
            as_before=self.as_before,
        )


_COLUMNS = "id, kind, external_id, account_id, user_id, address, given_name, family_name, restores"


def open_entries(reading: Reading) -> Sequence[JournalEntry]:
    """Everything that was sent and never answered; at most a batch or two."""
    return reading.all(
        JournalEntry,
        f"SELECT {_COLUMNS} FROM journal WHERE state IN ('planned', 'sent') ORDER BY id",  # noqa: S608 - a constant
    )


def write_down(
    writing: Writing, run_id: str, operations: Iterable[Operation], now: datetime
) -> Sequence[JournalEntry]:
    """Note that these are about to be sent; the transaction must be durable."""
    first = writing.value(int, "SELECT coalesce(max(id), 0) + 1 FROM journal")
    noted = list(enumerate(operations, first))
    writing.many(
        "INSERT INTO journal (id, run_id, kind, external_id, account_id, user_id, address,"
        " given_name, family_name, old_address, old_given_name, old_family_name, old_active,"
        " old_external_id, old_details, undoes, restores, state, counted, sent_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent', ?, ?)",
        (
            (
                place, run_id, op.kind, op.external_id, op.account_id, op.user_id, op.address,
                op.given_name, op.family_name, op.old_address, op.old_given_name,
                op.old_family_name, op.old_active, op.old_external_id, op.old_details,
                op.undoes, op.restores, op.counted, to_text(now),
            )
            for place, op in noted
        ),
    )  # fmt: skip
    return [
        JournalEntry(
            id=place,
            kind=op.kind,
            external_id=op.external_id,
            account_id=op.account_id,
            user_id=op.user_id,
            address=op.address,
            given_name=op.given_name,
            family_name=op.family_name,
            restores=op.restores,
        )
        for place, op in noted
    ]


def answer(writing: Writing, entry: JournalEntry, result: WriteResult, now: datetime) -> bool:
    """Note how an operation ended and bring its link up to that; whether it worked.

    An account that the service no longer has loses its link: a leaver's is what was wanted
    then, and anybody else is planned anew by the next run.
    """
    gone = result.code is Code.NOT_FOUND_AT_SERVICE and entry.kind is not WriteKind.CREATE
    worked = result.code is None or (gone and entry.kind is WriteKind.DEACTIVATE)
    if gone:
        _unlink(writing, entry.external_id)
    elif worked:
        _link_written(writing, entry, result.account_id or entry.account_id, now)
    _close(
        writing,
        entry,
        code=None if worked else result.code,
        detail=result.detail,
        account_id=result.account_id or entry.account_id,
        now=now,
    )
    return worked


def settle(parts: SyncParts, entry: JournalEntry, cancel: Cancel) -> bool:
    """Look up whether this one is over: noted as done and linked, or else left open.

    One request. Raises `Trouble` when the service can't be asked; nothing is noted then.
    """
    cancel.check()
    now = parts.clock.now()
    try:
        account = parts.accounts.by_external_id(entry.external_id, cancel)
    except Trouble as trouble:
        if trouble.code is not Code.ACCOUNT_CLAIMED:
            raise
        # More than one account carries it: listed anew by the next run, for a person to see.
        with parts.database.transaction() as writing:
            writing.execute("UPDATE connection SET links_rebuilt_at = NULL")
            _close(
                writing, entry, code=trouble.code, detail="", account_id=entry.account_id, now=now
            )
        return True
    arrived = _arrived(entry, account)
    with parts.database.transaction() as writing:
        if account is None:
            _unlink(writing, entry.external_id)
        else:
            _link_found(writing, entry.user_id, account, now)
        if arrived:
            account_id = account.id if account else entry.account_id
            _close(writing, entry, code=None, detail="", account_id=account_id, now=now)
    return arrived


def resume(parts: SyncParts, cancel: Cancel) -> int:
    """Settle what an earlier run left open; the requests that it took.

    What did not arrive is noted as failed: the plan that follows decides anew about everybody.
    """
    with parts.database.read() as reading:
        entries = open_entries(reading)
    for entry in entries:
        if settle(parts, entry, cancel):
            continue
        with parts.database.transaction() as writing:
            _close(
                writing,
                entry,
                code=Code.CONNECTION_LOST,
                detail="",
                account_id=entry.account_id,
                now=parts.clock.now(),
            )
    return len(entries)


def _arrived(entry: JournalEntry, account: Account | None) -> bool:
    """Whether the account is as the operation would have left it."""
    before = entry.as_before
    if account is None:
        return entry.kind is WriteKind.DEACTIVATE or (before is not None and not before.external_id)
    if before is not None:
        back = account.active == before.active and account.external_id == before.external_id
        return back and (not before.profile or _has_values(entry, account))
    if entry.kind in {WriteKind.CREATE, WriteKind.ADOPT}:
        return True
    if entry.kind is WriteKind.DEACTIVATE:
        return not account.active
    return account.active and _has_values(entry, account)


def _has_values(entry: JournalEntry, account: Account) -> bool:
    return (
        account.address.casefold() == entry.address.casefold()
        and account.given_name == entry.given_name
        and account.family_name == entry.family_name
    )


def _close(
    writing: Writing,
    entry: JournalEntry,
    *,
    code: Code | None,
    detail: str,
    account_id: str,
    now: datetime,
) -> None:
    writing.execute(
        "UPDATE journal SET state = ?, code = ?, detail = ?, account_id = ?, answered_at = ?"
        " WHERE id = ?",
        (
            "done" if code is None else "failed",
            code or "",
            detail[:500],
            account_id,
            to_text(now),
            entry.id,
        ),
    )


def _unlink(writing: Writing, external_id: str) -> None:
    writing.execute("DELETE FROM link WHERE external_id = ?", (external_id,))


_UPSERT = """
INSERT INTO link (external_id, user_id, account_id, address, address_key, given_name,
                  family_name, active, is_owner, details, linked_at)
VALUES (:external_id, :user_id, :account_id, :address, :address_key, :given_name, :family_name,
        :active, :is_owner, :details, :now)
ON CONFLICT (external_id) DO UPDATE SET
    account_id = excluded.account_id, address = excluded.address,
    address_key = excluded.address_key, given_name = excluded.given_name,
    family_name = excluded.family_name, active = excluded.active, is_owner = excluded.is_owner,
    details = excluded.details
"""


def _link_found(writing: Writing, user_id: str, account: Account, now: datetime) -> None:
    """Make the link what the service says of the account."""
    writing.execute(
        "DELETE FROM link WHERE (account_id = :account OR user_id = :user)"
        " AND external_id <> :external",
        {"account": account.id, "user": user_id, "external": account.external_id},
    )
    writing.execute(
        _UPSERT,
        {
            "external_id": account.external_id,
            "user_id": user_id,
            "account_id": account.id,
            "address": account.address,
            "address_key": account.address.casefold(),
            "given_name": account.given_name,
            "family_name": account.family_name,
            "active": account.active,
            "is_owner": account.is_owner,
            "details": account.details,
            "now": to_text(now),
        },
    )


def _link_written(writing: Writing, entry: JournalEntry, account_id: str, now: datetime) -> None:
    """Make the link what the operation made of the account."""
    before = entry.as_before
    if before is not None and not before.external_id:
        _unlink(writing, entry.external_id)
        return
    if entry.kind is WriteKind.DEACTIVATE and (before is None or not before.profile):
        writing.execute(
            "UPDATE link SET active = 0, absent_since = NULL, leave_approved = 0"
            " WHERE external_id = ?",
            (entry.external_id,),
        )
        return
    owner = writing.value(
        bool,
        "SELECT EXISTS (SELECT 1 FROM link WHERE external_id = :external AND is_owner)"
        " OR EXISTS (SELECT 1 FROM service_account WHERE id = :account AND is_owner)",
        {"external": entry.external_id, "account": account_id},
    )
    account = Account(
        id=account_id,
        external_id=entry.external_id,
        address=entry.address,
        given_name=entry.given_name,
        family_name=entry.family_name,
        active=before.active if before is not None else True,
        is_owner=owner,
        details=before.details if before is not None else "",
    )
    _link_found(writing, entry.user_id, account, now)
