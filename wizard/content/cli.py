"""Words that only the command line says."""

from __future__ import annotations

from types import MappingProxyType

from wizard.content.text import N_
from wizard.core.runs import RunOutcome, RunPhase

__all__ = ["COUNT_WORDS", "OUTCOME_WORDS", "PHASE_WORDS", "STATE_WORDS"]

COUNT_WORDS = MappingProxyType(
    {
        "create": N_("get an account"),
        "adopt": N_("have an account already, which is taken over"),
        "update": N_("change"),
        "reactivate": N_("come back"),
        "deactivate": N_("leave"),
        "skip": N_("are skipped, each with a reason"),
        "unchanged": N_("stay as they are"),
        "problem": N_("are a problem for a person"),
    }
)
"""What happens to people, after their number; the names are those of `PlanCounts`."""

OUTCOME_WORDS = MappingProxyType(
    {
        RunOutcome.DONE: N_("Done"),
        RunOutcome.PARTLY: N_("Done in part"),
        RunOutcome.STOPPED_BY_GUARD: N_("Stopped by the safety limits"),
        RunOutcome.FAILED: N_("Could not be done"),
        RunOutcome.CANCELLED: N_("Cancelled"),
        RunOutcome.NOT_THE_SYNCER: N_("Another computer syncs"),
        RunOutcome.OFF: N_("Provisioning is off, so nothing was done"),
    }
)

PHASE_WORDS = MappingProxyType(
    {
        RunPhase.READ: N_("Reading the directory"),
        RunPhase.COMPARE: N_("Comparing"),
        RunPhase.WRITE: N_("Writing accounts"),
        RunPhase.REPORT: N_("Reporting"),
    }
)

STATE_WORDS = MappingProxyType(
    {
        "passed": N_("Fine"),
        "warning": N_("Look at"),
        "failed": N_("Stops"),
    }
)
"""The state of a check, by the value of its `FindingState`."""
