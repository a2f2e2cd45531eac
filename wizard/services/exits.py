"""Exit codes of the command line, one for each way that a command may end."""

from __future__ import annotations

from enum import IntEnum

from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code

__all__ = ["Exit", "exit_of_report", "exit_of_trouble"]


class Exit(IntEnum):
    """What a script may rely on."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTLY = 3
    STOPPED_BY_GUARD = 4
    SIGN_IN_NEEDED = 5
    NOT_THE_SYNCER = 6
    CANCELLED = 130


_OF_CODES = {
    Code.CANCELLED: Exit.CANCELLED,
    Code.GUARD_STOPPED: Exit.STOPPED_BY_GUARD,
    Code.APPROVAL_OUTDATED: Exit.STOPPED_BY_GUARD,
    Code.NOT_THE_SYNCER: Exit.NOT_THE_SYNCER,
    Code.MOVED_AWAY: Exit.NOT_THE_SYNCER,
    Code.SIGN_IN_NEEDED: Exit.SIGN_IN_NEEDED,
    Code.SIGN_IN_EXPIRED: Exit.SIGN_IN_NEEDED,
    Code.SIGN_IN_REFUSED: Exit.SIGN_IN_NEEDED,
    Code.SIGN_IN_TIMED_OUT: Exit.SIGN_IN_NEEDED,
    Code.SIGN_IN_FAILED: Exit.SIGN_IN_NEEDED,
    Code.PROVISIONING_TOKEN_REVOKED: Exit.SIGN_IN_NEEDED,
    Code.DIRECTORY_TOKEN_REJECTED: Exit.SIGN_IN_NEEDED,
    Code.VAULT_LOCKED: Exit.SIGN_IN_NEEDED,
    Code.PASSPHRASE_WRONG: Exit.SIGN_IN_NEEDED,
    Code.PROFILE_NOT_FOUND: Exit.USAGE,
    Code.PROFILE_NOT_CHOSEN: Exit.USAGE,
    Code.PROFILE_INVALID: Exit.USAGE,
    Code.PROFILE_NOT_TRUSTED: Exit.USAGE,
    Code.PROFILE_FORBIDDEN: Exit.USAGE,
    Code.PROXY_INVALID: Exit.USAGE,
}

_OF_OUTCOMES = {
    RunOutcome.DONE: Exit.DONE,
    RunOutcome.OFF: Exit.DONE,
    RunOutcome.PARTLY: Exit.PARTLY,
    RunOutcome.STOPPED_BY_GUARD: Exit.STOPPED_BY_GUARD,
    RunOutcome.CANCELLED: Exit.CANCELLED,
    RunOutcome.NOT_THE_SYNCER: Exit.NOT_THE_SYNCER,
}


def exit_of_trouble(code: Code) -> Exit:
    """How a command ends that this trouble stopped."""
    return _OF_CODES.get(code, Exit.FAILED)


def exit_of_report(report: RunReport) -> Exit:
    """How a command ends whose run ended like this."""
    if report.outcome is RunOutcome.FAILED:
        return exit_of_trouble(report.trouble) if report.trouble else Exit.FAILED
    return _OF_OUTCOMES[report.outcome]
