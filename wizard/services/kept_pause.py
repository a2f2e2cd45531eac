"""What the background sync needs of where the choice to stand still is kept."""

from __future__ import annotations

from typing import Protocol

from wizard.services.schedule import Pause

__all__ = ["KeptPause", "PauseForNow"]


class KeptPause(Protocol):
    """Where the choice to stand still outlives the program, and the choice to go on.

    A pause is a person's. That it stands still for a run that was taken back is kept nowhere, since
    the runs tell it; that somebody went on all the same is.
    """

    def pause(self) -> Pause | None:
        """What was chosen last, None for no pause. Reads the disk."""
        ...

    def keep_pause(self, pause: Pause | None) -> None:
        """Keep this choice; returns at once."""
        ...

    def went_on(self) -> str:
        """The run that took one back from which a person went on last, '' for none."""
        ...

    def keep_went_on(self, run_id: str) -> None:
        """Keep that somebody went on from this one; returns at once."""
        ...


class PauseForNow:
    """A pause that ends with the program."""

    def pause(self) -> Pause | None:
        """See `KeptPause.pause`."""
        return None

    def keep_pause(self, pause: Pause | None) -> None:
        """See `KeptPause.keep_pause`."""
        del pause

    def went_on(self) -> str:
        """See `KeptPause.went_on`."""
        return ""

    def keep_went_on(self, run_id: str) -> None:
        """See `KeptPause.keep_went_on`."""
        del run_id
