"""Home against the practice organization: how things stand, disconnecting, connecting again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.runs import RunOutcome
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.flow.graph import needs_more, resume_point
from wizard.services.contract import FindingState
from wizard.services.contract.home import AccountState, RunFilter, TokenState

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("home-organization"), people=120) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    """The same, healed before and after."""
    organization.tell("clear-faults")
    yield organization
    organization.tell("clear-faults")


@pytest.fixture
def person() -> str:
    return f"home.{next(_numbers)}@bench.example"


@pytest.fixture
def synced(world: World, tmp_path: Path, person: str) -> Iterator[Computer]:
    """A computer whose first sync is done."""
    with computer(world, tmp_path / "here", person=person, kept=True) as one:
        one.set_up(f"Unit of {person}")
        assert one.run().outcome is RunOutcome.DONE
        yield one


def test_the_counts_are_those_of_the_accounts_and_of_the_runs(synced: Computer) -> None:
    home = synced.bench.home
    facts = home.facts(synced.cancel)
    assert facts.members == len(synced.holders())
    assert facts.new == facts.members
    assert facts.enabled is True
    assert facts.held == ()
    newest = facts.lately[0].report
    assert newest.outcome is RunOutcome.DONE
    assert newest.done.writes == facts.members
    today = home.days(14, synced.cancel)[-1]
    assert today.created == newest.done.create + newest.done.adopt
    assert synced.run().outcome is RunOutcome.DONE
    assert home.runs(RunFilter.ALL, "", 0, 50, synced.cancel).total == 2
    changes = home.runs(RunFilter.CHANGES, "", 0, 50, synced.cancel)
    assert [row.report.run_id for row in changes.rows] == [newest.run_id]
    assert changes.rows[0].names


def test_a_run_is_found_by_a_person_whom_it_wrote(synced: Computer) -> None:
    home = synced.bench.home
    name = home.runs(RunFilter.ALL, "", 0, 1, synced.cancel).rows[0].names[0]
    assert home.runs(RunFilter.ALL, name, 0, 50, synced.cancel).total == 1
    assert home.runs(RunFilter.ALL, "xylophone", 0, 50, synced.cancel).total == 0


def test_the_service_says_who_may_decide_and_who_keeps_it_in_step(
    synced: Computer, person: str
) -> None:
    unit = synced.bench.home.unit(synced.cancel)
    assert unit.may_manage
    assert "Nora Lie" in unit.owners
    account = unit.account
    assert account is not None
    assert account.state is AccountState.ACTIVE
    assert account.syncer_is_us
    assert account.syncer_person == person
    assert unit.enabled is True
    assert unit.runs[0].outcome is RunOutcome.DONE


def test_what_is_kept_reads_the_whole_directory_on_demand(synced: Computer) -> None:
    home = synced.bench.home
    health = home.health(synced.cancel)
    assert health.token is TokenState.KEPT
    assert health.read_at is not None
    synced.heard.clear()
    findings = home.test_read(synced.heard.append, synced.cancel)
    assert {finding.state for finding in findings} <= {FindingState.PASSED, FindingState.WARNING}
    read = next(finding for finding in findings if finding.id == "test-read")
    assert dict(read.facts)["people"] == health.people


def test_disconnecting_ends_it_everywhere_and_people_keep_their_accounts(
    synced: Computer,
) -> None:
    bench = synced.bench
    bench.change(replace(bench.answers, role=Role.IT))
    before = set(synced.holders())
    account = bench.answers.organization_account_id
    database = bench.engine.syncing.database(bench.answers).path
    ended = bench.home.disconnect(synced.cancel, erase=True)
    assert ended.ended_at_google
    assert ended.erased
    assert not database.exists()
    answers = bench.answers
    assert not answers.organization_account_id
    assert resume_point(answers) is StepId.GOOGLE_AUTHORIZE
    assert needs_more(answers)
    assert bench.home.unit(synced.cancel).accounts == ()
    kept = bench.engine.ground.vault(synced.cancel).names()
    assert not [name for name in kept if name.startswith(("google/", "provisioning/"))]
    assert bench.home.facts(synced.cancel).members is None
    # Connected again it is another connection, which finds everybody who has an account.
    assert synced.authorize().connection is not None
    assert bench.answers.organization_account_id != account
    assert set(synced.holders()) == before


def test_after_connecting_again_the_next_sync_takes_everybody_over_and_makes_nobody_twice(
    synced: Computer,
) -> None:
    people = len(synced.holders())
    synced.bench.home.disconnect(synced.cancel, erase=True)
    assert synced.authorize().connection is not None
    synced.preview()
    synced.save(_on)
    report = synced.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done.create == 0
    assert len(synced.holders()) == people


def _on(settings: ProvisioningSettings) -> ProvisioningSettings:
    return replace(settings, enabled=True, grace_days=0)


def test_keeping_what_was_read_keeps_past_runs_for_the_same_customer(synced: Computer) -> None:
    database = synced.bench.engine.syncing.database(synced.bench.answers).path
    assert not synced.bench.home.disconnect(synced.cancel, erase=False).erased
    assert database.exists()
    assert synced.authorize().connection is not None
    assert synced.bench.home.runs(RunFilter.ALL, "", 0, 50, synced.cancel).total == 1


def test_a_service_that_is_away_ends_nothing(synced: Computer, world: World) -> None:
    account = synced.bench.answers.organization_account_id
    world.tell("outage", {"stand_in": "account"})
    with pytest.raises(Trouble) as caught:
        synced.bench.home.disconnect(synced.cancel, erase=True)
    assert caught.value.code is Code.CONNECTION_LOST
    world.tell("outage", {"stand_in": "all", "on": False})
    assert synced.bench.answers.organization_account_id == account
    assert synced.bench.home.health(synced.cancel).token is TokenState.KEPT
    assert synced.run().outcome is RunOutcome.DONE


def test_disconnecting_twice_goes_on_where_the_first_try_stopped(synced: Computer) -> None:
    bench = synced.bench
    service = bench.engine.access.as_person(synced.cancel)
    answers = bench.answers
    service.delete_organization_account(
        answers.ou_id, answers.organization_account_id, synced.cancel
    )
    assert bench.home.disconnect(synced.cancel, erase=True).erased
    assert not bench.answers.organization_account_id


def test_authorizing_again_keeps_the_connection_and_every_link(synced: Computer) -> None:
    account = synced.bench.answers.organization_account_id
    before = synced.holders()
    assert synced.authorize().connection is not None
    assert synced.bench.answers.organization_account_id == account
    report = synced.run()
    assert (report.outcome, report.done.writes) == (RunOutcome.DONE, 0)
    assert synced.holders() == before


def test_an_erased_set_up_leaves_nothing_here_and_everything_there(
    synced: Computer, world: World, tmp_path: Path
) -> None:
    bench = synced.bench
    folder = bench.engine.ground.unit_folder(bench.answers.ou_id)
    account = bench.answers.organization_account_id
    bench.home.erase(synced.cancel)
    left = [path.name for path in folder.iterdir() if path.suffix != ".lock"]
    assert left == []
    assert not bench.answers.signed_in_as
    assert not bench.home.machine(synced.cancel).signed_in
    assert bench.engine.ground.vault(synced.cancel).names() == ()
    synced.sign_in()
    service = bench.engine.access.as_person(synced.cancel)
    units = service.organizational_units(synced.cancel)
    there = service.organization_accounts(units[0].id, synced.cancel)
    assert [one.id for one in there] == [account]
    assert there[0].syncer is None
    with computer(world, tmp_path / "other", person=synced.person.person) as other:
        other.sign_in()
        assert other.bench.home.unit(other.cancel).account is not None
