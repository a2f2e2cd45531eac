"""A sync taken back through the whole client: the service's accounts are as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import ADMIN, World, practice
from wizard.cli.commands.undo import named
from wizard.core.runs import HeldKind, PlanKind, RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.undoing import UndoView

PEOPLE = 120
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice(tmp_path / "organization", people=PEOPLE) as running:
        yield running


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    with computer(world, tmp_path / "here", person="nora.lie@undoing.example") as one:
        one.set_up("Halden Freight")
        yield one


def put(here: Computer, resource: dict[str, object]) -> None:
    here.world.tell(
        "account",
        {
            "organizational_unit_id": here.bench.answers.ou_id,
            "resource": {"schemas": [USER], **resource},
        },
    )


def dump(here: Computer) -> dict[str, dict[str, object]]:
    """Every account, every field but the version, which counts writes."""
    return {
        str(one["id"]): {key: value for key, value in one.items() if key != "version"}
        for one in here.world.lines("accounts")
    }


def look(here: Computer, run_id: str) -> UndoView:
    return here.bench.undoing.look(run_id, here.heard.append, here.cancel)


def take_back(here: Computer, run_id: str) -> RunReport:
    view = look(here, run_id)
    return here.bench.undoing.carry_out(view, view.people, here.heard.append, here.cancel)


def people_of_the_directory(here: Computer) -> list[str]:
    """Addresses of those who must have an account, the admin left out."""
    found = (str(one["address"]) for one in here.world.lines("expected"))
    return sorted(address for address in found if address != ADMIN)


def test_a_first_sync_is_taken_back_field_by_field(here: Computer) -> None:
    bob, zoe, mia = people_of_the_directory(here)[:3]
    put(here, {"userName": bob.upper(), "displayName": "Bob the Builder"})
    put(
        here,
        {
            "userName": zoe,
            "active": False,
            "name": {"givenName": "Z.", "middleName": "Q."},
            "emails": [{"value": "zoe@home.example", "type": "home", "primary": True}],
        },
    )
    put(here, {"userName": mia, "name": {"familyName": "Only"}, "title": "Captain"})
    before = dump(here)
    report = here.run()
    assert report.done.adopt == 3
    view = look(here, report.run_id)
    # The admin is protected: the account stays, and is named.
    assert (view.given_back, view.made, view.left_alone) == (3, report.done.create - 1, 1)
    back = take_back(here, report.run_id)
    assert back.outcome is RunOutcome.PARTLY, back
    after = dump(here)
    made = {key: one for key, one in after.items() if key not in before}
    assert {key: after[key] for key in before} == before
    assert len(made) == report.done.create
    assert [one["userName"] for one in made.values() if one["active"]] == [ADMIN]


def test_the_number_is_asked_for_and_nobody_is_touched_without_it(here: Computer) -> None:
    report = here.run()
    before = dump(here)
    view = look(here, report.run_id)
    assert view.asks_number
    assert view.held == ((HeldKind.LEAVE, view.deactivated),)
    with pytest.raises(Trouble) as caught:
        here.bench.undoing.carry_out(view, view.people - 1, here.heard.append, here.cancel)
    assert caught.value.code is Code.APPROVAL_OUTDATED
    assert dump(here) == before
    assert here.bench.held() == ()


def test_a_number_that_was_given_counts_where_none_is_asked_for(here: Computer) -> None:
    report = here.run()
    view = look(here, report.run_id)
    here.bench.undoing.carry_out(view, view.people, here.heard.append, here.cancel)
    taken_back = here.bench.reports(1)[0]
    assert taken_back.undoes == report.run_id
    again = replace(look(here, taken_back.run_id), held=())
    assert again.people
    assert not again.asks_number
    before = dump(here)
    with pytest.raises(Trouble) as caught:
        here.bench.undoing.carry_out(again, again.people + 1, here.heard.append, here.cancel)
    assert caught.value.code is Code.APPROVAL_OUTDATED
    assert dump(here) == before


def test_the_last_sync_is_never_a_run_that_took_one_back(here: Computer) -> None:
    report = here.run()
    assert named(here.bench, "last") == report.run_id
    view = look(here, report.run_id)
    here.bench.undoing.carry_out(view, view.people, here.heard.append, here.cancel)
    assert here.bench.reports(1)[0].undoes == report.run_id
    assert named(here.bench, "last") == report.run_id


def test_what_was_approved_is_off_where_it_could_not_begin(here: Computer) -> None:
    report = here.run()
    view = look(here, report.run_id)
    assert view.held
    here.world.tell("outage", {"stand_in": "account", "on": True})
    try:
        with pytest.raises(Trouble):
            here.bench.undoing.carry_out(view, view.people, here.heard.append, here.cancel)
    finally:
        here.world.tell("outage", {"stand_in": "account", "on": False})
    assert approvals(here) == 0
    assert take_back(here, report.run_id).done.deactivate == view.deactivated
    assert approvals(here) == 1, "the one that was used"


def approvals(here: Computer) -> int:
    with here.bench.engine.syncing.database(here.bench.answers).read() as reading:
        return reading.value(int, "SELECT count(*) FROM approval")


def test_it_can_be_taken_back_while_provisioning_is_off(here: Computer) -> None:
    here.run()
    before = dump(here)
    who = people_of_the_directory(here)[0]
    here.world.tell("rename", {"who": who, "family_name": "Mistake"})
    here.world.tell("let-go", {"who": people_of_the_directory(here)[1]})
    report = here.run()
    assert (report.done.update, report.done.deactivate) == (1, 1)
    here.save(lambda settings: replace(settings, enabled=False))
    view = look(here, report.run_id)
    assert not view.asks_number
    assert take_back(here, report.run_id).outcome is RunOutcome.DONE
    assert dump(here) == before


def test_who_changed_since_is_left_alone_by_name(here: Computer) -> None:
    here.run()
    first, second = people_of_the_directory(here)[:2]
    for who in (first, second):
        here.world.tell("rename", {"who": who, "family_name": "Mistake"})
    report = here.run()
    here.world.tell("rename", {"who": first, "family_name": "Later"})
    here.run()
    view = look(here, report.run_id)
    assert (view.changed, view.left_alone) == (1, 1)
    rows, total = here.bench.plan_rows(
        view.run_id, kinds=frozenset({PlanKind.SKIP}), search="", offset=0, limit=10
    )
    assert ([row.old_address for row in rows], total) == ([first], 1)


def test_another_computers_task_is_not_taken_back_from_here(
    here: Computer, world: World, tmp_path: Path
) -> None:
    report = here.run()
    before = dump(here)
    with computer(world, tmp_path / "there", person=here.person.person) as there:
        there.sign_in()
        assert there.authorize().connection is not None
        assert there.run(take_over=True).done.writes == 0
        with pytest.raises(Trouble) as caught:
            take_back(here, report.run_id)
    assert caught.value.code is Code.NOT_THE_SYNCER
    assert dump(here) == before


def test_the_schedule_stands_still_until_a_person_syncs(here: Computer) -> None:
    here.run()
    here.world.tell("rename", {"who": people_of_the_directory(here)[0], "family_name": "Mistake"})
    report = here.run()
    syncing = here.bench.engine.syncing
    assert syncing.taken_back() == ""
    back = take_back(here, report.run_id)
    assert syncing.taken_back() == back.run_id
    assert here.run().done.update == 1
    assert syncing.taken_back() == ""
