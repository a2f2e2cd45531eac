"""Reading and writing accounts at a SCIM service, also when it misbehaves."""

from __future__ import annotations

import pytest

from tests.unit.accounts.fake_scim import (
    BASE,
    FakeScim,
    Refused,
    StandingClock,
    lost,
    on_path,
    once,
)
from wizard.accounts.base import Account, AccountWrite, WriteKind
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble


def client(service: FakeScim, **options: object) -> ScimUsers:
    clock = options.pop("clock", None) or StandingClock()
    return ScimUsers(service, base_path=BASE, clock=clock, **options)  # type: ignore[arg-type] # options of the test's own


def everyone(service: FakeScim) -> list[Account]:
    return [account for page in client(service).accounts(Cancel()) for account in page]


def create(key: str, address: str, given: str = "Liv", family: str = "Aas") -> AccountWrite:
    return AccountWrite(
        key=key,
        kind=WriteKind.CREATE,
        external_id=f"google:C1:{key}",
        address=address,
        given_name=given,
        family_name=family,
    )


def change(key: str, kind: WriteKind, account: str, address: str = "") -> AccountWrite:
    return AccountWrite(
        key=key,
        kind=kind,
        external_id=f"google:C1:{key}",
        account_id=account,
        address=address,
        given_name="New",
        family_name="Name",
    )


def populated(people: int, **options: int) -> FakeScim:
    service = FakeScim(**options)  # type: ignore[arg-type] # options of the test's own
    for number in range(people):
        service.add(userName=f"p{number}@nordby.example", externalId=f"google:C1:{number}")
    return service


# ------------------------------------------------------------------ listing


def test_a_listing_gives_every_account_once_however_small_the_pages_are() -> None:
    service = populated(25)
    service.page = 4
    found = everyone(service)
    assert [one.id for one in found] == list(service.users)
    assert [one.external_id for one in found][:2] == ["google:C1:0", "google:C1:1"]


def test_an_empty_service_gives_an_empty_list() -> None:
    assert everyone(FakeScim()) == []


def test_an_account_is_read_with_its_names_owner_and_activity() -> None:
    service = FakeScim()
    service.add(
        userName="Ana@Nordby.example",
        name={"givenName": "Ana", "familyName": "Ruud"},
        roles=[{"value": "owner"}],
        active=False,
    )
    service.add(userName="no-address", emails=[{"value": "b@x.example", "primary": True}])
    first, second = everyone(service)
    assert (first.address, first.given_name, first.family_name) == (
        "Ana@Nordby.example",
        "Ana",
        "Ruud",
    )
    assert first.is_owner
    assert not first.active
    assert first.external_id == ""
    assert second.address == "b@x.example"
    assert second.active
    assert not second.is_owner


def test_a_list_that_shifts_while_it_is_read_is_read_again() -> None:
    service = populated(10)
    service.page = 4

    def somebody_leaves(number: int, method: str, path: str) -> None:
        if number == 3:
            del service.users["u1"]

    service.faults.append(somebody_leaves)
    assert [one.id for one in everyone(service)] == list(service.users)
    assert "u1" not in service.users


def test_somebody_who_slips_onto_an_earlier_page_is_not_missed() -> None:
    service = populated(10)
    service.page = 4

    def one_leaves_and_one_comes(number: int, method: str, path: str) -> None:
        if number == 3:
            del service.users["u1"]
            service.add(userName="late@nordby.example")

    service.faults.append(one_leaves_and_one_comes)
    # The count stays the same and nobody comes twice: only the seam between pages tells.
    assert {one.address for one in everyone(service)} == {
        user["userName"] for user in service.users.values()
    }


def test_an_id_that_comes_twice_means_that_the_list_shifted() -> None:
    service = populated(8)
    service.page = 4
    order = dict(service.users)

    def the_order_turns(number: int, method: str, path: str) -> None:
        if number == 3:
            service.users = dict(reversed(order.items()))

    service.faults.append(the_order_turns)
    assert {one.id for one in everyone(service)} == set(order)


def test_a_list_that_never_holds_still_is_not_believed() -> None:
    service = populated(10)
    service.page = 4

    def somebody_comes(number: int, method: str, path: str) -> None:
        service.add(userName=f"n{number}@x.example")

    service.after.append(somebody_comes)
    with pytest.raises(Trouble) as caught:
        everyone(service)
    assert caught.value.code is Code.READ_INCOMPLETE


def test_a_page_that_fails_ends_the_listing_before_anything_is_given_out() -> None:
    service = populated(10)
    service.page = 4
    service.faults.append(once(4, lost()))
    given: list[object] = []
    with pytest.raises(Trouble) as caught:
        given.extend(client(service).accounts(Cancel()))
    assert caught.value.code is Code.CONNECTION_LOST
    assert given == []


def test_an_answer_that_stops_short_of_what_it_announced_is_not_believed() -> None:
    service = populated(10)
    listed = service._list

    def short(query: dict[str, object]) -> tuple[int, dict[str, object]]:
        status, page = listed(query)
        return status, page | {"Resources": page.get("Resources", [])[:0], "totalResults": 10}

    service._list = short  # type: ignore[method-assign] # a service that lies
    with pytest.raises(Trouble) as caught:
        everyone(service)
    assert caught.value.code is Code.READ_INCOMPLETE


# ------------------------------------------------------------------ looking one up


def test_an_external_id_counts_by_its_case_even_where_the_service_ignores_it() -> None:
    service = FakeScim()
    service.add(userName="a@x.example", externalId="google:C1:Ab")
    users = client(service)
    assert users.by_external_id("google:C1:aB", Cancel()) is None
    found = users.by_external_id("google:C1:Ab", Cancel())
    assert found is not None
    assert found.address == "a@x.example"


def test_an_address_is_found_in_any_case() -> None:
    service = FakeScim()
    service.add(userName="Liv.Aas@Nordby.example")
    found = client(service).by_address("liv.aas@nordby.example", Cancel())
    assert found is not None
    assert found.address == "Liv.Aas@Nordby.example"


@pytest.mark.parametrize(
    "address", ['o"hara@x.example', "back\\slash@x.example", "Łukasz@x.example"]
)
def test_an_address_with_signs_of_the_filter_language_is_searched_for_as_it_is(
    address: str,
) -> None:
    service = FakeScim()
    service.add(userName=address)
    found = client(service).by_address(address, Cancel())
    assert found is not None


def test_an_address_among_the_emails_is_found_only_where_that_is_wanted() -> None:
    service = FakeScim()
    service.add(userName="liv", emails=[{"value": "liv.aas@nordby.example", "type": "work"}])
    assert client(service).by_address("liv.aas@nordby.example", Cancel()) is None
    found = client(service, match_emails=True).by_address("liv.aas@nordby.example", Cancel())
    assert found is not None


def test_an_address_with_two_accounts_is_a_matter_for_a_person() -> None:
    service = FakeScim()
    service.add(userName="one", emails=[{"value": "liv@x.example"}])
    service.add(userName="two", emails=[{"value": "liv@x.example"}])
    with pytest.raises(Trouble) as caught:
        client(service, match_emails=True).by_address("liv@x.example", Cancel())
    assert caught.value.code is Code.ADDRESS_CLAIMED_TWICE


# ------------------------------------------------------------------ writing


@pytest.mark.parametrize("bulk", [True, False])
def test_all_kinds_of_writes_leave_the_accounts_as_they_should_be(bulk: bool) -> None:
    service = FakeScim(bulk=bulk)
    adopted = service.add(userName="Kari@nordby.example")
    updated = service.add(
        userName="old@nordby.example",
        emails=[
            {"value": "old@nordby.example", "type": "work", "primary": True},
            {"value": "private@home.example", "type": "home"},
        ],
    )
    left = service.add(userName="left@nordby.example")
    back = service.add(userName="back@nordby.example", active=False)
    results = client(service).write(
        [
            create("1", "liv.aas@nordby.example"),
            change("2", WriteKind.ADOPT, adopted, "kari@nordby.example"),
            change("3", WriteKind.UPDATE, updated, "new@nordby.example"),
            change("4", WriteKind.DEACTIVATE, left),
            change("5", WriteKind.REACTIVATE, back, "back@nordby.example"),
        ],
        Cancel(),
    )
    assert [result.key for result in results] == ["1", "2", "3", "4", "5"]
    assert [result.code for result in results] == [None] * 5
    assert [result.account_id for result in results[1:]] == [adopted, updated, left, back]
    made = service.users[results[0].account_id]
    assert made["externalId"] == "google:C1:1"
    assert made["userName"] == "liv.aas@nordby.example"
    assert made["displayName"] == "Liv Aas"
    assert made["name"] == {"givenName": "Liv", "familyName": "Aas"}
    assert made["active"] is True
    assert made["emails"] == [{"value": "liv.aas@nordby.example", "type": "work", "primary": True}]
    assert service.users[adopted]["externalId"] == "google:C1:2"
    assert service.users[adopted]["emails"][0]["value"] == "kari@nordby.example"
    assert [email["value"] for email in service.users[updated]["emails"]] == [
        "new@nordby.example",
        "private@home.example",
    ]
    assert service.users[updated]["name"] == {"givenName": "New", "familyName": "Name"}
    assert "externalId" not in service.users[updated]
    assert service.users[left]["active"] is False
    assert service.users[left]["userName"] == "left@nordby.example"
    assert service.users[back]["active"] is True


@pytest.mark.parametrize("bulk", [True, False])
def test_one_write_that_is_refused_fails_alone(bulk: bool) -> None:
    service = FakeScim(bulk=bulk)
    owner = service.add(userName="owner@nordby.example", roles=[{"value": "owner"}])
    service.add(userName="Taken@nordby.example")
    results = client(service).write(
        [
            create("1", "taken@nordby.example"),
            create("2", "free@nordby.example"),
            change("3", WriteKind.DEACTIVATE, owner),
            change("4", WriteKind.DEACTIVATE, "nobody"),
        ],
        Cancel(),
    )
    assert [result.code for result in results] == [
        Code.ADDRESS_TAKEN,
        None,
        Code.LAST_OWNER,
        Code.NOT_FOUND_AT_SERVICE,
    ]
    assert results[0].detail == "userName is taken"
    assert service.users[owner]["active"] is True


def test_a_person_without_names_gets_an_account_that_shows_the_address() -> None:
    service = FakeScim()
    client(service).write([create("1", "x@nordby.example", "", "")], Cancel())
    (made,) = service.users.values()
    assert made["displayName"] == "x@nordby.example"
    assert "name" not in made


def test_bulk_answers_in_another_order_still_find_their_operations() -> None:
    service = FakeScim()
    service.bulk_reversed = True
    ids = [service.add(userName=f"p{number}@x.example") for number in range(3)]
    service.add(userName="taken@x.example")
    results = client(service).write(
        [
            create("a", "a@x.example"),
            change("b", WriteKind.DEACTIVATE, ids[0]),
            create("c", "taken@x.example"),
            change("d", WriteKind.DEACTIVATE, ids[2]),
            create("e", "e@x.example"),
        ],
        Cancel(),
    )
    assert [result.code for result in results] == [None, None, Code.ADDRESS_TAKEN, None, None]
    assert service.users[results[0].account_id]["userName"] == "a@x.example"
    assert service.users[results[4].account_id]["userName"] == "e@x.example"
    assert results[1].account_id == ids[0]


def test_a_bulk_request_never_holds_more_than_the_service_takes() -> None:
    service = FakeScim(most=7, payload=2_000)
    results = client(service).write(
        [create(str(number), f"p{number}@x.example") for number in range(30)], Cancel()
    )
    assert [result.code for result in results] == [None] * 30
    assert len(service.users) == 30
    assert max(len(sent["Operations"]) for _, path, sent in service.sent if path == "/Bulk") <= 7


def test_a_service_that_takes_less_than_it_says_is_sent_smaller_pieces() -> None:
    service = FakeScim()

    def stingy(number: int, method: str, path: str) -> None:
        if path == "/Bulk" and len(service.sent[-1][2]["Operations"]) > 3:
            raise Refused(413, detail="too large")

    service.faults.append(stingy)
    results = client(service).write(
        [create(str(number), f"p{number}@x.example") for number in range(10)], Cancel()
    )
    assert [result.code for result in results] == [None] * 10
    assert len(service.users) == 10


def test_two_writes_for_one_account_never_share_a_request() -> None:
    service = FakeScim()
    work = [{"value": "one@x.example", "type": "work"}]
    one = service.add(userName="one@x.example", active=False, emails=work)
    client(service).write(
        [
            change("1", WriteKind.REACTIVATE, one, "one@x.example"),
            change("2", WriteKind.UPDATE, one, "two@x.example"),
        ],
        Cancel(),
    )
    assert [path for _, path, _ in service.sent].count("/Bulk") == 2
    assert service.users[one]["userName"] == "two@x.example"


def test_a_service_without_bulk_gets_a_few_requests_at_a_time() -> None:
    service = FakeScim(bulk=False)
    users = client(service, parallel=3)
    results = users.write([create(str(n), f"p{n}@x.example") for n in range(20)], Cancel())
    assert len(service.users) == 20
    assert {result.account_id for result in results} == set(service.users)
    assert service.most_in_flight <= 3


def test_a_service_that_announces_bulk_and_has_none_is_written_to_one_by_one() -> None:
    service = FakeScim()
    service.faults.append(on_path("/Bulk", Refused(501, detail="no")))
    users = client(service)
    results = users.write([create(str(n), f"p{n}@x.example") for n in range(4)], Cancel())
    assert [result.code for result in results] == [None] * 4
    users.write([create(str(n), f"q{n}@x.example") for n in range(10, 14)], Cancel())
    assert [path for _, path, _ in service.sent].count("/Bulk") == 1


def test_the_configuration_is_asked_for_once() -> None:
    service = FakeScim(most=40)
    users = client(service)
    assert users.batch == 20
    for number in range(3):
        users.write([create(str(number), f"p{number}@x.example")], Cancel())
    assert [path for _, path, _ in service.sent].count("/ServiceProviderConfig") == 1
    assert users.batch == 40


def test_writing_nobody_asks_nothing() -> None:
    service = FakeScim()
    assert client(service).write([], Cancel()) == ()
    assert service.sent == []


def test_an_answer_without_a_body_is_as_good_as_one_with() -> None:
    service = FakeScim(bulk=False)
    service.quiet_patch = True
    one = service.add(userName="one@x.example")
    (result,) = client(service).write([change("1", WriteKind.DEACTIVATE, one)], Cancel())
    assert result.code is None
    assert service.users[one]["active"] is False


@pytest.mark.parametrize("page", [{"title": "Sign in to the network"}, {"id": "somebody-else"}])
def test_a_page_of_somebody_in_between_is_no_answer_to_a_change(page: dict[str, object]) -> None:
    service = FakeScim(bulk=False)
    one = service.add(userName="one@x.example")

    def in_between(
        method: str, path: str, document: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        return 200, page

    service._one = in_between  # type: ignore[method-assign] # somebody in between
    with pytest.raises(Trouble) as caught:
        client(service).write([change("1", WriteKind.DEACTIVATE, one)], Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


# ------------------------------------------------------------------ when the service objects


@pytest.mark.parametrize("bulk", [True, False])
@pytest.mark.parametrize("applied", [True, False])
def test_a_lost_connection_is_told_and_nothing_is_sent_twice(bulk: bool, applied: bool) -> None:
    service = FakeScim(bulk=bulk)
    (service.after if applied else service.faults).append(once(2, lost()))
    writes = [create(str(number), f"p{number}@x.example") for number in range(3)]
    with pytest.raises(Trouble) as caught:
        client(service, parallel=1).write(writes, Cancel())
    assert caught.value.code is Code.CONNECTION_LOST
    assert len(service.sent) == 2
    assert service.repeatable == [False]


@pytest.mark.parametrize("bulk", [True, False])
def test_being_asked_to_slow_down_is_obeyed_and_everything_still_arrives(bulk: bool) -> None:
    service = FakeScim(bulk=bulk)
    slow = refusal_with_wait(429, 7.0)
    service.faults += [once(2, slow), once(3, refusal_with_wait(429, None))]
    clock = StandingClock()
    results = client(service, clock=clock, parallel=1).write(
        [create(str(number), f"p{number}@x.example") for number in range(5)], Cancel()
    )
    assert [result.code for result in results] == [None] * 5
    assert len(service.users) == 5
    assert sum(clock.slept) >= 7.0


def refusal_with_wait(status: int, seconds: float | None) -> Trouble:
    assert status == 429
    return Trouble(Code.RATE_LIMITED, retry_after=seconds, host="scim.example", status=status)


def test_a_service_that_never_stops_refusing_is_told_as_such() -> None:
    service = FakeScim(bulk=False)
    service.faults.append(on_path("/Users", refusal_with_wait(429, 1.0)))
    with pytest.raises(Trouble) as caught:
        client(service).write([create("1", "a@x.example")], Cancel())
    assert caught.value.code is Code.RATE_LIMITED


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (Refused(401, detail="no token"), Code.PROVISIONING_TOKEN_REVOKED),
        (Refused(503, detail="down"), Code.SERVICE_UNAVAILABLE),
        (Refused(409, detail="not yours", code="not-the-syncer"), Code.NOT_THE_SYNCER),
    ],
)
@pytest.mark.parametrize("bulk", [True, False])
def test_what_concerns_everybody_is_raised(refusal: Refused, code: Code, bulk: bool) -> None:
    service = FakeScim(bulk=bulk)
    service.faults.append(once(2, refusal))
    with pytest.raises(Trouble) as caught:
        client(service).write([create("1", "a@x.example"), create("2", "b@x.example")], Cancel())
    assert caught.value.code is code


def test_who_holds_the_lease_is_told() -> None:
    service = FakeScim()
    holder = {
        "host": "SERVER01",
        "person": "tomasz.wilk@nordby.example",
        "last_run_at": "2026-11-20T10:02:00Z",
    }
    service.faults.append(once(2, Refused(409, code="not-the-syncer", syncer=holder)))
    with pytest.raises(Trouble) as caught:
        client(service).write([create("1", "a@x.example"), create("2", "b@x.example")], Cancel())
    assert caught.value.facts["host"] == "SERVER01"
    assert caught.value.facts["person"] == "tomasz.wilk@nordby.example"
    assert caught.value.facts["last_run_at"] == "2026-11-20T10:02:00.000Z"


def test_one_person_whom_the_service_stumbles_over_stops_nobody_else() -> None:
    service = FakeScim(bulk=False)
    service.faults.append(once(3, Refused(500, detail="oops")))
    results = client(service, parallel=1).write(
        [create(str(number), f"p{number}@x.example") for number in range(3)], Cancel()
    )
    assert [result.code for result in results] == [None, Code.WRITE_FAILED, None]


def test_a_bulk_answer_that_leaves_somebody_out_is_not_taken_for_done() -> None:
    service = FakeScim()
    whole = service._bulk

    def forgetful(document: dict[str, object], size: int) -> tuple[int, dict[str, object]]:
        status, answer = whole(document, size)
        return status, answer | {"Operations": answer["Operations"][1:]}

    service._bulk = forgetful  # type: ignore[method-assign] # a service that forgets
    with pytest.raises(Trouble) as caught:
        client(service).write([create("1", "a@x.example"), create("2", "b@x.example")], Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


def test_a_cancel_stops_before_the_next_request() -> None:
    service = FakeScim(bulk=False)
    cancel = Cancel()

    def somebody_cancels(number: int, method: str, path: str) -> None:
        if number == 3:
            cancel.stop()

    service.after.append(somebody_cancels)
    with pytest.raises(Trouble) as caught:
        client(service, parallel=2).write(
            [create(str(number), f"p{number}@x.example") for number in range(50)], cancel
        )
    assert caught.value.code is Code.CANCELLED
    assert len(service.users) <= 4


def test_the_installation_is_named_with_every_write() -> None:
    service = FakeScim()
    users = client(service, headers={"Sync-Installation": "i-1"})
    users.write([create("1", "a@x.example"), create("2", "b@x.example")], Cancel())
    assert service.headers[-1]["Sync-Installation"] == "i-1"
    assert service.headers[-1]["content-type"] == "application/scim+json"
