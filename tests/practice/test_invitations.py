"""Invitations, installed apps and the record of runs, against the practice account service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.practice.account_world import OWNER, AccountClient
from tests.practice.visitor import World, practice
from wizard.accounts.base import InvitationStatus, Role
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import PlanCounts, RunOutcome, RunReport, Trigger
from wizard.core.trouble import Code, Trouble


@dataclass(frozen=True, kw_only=True)
class Owned:
    """The practice service as the owner of a unit sees it."""

    world: World
    client: AccountClient
    service: EnterpriseConnect
    ou: str


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    with practice(tmp_path_factory.mktemp("practice"), people=20) as world, ExitStack() as stack:
        client = AccountClient(world, stack)
        service = client.service()
        (unit,) = service.organizational_units(Cancel())
        yield Owned(world=world, client=client, service=service, ou=unit.id)


def test_who_is_invited_is_pending_for_two_days_and_members_are_refused(owned: Owned) -> None:
    outcome = owned.service.invite(owned.ou, ["Hanne.Moe@nordby.example", OWNER], Cancel())
    (sent,) = outcome.invited
    assert (sent.address, sent.role) == ("Hanne.Moe@nordby.example", Role.OWNER)
    assert sent.status is InvitationStatus.PENDING
    left = sent.expires_at - datetime.now(UTC)
    assert timedelta(hours=47) < left <= timedelta(hours=48)
    assert [(one.address, one.reason) for one in outcome.refused] == [(OWNER, "already-a-member")]
    newest = owned.service.invitations(owned.ou, Cancel())[0]
    assert newest == sent


def test_inviting_the_same_address_again_keeps_one_invitation(owned: Owned) -> None:
    first = owned.service.invite(owned.ou, ["twice@nordby.example"], Cancel()).invited[0]
    again = owned.service.invite(owned.ou, ["TWICE@nordby.example"], Cancel()).invited[0]
    assert again.id == first.id
    assert again.expires_at >= first.expires_at


def test_a_revoked_invitation_stays_in_the_list_and_can_not_be_sent_again(owned: Owned) -> None:
    made = owned.service.invite(owned.ou, ["wrong@nordby.example"], Cancel()).invited[0]
    owned.service.revoke_invitation(owned.ou, made.id, Cancel())
    told = {one.id: one for one in owned.service.invitations(owned.ou, Cancel())}
    assert told[made.id].status is InvitationStatus.REVOKED
    with pytest.raises(Trouble) as caught:
        owned.service.resend_invitation(owned.ou, made.id, Cancel())
    assert caught.value.code is Code.INVITATION_CLOSED


def test_sending_again_makes_it_valid_anew(owned: Owned) -> None:
    made = owned.service.invite(owned.ou, ["later@nordby.example"], Cancel()).invited[0]
    again = owned.service.resend_invitation(owned.ou, made.id, Cancel())
    assert again.id == made.id
    assert again.status is InvitationStatus.PENDING


def test_more_invitations_than_one_page_are_all_listed(owned: Owned) -> None:
    for start in range(0, 220, 20):
        addresses = [f"many{start + n}@nordby.example" for n in range(20)]
        assert len(owned.service.invite(owned.ou, addresses, Cancel()).invited) == 20
    listed = {one.address for one in owned.service.invitations(owned.ou, Cancel())}
    assert {f"many{n}@nordby.example" for n in range(220)} <= listed


def test_an_app_that_nobody_installed_is_not_seen(owned: Owned) -> None:
    assert not owned.service.app_installed(owned.ou, ProviderId.GOOGLE, "else.example", Cancel())


def test_runs_come_back_newest_first_as_they_were_told(owned: Owned) -> None:
    account = owned.client.connected(owned.service, owned.ou)
    began = datetime(2026, 11, 20, 10, 2, tzinfo=UTC)
    for number in range(3):
        started = began + timedelta(minutes=number)
        report = RunReport(
            run_id=f"run-{number}",
            trigger=Trigger.SCHEDULE,
            outcome=RunOutcome.DONE,
            started_at=started,
            finished_at=started + timedelta(seconds=9),
            planned=PlanCounts(create=number),
            done=PlanCounts(create=number),
            people_read=480,
        )
        owned.service.report_run(owned.ou, account.id, report, Cancel())
    runs = owned.service.sync_runs(owned.ou, account.id, Cancel(), at_most=2)
    assert [run.run_id for run in runs] == ["run-2", "run-1"]
    assert runs[0].done.create == runs[0].planned == 2
    assert runs[0].outcome is RunOutcome.DONE
