"""What window and command line may ask about the sync that goes on without them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wizard.core.trouble import Trouble

__all__ = ["BackgroundCalls", "SessionStart", "SessionStartState"]


class SessionStartState(StrEnum):
    """Whether the program starts by itself when the person signs in to this computer."""

    ON = "on"
    OFF = "off"
    BLOCKED = "blocked"
    """Chosen here, and switched off in the system's own settings."""
    ABSENT = "absent"
    """This system offers no way that the program knows, or a start would have nothing to do."""


@dataclass(frozen=True, kw_only=True)
class SessionStart:
    """`place` is the file or the registry value that does it, for those who look after it."""

    state: SessionStartState
    place: str = ""


class BackgroundCalls(Protocol):
    """The background's own choices, of this person on this computer."""

    @property
    def keep_running(self) -> bool | None:
        """Whether the sync goes on when the window is closed; None until the person was asked."""
        ...

    def choose_keep_running(self, *, on: bool) -> None:
        """Keep this answer; returns at once."""
        ...

    def session_start(self) -> SessionStart:
        """Whether the program starts with the session. Reads the disk."""
        ...

    def start_with_session(self, *, on: bool) -> SessionStart:
        """Start with the session from now on, or no longer; raises `Trouble` of the disk."""
        ...

    def forget(self) -> None:
        """Forget what was chosen about going on and about a pause; raises `Trouble` of the disk.

        Belongs off the window's thread. A start with the session is switched off by its own call.
        """
        ...

    def when_unsaved(self, listener: Callable[[Trouble], None]) -> Callable[[], None]:
        """Hear what could not be saved, on a thread of its own; the answer ends the listening."""
        ...
