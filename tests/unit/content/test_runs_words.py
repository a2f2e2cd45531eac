"""A run in one line: what it came to, and what else is worth knowing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wizard.content.runs import run_detail, run_title
from wizard.core.runs import HeldKind, PlanCounts, RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
DONE = RunReport(
    run_id="r",
    trigger=Trigger.SCHEDULE,
    outcome=RunOutcome.DONE,
    started_at=NOW,
    finished_at=NOW,
)


@pytest.mark.parametrize(
    ("report", "names", "title", "detail"),
    [
        (DONE, (), "Nothing to do", ""),
        (
            replace(DONE, done=PlanCounts(create=2, update=1)),
            ("Amira Benali", "Oda Strand", "Lise Haugen"),
            "2 created, 1 changed",
            "Amira Benali, Oda Strand, Lise Haugen",
        ),
        (
            replace(DONE, done=PlanCounts(create=12), failed=2, outcome=RunOutcome.PARTLY),
            ("Amira Benali",),
            "12 created",
            "Amira Benali and 11 more · 2 problems",
        ),
        (
            replace(
                DONE,
                outcome=RunOutcome.STOPPED_BY_GUARD,
                held=((HeldKind.CREATE, 9), (HeldKind.LEAVE, 64)),
            ),
            (),
            "This sync would deactivate 64 people",
            "nobody was touched",
        ),
        (
            replace(DONE, outcome=RunOutcome.FAILED, trouble=Code.TIMED_OUT),
            (),
            "No answer in time",
            "nothing was changed",
        ),
        (
            replace(DONE, outcome=RunOutcome.CANCELLED, done=PlanCounts(create=3)),
            (),
            "Stopped by a person",
            "3 created",
        ),
        (
            replace(DONE, outcome=RunOutcome.NOT_THE_SYNCER, trouble_facts=(("host", "SERVER01"),)),
            (),
            "Another computer keeps this in step",
            "SERVER01",
        ),
        (replace(DONE, outcome=RunOutcome.OFF), (), "Provisioning was off", ""),
    ],
)
def test_every_way_a_run_can_end_has_its_line(
    report: RunReport, names: tuple[str, ...], title: str, detail: str
) -> None:
    assert (run_title(report), run_detail(report, names)) == (title, detail)
