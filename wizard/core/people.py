"""What is known of one person, and of everybody whom the sync knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wizard.core.directory import UserState
from wizard.core.runs import PlanKind, Reason
from wizard.core.trouble import Code

__all__ = [
    "AccountFacts",
    "Answered",
    "Event",
    "EventKind",
    "Explanation",
    "LastEvidence",
    "MemberRow",
    "MembersFound",
    "MembersView",
    "PersonStory",
    "Planned",
    "ProtectedBy",
    "ScopeFacts",
    "ServiceWord",
    "Standing",
]


class Standing(StrEnum):
    """Where one person stands; everybody has exactly one, so that the counts add up."""

    ACTIVE = "active"
    NEW = "new"
    """An account of the last seven days."""
    LEAVING = "leaving"
    TO_DECIDE = "to-decide"
    WAITING = "waiting"
    """In scope, without an account so far."""
    NO_ACCOUNT = "no-account"
    ENDED = "ended"
    """The account is deactivated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRow:
    """One line of the list. `place` is its position when all are shown, by name, from 0.

    `unit` is like 'Operations / Terminals', '' for the root; `reason` is '' where none is known.
    """

    place: int
    user_id: str
    name: str
    address: str
    unit: str
    standing: Standing
    reason: str = ""
    is_owner: bool = False
    in_directory: bool = True


@dataclass(frozen=True, kw_only=True)
class MembersView:
    """How many people stand where; they add up to `total`. `read_at`: the directory's reading."""

    counts: tuple[tuple[Standing, int], ...] = ()
    read_at: datetime | None = None
    made_at: datetime | None = None
    """When the list was last worked out; another one is made when something changed."""

    def count(self, *standings: Standing) -> int:
        """How many people stand at one of these."""
        return sum(number for standing, number in self.counts if standing in standings)

    @property
    def total(self) -> int:
        """Everybody whom the sync knows."""
        return sum(number for _, number in self.counts)

    @property
    def accounts(self) -> int:
        """Everybody with an account that is not deactivated, those in doubt included."""
        return self.count(Standing.ACTIVE, Standing.NEW, Standing.LEAVING)


@dataclass(frozen=True, kw_only=True)
class MembersFound:
    """The first of those who fit, and whether there are more."""

    rows: tuple[MemberRow, ...]
    more: bool


class EventKind(StrEnum):
    """What happened to one person; the words are in `wizard.content.people`."""

    CREATED = "created"
    ADOPTED = "adopted"
    NAME_CHANGED = "name-changed"
    ADDRESS_CHANGED = "address-changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    FAILED = "failed"
    MOVED = "moved"
    STATE_CHANGED = "state-changed"
    RENAMED_THERE = "renamed-there"
    READDRESSED_THERE = "readdressed-there"
    ARRIVED = "arrived"
    VANISHED = "vanished"
    LINKED = "linked"
    LEAVING = "leaving"
    WILL_END = "will-end"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened, or will. `at` is None where nobody knows when.

    `old` and `new` are what changed (for `STATE_CHANGED` a `UserState` value); `scope_by` is what
    had the person in scope then. `exact` is False where the time is when we first saw it.
    """

    kind: EventKind
    at: datetime | None
    old: str = ""
    new: str = ""
    scope_by: str = ""
    code: Code | None = None
    detail: str = ""
    exact: bool = True


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """The account as last known here. `adopted`: it was there before the sync took it over."""

    id: str
    address: str
    name: str
    active: bool
    is_owner: bool
    external_id: str
    linked_at: datetime
    adopted: bool = False


@dataclass(frozen=True, kw_only=True)
class ScopeFacts:
    """The scope's word. `by_draft`: tried out with a scope that nobody has saved."""

    inside: bool
    reason: Reason | None = None
    by: str = ""
    by_draft: bool = False


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the newest plan said about this person; `preview`: nothing was carried out by it."""

    kind: PlanKind
    reason: Reason
    at: datetime
    run_id: str
    held: bool = False
    preview: bool = False
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class LastEvidence:
    """What looking this person up by id showed: gone, suspended, archived, out-of-scope, none."""

    proof: str
    seen_at: datetime


class ProtectedBy(StrEnum):
    """Why a sync never deactivates this account."""

    NOTHING = ""
    OWNER = "owner"
    SIGNED_IN = "signed-in"
    ADMIN = "admin"
    LISTED = "listed"


@dataclass(frozen=True, kw_only=True)
class PersonStory:
    """Everything that this computer knows of one person.

    `address` is the directory's, or the account's where the directory has the person no more;
    `events` are in order, what is still ahead last. `state` and `scope` are None where the person
    is not in the directory as last read. `ends_at` is when the grace period of a leaver is over.
    """

    user_id: str
    name: str
    given_name: str
    address: str
    unit: str
    standing: Standing
    read_at: datetime | None
    state: UserState | None = None
    state_since: datetime | None = None
    scope: ScopeFacts | None = None
    account: AccountFacts | None = None
    planned: Planned | None = None
    evidence: LastEvidence | None = None
    leaving_since: datetime | None = None
    ends_at: datetime | None = None
    leavers_kept: bool = False
    grace_days: int | None = None
    protected: ProtectedBy = ProtectedBy.NOTHING
    namesakes: tuple[str, ...] = ()
    """Names of the others who use the same address."""
    events: tuple[Event, ...] = ()

    @property
    def in_directory(self) -> bool:
        """Whether the directory had the person when it was last read."""
        return self.state is not None


class Answered(StrEnum):
    """How far a question about somebody could be answered."""

    PERSON = "person"
    SEVERAL = "several"
    NOBODY = "nobody"
    NOT_READ = "not-read"
    NOT_CONNECTED = "not-connected"


@dataclass(frozen=True, kw_only=True)
class ServiceWord:
    """What the account service itself told, on being asked: `has_account` None if it may not say.

    `active` is None where it told that there is an account and no more; `provisioning_on` is None
    where nothing is connected, or it may not say.
    """

    asked_at: datetime
    has_account: bool | None
    active: bool | None = None
    is_owner: bool = False
    syncer_host: str = ""
    last_run_at: datetime | None = None
    provisioning_on: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why somebody is here or isn't. `person` where exactly one was found.

    `choices` are those who fit; `near` those whose name or address is much alike. `keeper` is
    the other computer that keeps this unit in step, '' where none is known. `enabled` is None
    where the settings were never read here; `last_run_at` is of the last run from here.
    """

    query: str
    answered: Answered
    person: PersonStory | None = None
    choices: tuple[MemberRow, ...] = ()
    more_choices: int = 0
    near: tuple[MemberRow, ...] = ()
    read_at: datetime | None = None
    last_run_at: datetime | None = None
    interval_minutes: int | None = None
    enabled: bool | None = None
    keeper: str = ""
    service: ServiceWord | None = None
