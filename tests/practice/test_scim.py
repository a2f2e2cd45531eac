"""The practice SCIM end: what the RFCs ask, what the contract adds, what another's checker says."""

from __future__ import annotations

import json

import pytest

from tests.practice.visitor import (
    ADMIN,
    BULK_URN,
    OWNER,
    PATCH_URN,
    USER_URN,
    Scim,
    World,
    user,
)

Operation = dict[str, object]


def _bulk(*operations: Operation, **more: object) -> Operation:
    return {"schemas": [BULK_URN], "Operations": list(operations)} | more


def _made(number: int, name: str) -> Operation:
    return {"method": "POST", "path": "/Users", "bulkId": f"b{number}", "data": user(name)}


def test_an_account_is_found_again_by_id_name_in_any_case_and_external_id(scim: Scim) -> None:
    made = scim.create("Liv.Aas@else.example", externalId="google:C1:7", title="Driver")
    for question in (
        f'id eq "{made["id"]}"',
        'userName eq "LIV.AAS@ELSE.EXAMPLE"',
        'externalId eq "google:C1:7"',
        'externalId sw "google:C1:" and active eq true',
        'title co "riv" and not (active eq false)',
        'title pr and userName ew "else.example"',
        'name.familyName eq "aas" or userName eq "nobody"',
    ):
        found = scim.send("GET", f"/Users?filter={question}").json()
        assert [one["id"] for one in found["Resources"]] == [made["id"]], question
    for question in ('externalId eq "GOOGLE:C1:7"', 'externalId ne "google:C1:7" and title pr'):
        found = scim.send("GET", f"/Users?filter={question}").json()
        assert (found["totalResults"], found["Resources"]) == (0, []), question


def test_addresses_are_searched_within_their_list(scim: Scim) -> None:
    addresses = [
        {"value": "work@else.example", "type": "work", "primary": True},
        {"value": "home@else.example", "type": "home"},
    ]
    made = scim.create("addresses@else.example", emails=addresses)
    for question, hit in (
        ('emails.value eq "home@else.example"', True),
        ('emails eq "home@else.example"', True),
        ('emails[type eq "home" and value sw "home"]', True),
        ('emails[type eq "home" and value sw "work"]', False),
    ):
        found = scim.send("GET", f"/Users?filter={question}").json()["Resources"]
        assert [one["id"] for one in found] == ([made["id"]] if hit else []), question


@pytest.mark.parametrize(
    "question",
    [
        "",
        "userName",
        "userName is x",
        'userName eq "x',
        "userName eq",
        "(active eq true",
        "not active eq true",
        "active gt true",
        'userName eq "x" and',
        "a" * 50 + "[",
    ],
)
def test_a_filter_that_cannot_be_read_is_named_as_such(scim: Scim, question: str) -> None:
    reply = scim.send("GET", f"/Users?filter={question}")
    assert reply.status_code == 400
    assert reply.json()["scimType"] == "invalidFilter"
    assert reply.json()["status"] == "400"


def test_pages_hold_everybody_once_in_order_of_creation(scim: Scim) -> None:
    names = [f"page{number}@else.example" for number in range(7)]
    scim.send("POST", "/Bulk", _bulk(*(_made(n, name) for n, name in enumerate(names))))
    seen, start = [], 1
    while True:
        page = scim.send("GET", f"/Users?startIndex={start}&count=3&attributes=userName").json()
        seen += [one["userName"] for one in page["Resources"]]
        assert page["itemsPerPage"] == len(page["Resources"]) <= 3
        start += 3
        if start > page["totalResults"]:
            break
    assert seen[1:] == names
    assert scim.send("GET", "/Users?count=0").json()["totalResults"] == 8
    assert scim.send("GET", "/Users?count=-5&startIndex=-5").json()["startIndex"] == 1
    assert scim.send("GET", "/Users?count=many").status_code == 400


def test_only_the_attributes_that_were_asked_for_come_back(scim: Scim) -> None:
    made = scim.create("attributes@else.example", externalId="e", displayName="D")
    few = scim.send("GET", f"/Users/{made['id']}?attributes=userName,name.givenName").json()
    assert few.keys() == {"schemas", "id", "userName", "name"}
    assert few["name"] == {"givenName": "Liv"}
    rest = scim.send("GET", f"/Users/{made['id']}?excludedAttributes=name,userName").json()
    assert {"name", "userName"} & rest.keys() == set()
    assert rest["externalId"] == "e"


def test_names_and_external_ids_are_unique_and_a_refused_account_is_not_made(scim: Scim) -> None:
    scim.create("one@else.example", externalId="e1")
    for body in (user("ONE@else.example"), user("two@else.example", externalId="e1")):
        reply = scim.send("POST", "/Users", body)
        assert (reply.status_code, reply.json()["scimType"]) == (409, "uniqueness")
    two = scim.create("two@else.example", externalId="e2")
    taken = scim.patch(
        two["id"], {"op": "replace", "path": "userName", "value": "One@else.example"}
    )
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")
    assert scim.send("GET", "/Users").json()["totalResults"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"schemas": [USER_URN]},
        {"userName": "x"},
        user("  "),
        user("x", active="perhaps"),
        user("x", emails=[{"type": "work"}]),
        user("x", emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
        user("x") | {"name": "Liv"},
        user("x" * 255),
        [],
    ],
)
def test_an_account_that_is_not_as_described_is_refused(scim: Scim, body: object) -> None:
    reply = scim.send("POST", "/Users", body)
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/scim+json"
    assert scim.send("GET", "/Users").json()["totalResults"] == 1


def test_a_patch_speaks_the_dialects_of_known_clients(scim: Scim) -> None:
    made = scim.create("patch@else.example", emails=[{"value": "p@else.example", "type": "work"}])
    account = made["id"]
    changed = scim.patch(
        account,
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new@else.example"},
        {"op": "Add", "path": f"{USER_URN}:title", "value": "Driver"},
        {"op": "replace", "value": {"name.familyName": "Lund", "displayName": "Liv Lund"}},
        {"op": "add", "path": 'emails[type eq "home"].value', "value": "home@else.example"},
    ).json()
    assert changed["active"] is False
    assert [one["value"] for one in changed["emails"]] == ["new@else.example", "home@else.example"]
    assert changed["name"] == {"givenName": "Liv", "familyName": "Lund"}
    assert (changed["title"], changed["displayName"]) == ("Driver", "Liv Lund")
    cleared = scim.patch(
        account,
        {"op": "remove", "path": "title"},
        {"op": "remove", "path": 'emails[type eq "home"]'},
        {"op": "remove", "path": "name.givenName"},
    ).json()
    assert "title" not in cleared
    assert len(cleared["emails"]) == 1
    assert cleared["name"] == {"familyName": "Lund"}


def test_a_new_primary_address_takes_the_mark_from_the_old_one(scim: Scim) -> None:
    made = scim.create("primary@else.example", emails=[{"value": "a@x.example", "primary": True}])
    changed = scim.patch(
        made["id"],
        {"op": "add", "path": "emails", "value": [{"value": "b@x.example", "primary": True}]},
    ).json()
    assert [one.get("primary") for one in changed["emails"]] == [False, True]


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "replace", "path": "nothing", "value": 1}, "invalidPath"),
        ({"op": "replace", "path": "name.nothing", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": "userName[", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "roles", "value": [{"value": "owner"}]}, "mutability"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "replace", "path": 'emails[type eq "x"].value', "value": "y"}, "noTarget"),
        ({"op": "replace", "path": "userName", "value": 7}, "invalidValue"),
        ({"op": "replace", "path": "userName", "value": " "}, "invalidValue"),
        ({"op": "replace", "path": "active", "value": "maybe"}, "invalidValue"),
        ({"op": "add", "path": "title"}, "invalidValue"),
        ({"op": "replace", "value": "x"}, "invalidValue"),
        ({"op": "swap", "path": "title", "value": "x"}, "invalidSyntax"),
    ],
)
def test_a_patch_that_cannot_be_done_changes_nothing(
    scim: Scim, operation: Operation, kind: str
) -> None:
    made = scim.create("still@else.example")
    good: Operation = {"op": "replace", "path": "title", "value": "Changed"}
    reply = scim.patch(made["id"], good, operation)
    assert (reply.status_code, reply.json().get("scimType")) == (400, kind), reply.text
    assert scim.send("GET", f"/Users/{made['id']}").json() == made


def test_a_version_guards_against_writing_over_somebody_elses_change(scim: Scim) -> None:
    made = scim.create("version@else.example")
    account, first = made["id"], made["meta"]["version"]
    rename: Operation = {"op": "replace", "path": "title", "value": "New"}
    changed = scim.patch(account, rename, **{"If-Match": first})
    assert changed.headers["etag"] != first
    assert scim.patch(account, rename, **{"If-Match": first}).status_code == 412
    same = scim.patch(account, rename, **{"If-Match": changed.headers["etag"]})
    assert same.headers["etag"] == changed.headers["etag"]
    unchanged = scim.send("GET", f"/Users/{account}", **{"If-None-Match": same.headers["etag"]})
    assert unchanged.status_code == 304
    stale = scim.send("DELETE", f"/Users/{account}", **{"If-Match": first})
    assert stale.status_code == 412


def test_replacing_keeps_what_a_client_may_not_write(scim: Scim) -> None:
    made = scim.create("replace@else.example", externalId="e", title="Driver")
    body = user("replace@else.example") | {"id": "mine", "roles": [{"value": "owner"}]}
    after = scim.send("PUT", f"/Users/{made['id']}", body).json()
    assert after["id"] == made["id"]
    assert after["roles"] == [{"value": "member", "primary": True}]
    assert {"externalId", "title"} & after.keys() == set()


def test_a_deleted_account_is_gone_and_a_deactivated_one_is_still_found(scim: Scim) -> None:
    kept, gone = scim.create("kept@else.example"), scim.create("gone@else.example")
    scim.patch(kept["id"], {"op": "replace", "path": "active", "value": False})
    assert scim.send("DELETE", f"/Users/{gone['id']}").status_code == 204
    assert scim.send("GET", f"/Users/{gone['id']}").status_code == 404
    found = scim.send("GET", "/Users?filter=active eq false").json()["Resources"]
    assert [one["id"] for one in found] == [kept["id"]]


def test_the_last_active_owner_stays(scim: Scim) -> None:
    [owner] = scim.send("GET", "/Users").json()["Resources"]
    assert owner["roles"] == [{"value": "owner", "primary": True}]
    off: Operation = {"op": "replace", "path": "active", "value": False}
    refused = scim.patch(owner["id"], off)
    assert (refused.status_code, refused.json()["code"]) == (409, "last-owner")
    body = user(owner["userName"], active=False)
    assert scim.send("PUT", f"/Users/{owner['id']}", body).json()["code"] == "last-owner"
    assert scim.send("DELETE", f"/Users/{owner['id']}").json()["code"] == "last-owner"
    data = {"schemas": [PATCH_URN], "Operations": [off]}
    bulk = _bulk({"method": "PATCH", "path": f"/Users/{owner['id']}", "data": data})
    [answer] = scim.send("POST", "/Bulk", bulk).json()["Operations"]
    assert (answer["status"], answer["response"]["code"]) == ("409", "last-owner")
    assert scim.send("GET", f"/Users/{owner['id']}").json()["active"] is True


def test_of_two_owners_one_may_be_deactivated(stand_ins: World, scim: Scim) -> None:
    scim.api.send("POST", f"{scim.unit}/invitations", {"emails": ["second@else.example"]})
    stand_ins.sign_up("second@else.example")
    owners = scim.send("GET", "/Users").json()["Resources"]
    off: Operation = {"op": "replace", "path": "active", "value": False}
    assert scim.patch(owners[0]["id"], off).status_code == 200
    assert scim.patch(owners[1]["id"], off).json()["code"] == "last-owner"


def test_only_the_holder_of_the_lease_writes_and_everybody_may_read(scim: Scim) -> None:
    made = scim.create("lease@else.example")
    other = Scim(
        api=scim.api,
        unit=scim.unit,
        connection=scim.connection,
        token=scim.token,
        installation="installation-2",
    )
    assert other.send("GET", "/Users").status_code == 200
    off: Operation = {"op": "replace", "path": "active", "value": False}
    for reply in (
        other.send("POST", "/Users", user("x@else.example")),
        other.send("PUT", f"/Users/{made['id']}", user("x@else.example")),
        other.patch(made["id"], off),
        other.send("DELETE", f"/Users/{made['id']}"),
        other.send("POST", "/Bulk", _bulk(_made(1, "x@else.example"))),
    ):
        assert (reply.status_code, reply.json()["code"]) == (409, "not-the-syncer")
        assert reply.json()["syncer"]["installation_id"] == "installation-1"
    scim.api.send("DELETE", f"{scim.connection}/syncer?installation_id=installation-1")
    nobody = scim.send("POST", "/Users", user("x@else.example"))
    assert (nobody.status_code, nobody.json()["code"]) == (409, "not-the-syncer")
    assert nobody.json()["syncer"] is None
    nameless = scim.send("POST", "/Users", user("x@else.example"), **{"Sync-Installation": ""})
    assert nameless.status_code == 400


def test_bulk_answers_each_operation_for_itself(scim: Scim) -> None:
    known = scim.create("known@else.example")
    off = {"schemas": [PATCH_URN], "Operations": [{"op": "replace", "path": "active", "value": 0}]}
    title: Operation = {"op": "replace", "path": "title", "value": "T"}
    good = {"schemas": [PATCH_URN], "Operations": [title]}
    answers = scim.send(
        "POST",
        "/Bulk",
        _bulk(
            _made(1, "bulk1@else.example"),
            _made(2, "KNOWN@else.example"),
            {"method": "PATCH", "path": "/Users/bulkId:b1", "data": good},
            {"method": "PATCH", "path": f"/Users/{known['id']}", "data": off},
            {"method": "PATCH", "path": "/Users/u_nobody", "data": good},
            {"method": "DELETE", "path": f"/Users/{known['id']}", "version": 'W/"9"'},
            {"method": "DELETE", "path": f"/Users/{known['id']}"},
            _made(3, "bulk3@else.example"),
        ),
    ).json()["Operations"]
    statuses = [one["status"] for one in answers]
    assert statuses == ["201", "409", "200", "400", "404", "412", "204", "201"]
    assert answers[1]["response"]["scimType"] == "uniqueness"
    assert answers[0]["location"] == answers[2]["location"]
    names = {one["userName"] for one in scim.send("GET", "/Users").json()["Resources"]}
    assert {"bulk1@else.example", "bulk3@else.example"} <= names
    assert "known@else.example" not in names


def test_bulk_stops_when_it_was_told_to_after_so_many_failures(scim: Scim) -> None:
    scim.create("first@else.example")
    message = _bulk(_made(1, "first@else.example"), _made(2, "second@else.example"), failOnErrors=1)
    assert len(scim.send("POST", "/Bulk", message).json()["Operations"]) == 1
    assert scim.send("GET", "/Users").json()["totalResults"] == 2


def test_bulk_has_its_limits_and_they_are_told(scim: Scim) -> None:
    told = scim.send("GET", "/ServiceProviderConfig").json()["bulk"]
    most, size = told["maxOperations"], told["maxPayloadSize"]
    delete: Operation = {"method": "DELETE", "path": "/Users/x"}
    assert scim.send("POST", "/Bulk", _bulk(*[delete] * most)).status_code == 200
    assert scim.send("POST", "/Bulk", _bulk(*[delete] * (most + 1))).status_code == 413
    large = _bulk(_made(1, "x@else.example"), more="x" * size)
    reply = scim.send("POST", "/Bulk", large)
    assert (reply.status_code, reply.json()["status"]) == (413, "413")


def test_errors_below_the_scim_end_are_always_in_scims_form(stand_ins: World, scim: Scim) -> None:
    base = f"{stand_ins.api}{scim.unit}/scim/v2"
    bare = stand_ins.web.get(f"{base}/Users")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, 'Bearer realm="SCIM"')
    replies = [
        bare,
        scim.send("GET", "/Groups"),
        scim.send("PUT", "/Users", {}),
        scim.send("GET", "/Users/u_nobody"),
        scim.send("POST", "/Users", {}, **{"Content-Type": "text/plain"}),
    ]
    assert [reply.status_code for reply in replies] == [401, 404, 405, 404, 415]
    for reply in replies:
        assert reply.headers["content-type"] == "application/scim+json"
        assert reply.json()["status"] == str(reply.status_code)


def test_the_sample_unit_shows_the_directorys_people_who_can_be_adopted(
    stand_ins: World,
) -> None:
    accounts = {one["userName"]: one for one in stand_ins.lines("accounts")}
    directory = {one["address"].lower() for one in stand_ins.lines("expected")}
    adoptable = {OWNER, ADMIN, "LIV.Aas@Nordby.Example", "kari.nilsen@nordby.example"}
    assert adoptable <= accounts.keys()
    assert {name.lower() for name in adoptable} <= directory
    assert accounts["ines.prado@freelance.example"]["externalId"] is None
    assert json.dumps(sorted(directory)).count("freelance.example") == 0
