from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.services.scheduler_world import START
from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services.run_reports import RunReports


@dataclass
class Listening:
    """A service that hears reports while it is up."""

    up: bool = True
    heard: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def report_run(self, ou: str, account: str, report: RunReport, cancel: Cancel) -> None:
        assert ou == "ou-1"
        if not self.up:
            raise Trouble(Code.SERVICE_UNAVAILABLE)
        if report.run_id in self.refused:
            raise Trouble(Code.REQUEST_REFUSED)
        self.heard.append(report.run_id)
        self.accounts.append(account)


def report(run_id: str) -> RunReport:
    return RunReport(
        run_id=run_id,
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.DONE,
        started_at=START,
        finished_at=START,
    )


class Runs:
    """Runs that end one after the other, the older ones stored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.service = Listening()
        self.stored: dict[str, RunReport] = {}

    def end(self, run_id: str, account: str = "oa-1") -> bool:
        one = self.stored[run_id] = report(run_id)
        return RunReports(self.folder).tell(
            cast("AccountService", self.service),
            ou="ou-1",
            account=account,
            report=one,
            stored=self.stored.get,
        )


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_a_run_is_told_once(runs: Runs) -> None:
    runs.end("a")
    runs.end("b")
    assert runs.service.heard == ["a", "b"]


def test_runs_that_could_not_be_told_are_told_later_in_order(runs: Runs) -> None:
    runs.service.up = False
    assert not runs.end("a")
    assert not runs.end("b")
    runs.service.up = True
    assert runs.end("c")
    assert runs.end("d")
    assert runs.service.heard == ["a", "b", "c", "d"]


def test_a_run_whose_report_is_gone_holds_nobody_up(runs: Runs) -> None:
    runs.service.up = False
    runs.end("a")
    del runs.stored["a"]
    runs.service.up = True
    runs.end("b")
    assert runs.service.heard == ["b"]


def test_a_report_that_the_service_will_never_take_holds_nobody_up(runs: Runs) -> None:
    runs.service.refused = {"a"}
    runs.end("a")
    runs.end("b")
    assert runs.service.heard == ["b"]


def test_only_so_many_are_remembered_the_newest(runs: Runs) -> None:
    runs.service.up = False
    for number in range(130):
        runs.end(f"{number:03}")
    runs.service.up = True
    runs.end("last")
    assert runs.service.heard == [*(f"{number:03}" for number in range(30, 130)), "last"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'[{"account": 1}]', b"\xff"])
def test_a_damaged_list_is_set_aside_and_said_to_be(
    runs: Runs, damage: bytes, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.run_reports", "could not be understood")
    (runs.folder / "untold-runs.json").write_bytes(damage)
    runs.end("a")
    runs.end("b")
    assert runs.service.heard == ["a", "b"]
    assert (runs.folder / "untold-runs.json.damaged").read_bytes() == damage


def test_runs_that_an_older_version_could_not_tell_are_told_after_an_update(
    runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "wizard.services.run_reports")
    runs.stored = {"a": report("a"), "b": report("b")}
    (runs.folder / "untold-runs.json").write_bytes(b'["a","of-another-connection","b"]')
    runs.service.up = False
    assert not runs.end("c")
    runs.service.up = True
    assert runs.end("d")
    assert runs.service.heard == ["a", "b", "c", "d"]
    told = [one.getMessage() for one in caplog.records]
    assert told[0] == "2 of 3 untold runs were taken over from an older list"
    assert sum("older list" in one for one in told) == 1


def test_a_list_that_cannot_be_kept_does_not_spoil_the_run(runs: Runs) -> None:
    runs.service.up = False
    (runs.folder / "untold-runs.json").mkdir()
    runs.end("a")
    runs.service.up = True
    runs.end("b")
    assert runs.service.heard == ["b"]


def test_what_an_ended_connection_did_is_never_told_to_the_next_one(runs: Runs) -> None:
    runs.service.up = False
    runs.end("a", account="oa-1")
    runs.end("b", account="oa-2")
    runs.service.up = True
    runs.end("c", account="oa-2")
    assert runs.service.heard == ["b", "c"]
    assert set(runs.service.accounts) == {"oa-2"}


def test_what_is_forgotten_is_told_to_nobody(runs: Runs) -> None:
    runs.service.up = False
    runs.end("a")
    RunReports(runs.folder).forget()
    runs.service.up = True
    runs.end("b")
    assert runs.service.heard == ["b"]
