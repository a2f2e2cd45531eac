"""Tells the account service what runs did, also those that it could not be told of at the time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.files import replace_file
from wizard.core.runs import RunReport
from wizard.core.trouble import Code, Trouble

__all__ = ["RunReports"]

log = logging.getLogger(__name__)
_MOST = 100
_LARGEST = 64 * 1024


class _Untold(msgspec.Struct, frozen=True, kw_only=True):
    """A run of this organization account; another one's service would take it for its own."""

    account: str
    run_id: str


class RunReports:
    """The reports of one unit's runs. Telling one twice is telling it once, so doubt repeats."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "untold-runs.json"

    def tell(
        self,
        service: AccountService,
        *,
        ou: str,
        account: str,
        report: RunReport,
        stored: Callable[[str], RunReport | None],
    ) -> bool:
        """Tell of this run and of older ones still untold, the oldest first; whether all are told.

        `stored` finds an older report. What goes wrong must not spoil the run itself: it is
        logged, and the rest is told after the next run. What a connection did that has ended is
        told to nobody.
        """
        before = self._untold(account, stored)
        this = _Untold(account=account, run_id=report.run_id)
        waiting = [*(one for one in before if one.account == account), this]
        try:
            while waiting:
                run_id = waiting[0].run_id
                known = report if run_id == report.run_id else stored(run_id)
                if known is not None:
                    self._tell_one(service, ou, account, known)
                waiting.pop(0)
        except Trouble as trouble:
            log.info("the service was not told of %d runs: %s", len(waiting), trouble.code)
        if waiting != before:
            self._keep(waiting[-_MOST:])
        return not waiting

    def untold(self, account: str, stored: Callable[[str], RunReport | None]) -> frozenset[str]:
        """The runs of this organization account that the service has not been told of yet."""
        waiting = self._untold(account, stored)
        return frozenset(one.run_id for one in waiting if one.account == account)

    def forget(self) -> None:
        """Tell nobody of what is still untold: its connection has ended."""
        self._keep(())

    def _tell_one(self, service: AccountService, ou: str, account: str, report: RunReport) -> None:
        try:
            service.report_run(ou, account, report, Cancel())
        except Trouble as trouble:
            if trouble.code is not Code.REQUEST_REFUSED:
                raise
            # It would be refused for ever, and hold up every report after it.
            log.info("the service does not take the report of run %s", report.run_id)

    def _untold(self, account: str, stored: Callable[[str], RunReport | None]) -> list[_Untold]:
        """What is still to be told, the oldest first; what can't be understood is set aside."""
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST)
        except FileNotFoundError:
            return []
        except OSError as problem:
            log.info("untold runs could not be read: %s", problem.strerror)
            return []
        try:
            return msgspec.json.decode(content, type=list[_Untold])
        except ValueError:
            return self._as_before(content, account, stored)

    def _as_before(
        self, content: bytes, account: str, stored: Callable[[str], RunReport | None]
    ) -> list[_Untold]:
        """The same from a list that names runs alone, as it was once kept.

        Those that the connection's own database knows are its runs; no other one's are told.
        """
        try:
            ids = msgspec.json.decode(content, type=list[str])
        except ValueError:
            self._set_aside()
            return []
        ours = [_Untold(account=account, run_id=one) for one in ids if stored(one) is not None]
        self._keep(ours)
        log.info("%d of %d untold runs were taken over from an older list", len(ours), len(ids))
        return ours

    def _set_aside(self) -> None:
        aside = self._path.with_name(f"{self._path.name}.damaged")
        try:
            self._path.replace(aside)
        except OSError as problem:
            log.info("damaged untold runs could not be set aside: %s", problem.strerror)
        else:
            log.warning("untold runs could not be understood, and were set aside: %s", aside.name)

    def _keep(self, waiting: Sequence[_Untold]) -> None:
        try:
            replace_file(self._path, msgspec.json.encode(list(waiting)))
        except Trouble as trouble:
            log.info("untold runs could not be remembered: %s", trouble.code)
