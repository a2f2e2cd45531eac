"""What a sync plans, does and reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wizard.core.trouble import Code

__all__ = [
    "HeldCause",
    "HeldKind",
    "PersonPlan",
    "PlanCounts",
    "PlanKind",
    "Reason",
    "RunOutcome",
    "RunPhase",
    "RunProgress",
    "RunReport",
    "RunSummary",
    "Trigger",
]


class PlanKind(StrEnum):
    """What a run would do about one person."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"
    SKIP = "skip"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"

    @property
    def writes(self) -> bool:
        """Whether carrying it out sends something to the service."""
        return self in _WRITING


_WRITING = frozenset(
    {PlanKind.CREATE, PlanKind.ADOPT, PlanKind.UPDATE, PlanKind.DEACTIVATE, PlanKind.REACTIVATE}
)


class Reason(StrEnum):
    """Why a person is planned as they are; the words are in `wizard.content.reasons`."""

    NEW_IN_SCOPE = "new-in-scope"
    ADDRESS_MATCHES = "address-matches"
    NAME_CHANGED = "name-changed"
    ADDRESS_CHANGED = "address-changed"
    NAME_AND_ADDRESS_CHANGED = "name-and-address-changed"
    BACK_IN_SCOPE = "back-in-scope"
    SAME = "same"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    OUT_OF_SCOPE = "out-of-scope"
    EXCLUDED = "excluded"
    NO_ADDRESS = "no-address"
    NO_ADDRESS_IN_DOMAIN = "no-address-in-domain"
    DELETED = "deleted"
    VANISHED = "vanished"
    IN_GRACE = "in-grace"
    LEAVERS_KEPT = "leavers-kept"
    NO_EVIDENCE = "no-evidence"
    PROTECTED = "protected"
    LAST_OWNER = "last-owner"
    CLAIMED_TWICE = "claimed-twice"
    ACCOUNT_CLAIMED = "account-claimed"
    DOMAIN_NOT_VERIFIED = "domain-not-verified"
    HELD = "held"
    TAKEN_BACK = "taken-back"
    GIVEN_BACK = "given-back"
    MADE_THEN = "made-then"
    LEFT_THEN = "left-then"
    RETURNED_THEN = "returned-then"
    CHANGED_SINCE = "changed-since"
    GONE_SINCE = "gone-since"
    ADDRESS_IN_USE = "address-in-use"
    TAKEN_BACK_BEFORE = "taken-back-before"


class HeldKind(StrEnum):
    """The kinds that the guard may hold back, each alone."""

    CREATE = "create"
    UPDATE = "update"
    LEAVE = "leave"


class HeldCause(StrEnum):
    """What probably made a plan too large; the words are in `wizard.content.held`."""

    UNIT_GONE = "unit-gone"
    UNIT_MOVED = "unit-moved"
    GROUP_GONE = "group-gone"
    GROUP_EMPTIED = "group-emptied"
    SCOPE_EDITED = "scope-edited"
    EXCLUDED = "excluded"
    OUT_OF_SCOPE = "out-of-scope"
    VANISHED = "vanished"
    SUSPENDED = "suspended"
    PROTECTED = "protected"
    BUSY_DAY = "busy-day"
    MANY_NEW = "many-new"
    MANY_CHANGED = "many-changed"
    NO_PREVIEW = "no-preview"
    NOT_IN_PREVIEW = "not-in-preview"
    SETTINGS_UNREADABLE = "settings-unreadable"
    LINKS_NOT_REBUILT = "links-not-rebuilt"


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPlan:
    """One row of a plan. `old_*` is what the service has, '' where there is no account."""

    user_id: str
    external_id: str
    account_id: str
    kind: PlanKind
    reason: Reason
    address: str
    name: str
    old_address: str = ""
    old_name: str = ""
    scope_by: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanCounts:
    """How many people a plan puts where; they add up to everyone the plan looked at."""

    create: int = 0
    adopt: int = 0
    update: int = 0
    deactivate: int = 0
    reactivate: int = 0
    skip: int = 0
    unchanged: int = 0
    problem: int = 0

    @property
    def writes(self) -> int:
        """How many operations carrying it out would send."""
        return self.create + self.adopt + self.update + self.deactivate + self.reactivate

    @property
    def total(self) -> int:
        """Everyone the plan looked at."""
        return self.writes + self.skip + self.unchanged + self.problem

    @property
    def in_scope(self) -> int:
        """Everyone who has, or is to get, an account."""
        return (
            self.create + self.adopt + self.update + self.reactivate + self.unchanged + self.problem
        )


class Trigger(StrEnum):
    """Who asked for a run."""

    FIRST = "first"
    SCHEDULE = "schedule"
    PERSON = "person"
    COMMAND = "command"


class RunOutcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    PARTLY = "partly"
    STOPPED_BY_GUARD = "stopped-by-guard"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NOT_THE_SYNCER = "not-the-syncer"
    OFF = "off"


class RunPhase(StrEnum):
    """The steps of a run that a person can watch, in order."""

    READ = "read"
    COMPARE = "compare"
    WRITE = "write"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunProgress:
    """One moment of a run. `total` is 0 while it is not known; `now` names the person.

    `created` are new accounts, `adopted` accounts that were there before.
    """

    phase: RunPhase
    done: int
    total: int
    created: int = 0
    adopted: int = 0
    changed: int = 0
    problems: int = 0
    now: str = ""


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run did, in the end. `held` maps a kind to how many people were held back.

    `told` is whether the account service has the report; if not, it gets it after the next run.
    `undoes` is the run that this one took back, '' for a sync.
    """

    run_id: str
    trigger: Trigger
    outcome: RunOutcome
    started_at: datetime
    finished_at: datetime
    planned: PlanCounts = field(default_factory=PlanCounts)
    done: PlanCounts = field(default_factory=PlanCounts)
    failed: int = 0
    people_read: int = 0
    held: tuple[tuple[HeldKind, int], ...] = ()
    requests: int = 0
    trouble: Code | None = None
    trouble_facts: tuple[tuple[str, str], ...] = ()
    told: bool = True
    undoes: str = ""

    @property
    def came_through(self) -> bool:
        """Whether it did what it was for: where some failed, more people are in step than not."""
        in_step = self.planned.unchanged + self.done.writes
        return self.outcome in {RunOutcome.DONE, RunOutcome.PARTLY} and (
            not self.failed or self.failed < in_step
        )


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """A run as the account service remembers it, whichever computer did it.

    `trigger` and `outcome` are None where another version said a word that this one doesn't
    know. `planned` is how many writes were planned, `done` what was carried out. `undoes` is the
    run that this one took back, '' for a sync.
    """

    run_id: str
    trigger: Trigger | None
    outcome: RunOutcome | None
    started_at: datetime
    finished_at: datetime
    planned: int = 0
    done: PlanCounts = field(default_factory=PlanCounts)
    failed: int = 0
    people_read: int = 0
    held: tuple[tuple[HeldKind, int], ...] = ()
    requests: int = 0
    undoes: str = ""
