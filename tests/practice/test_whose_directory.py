"""Whose directory it is: asked before anything is made, where nothing tells that it is theirs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import OTHER_ADMIN, OWNER, World, practice
from wizard.accounts.base import OrganizationAccount
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import AuthorizedView, BrowserWaiting, FindingState

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: accounts are counted and faults made."""
    with practice(tmp_path_factory.mktemp("organization"), people=60) as running:
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


def revocations(here: Computer) -> int:
    return int(here.world.ask("counts")["google"]["by_path"].get("POST /revoke", 0))


def asked(here: Computer) -> AuthorizedView:
    """The admin of another company signed in at Google, and nobody has said yes yet."""
    here.browser.manners = replace(here.admin, person=OTHER_ADMIN)
    return here.bench.authorize(here.heard.append, here.cancel)


def connections(here: Computer) -> list[OrganizationAccount]:
    service = here.bench.engine.access.as_person(here.cancel)
    return list(service.organization_accounts(here.bench.answers.ou_id, here.cancel))


def test_a_directory_of_another_domain_is_asked_about_before_anything_is_made(
    here: Computer, person: str
) -> None:
    here.sign_up("Unit")
    before = here.bench.answers
    here.world.tell("reset-counts")
    view = asked(here)
    assert (view.needs_confirmation, view.domain) == (True, "fjordline.example")
    assert view.connection is None
    told = {finding.id: finding for finding in view.findings}
    assert told["domain"].state is FindingState.WARNING
    assert dict(told["domain"].facts) == {"domain": "fjordline.example", "person": person}
    assert "test-read" not in told
    assert connections(here) == []
    assert here.bench.answers == before
    assert revocations(here) == 0


def test_a_yes_goes_on_with_the_same_authorization_and_without_the_browser(
    here: Computer,
) -> None:
    here.sign_up("Unit")
    asked(here)
    here.heard.clear()
    view = here.bench.connect_anyway(here.heard.append, here.cancel)
    assert view.connection is not None
    assert view.connection.domain == "fjordline.example"
    assert view.people > 0
    assert [found.id for found in here.findings()] == ["test-read"]
    assert not any(isinstance(event, BrowserWaiting) for event in here.heard)
    assert here.bench.answers.authorized_as == OTHER_ADMIN
    assert [one.domain for one in connections(here)] == ["fjordline.example"]
    assert here.preview().counts.in_scope > 0


def test_a_no_ends_the_authorization_at_google_and_leaves_nothing(here: Computer) -> None:
    here.sign_up("Unit")
    asked(here)
    here.world.tell("reset-counts")
    here.bench.decline_connection(here.cancel)
    here.bench.decline_connection(here.cancel)
    assert revocations(here) == 1
    assert connections(here) == []
    assert here.bench.answers.customer_id == ""
    with pytest.raises(Trouble) as caught:
        here.bench.connect_anyway(here.heard.append, here.cancel)
    assert caught.value.code is Code.SIGN_IN_NEEDED
    assert here.authorize().connection is not None
    assert [one.domain for one in connections(here)] == ["nordby.example"]


def test_signing_in_with_another_account_is_a_no_to_the_first(here: Computer) -> None:
    here.sign_up("Unit")
    asked(here)
    here.world.tell("reset-counts")
    assert here.authorize().connection is not None
    assert revocations(here) == 1
    assert [one.domain for one in connections(here)] == ["nordby.example"]


def test_a_yes_for_one_unit_connects_no_other(here: Computer) -> None:
    here.sign_up("Unit")
    asked(here)
    here.bench.create_unit("Another", here.cancel)
    here.world.tell("reset-counts")
    with pytest.raises(Trouble) as caught:
        here.bench.connect_anyway(here.heard.append, here.cancel)
    assert caught.value.code is Code.SIGN_IN_NEEDED
    assert revocations(here) == 1
    assert connections(here) == []


def test_a_yes_that_did_not_get_through_can_be_said_again(here: Computer) -> None:
    here.sign_up("Unit")
    asked(here)
    path = f"/v1/organizational_units/{here.bench.answers.ou_id}/organization_accounts"
    here.world.tell(
        "faults",
        [{"stand_in": "account", "method": "POST", "path_prefix": path, "status": 403}],
    )
    with pytest.raises(Trouble):
        here.bench.connect_anyway(here.heard.append, here.cancel)
    here.world.tell("clear-faults")
    assert connections(here) == []
    assert here.bench.connect_anyway(here.heard.append, here.cancel).connection is not None


def test_an_owner_of_the_directorys_own_domain_is_asked_nothing(
    world: World, tmp_path: Path
) -> None:
    with computer(world, tmp_path / "owner", person=OWNER) as owner:
        owner.sign_in()
        owner.bench.create_unit("Of the owner", owner.cancel)
        owner.browser.manners = owner.admin
        view = owner.bench.authorize(owner.heard.append, owner.cancel)
    assert not view.needs_confirmation
    assert view.connection is not None
    states = {finding.id: finding.state for finding in view.findings}
    assert states["domain"] is FindingState.PASSED
