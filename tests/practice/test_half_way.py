"""What breaks half-way, or is cancelled there, leaves nobody and nothing behind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import PASSWORD, Computer, computer
from tests.practice.visitor import World, practice
from wizard.accounts.base import OrganizationAccount, Person
from wizard.accounts.enterprise_connect.service import EnterpriseConnect
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import FindingView
from wizard.services.scripted_browser import Manners
from wizard.services.sign_in import browser_flow

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("organization"), people=30) as running:
        yield running


@pytest.fixture
def here(world: World, tmp_path: Path) -> Iterator[Computer]:
    person = f"liv.moe.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "here", person=person) as one:
        yield one


@pytest.fixture
def synced(here: Computer) -> Computer:
    here.set_up(f"Unit of {here.person.person}")
    assert here.run().outcome is RunOutcome.DONE
    return here


def stranger(computer: Computer) -> None:
    """Whoever comes to the browser now has nothing to do with this unit."""
    person = f"sam.berg.{next(_numbers)}@bench.example"
    computer.browser.manners = Manners(person=person, password=PASSWORD, name="Sam Berg")


def revocations(computer: Computer) -> int:
    return int(computer.world.ask("counts")["google"]["by_path"].get("POST /revoke", 0))


# ------------------------------------------------------------------ signing in


def test_a_sign_in_that_breaks_half_way_leaves_no_stranger_signed_in(
    synced: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: EnterpriseConnect, cancel: Cancel) -> Person:
        raise Trouble(Code.CONNECTION_LOST)

    bench = synced.bench
    known = bench.answers
    stranger(synced)
    with monkeypatch.context() as broken:
        broken.setattr(EnterpriseConnect, "me", lost)
        with pytest.raises(Trouble) as caught:
            bench.sign_in(synced.heard.append, synced.cancel, create=True)
    assert caught.value.code is Code.CONNECTION_LOST
    service = bench.engine.access.as_person(synced.cancel)
    assert service.me(synced.cancel).address == known.signed_in_as
    assert synced.run().outcome is RunOutcome.DONE


def test_who_is_signed_in_does_not_decide_whether_the_sync_runs(synced: Computer) -> None:
    """Somebody who is an owner no longer, or who never was, may not know who the owners are."""
    engine = synced.bench.engine
    stranger(synced)
    flow = browser_flow(engine.ground, synced.heard.append)
    engine.access.sign_in(flow, synced.cancel, create=True, check=lambda _service, _cancel: None)
    assert synced.run().outcome is RunOutcome.DONE


# ------------------------------------------------------------------ authorizing


def test_a_cancel_while_it_is_checked_ends_the_authorization_at_google(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell("reset-counts")

    def enough(event: object) -> None:
        if isinstance(event, FindingView):
            here.cancel.stop()

    here.browser.manners = here.admin
    with pytest.raises(Trouble) as caught:
        here.bench.authorize(enough, here.cancel)
    assert caught.value.code is Code.CANCELLED
    assert revocations(here) == 1


def test_a_yes_that_is_cancelled_ends_the_authorization_at_google(here: Computer) -> None:
    here.sign_up("Unit")
    here.world.tell("reset-counts")
    here.browser.manners = here.admin
    assert here.bench.authorize(here.heard.append, here.cancel).needs_confirmation
    assert revocations(here) == 0
    with pytest.raises(Trouble) as caught:
        here.bench.connect_anyway(lambda _event: here.cancel.stop(), here.cancel)
    assert caught.value.code is Code.CANCELLED
    assert revocations(here) == 1


def test_a_cancel_while_it_is_connected_is_heard_once_it_is_kept(
    here: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = EnterpriseConnect.create_organization_account

    def create(
        self: EnterpriseConnect, *args: object, cancel: Cancel, **more: object
    ) -> OrganizationAccount:
        here.cancel.stop()
        cancel.check()
        return real(self, *args, cancel=cancel, **more)  # type: ignore[arg-type] # handed on

    here.sign_up("Unit")
    here.world.tell("reset-counts")
    monkeypatch.setattr(EnterpriseConnect, "create_organization_account", create)
    with pytest.raises(Trouble) as caught:
        here.authorize()
    assert caught.value.code is Code.CANCELLED
    answers = here.bench.answers
    fresh = Cancel()
    service = here.bench.engine.access.as_person(fresh)
    (made,) = service.organization_accounts(answers.ou_id, fresh)
    assert made.id == answers.organization_account_id
    assert here.bench.engine.access.directory.may_read(answers, answers.customer_id, fresh)
    assert revocations(here) == 0


# ------------------------------------------------------------------ telling of runs


def test_a_new_connection_has_none_of_the_runs_of_the_one_before(
    synced: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(
        self: EnterpriseConnect, ou: str, account: str, report: RunReport, cancel: Cancel
    ) -> None:
        raise Trouble(Code.SERVICE_UNAVAILABLE)

    bench = synced.bench
    with monkeypatch.context() as broken:
        broken.setattr(EnterpriseConnect, "report_run", away)
        assert not synced.run().told
    bench.home.disconnect(synced.cancel, erase=False)
    synced.authorize()
    synced.preview()
    synced.save(lambda settings: replace(settings, enabled=True))
    last = synced.run()
    answers = bench.answers
    service = bench.engine.access.as_person(synced.cancel)
    told = service.sync_runs(answers.ou_id, answers.organization_account_id, synced.cancel)
    assert [run.run_id for run in told] == [last.run_id]
