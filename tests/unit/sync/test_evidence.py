from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.sync.world import World
from wizard.core.cancel import Cancel
from wizard.core.directory import DirectoryUser, UserState
from wizard.core.runs import PlanCounts, PlanKind, Reason, RunOutcome
from wizard.core.settings import ScopeKind, ScopeRule
from wizard.core.trouble import Code
from wizard.providers.base import LookUp


def proofs(world: World, run_id: str) -> dict[str, str]:
    with world.database.read() as reading:
        found = reading.values(
            str,
            "SELECT user_id || ' ' || proof FROM evidence WHERE run_id = ? ORDER BY user_id",
            (run_id,),
        )
        return dict(line.split(" ") for line in found)


@pytest.fixture
def synced(world: World) -> World:
    world.directory.unit("s", "/Sales")
    world.directory.unit("x", "/External")
    world.directory.hire_many(60, unit_path="/Sales")
    world.settings = replace(world.settings, scope=ScopeRule(kind=ScopeKind.RULES, unit_ids=("s",)))
    world.first_sync()
    return world


def test_gone_suspended_archived_and_out_of_scope_are_each_proof(synced: World) -> None:
    synced.directory.let_go("u00001")
    synced.suspend("u00002")
    synced.directory.change("u00003", state=UserState.ARCHIVED)
    synced.directory.change("u00004", unit_path="/External")
    report = synced.run()
    assert report.done == PlanCounts(deactivate=4)
    assert proofs(synced, report.run_id) == {
        "u00001": "gone",
        "u00002": "suspended",
        "u00003": "archived",
        "u00004": "out-of-scope",
    }


def test_every_leaver_is_looked_up_by_id_and_nobody_else(synced: World) -> None:
    synced.directory.let_go("u00001")
    synced.suspend("u00002")
    synced.directory.looked_up.clear()
    synced.run()
    assert synced.directory.looked_up == ["u00001", "u00002"]
    synced.directory.looked_up.clear()
    synced.run()
    assert synced.directory.looked_up == []


def test_people_held_by_the_guard_are_not_even_looked_up(synced: World) -> None:
    synced.suspend(*(f"u{number:05}" for number in range(10)))
    synced.directory.looked_up.clear()
    assert synced.run().outcome is RunOutcome.STOPPED_BY_GUARD
    assert synced.directory.looked_up == []


@pytest.mark.parametrize(
    "refused",
    [Code.DIRECTORY_FORBIDDEN, Code.SERVICE_UNAVAILABLE, Code.OTHER_CUSTOMER, Code.TIMED_OUT],
)
def test_a_look_up_without_an_answer_proves_nothing(synced: World, refused: Code) -> None:
    synced.suspend("u00002")
    synced.directory.hire("new", unit_path="/Sales")
    synced.directory.look_up_trouble = refused
    report = synced.run()
    assert report.outcome is RunOutcome.PARTLY
    assert report.trouble is Code.LEAVERS_UNPROVEN
    assert dict(report.trouble_facts) == {"people": "1"}
    assert report.done == PlanCounts(create=1)
    row = synced.rows(report.run_id)["u00002"]
    assert (row.kind, row.reason) == (PlanKind.SKIP, Reason.NO_EVIDENCE)
    assert proofs(synced, report.run_id) == {"u00002": "none"}
    assert "u00002" in synced.service.active_ids()


def test_somebody_who_is_there_when_asked_for_is_not_taken_for_gone(synced: World) -> None:
    synced.directory.hidden = {"u00001"}
    report = synced.run()
    assert report.done.deactivate == 0
    assert synced.rows(report.run_id)["u00001"].reason is Reason.NO_EVIDENCE


def test_somebody_moved_back_between_read_and_look_up_stays(
    synced: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced.directory.change("u00004", unit_path="/External")
    read: DirectoryUser = synced.directory.people["u00004"]
    look_up = synced.directory.look_up

    def moved_back(user_id: str, cancel: Cancel) -> LookUp:
        synced.directory.people[user_id] = replace(read, unit_path="/Sales")
        return look_up(user_id, cancel)

    monkeypatch.setattr(synced.directory, "look_up", moved_back)
    report = synced.run()
    assert report.outcome is RunOutcome.PARTLY
    assert "u00004" in synced.service.active_ids()
    monkeypatch.undo()
    assert synced.run().planned == PlanCounts(unchanged=60)


def test_after_ten_refusals_in_a_row_the_rest_is_not_asked_for(world: World) -> None:
    world.directory.hire_many(300)
    world.first_sync()
    world.suspend(*(f"u{number:05}" for number in range(15)))
    world.directory.look_up_trouble = Code.DIRECTORY_FORBIDDEN
    world.directory.looked_up.clear()
    report = world.run()
    assert len(world.directory.looked_up) == 10
    assert report.outcome is RunOutcome.PARTLY
    assert len(world.service.active_ids()) == 300
