"""A start that keeps secrets in memory makes a provisioning token, and ends the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.services.scheduler_world import HandClock
from tests.unit.services.test_opening import ANSWERS, PROFILE
from wizard.accounts.base import AccountService, ProvisioningToken
from wizard.core.cancel import Cancel
from wizard.core.paths import Folders
from wizard.core.trouble import Code, Trouble
from wizard.profile.load import load_file
from wizard.profile.model import Trust
from wizard.services.access import ServiceAccess
from wizard.services.ground import Ground
from wizard.services.made_tokens import MadeTokens
from wizard.services.options import Options


class Service:
    """The tokens of one connection; those of other installations are there, too."""

    def __init__(self) -> None:
        self.tokens = {"theirs": "word-theirs"}
        self.made = 0
        self.reached = True

    def create_provisioning_token(
        self, ou: str, account: str, *, label: str, cancel: Cancel
    ) -> ProvisioningToken:
        self.made += 1
        made = ProvisioningToken(id=f"t{self.made}", label=label, secret=f"word-{self.made}")
        self.tokens[made.id] = made.secret
        return made

    def revoke_provisioning_token(
        self, ou: str, account: str, token_id: str, cancel: Cancel
    ) -> None:
        if not self.reached:
            raise Trouble(Code.OFFLINE)
        self.tokens.pop(token_id, None)


class SignedIn(ServiceAccess):
    """Access of somebody who is signed in at that service."""

    service: Service

    def as_person(self, cancel: Cancel) -> AccountService:
        return cast("AccountService", self.service)


Start = Callable[[], SignedIn]


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def start(tmp_path: Path, service: Service) -> Iterator[Start]:
    """Starts the program anew on the same home, with secrets in memory."""
    profile = tmp_path / "profile.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    opened: list[Ground] = []

    def start_anew() -> SignedIn:
        options = Options(profile=str(profile), home=tmp_path, forget=True)
        loaded = load_file(profile, origin=Trust.GIVEN)
        opened.append(Ground(options, loaded, Folders.of_person(tmp_path), HandClock()))
        access = SignedIn(opened[-1])
        access.service = service
        return access

    yield start_anew
    for ground in opened:
        ground.close()


def test_each_start_in_memory_leaves_one_token_and_never_another_computers(
    service: Service, start: Start
) -> None:
    for _ in range(3):
        token = start().provisioning_token(ANSWERS, Cancel())
        assert sorted(service.tokens.values()) == sorted(["word-theirs", token])


def test_a_token_that_is_kept_is_used_again_and_none_is_made(
    service: Service, start: Start
) -> None:
    access = start()
    tokens = {access.provisioning_token(ANSWERS, Cancel()) for _ in range(3)}
    assert (tokens, service.made) == ({"word-1"}, 1)


def test_tokens_that_could_not_be_ended_are_ended_with_the_next(
    service: Service, start: Start, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.access", "could not be ended")
    start().provisioning_token(ANSWERS, Cancel())
    service.reached = False
    for _ in range(2):
        start().provisioning_token(ANSWERS, Cancel())
    assert sorted(service.tokens) == ["t1", "t2", "t3", "theirs"]
    service.reached = True
    start().provisioning_token(ANSWERS, Cancel())
    assert sorted(service.tokens) == ["t4", "theirs"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version": 1, "made": [1]}'])
def test_a_file_that_cannot_be_read_keeps_no_sync_from_its_token(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "tokens.json").write_bytes(content)
    tokens = MadeTokens(tmp_path)
    assert tokens.of("oa-1") == ()
    tokens.remember("oa-1", ["t1"])
    assert tokens.of("oa-1") == ("t1",)
