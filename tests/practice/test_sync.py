"""Whole runs of the sync between the practice organization's directory and its accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.account_world import account_fault, accounts_at_the_service, lease_of
from tests.practice.sync_world import Connected, connected_ends, expected_ids
from wizard.core.cancel import Cancel
from wizard.core.runs import PlanCounts, PlanKind, RunOutcome, Trigger
from wizard.core.trouble import Code
from wizard.sync.cycle import run
from wizard.sync.plan_view import plan_rows

PEOPLE = 260


@pytest.fixture
def connected(tmp_path: Path) -> Iterator[Connected]:
    with connected_ends(tmp_path, PEOPLE) as ends:
        yield ends


def test_a_set_up_ends_exact_and_goes_on_with_one_write_a_change(connected: Connected) -> None:
    world = connected.world
    summary = connected.preview()
    assert summary.held == ()
    before = accounts_at_the_service(world)
    report = connected.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done.writes == summary.counts.writes
    adopted = {key for key, one in accounts_at_the_service(world).items() if one["externalId"]}
    assert report.done.adopt == len(adopted & set(before)) > 0
    assert set(before) <= set(accounts_at_the_service(world))
    connected.is_exact()

    again = connected.run()
    assert (again.outcome, again.planned.writes) == (RunOutcome.DONE, 0)

    (leaver,) = world.tell("let-go", {"count": 1})["people"]
    world.tell("hire", {"given_name": "Nora", "family_name": "Ny"})
    world.tell("rename", {"who": "kari.nilsen@nordby.example", "family_name": "Vik"})
    report = connected.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done == PlanCounts(create=1, update=1, deactivate=1)
    assert leaver["id"] not in expected_ids(world)
    connected.is_exact()


def test_a_lost_database_comes_back_from_the_external_ids(connected: Connected) -> None:
    connected.preview()
    connected.run()
    before = accounts_at_the_service(connected.world)
    connected.forget_everything()
    report = connected.run()
    assert report.outcome is RunOutcome.DONE
    assert report.planned.writes == 0
    assert accounts_at_the_service(connected.world) == before


@pytest.mark.parametrize("action", ["drop", "lose-answer"])
def test_a_connection_lost_while_writing_doubles_nobody(connected: Connected, action: str) -> None:
    connected.preview()
    for nth in (1, 2):
        account_fault(connected.world, action=action, path_prefix="/v1", method="POST", nth=nth)
    report = connected.run()
    assert report.outcome is RunOutcome.DONE
    connected.is_exact()


def test_a_preview_can_not_write_even_if_it_wanted_to(connected: Connected) -> None:
    before = accounts_at_the_service(connected.world)
    connected.preview()
    report = run(
        connected.parts(connected.looking),
        connected.settings,
        Trigger.COMMAND,
        Cancel(),
        lambda _: None,
    )
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.WRITE_BEHIND_WALL)
    assert accounts_at_the_service(connected.world) == before


def test_a_run_without_the_lease_writes_nothing(connected: Connected) -> None:
    connected.preview()
    service = connected.client.service()
    lease_of(service, connected.ou, connected.account, "another-computer")(take_over=True)
    before = accounts_at_the_service(connected.world)
    report = connected.run()
    assert report.outcome is RunOutcome.NOT_THE_SYNCER
    assert accounts_at_the_service(connected.world) == before


def test_an_empty_directory_and_another_customers_remove_nobody(connected: Connected) -> None:
    connected.preview()
    connected.run()
    before = accounts_at_the_service(connected.world)
    connected.world.tell("empty-directory", {"on": True})
    assert connected.run().trouble is Code.READ_EMPTY
    connected.world.tell("empty-directory", {"on": False})
    connected.world.tell("swap-customer", {"on": True})
    assert connected.run().trouble is Code.OTHER_CUSTOMER
    connected.world.tell("swap-customer", {"on": False})
    assert accounts_at_the_service(connected.world) == before
    assert connected.run().planned.writes == 0


def test_people_suspended_in_google_are_skipped_with_the_reason(connected: Connected) -> None:
    summary = connected.preview()
    rows, _ = plan_rows(
        connected.database,
        summary.run_id,
        kinds=frozenset({PlanKind.SKIP}),
        search="",
        offset=0,
        limit=100,
    )
    assert {row.reason.value for row in rows} == {"suspended", "archived"}
