"""The account service adapter against the practice account service, over real sign-ins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.practice.account_world import (
    ADMIN,
    CUSTOMER,
    PURPOSES,
    AccountClient,
    account_fault,
    accounts_at_the_service,
    lease_of,
)
from tests.practice.visitor import OWNER, World, practice
from wizard.accounts.base import (
    AccountWrite,
    OrganizationAccountStatus,
    Role,
    WriteKind,
)
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import PlanCounts, RunOutcome, RunReport, Trigger
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    LeaverPolicy,
    NotActive,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)
from wizard.core.trouble import Code, Trouble
from wizard.net.bearer import FixedBearer

PEOPLE = 300


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("practice"), people=20) as running:
        yield running


@dataclass(frozen=True, kw_only=True)
class Set:
    """Everything a test needs: the service as its owner sees it, and the connection."""

    client: AccountClient
    service: EnterpriseConnect
    ou: str
    account: str

    def users(self, *, read_only: bool = False) -> ScimUsers:
        return self.client.users(self.service, self.ou, self.account, read_only=read_only)


@pytest.fixture(scope="module")
def ready(world: World) -> Iterator[Set]:
    with ExitStack() as stack:
        client = AccountClient(world, stack)
        service = client.service()
        (unit,) = service.organizational_units(Cancel())
        account = client.connected(service, unit.id)
        assert account.status is OrganizationAccountStatus.ACTIVE
        lease_of(service, unit.id, account.id, client.installation)(take_over=True)
        yield Set(client=client, service=service, ou=unit.id, account=account.id)


def code_of(caught: pytest.ExceptionInfo[Trouble]) -> Code:
    return caught.value.code


# ------------------------------------------------------------------ people and units


def test_the_service_answers_without_a_sign_in(world: World, ready: Set) -> None:
    anyone = EnterpriseConnect(ready.client.net, ready.client.profile.service.api, bearer=None)
    assert anyone.answers(Cancel())


def test_it_is_known_who_signed_in_and_what_they_own(ready: Set) -> None:
    assert ready.service.me(Cancel()).address == OWNER
    (unit,) = ready.service.organizational_units(Cancel())
    assert (unit.name, unit.role) == ("Nordby", Role.OWNER)


def test_owners_are_told_from_members(ready: Set) -> None:
    everybody = ready.service.members(ready.ou, Cancel())
    owners = ready.service.members(ready.ou, Cancel(), role=Role.OWNER)
    assert OWNER in {member.address for member in owners}
    assert {member.id for member in owners} == {
        member.id for member in everybody if member.role is Role.OWNER
    }


def test_an_organizational_unit_can_be_made_and_is_owned_by_its_maker(ready: Set) -> None:
    made = ready.service.create_organizational_unit("Nordby Røros", Cancel())
    assert made.role is Role.OWNER
    assert made.id in {unit.id for unit in ready.service.organizational_units(Cancel())}


def test_somebody_without_a_token_is_asked_to_sign_in(world: World, ready: Set) -> None:
    stranger = EnterpriseConnect(
        ready.client.net, ready.client.profile.service.api, bearer=FixedBearer("made-up")
    )
    with pytest.raises(Trouble) as caught:
        stranger.me(Cancel())
    assert code_of(caught) is Code.SIGN_IN_EXPIRED


# ------------------------------------------------------------------ connections


def test_the_same_customer_gets_the_same_connection_again(ready: Set) -> None:
    again = ready.client.connected(ready.service, ready.ou)
    assert again.id == ready.account
    assert again.purposes == PURPOSES
    assert again.customer_id == CUSTOMER
    (listed,) = ready.service.organization_accounts(ready.ou, Cancel())
    assert listed.id == ready.account


def test_another_customer_is_refused(ready: Set) -> None:
    with pytest.raises(Trouble) as caught:
        ready.service.create_organization_account(
            ready.ou,
            provider=ProviderId.GOOGLE,
            purposes=PURPOSES,
            customer_id="C0somebodyelse",
            domain="elsewhere.example",
            authorized_by=ADMIN,
            cancel=Cancel(),
        )
    assert code_of(caught) is Code.OTHER_CUSTOMER


def test_a_connection_that_is_not_there_is_not_found_and_can_be_ended_twice(ready: Set) -> None:
    with pytest.raises(Trouble) as caught:
        ready.service.organization_account(ready.ou, "oa_none", Cancel())
    assert code_of(caught) is Code.NOT_FOUND_AT_SERVICE
    ready.service.delete_organization_account(ready.ou, "oa_none", Cancel())


# ------------------------------------------------------------------ settings


def test_settings_are_saved_whole_and_read_back_as_they_were(ready: Set) -> None:
    before = ready.service.settings(ready.ou, ready.account, Cancel())
    draft = replace(
        before,
        enabled=True,
        interval_minutes=45,
        leavers=LeaverPolicy.KEEP,
        grace_days=14,
        scope=ScopeRule(
            kind=ScopeKind.RULES,
            unit_ids=("id:03ph8a2z1",),
            user_ids=("1", "2"),
            domains=("nordby.example",),
            exclude_domains=("guests.nordby.example",),
            suspended=NotActive.KEEP_INACTIVE,
        ),
        address=AddressRule(
            choice=AddressChoice.IN_DOMAIN,
            domain="post.nordby.example",
            otherwise=AddressFallback.LEAVE_OUT,
        ),
        protected=("board@nordby.example",),
    )
    saved = ready.service.save_settings(ready.ou, ready.account, draft, Cancel())
    assert saved == replace(draft, version=before.version + 1)
    assert ready.service.settings(ready.ou, ready.account, Cancel()) == saved


def test_a_draft_of_an_older_version_is_not_saved(world: World, ready: Set) -> None:
    draft = ready.service.settings(ready.ou, ready.account, Cancel())
    world.tell("settings-as-somebody-else", {"settings": {"grace_days": 30}})
    with pytest.raises(Trouble) as caught:
        ready.service.save_settings(ready.ou, ready.account, replace(draft, grace_days=1), Cancel())
    assert code_of(caught) is Code.SETTINGS_CHANGED
    assert ready.service.settings(ready.ou, ready.account, Cancel()).grace_days == 30


# ------------------------------------------------------------------ the lease


def test_only_one_installation_holds_the_lease(ready: Set) -> None:
    other = lease_of(ready.service, ready.ou, ready.account, "inst-2")
    with pytest.raises(Trouble) as caught:
        other()
    assert code_of(caught) is Code.NOT_THE_SYNCER
    assert caught.value.facts["host"] == f"host-{ready.client.installation}"
    assert caught.value.facts["person"] == OWNER
    lease_of(ready.service, ready.ou, ready.account, ready.client.installation)()
    known = ready.service.organization_account(ready.ou, ready.account, Cancel()).syncer
    assert known is not None
    assert known.installation_id == ready.client.installation
    assert known.expires_at > datetime.now(UTC)


def test_taking_over_stops_the_other_one_from_writing(ready: Set) -> None:
    users = ready.users()
    mine = lease_of(ready.service, ready.ou, ready.account, ready.client.installation)
    lease_of(ready.service, ready.ou, ready.account, "inst-2")(take_over=True)
    try:
        with pytest.raises(Trouble) as caught:
            users.write([person(900), person(901)], Cancel())
        assert code_of(caught) is Code.NOT_THE_SYNCER
        assert caught.value.facts["host"] == "host-inst-2"
        with pytest.raises(Trouble) as refused:
            ready.service.give_up_lease(
                ready.ou, ready.account, installation_id=ready.client.installation, cancel=Cancel()
            )
        assert code_of(refused) is Code.NOT_THE_SYNCER
    finally:
        mine(take_over=True)
    assert users.by_external_id("google:C0nordby1:900", Cancel()) is None


# ------------------------------------------------------------------ tokens and reports


def test_a_provisioning_token_is_told_once_and_can_be_ended(ready: Set) -> None:
    made = ready.service.create_provisioning_token(
        ready.ou, ready.account, label="SERVER01", cancel=Cancel()
    )
    assert made.secret
    assert made.secret not in repr(made)
    listed = ready.service.provisioning_tokens(ready.ou, ready.account, Cancel())
    assert {"", made.id} <= {"", *(token.id for token in listed)}
    assert all(token.secret == "" for token in listed)
    users = ready.service.users(
        ready.ou,
        ready.account,
        token=made.secret,
        installation_id=ready.client.installation,
        read_only=False,
    )
    assert users.by_address(OWNER, Cancel()) is not None
    ready.service.revoke_provisioning_token(ready.ou, ready.account, made.id, Cancel())
    ready.service.revoke_provisioning_token(ready.ou, ready.account, made.id, Cancel())
    with pytest.raises(Trouble) as caught:
        users.by_address(OWNER, Cancel())
    assert code_of(caught) is Code.PROVISIONING_TOKEN_REVOKED


def test_a_sync_may_do_its_work_without_the_person_and_nothing_else(ready: Set) -> None:
    made = ready.service.create_provisioning_token(
        ready.ou, ready.account, label="sync", cancel=Cancel()
    )
    sync = ready.service.as_sync(made.secret)
    assert sync.settings(ready.ou, ready.account, Cancel()).version >= 1
    assert sync.organization_account(ready.ou, ready.account, Cancel()).id == ready.account
    lease_of(sync, ready.ou, ready.account, ready.client.installation)()
    sync.report_run(ready.ou, ready.account, report("run-by-sync"), Cancel())
    back = replace(report("undo-by-sync"), undoes="run-by-sync")
    sync.report_run(ready.ou, ready.account, back, Cancel())
    runs = sync.sync_runs(ready.ou, ready.account, Cancel(), at_most=2)
    told = [(run.run_id, run.undoes) for run in runs]
    assert told == [("undo-by-sync", "run-by-sync"), ("run-by-sync", "")]
    with pytest.raises(Trouble) as caught:
        sync.members(ready.ou, Cancel())
    assert code_of(caught) is Code.NOT_ALLOWED
    ready.service.revoke_provisioning_token(ready.ou, ready.account, made.id, Cancel())
    with pytest.raises(Trouble) as ended:
        sync.settings(ready.ou, ready.account, Cancel())
    assert code_of(ended) is Code.PROVISIONING_TOKEN_REVOKED


def test_a_run_that_is_told_twice_is_told_once(ready: Set) -> None:
    told = report("run-1")
    ready.service.report_run(ready.ou, ready.account, told, Cancel())
    ready.service.report_run(ready.ou, ready.account, told, Cancel())
    account = ready.service.organization_account(ready.ou, ready.account, Cancel())
    assert account.syncer is not None
    assert account.syncer.last_run_at is not None


def report(run_id: str) -> RunReport:
    began = datetime.now(UTC) - timedelta(seconds=9)
    return RunReport(
        run_id=run_id,
        trigger=Trigger.SCHEDULE,
        outcome=RunOutcome.DONE,
        started_at=began,
        finished_at=began + timedelta(seconds=9),
        planned=PlanCounts(create=2),
        done=PlanCounts(create=2),
        people_read=480,
        requests=11,
    )


# ------------------------------------------------------------------ accounts


def person(number: int, kind: WriteKind = WriteKind.CREATE, account: str = "") -> AccountWrite:
    return AccountWrite(
        key=str(number),
        kind=kind,
        external_id=f"google:{CUSTOMER}:{number}",
        account_id=account,
        address=f"p{number}@nordby.example",
        given_name=f"Łu {number}",
        family_name="O'Hara",
    )


def test_people_get_accounts_that_the_service_itself_knows(world: World, ready: Set) -> None:
    users = ready.users()
    before = accounts_at_the_service(world)
    made = users.write([person(number) for number in range(PEOPLE)], Cancel())
    assert [result.code for result in made] == [None] * PEOPLE
    after = accounts_at_the_service(world)
    new = {key: one for key, one in after.items() if key not in before}
    assert set(new) == {result.account_id for result in made}
    assert {one["externalId"] for one in new.values()} == {
        f"google:{CUSTOMER}:{number}" for number in range(PEOPLE)
    }
    listed = {one.id for page in users.accounts(Cancel()) for one in page}
    assert set(new) <= listed

    first = made[0].account_id
    changed = users.write(
        [
            replace(person(0, WriteKind.UPDATE, first), address="new0@nordby.example"),
            person(1, WriteKind.DEACTIVATE, made[1].account_id),
            replace(person(PEOPLE), address="P2@Nordby.example"),
        ],
        Cancel(),
    )
    assert [result.code for result in changed] == [None, None, Code.ADDRESS_TAKEN]
    now = accounts_at_the_service(world)
    assert now[first]["userName"] == "new0@nordby.example"
    assert not now[made[1].account_id]["active"]
    found = users.by_external_id(f"google:{CUSTOMER}:0", Cancel())
    assert found is not None
    assert (found.id, found.address) == (first, "new0@nordby.example")


def test_an_account_that_was_there_is_adopted_and_keeps_its_id(world: World, ready: Set) -> None:
    users = ready.users()
    found = users.by_address("liv.aas@nordby.example", Cancel())
    assert found is not None
    assert found.external_id == ""
    adopt = AccountWrite(
        key="liv",
        kind=WriteKind.ADOPT,
        external_id=f"google:{CUSTOMER}:liv",
        account_id=found.id,
        address="liv.aas@nordby.example",
        given_name="Liv",
        family_name="Aas",
    )
    (result,) = users.write([adopt], Cancel())
    assert result.code is None
    now = accounts_at_the_service(world)[found.id]
    assert now["externalId"] == f"google:{CUSTOMER}:liv"
    assert now["userName"] == "liv.aas@nordby.example"


def test_the_last_owner_is_never_deactivated(ready: Set) -> None:
    users = ready.users()
    owners = [account for page in users.accounts(Cancel()) for account in page if account.is_owner]
    assert owners
    leave = [
        AccountWrite(key=one.id, kind=WriteKind.DEACTIVATE, external_id="", account_id=one.id)
        for one in owners
    ]
    results = users.write(leave, Cancel())
    assert results[-1].code is Code.LAST_OWNER
    back = [replace(one, kind=WriteKind.REACTIVATE) for one in leave]
    users.write(back, Cancel())


def test_behind_the_wall_nothing_is_written(world: World, ready: Set) -> None:
    users = ready.users(read_only=True)
    before = accounts_at_the_service(world)
    with pytest.raises(Trouble) as caught:
        users.write([person(5000), person(5001)], Cancel())
    assert code_of(caught) is Code.WRITE_BEHIND_WALL
    assert accounts_at_the_service(world) == before
    assert any(page for page in users.accounts(Cancel()))


# ------------------------------------------------------------------ when the service is in trouble


@pytest.fixture
def faults(world: World) -> Iterator[World]:
    world.tell("clear-faults")
    yield world
    world.tell("clear-faults")


def test_a_service_that_is_down_for_a_moment_is_asked_again(faults: World, ready: Set) -> None:
    account_fault(faults, path_prefix="/v1/me", status=503, times=2)
    assert ready.service.me(Cancel()).address == OWNER


@pytest.mark.parametrize(
    ("action", "arrived"), [("drop", False), ("lose-answer", True), ("truncate", True)]
)
def test_a_bulk_whose_answer_never_came_is_told_and_not_sent_again(
    faults: World, ready: Set, action: str, arrived: bool
) -> None:
    users = ready.users()
    users.config(Cancel())
    numbers = {"drop": (7000, 7001), "lose-answer": (7002, 7003), "truncate": (7004, 7005)}[action]
    account_fault(
        faults, path_prefix="/v1/organizational_units", method="POST", action=action, times=1
    )
    with pytest.raises(Trouble) as caught:
        users.write([person(number) for number in numbers], Cancel())
    assert code_of(caught) is Code.CONNECTION_LOST
    faults.tell("clear-faults")
    found = [users.by_external_id(f"google:{CUSTOMER}:{number}", Cancel()) for number in numbers]
    assert [one is not None for one in found] == [arrived, arrived]


def test_being_asked_to_slow_down_delays_a_write_and_loses_nothing(
    faults: World, ready: Set
) -> None:
    users = ready.users()
    users.config(Cancel())
    account_fault(
        faults,
        path_prefix="/v1/organizational_units",
        method="POST",
        status=429,
        retry_after=1,
        times=1,
    )
    results = users.write([person(7100), person(7101)], Cancel())
    assert [result.code for result in results] == [None, None]


def test_making_a_unit_whose_answer_was_lost_makes_one_unit(faults: World, ready: Set) -> None:
    account_fault(
        faults, path_prefix="/v1/organizational_units", method="POST", action="lose-answer", times=1
    )
    made = ready.service.create_organizational_unit("Once only", Cancel())
    units = ready.service.organizational_units(Cancel())
    assert [unit.id for unit in units if unit.name == "Once only"] == [made.id]


def test_a_token_whose_answer_was_lost_is_ended_and_made_anew(faults: World, ready: Set) -> None:
    account_fault(
        faults, path_prefix="/v1/organizational_units", method="POST", action="lose-answer", times=1
    )
    made = ready.service.create_provisioning_token(
        ready.ou, ready.account, label="lost once", cancel=Cancel()
    )
    assert made.secret
    listed = ready.service.provisioning_tokens(ready.ou, ready.account, Cancel())
    assert [token.id for token in listed if token.label == "lost once"] == [made.id]


def test_settings_have_the_defaults_of_the_product_at_first(ready: Set) -> None:
    made = ready.service.create_organizational_unit("Fresh", Cancel())
    account = ready.client.connected(ready.service, made.id)
    fresh = ready.service.settings(made.id, account.id, Cancel())
    assert fresh == replace(ProvisioningSettings(), version=1)
