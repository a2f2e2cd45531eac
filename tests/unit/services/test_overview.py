"""How things stand is one sentence with its reason and its cure, for every situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wizard.core.directory import ProviderId
from wizard.core.runs import (
    HeldKind,
    PlanCounts,
    RunOutcome,
    RunPhase,
    RunProgress,
    RunReport,
    RunSummary,
    Trigger,
)
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import HeldView, ProblemView
from wizard.services.contract.home import (
    AccountState,
    HomeFacts,
    OrganizationAccountView,
    RunRow,
    UnitWord,
)
from wizard.services.overview import (
    Cure,
    Situation,
    Tone,
    Verdict,
    cure_of,
    names_in_words,
    open_decisions,
    verdict,
)
from wizard.services.schedule import SchedulerState, SchedulerView

NOW = datetime(2026, 11, 23, 10, 45, tzinfo=UTC).astimezone()


def report(outcome: RunOutcome = RunOutcome.DONE, minutes: int = 3, **more: object) -> RunReport:
    """A run that ended some minutes ago."""
    at = NOW - timedelta(minutes=minutes)
    made = RunReport(
        run_id="r", trigger=Trigger.SCHEDULE, outcome=outcome, started_at=at, finished_at=at
    )
    return replace(made, **more)  # type: ignore[arg-type] # fields by name


def waiting(last: RunReport | None = None, **more: object) -> SchedulerView:
    """The background sync waits for its next run in half an hour."""
    view = SchedulerView(
        state=SchedulerState.WAITING,
        last=last,
        next_run_at=NOW + timedelta(minutes=27),
        last_good_at=last.finished_at if last is not None else None,
    )
    return replace(view, **more)  # type: ignore[arg-type] # fields by name


FACTS = HomeFacts(members=436, enabled=True, interval_minutes=30, lately=(RunRow(report=report()),))
ACCOUNT = OrganizationAccountView(
    id="oa-1",
    provider=ProviderId.GOOGLE,
    purposes=frozenset({"directory", "calendars"}),
    domain="halden-freight.example",
    customer_id="C0test",
    state=AccountState.ACTIVE,
    syncer_host="SERVER01",
    last_run_at=NOW - timedelta(minutes=17),
)
UNIT = UnitWord(
    asked_at=NOW,
    may_manage=True,
    owners=("Tomasz Wilk", "Ingrid Solberg"),
    accounts=(ACCOUNT,),
    enabled=True,
    interval_minutes=30,
)
OURS = replace(UNIT, accounts=(replace(ACCOUNT, syncer_is_us=True),))
NOBODY = replace(UNIT, accounts=(replace(ACCOUNT, syncer_host=""),))
DEAD = replace(
    UNIT, accounts=(replace(ACCOUNT, syncer_host="", last_run_at=NOW - timedelta(days=5)),)
)
STOPPED = SchedulerView(state=SchedulerState.STOPPED)
HELD = HeldView(kind=HeldKind.LEAVE, people=64, limit=21, run_id="r", held_at=NOW)


def situation(view: SchedulerView, **more: object) -> Situation:
    """This computer keeps its people in step, and nobody has asked the service yet."""
    at = Situation(view=view, facts=FACTS, unit=None, connected=True, set_up=True, now=NOW)
    return replace(at, **more)  # type: ignore[arg-type] # fields by name


def test_in_step_it_says_when_it_last_synced_and_does_next() -> None:
    found = verdict(situation(waiting(report())))
    assert (found.title, found.tone, found.cure) == ("In step", Tone.GOOD, Cure.SYNC)
    last, following = (NOW - timedelta(minutes=3)), (NOW + timedelta(minutes=27))
    assert found.reason == (
        f"Last sync at {last.hour}:{last.minute:02d}. "
        f"Next one at {following.hour}:{following.minute:02d}."
    )


def test_two_people_with_one_address_are_one_open_decision() -> None:
    problems = tuple(
        ProblemView(name=name, address=address, code=Code.ADDRESS_CLAIMED_TWICE)
        for name, address in (("Mikkel", "m.dahl@h.example"), ("Maren", "M.Dahl@h.example"))
    )
    facts = replace(FACTS, problems=problems)
    assert open_decisions(facts) == 1
    assert verdict(situation(waiting(report()), facts=facts)).title == "In step, 1 decision open"


def test_a_failed_write_is_a_problem_that_is_tried_again_and_no_decision() -> None:
    problem = ProblemView(name="Ana", address="ana@h.example", code=Code.WRITE_FAILED)
    facts = replace(FACTS, problems=(problem,))
    assert open_decisions(facts) == 0
    assert verdict(situation(waiting(report()), facts=facts)).title == "In step, 1 problem"


def test_what_the_guard_holds_comes_before_everything_but_a_run_and_a_pause() -> None:
    facts = replace(FACTS, held=(HELD,))
    needs = waiting(
        report(RunOutcome.STOPPED_BY_GUARD),
        state=SchedulerState.NEEDS_PERSON,
        trouble=Code.GUARD_STOPPED,
        overdue=True,
    )
    found = verdict(situation(needs, facts=facts))
    assert found.cure is Cure.DECIDE
    assert found.reason == "This sync would deactivate 64 people. Everything else goes on."
    running = replace(needs, state=SchedulerState.RUNNING, progress=None)
    assert verdict(situation(running, facts=facts)).tone is Tone.BUSY


def test_who_may_not_decide_reads_who_can_and_is_offered_nothing() -> None:
    facts = replace(FACTS, held=(HELD,))
    unit = replace(OURS, may_manage=False)
    found = verdict(situation(waiting(report()), facts=facts, unit=unit))
    assert found.cure is Cure.NOTHING
    assert found.reason.endswith("Tomasz or Ingrid can decide.")


def test_a_pause_says_whether_it_ends_by_itself() -> None:
    paused = waiting(report(), state=SchedulerState.PAUSED)
    assert "Resume" in verdict(situation(paused)).reason
    until = replace(paused, paused_until=NOW + timedelta(days=1))
    found = verdict(situation(until))
    assert found.reason.startswith("It goes on by itself tomorrow at")
    assert found.cure is Cure.RESUME


def test_after_a_sync_was_taken_back_it_says_why_it_stands_still() -> None:
    found = verdict(situation(waiting(report(), state=SchedulerState.PAUSED, stands_for="undo-1")))
    assert (found.title, found.cure) == ("The sync stands still", Cure.RESUME)
    assert "taken back" in found.reason


def test_a_run_says_how_far_it_is() -> None:
    progress = RunProgress(phase=RunPhase.WRITE, done=12, total=31)
    running = waiting(report(), state=SchedulerState.RUNNING, progress=progress)
    assert verdict(situation(running)).reason == "12 of 31 done."
    reading = replace(running, progress=RunProgress(phase=RunPhase.READ, done=200, total=0))
    assert verdict(situation(reading)).reason == "200 people read so far."


def test_another_computer_is_named_with_its_last_sync() -> None:
    last = report(
        RunOutcome.NOT_THE_SYNCER,
        trouble=Code.NOT_THE_SYNCER,
        trouble_facts=(("host", "SERVER02"),),
    )
    view = waiting(last, state=SchedulerState.NEEDS_PERSON, trouble=Code.NOT_THE_SYNCER)
    alone = verdict(situation(view))
    assert (alone.title, alone.cure) == ("Kept in step by SERVER02", Cure.TAKE_OVER)
    told = verdict(situation(view, unit=UNIT))
    assert told.title == "Kept in step by SERVER01"
    assert told.reason.startswith("Its last sync was at ")


def test_off_is_the_services_word_before_what_was_kept_here() -> None:
    off = verdict(situation(waiting(report(), state=SchedulerState.OFF)))
    assert (off.title, off.cure) == ("Provisioning is off", Cure.TURN_ON)
    on_again = verdict(situation(waiting(report(), state=SchedulerState.OFF), unit=OURS))
    assert on_again.title == "In step"
    told_off = replace(UNIT, enabled=False)
    assert verdict(situation(waiting(report()), unit=told_off)).cure is Cure.TURN_ON


@pytest.mark.parametrize(
    ("code", "facts", "cure"),
    [
        (Code.SIGN_IN_EXPIRED, {"connection": "google"}, Cure.AUTHORIZE),
        (Code.SIGN_IN_EXPIRED, {"provider": "google", "reason": "invalid_grant"}, Cure.AUTHORIZE),
        (Code.SIGN_IN_EXPIRED, {"connection": "service"}, Cure.SIGN_IN),
        (Code.SIGN_IN_NEEDED, {}, Cure.SIGN_IN),
        (Code.PROVISIONING_TOKEN_REVOKED, {}, Cure.AUTHORIZE),
        (Code.NOT_A_FULL_ADMIN, {}, Cure.AUTHORIZE),
        (Code.KEYRING_LOCKED, {}, Cure.UNLOCK),
        (Code.VAULT_LOCKED, {"problem": "no-passphrase"}, Cure.UNLOCK),
        (Code.PROVISIONING_OFF, {}, Cure.TURN_ON),
        (Code.READ_SHRUNK, {}, Cure.SYNC),
    ],
)
def test_each_trouble_has_the_cure_that_a_person_can_press(
    code: Code, facts: dict[str, str], cure: Cure
) -> None:
    assert cure_of(code, dict(facts)) is cure


def test_an_ended_authorization_says_that_an_admin_signs_in_once_more() -> None:
    last = report(
        RunOutcome.FAILED,
        trouble=Code.SIGN_IN_EXPIRED,
        trouble_facts=(("connection", "google"),),
    )
    view = waiting(last, state=SchedulerState.NEEDS_PERSON, trouble=Code.SIGN_IN_EXPIRED)
    found = verdict(situation(view))
    assert found.title == "Google Workspace has to be authorized again"
    assert (found.tone, found.cure) == (Tone.BAD, Cure.AUTHORIZE)


def test_without_a_network_it_waits_and_too_long_is_said_aloud() -> None:
    last = report(RunOutcome.FAILED, trouble=Code.OFFLINE)
    view = waiting(last, state=SchedulerState.OFFLINE, trouble=Code.OFFLINE)
    found = verdict(situation(view))
    assert found.title == "Waiting for the network"
    assert found.reason.endswith("It tries again by itself.")
    late = replace(view, overdue=True, last_good_at=NOW - timedelta(hours=9))
    told = verdict(situation(late))
    assert told.title == "It has been too long since a good sync"
    assert told.reason.startswith("The last good one was 9 hours ago.")
    assert told.tone is Tone.BAD


def test_where_nothing_ever_ran_the_person_begins() -> None:
    facts = replace(FACTS, lately=())
    found = verdict(situation(waiting(), facts=facts))
    assert (found.title, found.cure) == ("Nothing has been synced yet", Cure.SYNC)
    unfinished = verdict(situation(waiting(), facts=facts, set_up=False))
    assert unfinished.cure is Cure.SET_UP


def test_a_stopped_run_is_no_alarm() -> None:
    last = report(RunOutcome.CANCELLED, trouble=Code.CANCELLED)
    found = verdict(situation(waiting(last)))
    assert (found.title, found.tone) == ("The last sync was stopped", Tone.QUIET)


# ------------------------------------------------------------------ another computer's task


def left(unit: UnitWord | None, **more: object) -> Verdict:
    """The verdict in the window of whoever left it to a server; its own last run was good."""
    return verdict(situation(STOPPED, unit=unit, elsewhere=True, **more))


def test_what_was_left_to_a_server_is_in_step_while_that_one_holds_the_task() -> None:
    found = left(UNIT)
    assert (found.title, found.tone) == ("Kept in step by SERVER01", Tone.GOOD)
    assert found.reason == "Its last sync was at 10:28. This computer only watches."
    assert (found.cure, found.code) == (Cure.TAKE_OVER, None)


def test_a_server_that_is_silent_is_never_shown_as_in_step() -> None:
    late = left(DEAD)
    assert (late.title, late.tone) == ("It has been too long since a sync", Tone.BAD)
    assert late.cure is Cure.START_HERE
    lapsed = left(NOBODY)
    assert (lapsed.title, lapsed.tone) == ("No computer keeps this in step now", Tone.WARN)
    assert lapsed.reason.endswith("Look whether the other computer is on, or let this one do it.")
    silent = replace(
        UNIT, accounts=(replace(ACCOUNT, last_run_at=NOW - timedelta(hours=7)),), runs=()
    )
    assert left(silent).tone is Tone.BAD


def test_a_restarted_window_does_not_go_by_its_own_old_run() -> None:
    old = HomeFacts(members=436, enabled=True, lately=(RunRow(report=report(minutes=60 * 24 * 5)),))
    assert left(DEAD, facts=old).tone is Tone.BAD
    # The same where nobody chose a server: this computer was off, and has not synced since.
    assert verdict(situation(STOPPED, facts=old, unit=DEAD)).tone is Tone.BAD


def test_a_run_that_was_turned_away_by_a_server_that_is_gone_is_no_good_news() -> None:
    last = report(
        RunOutcome.NOT_THE_SYNCER,
        trouble=Code.NOT_THE_SYNCER,
        trouble_facts=(("host", "SERVER01"), ("person", "tomasz@h.example")),
    )
    view = waiting(last, state=SchedulerState.NEEDS_PERSON, trouble=Code.NOT_THE_SYNCER)
    assert verdict(situation(view, unit=DEAD)).tone is Tone.BAD
    # Before the service has told, and while it is silent, nothing is claimed to be good.
    assert verdict(situation(view)).tone is Tone.QUIET


def test_a_server_that_did_the_first_sync_needs_no_word_from_here() -> None:
    never = HomeFacts(enabled=True, interval_minutes=30)
    found = left(UNIT, facts=never, set_up=False)
    assert (found.title, found.tone) == ("Kept in step by SERVER01", Tone.GOOD)
    begun = replace(UNIT, accounts=(replace(ACCOUNT, last_run_at=None),))
    found = left(begun, facts=never, set_up=False)
    assert (found.title, found.tone) == ("Nothing has been synced yet", Tone.QUIET)
    assert found.reason == "SERVER01 has taken it on."


def test_a_server_that_waits_for_a_decision_is_decided_there() -> None:
    held = replace(UNIT, runs=(summary(RunOutcome.STOPPED_BY_GUARD),))
    assert left(held).title == "The sync waits for a decision"
    assert left(replace(UNIT, runs=(summary(RunOutcome.FAILED),))).tone is Tone.WARN


def test_provisioning_that_is_off_is_turned_on_from_here_too() -> None:
    found = left(replace(UNIT, enabled=False))
    assert (found.title, found.cure) == ("Provisioning is off", Cure.TURN_ON)


def test_after_taking_over_nothing_is_said_of_the_other_computer() -> None:
    last = report(RunOutcome.NOT_THE_SYNCER, trouble=Code.NOT_THE_SYNCER)
    view = waiting(last, state=SchedulerState.NEEDS_PERSON, trouble=Code.NOT_THE_SYNCER)
    found = verdict(situation(view, unit=OURS))
    assert (found.title, found.tone) == ("This computer keeps it in step from now on", Tone.QUIET)


def test_who_may_not_decide_is_not_offered_to_take_over() -> None:
    assert left(replace(UNIT, may_manage=False)).cure is Cure.NOTHING


# ------------------------------------------------------------------ who watches only


def summary(outcome: RunOutcome = RunOutcome.DONE, hours: float = 0.1) -> RunSummary:
    at = NOW - timedelta(hours=hours)
    return RunSummary(
        run_id="there",
        trigger=Trigger.SCHEDULE,
        outcome=outcome,
        started_at=at,
        finished_at=at,
        done=PlanCounts(create=2),
    )


def watching(unit: UnitWord | None) -> Verdict:
    """The verdict for an owner on whose computer nothing is connected."""
    stopped = SchedulerView(state=SchedulerState.STOPPED)
    return verdict(situation(stopped, facts=HomeFacts(), connected=False, unit=unit))


@pytest.mark.parametrize(
    ("unit", "title"),
    [
        (None, "Asking the account service"),
        (replace(UNIT, accounts=()), "No workspace is connected"),
        (replace(UNIT, enabled=False), "Provisioning is off"),
        (
            replace(UNIT, accounts=(replace(ACCOUNT, last_run_at=None),)),
            "Nothing has been synced yet",
        ),
        (replace(UNIT, runs=(summary(),)), "In step"),
        (replace(UNIT, runs=(summary(RunOutcome.FAILED),)), "The last sync could not be done"),
        (
            replace(UNIT, runs=(summary(RunOutcome.STOPPED_BY_GUARD),)),
            "The sync waits for a decision",
        ),
        (DEAD, "It has been too long since a sync"),
        (NOBODY, "No computer keeps this in step now"),
        (
            replace(UNIT, accounts=(replace(ACCOUNT, state=AccountState.FAILED),)),
            "The connection is not active",
        ),
        (
            replace(UNIT, accounts=(replace(ACCOUNT, state=AccountState.PENDING),)),
            "The connection is being made",
        ),
    ],
)
def test_who_only_watches_is_told_what_the_service_says(unit: UnitWord | None, title: str) -> None:
    assert watching(unit).title == title


def test_who_only_watches_reads_who_can_decide() -> None:
    unit = replace(UNIT, runs=(summary(RunOutcome.STOPPED_BY_GUARD),))
    found = watching(unit)
    assert found.reason.endswith("Tomasz or Ingrid can decide.")
    assert found.cure is Cure.NOTHING


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("Tomasz Wilk",), "Tomasz"),
        ((" ",), ""),
        (("Tomasz Wilk", " ", ""), "Tomasz"),
        (("Tomasz Wilk", "ingrid@h.example"), "Tomasz or ingrid@h.example"),
        (("Tomasz Wilk", "Ingrid Solberg", "Noor Haddad"), "Tomasz, Ingrid or 1 other"),
    ],
)
def test_names_are_told_shortly(names: tuple[str, ...], words: str) -> None:
    assert names_in_words(names) == words


# ------------------------------------------------------------------ a service that says nothing


@pytest.mark.parametrize(
    ("code", "title", "cure", "reason"),
    [
        (Code.TIMED_OUT, "Can’t reach the account service", Cure.NOTHING, "We ask again"),
        (Code.HOST_NOT_FOUND, "Can’t reach the account service", Cure.NOTHING, "goes on without"),
        (Code.SIGN_IN_EXPIRED, "You are signed out", Cure.SIGN_IN, "Sign in to see"),
    ],
)
def test_from_outside_a_silent_service_is_told_as_such(
    code: Code, title: str, cure: Cure, reason: str
) -> None:
    untold = Trouble(code, host="accounts.enterprise-connect.example")
    at = situation(waiting(), connected=False, facts=HomeFacts(), untold=untold)
    found = verdict(at)
    assert (found.title, found.cure, found.code) == (title, cure, code)
    assert reason in found.reason


def test_from_outside_a_refusal_is_told_in_its_own_words() -> None:
    refused = Trouble(Code.NOT_A_MEMBER, unit="Halden Freight", address="a@halden-freight.example")
    found = verdict(situation(waiting(), connected=False, facts=HomeFacts(), untold=refused))
    assert found.code is Code.NOT_A_MEMBER
    assert "a@halden-freight.example is not a member" in found.reason


def test_what_the_service_said_before_stands_while_it_is_silent() -> None:
    unit = UnitWord(asked_at=NOW, may_manage=True)
    late = Trouble(Code.TIMED_OUT, host="accounts.enterprise-connect.example")
    found = verdict(situation(waiting(), connected=False, unit=unit, untold=late))
    assert found.title == "No workspace is connected"
