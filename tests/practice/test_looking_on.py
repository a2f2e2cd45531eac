"""A real member, on a computer of their own, looks how a unit stands that others keep in step."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.practice.bench_world import DOMAIN, PASSWORD, Computer, computer
from tests.practice.visitor import World, practice, quiet_session
from wizard.accounts.base import Role as UnitRole
from wizard.content.person_reasons import answer_verdict, to_do_words
from wizard.core.people import Answered
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.flow.graph import resume_point
from wizard.services.contract.home import AccountState, HomeFacts
from wizard.services.overview import Cure, Situation, Tone, verdict


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("practice"), people=40) as running:
        yield running


@pytest.fixture(scope="module")
def synced(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    """IT's computer, whose first sync is done."""
    home = tmp_path_factory.mktemp("it")
    with computer(world, home, person=f"it.{secrets.token_hex(3)}@bench.example") as one:
        one.set_up("Nordby Freight")
        assert one.run().outcome is RunOutcome.DONE
        yield one


def invite_member(world: World, synced: Computer, address: str) -> None:
    """An owner invites somebody as a member, who follows the letter and signs up."""
    service = synced.bench.engine.access.as_person(synced.cancel)
    unit = synced.bench.answers.ou_id
    outcome = service.invite(unit, [address], synced.cancel, role=UnitRole.MEMBER)
    assert [one.address for one in outcome.invited] == [address]
    browser = quiet_session()
    letters = browser.get(f"{world.pages}/outbox").text.split("<article>")
    (letter,) = [one for one in letters if f"<dd>{address}</dd>" in one]
    found = re.search(r'href="(/invitations/[^"]+)"', letter)
    assert found is not None
    form = {"name": "Hanne Desk", "password": PASSWORD}
    assert browser.post(f"{world.pages}{found[1]}/signup", data=form).status_code == 200


@pytest.fixture(scope="module")
def desk(
    world: World, synced: Computer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Computer]:
    """The helpdesk's computer, where a member signed in and looks on."""
    address = f"hanne.{secrets.token_hex(3)}@bench.example"
    invite_member(world, synced, address)
    with computer(world, tmp_path_factory.mktemp("desk"), person=address, kept=True) as one:
        one.bench.change(replace(one.bench.answers, role=Role.IT))
        one.sign_in()
        (unit,) = one.bench.signed_in(one.cancel).units
        assert not unit.manageable
        answers = one.bench.answers
        one.bench.change(replace(answers, looks_at=unit.id, looks_at_name=unit.name))
        yield one


def how_it_stands(desk: Computer) -> Situation:
    return Situation(
        view=desk.bench.schedule.view(),
        facts=HomeFacts(),
        unit=desk.bench.home.unit(desk.cancel),
        connected=bool(desk.bench.answers.organization_account_id),
        set_up=False,
        now=datetime.now(UTC),
    )


def test_a_member_is_told_that_it_is_in_step_and_is_offered_nothing(
    desk: Computer, synced: Computer
) -> None:
    assert resume_point(desk.bench.answers) is StepId.ORGANIZATIONAL_UNIT
    at = how_it_stands(desk)
    assert at.unit is not None
    assert not at.unit.may_manage
    assert "Nora Lie" in at.unit.owners
    account = at.unit.account
    assert account is not None
    assert account.state is AccountState.ACTIVE
    host = synced.bench.home.machine(synced.cancel).host
    assert (account.syncer_host, account.syncer_is_us) == (host, False)
    found = verdict(at)
    assert (found.title, found.tone, found.cure) == ("In step", Tone.GOOD, Cure.NOTHING)
    assert host in found.reason


def test_the_next_start_still_looks_at_the_unit(desk: Computer) -> None:
    before = desk.bench.answers
    desk.restart()
    assert desk.bench.answers.looks_at == before.looks_at
    assert desk.bench.home.unit(desk.cancel).account is not None


def test_why_somebody_is_not_here_is_told_as_far_as_the_service_tells(
    desk: Computer, synced: Computer
) -> None:
    there = next(iter(synced.holders().values()))
    people = desk.bench.people
    now = datetime.now(UTC)
    for address, headline in (
        (there, f"{there} has an account."),
        (f"ana.nobody@{DOMAIN}", f"Nobody has an account with ana.nobody@{DOMAIN}."),
    ):
        told = people.explain(address, desk.cancel)
        assert told.answered is Answered.NOT_CONNECTED
        told = replace(told, service=people.ask_service(address, desk.cancel))
        assert told.service is not None
        assert told.service.provisioning_on is True
        assert answer_verdict(told, now).headline == headline
        assert (to_do_words(told, now) is None) is (address == there)
        assert told.service.syncer_host


def test_provisioning_that_was_switched_off_is_the_reason_and_the_verdict(
    desk: Computer, synced: Computer
) -> None:
    synced.save(lambda settings: replace(settings, enabled=False))
    try:
        found = verdict(how_it_stands(desk))
        assert found.title == "Provisioning is off"
        assert "Nora can turn it on" in found.reason
        address = f"ana.nobody@{DOMAIN}"
        told = desk.bench.people.explain(address, desk.cancel)
        told = replace(told, service=desk.bench.people.ask_service(address, desk.cancel))
        assert answer_verdict(told, datetime.now(UTC)).sentence == (
            "Provisioning is off, so no account is made."
        )
    finally:
        synced.save(lambda settings: replace(settings, enabled=True))


def test_who_is_no_member_any_more_is_told_so(desk: Computer) -> None:
    kept = desk.bench.answers
    desk.bench.change(replace(kept, looks_at="ou_of_somebody_else"))
    try:
        with pytest.raises(Trouble) as caught:
            desk.bench.home.unit(desk.cancel)
        assert caught.value.code is Code.NOT_A_MEMBER
    finally:
        desk.bench.change(kept)
