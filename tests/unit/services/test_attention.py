"""When a person is called: once for each cause, and again once it is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.services.scheduler_world import START, HandClock
from wizard.core.runs import HeldKind, RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code
from wizard.services.attention import Attention
from wizard.services.contract import SchedulerState, SchedulerView

GOOD = SchedulerView(state=SchedulerState.WAITING)
RUNNING = SchedulerView(state=SchedulerState.RUNNING)


def stopped(
    code: Code | None,
    *,
    outcome: RunOutcome = RunOutcome.FAILED,
    held: tuple[tuple[HeldKind, int], ...] = (),
) -> SchedulerView:
    report = RunReport(
        run_id="r",
        trigger=Trigger.SCHEDULE,
        outcome=outcome,
        started_at=START,
        finished_at=START,
        trouble=code,
        held=held,
    )
    return SchedulerView(state=SchedulerState.NEEDS_PERSON, last=report, trouble=code)


@pytest.fixture
def attention() -> Attention:
    return Attention(HandClock(), service="Nordby Connect")


def test_the_same_cause_is_told_once_however_many_runs_meet_it(attention: Attention) -> None:
    expired = stopped(Code.SIGN_IN_EXPIRED)
    first = attention.look(expired)
    assert first is not None
    assert first.topic
    assert [attention.look(view) for view in (RUNNING, expired, RUNNING, expired)] == [None] * 4


def test_another_cause_is_told_and_the_first_is_not_told_again(attention: Attention) -> None:
    assert attention.look(stopped(Code.SIGN_IN_EXPIRED)) is not None
    assert attention.look(stopped(Code.READ_EMPTY)) is not None
    assert attention.look(stopped(Code.SIGN_IN_EXPIRED)) is None


def test_after_a_good_run_the_same_cause_is_news(attention: Attention) -> None:
    assert attention.look(stopped(Code.SIGN_IN_EXPIRED)) is not None
    assert attention.look(GOOD) is None
    assert attention.look(stopped(Code.SIGN_IN_EXPIRED)) is not None


def test_what_the_limits_hold_is_told_again_when_it_is_other_people(attention: Attention) -> None:
    def held(people: int) -> SchedulerView:
        return stopped(None, outcome=RunOutcome.STOPPED_BY_GUARD, held=((HeldKind.LEAVE, people),))

    first = attention.look(held(64))
    assert first is not None
    assert first.title == "This sync stopped to ask you"
    assert attention.look(held(64)) is None
    assert attention.look(held(65)) is not None


def test_being_offline_calls_nobody_until_it_has_been_too_long(attention: Attention) -> None:
    offline = replace(stopped(Code.OFFLINE), state=SchedulerState.OFFLINE)
    assert attention.look(offline) is None
    late = replace(offline, overdue=True, last_good_at=START - timedelta(hours=30))
    told = attention.look(late)
    assert told is not None
    assert "30 hours" in told.words
    assert attention.look(late) is None
    assert attention.look(GOOD) is None
    assert attention.look(late) is not None


def test_a_pause_that_lasts_calls_nobody(attention: Attention) -> None:
    view = SchedulerView(state=SchedulerState.PAUSED, overdue=True)
    assert attention.look(view) is None


def test_without_any_good_run_it_is_said_so(attention: Attention) -> None:
    told = attention.look(replace(GOOD, overdue=True))
    assert told is not None
    assert told.words.startswith("No sync has come through yet")
