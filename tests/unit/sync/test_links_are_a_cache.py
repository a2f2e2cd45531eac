"""What somebody changed at the service is seen before an account is changed, not a week later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.sync.world import DOMAIN, World
from wizard.accounts.base import Account
from wizard.core.cancel import Cancel
from wizard.core.runs import PlanCounts, PlanKind, Reason, RunOutcome
from wizard.core.trouble import Code
from wizard.sync.match import LOOK_UP_AT_MOST


@pytest.fixture
def synced(world: World) -> World:
    """Forty people in step."""
    world.directory.hire_many(40)
    world.first_sync()
    world.service.calls.clear()
    world.service.written.clear()
    return world


def _edit(
    world: World,
    user_id: str,
    *,
    external_id: str | None = None,
    active: bool = True,
    is_owner: bool = False,
) -> Account:
    """Somebody changes an account by hand; as it is then."""
    account = world.service.of(user_id)
    assert account is not None
    external = account.external_id if external_id is None else external_id
    edited = replace(account, external_id=external, active=active, is_owner=is_owner)
    world.service.store[account.id] = edited
    return edited


class _Counting(list[str]):
    """What a service was asked; stops whoever asks on and on."""

    def __init__(self, cancel: Cancel, most: int) -> None:
        super().__init__()
        self._cancel, self._most = cancel, most

    def append(self, call: str) -> None:
        super().append(call)
        if len(self) > self._most:
            self._cancel.stop()


def _stopped_after(world: World, *, requests: int) -> Cancel:
    cancel = Cancel()
    world.service.calls = _Counting(cancel, requests)
    return cancel


def test_an_account_without_its_external_id_is_nobodys_and_stays_when_the_person_leaves(
    synced: World,
) -> None:
    taken_out = _edit(synced, "u00001", external_id="")
    synced.suspend("u00001")
    seen = synced.preview()
    assert seen.counts.deactivate == 0
    report = synced.run()
    assert (report.outcome, report.planned.writes) == (RunOutcome.DONE, 0)
    assert synced.service.store[taken_out.id] == taken_out
    assert synced.service.written == []


def test_an_account_that_another_directory_took_stays_when_the_person_leaves(
    synced: World,
) -> None:
    given_away = _edit(synced, "u00001", external_id="elsewhere:C1:7")
    synced.suspend("u00001")
    assert synced.run().done == PlanCounts()
    assert synced.service.store[given_away.id] == given_away


def test_a_leaver_whose_account_became_an_owners_keeps_it(synced: World) -> None:
    _edit(synced, "u00001", is_owner=True)
    synced.suspend("u00001")
    report = synced.run()
    assert report.done == PlanCounts()
    assert synced.rows(report.run_id)["u00001"].kind is PlanKind.SKIP
    assert "u00001" in synced.service.active_ids()


def test_a_leaver_whom_somebody_switched_off_already_needs_nothing(synced: World) -> None:
    _edit(synced, "u00001", active=False)
    synced.suspend("u00001")
    report = synced.run()
    assert (report.outcome, report.planned.writes) == (RunOutcome.DONE, 0)


def test_somebody_whose_name_changed_gets_back_the_account_that_lost_its_external_id(
    synced: World,
) -> None:
    bare = _edit(synced, "u00001", external_id="")
    synced.directory.change("u00001", family="Married")
    report = synced.run()
    assert report.done == PlanCounts(adopt=1)
    after = synced.service.of("u00001")
    assert after is not None
    assert (after.id, after.family_name) == (bare.id, "Married")


def test_an_account_that_another_directory_took_is_no_longer_changed(synced: World) -> None:
    taken = _edit(synced, "u00001", external_id="elsewhere:C1:7")
    synced.directory.change("u00001", family="Married")
    report = synced.run()
    assert synced.rows(report.run_id)["u00001"].reason is Reason.ACCOUNT_CLAIMED
    assert synced.service.store[taken.id] == taken


def test_few_are_looked_up_many_are_listed_and_nobody_twice_in_a_run(synced: World) -> None:
    synced.directory.change("u00001", family="Married")
    synced.run()
    assert synced.service.calls == ["by-external-id", "write"]
    synced.service.calls.clear()
    for number in range(LOOK_UP_AT_MOST + 1):
        synced.directory.change(f"u{number:05}", family="Another")
    report = synced.run()
    assert report.done == PlanCounts(update=LOOK_UP_AT_MOST + 1)
    assert synced.service.calls == ["list"] * 4 + ["write"] * 2
    synced.service.calls.clear()
    assert synced.run().planned.writes == 0
    assert synced.service.calls == []


def test_without_a_list_everyone_is_looked_up_also_who_is_new(synced: World) -> None:
    there = synced.service.has(f"new@{DOMAIN}")
    synced.directory.hire("new")
    for number in range(LOOK_UP_AT_MOST + 1):
        synced.directory.change(f"u{number:05}", family="Another")
    _edit(synced, "u00001", external_id="")
    synced.service.list_trouble = Code.REQUEST_REFUSED
    report = synced.run()
    assert report.outcome is RunOutcome.DONE
    assert report.done == PlanCounts(adopt=2, update=LOOK_UP_AT_MOST)
    assert synced.service.store[there.id].external_id.endswith(":new")


def test_nothing_is_changed_while_the_accounts_can_not_be_looked_at(synced: World) -> None:
    synced.suspend("u00001")
    synced.service.look_up_trouble = Code.SERVICE_UNAVAILABLE
    report = synced.run()
    assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.SERVICE_UNAVAILABLE)
    assert "u00001" in synced.service.active_ids()


def test_a_list_that_fails_is_asked_for_once_however_often_the_plan_changes(world: World) -> None:
    many = 3 * LOOK_UP_AT_MOST
    world.directory.hire_many(2 * many)
    world.first_sync()
    world.service.calls.clear()
    everybody = sorted(world.directory.people)
    leavers, successors = everybody[:many], everybody[many:]
    for leaver, successor in zip(leavers, successors, strict=True):
        account = world.service.of(leaver)
        assert account is not None
        world.service.store[account.id] = replace(account, address=f"was-{account.address}")
        world.directory.change(successor, address=account.address)
        world.directory.change(leaver, address=f"gone-{account.address}")
    world.suspend(*leavers)
    world.service.list_trouble = Code.TIMED_OUT
    seen = world.preview(_stopped_after(world, requests=20 * many))
    assert world.service.calls.count("list") == 1
    assert (seen.counts.deactivate, seen.counts.update) == (many, many)


def _twice(world: World, user_id: str) -> None:
    """Somebody gives the externalId of a person to a second account."""
    account = world.service.of(user_id)
    assert account is not None
    world.service.has(f"second.{account.address}", external_id=account.external_id)


def test_one_person_with_two_accounts_holds_up_nobody_else_while_no_list_can_be_had(
    synced: World,
) -> None:
    _twice(synced, "u00001")
    synced.directory.change("u00001", family="Married")
    synced.directory.change("u00002", family="Married")
    synced.directory.hire("new")
    synced.service.list_trouble = Code.TIMED_OUT
    report = synced.run()
    assert (report.outcome, report.done) == (RunOutcome.DONE, PlanCounts(create=1, update=1))
    assert synced.service.calls.count("list") == 1
    row = synced.rows(report.run_id)["u00001"]
    assert (row.kind, row.reason) == (PlanKind.PROBLEM, Reason.CLAIMED_TWICE)


def test_a_leaver_with_two_accounts_keeps_both_until_a_list_tells_which_is_whose(
    synced: World,
) -> None:
    _twice(synced, "u00001")
    synced.suspend("u00001")
    synced.suspend("u00002")
    synced.service.list_trouble = Code.TIMED_OUT
    report = synced.run()
    assert report.done == PlanCounts(deactivate=1)
    row = synced.rows(report.run_id)["u00001"]
    assert (row.kind, row.reason) == (PlanKind.PROBLEM, Reason.CLAIMED_TWICE)
    assert "u00001" in synced.service.active_ids()
    synced.service.list_trouble = None
    assert synced.run().done == PlanCounts(deactivate=1)
