"""Engines that are broken on purpose: the machine must notice each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType

import pytest

from wizard.accounts.base import Account
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.directory import DirectoryUser
from wizard.core.settings import Limits
from wizard.sync import (
    cycle,
    evidence,
    executor,
    guard,
    journal,
    plan_sql,
    planner,
    read,
    runs,
    scope_sql,
)
from wizard.sync.evidence import Gathered, Proof
from wizard.sync.parts import SyncParts

Breaking = Callable[[pytest.MonkeyPatch], None]


def _no_evidence(patch: pytest.MonkeyPatch) -> None:
    """Whoever is missing is taken to have left, and nobody is looked up."""
    patch.setattr(cycle, "gather_evidence", lambda *_args: Gathered(asked=0, without=0))


def _any_proof(patch: pytest.MonkeyPatch) -> None:
    """Somebody who is there counts as gone all the same."""

    def gone(leaver: object, user: DirectoryUser | None) -> Proof:
        del leaver, user
        return Proof.GONE

    patch.setattr(evidence, "_proof", gone)


def _no_limit(patch: pytest.MonkeyPatch) -> None:
    """The guard lets everybody go."""

    def everybody(active: int, limits: Limits) -> int:
        del limits
        return active

    patch.setattr(guard, "leave_limit", everybody)


def _no_memory_of_the_day(patch: pytest.MonkeyPatch) -> None:
    """Each run may let as many go as a whole day may."""
    patch.setattr(guard, "_LEFT_TODAY", "SELECT 0 WHERE :run <> '' AND :kept <> ''"
        " AND :deactivate <> '' AND :day_ago <> ''")  # fmt: skip


def _nobody_protected(patch: pytest.MonkeyPatch) -> None:
    """Owners and the listed leave like anybody else."""
    patch.setattr(
        planner,
        "BEFORE",
        tuple(one for one in plan_sql.BEFORE if one != plan_sql._PROTECTED),
    )


def _no_resuming(patch: pytest.MonkeyPatch) -> None:
    """What a crash left open in the journal stays so."""

    def nothing(parts: SyncParts, cancel: Cancel) -> int:
        del parts, cancel
        return 0

    patch.setattr(cycle, "resume", nothing)


def _journal_afterwards(patch: pytest.MonkeyPatch) -> None:
    """Operations whose answer was lost are sent again on the off chance."""

    def lost(parts: SyncParts, entry: journal.JournalEntry, cancel: Cancel) -> bool:
        del parts, entry, cancel
        return False

    patch.setattr(executor, "settle", lost)


def _short_reads_count(patch: pytest.MonkeyPatch) -> None:
    """An empty or a shrunken directory is believed."""
    patch.setattr(read, "_complete", lambda *_args: None)


def _exclusions_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Who is excluded is in the scope all the same."""
    patch.setattr(
        scope_sql,
        "_VERDICT",
        scope_sql._VERDICT.replace("WHEN excluded <> '' THEN :{n}r_excluded", ""),
    )
    from wizard.sync import scope

    patch.setattr(scope, "_JUDGE", scope._JUDGE.replace(
        "WHEN excluded <> '' THEN :j_r_excluded", ""))  # fmt: skip


def _no_grace(patch: pytest.MonkeyPatch) -> None:
    """Who is missing loses their account at once."""
    patch.setattr(planner, "BEFORE", tuple(
        one.replace("OR :grace = 0 OR until <= :now", "OR 1") for one in plan_sql.BEFORE
    ))  # fmt: skip


def _adopts_anywhere(patch: pytest.MonkeyPatch) -> None:
    """Accounts in a domain that nobody has verified are taken over."""
    patch.setattr(planner, "ROWS", tuple(
        one.replace("WHEN d.name IS NULL THEN :r_domain_not_verified", "")
        for one in plan_sql.ROWS
    ))  # fmt: skip


def _leavers_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Nobody ever loses an account."""
    patch.setattr(planner, "ROWS", tuple(one for one in plan_sql.ROWS if one != plan_sql._LEAVING))


def _links_believed_for_ever(patch: pytest.MonkeyPatch) -> None:
    """What somebody edits at the service is never noticed."""
    from wizard.sync import match

    patch.setattr(match, "_list_is_due", lambda *_args: False)


def _half_a_list(patch: pytest.MonkeyPatch) -> None:
    """The second half of the accounts is not read."""
    whole = ScimUsers.accounts

    def half(users: ScimUsers, cancel: Cancel) -> Iterator[Sequence[Account]]:
        for page in whole(users, cancel):
            yield page[: max(1, len(page) // 2)]

    patch.setattr(ScimUsers, "accounts", half)


def _future_believed(patch: pytest.MonkeyPatch) -> None:
    """What a clock that was ahead wrote down stands until then."""
    patch.setattr(runs, "_NOTHING_LATER", ())


_ALL: dict[str, Breaking] = {
    "evidence skipped": _no_evidence,
    "evidence misread": _any_proof,
    "guard limit ignored": _no_limit,
    "day not remembered": _no_memory_of_the_day,
    "nobody protected": _nobody_protected,
    "journal not resumed": _no_resuming,
    "short reads believed": _short_reads_count,
    "exclusions forgotten": _exclusions_forgotten,
    "no grace": _no_grace,
    "adopts anywhere": _adopts_anywhere,
    "leavers forgotten": _leavers_forgotten,
    "links believed for ever": _links_believed_for_ever,
    "half a list of accounts": _half_a_list,
    "lost answers sent again": _journal_afterwards,
    "future believed": _future_believed,
}


@contextmanager
def _patched(breaking: Breaking) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    breaking(patch)
    try:
        yield
    finally:
        patch.undo()


def _way(breaking: Breaking) -> Callable[[], AbstractContextManager[None]]:
    return lambda: _patched(breaking)


WAYS = MappingProxyType({name: _way(breaking) for name, breaking in _ALL.items()})
"""By name, a context in which the engine is broken that way."""
