from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.fake_service import FakeService
from tests.unit.services.scheduler_world import START, HandClock
from wizard.accounts.base import AccountService, Member, Role, SyncerLease
from wizard.core.cancel import Cancel
from wizard.core.runs import RunPhase, RunProgress
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.ground import Ground
from wizard.services.installation import Installation
from wizard.services.lease import Lease
from wizard.services.owners import Owners

OWNER = Member(id="1", address="ingrid@nordby.example", name="Ingrid", role=Role.OWNER)
OTHER = Member(id="2", address="kari@nordby.example", name="Kari", role=Role.MEMBER)
PROGRESS = RunProgress(phase=RunPhase.WRITE, done=1, total=2)


def test_owners_are_remembered_and_nobody_else(tmp_path: Path) -> None:
    Owners(tmp_path).remember([OWNER, OTHER], at=START, signed_in="ingrid@nordby.example")
    known = Owners(tmp_path).known()
    assert known.owners == (OWNER,)
    assert (known.read_at, known.signed_in) == (START, "ingrid@nordby.example")


def test_owners_of_whom_nobody_says_since_when_are_as_old_as_can_be(tmp_path: Path) -> None:
    Owners(tmp_path).remember([OWNER], at=START, signed_in="")
    (tmp_path / "owners.json").write_bytes(b'{"version": 1, "owners": []}')
    assert Owners(tmp_path).known().read_at.year == 1


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"version": 1, "owners": [1]}'])
def test_a_sync_that_cannot_tell_whom_to_protect_does_not_begin(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "owners.json").write_bytes(content)
    with pytest.raises(Trouble) as caught:
        Owners(tmp_path).known()
    assert caught.value.code is Code.SIGN_IN_NEEDED


@dataclass
class Place:
    """What a lease needs of its ground."""

    clock: HandClock = field(default_factory=HandClock)
    installation: Installation = field(
        default_factory=lambda: Installation(id="here", host="SERVER01", person="svc")
    )


def lease_of(service: FakeService) -> Lease:
    place = Place(clock=service.clock)
    return Lease(
        cast("Ground", place),
        cast("AccountService", service),
        Answers(ou_id="ou-1", organization_account_id="oa-1"),
        Cancel(),
    )


def test_a_long_run_renews_its_lease_well_before_it_ends() -> None:
    service = FakeService()
    lease = lease_of(service)
    lease.take()
    heard: list[RunProgress] = []
    listen = lease.renewing(heard.append)
    for _ in range(90):
        service.clock.pass_time(minutes=1)
        listen(PROGRESS)
        assert service.lease is not None
        assert service.lease.expires_at > service.clock.now()
    assert len(heard) == 90
    assert 3 <= service.leases_held <= 6


def test_a_lease_that_was_taken_away_stops_the_run_at_its_next_word() -> None:
    service = FakeService()
    lease = lease_of(service)
    lease.take()
    service.clock.pass_time(minutes=30)
    service.lease = SyncerLease(
        installation_id="there",
        host="SERVER02",
        person="x",
        expires_at=service.clock.now().replace(year=2030),
    )
    with pytest.raises(Trouble) as caught:
        lease.renewing(lambda _: None)(PROGRESS)
    assert caught.value.code is Code.NOT_THE_SYNCER
    assert caught.value.facts["host"] == "SERVER02"


def test_a_renewal_that_fails_is_tried_again_while_the_lease_lasts() -> None:
    service = FakeService()
    lease = lease_of(service)
    lease.take()
    heard: list[RunProgress] = []
    listen = lease.renewing(heard.append)
    service.lease_trouble = Trouble(Code.SERVICE_UNAVAILABLE)
    for _ in range(85):
        service.clock.pass_time(minutes=1)
        listen(PROGRESS)
    assert len(heard) == 85
    service.lease_trouble = None
    service.clock.pass_time(minutes=1)
    listen(PROGRESS)
    assert service.leases_held == 2


def test_a_lease_that_ends_without_being_renewed_stops_the_run() -> None:
    service = FakeService()
    lease = lease_of(service)
    lease.take()
    service.lease_trouble = Trouble(Code.SERVICE_UNAVAILABLE)
    service.clock.pass_time(minutes=89)
    with pytest.raises(Trouble) as caught:
        lease.renewing(lambda _: None)(PROGRESS)
    assert caught.value.code is Code.SERVICE_UNAVAILABLE


def test_a_lease_is_renewed_after_the_computer_slept() -> None:
    service = FakeService()
    lease = lease_of(service)
    lease.take()
    service.clock.sleep_through(minutes=45)
    lease.renewing(lambda _: None)(PROGRESS)
    assert service.leases_held == 2


def test_taking_over_is_asked_for_and_only_then_done() -> None:
    service = FakeService()
    service.lease = SyncerLease(
        installation_id="there",
        host="SERVER02",
        person="x",
        expires_at=service.clock.now().replace(year=2030),
    )
    lease = lease_of(service)
    with pytest.raises(Trouble):
        lease.take()
    lease.take(take_over=True)
    assert service.lease.installation_id == "here"
