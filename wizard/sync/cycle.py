"""One run of the sync from reading to the report, and the preview that stops before writing."""

from __future__ import annotations

from wizard.core.cancel import Cancel
from wizard.core.runs import RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.sync.parts import Listen, PlanSummary, SyncParts

__all__ = ["preview", "run"]


def preview(
    parts: SyncParts, settings: ProvisioningSettings, cancel: Cancel, listen: Listen
) -> PlanSummary:
    """Read, compare and guard as a run would, and write nothing but the local database.

    `settings` may be a draft, and need not be enabled. Raises `Trouble` when the directory or
    the accounts could not be read whole.
    """
    raise NotImplementedError


def run(
    parts: SyncParts,
    settings: ProvisioningSettings,
    trigger: Trigger,
    cancel: Cancel,
    listen: Listen,
) -> RunReport:
    """Bring the accounts in step with the directory; the report is stored before it is returned.

    What the world does wrong ends in the report (`outcome`, `trouble`), never as an exception.
    """
    raise NotImplementedError
