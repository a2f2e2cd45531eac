"""The whole client, step by step, with everything that people and services do to it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import ADMIN, ORDINARY, OTHER_ADMIN, World, practice
from wizard.core.runs import PlanKind, RunOutcome, RunPhase, RunProgress
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.flow.graph import resume_point
from wizard.services.contract import (
    BrowserWaiting,
    CheckRunning,
    FindingState,
    WaitingForService,
)
from wizard.services.diagnostics import check_set_up
from wizard.services.exits import Exit, exit_of_trouble
from wizard.services.telling import moment, trouble_lines

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: people are hired and let go here."""
    with practice(tmp_path_factory.mktemp("organization"), people=300) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    """The same, healed before and after."""
    organization.tell("clear-faults")
    yield organization
    organization.tell("clear-faults")


@pytest.fixture
def person() -> str:
    return f"nora.lie.{next(_numbers)}@bench.example"


@pytest.fixture
def here(world: World, tmp_path: Path, person: str) -> Iterator[Computer]:
    with computer(world, tmp_path / "here", person=person) as one:
        yield one


@pytest.fixture
def ready(here: Computer, person: str) -> Computer:
    """Everything is set up; the first sync is next."""
    here.set_up(f"Unit of {person}")
    return here


@pytest.fixture
def synced(ready: Computer) -> Computer:
    assert ready.run().outcome is RunOutcome.DONE
    return ready


# ------------------------------------------------------------------ sign-in


def test_a_new_person_signs_up_and_is_greeted(here: Computer, person: str) -> None:
    here.sign_up("Nordby Test")
    assert here.bench.answers.signed_in_as == person
    assert here.bench.answers.signed_in_name == "Nora Lie"
    assert here.bench.answers.ou_name == "Nordby Test"
    waiting = next(event for event in here.heard if isinstance(event, BrowserWaiting))
    assert waiting.url.startswith(here.world.pages)
    assert waiting.opened


def test_who_says_no_at_the_sign_in_is_told_so(here: Computer) -> None:
    here.person = replace(here.person, refuse=True)
    with pytest.raises(Trouble) as caught:
        here.sign_in()
    assert caught.value.code is Code.SIGN_IN_REFUSED
    assert here.bench.answers.signed_in_as == ""


def test_before_signing_in_everything_says_that_it_is_needed(here: Computer) -> None:
    with pytest.raises(Trouble) as caught:
        here.bench.signed_in(here.cancel)
    assert caught.value.code is Code.SIGN_IN_NEEDED
    with pytest.raises(Trouble) as caught:
        here.run()
    assert caught.value.code is Code.NO_ORGANIZATIONAL_UNIT


# ------------------------------------------------------------------ Google


def test_authorizing_tells_checks_as_they_come_and_connects(here: Computer) -> None:
    here.sign_up("Unit")
    view = here.authorize()
    assert view.connection is not None
    assert view.connection.active
    assert view.connection.domain == "nordby.example"
    assert view.people > 0
    assert all(finding.state is not FindingState.FAILED for finding in view.findings)
    assert tuple(here.findings()) == view.findings
    assert any(isinstance(event, CheckRunning) for event in here.heard)
    assert here.bench.answers.organization_account_active


def test_a_connection_that_takes_its_time_is_waited_for(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell("activation", {"seconds": 0.3})
    try:
        view = here.authorize()
    finally:
        here.world.tell("activation", {"seconds": 0})
    assert view.connection is not None
    assert any(isinstance(event, WaitingForService) for event in here.heard)


def test_a_connection_that_the_service_cannot_make_is_told(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell("activation", {"next_failure": "calendars-unreachable"})
    with pytest.raises(Trouble) as caught:
        here.authorize()
    assert caught.value.code is Code.CONNECTION_FAILED
    assert not here.bench.answers.organization_account_active


def test_an_ordinary_user_is_stopped_at_the_findings(here: Computer) -> None:
    here.sign_up("Unit")
    view = here.authorize(person=ORDINARY)
    assert view.connection is None
    failed = [finding for finding in view.findings if finding.state is FindingState.FAILED]
    assert [finding.code for finding in failed] == [Code.NOT_A_FULL_ADMIN]
    assert here.bench.answers.organization_account_id == ""


def revocations(here: Computer) -> int:
    return int(here.world.ask("counts")["google"]["by_path"].get("POST /revoke", 0))


def test_an_authorization_that_is_not_kept_is_ended_at_google(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell("reset-counts")
    assert here.authorize(person=ORDINARY).connection is None
    assert revocations(here) == 1
    assert here.authorize().connection is not None
    assert here.authorize(person=OTHER_ADMIN).connection is None
    assert revocations(here) == 2


def test_an_authorization_that_the_sync_lives_on_is_left_alone(synced: Computer) -> None:
    """Google ends all that a person allowed the program, the kept authorization, too."""
    synced.world.tell("reset-counts")
    assert synced.authorize(untick=frozenset({"group"})).connection is None
    assert revocations(synced) == 0
    assert synced.run().outcome is RunOutcome.DONE


def test_an_end_that_google_does_not_hear_spoils_nothing(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell(
        "faults", [{"stand_in": "google", "path_prefix": "/revoke", "status": 503, "times": 99}]
    )
    view = here.authorize(person=ORDINARY)
    here.world.tell("clear-faults")
    assert Code.NOT_A_FULL_ADMIN in {finding.code for finding in view.findings}


def test_a_box_left_empty_is_a_finding_and_ticking_it_puts_it_right(here: Computer) -> None:
    here.sign_up("Unit")
    view = here.authorize(untick=frozenset({"group"}))
    assert view.connection is None
    assert [finding.code for finding in view.findings if finding.code] == [Code.SCOPES_MISSING]
    assert here.authorize().connection is not None


def test_who_refuses_at_google_is_told_so(here: Computer) -> None:
    here.sign_up("Unit")
    with pytest.raises(Trouble) as caught:
        here.authorize(refuse=True)
    assert caught.value.code is Code.SIGN_IN_REFUSED


def test_another_customers_admin_never_takes_a_connection(synced: Computer) -> None:
    before = synced.bench.answers
    view = synced.authorize(person=OTHER_ADMIN)
    assert view.connection is None
    assert Code.OTHER_CUSTOMER in {finding.code for finding in view.findings}
    assert synced.bench.answers == before
    assert synced.run().outcome is RunOutcome.DONE


def test_a_page_that_never_comes_back_ends_by_cancelling(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell("endings", {"google": "admin_policy_enforced"})
    with pytest.raises(Trouble) as caught:
        here.authorize()
    assert caught.value.code is Code.CANCELLED
    assert here.stuck


# ------------------------------------------------------------------ preview and settings


def test_the_preview_shows_everyone_and_writes_nothing(here: Computer) -> None:
    here.sign_up("Unit")
    here.authorize()
    before = here.accounts()
    view = here.preview()
    assert view.counts.in_scope == len(here.expected())
    assert here.accounts() == before
    rows, total = here.bench.plan_rows(
        view.run_id, kinds=frozenset({PlanKind.CREATE}), search="", offset=0, limit=7
    )
    assert len(rows) == 7
    assert total == view.counts.create
    assert here.bench.last_preview() == view
    assert here.bench.answers.preview_run_id == view.run_id


def test_before_anything_is_connected_a_preview_and_a_run_say_so(here: Computer) -> None:
    here.sign_up("Unit")
    for asked in (here.preview, here.run, here.settings):
        with pytest.raises(Trouble) as caught:
            asked()
        told = trouble_lines(caught.value, "Halden")
        assert told[0] == "No directory is connected yet"
        assert not any("still setting it up" in line or "Wait" in line for line in told)
        assert exit_of_trouble(caught.value.code) is Exit.FAILED


def test_a_check_tells_how_the_last_run_ended(ready: Computer) -> None:
    def last() -> tuple[FindingState, str]:
        (found,) = (
            check for check in check_set_up(ready.bench, ready.cancel) if check.view.id == "run"
        )
        return found.view.state, found.detail

    assert last() == (FindingState.PASSED, "none yet")
    report = ready.run()
    assert last() == (FindingState.PASSED, f"Done, {moment(report.started_at)}")
    ready.world.tell("let-go", {"count": 35})
    held = ready.run()
    assert held.outcome is RunOutcome.STOPPED_BY_GUARD
    assert last() == (
        FindingState.WARNING,
        f"Stopped by the safety limits, {moment(held.started_at)}",
    )


def test_a_preview_from_before_a_run_is_none_to_look_at(ready: Computer) -> None:
    before = ready.preview()
    assert ready.bench.last_preview() == before
    assert ready.run().outcome is RunOutcome.DONE
    assert ready.bench.last_preview() is None
    after = ready.preview()
    assert ready.bench.last_preview() == after


def test_a_preview_is_one_to_look_at_for_an_hour(ready: Computer) -> None:
    view = ready.preview()
    ready.clock.ahead = timedelta(minutes=59)
    assert ready.bench.last_preview() == view
    ready.clock.ahead = timedelta(minutes=61)
    assert ready.bench.last_preview() is None
    ready.clock.ahead = timedelta(minutes=-5)
    assert ready.bench.last_preview() is None


def test_a_set_up_begun_anew_knows_no_preview(ready: Computer) -> None:
    ready.preview()
    ready.bench.change(replace(ready.bench.answers, preview_run_id="", preview_seen=False))
    assert ready.bench.last_preview() is None


def test_the_plan_can_be_saved_as_a_file(ready: Computer, tmp_path: Path) -> None:
    view = ready.preview()
    people = ready.bench.save_plan(view.run_id, tmp_path / "plan.csv")
    lines = (tmp_path / "plan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert people == view.counts.total == len(lines) - 1
    with pytest.raises(Trouble) as caught:
        ready.bench.save_plan(view.run_id, tmp_path / "nowhere" / "plan.csv")
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_what_somebody_else_saved_meanwhile_is_never_overwritten(ready: Computer) -> None:
    mine = ready.settings()
    ready.world.tell("settings-as-somebody-else", {"settings": {"interval_minutes": 45}})
    with pytest.raises(Trouble) as caught:
        ready.bench.save_settings(replace(mine, grace_days=3), ready.cancel)
    assert caught.value.code is Code.SETTINGS_CHANGED
    ready.save(lambda settings: replace(settings, grace_days=3))
    assert (ready.settings().interval_minutes, ready.settings().grace_days) == (45, 3)


def test_off_there_is_off_here(synced: Computer) -> None:
    synced.world.tell("settings-as-somebody-else", {"settings": {"enabled": False}})
    synced.world.tell("hire")
    before = synced.accounts()
    assert synced.run().outcome is RunOutcome.OFF
    assert synced.accounts() == before


# ------------------------------------------------------------------ runs


def test_everyone_in_scope_gets_exactly_one_account(ready: Computer) -> None:
    report = ready.run()
    assert report.outcome is RunOutcome.DONE
    assert set(ready.holders()) == ready.expected()
    assert ready.bench.answers.first_sync_done
    phases = [event.phase for event in ready.heard if isinstance(event, RunProgress)]
    assert set(phases) == set(RunPhase)


def test_a_second_run_writes_nothing(synced: Computer) -> None:
    assert synced.run().done.writes == 0


def test_a_hire_a_rename_and_a_leaver_are_one_write_each(synced: Computer) -> None:
    others = [line for line in synced.world.lines("expected") if line["address"] != ADMIN]
    renamed, left = others[-1], others[-2]
    hired = synced.world.tell("hire")
    synced.world.tell("rename", {"who": renamed["id"], "given_name": "Renamed"})
    synced.world.tell("let-go", {"who": left["id"]})
    done = synced.run().done
    assert (done.create, done.update, done.deactivate) == (1, 1, 1)
    assert done.writes == 3
    holders = synced.holders()
    assert str(hired["id"]) in holders
    assert str(left["id"]) not in holders
    assert str(renamed["id"]) in holders
    assert set(holders) == synced.expected()


def test_access_tokens_that_expired_are_renewed_in_passing(synced: Computer) -> None:
    synced.world.tell("expire-tokens")
    assert synced.run().outcome is RunOutcome.DONE


def test_an_authorization_that_google_ended_needs_a_person(synced: Computer) -> None:
    synced.world.tell("expire-tokens", {"stand_in": "google", "refresh": True})
    report = synced.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.SIGN_IN_EXPIRED)
    assert synced.authorize().connection is not None
    assert synced.run().outcome is RunOutcome.DONE


def test_signing_out_does_not_stop_the_sync(synced: Computer) -> None:
    synced.bench.sign_out(synced.cancel)
    with pytest.raises(Trouble) as caught:
        synced.bench.signed_in(synced.cancel)
    assert caught.value.code is Code.SIGN_IN_NEEDED
    synced.world.tell("hire")
    assert synced.run().done.create == 1


def test_a_revoked_provisioning_token_is_told_and_made_anew_by_authorizing(
    synced: Computer,
) -> None:
    answers = synced.bench.answers
    service = synced.bench.engine.access.as_person(synced.cancel)
    where = (answers.ou_id, answers.organization_account_id)
    for token in service.provisioning_tokens(*where, synced.cancel):
        service.revoke_provisioning_token(*where, token.id, synced.cancel)
    with pytest.raises(Trouble) as caught:
        synced.run()
    assert caught.value.code is Code.PROVISIONING_TOKEN_REVOKED
    assert synced.authorize().connection is not None
    assert synced.run().outcome is RunOutcome.DONE


def test_a_directory_that_reads_empty_removes_nobody(synced: Computer) -> None:
    before = synced.holders()
    synced.world.tell("empty-directory")
    report = synced.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.READ_EMPTY)
    assert synced.holders() == before


def test_another_customers_directory_removes_nobody(synced: Computer) -> None:
    before = synced.holders()
    synced.world.tell("swap-customer")
    report = synced.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.OTHER_CUSTOMER)
    assert synced.holders() == before


def test_a_page_that_fails_half_way_changes_nothing_and_the_next_run_goes_on(
    synced: Computer,
) -> None:
    synced.world.tell("hire")
    fault = {"stand_in": "google", "path_prefix": "/admin/directory/v1/users", "every": 1}
    synced.world.tell("faults", [{**fault, "nth": 2, "times": 100, "status": 500}])
    before = synced.holders()
    assert synced.run().outcome is RunOutcome.FAILED
    assert synced.holders() == before
    synced.world.tell("clear-faults")
    assert synced.run().done.create == 1


def test_many_leavers_at_once_are_held_and_told(synced: Computer) -> None:
    before = synced.holders()
    synced.world.tell("let-go", {"count": 40})
    report = synced.run()
    assert (report.outcome, report.trouble) == (RunOutcome.STOPPED_BY_GUARD, Code.GUARD_STOPPED)
    assert dict(report.held)
    assert synced.holders() == before


# ------------------------------------------------------------------ two computers


def test_only_one_computer_syncs_until_another_takes_over(
    synced: Computer, tmp_path: Path, person: str
) -> None:
    with computer(synced.world, tmp_path / "there", person=person) as there:
        there.sign_in()
        # The service says that it is done, and that another computer keeps it so.
        assert resume_point(replace(there.bench.answers, role=Role.IT)) is StepId.DONE
        assert (there.bench.answers.place, there.bench.answers.elsewhere) == (None, True)
        assert there.authorize().connection is not None
        report = there.run()
        assert (report.outcome, report.trouble) == (
            RunOutcome.NOT_THE_SYNCER,
            Code.NOT_THE_SYNCER,
        )
        assert dict(report.trouble_facts)["host"]
        assert report.done.writes == 0
        assert there.run(take_over=True).done.writes == 0
        assert synced.run().outcome is RunOutcome.NOT_THE_SYNCER
        synced.bench.take_over(synced.cancel)
        assert synced.run().outcome is RunOutcome.DONE
