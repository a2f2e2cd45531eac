"""Logs for a service manager: a JSON object a line, whole, with the run's id and no secret."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import cast

import pytest

from tests.conftest import ExpectedLogs
from wizard.cli.run_log import RunLog
from wizard.core.runs import PlanCounts, RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.json_log import JsonLines, event, logging_lines

log = logging.getLogger("wizard.test")
NOW = datetime.fromisoformat("2026-11-03T10:00:00+00:00")


def told(text: str) -> list[Mapping[str, object]]:
    return [cast("Mapping[str, object]", json.loads(line)) for line in text.splitlines()]


def test_every_line_is_one_object_with_time_level_event_run_and_code(
    expect_log: ExpectedLogs,
) -> None:
    expect_log("wizard.test", "two")
    out = io.StringIO()
    with logging_lines(out):
        log.info("plain")
        event("run-ended", "Done.", run="r1", code="offline", figures={"written": 3, "time": "no"})
        log.warning("two\nlines “quoted”")
    lines = told(out.getvalue())
    assert [line["event"] for line in lines] == ["message", "run-ended", "message"]
    for line in lines:
        assert datetime.fromisoformat(str(line["time"])).tzinfo is not None
    assert {**lines[1], "time": ""} == {
        "time": "", "level": "info", "event": "run-ended", "run": "r1", "code": "offline",
        "logger": "wizard.service", "message": "Done.", "written": 3,
    }  # fmt: skip
    assert lines[2]["level"] == "warning"


def _break() -> None:
    raise ValueError("refresh_token=rt-99887766")


def test_no_secret_stands_in_any_field(expect_log: ExpectedLogs) -> None:
    expect_log("wizard.test", "it broke", level=logging.ERROR)
    out = io.StringIO()
    with logging_lines(out):
        log.info("Authorization: Bearer abcdef123456 for ingrid@nordby.example")
        event("note", "code=4/0AbCdEfGhIj123", figures={"where": "https://a:hunter22@h.example/"})
        try:
            _break()
        except ValueError:
            log.exception("it broke")
    for secret in ("abcdef123456", "ingrid@", "4/0AbCdEfGhIj123", "hunter22", "rt-99887766"):
        assert secret not in out.getvalue()
    assert len(told(out.getvalue())) == 3


def test_what_a_run_says_carries_its_id_and_nothing_else_does() -> None:
    out = io.StringIO()
    with logging_lines(out):
        log.info("run %s begins", "r7", extra={"event": "run-started", "run": "r7"})
        log.info("reading")
        other = threading.Thread(target=log.info, args=("beside",))
        other.start()
        other.join()
        event("run-ended", "Done.", run="r7")
        log.info("between")
    assert [line["run"] for line in told(out.getvalue())] == ["r7", "r7", "", "r7", ""]


def test_a_reader_that_went_away_stops_nothing() -> None:
    out = io.StringIO()
    handler = JsonLines(out)
    out.close()
    handler.handle(logging.LogRecord("wizard", logging.INFO, "", 0, "said", (), None))


def report(outcome: RunOutcome, trouble: Code | None = None) -> RunReport:
    return RunReport(
        run_id="r1", trigger=Trigger.SCHEDULE, outcome=outcome, started_at=NOW, finished_at=NOW,
        planned=PlanCounts(create=2), done=PlanCounts(create=2), trouble=trouble,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "trouble", "level"),
    [
        (RunOutcome.DONE, None, "info"),
        (RunOutcome.PARTLY, None, "warning"),
        (RunOutcome.FAILED, Code.OFFLINE, "error"),
        (RunOutcome.STOPPED_BY_GUARD, None, "error"),
    ],
)
def test_the_end_of_a_run_tells_how_bad_it_is(
    outcome: RunOutcome, trouble: Code | None, level: str, expect_log: ExpectedLogs
) -> None:
    if level != "info":
        expect_log("wizard.service", level=getattr(logging, level.upper()))
    out = io.StringIO()
    with logging_lines(out):
        RunLog().ended(report(outcome, trouble))
    (line,) = told(out.getvalue())
    assert (line["level"], line["outcome"], line["written"]) == (level, outcome.value, 2)
    assert line["code"] == (trouble.value if trouble else "")


def test_a_wait_is_told_once_until_it_changes() -> None:
    out = io.StringIO()
    view = SchedulerView(state=SchedulerState.WAITING, next_run_at=NOW)
    with logging_lines(out):
        lines = RunLog()
        lines.heard(view)
        lines.heard(view)
        lines.stopped(130)
    assert [line["event"] for line in told(out.getvalue())] == ["waiting", "stopped"]


def test_standing_still_after_an_undo_is_told_once_with_the_command_that_goes_on() -> None:
    out = io.StringIO()
    waits = SchedulerView(state=SchedulerState.WAITING, next_run_at=NOW)
    stands = SchedulerView(state=SchedulerState.PAUSED, stands_for="undo-1")
    with logging_lines(out):
        lines = RunLog()
        for view in (waits, stands, stands, waits, stands):
            lines.heard(view)
    found = told(out.getvalue())
    assert [line["event"] for line in found] == ["waiting", "standing-still", "standing-still"]
    assert (found[1]["run"], found[1]["go_on"]) == ("undo-1", "enterprise-connect sync")
    assert "A sync was taken back" in str(found[1]["message"])
