"""What the window and the command line may ask for: views, events and the calls behind them.

Every call that takes a `Cancel` may block on the network, the keyring or the disk and belongs
into a job (`wizard.services.jobs`); the others answer at once from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.runs import (
    HeldKind,
    PersonPlan,
    PlanCounts,
    PlanKind,
    RunReport,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Fact, Trouble
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk
from wizard.services.schedule import SchedulerState, SchedulerView, SyncSchedule

__all__ = [
    "AuthorizedView",
    "BrowserWaiting",
    "CheckRunning",
    "ConnectionView",
    "FindingState",
    "FindingView",
    "HeldCauseView",
    "HeldView",
    "Listen",
    "NetworkView",
    "PermissionView",
    "PreviewView",
    "ProblemView",
    "ProfileView",
    "ProxyMode",
    "SchedulerState",
    "SchedulerView",
    "SecretsChoice",
    "SettingsView",
    "SignedInView",
    "SyncSchedule",
    "UnitView",
    "WaitingForService",
    "Workbench",
]

Event = object
Listen = Callable[[Event], None]
"""Hears the events of a long call, on the thread that makes the call."""


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """What a person may know of the profile in use. Links are '' where the vendor gives none."""

    id: str
    name: str
    practice: bool
    hosts: tuple[str, ...]
    control_url: str = ""
    support_url: str = ""
    privacy_url: str = ""
    data_management_url: str = ""
    compliance_url: str = ""


class ProxyMode(StrEnum):
    """Where the proxy comes from."""

    SYSTEM = "system"
    NONE = "none"
    TYPED = "typed"


@dataclass(frozen=True, kw_only=True)
class NetworkView:
    """How the outside is reached: `proxy` is 'host:port' or ''; `answers` by the service."""

    mode: ProxyMode
    proxy: str
    answers: bool


@dataclass(frozen=True, kw_only=True)
class BrowserWaiting:
    """Event: the person's browser has been given a page, and we wait for it to come back.

    `url` is for "Open again" and "Copy the link"; `opened` is False where no browser started.
    """

    url: str
    host: str
    started_at: datetime
    seconds: float
    opened: bool


@dataclass(frozen=True, kw_only=True)
class CheckRunning:
    """Event: this check (a `FindingId` value) has begun."""

    id: str


@dataclass(frozen=True, kw_only=True)
class WaitingForService:
    """Event: the organization account exists and the service makes it active; normal so far."""

    since: datetime


@dataclass(frozen=True, kw_only=True)
class UnitView:
    """An organizational unit that may be chosen; `manageable` needs the role Owner."""

    id: str
    name: str
    manageable: bool


@dataclass(frozen=True, kw_only=True)
class SignedInView:
    """Who signed in at the account service, and where their people could live."""

    name: str
    address: str
    units: tuple[UnitView, ...]


class FindingState(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One pre-flight check; words by `wizard.content.findings` from `id`, `state`, `facts`."""

    id: str
    state: FindingState
    facts: tuple[tuple[str, Fact], ...] = ()
    code: Code | None = None


@dataclass(frozen=True, kw_only=True)
class PermissionView:
    """One right that is asked for: `short` is the scope's last part, `key` names its words."""

    scope: str
    short: str
    key: str


@dataclass(frozen=True, kw_only=True)
class ConnectionView:
    """The organization account as it stands."""

    id: str
    domain: str
    customer_id: str
    authorized_by: str
    active: bool
    syncer_host: str = ""
    syncer_is_us: bool = False
    last_run_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AuthorizedView:
    """What came of authorizing: `connection` is None while a check has failed.

    `needs_confirmation`: no check failed, and nothing is connected yet. The directory is of
    `domain`, and nothing tells that it is the signed-in person's own. `connect_anyway` or
    `decline_connection` is next.
    """

    address: str
    findings: tuple[FindingView, ...]
    connection: ConnectionView | None
    people: int = 0
    needs_confirmation: bool = False
    domain: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldCauseView:
    """Why so many: a `HeldCause` value, the unit, group or person it is about, how many."""

    cause: str
    people: int
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldView:
    """What the guard holds of one kind, the limit that was broken, and the likeliest cause.

    `cause` is a `HeldCause` value ('' where none is likely), `cause_name` the unit, group or
    person that it is about, `cause_people` how many of those held it explains; `causes` are all
    of them, the likeliest first. `run_id` is the run, or preview, that was stopped at `held_at`.
    `grace_days` is None where the settings are not known here.
    """

    kind: HeldKind
    people: int
    limit: int
    cause: str = ""
    cause_name: str = ""
    cause_people: int = 0
    causes: tuple[HeldCauseView, ...] = ()
    run_id: str = ""
    held_at: datetime | None = None
    grace_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class PreviewView:
    """A plan that can be looked at. `leave_limit` people may leave without asking."""

    run_id: str
    made_at: datetime
    counts: PlanCounts
    leave_limit: int
    held: tuple[HeldView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SettingsView:
    """The settings as the service has them, and how many people the scope names now."""

    settings: ProvisioningSettings
    connection: ConnectionView
    in_scope: int | None


@dataclass(frozen=True, kw_only=True)
class ProblemView:
    """One person whose operation failed or who could not be matched in the last run."""

    name: str
    address: str
    code: Code
    facts: tuple[tuple[str, Fact], ...] = ()


class SecretsChoice(StrEnum):
    """How sign-ins are kept when a person is asked. There is no choice without encryption."""

    KEYRING = "keyring"
    """In the system's password store, tried once more."""
    MEMORY = "memory"
    """In memory, until this start of the program ends."""
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a choice
    """Sealed under a passphrase: what is there is opened, or made where nothing is."""
    NEW_KEYRING = "new-keyring"
    """In the system's password store, anew; what is there is set aside, still locked."""
    NEW_PASSPHRASE = "new-passphrase"  # noqa: S105 - the name of a choice
    """Sealed anew under a passphrase; what is there is set aside, still locked."""


class Workbench(Protocol):
    """One set-up in progress, on one profile."""

    @property
    def profile(self) -> ProfileView:
        """The profile in use."""
        ...

    def real_profiles(self) -> Sequence[ProfileView]:
        """What an administrator installed on this computer for a real set-up. Reads the disk."""
        ...

    def forget_practice(self) -> None:
        """Let the next start without a profile's name not begin with practice again."""
        ...

    @property
    def answers(self) -> Answers:
        """What is known so far."""
        ...

    def change(self, answers: Answers) -> None:
        """Replace the answers and save them (a few kilobytes, whole file, owner-only)."""
        ...

    @property
    def walk(self) -> Walk:
        """Where the person stands: step, answers, and the steps behind (`wizard.flow.graph`)."""
        ...

    def go(self, walk: Walk) -> None:
        """Stand there from now on, and save it; `answers` and `change` see the same answers."""
        ...

    @property
    def notices(self) -> Sequence[Trouble]:
        """What went wrong at the start and was put right, such as a file that was set aside."""
        ...

    def network(self, cancel: Cancel) -> NetworkView:
        """Ask the account service whether it answers; raises `Trouble` when it does not."""
        ...

    def set_proxy(self, mode: ProxyMode, address: str) -> None:
        """Use this proxy from now on; `Trouble(PROXY_INVALID)`."""
        ...

    def keep_secrets(self, choice: SecretsChoice, passphrase: str, cancel: Cancel) -> None:
        """Keep sign-ins this way; nothing changes where they are open already.

        For a person whom a call answered with one of the troubles that
        `wizard.services.keeping.asks_person` knows; the call is then made again. Where nothing
        is kept this way yet, the answers say that nobody is signed in. `passphrase` is '' where
        the choice needs none. Raises `Trouble`: keyring-missing, -locked, -timeout;
        passphrase-wrong (`problem`: wrong, empty, short); vault-locked; those of the disk.
        """
        ...

    def sign_in(self, listen: Listen, cancel: Cancel, *, create: bool) -> SignedInView:
        """Sign in, or up, in the person's browser; events: `BrowserWaiting`."""
        ...

    def signed_in(self, cancel: Cancel) -> SignedInView:
        """Who is signed in already; `Trouble(SIGN_IN_NEEDED)`."""
        ...

    def choose_unit(self, unit: UnitView) -> None:
        """Set up for this organizational unit."""
        ...

    def create_unit(self, name: str, cancel: Cancel) -> UnitView:
        """Make an organizational unit and choose it."""
        ...

    def open_browser(self, url: str) -> bool:
        """Open a page in the person's browser; False where none started; `UNSAFE_ADDRESS`."""
        ...

    def permissions(self) -> Sequence[PermissionView]:
        """What Google will be asked for."""
        ...

    def authorize(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """Authorize in the browser, check, connect, and wait until the service says active.

        Events: `BrowserWaiting`, `CheckRunning`, `FindingView`, `WaitingForService`. A check
        that failed is in the view, not raised; raised is what kept the checks from running.
        Where the view `needs_confirmation`, nothing was made at the service.
        """
        ...

    def connect_anyway(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """Go on with the directory that `authorize` asked about, without the browser.

        Events as there. What is raised may be tried again; `Trouble(SIGN_IN_NEEDED)` where
        nothing is asked, or unit or person are others by now.
        """
        ...

    def decline_connection(self, cancel: Cancel) -> None:
        """It is not theirs: end the authorization at Google and forget it; nothing asked: nothing.

        An authorization that can't be ended at Google now is forgotten all the same.
        """
        ...

    def settings(self, cancel: Cancel) -> SettingsView:
        """The settings from the service."""
        ...

    def save_settings(self, draft: ProvisioningSettings, cancel: Cancel) -> SettingsView:
        """Save a draft; `Trouble(SETTINGS_CHANGED)` where somebody else saved in between."""
        ...

    def preview(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        """Plan without writing, with a draft or the service's settings; events: `RunProgress`."""
        ...

    def last_preview(self) -> PreviewView | None:
        """The newest preview that is still stored."""
        ...

    def plan_rows(
        self,
        run_id: str,
        *,
        kinds: frozenset[PlanKind],
        search: str,
        offset: int,
        limit: int,
    ) -> tuple[Sequence[PersonPlan], int]:
        """A window of the plan's rows and how many match; no kinds: all. Not on the GUI thread."""
        ...

    def save_plan(self, run_id: str, path: Path) -> int:
        """Write the plan as CSV, cells that a spreadsheet would run quoted; how many rows."""
        ...

    def held(self) -> tuple[HeldView, ...]:
        """What a person may approve of the newest plan of a run; () for nothing. Reads the disk."""
        ...

    def held_rows(
        self, run_id: str, kind: HeldKind, *, search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """A window of those whom the guard holds, and how many match. Reads the disk."""
        ...

    def approve(self, run_id: str, kind: HeldKind, typed: int, cancel: Cancel) -> None:
        """Let the next run go on with these people, once and within a day; `typed` is how many.

        `Trouble(APPROVAL_OUTDATED)` when so many are not held there, or no longer.
        """
        ...

    def reports(self, limit: int = 50) -> Sequence[RunReport]:
        """The newest runs first, those of earlier starts too. Reads the disk."""

    def problems(self, run_id: str) -> Sequence[ProblemView]:
        """People that a run could not put right."""

    def take_over(self, cancel: Cancel) -> ConnectionView:
        """Make this computer the one that syncs, in place of another; a person was asked.

        It is logged. The next run looks at every account anew. Raises `Trouble`.
        """

    @property
    def schedule(self) -> SyncSchedule:
        """The background sync; the first sync runs there too, by `run_now(Trigger.FIRST)`."""
        ...

    def close(self) -> None:
        """Stop everything that runs and wait for it."""
        ...
