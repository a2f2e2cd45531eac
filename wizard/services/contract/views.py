"""What the window and the command line are told: views of what there is, and events of calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wizard.core.runs import HeldKind, PlanCounts
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Fact

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
    "SecretsChoice",
    "SettingsView",
    "SignedInView",
    "UnitView",
    "WaitingForService",
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
    """An organizational unit that may be chosen; `manageable` needs the role Owner.

    `owners` says who could do it where the person here may not, each as a name with an address.
    """

    id: str
    name: str
    manageable: bool
    owners: tuple[str, ...] = ()


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
    `domain`, and nothing tells that it is the signed-in person's own; or, with `without`, all
    that is missing are these rights (keys of `wizard.content.permissions`), which one can do
    without. `connect_anyway` or `decline_connection` is next.
    """

    address: str
    findings: tuple[FindingView, ...]
    connection: ConnectionView | None
    people: int = 0
    needs_confirmation: bool = False
    domain: str = ""
    without: tuple[str, ...] = ()


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
    """The settings as the service has them, and how many people the scope names now.

    `saved_by` is the address of who saved them last, '' where that is not told.
    """

    settings: ProvisioningSettings
    connection: ConnectionView
    in_scope: int | None
    saved_by: str = ""
    saved_at: datetime | None = None


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
