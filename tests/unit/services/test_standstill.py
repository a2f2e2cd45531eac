"""Whether a run was taken back, by what the account service and this computer know together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wizard.core.runs import PlanCounts, RunOutcome, RunReport, RunSummary, Trigger
from wizard.services.standstill import stands_for

AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def run(
    run_id: str,
    *,
    undoes: str = "",
    done: int = 1,
    at: int = 0,
    trigger: Trigger = Trigger.PERSON,
) -> RunSummary:
    """One as the service has it; `at` in minutes, by the clock of whichever computer it was."""
    began = AT + timedelta(minutes=at)
    return RunSummary(
        run_id=run_id,
        trigger=trigger,
        outcome=RunOutcome.DONE,
        started_at=began,
        finished_at=began,
        done=PlanCounts(update=done),
        undoes=undoes,
    )


def ran(run_id: str, *, at: int = 0, trigger: Trigger = Trigger.PERSON) -> RunReport:
    """A sync of this computer."""
    began = AT + timedelta(minutes=at)
    return RunReport(
        run_id=run_id,
        trigger=trigger,
        outcome=RunOutcome.DONE,
        started_at=began,
        finished_at=began,
        told=False,
    )


def told(
    here: str,
    *runs: RunSummary,
    known: tuple[str, ...] = (),
    ours: RunReport | None = None,
) -> str:
    """`runs` the one recorded last first."""
    return stands_for(here, runs=runs, known=known, ours=[ours] if ours else ())


def test_a_run_taken_back_on_another_computer_counts_here() -> None:
    assert told("", run("undo-1", undoes="run-1"), run("run-1")) == "undo-1"


def test_a_sync_after_it_on_whichever_computer_ends_it() -> None:
    runs = (run("run-2"), run("undo-1", undoes="run-1"), run("run-1"))
    assert told("", *runs) == ""
    assert told("undo-1", *runs) == ""


def test_the_order_of_recording_counts_whatever_the_clocks_say() -> None:
    undone = run("undo-1", undoes="run-1", at=0)
    assert told("", undone, run("run-1", at=90)) == "undo-1"


def test_a_sync_from_before_it_that_is_recorded_late_does_not_end_it() -> None:
    undone = run("undo-1", undoes="run-1", at=0)
    assert told("", run("run-0", at=-90), undone) == "undo-1"
    assert told("undo-1", run("run-0", at=-90), undone, known=("undo-1",)) == "undo-1"


def test_a_sync_that_no_person_began_does_not_end_it() -> None:
    undone = run("undo-1", undoes="run-1", at=0)
    late = run("run-0", at=90, trigger=Trigger.SCHEDULE)
    assert told("", late, undone) == "undo-1"
    assert told("", late, run("run-2", at=30), undone) == ""


def test_what_the_service_was_not_told_of_yet_goes_before_its_word() -> None:
    assert told("undo-1", run("run-1")) == "undo-1"
    assert told("", run("undo-1", undoes="run-1"), known=("undo-1",)) == ""


def test_a_sync_here_that_is_still_untold_does_not_hide_an_undo_on_another_computer() -> None:
    undone = run("undo-1", undoes="run-1", at=0)
    scheduled = ran("run-2", at=1, trigger=Trigger.SCHEDULE)
    assert told("", undone, ours=ran("run-2", at=-1)) == "undo-1"
    assert told("", undone, ours=scheduled) == "undo-1"
    assert told("", undone, ours=ran("run-2", at=1)) == ""


def test_a_taking_back_that_changed_nothing_is_passed_over() -> None:
    nothing = run("undo-2", undoes="run-1", done=0)
    assert told("", nothing, run("run-1")) == ""
    assert told("", nothing, run("undo-1", undoes="run-1")) == "undo-1"


def test_a_service_that_remembers_no_runs_leaves_it_to_this_computer() -> None:
    assert told("undo-1") == "undo-1"
    assert told("") == ""
