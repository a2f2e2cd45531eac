"""Inviting: long lists, lists that get through in part, and what is known afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.fake_service import FakeService
from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import (
    AccountService,
    Capability,
    Invitation,
    InvitationStatus,
    InviteOutcome,
    Member,
    Role,
    Support,
)
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.flow.steps import STEPS, Leave
from wizard.services.contract.inviting import InvitedState
from wizard.services.inviting import Inviting, people_of
from wizard.services.setup import SetUp

ME = "ingrid@nordby.example"


class StrictService(FakeService):
    """Refuses a whole call for one address that it does not like, as the contract allows."""

    def invite(
        self, ou: str, addresses: Sequence[str], cancel: Cancel, *, role: Role = Role.OWNER
    ) -> InviteOutcome:
        if any("ø" in one for one in addresses):
            raise Trouble(Code.REQUEST_REFUSED, problem="invalid-request")
        return super().invite(ou, addresses, cancel, role=role)


class World:
    def __init__(self, folder: Path, service: FakeService) -> None:
        self.service = service
        self.set_up = SetUp(folder, HandClock())
        self.set_up.change(
            replace(self.set_up.answers, ou_id="ou-1", ou_name="Nordby", signed_in_as=ME)
        )
        self.service.owners = [Member(id="m", address=ME, name="Ingrid Dal", role=Role.OWNER)]
        self.inviting = Inviting(self.set_up, self, self.service.clock)

    def as_person(self, cancel: Cancel) -> AccountService:
        cancel.check()
        return cast("AccountService", self.service)

    @property
    def invited(self) -> int:
        return self.set_up.answers.invited

    def addresses(self, count: int) -> list[str]:
        return [f"person{number}@nordby.example" for number in range(count)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, FakeService())


def test_a_long_list_goes_out_in_calls_of_twenty(world: World) -> None:
    result = world.inviting.invite(world.addresses(45), Cancel())
    assert [len(call) for call in world.service.invite_calls] == [20, 20, 5]
    assert len(result.sent) == 45
    assert (result.left, result.members, result.trouble) == ((), (), None)
    assert world.invited == 45


def test_what_was_sent_before_the_network_went_is_known_and_the_rest_is_left(world: World) -> None:
    world.service.invite_trouble = Trouble(Code.CONNECTION_LOST, host="connect.example")
    world.service.invite_calls_before_trouble = 1
    addresses = world.addresses(45)
    result = world.inviting.invite(addresses, Cancel())
    assert result.sent == tuple(addresses[:20])
    assert result.left == tuple(addresses[20:])
    assert result.trouble is not None
    assert result.trouble.code is Code.CONNECTION_LOST
    assert world.invited == 20
    world.service.invite_trouble = None
    again = world.inviting.invite(result.left, Cancel())
    assert again.sent == tuple(addresses[20:])
    assert world.invited == 45


def test_where_nothing_was_done_the_trouble_is_raised(world: World) -> None:
    world.service.invite_trouble = Trouble(Code.OFFLINE)
    with pytest.raises(Trouble) as caught:
        world.inviting.invite(world.addresses(3), Cancel())
    assert caught.value.code is Code.OFFLINE
    assert world.invited == 0


def test_members_are_told_from_those_who_were_invited(world: World) -> None:
    result = world.inviting.invite([ME, "tomasz@nordby.example"], Cancel())
    assert result.members == (ME,)
    assert result.sent == ("tomasz@nordby.example",)
    assert world.invited == 1


def test_doubles_in_other_letters_get_one_invitation(world: World) -> None:
    result = world.inviting.invite(["Tomasz@nordby.example", "tomasz@NORDBY.example"], Cancel())
    assert len(result.sent) == 1
    assert len(world.service.invited) == 1


def test_one_address_that_the_service_does_not_take_stops_nobody_else(tmp_path: Path) -> None:
    world = World(tmp_path, StrictService())
    addresses = [*world.addresses(5), "søren@nordby.example"]
    result = world.inviting.invite(addresses, Cancel())
    assert result.sent == tuple(addresses[:5])
    assert result.left == ("søren@nordby.example",)
    assert result.trouble is not None
    assert result.trouble.code is Code.REQUEST_REFUSED


def test_who_accepted_counts_who_was_revoked_or_came_too_late_does_not(world: World) -> None:
    first, second, third = world.addresses(3)
    world.inviting.invite([first, second, third], Cancel())
    ids = {one.address: one.id for one in world.inviting.look(Cancel()).people}
    world.inviting.revoke(ids[second], Cancel())
    assert world.invited == 2
    world.service.owners.append(
        Member(id="m2", address=first.upper(), name="Tomasz Wilk", role=Role.OWNER)
    )
    world.service.clock.pass_time(hours=49)
    view = world.inviting.look(Cancel())
    told = {one.address: (one.state, one.name) for one in view.people}
    assert told[first] == (InvitedState.ACCEPTED, "Tomasz Wilk")
    assert told[second][0] is InvitedState.REVOKED
    assert told[third][0] is InvitedState.EXPIRED
    assert world.invited == 1
    world.inviting.resend(ids[third], Cancel())
    assert world.invited == 2


def test_an_owner_who_came_without_an_invitation_counts_and_the_person_here_does_not(
    world: World,
) -> None:
    assert world.inviting.look(Cancel()).people == ()
    assert world.invited == 0
    world.service.owners.append(
        Member(id="m2", address="it@nordby.example", name="", role=Role.OWNER)
    )
    (other,) = world.inviting.look(Cancel()).people
    assert other.state is InvitedState.OWNER
    assert world.invited == 1


def test_an_invitation_that_was_accepted_meanwhile_is_not_revoked(world: World) -> None:
    world.inviting.invite(["it@nordby.example"], Cancel())
    (one,) = world.service.invited
    world.service.invited = [replace(one, status=InvitationStatus.ACCEPTED)]
    with pytest.raises(Trouble) as caught:
        world.inviting.revoke(one.id, Cancel())
    assert caught.value.code is Code.INVITATION_CLOSED


def test_without_a_unit_nobody_is_invited(world: World) -> None:
    world.set_up.change(replace(world.set_up.answers, ou_id=""))
    with pytest.raises(Trouble) as caught:
        world.inviting.look(Cancel())
    assert caught.value.code is Code.NO_ORGANIZATIONAL_UNIT


def test_of_several_invitations_to_one_address_the_newest_counts(world: World) -> None:
    now = world.service.clock.now()
    newest = Invitation(
        id="new",
        address="it@nordby.example",
        role=Role.OWNER,
        status=InvitationStatus.PENDING,
        invited_by=ME,
        created_at=now,
        expires_at=now,
    )
    older = replace(newest, id="old", address="IT@nordby.example", status=InvitationStatus.REVOKED)
    (shown,) = people_of([newest, older], [], ME)
    assert (shown.id, shown.state) == ("new", InvitedState.PENDING)


def test_a_service_without_invitations_is_asked_for_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> list[Member]:
        raise Trouble(Code.REQUEST_REFUSED)

    absent = dict.fromkeys(Capability, Support.ABSENT)
    monkeypatch.setattr(FakeService, "capabilities", property(lambda _self: absent))
    monkeypatch.setattr(world.service, "invitations", refuse)
    monkeypatch.setattr(world.service, "members", refuse)
    view = world.inviting.look(Cancel())
    assert (view.offered, view.people) == (False, ())
    assert world.set_up.answers.invites_nobody
    assert isinstance(STEPS[StepId.INVITE_IT].verdict(world.set_up.answers), Leave)


def test_who_was_deactivated_is_listed_so_and_counts_for_nothing(world: World) -> None:
    tomasz = "tomasz@nordby.example"
    world.inviting.invite([tomasz], Cancel())
    world.service.invited = [
        replace(one, status=InvitationStatus.ACCEPTED) for one in world.service.invited
    ]
    world.service.owners.append(
        Member(id="t", address=tomasz, name="Tomasz Wilk", role=Role.OWNER, active=False)
    )
    view = world.inviting.look(Cancel())
    assert [(one.address, one.state) for one in view.people] == [(tomasz, InvitedState.INACTIVE)]
    assert world.invited == 0


def test_who_accepted_and_was_removed_has_left_and_may_be_invited_again(world: World) -> None:
    tomasz = "tomasz@nordby.example"
    world.inviting.invite([tomasz], Cancel())
    world.service.invited = [
        replace(one, status=InvitationStatus.ACCEPTED) for one in world.service.invited
    ]
    view = world.inviting.look(Cancel())
    assert [(one.address, one.state) for one in view.people] == [(tomasz, InvitedState.LEFT)]
    assert world.invited == 0
    again = world.inviting.invite([tomasz], Cancel())
    assert again.view is not None
    (shown,) = again.view.people
    assert shown.state is InvitedState.PENDING
    assert world.invited == 1
