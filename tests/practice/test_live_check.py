"""“I have authorized it, but nothing happened”, checked for real at every point of a set-up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.practice.bench_world import DOMAIN, Computer, computer
from tests.practice.visitor import World, practice
from wizard.accounts.base import Purpose
from wizard.content.live_check import live_words
from wizard.core.directory import ProviderId
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code
from wizard.services.contract import CheckRunning, FindingState, FindingView
from wizard.services.contract.live_check import LiveCheckId, LiveCheckView

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: it is cut off and its tokens end."""
    with practice(tmp_path_factory.mktemp("organization"), people=60) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    """The same, healed before and after, with the app installed."""
    _start_over(organization)
    yield organization
    _start_over(organization)


def _start_over(world: World) -> None:
    world.tell("clear-faults")
    world.tell("activation", {"seconds": 0, "needs_app": False})
    world.tell("install-app", {"domain": DOMAIN, "installed": True})


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    with computer(world, tmp_path / "here", person=f"live.{next(_numbers)}@bench.example") as one:
        yield one


def look(one: Computer) -> LiveCheckView:
    """Check everything; each check is announced before it is told."""
    heard: list[object] = []
    view = one.bench.live_check.look(heard.append, one.cancel)
    began = {event.id for event in heard if isinstance(event, CheckRunning)}
    told = [event for event in heard if isinstance(event, FindingView)]
    assert tuple(told) == view.findings
    assert {finding.id for finding in told} <= began
    for finding in told:
        # Whatever is found has words.
        words = live_words(finding.id, finding.state.value, dict(finding.facts), finding.code)
        passed = finding.state is FindingState.PASSED
        assert bool(words.value) if passed else all((words.title, words.sentence, words.to_do))
    return view


def stop(one: Computer) -> tuple[str, FindingState, Code | None]:
    found = look(one).stop
    assert found is not None
    return found.id, found.state, found.code


def connect(one: Computer) -> None:
    one.sign_up("Unit of mine")
    one.bench.installing.choose(ProviderId.GOOGLE, DOMAIN, one.cancel)
    assert one.authorize().connection is not None


def switch_on(one: Computer) -> None:
    one.preview()
    one.save(lambda settings: replace(settings, enabled=True, grace_days=0))


def test_before_anything_the_sign_in_is_what_is_missing(here: Computer) -> None:
    assert stop(here) == ("signed-in", FindingState.FAILED, Code.SIGN_IN_NEEDED)
    assert [one.id for one in look(here).findings] == ["service", "signed-in"]


def test_signed_in_the_connection_is_what_is_missing(here: Computer) -> None:
    here.sign_up("Unit of mine")
    here.bench.installing.choose(ProviderId.GOOGLE, DOMAIN, here.cancel)
    view = look(here)
    assert [one.id for one in view.findings if one.state is FindingState.PASSED] == [
        "service", "signed-in", "unit", "app",
    ]  # fmt: skip
    assert stop(here) == ("connection", FindingState.FAILED, Code.CONNECTION_NOT_ACTIVE)


def test_an_app_that_is_not_installed_comes_before_the_connection(here: Computer) -> None:
    here.world.tell("install-app", {"domain": DOMAIN, "installed": False})
    here.sign_up("Unit of mine")
    here.bench.installing.choose(ProviderId.GOOGLE, DOMAIN, here.cancel)
    assert stop(here) == ("app", FindingState.FAILED, Code.APP_NOT_INSTALLED)


def test_connected_and_switched_off_it_is_the_settings(here: Computer) -> None:
    connect(here)
    assert stop(here) == ("settings", FindingState.FAILED, Code.PROVISIONING_OFF)
    passed = {one.id for one in look(here).findings if one.state is FindingState.PASSED}
    assert {"connection", "authorization", "test-read"} <= passed


def test_switched_on_the_first_sync_is_what_is_missing(here: Computer) -> None:
    connect(here)
    switch_on(here)
    found = {one.id: one.state for one in look(here).findings}
    assert found["syncer"] is FindingState.WARNING
    assert found["last-run"] is FindingState.WARNING
    assert FindingState.FAILED not in found.values()


def test_after_a_good_sync_nothing_is_in_the_way(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    view = look(here)
    assert view.stop is None
    assert [one.id for one in view.findings] == [check.value for check in LiveCheckId]
    facts = {one.id: dict(one.facts) for one in view.findings}
    assert facts["syncer"]["ours"] is True
    assert facts["settings"]["minutes"] == 30


def watch(here: Computer, watcher: Computer) -> None:
    """`here` keeps people in step, and the watcher learns of it by signing in."""
    connect(here)
    switch_on(here)
    here.bench.placing.run_here(here.cancel)
    assert here.run().came_through
    watcher.sign_in()
    assert watcher.bench.answers.elsewhere


def test_where_another_computer_went_off_nobody_is_asked_to_authorize_here(
    here: Computer, world: World, tmp_path: Path
) -> None:
    with computer(world, tmp_path / "watcher", person=here.person.person) as watcher:
        watch(here, watcher)
        assert look(watcher).stop is None
        world.tell("install-app", {"domain": DOMAIN, "installed": False})
        watcher.clock.ahead = timedelta(hours=5)
        assert stop(watcher) == ("syncer", FindingState.WARNING, None)
        view = look(watcher)
        assert not {"authorization", "test-read"} & {one.id for one in view.findings}
        watcher.clock.ahead = timedelta(hours=7)
        last = {one.id: one for one in look(watcher).findings}["last-run"]
        assert (last.state, dict(last.facts).get("old")) == (FindingState.WARNING, True)


def test_left_to_a_server_its_own_old_run_is_no_good_sign(here: Computer) -> None:
    connect(here)
    switch_on(here)
    here.bench.placing.run_here(here.cancel)
    assert here.run().came_through
    here.bench.placing.leave_to_server(here.cancel)
    here.world.tell("install-app", {"domain": DOMAIN, "installed": False})
    assert stop(here) == ("syncer", FindingState.WARNING, None)
    here.clock.ahead = timedelta(days=3)
    found = {one.id: one.state for one in look(here).findings}
    assert found["last-run"] is FindingState.WARNING


def test_a_computer_whose_own_last_sync_is_old_is_told_so(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    here.clock.ahead = timedelta(days=3)
    last = {one.id: one for one in look(here).findings}["last-run"]
    assert (last.state, dict(last.facts).get("old")) == (FindingState.WARNING, True)


def test_a_connection_that_is_being_made_active_is_normal_so_far(here: Computer) -> None:
    connect(here)
    here.world.tell("activation", {"seconds": 3600})
    with computer(here.world, here.home / "other", person="slow@bench.example") as other:
        other.sign_up("A slow unit")
        service = other.bench.engine.access.as_person(other.cancel)
        answers = here.bench.answers
        service.create_organization_account(
            other.bench.answers.ou_id,
            provider=ProviderId.GOOGLE,
            purposes=frozenset(Purpose),
            customer_id=answers.customer_id,
            domain=answers.domain,
            authorized_by=answers.authorized_as,
            cancel=other.cancel,
        )
        assert stop(other) == ("connection", FindingState.WARNING, None)


def test_a_service_that_is_cut_off_is_the_first_thing(here: Computer) -> None:
    connect(here)
    here.world.tell("outage", {"stand_in": "account"})
    (finding,) = look(here).findings
    assert (finding.id, finding.state) == ("service", FindingState.FAILED)
    assert finding.code in {Code.CONNECTION_LOST, Code.SERVICE_UNAVAILABLE}


def test_a_google_that_is_cut_off_is_told_after_everything_that_works(here: Computer) -> None:
    connect(here)
    switch_on(here)
    here.world.tell("outage", {"stand_in": "google"})
    assert stop(here)[0] == "test-read"
    passed = {one.id for one in look(here).findings if one.state is FindingState.PASSED}
    assert {"service", "connection", "settings"} <= passed


def test_an_authorization_that_google_ended_is_found(here: Computer) -> None:
    connect(here)
    switch_on(here)
    here.world.tell("expire-tokens", {"stand_in": "google", "refresh": True})
    assert stop(here)[0] == "test-read"


def test_a_directory_that_reads_empty_is_found(here: Computer) -> None:
    connect(here)
    here.world.tell("empty-directory", {"on": True})
    assert stop(here) == ("test-read", FindingState.FAILED, Code.READ_EMPTY)


def test_a_sync_goes_on_for_who_is_signed_out_and_so_does_the_check(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    here.bench.sign_out(here.cancel)
    view = look(here)
    assert view.stop is None
    assert dict(view.findings[1].facts) == {"signed_out": True}
    assert "unit" not in {one.id for one in view.findings}


def test_another_computer_that_syncs_is_named_and_needs_no_authorization_here(
    here: Computer,
) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    with computer(here.world, here.home / "other", person=here.person.person) as other:
        other.sign_in()
        view = look(other)
        facts = {one.id: dict(one.facts) for one in view.findings}
        assert facts["syncer"]["ours"] is False
        assert facts["last-run"]["finished_at"]
        assert view.stop is None
        assert "authorization" not in facts
        assert all(one.state is not FindingState.FAILED for one in view.findings)


def test_a_sync_elsewhere_that_stopped_to_ask_is_what_is_in_the_way(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    with computer(here.world, here.home / "other", person=here.person.person) as other:
        other.sign_in()
        here.world.tell("let-go", {"count": 40})
        assert here.run().outcome is RunOutcome.STOPPED_BY_GUARD
        found = look(other).stop
        assert found is not None
        assert (found.id, found.state) == ("last-run", FindingState.WARNING)
        facts = dict(found.facts)
        assert facts["held"] == 40
        assert facts["host"] == here.bench.engine.ground.installation.host


def test_a_sync_elsewhere_that_failed_is_what_is_in_the_way(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    with computer(here.world, here.home / "other", person=here.person.person) as other:
        other.sign_in()
        here.world.tell("empty-directory", {"on": True})
        assert here.run().outcome is RunOutcome.FAILED
        found = look(other).stop
        assert found is not None
        assert (found.id, dict(found.facts).get("failed")) == ("last-run", True)


def test_a_computer_that_goes_on_signed_out_does_not_call_the_others_run_good(
    here: Computer, world: World, tmp_path: Path
) -> None:
    with computer(world, tmp_path / "watcher", person=here.person.person) as watcher:
        watch(here, watcher)
        # What once made its own key goes on with it.
        watcher.authorize()
        watcher.bench.sign_out(watcher.cancel)
        view = look(watcher)
        last = {one.id: one for one in view.findings}["last-run"]
        assert (last.state, dict(last.facts).get("untold")) == (FindingState.PASSED, True)


def test_a_lease_that_ran_out_is_nobody_who_syncs(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    here.clock.ahead = timedelta(days=1)
    found = {one.id: one.state for one in look(here).findings}
    assert found["syncer"] is FindingState.WARNING


def test_a_sync_that_stopped_to_ask_is_what_is_in_the_way(here: Computer) -> None:
    connect(here)
    switch_on(here)
    assert here.run().came_through
    here.world.tell("let-go", {"count": 40})
    assert here.run().outcome is RunOutcome.STOPPED_BY_GUARD
    assert stop(here) == ("last-run", FindingState.FAILED, Code.GUARD_STOPPED)


def test_a_sync_that_was_taken_back_is_what_is_in_the_way_until_somebody_syncs(
    here: Computer,
) -> None:
    # More than may be made at once without a question, whoever was let go before.
    for _ in range(60):
        here.world.tell("hire", {})
    connect(here)
    switch_on(here)
    here.run()
    undoing = here.bench.undoing
    view = undoing.look(undoing.last(), here.heard.append, here.cancel)
    assert undoing.carry_out(view, view.people, here.heard.append, here.cancel).done.writes
    found = look(here).stop
    assert found is not None
    assert (found.id, found.state) == (LiveCheckId.LAST_RUN, FindingState.WARNING)
    words = live_words(found.id, found.state.value, dict(found.facts))
    assert words.title == "The sync stands still"
    assert here.run().outcome is RunOutcome.STOPPED_BY_GUARD, "so many at once are asked about"
    found = look(here).stop
    assert found is not None
    assert found.code is Code.GUARD_STOPPED


def test_the_check_changes_nothing(here: Computer) -> None:
    connect(here)
    switch_on(here)
    before, answers = here.settings(), here.bench.answers
    look(here)
    assert (here.settings(), here.bench.answers) == (before, answers)
    assert not here.holders()
