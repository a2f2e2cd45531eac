"""Whether what a run was planned with still holds, after it was paused or the computer slept."""

from __future__ import annotations

from datetime import datetime, timedelta

from wizard.core.cancel import LONGEST_PAUSE, Cancel
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble
from wizard.sync.parts import SyncParts

__all__ = ["Freshness"]

_A_WHILE = timedelta(seconds=60)
_TOO_LONG = timedelta(seconds=LONGEST_PAUSE)
_ASK_AGAIN = timedelta(minutes=5)
_EVIDENCE_SERVES = timedelta(minutes=2)


class Freshness:
    """Looked at before every batch, and told of every step that takes time on purpose.

    The time of day counts, since the steady clock stands still while some computers sleep.
    """

    def __init__(self, clock: Clock, cancel: Cancel) -> None:
        self._clock = clock
        self._cancel = cancel
        self._pauses = cancel.pauses
        self._seen = self._asked = self._stood_still = clock.now()

    def begin(self) -> None:
        """What is carried out from now on was worked out just now, however long reading took."""
        self._seen = self._clock.now()
        if self._cancel.pauses != self._pauses:
            self.step()

    @property
    def stood_still(self) -> datetime:
        """When it last went on after standing still; evidence from before must be had again."""
        return self._stood_still

    def step(self) -> None:
        """Time went by with work in it; `Trouble(RUN_INTERRUPTED)` where it was far too much."""
        now = self._clock.now()
        gone, self._seen = abs(now - self._seen), now
        if gone > _TOO_LONG:
            raise Trouble(Code.RUN_INTERRUPTED, problem="stood-still")
        if gone > _A_WHILE or self._cancel.pauses != self._pauses:
            self._pauses = self._cancel.pauses
            self._stood_still = now

    def check(self, parts: SyncParts) -> datetime:
        """Ask the service again where the run stood still; evidence from before this is too old.

        Raises `Trouble` where the run may not go on, or not with this plan.
        """
        self.step()
        if self._stood_still > self._asked or self._seen - self._asked > _ASK_AGAIN:
            parts.still_allowed()
            self._asked = self._seen
        return max(self._stood_still, self._seen - _EVIDENCE_SERVES)
