"""More about a preview: whether it still holds, one person of it, what it changes against now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.runs import PlanKind, Reason
from wizard.core.trouble import Trouble
from wizard.services.contract.drafts import DraftView
from wizard.services.contract.views import PreviewView

__all__ = ["Evidence", "FoundPreview", "Outdated", "PersonView", "PreviewCalls", "WideningView"]


class Outdated(StrEnum):
    """Why a preview tells no longer what a sync would do."""

    OLD = "old"
    """It was made more than an hour ago."""
    RAN = "ran"
    """A sync has run since."""
    SCOPE = "scope"
    """Other people are in the scope now, or other addresses count."""
    SETTINGS = "settings"
    """Other settings hold for leavers, limits or protected people."""
    SAVED = "saved"
    """Somebody else saved settings that change it."""


@dataclass(frozen=True, kw_only=True)
class FoundPreview:
    """The preview that was made last, None where there is none that still holds, and why not.

    `draft` is the draft that it has to be of, None where the service could not be asked.
    """

    view: PreviewView | None
    outdated: Outdated | None = None
    draft: DraftView | None = None


class Evidence(StrEnum):
    """What looking a leaver up by id showed."""

    GONE = "gone"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    OUT_OF_SCOPE = "out-of-scope"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """One person of a preview beside their row. Empty where the directory did not tell.

    `leaves_at` is when a person in grace is deactivated, unless they come back. `evidence` is
    there for leavers alone; `evidence_trouble` where they could not be looked up now.
    """

    kind: PlanKind
    reason: Reason
    held: bool
    unit: str = ""
    state: UserState | None = None
    aliases: tuple[str, ...] = ()
    leaves_at: datetime | None = None
    evidence: Evidence | None = None
    evidence_trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class WideningView:
    """A preview against what is in place: how many are in step now, come, and go."""

    in_place: int
    more: int
    fewer: int


class PreviewCalls(Protocol):
    """What the preview page asks beside the plan itself. Each call may block."""

    @property
    def notifies(self) -> bool:
        """Whether the account service writes to people who get an account."""
        ...

    def found(self, cancel: Cancel) -> FoundPreview:
        """The preview made last, and whether it holds for the draft and the service's settings."""
        ...

    def person(self, run_id: str, user_id: str, cancel: Cancel) -> PersonView | None:
        """One person; a leaver is looked up in the directory now, by one request."""
        ...

    def widening(self, run_id: str) -> WideningView:
        """The preview against what is in place. Reads the disk."""
        ...

    def save(self, run_id: str, path: Path, *, kinds: frozenset[PlanKind], search: str) -> int:
        """Write what is shown as CSV, in its order; how many rows. See `Workbench.save_plan`."""
        ...
