"""The scheduler's way to the sync of a workbench."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunProgress, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Trouble
from wizard.services.setup import SetUp

if TYPE_CHECKING:
    from wizard.services.workbench import LocalWorkbench

__all__ = ["BenchRuns"]

log = logging.getLogger(__name__)


class BenchRuns:
    """See `wizard.services.scheduler.Runner`; the sync is built on the scheduler's own thread."""

    def __init__(self, bench: LocalWorkbench, set_up: SetUp) -> None:
        self._bench = bench
        self._set_up = set_up

    def run(
        self, trigger: Trigger, cancel: Cancel, listen: Callable[[RunProgress], None]
    ) -> RunReport:
        """See `Runner.run`. Whether provisioning is on is known from then on."""
        report = self._bench.run(trigger, cancel, listen)
        on = report.outcome is not RunOutcome.OFF
        if report.run_id and on is not self._set_up.answers.provisioning_on:
            log.info("provisioning was switched %s elsewhere", "on" if on else "off")
            self._set_up.happened(lambda answers: replace(answers, provisioning_on=on))
        return report

    def interval_minutes(self) -> int:
        """See `Runner.interval_minutes`."""
        if not self._set_up.answers.organization_account_id:
            return ProvisioningSettings().interval_minutes
        return self._bench.engine.syncing.interval_minutes()

    def last_report(self) -> RunReport | None:
        """See `Runner.last_report`."""
        return self._bench.engine.syncing.last_report()

    def last_good_at(self) -> datetime | None:
        """See `Runner.last_good_at`."""
        return self._bench.engine.syncing.last_good_at()

    def last_started(self) -> datetime | None:
        """See `Runner.last_started`."""
        return self._bench.engine.syncing.last_started()

    def taken_back(self) -> str | None:
        """The run that took one back, where nobody has synced since; '' none, None not known."""
        if not self._set_up.answers.organization_account_id:
            return ""
        try:
            return self._bench.engine.syncing.taken_back()
        except Trouble as trouble:
            log.info("whether a run was taken back could not be read: %s", trouble.code)
            return None

    def ask_taken_back(self, cancel: Cancel) -> str | None:
        """The same, with the service asked; raises `Trouble` where it can't be."""
        if not self._set_up.answers.organization_account_id:
            return ""
        return self._bench.engine.syncing.standstill.ask(cancel)

    def off(self) -> bool:
        """See `Runner.off`."""
        answers = self._set_up.answers
        return bool(answers.organization_account_id) and not answers.provisioning_on

    def elsewhere(self) -> bool:
        """See `Runner.elsewhere`; so does a computer that a command moved away from, too.

        A command that stays says each time that it can't, and goes on once it was moved back.
        """
        if self._set_up.answers.elsewhere:
            return True
        try:
            if self._bench.engine.syncing.stays:
                return False
            return self._bench.engine.ground.moved.known() is not None
        except Trouble as trouble:
            log.info("whether this computer was moved away from is unknown: %s", trouble.code)
            return False
