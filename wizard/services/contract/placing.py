"""Where the background sync runs: this computer, or one of the company's servers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.trouble import Trouble
from wizard.flow.answers import Place

__all__ = ["NobodyYet", "PlacingCalls", "PlacingView", "SyncerView"]


@dataclass(frozen=True, kw_only=True)
class SyncerView:
    """The computer that keeps people in step now: its name, for whom, and since when it ran.

    `here` is this computer. `last_run_at` is None where it has not run yet; it holds the task
    until `until` unless it runs again.
    """

    host: str
    person: str
    here: bool
    until: datetime
    last_run_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PlacingView:
    """Where it is to run, who does it now (None: nobody), and how to do it on a server.

    `commands` are for a server's command line, in order: sign in, look at the preview, stay.
    """

    place: Place | None
    syncer: SyncerView | None
    this_host: str
    interval_minutes: int
    commands: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether the chosen place does it."""
        if self.place is None or self.syncer is None:
            return False
        return self.syncer.here is (self.place is Place.THIS_COMPUTER)


@dataclass(frozen=True, kw_only=True)
class NobodyYet:
    """Event while a server is waited for: asked at `at`, and what kept us from an answer."""

    at: datetime
    trouble: Trouble | None = None


class PlacingCalls(Protocol):
    """Choosing the computer that syncs. Each call may block, and raises `Trouble`."""

    def look(self, cancel: Cancel) -> PlacingView:
        """Who does it now; takes it on again where this computer was chosen and nobody does."""
        ...

    def run_here(self, cancel: Cancel) -> PlacingView:
        """Let this computer do it; where another one does, the view says who, and it stays so."""
        ...

    def leave_to_server(self, cancel: Cancel) -> PlacingView:
        """Let another computer do it, and give it up here; nothing syncs until one has it."""
        ...

    def wait_for_server(self, listen: Callable[[NobodyYet], None], cancel: Cancel) -> PlacingView:
        """Ask again and again until another computer does it; ends by `cancel` else.

        Events: `NobodyYet`. A service that can't be reached is asked again.
        """
        ...
