"""What an owner is told of IT's part once it was done: how many, and what stopped since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.services.fake_service import connection
from tests.unit.services.test_learning import NOW, OWNER, facts, learn, lease, run, saved
from wizard.accounts.base import OrganizationAccountStatus
from wizard.core.runs import PlanCounts, RunOutcome, RunSummary
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.flow.graph import resume_point
from wizard.services.contract.hand_over import Halt, ItPart, PartState, WaitingView
from wizard.services.learning import UnitFacts
from wizard.services.waiting_for_it import waiting_view

ME = OWNER.signed_in_as
FAILED = connection(syncer=lease("server"), status=OrganizationAccountStatus.FAILED)
PENDING = connection(syncer=lease("server"), status=OrganizationAccountStatus.PENDING)


def look(seen: UnitFacts, *, was_finished: bool = False) -> WaitingView:
    return waiting_view(seen, ME, has_app=True, was_finished=was_finished)


def later(number: int, *, unchanged: int = 480) -> RunSummary:
    """A run of every half hour, the newest first; the oldest of them made one account."""
    started = NOW - timedelta(minutes=30 * number + 9)
    made = 1 if number == 99 else 0
    done = PlanCounts(create=made, unchanged=unchanged - made)
    ended = started + timedelta(minutes=2)
    return run(
        run_id=f"r{number}",
        started_at=started,
        finished_at=ended,
        planned=made,
        done=done,
        failed=0,
    )


def test_days_after_the_first_sync_everybody_is_counted_and_not_its_oldest_known_run() -> None:
    view = look(facts(runs=tuple(later(number) for number in range(100))))
    assert (view.finished, view.accounts) == (True, 480)


def test_where_no_run_knows_them_all_no_number_is_told() -> None:
    assert look(facts(runs=(run(done=PlanCounts(create=38), failed=2),))).accounts == 0
    unknown = tuple(later(number, unchanged=0) for number in range(99))
    assert look(facts(runs=unknown)).accounts == 0


def test_a_connection_that_failed_is_no_end_of_the_waiting() -> None:
    view = look(facts(connection=FAILED, app_domain="nordby.example"))
    assert not view.finished
    assert [one.part for one in view.parts if one.state is PartState.STOPPED] == [ItPart.AUTHORIZED]
    assert not look(facts(connection=PENDING)).finished


def test_what_was_done_stays_done_and_what_stopped_is_told_beside_it() -> None:
    view = look(facts(connection=FAILED), was_finished=True)
    assert (view.finished, view.halted) == (True, Halt.CONNECTION)
    assert {one.state for one in view.parts} == {PartState.DONE}
    assert look(facts(connection=PENDING), was_finished=True).halted is None


@pytest.mark.parametrize(
    ("outcome", "halt"),
    [(RunOutcome.STOPPED_BY_GUARD, Halt.GUARD), (RunOutcome.FAILED, Halt.RUN)],
)
def test_hours_of_runs_that_stopped_do_not_undo_what_it_finished(
    outcome: RunOutcome, halt: Halt
) -> None:
    stopped = tuple(
        run(outcome, run_id=str(number), planned=0, done=PlanCounts(), failed=0)
        for number in range(100)
    )
    view = look(facts(runs=stopped), was_finished=True)
    assert (view.finished, view.halted, view.accounts) == (True, halt, 0)
    assert look(facts(runs=(*stopped, run()))).halted is halt
    assert not look(facts(runs=stopped)).finished


def test_provisioning_that_was_turned_off_or_a_connection_that_went_is_waited_for_again() -> None:
    off = facts(settings=saved(enabled=False, version=5), runs=())
    assert not look(off, was_finished=True).finished
    gone = facts(connection=None, settings=None, runs=())
    assert not look(gone, was_finished=True).finished


def test_why_a_first_sync_failed_is_not_guessed() -> None:
    one = run(RunOutcome.FAILED, planned=0, done=PlanCounts(), failed=0)
    (part,) = [one for one in look(facts(runs=(one,))).parts if one.state is PartState.STOPPED]
    assert (part.part, part.trouble) == (ItPart.FIRST_SYNC, None)
    held = replace(one, outcome=RunOutcome.STOPPED_BY_GUARD)
    (part,) = [one for one in look(facts(runs=(held,))).parts if one.state is PartState.STOPPED]
    assert part.trouble is not None
    assert part.trouble.code is Code.GUARD_STOPPED


def test_at_the_next_start_an_owner_finds_the_end_where_the_connection_failed_since() -> None:
    known = replace(OWNER, handed_over=True, it_finished=True)
    after = learn(known, facts(connection=FAILED))
    assert after.it_finished
    assert resume_point(after) is StepId.DONE
    assert not learn(known, facts(connection=None, settings=None, runs=())).it_finished
    assert not learn(replace(OWNER, handed_over=True), facts(connection=PENDING)).it_finished
