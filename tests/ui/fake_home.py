"""Home's calls with everything in memory; fails or waits when a test tells the workbench to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.ui import halden
from tests.ui.fake_moving import FakeMoving
from tests.ui.halden import in_step_with
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.problems import PersonProblem, ProblemsView
from wizard.core.runs import PlanCounts, RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.contract import (
    CheckRunning,
    FindingState,
    FindingView,
    Listen,
    ProxyMode,
    SecretsChoice,
)
from wizard.services.contract.home import (
    AccountState,
    DayCounts,
    DisconnectedView,
    ErasedView,
    HealthView,
    HomeFacts,
    MachineView,
    OrganizationAccountView,
    RunFilter,
    RunPage,
    RunRow,
    TokenState,
    UnitWord,
)

__all__ = ["ACCOUNT", "NOW", "FakeHome", "run"]

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
"""Home tells times relative to today, so its people live today."""

ACCOUNT = OrganizationAccountView(
    id="oa-1",
    provider=ProviderId.GOOGLE,
    purposes=frozenset({"directory", "calendars"}),
    domain="halden-freight.example",
    customer_id="C0test",
    state=AccountState.ACTIVE,
    authorized_by="tomasz.wilk@halden-freight.example",
    syncer_host="HF-LAPTOP-12",
    syncer_person="tomasz.wilk@halden-freight.example",
    syncer_is_us=True,
    last_run_at=NOW,
    ours=True,
)


def run(
    number: int,
    at: datetime,
    *,
    seconds: int = 9,
    outcome: RunOutcome = RunOutcome.DONE,
    trigger: Trigger = Trigger.SCHEDULE,
    done: PlanCounts | None = None,
    **more: object,
) -> RunReport:
    """One finished run."""
    report = RunReport(
        run_id=f"run-{number}",
        trigger=trigger,
        outcome=outcome,
        started_at=at,
        finished_at=at + timedelta(seconds=seconds),
        planned=in_step_with(done or PlanCounts()),
        done=done or PlanCounts(),
        people_read=halden.READ,
        requests=14,
    )
    return replace(report, **more)  # type: ignore[arg-type] # fields by name


class FakeHome:
    """Holds what Home would be told; `step` is the workbench's way to fail or to wait."""

    def __init__(
        self,
        step: Callable[[str, Cancel | None], None],
        answers: Callable[[], Answers],
        change: Callable[[Answers], None],
    ) -> None:
        self._step = step
        self._answers = answers
        self._change = change
        self.known = HomeFacts(members=0, enabled=True, interval_minutes=30)
        self.word = UnitWord(
            asked_at=NOW,
            may_manage=True,
            owners=("Ingrid Solberg", "Tomasz Wilk"),
            accounts=(ACCOUNT,),
            enabled=True,
            interval_minutes=30,
        )
        self.well = HealthView(token=TokenState.KEPT, read_at=NOW, people=halden.READ)
        self.findings: tuple[FindingView, ...] = ()
        self.rows: list[RunRow] = []
        self.there: list[RunRow] = []
        self._learned: tuple[RunRow, ...] = ()
        self.machine_view = MachineView(
            version="0.3.0",
            host="HF-LAPTOP-12",
            logs=Path("/home/tomasz/.local/state/enterprise-connect-setup/log"),
            keeps=SecretsChoice.KEYRING,
            signed_in=True,
            proxy_mode=ProxyMode.SYSTEM,
            proxy="",
            keep_days=90,
        )
        self.moving = FakeMoving(step)
        self.erased_read: bool | None = None
        self.google_agrees = True
        self.troubled: list[PersonProblem] = []
        self.left_there: Trouble | None = None
        """What stays alive at the service when a set-up is erased here."""

    def keep_for(self, days: int, cancel: Cancel) -> None:
        self._step("keep_for", cancel)
        self.machine_view = replace(self.machine_view, keep_days=days)

    def facts(self, cancel: Cancel) -> HomeFacts:
        self._step("facts", cancel)
        return self.known

    def unit(self, cancel: Cancel) -> UnitWord:
        self._step("unit", cancel)
        return self.word

    def health(self, cancel: Cancel) -> HealthView:
        self._step("health", cancel)
        return self.well

    def test_read(self, listen: Listen, cancel: Cancel) -> Sequence[FindingView]:
        for finding in self.findings:
            listen(CheckRunning(id=finding.id))
            listen(finding)
        self._step("test_read", cancel)
        return self.findings

    def disconnect(self, cancel: Cancel, *, erase: bool) -> DisconnectedView:
        self._step("disconnect", cancel)
        if not self.word.may_manage:
            raise Trouble(Code.NOT_ALLOWED)
        self.erased_read = erase
        self._change(
            replace(
                self._answers(),
                organization_account_id="",
                organization_account_active=False,
                workspace_chosen=True,
                app_installed=True,
                settings_version=0,
                provisioning_on=False,
                first_sync_done=False,
            )
        )
        return DisconnectedView(ended_at_google=self.google_agrees, erased=erase)

    def runs(
        self, wanted: RunFilter, search: str, offset: int, limit: int, cancel: Cancel
    ) -> RunPage:
        self._step("runs", cancel)
        found = [row for row in self._every() if _fits(row, wanted, search)]
        return RunPage(rows=tuple(found[offset : offset + limit]), total=len(found))

    def ask_runs(self, cancel: Cancel) -> int:
        self._step("ask_runs", cancel)
        self._learned = tuple(self.there)
        return len(self._learned)

    def _every(self) -> list[RunRow]:
        rows = (*self.rows, *self._learned)
        return sorted(rows, key=lambda row: row.report.started_at, reverse=True)

    def days(self, count: int, cancel: Cancel) -> Sequence[DayCounts]:
        self._step("days", cancel)
        today = NOW.astimezone().date()
        days = [today - timedelta(days=n) for n in range(count - 1, -1, -1)]
        return [_day(day, self._every()) for day in days]

    def save_runs(self, wanted: RunFilter, search: str, path: Path, cancel: Cancel) -> int:
        found = self.runs(wanted, search, 0, 10_000, cancel).rows
        path.write_text("\n".join(row.report.run_id for row in found), encoding="utf-8")
        return len(found)

    def people_with_problems(self, search: str, cancel: Cancel) -> ProblemsView:
        self._step("people_with_problems", cancel)
        words = search.casefold().split()
        people = tuple(
            one
            for one in self.troubled
            if all(word in f"{one.name} {one.address} {one.kind}".casefold() for word in words)
        )
        return ProblemsView(people=people, total=len(self.troubled), run_id="run-99", looked_at=NOW)

    def save_problems(self, search: str, path: Path, cancel: Cancel) -> int:
        found = self.people_with_problems(search, cancel).people
        path.write_text("\n".join(one.address for one in found), encoding="utf-8")
        return len(found)

    def machine(self, cancel: Cancel) -> MachineView:
        self._step("machine", cancel)
        return self.machine_view

    def sign_out(self, cancel: Cancel) -> None:
        self._step("sign_out", cancel)
        self.machine_view = replace(self.machine_view, signed_in=False)

    def erase(self, cancel: Cancel) -> ErasedView:
        self._step("erase", cancel)
        self._change(Answers())
        return ErasedView(left=self.left_there)


def _fits(row: RunRow, wanted: RunFilter, search: str) -> bool:
    report = row.report
    if wanted is RunFilter.CHANGES and not report.done.writes:
        return False
    troubled = bool(report.failed or report.planned.problem)
    troubled = troubled or report.outcome in {RunOutcome.FAILED, RunOutcome.STOPPED_BY_GUARD}
    if wanted is RunFilter.PROBLEMS and not troubled:
        return False
    code = report.trouble.value if report.trouble is not None else ""
    texts = " ".join((*row.names, code, row.host)).casefold()
    return all(word in texts for word in search.casefold().split())


def _day(day: date, rows: Sequence[RunRow]) -> DayCounts:
    counts = DayCounts(day=day)
    for row in rows:
        report = row.report
        if report.started_at.astimezone().date() == day:
            counts = DayCounts(
                day=day,
                created=counts.created + report.done.create + report.done.adopt,
                changed=counts.changed + report.done.update,
                left=counts.left + report.done.deactivate,
                stopped=counts.stopped + (report.outcome is RunOutcome.STOPPED_BY_GUARD),
            )
    return counts


PASSED = tuple(
    FindingView(id=name, state=FindingState.PASSED, facts=facts)
    for name, facts in (
        ("reachable", (("proxy", ""),)),
        ("full-admin", (("address", "tomasz.wilk@halden-freight.example"),)),
        ("domain", (("domain", "halden-freight.example"),)),
        ("test-read", (("people", halden.READ),)),
    )
)
"""What a test read finds on a good day."""
