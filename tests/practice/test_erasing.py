"""Erasing a set-up, and coming for another one where one stands, against the practice service."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.accounts.base import ProvisioningToken
from wizard.auth.openid import OpenIdClient
from wizard.auth.tokens import TokenSet
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.runs import RunOutcome, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.environment import Options, open_workbench

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("erasing-organization"), people=40) as running:
        yield running


@pytest.fixture
def synced(world: World, tmp_path: Path) -> Iterator[Computer]:
    """A computer whose first sync is done."""
    person = f"erasing.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "here", person=person, kept=True) as one:
        one.set_up(f"Unit of {person}")
        assert one.run().outcome is RunOutcome.DONE
        yield one


def tokens(of: Computer, answers: Answers) -> list[ProvisioningToken]:
    """Those that are alive at the service, as the person who owns the unit sees them."""
    person = of.bench.engine.access.as_person(of.cancel)
    return list(
        person.provisioning_tokens(answers.ou_id, answers.organization_account_id, of.cancel)
    )


def somebody_else(at: Computer) -> None:
    """Another person sits down at this computer."""
    at.person = replace(at.person, person=f"erasing.{next(_numbers)}@bench.example")


def test_the_key_of_an_erased_set_up_is_dead_at_the_service(synced: Computer) -> None:
    answers = synced.bench.answers
    assert len(tokens(synced, answers)) == 1
    assert synced.bench.home.erase(synced.cancel).left is None
    synced.sign_in()
    assert tokens(synced, answers) == []


def test_a_key_that_nobody_here_may_end_is_told_with_its_name(
    synced: Computer, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.connections", "left at the service")
    answers = synced.bench.answers
    synced.bench.home.sign_out(synced.cancel)
    left = synced.bench.home.erase(synced.cancel).left
    assert left is not None
    assert left.code is Code.PROVISIONING_TOKEN_LEFT
    synced.sign_in()
    (alive,) = tokens(synced, answers)
    assert f"“{alive.label}”" in trouble_words(left.code, left.facts).to_do


def test_somebody_who_comes_for_another_unit_loses_nobody_their_sync(synced: Computer) -> None:
    bench, owner = synced.bench, synced.person
    known = bench.answers
    somebody_else(synced)
    with pytest.raises(Trouble) as caught:
        synced.sign_up("The other one")
    assert caught.value.code is Code.SET_UP_STANDS
    assert caught.value.facts["name"] == known.ou_name
    assert bench.answers == known
    service = bench.engine.access.as_person(synced.cancel)
    assert service.me(synced.cancel).address == known.signed_in_as
    assert synced.run().outcome is RunOutcome.DONE
    synced.person = owner
    synced.sign_in()
    assert bench.answers.ou_id == known.ou_id
    assert bench.answers.first_sync_done


def test_after_starting_again_the_other_unit_is_set_up_here(synced: Computer) -> None:
    bench = synced.bench
    first = bench.answers.ou_id
    bench.home.erase(synced.cancel)
    somebody_else(synced)
    synced.set_up("The other one")
    assert bench.answers.ou_id not in {"", first}
    assert synced.run().outcome is RunOutcome.DONE


def test_a_resume_file_of_another_unit_leaves_nothing_of_the_set_up_that_stood(
    synced: Computer,
) -> None:
    bench = synced.bench
    first = bench.answers.ou_id
    other = bench.hand_over.resume_for("ou-other")
    assert other.erases
    with pytest.raises(Trouble) as caught:
        bench.hand_over.take_resume(other)
    assert caught.value.code is Code.SET_UP_STANDS
    assert bench.answers.first_sync_done
    bench.home.erase(synced.cancel)
    bench.hand_over.take_resume(other)
    assert (bench.answers.wanted_ou, bench.answers.ou_id) == ("ou-other", "")
    folder = bench.engine.ground.unit_folder(first)
    left = [one for one in folder.rglob("*") if one.is_file() and one.stat().st_size]
    assert left == []
    assert list(bench.engine.ground.vault(synced.cancel).names()) == []


# ------------------------------------------------------------ who signs in after somebody


def kept_tokens(at: Computer) -> TokenSet:
    tokens = at.bench.engine.access.source(at.cancel).tokens()
    assert tokens is not None
    return tokens


def is_alive(at: Computer, tokens: TokenSet) -> bool:
    """Whether the service still gives new tokens for this refresh token."""
    try:
        at.bench.engine.access.source(at.cancel)._refresher.refresh(tokens, at.cancel)
    except Trouble as trouble:
        if trouble.code is not Code.SIGN_IN_EXPIRED:
            raise
        return False
    return True


def test_a_sign_in_that_another_one_replaced_is_dead_and_the_sync_goes_on(
    synced: Computer,
) -> None:
    first = kept_tokens(synced)
    synced.sign_in()
    assert kept_tokens(synced).refresh_token != first.refresh_token
    assert not is_alive(synced, first)
    assert synced.run().outcome is RunOutcome.DONE
    assert is_alive(synced, kept_tokens(synced))


def test_a_service_that_ends_the_new_sign_in_with_the_old_one_is_told_at_once(
    synced: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    openid = synced.bench.engine.access._openid
    one_token = openid.revoke

    def whole_session(tokens: TokenSet, cancel: Cancel) -> bool:
        one_token(kept_tokens(synced), cancel)
        return one_token(tokens, cancel)

    monkeypatch.setattr(openid, "revoke", whole_session)
    with pytest.raises(Trouble) as caught:
        synced.sign_in()
    assert caught.value.code is Code.SIGN_IN_EXPIRED
    assert not synced.bench.engine.access.is_signed_in(synced.cancel)
    synced.sign_in()
    assert is_alive(synced, kept_tokens(synced))


def test_another_process_that_used_the_replaced_sign_in_goes_on_with_the_new_one(
    synced: Computer,
) -> None:
    service = open_workbench(
        Options(
            profile=str(synced.world.home / "profile.toml"),
            home=synced.home,
            passphrase_file=synced.home / "passphrase",
        ),
        browser=lambda _url: False,
        clock=synced.clock,
    )
    try:
        person = service.engine.access.as_person(synced.cancel)
        address = person.me(synced.cancel).address
        synced.sign_in()
        assert person.me(synced.cancel).address == address
        report = service.run(Trigger.COMMAND, synced.cancel, lambda _event: None)
        assert report.outcome is RunOutcome.DONE
    finally:
        service.close()


def test_a_service_that_ends_no_sign_in_keeps_nobody_from_signing_in(
    synced: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept_tokens(synced)

    def hangs(self: OpenIdClient, tokens: TokenSet, cancel: Cancel) -> bool:
        assert tokens == before
        cancel.wait(60)
        return True

    monkeypatch.setattr(OpenIdClient, "revoke", hangs)
    monkeypatch.setattr("wizard.services.access._PATIENCE", 0.05)
    synced.sign_in()
    assert kept_tokens(synced).refresh_token != before.refresh_token
    assert synced.bench.answers.first_sync_done
