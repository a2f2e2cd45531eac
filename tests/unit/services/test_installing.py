from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.fake_service import FakeService
from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import AccountService, Capability, Support
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.trouble import Code, Trouble
from wizard.profile.model import (
    GoogleProfile,
    Profile,
    ProfileKind,
    ServiceKind,
    ServiceProfile,
    Trust,
)
from wizard.services.contract.installing import AppLooked
from wizard.services.installing import Installing
from wizard.services.setup import SetUp

PAGE = "https://workspace.google.com/marketplace/app/nordby_connect/1"
PROFILE = Profile(
    id="nordby",
    name="Nordby Connect",
    kind=ProfileKind.REAL,
    origin=Trust.BUILT_IN,
    service=ServiceProfile(kind=ServiceKind.ENTERPRISE_CONNECT, api="https://nordby.example"),
    google=GoogleProfile(client_id="1.apps.nordby.example", marketplace=PAGE, app_name="Nordby"),
)


class TickingClock(HandClock):
    """Sleeping takes no time here, and moves the hands."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.check()
        self.slept.append(seconds)
        self.pass_time(seconds=seconds)


class World:
    """The page's work on a fake service that sees the app after so many looks."""

    def __init__(self, folder: Path, profile: Profile = PROFILE) -> None:
        self.clock = TickingClock()
        self.service = FakeService()
        self.set_up = SetUp(folder, self.clock)
        self.set_up.happened(
            lambda answers: replace(answers, ou_id="ou-1", signed_in_as="ingrid@nordby.example")
        )
        self.opened: list[str] = []
        self.starts = True
        self.support = Support.AUTOMATIC
        self.asked = 0
        self.seen_after = 3
        self.troubles: dict[int, Trouble] = {}
        self.installing = Installing(
            self.set_up,
            self,
            profile=profile,
            providers=(ProviderId.GOOGLE,),
            clock=self.clock,
            open_browser=self._open,
        )

    def _open(self, url: str) -> bool:
        self.opened.append(url)
        return self.starts

    def anyone(self) -> AccountService:
        return cast("AccountService", self)

    @property
    def capabilities(self) -> dict[Capability, Support]:
        return {Capability.CONNECTIONS: self.support}

    def as_person(self, cancel: Cancel) -> AccountService:
        self.service.me(cancel)
        return cast("AccountService", self)

    def app_installed(self, ou: str, provider: ProviderId, domain: str, cancel: Cancel) -> bool:
        cancel.check()
        assert (ou, provider) == ("ou-1", ProviderId.GOOGLE)
        self.asked += 1
        if self.asked in self.troubles:
            raise self.troubles[self.asked]
        return domain == "nordby.example" and self.asked > self.seen_after


@pytest.fixture
def world(tmp_path: Path) -> World:
    one = World(tmp_path)
    one.installing.choose(ProviderId.GOOGLE, "nordby.example", Cancel())
    return one


def test_a_public_address_suggests_nothing_and_is_named(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up.happened(lambda answers: replace(answers, signed_in_as="ingrid@gmail.com"))
    view = world.installing.workspaces(Cancel())
    assert (view.domain, view.suggested, view.public) == ("", "", "gmail.com")
    assert view.address == "ingrid@gmail.com"


def test_what_was_named_before_stands_there_again(world: World) -> None:
    world.installing.choose(ProviderId.GOOGLE, "halden.example", Cancel())
    view = world.installing.workspaces(Cancel())
    assert (view.domain, view.suggested) == ("halden.example", "nordby.example")


def test_a_workspace_that_can_not_be_connected_is_never_chosen(world: World) -> None:
    with pytest.raises(ValueError, match="exchange"):
        world.installing.choose(ProviderId.EXCHANGE, "nordby.example", Cancel())


def test_looking_grows_slower_and_tells_when_it_looks_again(world: World) -> None:
    world.seen_after = 12
    heard: list[AppLooked] = []
    world.installing.wait(lambda event: heard.append(cast("AppLooked", event)), Cancel())
    assert world.set_up.answers.app_installed
    assert len(heard) == 12
    pauses = world.clock.slept
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (4.0, 60.0)
    assert [one.next_at - one.at for one in heard] == [timedelta(seconds=s) for s in pauses]


def test_who_waits_for_half_an_hour_is_asked_for_every_five_minutes(world: World) -> None:
    world.seen_after = 80
    world.installing.wait(lambda _event: None, Cancel())
    assert world.clock.slept[-1] == 300.0
    assert sum(world.clock.slept) > 3 * 3600


@pytest.mark.parametrize(
    "code", [Code.OFFLINE, Code.SERVICE_UNAVAILABLE, Code.RATE_LIMITED, Code.TIMED_OUT]
)
def test_what_passes_by_itself_is_told_and_asked_again(world: World, code: Code) -> None:
    world.troubles = {1: Trouble(code)}
    heard: list[AppLooked] = []
    world.installing.wait(lambda event: heard.append(cast("AppLooked", event)), Cancel())
    assert [one.trouble.code if one.trouble else None for one in heard] == [code, None, None]


@pytest.mark.parametrize("code", [Code.SIGN_IN_NEEDED, Code.NOT_ALLOWED, Code.INTERNAL])
def test_what_does_not_pass_ends_the_wait(world: World, code: Code) -> None:
    world.troubles = {2: Trouble(code)}
    with pytest.raises(Trouble) as caught:
        world.installing.wait(lambda _event: None, Cancel())
    assert caught.value.code is code
    assert world.asked == 2


def test_an_app_that_was_taken_away_is_seen_no_longer(world: World) -> None:
    world.seen_after = 0
    assert world.installing.look(Cancel())
    world.seen_after = 100
    assert not world.installing.look(Cancel())
    assert not world.set_up.answers.app_installed


def test_without_a_unit_nobody_is_asked(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up.happened(lambda answers: replace(answers, ou_id=""))
    with pytest.raises(Trouble) as caught:
        world.installing.look(Cancel())
    assert caught.value.code is Code.NO_ORGANIZATIONAL_UNIT
    assert not world.asked


def test_the_page_opens_and_the_first_time_is_kept(world: World) -> None:
    assert world.installing.open_page(Cancel())
    first = world.set_up.answers.app_opened_at
    world.clock.pass_time(minutes=10)
    world.starts = False
    assert not world.installing.open_page(Cancel())
    assert world.opened == [PAGE, PAGE]
    assert world.set_up.answers.app_opened_at == first != ""


def test_another_domain_forgets_what_was_said_of_the_app(world: World) -> None:
    world.installing.open_page(Cancel())
    world.installing.claim(Cancel())
    world.installing.choose(ProviderId.GOOGLE, "nordby.example", Cancel())
    kept = world.set_up.answers
    world.installing.choose(ProviderId.GOOGLE, "halden.example", Cancel())
    gone = world.set_up.answers
    assert (kept.app_claimed, bool(kept.app_opened_at)) == (True, True)
    assert (gone.app_claimed, bool(gone.app_opened_at)) == (False, False)


@pytest.mark.parametrize(
    ("google", "support", "skipped"),
    [
        (PROFILE.google, Support.AUTOMATIC, False),
        (PROFILE.google, Support.GUIDED, False),
        (replace(PROFILE.google, marketplace=""), Support.AUTOMATIC, False),
        (replace(PROFILE.google, marketplace=""), Support.GUIDED, True),
        (replace(PROFILE.google, marketplace="", app_name=""), Support.AUTOMATIC, True),
    ],
)
def test_the_step_is_left_out_where_there_is_nothing_to_install(
    tmp_path: Path, google: GoogleProfile, support: Support, skipped: bool
) -> None:
    world = World(tmp_path, replace(PROFILE, google=google))
    world.support = support
    world.installing.choose(ProviderId.GOOGLE, "nordby.example", Cancel())
    assert world.set_up.answers.app_skipped is skipped
    app = world.installing.app(Cancel())
    assert app.seen is (support is Support.AUTOMATIC)


def test_the_page_knows_what_an_admin_has_to_trust(world: World) -> None:
    app = world.installing.app(Cancel())
    assert (app.name, app.service, app.client_id) == (
        "Nordby", "Nordby Connect", "1.apps.nordby.example",
    )  # fmt: skip
    assert app.console_url.startswith("https://admin.google.com/")
