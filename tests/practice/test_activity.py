"""Activity against the practice organization: what could not begin, and what others did."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.account_world import account_fault
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.home import RunFilter, RunRow

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("activity-organization"), people=40) as running:
        yield running


@pytest.fixture
def here(organization: World, tmp_path: Path) -> Iterator[Computer]:
    """A computer whose first sync is done."""
    organization.tell("clear-faults")
    person = f"activity.{next(_numbers)}@bench.example"
    with computer(organization, tmp_path / "here", person=person) as one:
        one.set_up(f"Unit of {person}")
        assert one.run().outcome is RunOutcome.DONE
        yield one
    organization.tell("clear-faults")


@pytest.fixture
def watcher(here: Computer, organization: World, tmp_path: Path) -> Iterator[Computer]:
    """Another computer of the same person, on which nothing is connected."""
    with computer(organization, tmp_path / "there", person=here.person.person) as one:
        one.sign_in()
        answers = one.bench.answers
        assert answers.unit_seen == here.bench.answers.ou_id
        one.bench.change(replace(answers, organization_account_id=""))
        yield one


def listed(one: Computer, wanted: RunFilter = RunFilter.ALL, search: str = "") -> list[RunRow]:
    page = one.bench.home.runs(wanted, search, 0, 50, one.cancel)
    assert page.total == len(page.rows)
    return list(page.rows)


def test_a_run_that_the_service_keeps_from_beginning_is_in_the_list(
    here: Computer, organization: World
) -> None:
    account_fault(organization, path_prefix="/v1/", status=503, times=0)
    with pytest.raises(Trouble):
        here.run()
    with pytest.raises(Trouble) as raised:
        here.run()
    organization.tell("clear-faults")
    first, second = listed(here)
    assert first.report.trouble is raised.value.code
    assert dict(first.report.trouble_facts)
    assert (first.tries, second.tries) == (2, 0)
    assert listed(here, RunFilter.PROBLEMS) == [first]
    here.restart()
    here.sign_in()


def test_a_run_without_an_authorization_is_in_the_list_and_the_next_one_goes_on(
    here: Computer,
) -> None:
    # Kept in memory only: what Google allowed ends with the program.
    here.restart()
    here.sign_in()
    with pytest.raises(Trouble) as raised:
        here.run()
    assert raised.value.code is Code.SIGN_IN_NEEDED
    assert listed(here)[0].report.trouble is Code.SIGN_IN_NEEDED
    assert here.authorize().connection is not None
    assert here.run().outcome is RunOutcome.DONE
    assert [row.tries for row in listed(here)] == [0, 1, 0]


def test_who_only_watches_sees_the_runs_of_the_computer_that_syncs(
    here: Computer, watcher: Computer, tmp_path: Path
) -> None:
    assert here.run().outcome is RunOutcome.DONE
    home = watcher.bench.home
    assert listed(watcher) == []
    assert home.ask_runs(watcher.cancel) == 2
    rows = listed(watcher)
    assert [row.report.run_id for row in rows] == [row.report.run_id for row in listed(here)]
    host = here.bench.engine.ground.installation.host
    assert {row.host for row in rows} == {host}
    assert all(row.elsewhere for row in rows)
    first = rows[-1].report
    assert first.done.writes == len(here.holders())
    assert listed(watcher, RunFilter.CHANGES) == [rows[-1]]
    assert listed(watcher, search=host) == rows
    today = home.days(14, watcher.cancel)[-1]
    assert today.created == first.done.create + first.done.adopt
    target = tmp_path / "activity.csv"
    assert home.save_runs(RunFilter.ALL, "", target, watcher.cancel) == 2
    assert target.read_text(encoding="utf-8-sig").count(host) == 2


def test_what_this_computer_did_itself_is_not_told_twice(here: Computer) -> None:
    assert here.bench.home.ask_runs(here.cancel) == 0
    assert [row.elsewhere for row in listed(here)] == [False]
