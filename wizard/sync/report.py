"""How a run ended, in the one report that window, command line and account service get."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.sync.parts import Held

__all__ = ["exit_code", "held_trouble", "outcome_of"]

_EXIT = {
    RunOutcome.DONE: 0,
    RunOutcome.OFF: 0,
    RunOutcome.FAILED: 1,
    RunOutcome.PARTLY: 3,
    RunOutcome.STOPPED_BY_GUARD: 4,
    RunOutcome.NOT_THE_SYNCER: 6,
    RunOutcome.CANCELLED: 130,
}
_SIGN_IN = {
    Code.SIGN_IN_NEEDED,
    Code.SIGN_IN_EXPIRED,
    Code.DIRECTORY_TOKEN_REJECTED,
    Code.PROVISIONING_TOKEN_REVOKED,
}


def exit_code(report: RunReport) -> int:
    """The exit code of a command that ran this: 0 done, 1 failed, 3 in part, 4 guard, 5 sign in,
    6 not the syncer, 130 cancelled.
    """
    if report.outcome is RunOutcome.FAILED and report.trouble in _SIGN_IN:
        return 5
    return _EXIT[report.outcome]


def outcome_of(trouble: Trouble) -> RunOutcome:
    """What a run ends as that this trouble stopped."""
    if trouble.code is Code.CANCELLED:
        return RunOutcome.CANCELLED
    if trouble.code is Code.NOT_THE_SYNCER:
        return RunOutcome.NOT_THE_SYNCER
    return RunOutcome.FAILED


def held_trouble(held: Sequence[Held]) -> Trouble:
    """What the guard's stop is called: leavers before anything else."""
    worst = min(held, key=lambda item: (item.kind.value != "leave", -item.people))
    return Trouble(
        Code.GUARD_STOPPED, what=worst.kind.value, people=worst.people, limit=worst.limit
    )
