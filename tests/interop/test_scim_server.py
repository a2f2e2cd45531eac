"""The SCIM client against a server that others wrote: a whole life of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.interop.scim_servers import SECRET, scim_server
from wizard.accounts.base import Account, AccountWrite, Capability, Support, WriteKind
from wizard.accounts.scim import ScimService
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.bearer import FixedBearer
from wizard.net.sessions import Net, NetSettings

PEOPLE = 60


@pytest.fixture(params=[True, False], ids=["with bulk", "without bulk"])
def base(
    request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]
) -> Iterator[str]:
    with scim_server(tmp_path, free_port(), bulk=bool(request.param)) as address:
        yield address


@pytest.fixture
def net() -> Iterator[Net]:
    with Net(NetSettings()) as opened:
        yield opened


def service(net: Net, base: str, token: str = SECRET) -> ScimService:
    return ScimService(net, base, bearer=FixedBearer(token))


def users_of(net: Net, base: str, *, token: str = SECRET, read_only: bool = False) -> ScimUsers:
    return service(net, base).users("", "", token=token, installation_id="", read_only=read_only)


def person(
    number: int, kind: WriteKind = WriteKind.CREATE, account: str = "", mark: str = ""
) -> AccountWrite:
    return AccountWrite(
        key=str(number),
        kind=kind,
        external_id=f"google:C1:{number:021d}",
        account_id=account,
        address=f"p{number}{mark}@nordby.example",
        given_name=f"Łu {number}",
        family_name=f"O'Hara{mark}",
    )


def listed(users: ScimUsers) -> dict[str, Account]:
    return {one.external_id: one for page in users.accounts(Cancel()) for one in page}


def test_accounts_live_a_whole_life_and_keep_their_identity(net: Net, base: str) -> None:
    users = users_of(net, base)
    assert listed(users) == {}

    made = users.write([person(number) for number in range(PEOPLE)], Cancel())
    assert [result.code for result in made] == [None] * PEOPLE
    first = listed(users)
    assert len(first) == PEOPLE
    assert {one.id for one in first.values()} == {result.account_id for result in made}
    someone = first["google:C1:000000000000000000007"]
    assert (someone.address, someone.given_name, someone.family_name, someone.active) == (
        "p7@nordby.example",
        "Łu 7",
        "O'Hara",
        True,
    )

    changes = [person(n, WriteKind.UPDATE, made[n].account_id, ".new") for n in range(10)]
    changes += [person(n, WriteKind.DEACTIVATE, made[n].account_id) for n in range(10, 20)]
    assert [one.code for one in users.write(changes, Cancel())] == [None] * 20
    second = listed(users)
    assert {one.id for one in second.values()} == {one.id for one in first.values()}
    assert second["google:C1:000000000000000000003"].address == "p3.new@nordby.example"
    assert second["google:C1:000000000000000000003"].family_name == "O'Hara.new"
    assert sum(not one.active for one in second.values()) == 10

    back = [person(n, WriteKind.REACTIVATE, made[n].account_id) for n in range(10, 20)]
    assert [one.code for one in users.write(back, Cancel())] == [None] * 10
    assert all(one.active for one in listed(users).values())


def test_an_account_that_was_there_before_is_adopted_once(net: Net, base: str) -> None:
    users = users_of(net, base)
    (made,) = users.write(
        [AccountWrite(key="x", kind=WriteKind.CREATE, external_id="", address="P5@Nordby.example")],
        Cancel(),
    )
    found = users.by_address("p5@nordby.example", Cancel())
    assert found is not None
    assert found.id == made.account_id
    (adopted,) = users.write([person(5, WriteKind.ADOPT, found.id)], Cancel())
    assert adopted.code is None
    again = users.by_external_id("google:C1:000000000000000000005", Cancel())
    assert again is not None
    assert (again.id, again.address, again.active) == (found.id, "p5@nordby.example", True)
    assert len(listed(users)) == 1


def test_a_taken_address_fails_alone(net: Net, base: str) -> None:
    users = users_of(net, base)
    users.write([person(1)], Cancel())
    clash = AccountWrite(
        key="clash", kind=WriteKind.CREATE, external_id="google:C1:x", address="P1@nordby.example"
    )
    gone = person(9, WriteKind.DEACTIVATE, "not-there")
    results = users.write([clash, person(2), gone], Cancel())
    assert [result.code for result in results] == [
        Code.ADDRESS_TAKEN,
        None,
        Code.NOT_FOUND_AT_SERVICE,
    ]
    assert len(listed(users)) == 2


def test_a_person_who_is_not_there_is_not_found(net: Net, base: str) -> None:
    users = users_of(net, base)
    users.write([person(1)], Cancel())
    assert users.by_external_id('google:C1:"; or true', Cancel()) is None
    assert users.by_address('nobody"@nordby.example', Cancel()) is None


def test_a_wrong_token_is_told_as_one(net: Net, base: str) -> None:
    users = users_of(net, base, token="another")
    with pytest.raises(Trouble) as caught:
        list(users.accounts(Cancel()))
    assert caught.value.code is Code.PROVISIONING_TOKEN_REVOKED


def test_behind_the_wall_everything_can_be_read_and_nothing_written(net: Net, base: str) -> None:
    users_of(net, base).write([person(1)], Cancel())
    users = users_of(net, base, read_only=True)
    with pytest.raises(Trouble) as caught:
        users.write([person(2), person(3)], Cancel())
    assert caught.value.code is Code.WRITE_BEHIND_WALL
    assert len(listed(users)) == 1


def test_the_adapter_says_what_a_bare_scim_service_can_do(net: Net, base: str) -> None:
    adapter = service(net, base)
    assert adapter.answers(Cancel())
    assert adapter.capabilities[Capability.WRITE_USERS] is Support.AUTOMATIC
    assert adapter.capabilities[Capability.SIGN_IN] is Support.ABSENT
    (unit,) = adapter.organizational_units(Cancel())
    assert unit.name == base.removeprefix("http://").removesuffix("/v2")
    with pytest.raises(Trouble) as caught:
        adapter.settings("", "", Cancel())
    assert caught.value.code is Code.REQUEST_REFUSED
