"""What Home asks for: how things stand, the runs, the connections, and the ways to undo them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.problems import ProblemsView
from wizard.core.runs import RunReport, RunSummary
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.moving import MovedAwayView, MovingCalls
from wizard.services.contract.views import (
    FindingView,
    HeldView,
    Listen,
    ProblemView,
    ProxyMode,
    SecretsChoice,
)

__all__ = [
    "AccountState",
    "DayCounts",
    "DisconnectedView",
    "HealthView",
    "HomeCalls",
    "HomeFacts",
    "MachineView",
    "OrganizationAccountView",
    "RunFilter",
    "RunPage",
    "RunRow",
    "TokenState",
    "UnitWord",
]


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One run with a few names of those whom it wrote, and the break before it.

    `break_since` is when the run before ended, where far more time lay between the two than
    there should: the computer slept, was off, or the program was closed. `tries` is how often in
    a row it failed before it began; 0: it began. `elsewhere`: nothing is kept of it here, the
    service alone tells of it, without plan and people; `host` did it, '' where that is not known.
    """

    report: RunReport
    names: tuple[str, ...] = ()
    break_since: datetime | None = None
    tries: int = 0
    elsewhere: bool = False
    host: str = ""


@dataclass(frozen=True, kw_only=True)
class HomeFacts:
    """How things stand by this computer's own knowledge; counts are None before the first read.

    `new` and `changed` are of the last seven days, `to_decide` people that wait for a person.
    `enabled` and `interval_minutes` are of the settings as last read (None: never). `problems`
    are of the last run that came to a plan. `moved`: the set-up went to another computer.
    `report_trouble` is why the newest helpdesk report could not be written.
    """

    members: int | None = None
    new: int = 0
    changed: int = 0
    leaving: int = 0
    to_decide: int = 0
    enabled: bool | None = None
    interval_minutes: int | None = None
    settings_read_at: datetime | None = None
    lately: tuple[RunRow, ...] = ()
    held: tuple[HeldView, ...] = ()
    problems: tuple[ProblemView, ...] = ()
    moved: MovedAwayView | None = None
    report_trouble: Trouble | None = None


class AccountState(StrEnum):
    """Where an organization account stands, by the service's word."""

    ACTIVE = "active"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class OrganizationAccountView:
    """One connection by the service's word. `purposes`: 'directory', 'calendars'.

    `syncer_host` is '' where nobody keeps it in step now, `syncer_since` when that one began to;
    `ours` tells that this computer's set-up is about this one.
    """

    id: str
    provider: ProviderId
    purposes: frozenset[str]
    domain: str
    customer_id: str
    state: AccountState
    status_code: str = ""
    authorized_by: str = ""
    syncer_host: str = ""
    syncer_person: str = ""
    syncer_is_us: bool = False
    syncer_since: datetime | None = None
    last_run_at: datetime | None = None
    ours: bool = False


@dataclass(frozen=True, kw_only=True)
class UnitWord:
    """What the account service says of the unit. `owners` are names of those who may decide.

    `runs` are the last runs of the connection, from whichever computer, newest first.
    """

    asked_at: datetime
    may_manage: bool
    owners: tuple[str, ...] = ()
    accounts: tuple[OrganizationAccountView, ...] = ()
    enabled: bool | None = None
    interval_minutes: int | None = None
    members: int | None = None
    runs: tuple[RunSummary, ...] = ()

    @property
    def account(self) -> OrganizationAccountView | None:
        """The connection that gives directory access: ours, else the first there is."""
        directory = [one for one in self.accounts if "directory" in one.purposes]
        return next((one for one in directory if one.ours), directory[0] if directory else None)


class TokenState(StrEnum):
    """Whether this computer may read the directory."""

    KEPT = "kept"
    MISSING = "missing"
    LOCKED = "locked"


@dataclass(frozen=True, kw_only=True)
class HealthView:
    """How well this computer reads the directory, without asking anybody.

    `read_at` is the last complete read, of `people`, before any scope. `token_trouble` is why
    the authorization could not be looked at.
    """

    token: TokenState
    read_at: datetime | None = None
    people: int = 0
    token_trouble: Code | None = None


@dataclass(frozen=True, kw_only=True)
class DisconnectedView:
    """What came of disconnecting: whether Google knows, and whether what was read is erased."""

    ended_at_google: bool
    erased: bool


@dataclass(frozen=True, kw_only=True)
class ErasedView:
    """What came of erasing a set-up here.

    `left` is `Trouble(PROVISIONING_TOKEN_LEFT)` where the key that this computer synced with may
    go on working at the service, because nobody could end it there; else None.
    """

    left: Trouble | None = None


class RunFilter(StrEnum):
    """Which runs are listed."""

    ALL = "all"
    CHANGES = "changes"
    PROBLEMS = "problems"


@dataclass(frozen=True, kw_only=True)
class RunPage:
    """A window of the runs that match, and how many match in all."""

    rows: tuple[RunRow, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """What the runs of one day, where the person is, did."""

    day: date
    created: int = 0
    changed: int = 0
    left: int = 0
    stopped: int = 0


@dataclass(frozen=True, kw_only=True)
class MachineView:
    """This installation: version, its folders, how sign-ins are kept, and the proxy in use.

    `keep_days` is for how long runs are kept, None where no directory is connected;
    `moved`: the set-up went to another computer.
    """

    version: str
    host: str
    logs: Path
    keeps: SecretsChoice | None
    signed_in: bool
    proxy_mode: ProxyMode
    proxy: str
    keep_days: int | None = None
    moved: bool = False


class HomeCalls(Protocol):
    """Every call reads the disk or asks the network: not for the GUI thread."""

    def facts(self, cancel: Cancel) -> HomeFacts:
        """How things stand, without asking anybody."""
        ...

    def unit(self, cancel: Cancel) -> UnitWord:
        """What the service says; raises `Trouble`, sign-in-needed among others."""
        ...

    def health(self, cancel: Cancel) -> HealthView:
        """How well the directory can be read from here, by what is kept."""
        ...

    def test_read(self, listen: Listen, cancel: Cancel) -> Sequence[FindingView]:
        """Check everything that authorizing checks, with what is kept; events as there."""
        ...

    def disconnect(self, cancel: Cancel, *, erase: bool) -> DisconnectedView:
        """End the connection at the service and at Google; people keep their accounts.

        `erase`: also forget what was read of the directory, the links and the runs. The
        background sync must be stopped. Raises `Trouble`; what was done by then stays done, and
        calling again goes on.
        """
        ...

    def runs(
        self, wanted: RunFilter, search: str, offset: int, limit: int, cancel: Cancel
    ) -> RunPage:
        """Runs as long as they are kept, newest first; `search`: names, addresses and codes.

        Those of other computers are among them as far as `ask_runs` has learned of them.
        """
        ...

    def ask_runs(self, cancel: Cancel) -> int:
        """Ask the service for the runs of other computers; how many there are.

        `runs`, `days` and `save_runs` tell them from then on. Raises `Trouble`, sign-in-needed
        among others; what was learned before stays.
        """
        ...

    def days(self, count: int, cancel: Cancel) -> Sequence[DayCounts]:
        """What was done on each of the last days, the oldest first."""
        ...

    def save_runs(self, wanted: RunFilter, search: str, path: Path, cancel: Cancel) -> int:
        """Write these runs as CSV; how many."""
        ...

    def people_with_problems(self, search: str, cancel: Cancel) -> ProblemsView:
        """Who can't be brought in step, and why; `search`: names, addresses, words of the reason.

        Answers from this computer alone; nobody, where no directory is connected.
        """
        ...

    def save_problems(self, search: str, path: Path, cancel: Cancel) -> int:
        """Write these people as CSV, cells that a spreadsheet would run quoted; how many."""
        ...

    def machine(self, cancel: Cancel) -> MachineView:
        """This installation."""
        ...

    def keep_for(self, days: int, cancel: Cancel) -> None:
        """Keep plans, runs and evidence for so many days, between 14 and 730.

        What is older is forgotten at once.
        """
        ...

    @property
    def moving(self) -> MovingCalls:
        """Moving this set-up to another computer."""
        ...

    def sign_out(self, cancel: Cancel) -> None:
        """End the person's sign-in; the sync goes on with its own token."""
        ...

    def erase(self, cancel: Cancel) -> ErasedView:
        """Forget this set-up on this computer; the service keeps its own. Ends the sign-in.

        The key that this computer synced with is ended at the service where that answers.

        The background sync must be stopped.
        """
        ...
