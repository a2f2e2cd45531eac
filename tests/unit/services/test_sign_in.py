from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.fake_service import FakeService, connection
from tests.unit.services.scheduler_world import HandClock
from wizard.accounts.base import (
    AccountService,
    Member,
    OrganizationAccount,
    OrganizationAccountStatus,
    OrganizationalUnit,
    Person,
    Purpose,
    Role,
    SyncerLease,
)
from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import RunOutcome, RunSummary, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.contract import UnitView
from wizard.services.ground import Ground
from wizard.services.installation import Installation
from wizard.services.setup import SetUp
from wizard.services.sign_in import SignIn

NORDBY = OrganizationalUnit(id="ou-1", name="Nordby", role=Role.OWNER)
FJORD = OrganizationalUnit(id="ou-2", name="Fjord", role=Role.OWNER)
GUEST = OrganizationalUnit(id="ou-3", name="Guest", role=Role.MEMBER)
SYNCED = Answers(
    signed_in_as="ingrid@nordby.example",
    signed_in_name="Ingrid Dal",
    service_answered=True,
    ou_id="ou-1",
    ou_name="Nordby",
    customer_id="C01",
    organization_account_id="oa-1",
    organization_account_active=True,
    preview_run_id="run-1",
    preview_seen=True,
    settings_version=3,
    provisioning_on=True,
    first_sync_done=True,
)

CHOSEN = Answers(
    signed_in_as="ingrid@nordby.example",
    signed_in_name="Ingrid Dal",
    service_answered=True,
    ou_id="ou-1",
    ou_name="Nordby",
)


@dataclass
class FakeAccess:
    """`authorized` are the customers whose directory this computer may read."""

    service: FakeService
    authorized: set[str] = field(default_factory=set)
    kept: int = 0

    def sign_in(
        self,
        flow: CodeFlow,
        cancel: Cancel,
        *,
        create: bool,
        check: Callable[[AccountService, Cancel], None],
    ) -> None:
        check(cast("AccountService", self.service), cancel)
        self.kept += 1

    def sign_out(self, cancel: Cancel) -> None:
        self.service.signed_in = False

    def as_person(self, cancel: Cancel) -> AccountService:
        return cast("AccountService", self.service)

    def may_read(self, answers: Answers, customer_id: str, cancel: Cancel) -> bool:
        return customer_id in self.authorized


@dataclass(kw_only=True)
class FakeGround:
    """What signing in uses of the ground; the browser is never started."""

    clock: HandClock
    browser: BrowserOpener = field(default_factory=lambda: BrowserOpener(start=lambda _url: False))
    installation: Installation = field(
        default_factory=lambda: Installation(id="here", host="LAPTOP", person="ingrid")
    )
    pasting: None = None
    sign_in_port: int = 0


class Desk:
    """A sign-in page's work on a fake service."""

    def __init__(self, folder: Path) -> None:
        self.service = FakeService(units=[NORDBY])
        self.access = FakeAccess(self.service)
        self.set_up = SetUp(folder, self.service.clock)
        self.ground = FakeGround(clock=self.service.clock)
        self.page = SignIn(cast("Ground", self.ground), self.set_up, self.access)

    @property
    def answers(self) -> Answers:
        return self.set_up.answers

    def look(self) -> None:
        self.page.signed_in(Cancel())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_member_of_a_unit_is_told_who_owns_it(desk: Desk) -> None:
    desk.service.units = [GUEST]
    names = (("Hanne Vik", "hanne@guest.example"), ("", "desk@guest.example"))
    desk.service.owners = [
        Member(id=address, address=address, name=name, role=Role.OWNER) for name, address in names
    ]
    (unit,) = desk.page.signed_in(Cancel()).units
    assert not unit.manageable
    assert unit.owners == ("Hanne Vik (hanne@guest.example)", "desk@guest.example")
    assert not desk.answers.ou_id


def test_a_service_that_does_not_tell_members_who_owns_a_unit_is_no_hindrance(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> list[Member]:
        raise Trouble(Code.NOT_ALLOWED)

    desk.service.units = [GUEST]
    monkeypatch.setattr(desk.service, "members", refuse)
    (unit,) = desk.page.signed_in(Cancel()).units
    assert unit.owners == ()


def test_the_only_unit_that_can_be_managed_is_taken(desk: Desk) -> None:
    desk.service.units = [GUEST, NORDBY]
    view = desk.page.signed_in(Cancel())
    assert (desk.answers.ou_id, desk.answers.ou_name) == ("ou-1", "Nordby")
    assert [unit.manageable for unit in view.units] == [False, True]


def test_of_several_units_none_is_taken(desk: Desk) -> None:
    desk.service.units = [NORDBY, FJORD]
    desk.look()
    assert desk.answers.ou_id == ""
    desk.page.choose(UnitView(id="ou-2", name="Fjord", manageable=True))
    desk.look()
    assert desk.answers.ou_id == "ou-2"


def test_a_unit_where_one_is_no_owner_cannot_be_chosen(desk: Desk) -> None:
    with pytest.raises(Trouble) as caught:
        desk.page.choose(UnitView(id="ou-3", name="Guest", manageable=False))
    assert caught.value.code is Code.NOT_ALLOWED


def test_without_any_unit_one_can_be_made(desk: Desk) -> None:
    desk.service.units = []
    desk.look()
    assert desk.answers.ou_id == ""
    assert desk.page.create("  Nordby  ", Cancel()).name == "Nordby"
    assert desk.answers.ou_name == "Nordby"


def test_another_unit_begins_with_nothing_of_one_that_was_only_chosen(desk: Desk) -> None:
    desk.set_up.change(replace(CHOSEN, domain="nordby.example", invited=2))
    desk.page.choose(UnitView(id="ou-2", name="Fjord", manageable=True))
    answers = desk.answers
    assert answers.signed_in_as == SYNCED.signed_in_as
    assert (answers.ou_id, answers.domain, answers.invited) == ("ou-2", "", 0)


STANDING = [
    SYNCED,
    replace(SYNCED, first_sync_done=False, provisioning_on=False),
    replace(CHOSEN, handed_over=True),
    replace(CHOSEN, it_finished=True),
]


@pytest.mark.parametrize("standing", STANDING)
def test_a_set_up_that_stands_is_never_lost_by_choosing_or_making_another_unit(
    desk: Desk, standing: Answers
) -> None:
    desk.set_up.change(standing)
    desk.service.units = [NORDBY, FJORD]
    with pytest.raises(Trouble) as caught:
        desk.page.choose(UnitView(id="ou-2", name="Fjord", manageable=True))
    assert caught.value.code is Code.SET_UP_STANDS
    assert caught.value.facts["name"] == "Nordby"
    with pytest.raises(Trouble) as caught:
        desk.page.create("Third", Cancel())
    assert caught.value.code is Code.SET_UP_STANDS
    assert desk.service.units == [NORDBY, FJORD]
    assert desk.answers == standing


@pytest.mark.parametrize("standing", STANDING)
def test_who_owns_another_unit_only_is_told_whose_set_up_stands_here(
    desk: Desk, standing: Answers
) -> None:
    desk.set_up.change(standing)
    desk.service.person = Person(id="q", address="olav@fjord.example", name="Olav Lie")
    desk.service.units = [FJORD]
    with pytest.raises(Trouble) as caught:
        desk.page.sign_in(lambda _event: None, Cancel(), create=False)
    assert caught.value.code is Code.SET_UP_STANDS
    assert dict(caught.value.facts) == {
        "name": "Nordby",
        "person": "ingrid@nordby.example",
        "address": "olav@fjord.example",
    }
    words = trouble_words(caught.value.code, caught.value.facts)
    assert words.title == "This computer is already set up for Nordby"
    assert words.happened.startswith("It was set up by ingrid@nordby.example.")
    assert desk.answers == standing
    assert not desk.access.kept, "whoever was signed in before still is"


def test_what_happened_while_the_browser_was_open_is_not_undone_by_who_may_not_sign_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set_up.change(SYNCED)
    desk.service.units = [FJORD]
    person = desk.service.me

    def meanwhile(cancel: Cancel) -> Person:
        desk.set_up.happened(lambda known: replace(known, first_run_id="run-7"))
        return person(cancel)

    monkeypatch.setattr(desk.service, "me", meanwhile)
    with pytest.raises(Trouble) as caught:
        desk.page.sign_in(lambda _event: None, Cancel(), create=False)
    assert caught.value.code is Code.SET_UP_STANDS
    assert desk.answers == replace(SYNCED, first_run_id="run-7")


def test_a_sign_in_that_breaks_before_it_is_known_who_it_is_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(cancel: Cancel) -> Person:
        raise Trouble(Code.CONNECTION_LOST)

    desk.set_up.change(SYNCED)
    monkeypatch.setattr(desk.service, "me", lost)
    with pytest.raises(Trouble) as caught:
        desk.page.sign_in(lambda _event: None, Cancel(), create=False)
    assert caught.value.code is Code.CONNECTION_LOST
    assert not desk.access.kept
    assert desk.answers == SYNCED


def test_a_colleague_who_owns_the_unit_keeps_the_set_up(desk: Desk) -> None:
    desk.set_up.change(SYNCED)
    desk.service.connections = [connection()]
    desk.service.kept = replace(desk.service.kept, enabled=True, version=3)
    desk.service.person = Person(id="k", address="kari@nordby.example", name="Kari Moe")
    desk.service.units = [FJORD, NORDBY]
    desk.look()
    assert desk.answers.signed_in_as == "kari@nordby.example"
    assert (desk.answers.ou_id, desk.answers.first_sync_done) == ("ou-1", True)


def test_the_same_unit_again_keeps_everything(desk: Desk) -> None:
    desk.set_up.change(SYNCED)
    desk.page.choose(UnitView(id="ou-1", name="Nordby", manageable=True))
    assert desk.answers == SYNCED


def test_a_unit_that_one_lost_before_anything_was_set_up_is_forgotten(desk: Desk) -> None:
    desk.set_up.change(CHOSEN)
    desk.service.units = [replace(NORDBY, role=Role.MEMBER), FJORD, replace(FJORD, id="ou-4")]
    desk.look()
    assert desk.answers.ou_id == ""


def test_what_stands_is_not_forgotten_because_its_owner_is_one_no_longer(desk: Desk) -> None:
    desk.set_up.change(SYNCED)
    desk.service.units = [replace(NORDBY, role=Role.MEMBER)]
    with pytest.raises(Trouble) as caught:
        desk.look()
    assert caught.value.code is Code.SET_UP_STANDS
    assert desk.answers == SYNCED
    assert desk.service.signed_in


def test_what_the_service_knows_is_taken_over_where_this_computer_may_read(desk: Desk) -> None:
    desk.access.authorized = {"C01"}
    desk.service.connections = [
        connection(
            syncer=SyncerLease(
                installation_id="i",
                host="SERVER01",
                person="x",
                expires_at=desk.service.clock.now(),
                last_run_at=desk.service.clock.now() - timedelta(hours=1),
            )
        )
    ]
    desk.service.kept = replace(desk.service.kept, enabled=True, version=7)
    ended = desk.service.clock.now() - timedelta(hours=1)
    desk.service.runs = [
        RunSummary(
            run_id="run-1",
            trigger=Trigger.FIRST,
            outcome=RunOutcome.DONE,
            started_at=ended - timedelta(minutes=2),
            finished_at=ended,
        )
    ]
    desk.look()
    answers = desk.answers
    assert answers.organization_account_active
    assert (answers.settings_version, answers.provisioning_on) == (7, True)
    assert answers.first_sync_done
    assert answers.authorized_as == "tomasz.wilk@nordby.example"


def test_connected_from_another_computer_still_has_to_be_authorized_here(desk: Desk) -> None:
    desk.service.connections = [connection()]
    desk.look()
    assert desk.answers.organization_account_id == ""
    assert desk.answers.connected_elsewhere == "tomasz.wilk@nordby.example"


def test_a_finished_set_up_is_not_begun_anew_because_a_sign_in_is_gone(desk: Desk) -> None:
    desk.set_up.change(SYNCED)
    desk.service.connections = [connection()]
    desk.service.kept = replace(desk.service.kept, enabled=True, version=3)
    desk.look()
    assert desk.answers.first_sync_done
    assert desk.answers.organization_account_id == "oa-1"
    desk.service.signed_in = False
    with pytest.raises(Trouble):
        desk.look()
    assert desk.answers.signed_in_as == SYNCED.signed_in_as


def test_signed_out_in_the_middle_means_signing_in_again(desk: Desk) -> None:
    desk.look()
    desk.service.signed_in = False
    with pytest.raises(Trouble) as caught:
        desk.look()
    assert caught.value.code is Code.SIGN_IN_NEEDED
    assert desk.answers.signed_in_as == ""


@pytest.mark.parametrize(
    "useless",
    [
        connection(status=OrganizationAccountStatus.FAILED),
        connection(purposes=frozenset({Purpose.CALENDARS})),
        connection(provider=ProviderId.MICROSOFT),
    ],
)
def test_a_connection_that_cannot_serve_counts_as_none(
    desk: Desk, useless: OrganizationAccount
) -> None:
    desk.set_up.change(replace(SYNCED, first_sync_done=False))
    desk.access.authorized = {"C01"}
    desk.service.connections = [useless]
    desk.look()
    assert desk.answers.organization_account_id == ""
    assert desk.answers.ou_id == "ou-1"


def test_a_connection_made_anew_at_the_service_has_to_be_looked_at_anew(desk: Desk) -> None:
    desk.set_up.change(SYNCED)
    desk.access.authorized = {"C01"}
    desk.service.connections = [connection(id="oa-9")]
    desk.look()
    assert desk.answers.organization_account_id == "oa-9"
    assert not desk.answers.preview_seen
    assert not desk.answers.first_sync_done


def test_signing_out_leaves_a_finished_set_up_as_it_is(desk: Desk) -> None:
    desk.set_up.change(SYNCED)
    desk.page.sign_out(Cancel())
    assert desk.answers == SYNCED
    desk.set_up.change(replace(SYNCED, first_sync_done=False))
    desk.page.sign_out(Cancel())
    assert desk.answers.signed_in_as == ""


def test_whoever_signs_in_next_does_not_look_at_somebody_elses_unit(desk: Desk) -> None:
    looking = Answers(looks_at=GUEST.id, looks_at_name=GUEST.name)
    desk.service.units = [GUEST]
    desk.set_up.change(looking)
    desk.look()
    assert desk.answers.looks_at == GUEST.id
    desk.service.units = []
    desk.look()
    assert (desk.answers.looks_at, desk.answers.looks_at_name) == ("", "")
