"""What a page hears of one run: when each phase began, what it told, how long it may take."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

from wizard.core.runs import RunPhase, RunProgress

__all__ = ["PHASES", "Story"]

PHASES = (RunPhase.READ, RunPhase.COMPARE, RunPhase.WRITE, RunPhase.REPORT)
_ENOUGH = 20
"""People after which the time left is worth saying."""


class Story:
    """When each phase began and what it told, as this page saw it."""

    def __init__(self) -> None:
        self.began: dict[RunPhase, float] = {}
        self.last: dict[RunPhase, RunProgress] = {}
        self.started_at = datetime.now(UTC)

    def hear(self, progress: RunProgress) -> None:
        """Take in the newest word of the run."""
        self.began.setdefault(progress.phase, monotonic())
        self.last[progress.phase] = progress

    def took(self, phase: RunPhase) -> float:
        """Seconds that a phase took, or has taken so far."""
        at = PHASES.index(phase)
        later = [self.began[one] for one in PHASES[at + 1 :] if one in self.began]
        return (later[0] if later else monotonic()) - self.began.get(phase, monotonic())

    def left(self) -> float | None:
        """Seconds that writing may still take, None while that is a guess."""
        told = self.last.get(RunPhase.WRITE)
        if told is None or told.done < _ENOUGH or not told.total:
            return None
        gone = monotonic() - self.began[RunPhase.WRITE]
        return gone / told.done * (told.total - told.done)
