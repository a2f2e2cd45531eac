"""Reads the whole directory into a new generation, and lets it count only when complete."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from wizard.core.cancel import Cancel
from wizard.core.directory import MemberEdge, MemberKind, UserState
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import Customer, DirectoryReader
from wizard.store.database import Database
from wizard.sync.snapshot import PinnedConnection, Staging, clear_leftovers, pinned_connection

__all__ = [
    "PATIENCE",
    "ReadResult",
    "allowed_shrinkage",
    "closed_after",
    "read_directory",
    "same_as_before",
]

log = logging.getLogger("wizard.sync.read")

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Hears how many people were read so far, and how many there were last time (0: not known)."""

_EDGES_AT_ONCE = 2_000
_MOST_LOOK_UPS = 1_000
"""Of more people missing than this, so many drawn by lot are asked for: half a minute. Among
10,000 who really left, a lost page of 500 cannot hide from that; and before anybody is
deactivated, each one is looked up anyway."""
PATIENCE = 2.0
"""Seconds that a read waits for another one to end."""
_GONE = frozenset({UserState.DELETED, UserState.SUSPENDED})


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """A complete read that is now the current snapshot; `people` counts users before scope."""

    generation: int
    people: int
    seconds: float
    requests: int


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What to read; `people` is how many there were last time."""

    needs_groups: bool
    groups: frozenset[str] | None
    people: int


def allowed_shrinkage(people: int) -> int:
    """How many of so many people may be missing without a word from the directory: 5, or 5 %."""
    return max(5, people * 5 // 100)


def read_directory(
    database: Database,
    reader: DirectoryReader,
    *,
    needs_groups: bool,
    cancel: Cancel,
    progress: Progress,
    groups: frozenset[str] | None = None,
) -> ReadResult:
    """Read everything that the scope needs; it becomes current in one transaction, or nothing does.

    With `groups` given, members are read of those groups and of the groups within them alone;
    a scope that names three of ten thousand groups costs a few requests and not ten thousand.
    The database must be pinned (`pin_connection`). Raises `Trouble`: OTHER_CUSTOMER and
    SCOPES_MISSING when somebody else's or fewer rights answer, READ_EMPTY, READ_SHRUNK
    (facts `before`, `now`), SYNC_ALREADY_RUNNING, CANCELLED, and whatever the reader raises when
    a page fails. The snapshot is then what it was.
    """
    started, requests = database.clock.monotonic(), reader.requests
    pinned = pinned_connection(database)
    if pinned is None:
        raise RuntimeError("the database is not pinned to a customer")
    cancel.check()
    with database.staging_lock.holding(
        seconds=PATIENCE, cancel=cancel, busy=Code.SYNC_ALREADY_RUNNING
    ):
        clear_leftovers(database)
        customer, rights = same_as_before(reader, pinned, cancel)
        wanted = _Wanted(needs_groups=needs_groups, groups=groups, people=pinned.people)
        with _staged(database, reader, wanted, cancel, progress) as staging:
            staging.finish(cancel)
            _complete(staging, reader, pinned, cancel)
            cancel.check()
            people = staging.publish(
                rights=rights, domains=_verified(customer), groups_listed=needs_groups
            )
    return ReadResult(
        generation=staging.generation,
        people=people,
        seconds=database.clock.monotonic() - started,
        requests=reader.requests - requests,
    )


@contextmanager
def _staged(
    database: Database,
    reader: DirectoryReader,
    wanted: _Wanted,
    cancel: Cancel,
    progress: Progress,
) -> Iterator[Staging]:
    """Everything read into a new generation, which is gone again unless the block ends well.

    A page token can grow old in mid-read, as after a long pause: the listing then begins anew,
    once, and what was read so far is forgotten.
    """
    staging = Staging(database)
    try:
        try:
            _fill(staging, reader, wanted, cancel, progress)
        except Trouble as trouble:
            if trouble.code is not Code.PAGE_TOKEN_STALE:
                raise
            staging.discard()
            staging = Staging(database)
            _fill(staging, reader, wanted, cancel, progress)
        yield staging
    except BaseException:
        try:
            staging.discard()
        except Trouble as trouble:
            # On a full disk even this may fail; the next read clears it. What counts is why.
            log.info("the half-read generation stays for now: %s", trouble)
        raise


def same_as_before(
    reader: DirectoryReader, pinned: PinnedConnection, cancel: Cancel
) -> tuple[Customer, frozenset[str]]:
    """The customer and the rights, if they are those of the last good read, or more."""
    customer = reader.customer(cancel)
    if (reader.provider, customer.id) != (pinned.provider, pinned.customer_id):
        raise Trouble(Code.OTHER_CUSTOMER, expected=pinned.customer_id, found=customer.id)
    rights = reader.rights()
    missing = pinned.rights - rights
    if missing:
        raise Trouble(Code.SCOPES_MISSING, missing=" ".join(sorted(missing)))
    return customer, rights


def _fill(
    staging: Staging,
    reader: DirectoryReader,
    wanted: _Wanted,
    cancel: Cancel,
    progress: Progress,
) -> None:
    read = 0
    progress(read, wanted.people)
    with closed_after(reader.users(cancel)) as pages:
        for page in pages:
            cancel.check()
            staging.add_users(page)
            read += len(page)
            progress(read, wanted.people)
    with closed_after(reader.deleted_users(cancel)) as deleted:
        for ids in deleted:
            cancel.check()
            staging.add_deleted(ids)
    staging.add_units(reader.units(cancel))
    if wanted.needs_groups:
        _fill_groups(staging, reader, wanted.groups, cancel)


def _fill_groups(
    staging: Staging, reader: DirectoryReader, roots: frozenset[str] | None, cancel: Cancel
) -> None:
    with closed_after(reader.groups(cancel)) as pages:
        for page in pages:
            cancel.check()
            staging.add_groups(page)
    if roots is None:
        _fill_members(staging, reader, staging.group_ids(), cancel)
        return
    seen: set[str] = set()
    waiting = set(roots)
    while waiting:
        seen |= waiting
        # Groups may contain each other: each is read once.
        waiting = _fill_members(staging, reader, sorted(waiting), cancel) - seen


def _fill_members(
    staging: Staging, reader: DirectoryReader, group_ids: list[str], cancel: Cancel
) -> set[str]:
    """Keep the members of these groups; which groups are among them."""
    within: set[str] = set()
    waiting: list[MemberEdge] = []
    with closed_after(reader.members(group_ids, cancel)) as groups:
        for _, edges in groups:
            cancel.check()
            within.update(edge.member_id for edge in edges if edge.kind is MemberKind.GROUP)
            waiting.extend(edges)
            if len(waiting) >= _EDGES_AT_ONCE:
                staging.add_members(waiting)
                waiting.clear()
    staging.add_members(waiting)
    staging.add_walked(group_ids)
    return within


@contextmanager
def closed_after(pages: Iterator[T]) -> Iterator[Iterator[T]]:
    """End a listing that is left early at once, and not whenever it is collected."""
    try:
        yield pages
    finally:
        if isinstance(pages, Generator):
            pages.close()


def _complete(
    staging: Staging, reader: DirectoryReader, pinned: PinnedConnection, cancel: Cancel
) -> None:
    """Raise when what was read cannot be the whole directory."""
    now = staging.count("user")
    if now == 0:
        raise Trouble(Code.READ_EMPTY, before=pinned.people)
    if staging.lacks_units():
        raise Trouble(Code.READ_INCOMPLETE, people=now)
    if staging.count_vanished() <= allowed_shrinkage(pinned.people):
        return
    # A directory forgets its deleted people after some weeks. So that a computer that was off
    # for longer is not stuck for ever, those missing are asked for by id: the directory's own
    # word that an id is gone explains it, and one who is there proves the listing too short.
    for user_id in staging.vanished(_MOST_LOOK_UPS):
        cancel.check()
        user = reader.look_up(user_id, cancel).user
        if user is not None and user.state not in _GONE:
            raise Trouble(Code.READ_SHRUNK, before=pinned.people, now=now)


def _verified(customer: Customer) -> frozenset[str]:
    return frozenset(domain.name.casefold() for domain in customer.domains if domain.verified)
