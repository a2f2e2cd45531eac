"""What the background sync needs of where the choice to stand still is kept."""

from __future__ import annotations

from typing import Protocol

from wizard.services.schedule import Pause

__all__ = ["KeptPause", "PauseForNow"]


class KeptPause(Protocol):
    """Where the choice to stand still outlives the program."""

    def pause(self) -> Pause | None:
        """What was chosen last, None for no pause. Reads the disk."""
        ...

    def keep_pause(self, pause: Pause | None) -> None:
        """Keep this choice; returns at once."""
        ...


class PauseForNow:
    """A pause that ends with the program."""

    def pause(self) -> Pause | None:
        """See `KeptPause.pause`."""
        return None

    def keep_pause(self, pause: Pause | None) -> None:
        """See `KeptPause.keep_pause`."""
        del pause
