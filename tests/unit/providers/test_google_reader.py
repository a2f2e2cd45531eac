from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from tests.unit.providers.conftest import (
    ADMIN,
    CUSTOMER,
    Google,
    Impatient,
    MakeReader,
    Request,
    Tokens,
    error,
)
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.directory import DirectoryUser, MemberKind, OrgUnit, UserState
from wizard.core.trouble import Code, Trouble
from wizard.providers.base import DirectoryReader, Domain
from wizard.providers.google.permissions import DIRECTORY_SCOPES
from wizard.providers.google.reader import GoogleReader

SLOW = 403, "userRateLimitExceeded", "User-rate limit exceeded."


def everybody(reader: DirectoryReader, cancel: Cancel | None = None) -> list[DirectoryUser]:
    return [user for page in reader.users(cancel or Cancel()) for user in page]


def refused(reader: DirectoryReader, cancel: Cancel | None = None) -> Trouble:
    with pytest.raises(Trouble) as caught:
        everybody(reader, cancel)
    return caught.value


def test_everybody_is_read_page_by_page_in_the_directorys_own_words(
    google: Google, reader: GoogleReader
) -> None:
    google.hire(1, suspended=True, orgUnitPath="/Sales/North", aliases=["a1@nordby.example"])
    google.hire(2, archived=True, suspended=True)
    google.hire(3, name={}, primaryEmail="Æsa.Ögmundsdóttir@Nordby.example")
    google.people.append({"id": "999"})
    people = everybody(reader)
    assert [user.id for user in people] == ["10000", "10001", "10002", "10003", "999"]
    assert people[0].is_admin
    assert people[1] == DirectoryUser(
        id="10001",
        address="person1@nordby.example",
        given_name="Ana",
        family_name="Berg 1",
        state=UserState.SUSPENDED,
        unit_path="/Sales/North",
        aliases=("a1@nordby.example",),
    )
    assert people[2].state is UserState.ARCHIVED
    assert people[3].address == "Æsa.Ögmundsdóttir@Nordby.example"
    assert people[3].display_name == people[3].address
    assert people[4] == DirectoryUser(id="999", address="")
    first = google.asked[0]
    assert first.query["customer"] == "my_customer"
    assert first.query["maxResults"] == "500"
    assert first.query["fields"].startswith("nextPageToken,users(id,primaryEmail,name(")
    assert "pageToken" not in first.query
    assert reader.requests == 3


def test_a_page_without_users_is_an_empty_page(google: Google, reader: GoogleReader) -> None:
    google.people.clear()
    assert everybody(reader) == []


def test_the_next_page_is_fetched_while_one_is_worked_on(
    google: Google, reader: GoogleReader
) -> None:
    for number in range(1, 8):
        google.hire(number)
    asked_for_second = threading.Event()
    google.before_answer = lambda r: asked_for_second.set() if "pageToken" in r.query else None
    pages = reader.users(Cancel())
    assert len(next(pages)) == 2
    assert asked_for_second.wait(5)
    pages.close()
    assert len(google.asked) == 2


def test_a_listing_left_early_stops_what_is_under_way(google: Google, reader: GoogleReader) -> None:
    for number in range(1, 8):
        google.hire(number)
    hold = threading.Event()

    def stuck(request: Request) -> None:
        if "pageToken" in request.query:
            hold.wait(20)

    google.before_answer = stuck
    pages = reader.users(Cancel())
    next(pages)
    before = threading.active_count()
    pages.close()
    hold.set()
    assert threading.active_count() <= before


def test_a_cancel_ends_a_read_that_waits_for_an_answer(
    google: Google, reader: GoogleReader
) -> None:
    for number in range(1, 8):
        google.hire(number)
    cancel, hold = Cancel(), threading.Event()

    def stuck(request: Request) -> None:
        if "pageToken" in request.query:
            cancel.stop()
            hold.wait(20)

    google.before_answer = stuck
    assert refused(reader, cancel).code is Code.CANCELLED
    hold.set()


def test_a_failed_page_raises_and_never_shortens_the_list(
    google: Google, reader: GoogleReader
) -> None:
    for number in range(1, 8):
        google.hire(number)
    google.before_answer = lambda r: (
        google.faults.update({"/users": [error(503, "backendError")] * 99})
        if r.query.get("pageToken") == "p4"
        else None
    )
    pages: list[Sequence[DirectoryUser]] = []
    with pytest.raises(Trouble) as caught:
        pages.extend(reader.users(Cancel()))
    assert caught.value.code is Code.SERVICE_UNAVAILABLE
    assert [len(page) for page in pages] == [2, 2]


@pytest.mark.parametrize(
    "fault",
    [
        error(403, "userRateLimitExceeded"),
        error(403, "quotaExceeded"),
        error(429, "rateLimitExceeded"),
        error(403, "", detail="RATE_LIMIT_EXCEEDED"),
        error(500, "internalError"),
        error(503, "backendError"),
    ],
)
def test_what_passes_by_itself_is_waited_for(
    google: Google, reader: GoogleReader, clock: Impatient, fault: tuple[int, dict[str, object]]
) -> None:
    google.faults["/users"] = [fault, fault]
    assert len(everybody(reader)) == 1
    assert len(google.asked) == 3
    assert len(clock.slept) == 2


def test_the_moment_that_google_names_is_waited_for(
    google: Google, reader: GoogleReader, clock: Impatient
) -> None:
    google.date = "Thu, 01 Jan 2026 00:00:00 GMT"
    text = "User-rate limit exceeded.  Retry after 2026-01-01T00:00:07.000Z"
    google.faults["/users"] = [error(403, "userRateLimitExceeded", text)]
    everybody(reader)
    assert 7.0 <= clock.slept[0] < 8.0


def test_a_rate_limit_without_end_is_told_as_that(google: Google, reader: GoogleReader) -> None:
    google.faults["/users"] = [error(403, "quotaExceeded")] * 50
    assert refused(reader).code is Code.RATE_LIMITED
    assert len(google.asked) == 8


def test_a_right_that_was_taken_back_is_not_told_as_a_box_left_empty(
    google: Google, reader: GoogleReader
) -> None:
    google.faults["/users"] = [error(403, "insufficientPermissions")]
    trouble = refused(reader)
    words = trouble_words(trouble.code, trouble.facts)
    assert words.title == "A right that the sync needs is gone"
    assert "authorizes again" in words.to_do


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (error(403, "forbidden"), Code.DIRECTORY_FORBIDDEN),
        (
            error(403, "insufficientPermissions", detail="ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            Code.SCOPES_MISSING,
        ),
        (error(403, "x", detail="ACCESS_TOKEN_SCOPE_INSUFFICIENT"), Code.SCOPES_MISSING),
        (error(403, "domainCannotUseApis"), Code.DOMAIN_CANNOT_USE_APIS),
        (error(403, "accessNotConfigured"), Code.API_NOT_ENABLED),
        (error(403, "x", detail="SERVICE_DISABLED"), Code.API_NOT_ENABLED),
        (error(403, "dailyLimitExceeded"), Code.RATE_LIMITED),
        (error(400, "badRequest"), Code.ANSWER_NOT_UNDERSTOOD),
        (error(404, "notFound"), Code.ANSWER_NOT_UNDERSTOOD),
        ((403, {"captive": "portal"}), Code.ANSWER_NOT_UNDERSTOOD),
        ((200, {"users": [{"primaryEmail": "no-id@nordby.example"}]}), Code.ANSWER_NOT_UNDERSTOOD),
    ],
)
def test_what_does_not_pass_is_told_at_once_by_its_own_name(
    google: Google, reader: GoogleReader, fault: tuple[int, dict[str, object]], code: Code
) -> None:
    google.faults["/users"] = [fault]
    assert refused(reader).code is code
    assert len(google.asked) == 1


def test_a_page_token_that_google_forgot_is_told_apart(
    google: Google, reader: GoogleReader
) -> None:
    google.hire(1)
    google.hire(2)
    google.before_answer = lambda r: (
        google.faults.update({"/users": [error(400, "invalid", "Invalid Input: p2")]})
        if "pageToken" in r.query
        else None
    )
    assert refused(reader).code is Code.PAGE_TOKEN_STALE


def test_a_listing_that_goes_in_circles_is_not_believed(
    google: Google, reader: GoogleReader
) -> None:
    page = {"users": [{"id": "1"}], "nextPageToken": "p0"}
    google.faults["/users"] = [(200, page), (200, page), (200, page)]
    assert refused(reader).code is Code.READ_INCOMPLETE


def test_a_token_refused_in_mid_read_is_renewed_and_the_read_goes_on(
    google: Google, make_reader: MakeReader
) -> None:
    for number in range(1, 6):
        google.hire(number)
    google.before_answer = lambda r: (
        setattr(google, "token", "renewed") if r.query.get("pageToken") == "p2" else None
    )
    reader = make_reader(tokens=Tokens("right", "renewed"))
    assert len(everybody(reader)) == 6


def test_a_token_refused_after_renewal_is_told(google: Google, make_reader: MakeReader) -> None:
    google.token = "another"
    assert refused(make_reader(tokens=Tokens("old", "new"))).code is Code.DIRECTORY_TOKEN_REJECTED
    assert [request.token for request in google.asked] == ["old", "new"]


def test_the_customer_is_the_one_that_the_token_leads_to(
    google: Google, reader: GoogleReader
) -> None:
    customer = reader.customer(Cancel())
    assert customer.id == CUSTOMER
    assert customer.domains == (
        Domain(name="nordby.example", verified=True, primary=True),
        Domain(name="nordby-old.example", verified=False),
    )
    assert google.paths() == ["/users", "/customer/my_customer/domains"]
    assert google.asked[0].query["maxResults"] == "1"


def test_the_customer_of_a_directory_that_lists_nobody_is_the_admins(
    google: Google, reader: GoogleReader
) -> None:
    google.faults["/users"] = [(200, {"kind": "admin#directory#users"})]
    assert reader.customer(Cancel()).id == CUSTOMER


def test_somebody_of_another_customer_in_a_page_stops_the_read(
    google: Google, reader: GoogleReader
) -> None:
    google.hire(1, customerId="C0other99")
    reader.customer(Cancel())
    trouble = refused(reader)
    assert trouble.code is Code.OTHER_CUSTOMER
    assert trouble.facts["found"] == "C0other99"


def test_deleted_people_are_listed_apart(google: Google, reader: GoogleReader) -> None:
    google.deleted = ["7", "8", "9"]
    assert [key for page in reader.deleted_users(Cancel()) for key in page] == ["7", "8", "9"]
    assert google.asked[0].query["showDeleted"] == "true"
    assert google.asked[0].query["fields"] == "nextPageToken,users(id)"


def test_units_come_with_their_root(google: Google, reader: GoogleReader) -> None:
    google.units = [
        {"orgUnitId": "id:1", "orgUnitPath": "/Sales", "name": "Sales", "parentOrgUnitId": "id:0",
         "parentOrgUnitPath": "/"},
        {"orgUnitId": "id:2", "orgUnitPath": "/Sales/North", "name": "North",
         "parentOrgUnitId": "id:1", "parentOrgUnitPath": "/Sales"},
    ]  # fmt: skip
    north = OrgUnit(id="id:2", parent_id="id:1", path="/Sales/North", name="North")
    sales = OrgUnit(id="id:1", parent_id="id:0", path="/Sales", name="Sales")
    assert list(reader.units(Cancel())) == [
        OrgUnit(id="id:0", parent_id="", path="/", name="/"), sales, north
    ]  # fmt: skip
    google.units.insert(0, {"orgUnitId": "id:0", "orgUnitPath": "/", "name": "Nordby"})
    assert reader.units(Cancel())[0] == OrgUnit(id="id:0", parent_id="", path="/", name="Nordby")
    google.units.clear()
    assert list(reader.units(Cancel())) == []
    assert google.asked[0].query["type"] == "allIncludingParent"


def test_members_of_every_group_are_read_with_their_kinds(
    google: Google, reader: GoogleReader
) -> None:
    google.groups["g1"] = [
        {"id": "10001", "type": "USER"},
        {"id": "g2", "type": "GROUP"},
        {"id": CUSTOMER, "type": "CUSTOMER"},
        {"id": "x", "type": "EXTERNAL"},
        {"type": "SOMETHING_NEW"},
    ]
    google.groups["g2"] = []
    groups = [group for page in reader.groups(Cancel()) for group in page]
    assert [group.name for group in groups] == ["g1", "g2"]
    found = dict(reader.members(["g1", "g2"], Cancel()))
    assert [(edge.member_id, edge.kind) for edge in found["g1"]] == [
        ("10001", MemberKind.USER),
        ("g2", MemberKind.GROUP),
        ("", MemberKind.EVERYONE),
        ("x", MemberKind.OUTSIDE),
        ("", MemberKind.OUTSIDE),
    ]
    assert found["g2"] == []


def test_groups_are_read_a_few_at_once_and_never_more(google: Google, reader: GoogleReader) -> None:
    google.groups = {f"g{number}": [{"id": str(number), "type": "USER"}] for number in range(40)}
    four = threading.Barrier(4)

    def together(_request: Request) -> None:
        four.wait(10)

    google.before_answer = together
    found = list(reader.members(list(google.groups), Cancel()))
    assert [group_id for group_id, _ in found] == list(google.groups)
    assert google.most_in_flight == 4


def test_a_group_that_vanished_since_it_was_listed_has_no_members(
    google: Google, reader: GoogleReader
) -> None:
    google.groups["g1"] = [{"id": "1", "type": "USER"}]
    assert dict(reader.members(["gone", "g1"], Cancel()))["gone"] == []


def test_a_404_that_is_not_googles_own_means_nothing(google: Google, reader: GoogleReader) -> None:
    google.faults["/groups/g1/members"] = [b"<html>not here</html>"]
    with pytest.raises(Trouble) as caught:
        list(reader.members(["g1"], Cancel()))
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    google.faults["/users/77"] = [b"<html>not here</html>"]
    with pytest.raises(Trouble) as caught:
        reader.look_up("77", Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


def test_a_group_that_cannot_be_read_stops_the_others(google: Google, reader: GoogleReader) -> None:
    google.groups = {f"g{number}": [] for number in range(30)}
    google.faults["/groups/g3/members"] = [error(403, "forbidden")]
    with pytest.raises(Trouble) as caught:
        list(reader.members(list(google.groups), Cancel()))
    assert caught.value.code is Code.DIRECTORY_FORBIDDEN
    assert len(google.asked) < 30


def test_a_refusal_names_what_was_to_be_read(google: Google, reader: GoogleReader) -> None:
    forbidden = error(403, "forbidden")
    google.faults = {
        "/users": [forbidden],
        "/groups": [forbidden],
        "/customer/my_customer/orgunits": [forbidden],
    }
    parts = [refused(reader).facts["part"]]
    for ask in (lambda: list(reader.groups(Cancel())), lambda: reader.units(Cancel())):
        with pytest.raises(Trouble) as caught:
            ask()
        parts.append(caught.value.facts["part"])
    assert parts == ["people", "groups", "units"]


def test_a_cancel_ends_the_reading_of_groups(google: Google, reader: GoogleReader) -> None:
    google.groups = {f"g{number}": [] for number in range(30)}
    cancel, hold = Cancel(), threading.Event()

    def stuck(request: Request) -> None:
        if request.path.endswith("/g5/members"):
            cancel.stop()
            hold.wait(20)

    google.before_answer = stuck
    with pytest.raises(Trouble) as caught:
        list(reader.members(list(google.groups), cancel))
    hold.set()
    assert caught.value.code is Code.CANCELLED


def test_a_look_up_tells_who_is_there_and_who_is_gone(google: Google, reader: GoogleReader) -> None:
    google.hire(1, suspended=True)
    found = reader.look_up("10001", Cancel())
    assert found.user is not None
    assert found.user.state is UserState.SUSPENDED
    gone = reader.look_up("10009", Cancel())
    assert (gone.user_id, gone.user) == ("10009", None)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (error(403, "forbidden"), Code.DIRECTORY_FORBIDDEN),
        ((500, {}), Code.SERVICE_UNAVAILABLE),
        ((200, {"id": "10001", "customerId": "C0other99"}), Code.OTHER_CUSTOMER),
        ((200, {"id": "somebody-else", "customerId": CUSTOMER}), Code.ANSWER_NOT_UNDERSTOOD),
    ],
)
def test_no_other_answer_to_a_look_up_is_evidence(
    google: Google, reader: GoogleReader, fault: tuple[int, dict[str, object]], code: Code
) -> None:
    google.faults["/users/10001"] = [fault] * 10
    with pytest.raises(Trouble) as caught:
        reader.look_up("10001", Cancel())
    assert caught.value.code is code


def test_an_id_cannot_lead_the_request_elsewhere(google: Google, reader: GoogleReader) -> None:
    assert reader.look_up("../groups?x=1#y", Cancel()).user is None
    assert google.paths() == ["/users/..%2Fgroups%3Fx%3D1%23y"]


def test_rights_are_what_was_granted_and_counts_for_a_read(make_reader: MakeReader) -> None:
    some = next(iter(DIRECTORY_SCOPES))
    assert make_reader(granted=frozenset({some, "openid"})).rights() == {some}


def test_the_own_entry_is_asked_for_by_the_signed_in_address(
    google: Google, reader: GoogleReader
) -> None:
    assert ADMIN.encode() in reader.own_answer(Cancel()).body
    google.people[0]["customerId"] = ""
    with pytest.raises(Trouble) as caught:
        reader.customer(Cancel())
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
