"""What a run is called that a trouble or the guard stopped."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.sync.parts import Held

__all__ = ["held_trouble", "outcome_of"]


def outcome_of(trouble: Trouble) -> RunOutcome:
    """What a run ends as that this trouble stopped."""
    if trouble.code is Code.CANCELLED:
        return RunOutcome.CANCELLED
    if trouble.code is Code.NOT_THE_SYNCER:
        return RunOutcome.NOT_THE_SYNCER
    if trouble.code is Code.PROVISIONING_OFF:
        return RunOutcome.OFF
    return RunOutcome.FAILED


def held_trouble(held: Sequence[Held]) -> Trouble:
    """What the guard's stop is called: leavers before anything else."""
    worst = min(held, key=lambda item: (item.kind.value != "leave", -item.people))
    return Trouble(
        Code.GUARD_STOPPED, what=worst.kind.value, people=worst.people, limit=worst.limit
    )
