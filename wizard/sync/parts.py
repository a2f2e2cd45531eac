"""What a run works with, and what a plan looks like from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wizard.accounts.base import Member, UserAccounts
from wizard.core.clock import Clock
from wizard.core.directory import ProviderId
from wizard.core.runs import HeldCause, HeldKind, PlanCounts, RunProgress, RunReport
from wizard.core.settings import ProvisioningSettings
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database

__all__ = ["Cause", "Held", "Listen", "PlanSummary", "SyncParts"]

Listen = Callable[[RunProgress], None]
"""Hears how a run goes on, at most about ten times a second, on the thread that runs it."""


@dataclass(frozen=True, kw_only=True)
class SyncParts:
    """One connection's sync, put together for one run or one preview.

    `accounts` writes with the provisioning token; for a preview the caller hands one whose
    session is behind the read-only wall. `members` are the organizational unit's as read just
    now: its owners are protected. `signed_in_address` and `authorized_by` are protected too.
    `settings_read_at` is when the service last told the settings, and `settings_live` whether
    that was for this run; a copy serves for a day and removes nobody.
    `owners_read_at` is how old a copy of the owners is, None where they were read for this run:
    beside one that is more than a day old the accounts' own roles are read.

    `still_allowed` asks the service anew, for a run that stood still: it raises `Trouble` where
    the run may not go on (PROVISIONING_OFF, NOT_THE_SYNCER, other settings than it was planned
    with). `tell_service` tells the service of a run that ended, and whether that worked; it
    raises nothing.
    """

    database: Database
    reader: DirectoryReader
    accounts: UserAccounts
    members: Sequence[Member]
    ou_id: str
    account_id: str
    provider: ProviderId
    customer_id: str
    signed_in_address: str
    authorized_by: str
    installation_id: str
    clock: Clock
    settings_live: bool = True
    settings_read_at: datetime | None = None
    owners_read_at: datetime | None = None
    still_allowed: Callable[[], None] = lambda: None
    tell_service: Callable[[RunReport], bool] = lambda _report: True


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why so many: `people` of those held, and the unit, group or person that it is about."""

    cause: HeldCause
    people: int
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the guard holds of one kind: how many people, the limit, the likeliest cause first."""

    kind: HeldKind
    people: int
    limit: int
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanSummary:
    """A plan in numbers; its rows are read with `wizard.sync.plan_view`.

    `leave_limit` people may leave without asking. `links_known` is False when the accounts at
    the service could not be listed though they had to be: nobody leaves then. `settings` are
    what it was made with, None for a plan of an older program.
    """

    run_id: str
    made_at: datetime
    counts: PlanCounts
    people_read: int
    leave_limit: int
    held: tuple[Held, ...] = ()
    links_known: bool = True
    requests: int = 0
    settings: ProvisioningSettings | None = None
