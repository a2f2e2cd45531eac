"""The practice Directory API: Google's own description judges it, and it errs as Google does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.practice.discovery import judge_answer, objections
from tests.practice.visitor import (
    ADMIN,
    DIRECTORY,
    GOOGLE_SCOPES,
    ORDINARY,
    OTHER_ADMIN,
    Reply,
    World,
)

CLIENT_FIELDS = (
    "nextPageToken,users(id,primaryEmail,name(givenName,familyName),suspended,archived,"
    "isAdmin,orgUnitPath,aliases)"
)


class Reader:
    """Reads with one token; each page is held against Google's description on the way."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token

    def get(self, path: str, **query: str) -> Reply:
        reply = self.world.directory(self.token, path, **query)
        judge_answer(f"/admin/directory/v1{path}", reply.status_code, reply.content)
        return reply

    def all(self, path: str, key: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            reply = self.get(path, **query)
            assert reply.status_code == 200, reply.text
            page = reply.json()
            found += page.get(key, [])
            if "nextPageToken" not in page:
                return found
            query["pageToken"] = page["nextPageToken"]

    def users(self, **query: str) -> list[dict[str, Any]]:
        return self.all("/users", "users", customer="my_customer", **query)


@pytest.fixture
def reader(stand_ins: World) -> Reader:
    return Reader(stand_ins, stand_ins.google_sign_in()["access_token"])


def error(reply: Reply) -> tuple[int, str, str]:
    content = reply.json()["error"]
    assert content["code"] == reply.status_code
    return reply.status_code, content["errors"][0]["reason"], content["message"]


def test_the_judge_itself_objects_to_wrong_names_and_types() -> None:
    assert objections("User", {"id": 7})
    assert objections("User", {"userName": "x"})
    assert objections("Users", {"users": [{"primaryEmail": None}]})
    assert objections("Users", {"users": [{"primaryEmail": "a@b.example"}]}) == []


def test_all_people_are_listed_once_page_after_page(reader: Reader) -> None:
    people = reader.users(maxResults="37")
    ids = [one["id"] for one in people]
    assert len(ids) == len(set(ids)) == reader.world.ask("state")["people"]
    assert all(re.fullmatch(r"[0-9]{21}", one) for one in ids)
    active = {one["id"] for one in people if not one["suspended"] and not one["archived"]}
    assert active == {one["id"] for one in reader.world.lines("expected")}


def test_the_sample_is_ugly_on_purpose(reader: Reader) -> None:
    people = {one["primaryEmail"]: one for one in reader.users(maxResults="500")}
    assert people["samuel.okoro@nordby.example"]["suspended"] is True
    assert people["samuel.okoro@nordby.example"]["suspensionReason"] == "ADMIN"
    assert people["old.archive@nordby.example"]["archived"] is True
    assert people["frontdesk@nordby.example"]["name"] == {}
    assert people["yuki.tanaka@nordby.example"]["name"]["familyName"] == "田中"
    assert people["mononym@nordby.example"]["name"] == {
        "givenName": "Suharto",
        "fullName": "Suharto",
    }
    assert "Robert.McTavish@nordby.example" in people
    assert "sean.o'hara@nordby.example" in people
    assert len(people["a.wolfe@nordby.example"]["name"]["familyName"]) > 70
    assert len(people["lise.haugen@nordby.example"]["aliases"]) == 2
    assert people["gate.four@nordby.example"]["orgUnitPath"].count("/") == 5
    assert any(address.endswith("@nordby-freight.example") for address in people)


def test_deleted_people_are_a_listing_of_their_own_with_an_address_used_again(
    reader: Reader,
) -> None:
    deleted = reader.users(showDeleted="true", maxResults="2")
    assert all(one.keys() <= {"kind", "id", "etag", "primaryEmail"} for one in deleted)
    live = {one["primaryEmail"]: one["id"] for one in reader.users(maxResults="500")}
    [again] = [one for one in deleted if one["primaryEmail"] in live]
    assert live[again["primaryEmail"]] != again["id"]
    assert reader.get(f"/users/{again['id']}").status_code == 404


def test_groups_nest_in_circles_and_hold_everyone_and_outsiders(reader: Reader) -> None:
    groups = {
        one["email"]: one
        for one in reader.all("/groups", "groups", customer="my_customer", maxResults="5")
    }
    members = {
        email: reader.all(f"/groups/{one['id']}/members", "members", maxResults="3")
        for email, one in groups.items()
    }
    assert all(
        groups[email]["directMembersCount"] == str(len(found)) for email, found in members.items()
    )
    nested = {
        email: {one["email"] for one in found if one["type"] == "GROUP"}
        for email, found in members.items()
    }
    assert nested["ring-a@nordby.example"] == {"ring-b@nordby.example"}
    assert nested["ring-b@nordby.example"] == {"ring-c@nordby.example"}
    assert nested["ring-c@nordby.example"] == {"ring-a@nordby.example"}
    assert nested["mirror@nordby.example"] == {"mirror@nordby.example"}
    [everyone] = members["all-staff@nordby.example"]
    assert (everyone["type"], "email" in everyone) == ("CUSTOMER", False)
    assert {one["type"] for one in members["partners@nordby.example"]} == {"USER", "EXTERNAL"}
    assert members["nobody@nordby.example"] == []
    by_address = reader.all("/groups/sales@nordby.example/members", "members")
    assert by_address == members["sales@nordby.example"]
    owners = reader.all("/groups/moss@nordby.example/members", "members", roles="OWNER")
    assert [one["role"] for one in owners] == ["OWNER"]


def test_units_come_without_paging_each_below_its_parent(reader: Reader) -> None:
    path = "/customer/my_customer/orgunits"
    units = reader.get(path, type="all").json()["organizationUnits"]
    paths = {one["orgUnitPath"]: one for one in units}
    assert "/" not in paths
    for one in units:
        parent = one["parentOrgUnitPath"]
        assert one["orgUnitPath"] == f"{parent.rstrip('/')}/{one['name']}"
        assert parent == "/" or paths[parent]["orgUnitId"] == one["parentOrgUnitId"]
    top = reader.get(path, type="children").json()["organizationUnits"]
    assert all(one["parentOrgUnitPath"] == "/" for one in top)
    whole = reader.get(path, type="allIncludingParent").json()["organizationUnits"]
    assert [one["orgUnitPath"] for one in whole if "parentOrgUnitId" not in one] == ["/"]
    sales = reader.get(path, type="all", orgUnitPath="/Sales").json()["organizationUnits"]
    assert {one["orgUnitPath"] for one in sales} == {"/Sales/North", "/Sales/South"}
    assert reader.get(path, type="all", orgUnitPath="/Nowhere").status_code == 404
    used = {one["orgUnitPath"] for one in reader.users(maxResults="500")}
    assert used <= paths.keys() | {"/"}


def test_the_customer_and_its_domains_say_what_is_verified(reader: Reader) -> None:
    customer = reader.get("/customers/my_customer").json()
    assert customer["id"] == "C0nordby1"
    assert reader.get(f"/customers/{customer['id']}").json() == customer
    domains = reader.get("/customer/my_customer/domains").json()["domains"]
    assert [(one["domainName"], one["verified"]) for one in domains] == [
        ("nordby.example", True),
        ("nordby-freight.example", True),
        ("nordby-labs.example", False),
    ]


def test_somebody_is_found_by_id_address_and_alias(reader: Reader) -> None:
    lise = reader.get("/users/lise.haugen@nordby.example").json()
    for key in (lise["id"], "LISE.HAUGEN@nordby.example", lise["aliases"][0]):
        assert reader.get(f"/users/{key}").json() == lise
    assert error(reader.get("/users/nobody@nordby.example")) == (
        404,
        "notFound",
        "Resource Not Found: userKey",
    )


def test_a_mask_leaves_only_what_it_names(reader: Reader) -> None:
    page = reader.get("/users", customer="my_customer", maxResults="3", fields=CLIENT_FIELDS).json()
    assert page.keys() == {"nextPageToken", "users"}
    for one in page["users"]:
        assert one.keys() <= {
            "id", "primaryEmail", "name", "suspended", "archived", "isAdmin", "orgUnitPath",
            "aliases",
        }  # fmt: skip
        assert one["name"].keys() <= {"givenName", "familyName"}
    slashed = reader.get("/users", customer="my_customer", fields="users/name/givenName").json()
    assert slashed["users"][0] == {"name": {"givenName": "Tomasz"}}
    one = reader.get(f"/users/{ADMIN}", fields="isAdmin,name(*)").json()
    assert one == {
        "name": {"givenName": "Tomasz", "familyName": "Wilk", "fullName": "Tomasz Wilk"},
        "isAdmin": True,
    }
    groups = reader.get("/groups", customer="my_customer", fields="groups(id,email)").json()
    assert all(one.keys() == {"id", "email"} for one in groups["groups"])


@pytest.mark.parametrize(
    "fields",
    ["bogus", "users(bogus)", "users(id", "users)", "users(id))", "id/x", "users//id", ","],
)
def test_a_mask_that_names_nothing_of_the_answer_is_refused(reader: Reader, fields: str) -> None:
    reply = reader.get("/users", customer="my_customer", fields=fields)
    assert reply.status_code == 400
    assert "Invalid field selection" in reply.text


@pytest.mark.parametrize("order", ["email", "familyName", "givenName"])
def test_people_can_be_sorted_and_the_pages_keep_that_order(reader: Reader, order: str) -> None:
    def pick(one: dict[str, Any]) -> str:
        return str(one["primaryEmail"].lower() if order == "email" else one["name"].get(order, ""))

    found = [pick(one) for one in reader.users(orderBy=order, maxResults="17")]
    assert found == sorted(found)
    turned = reader.users(orderBy=order, sortOrder="DESCENDING", maxResults="17")
    assert [pick(one) for one in turned] == found[::-1]


def test_people_and_groups_can_be_searched(reader: Reader) -> None:
    everyone = reader.users(maxResults="500")
    north = reader.users(query="orgUnitPath='/Sales' isSuspended=false")
    assert {one["id"] for one in north} == {
        one["id"]
        for one in everyone
        if (one["orgUnitPath"] + "/").startswith("/Sales/") and not one["suspended"]
    }
    assert {one["primaryEmail"] for one in reader.users(query="email:lise.h*")} == {
        "lise.haugen@nordby.example"
    }
    assert [one["name"]["givenName"] for one in reader.users(query='name:"o\'hara"')] == ["Seán"]
    rings = reader.all("/groups", "groups", customer="my_customer", query="email:ring*")
    assert len(rings) == 3
    assert error(reader.get("/users", customer="my_customer", query="shoe=42"))[1] == "invalid"


def test_an_empty_listing_has_no_list(reader: Reader) -> None:
    page = reader.get("/users", customer="my_customer", query="email=nobody@nordby.example").json()
    assert "users" not in page
    assert "nextPageToken" not in page
    reader.world.tell("empty-directory")
    assert reader.get("/users", customer="my_customer").json().keys() == {"kind", "etag"}


@pytest.mark.parametrize(
    ("query", "reason", "words"),
    [
        ({}, "badRequest", "Bad Request"),
        ({"customer": "my_customer", "maxResults": "501"}, "invalid", "maxResults"),
        ({"customer": "my_customer", "maxResults": "0"}, "invalid", "maxResults"),
        ({"customer": "my_customer", "pageToken": ""}, "invalid", "Invalid Input: "),
        ({"customer": "my_customer", "pageToken": "b64"}, "invalid", "Invalid Input: b64"),
        ({"customer": "my_customer", "orderBy": "shoe"}, "invalid", "orderBy"),
        ({"customer": "my_customer", "showDeleted": "yes"}, "invalid", "showDeleted"),
        ({"customer": "my_customer", "slip": "x"}, "invalid", "slip"),
    ],
)
def test_a_wrong_parameter_is_refused(
    reader: Reader, query: dict[str, str], reason: str, words: str
) -> None:
    status, found, message = error(reader.get("/users", **query))
    assert (status, found) == (400, reason)
    assert words in message


def test_a_page_token_belongs_to_the_question_that_it_came_from(reader: Reader) -> None:
    page = reader.get("/users", customer="my_customer", maxResults="5").json()
    token = page["nextPageToken"]
    larger = reader.get("/users", customer="my_customer", maxResults="9", pageToken=token)
    assert larger.status_code == 200
    other = reader.get("/users", customer="my_customer", showDeleted="true", pageToken=token)
    assert error(other)[:2] == (400, "invalid")
    for path in ("/groups", "/groups/moss@nordby.example/members"):
        assert reader.get(path, customer="my_customer", pageToken=token).status_code == 400


def test_maximums_of_groups_and_members_are_enforced(reader: Reader) -> None:
    for path in ("/groups", "/groups/moss@nordby.example/members"):
        query = {"customer": "my_customer"} if path == "/groups" else {}
        assert reader.get(path, maxResults="200", **query).status_code == 200
        assert reader.get(path, maxResults="201", **query).status_code == 400


def test_an_ordinary_person_sees_only_what_the_whole_domain_may_see(stand_ins: World) -> None:
    reader = Reader(stand_ins, stand_ins.google_sign_in(ORDINARY)["access_token"])
    for path, query in (
        ("/users", {"customer": "my_customer"}),
        (f"/users/{ORDINARY}", {}),
        ("/groups", {"customer": "my_customer"}),
        ("/customer/my_customer/orgunits", {}),
    ):
        assert error(reader.get(path, **query)) == (
            403,
            "forbidden",
            "Not Authorized to access this resource/api",
        )
    public = reader.users(viewType="domain_public", maxResults="500")
    assert len(public) == stand_ins.ask("state")["people"]
    assert all("isAdmin" not in one for one in public)


def test_another_customers_admin_sees_their_own_people_alone(stand_ins: World) -> None:
    reader = Reader(stand_ins, stand_ins.google_sign_in(OTHER_ADMIN)["access_token"])
    assert reader.get("/customers/my_customer").json()["id"] == "C0fjord29"
    people = reader.users()
    assert all(one["primaryEmail"].endswith("@fjordline.example") for one in people)
    assert reader.get(f"/users/{ADMIN}").status_code == 403
    assert reader.get("/users", customer="C0nordby1").status_code == 403
    assert reader.get("/groups/sales@nordby.example/members").status_code == 404


def test_after_a_swap_the_same_token_leads_to_another_customer(reader: Reader) -> None:
    before = {one["id"] for one in reader.users(maxResults="500")}
    reader.world.tell("swap-customer")
    assert reader.get("/customers/my_customer").json()["id"] == "C0fjord29"
    assert before.isdisjoint(one["id"] for one in reader.users())
    assert reader.get("/users", customer="C0nordby1").status_code == 403


def test_a_scope_that_was_not_granted_is_missed_in_googles_words(stand_ins: World) -> None:
    untick = frozenset({f"{DIRECTORY}group.readonly"})
    tokens = stand_ins.google_sign_in(untick=untick)
    reader = Reader(stand_ins, tokens["access_token"])
    assert reader.get("/users", customer="my_customer").status_code == 200
    refused = reader.get("/groups", customer="my_customer")
    assert error(refused)[:2] == (403, "insufficientPermissions")
    assert refused.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert set(tokens["scope"].split()) == {
        "openid",
        "https://www.googleapis.com/auth/userinfo.email",
        *(one for one in GOOGLE_SCOPES if one.startswith("https") and one not in untick),
    }


def test_without_a_valid_token_the_answer_is_googles_401(stand_ins: World) -> None:
    reply = stand_ins.directory("ya29.invented", "/users", customer="my_customer")
    assert error(reply) == (401, "authError", "Invalid Credentials")
    assert reply.json()["error"]["status"] == "UNAUTHENTICATED"
    tokens = stand_ins.google_sign_in()
    stand_ins.tell("expire-tokens", {"stand_in": "google"})
    expired = stand_ins.directory(tokens["access_token"], "/users", customer="my_customer")
    assert expired.status_code == 401
    fresh = stand_ins.google_token(
        grant_type="refresh_token", refresh_token=tokens["refresh_token"]
    ).json()
    again = stand_ins.directory(fresh["access_token"], "/users", customer="my_customer")
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("userRateLimitExceeded", 403),
        ("quotaExceeded", 403),
        ("rateLimitExceeded", 429),
        ("domainCannotUseApis", 403),
        ("accessNotConfigured", 403),
        ("backendError", 503),
    ],
)
def test_googles_refusals_can_be_caused(reader: Reader, reason: str, status: int) -> None:
    fault = {"stand_in": "google", "path_prefix": "/admin/", "body": reason, "retry_after": 7}
    reader.world.tell("faults", [fault])
    reply = reader.get("/users", customer="my_customer")
    assert error(reply)[:2] == (status, reason)
    assert reply.headers["retry-after"] == "7"
    assert reader.get("/users", customer="my_customer").status_code == 200
