"""Choosing this computer where the service and this computer don't agree what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.fake_service import FakeService, connection
from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import AccountService, OrganizationAccount, SyncerLease
from wizard.core.cancel import Cancel
from wizard.flow.answers import Answers, Place
from wizard.services.ground import Ground
from wizard.services.installation import Installation
from wizard.services.placing import Placing
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing

CONNECTED = Answers(
    signed_in_as="ingrid@nordby.example",
    ou_id="ou-1",
    ou_name="Nordby",
    domain="nordby.example",
    organization_account_id="oa-1",
    organization_account_active=True,
)


class Service(FakeService):
    """Tells of the lease that it goes by."""

    def organization_account(self, ou: str, account: str, cancel: Cancel) -> OrganizationAccount:
        cancel.check()
        return connection(syncer=self.lease)


@dataclass(kw_only=True)
class FakeGround:
    """A computer whose clock is its own."""

    clock: HandClock
    installation: Installation = field(
        default_factory=lambda: Installation(id="here", host="LAPTOP", person="ingrid")
    )

    @property
    def profile(self) -> FakeGround:
        return self

    is_practice = False
    named_profile = "nordby"


class World:
    """A computer whose clock is so many hours ahead of the service."""

    def __init__(self, folder: Path, *, ahead: float) -> None:
        self.service = Service()
        self.set_up = SetUp(folder, self.service.clock)
        ground = FakeGround(clock=HandClock())
        ground.clock.pass_time(hours=ahead)
        self.placing = Placing(
            cast("Ground", ground), self.set_up, cast("Access", self), cast("Syncing", self)
        )

    def as_sync(self, answers: Answers, cancel: Cancel) -> AccountService:
        return cast("AccountService", self.service)

    def kept(self) -> None:
        return None

    def held_by(self, installation: str, host: str) -> None:
        self.service.lease = SyncerLease(
            installation_id=installation,
            host=host,
            person="tomasz.wilk@nordby.example",
            expires_at=self.service.clock.now() + timedelta(minutes=90),
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, ahead=5)


def test_a_clock_that_is_ahead_does_not_hide_who_keeps_it_in_step(world: World) -> None:
    world.set_up.change(replace(CONNECTED, place=Place.THIS_COMPUTER))
    world.held_by("server", "SERVER01")
    view = world.placing.look(Cancel())
    assert view.syncer is not None
    assert (view.syncer.host, view.syncer.here, view.ready) == ("SERVER01", False, False)
    assert not world.set_up.answers.place_ready


def test_whom_the_service_refuses_for_another_computer_sees_that_one(world: World) -> None:
    world.set_up.change(CONNECTED)
    world.held_by("server", "SERVER01")
    view = world.placing.run_here(Cancel())
    assert view.syncer is not None
    assert (view.syncer.host, view.place) == ("SERVER01", None)
    assert world.service.lease is not None
    assert world.service.lease.installation_id == "server"


def test_a_clock_that_is_ahead_does_not_keep_this_computer_from_the_task(world: World) -> None:
    world.set_up.change(CONNECTED)
    view = world.placing.run_here(Cancel())
    assert view.ready
    assert world.set_up.answers.place_ready
