"""What window and command line may ask for: the workbench, its views and its events."""

from __future__ import annotations

from wizard.services.contract.background import (
    BackgroundCalls,
    SessionStart,
    SessionStartState,
)
from wizard.services.contract.views import (
    AuthorizedView,
    BrowserWaiting,
    CheckRunning,
    ConnectionView,
    FindingState,
    FindingView,
    HeldCauseView,
    HeldView,
    Listen,
    NetworkView,
    PermissionView,
    PreviewView,
    ProblemView,
    ProfileView,
    ProxyMode,
    SecretsChoice,
    SettingsView,
    SignedInView,
    UnitView,
    WaitingForService,
)
from wizard.services.contract.workbench import Workbench
from wizard.services.schedule import Pause, SchedulerState, SchedulerView, SyncSchedule

__all__ = [
    "AuthorizedView",
    "BackgroundCalls",
    "BrowserWaiting",
    "CheckRunning",
    "ConnectionView",
    "FindingState",
    "FindingView",
    "HeldCauseView",
    "HeldView",
    "Listen",
    "NetworkView",
    "Pause",
    "PermissionView",
    "PreviewView",
    "ProblemView",
    "ProfileView",
    "ProxyMode",
    "SchedulerState",
    "SchedulerView",
    "SecretsChoice",
    "SessionStart",
    "SessionStartState",
    "SettingsView",
    "SignedInView",
    "SyncSchedule",
    "UnitView",
    "WaitingForService",
    "Workbench",
]
