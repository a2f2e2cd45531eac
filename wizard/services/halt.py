"""Why the background sync stands still: a person paused it, or a run was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wizard.services.kept_pause import KeptPause
from wizard.services.schedule import Pause

__all__ = ["Halt", "KeptChoices"]


@dataclass(frozen=True, kw_only=True)
class KeptChoices:
    """What earlier starts of the program chose."""

    pause: Pause | None
    went_on: str


class Halt:
    """The two reasons, apart: each has its own end. Used with its owner's lock held.

    A pause is a person's alone, and only a person or its time ends it. `stands_for` is the run
    that took another one back, for as long as nobody has synced since; it follows from the runs
    and is kept nowhere. A person may go on from it, which is kept for that one.
    """

    def __init__(self, kept: KeptPause) -> None:
        self._kept = kept
        self._chosen = False  # whether this start has a choice of its own about the pause
        self._went_on = ""
        self.pause: Pause | None = None
        self.stands_for = ""
        self.gone_on = False  # whether a person went on from the last one, and nobody synced yet

    @property
    def still(self) -> bool:
        """Whether nothing may begin by itself."""
        return self.pause is not None or bool(self.stands_for)

    @property
    def until(self) -> datetime | None:
        """When it ends by itself, None for never."""
        return self.pause.until if self.pause is not None and not self.stands_for else None

    def read_kept(self) -> KeptChoices:
        """What earlier starts chose, from the disk: without the lock. Raises `Trouble`."""
        return KeptChoices(pause=self._kept.pause(), went_on=self._kept.went_on())

    def remember(self, kept: KeptChoices) -> None:
        """Go by it where this start has no choice of its own."""
        if not self._chosen:
            self.pause = kept.pause
        self._went_on = self._went_on or kept.went_on

    def choose(self, pause: Pause | None) -> None:
        """A person's choice about the pause."""
        # Until this start has chosen, what an earlier one kept may not have been read yet.
        if pause != self.pause or not self._chosen:
            self.pause = pause
            self._kept.keep_pause(pause)
        self._chosen = True

    def end_pause(self, now: datetime) -> None:
        """End a pause whose time is over."""
        if self.pause is not None and self.pause.until is not None and self.pause.until <= now:
            self.choose(None)

    def look(self, taken_back: str | None) -> None:
        """Go by the run that took one back; '' where somebody has synced, None: not known."""
        if taken_back is not None:
            self.gone_on = bool(taken_back) and taken_back == self._went_on
            self.stands_for = taken_back if not self.gone_on else ""

    def go_on(self) -> None:
        """A person goes on, though a run was taken back."""
        if self.stands_for:
            self._went_on, self.stands_for, self.gone_on = self.stands_for, "", True
            self._kept.keep_went_on(self._went_on)
