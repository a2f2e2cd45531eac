"""An owner hands over, IT goes on elsewhere with the resume file, and the owner sees each part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from requests import Session

from tests.practice.bench_world import DOMAIN, PASSWORD, Computer, computer
from tests.practice.visitor import World, practice, quiet_session
from wizard.core.runs import RunOutcome
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.flow.graph import resume_point
from wizard.services.contract.hand_over import ItPart, PartState, WaitingView

_numbers = count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("practice"), people=40) as running:
        yield running


def states(view: WaitingView) -> dict[ItPart, PartState]:
    return {one.part: one.state for one in view.parts}


def now_at(view: WaitingView) -> ItPart | None:
    """The part that is under way; every part before it has to be done."""
    found = [number for number, one in enumerate(view.parts) if one.state is PartState.NOW]
    if not found:
        assert all(one.state is PartState.DONE for one in view.parts)
        return None
    (at,) = found
    assert all(one.state is PartState.DONE for one in view.parts[:at])
    assert all(one.state is PartState.TODO for one in view.parts[at + 1 :])
    return view.parts[at].part


class Two:
    """The owner at one computer, and IT at another that was never used."""

    def __init__(self, world: World, folder: Path, stack: ExitStack) -> None:
        self.world = world
        self._stack = stack
        self._folder = folder
        number = next(_numbers)
        self.nora = f"nora.lie.{number}@{DOMAIN}"
        ingrid = f"ingrid.dal.{number}@bench.example"
        self.owner = stack.enter_context(computer(world, folder / "owner", person=ingrid))
        self.owner.sign_up("Nordby Freight")
        bench = self.owner.bench
        bench.change(replace(bench.answers, role=Role.OWNER))
        bench.inviting.invite([self.nora], self.owner.cancel)
        kits = folder / "kits"
        kits.mkdir()
        self.kit = bench.hand_over.save_kit(kits / "kit.html")

    def look(self) -> WaitingView:
        return self.owner.bench.hand_over.look(self.owner.cancel)

    def accept(self) -> None:
        """IT follows the link of the letter and signs up."""
        (invitation,) = (one.id for one in self.look().people if one.address == self.nora)
        link = f"{self.world.pages}/invitations/{invitation}/signup"
        browser: Session = quiet_session()
        done = browser.post(link, data={"name": "Nora Lie", "password": PASSWORD})
        assert done.status_code == 200

    def computer(self, name: str) -> Computer:
        """A computer of IT's on which the resume file was opened."""
        it = self._stack.enter_context(computer(self.world, self._folder / name, person=self.nora))
        calls = it.bench.hand_over
        calls.take_resume(calls.read_resume(self.kit.resume))
        it.bench.network(it.cancel)
        return it


@pytest.fixture(scope="module")
def two(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with ExitStack() as stack:
        yield Two(world, tmp_path_factory.mktemp("two"), stack)


def turned_on(settings: ProvisioningSettings) -> ProvisioningSettings:
    return replace(settings, enabled=True)


def test_each_part_of_it_s_is_seen_by_the_owner_until_it_is_done(two: Two) -> None:
    assert now_at(two.look()) is ItPart.ACCEPTED
    it = two.computer("it")
    assert resume_point(it.bench.answers) is StepId.SIGN_IN
    two.accept()
    accepted = two.look()
    assert (now_at(accepted), accepted.it_name) == (ItPart.WORKSPACE, "Nora Lie")
    assert accepted.parts[0].at is not None

    it.sign_in()
    assert (it.bench.answers.ou_name, it.bench.answers.wanted_ou) == ("Nordby Freight", "")
    assert resume_point(it.bench.answers) is StepId.WORKSPACE
    two.world.tell("install-app", {"domain": DOMAIN, "installed": True})
    installed = two.look()
    assert now_at(installed) is ItPart.AUTHORIZED
    assert [one.at is not None for one in installed.parts[:3]] == [True, False, True]
    assert it.authorize().connection is not None
    assert now_at(two.look()) is ItPart.SCOPE

    it.save(lambda settings: replace(settings, grace_days=3))
    assert now_at(two.look()) is ItPart.PREVIEW
    it.preview()
    it.save(turned_on)
    on = two.look()
    assert (now_at(on), on.finished) == (ItPart.FIRST_SYNC, False)
    assert not two.owner.bench.answers.it_finished

    assert it.run().outcome is RunOutcome.DONE
    done = two.look()
    assert (now_at(done), done.finished) == (None, True)
    assert done.accounts == len(it.expected())
    answers = two.owner.bench.answers
    assert answers.it_finished
    assert resume_point(answers) is StepId.DONE
    # The owner waits, and syncs nothing.
    assert answers.organization_account_id == ""


def test_afterwards_a_third_computer_knows_that_it_is_done_and_who_does_it(two: Two) -> None:
    third = two.computer("third")
    third.sign_in()
    answers = third.bench.answers
    assert resume_point(answers) is StepId.DONE
    assert (answers.place, answers.elsewhere) == (None, True)


def test_a_second_computer_in_the_middle_has_the_scope_and_authorizes_anew(
    world: World, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        two = Two(world, tmp_path, stack)
        two.accept()
        first = two.computer("first")
        first.sign_in()
        assert first.authorize().connection is not None
        first.save(lambda settings: replace(settings, grace_days=3))

        second = two.computer("second")
        second.sign_in()
        answers = second.bench.answers
        assert resume_point(answers) is StepId.GOOGLE_AUTHORIZE
        assert answers.connected_elsewhere.endswith(f"@{DOMAIN}")
        assert (answers.scope_confirmed, answers.organization_account_id) == (True, "")
        assert second.authorize().connection is not None
        answers = second.bench.answers
        assert answers.connected_elsewhere == ""
        assert answers.organization_account_id == first.bench.answers.organization_account_id
        assert second.settings().grace_days == 3
        assert resume_point(answers) is StepId.PREVIEW


def test_somebody_who_was_not_invited_is_told_and_can_sign_in_as_somebody_else(
    world: World, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        two = Two(world, tmp_path, stack)
        it = two.computer("it")
        it.person = replace(it.person, person="somebody.else@bench.example")
        it.browser.manners = it.person
        with pytest.raises(Trouble) as caught:
            it.bench.sign_in(it.heard.append, it.cancel, create=True)
        assert caught.value.code is Code.RESUME_NOT_INVITED
        assert caught.value.facts["address"] == "somebody.else@bench.example"
        assert it.bench.answers.wanted_ou
        assert resume_point(it.bench.answers) is StepId.ORGANIZATIONAL_UNIT
        # The invitation is accepted, and the right person signs in: the unit is there.
        two.accept()
        it.person = replace(it.person, person=two.nora)
        it.sign_in()
        assert it.bench.answers.ou_name == "Nordby Freight"
