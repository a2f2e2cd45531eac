"""The owner's part against the practice organization: a unit, invitations, people who accept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.account_world import account_fault
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice, quiet_session
from wizard.accounts.base import Role as UnitRole
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role
from wizard.services.contract.inviting import InvitedState, InvitedView


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("practice"), people=20) as running:
        yield running


@pytest.fixture
def owner(world: World, tmp_path: Path) -> Iterator[Computer]:
    """Somebody who has just signed up and made a unit."""
    with computer(world, tmp_path / "owner", person=f"{secrets.token_hex(4)}@else.example") as one:
        one.bench.change(replace(one.bench.answers, role=Role.OWNER))
        one.sign_up("Nora Freight")
        yield one


def new_addresses(count: int) -> list[str]:
    mark = secrets.token_hex(4)
    return [f"it{number}.{mark}@else.example" for number in range(count)]


def accept(world: World, address: str, name: str = "Tomasz Wilk") -> None:
    """Find the letter in the outbox, and sign up behind its link."""
    browser = quiet_session()
    letters = browser.get(f"{world.pages}/outbox").text.split("<article>")
    (letter,) = [one for one in letters if f"<dd>{address}</dd>" in one]
    found = re.search(r'href="(/invitations/[^"]+)"', letter)
    assert found is not None
    form = {"name": name, "password": "a fairly long one"}
    done = browser.post(f"{world.pages}{found[1]}/signup", data=form)
    assert done.status_code == 200, done.text


def people(owner: Computer) -> dict[str, InvitedView]:
    view = owner.bench.inviting.look(Cancel())
    return {one.address: one for one in view.people}


def test_a_long_list_is_invited_and_one_who_accepts_is_seen_with_their_name(
    world: World, owner: Computer
) -> None:
    addresses = new_addresses(25)
    result = owner.bench.inviting.invite(addresses, Cancel())
    assert set(result.sent) == set(addresses)
    assert owner.bench.answers.invited == 25
    accept(world, addresses[3])
    told = people(owner)
    assert told[addresses[3]].state is InvitedState.ACCEPTED
    assert told[addresses[3]].name == "Tomasz Wilk"
    assert told[addresses[3]].accepted_at is not None
    assert told[addresses[4]].state is InvitedState.PENDING
    assert owner.bench.answers.invited == 25


def test_the_person_here_is_a_member_already(owner: Computer) -> None:
    me = owner.bench.answers.signed_in_as
    result = owner.bench.inviting.invite([me], Cancel())
    assert (result.sent, result.members) == ((), (me,))
    assert owner.bench.answers.invited == 0


def test_revoking_expiring_and_sending_again(world: World, owner: Computer) -> None:
    first, second = new_addresses(2)
    owner.bench.inviting.invite([first, second], Cancel())
    ids = {address: one.id for address, one in people(owner).items()}
    view = owner.bench.inviting.revoke(ids[first], Cancel())
    assert {one.address: one.state for one in view.people}[first] is InvitedState.REVOKED
    assert owner.bench.answers.invited == 1
    quiet_session().post(f"{world.pages}/outbox/expire", data={"invitation": ids[second]})
    assert people(owner)[second].state is InvitedState.EXPIRED
    assert owner.bench.answers.invited == 0
    owner.bench.inviting.resend(ids[second], Cancel())
    assert people(owner)[second].state is InvitedState.PENDING
    with pytest.raises(Trouble) as caught:
        owner.bench.inviting.resend(ids[first], Cancel())
    assert caught.value.code is Code.INVITATION_CLOSED
    owner.bench.inviting.invite([first], Cancel())
    assert people(owner)[first].state is InvitedState.PENDING
    assert owner.bench.answers.invited == 2


def test_answers_that_are_lost_on_the_way_invite_nobody_twice(
    world: World, owner: Computer
) -> None:
    address = new_addresses(1)[0]
    account_fault(
        world, method="POST", path_prefix="/v1/organizational_units", nth=1, action="lose-answer"
    )
    try:
        result = owner.bench.inviting.invite([address], Cancel())
    finally:
        world.tell("clear-faults")
    assert result.sent == (address,)
    letters = quiet_session().get(f"{world.pages}/outbox").text
    assert letters.count(f"<dd>{address}</dd>") == 1


def test_a_service_that_fails_after_the_first_twenty_leaves_the_rest_for_later(
    world: World, owner: Computer
) -> None:
    addresses = new_addresses(30)
    # The first call is answered, the second one and all its repetitions are not.
    faults = [
        {
            "stand_in": "account",
            "method": "POST",
            "path_prefix": "/v1/organizational_units",
            "nth": nth,
            "action": "status",
            "status": 503,
        }
        for nth in range(2, 8)
    ]
    world.tell("faults", faults)
    try:
        result = owner.bench.inviting.invite(addresses, Cancel())
    finally:
        world.tell("clear-faults")
    assert set(result.sent) == set(addresses[:20])
    assert result.left == tuple(addresses[20:])
    assert result.trouble is not None
    assert result.trouble.code is Code.SERVICE_UNAVAILABLE
    assert owner.bench.answers.invited == 20
    owner.bench.inviting.invite(result.left, Cancel())
    assert owner.bench.answers.invited == 30


def test_who_accepted_may_set_up_and_a_mere_member_is_told_who_could(
    world: World, owner: Computer, tmp_path: Path
) -> None:
    address = new_addresses(1)[0]
    owner.bench.inviting.invite([address], Cancel())
    with ExitStack() as stack:
        it = stack.enter_context(computer(world, tmp_path / "it", person=address))
        it.browser.manners = it.person
        it.bench.sign_in(it.heard.append, it.cancel, create=True)
        assert it.bench.answers.ou_name == "Nora Freight"
        member = f"{secrets.token_hex(4)}@else.example"
        unit = owner.bench.answers.ou_id
        service = owner.bench.engine.access.as_person(Cancel())
        service.invite(unit, [member], Cancel(), role=UnitRole.MEMBER)
        other = stack.enter_context(computer(world, tmp_path / "member", person=member))
        other.browser.manners = other.person
        view = other.bench.sign_in(other.heard.append, other.cancel, create=True)
        (shown,) = view.units
        assert not shown.manageable
        assert f"Nora Lie ({owner.bench.answers.signed_in_as})" in shown.owners
        assert not other.bench.answers.ou_id


def test_signing_in_again_keeps_who_was_invited(owner: Computer) -> None:
    owner.bench.inviting.invite(new_addresses(2), Cancel())
    owner.bench.change(replace(owner.bench.answers, handed_over=True))
    owner.bench.signed_in(Cancel())
    assert owner.bench.answers.invited == 2
    assert owner.bench.answers.handed_over
