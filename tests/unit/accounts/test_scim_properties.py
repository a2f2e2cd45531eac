"""Whatever a SCIM service does to our requests: nobody is doubled, and no result is a guess."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.accounts.fake_scim import BASE, FakeScim, Refused, StandingClock, lost
from wizard.accounts.base import Account, AccountWrite, WriteKind
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble

Fault = Callable[[int, str, str], None]

UNTOUCHED = st.sampled_from(["slow", "down", "not-yours", "lost-before"])
"""What may happen before the service has looked at a request."""


def refusal(what: str) -> Exception:
    if what == "slow":
        return Trouble(Code.RATE_LIMITED, retry_after=1.0, host="scim.example", status=429)
    if what == "down":
        return Refused(503, detail="down")
    if what == "not-yours":
        return Refused(409, code="not-the-syncer")
    return lost()


@st.composite
def troubled(draw: st.DrawFn) -> FakeScim:
    """A service with limits of its own that stumbles at some of the first requests."""
    service = FakeScim(
        bulk=draw(st.booleans()),
        most=draw(st.integers(1, 12)),
        payload=draw(st.integers(1_200, 20_000)),
    )
    service.page = draw(st.integers(2, 9))
    service.bulk_reversed = draw(st.booleans())
    service.quiet_patch = draw(st.booleans())
    before = draw(st.dictionaries(st.integers(2, 9), UNTOUCHED, max_size=3))
    after = draw(st.sets(st.integers(2, 9), max_size=2))

    def stumble(number: int, method: str, path: str) -> None:
        if number in before:
            raise refusal(before[number])

    def forget(number: int, method: str, path: str) -> None:
        if number in after:
            raise lost()

    service.faults.append(stumble)
    service.after.append(forget)
    return service


def client(service: FakeScim) -> ScimUsers:
    return ScimUsers(service, base_path=BASE, clock=StandingClock(), parallel=1)


def create(number: int) -> AccountWrite:
    return AccountWrite(
        key=str(number),
        kind=WriteKind.CREATE,
        external_id=f"google:C1:{number}",
        address=f"p{number}@nordby.example",
        given_name="Łu",
        family_name="O'Hara" * (number % 40),
    )


def external_ids(service: FakeScim) -> list[str]:
    return [user["externalId"] for user in service.users.values()]


@given(service=troubled(), people=st.integers(1, 25))
def test_a_person_is_created_once_or_it_is_said_that_nobody_knows(
    service: FakeScim, people: int
) -> None:
    writes = [create(number) for number in range(people)]
    try:
        results = client(service).write(writes, Cancel())
    except Trouble:
        results = ()
    assert len(external_ids(service)) == len(set(external_ids(service)))
    for write, result in zip(writes, results, strict=bool(results)):
        assert result.key == write.key
        there = service.users.get(result.account_id)
        if result.code is None:
            assert there is not None
            assert there["externalId"] == write.external_id
        else:
            # Sent twice, a create would have been refused as taken by itself.
            assert result.code is not Code.ADDRESS_TAKEN
            assert write.external_id not in external_ids(service)


@given(service=troubled(), people=st.integers(1, 25))
def test_looking_up_what_is_not_known_and_sending_the_rest_gets_everybody_exactly_once(
    service: FakeScim, people: int
) -> None:
    users = client(service)
    left = [create(number) for number in range(people)]
    for _ in range(40):
        try:
            results = users.write(left, Cancel())
            done = {result.key for result in results if result.code is None}
        except Trouble:
            done = set()
        left = [write for write in left if write.key not in done and not known(users, write)]
        if not left:
            break
    assert sorted(external_ids(service)) == sorted(f"google:C1:{n}" for n in range(people))


def known(users: ScimUsers, write: AccountWrite) -> bool:
    """Ask until there is an answer, as the sync does for what was sent and never answered."""
    for _ in range(20):
        try:
            return users.by_external_id(write.external_id, Cancel()) is not None
        except Trouble:
            continue
    raise AssertionError("the service never answered")


@given(service=troubled(), people=st.integers(0, 40))
def test_a_listing_is_whole_or_there_is_none(service: FakeScim, people: int) -> None:
    for number in range(people):
        service.add(userName=f"p{number}@x.example", externalId=f"google:C1:{number}")
    found: list[Account] = []
    try:
        for page in client(service).accounts(Cancel()):
            found.extend(page)
    except Trouble:
        assert found == []
        return
    assert sorted(one.id for one in found) == sorted(service.users)
