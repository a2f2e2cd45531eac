from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wizard.core.clock import to_text
from wizard.core.runs import HeldKind, PlanCounts, RunOutcome, RunSummary, Trigger
from wizard.services.last_elsewhere import last_elsewhere

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ENDED = NOW - timedelta(minutes=3)
GOOD = RunSummary(
    run_id="run-1",
    trigger=Trigger.SCHEDULE,
    outcome=RunOutcome.DONE,
    started_at=NOW - timedelta(minutes=4),
    finished_at=ENDED,
    done=PlanCounts(unchanged=40),
)


def judged(run: RunSummary, *, now: datetime = NOW) -> tuple[bool, dict[str, object]]:
    last = last_elsewhere([run], last_run_at=run.finished_at, host="SERVER01")
    well, facts = last.found(30, now)
    assert facts.pop("host") == "SERVER01"
    assert facts.pop("finished_at") == to_text(run.finished_at)
    return well, dict(facts)


def test_a_run_that_came_through_is_well() -> None:
    assert judged(GOOD) == (True, {})


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (
            replace(GOOD, outcome=RunOutcome.STOPPED_BY_GUARD, held=((HeldKind.LEAVE, 40),)),
            {"held": 40},
        ),
        (replace(GOOD, outcome=RunOutcome.STOPPED_BY_GUARD), {"held": True}),
        (replace(GOOD, outcome=RunOutcome.FAILED), {"failed": True}),
        (replace(GOOD, outcome=RunOutcome.CANCELLED), {"cancelled": True}),
        (replace(GOOD, outcome=RunOutcome.PARTLY, planned=2, failed=2), {"problems": 2}),
        (
            replace(GOOD, outcome=RunOutcome.PARTLY, planned=40, failed=40, done=PlanCounts()),
            {"failed": True},
        ),
    ],
)
def test_a_run_that_was_stopped_or_failed_is_never_well(
    run: RunSummary, told: dict[str, object]
) -> None:
    assert judged(run) == (False, told)


def test_what_is_too_long_ago_is_told_before_how_it_went() -> None:
    failed = replace(GOOD, outcome=RunOutcome.FAILED)
    assert judged(failed, now=NOW + timedelta(days=1)) == (False, {"old": True})


def test_after_a_run_was_taken_back_the_sync_stands_still_however_long_ago() -> None:
    undo = replace(GOOD, undoes="run-0", done=PlanCounts(reactivate=3))
    assert judged(undo) == (False, {"taken_back": True})
    assert judged(undo, now=NOW + timedelta(days=9)) == (False, {"taken_back": True})
    assert judged(replace(undo, done=PlanCounts())) == (True, {}), "it changed nothing"


def test_a_word_of_a_later_version_is_judged_by_its_time_alone() -> None:
    assert judged(replace(GOOD, outcome=None)) == (True, {})


def test_the_newest_is_who_ended_last_not_who_was_told_last() -> None:
    late = replace(
        GOOD, run_id="old", finished_at=ENDED - timedelta(hours=2), outcome=RunOutcome.FAILED
    )
    assert last_elsewhere([late, GOOD], last_run_at=None, host="").run == GOOD


def test_how_a_run_went_that_may_not_be_read_is_not_called_good() -> None:
    well, facts = last_elsewhere(None, last_run_at=ENDED, host="SERVER01").found(30, NOW)
    assert (well, facts["untold"]) == (True, True)
    later = ENDED + timedelta(minutes=1)
    assert last_elsewhere([GOOD], last_run_at=later, host="").run is None


def test_no_run_at_all_is_told() -> None:
    found = last_elsewhere([], last_run_at=None, host="SERVER01").found(30, NOW)
    assert found == (False, {"elsewhere": True})
