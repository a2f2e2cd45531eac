"""`/v1` of the practice account service, as the contract describes it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest

from tests.practice.visitor import (
    ADMIN,
    NEW_CONNECTION,
    OWNER,
    Api,
    Scim,
    World,
    practice,
)


@pytest.fixture
def owner(stand_ins: World) -> Api:
    return stand_ins.sign_up(f"{secrets.token_hex(6)}@else.example")


def test_the_sample_unit_has_two_owners_and_members_that_no_directory_gave(
    stand_ins: World,
) -> None:
    api = stand_ins.person(OWNER)
    [unit] = api.send("GET", "/v1/organizational_units").json()["items"]
    assert (unit["name"], unit["role"]) == ("Nordby", "owner")
    owners = api.send("GET", f"/v1/organizational_units/{unit['id']}/members?role=owner").json()
    assert {one["email"] for one in owners["items"]} == {OWNER, ADMIN}
    [invited] = api.send("GET", f"/v1/organizational_units/{unit['id']}/invitations").json()[
        "items"
    ]
    assert (invited["email"], invited["status"]) == (ADMIN, "accepted")
    assert invited["invited_by"] == OWNER
    everyone = api.send("GET", f"/v1/organizational_units/{unit['id']}/members").json()["items"]
    assert {"LIV.Aas@Nordby.Example", "ines.prado@freelance.example"} <= {
        one["email"] for one in everyone
    }


def test_a_new_unit_belongs_to_its_creator_and_nobody_else_sees_it(
    stand_ins: World, owner: Api
) -> None:
    unit = owner.new_unit()
    assert owner.send("GET", unit).json()["role"] == "owner"
    stranger = stand_ins.person(OWNER)
    assert stranger.send("GET", unit).status_code == 404
    assert stranger.send("GET", f"{unit}/members").status_code == 404
    assert stranger.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "  "}, {"name": 7}, {"name": "N", "more": 1}, [], "N"]
)
def test_a_body_that_is_not_as_described_is_refused(owner: Api, body: object) -> None:
    reply = owner.send("POST", "/v1/organizational_units", body)
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid-request")
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_same_key_does_a_thing_once_and_another_body_under_it_is_refused(owner: Api) -> None:
    key = {"Idempotency-Key": secrets.token_hex(8)}
    first = owner.send("POST", "/v1/organizational_units", {"name": "Once"}, **key)
    again = owner.send("POST", "/v1/organizational_units", {"name": "Once"}, **key)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert len(owner.send("GET", "/v1/organizational_units").json()["items"]) == 1
    other = owner.send("POST", "/v1/organizational_units", {"name": "Twice"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_lists_are_paged_by_a_cursor_that_belongs_to_its_list(owner: Api) -> None:
    for name in ("One", "Two", "Three"):
        owner.send("POST", "/v1/organizational_units", {"name": name})
    names, cursor = [], ""
    while True:
        query = f"?limit=2{cursor}"
        page = owner.send("GET", f"/v1/organizational_units{query}").json()
        names += [one["name"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert names == ["One", "Two", "Three"]
    unit = owner.send("GET", "/v1/organizational_units").json()["items"][0]["id"]
    elsewhere = owner.send("GET", f"/v1/organizational_units/{unit}/members?{cursor[1:]}")
    assert elsewhere.json()["code"] == "invalid-cursor"
    assert owner.send("GET", "/v1/organizational_units?limit=201").status_code == 400
    assert owner.send("GET", "/v1/organizational_units?limit=x").status_code == 400


def test_an_invitation_is_accepted_by_signing_in_with_that_address(
    stand_ins: World, owner: Api
) -> None:
    unit = owner.new_unit()
    address = f"{secrets.token_hex(5)}@else.example"
    sent = owner.send("POST", f"{unit}/invitations", {"emails": [address, address.upper()]}).json()
    [invitation] = sent["items"]
    assert (invitation["status"], invitation["role"]) == ("pending", "owner")
    invited = stand_ins.sign_up(address)
    assert invited.send("GET", unit).json()["role"] == "owner"
    [after] = owner.send("GET", f"{unit}/invitations").json()["items"]
    assert after["status"] == "accepted"
    closed = owner.send("POST", f"{unit}/invitations/{invitation['id']}/resend")
    assert (closed.status_code, closed.json()["code"]) == (409, "invitation-closed")
    again = owner.send("POST", f"{unit}/invitations", {"emails": [address]}).json()
    assert again == {"items": [], "refused": [{"email": address, "code": "already-a-member"}]}


def test_a_revoked_invitation_lets_nobody_in_and_a_member_may_not_invite(
    stand_ins: World, owner: Api
) -> None:
    unit = owner.new_unit()
    first, second = (f"{secrets.token_hex(5)}@else.example" for _ in range(2))
    sent = owner.send("POST", f"{unit}/invitations", {"emails": [first]}).json()["items"]
    assert owner.send("DELETE", f"{unit}/invitations/{sent[0]['id']}").status_code == 204
    assert stand_ins.sign_up(first).send("GET", unit).status_code == 404
    owner.send("POST", f"{unit}/invitations", {"emails": [second], "role": "member"})
    member = stand_ins.sign_up(second)
    assert member.send("GET", unit).json()["role"] == "member"
    refused = member.send("POST", f"{unit}/invitations", {"emails": [first]})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    many = {"emails": [f"p{number}@else.example" for number in range(21)]}
    assert owner.send("POST", f"{unit}/invitations", many).status_code == 400


def test_a_connection_is_pending_and_then_active_or_failed(stand_ins: World, owner: Api) -> None:
    unit = owner.new_unit()
    stand_ins.tell("activation", {"seconds": 3600})
    made = owner.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION)
    path = f"{unit}/organization_accounts/{made.json()['id']}"
    assert made.headers["location"] == path
    assert owner.send("GET", path).json()["status"] == "pending"
    owner.send("DELETE", path)
    stand_ins.tell("activation", {"seconds": 0})
    made = owner.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION).json()
    assert made["status"] == "active"
    owner.send("DELETE", f"{unit}/organization_accounts/{made['id']}")
    stand_ins.tell("activation", {"next_failure": "app-not-installed"})
    made = owner.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION).json()
    assert (made["status"], made["status_code"]) == ("failed", "app-not-installed")


def test_the_customer_is_pinned_and_the_same_one_is_authorized_again(owner: Api) -> None:
    unit = owner.new_unit()
    first = owner.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION)
    again = owner.send(
        "POST",
        f"{unit}/organization_accounts",
        NEW_CONNECTION | {"authorized_by": "other.admin@nordby.example"},
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["authorized_by"] == "other.admin@nordby.example"
    other = owner.send(
        "POST", f"{unit}/organization_accounts", NEW_CONNECTION | {"customer_id": "C0fjord29"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "another-customer")
    assert other.json()["pinned_customer_id"] == "C0nordby1"


def test_settings_are_saved_only_from_the_version_that_they_were_read_at(
    stand_ins: World, scim: Scim
) -> None:
    path = f"{scim.connection}/settings"
    before = scim.api.send("GET", path)
    assert before.headers["etag"] == '"v1"'
    assert before.json()["enabled"] is False
    saved = scim.api.send(
        "PATCH", path, {"enabled": True, "limits": {"leave_percent": 7}}, **{"If-Match": '"v1"'}
    )
    assert (saved.status_code, saved.headers["etag"]) == (200, '"v2"')
    assert saved.json()["limits"] == before.json()["limits"] | {"leave_percent": 7}
    same = scim.api.send("PATCH", path, {"enabled": True}, **{"If-Match": '"v2"'})
    assert same.headers["etag"] == '"v2"'
    connection = scim.connection.rpartition("/")[2]
    stand_ins.tell(
        "settings-as-somebody-else",
        {"settings": {"grace_days": 0}, "organization_account_id": connection},
    )
    late = scim.api.send("PATCH", path, {"enabled": False}, **{"If-Match": '"v2"'})
    assert (late.status_code, late.json()["code"]) == (412, "version-changed")
    assert late.json()["current_version"] == 3
    bare = scim.api.send("PATCH", path, {"enabled": False})
    assert (bare.status_code, bare.json()["code"]) == (428, "precondition-required")
    assert scim.api.send("GET", path).json()["enabled"] is True


@pytest.mark.parametrize(
    "patch",
    [
        {"interval_minutes": 4},
        {"interval_minutes": 1441},
        {"grace_days": -1},
        {"grace_days": 91},
        {"leavers": "delete"},
        {"limits": {"leave_percent": 101}},
        {"scope": {"kind": "nobody"}},
        {"scope": {"unit_ids": [""]}},
        {"scope": {"domains": ["Nordby.example"]}},
        {"scope": {"exclude_domains": ["@nordby.example"]}},
        {"scope": {"suspended": "keep"}},
        {"address": "in-domain"},
        {"address": "in-domain", "address_domain": ""},
        {"address_domain": "a b"},
        {"address_otherwise": "invent-one"},
        {"protected": ["no address"]},
        {"version": 9},
        {"enabled": "yes"},
        {"enabled": None},
    ],
)
def test_settings_beyond_their_bounds_are_refused(scim: Scim, patch: dict[str, object]) -> None:
    reply = scim.api.send("PATCH", f"{scim.connection}/settings", patch, **{"If-Match": "*"})
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid-request")
    assert scim.api.send("GET", f"{scim.connection}/settings").headers["etag"] == '"v1"'


def test_a_calendars_only_connection_has_no_settings(owner: Api) -> None:
    unit = owner.new_unit()
    made = owner.send(
        "POST",
        f"{unit}/organization_accounts",
        NEW_CONNECTION | {"provider": "microsoft", "purposes": ["calendars"]},
    ).json()
    reply = owner.send("GET", f"{unit}/organization_accounts/{made['id']}/settings")
    assert (reply.status_code, reply.json()["code"]) == (404, "no-directory-purpose")


def test_a_lease_has_one_holder_until_somebody_takes_it_over(scim: Scim) -> None:
    other = scim.take_lease("installation-2")
    assert (other.status_code, other.json()["code"]) == (409, "not-the-syncer")
    assert other.json()["syncer"]["installation_id"] == "installation-1"
    renewed = scim.take_lease()
    assert renewed.json()["acquired_at"] <= renewed.json()["expires_at"]
    shown = scim.api.send("GET", scim.connection).json()["syncer"]
    assert shown["installation_id"] == "installation-1"
    assert scim.take_lease("installation-2", take_over=True).status_code == 200
    path = f"{scim.connection}/syncer?installation_id="
    assert scim.api.send("DELETE", f"{path}installation-1").json()["code"] == "not-the-syncer"
    assert scim.api.send("DELETE", f"{path}installation-2").status_code == 204
    assert scim.api.send("GET", scim.connection).json()["syncer"] is None


def test_the_lease_lasts_three_intervals_of_the_settings(scim: Scim) -> None:
    scim.api.send(
        "PATCH", f"{scim.connection}/settings", {"interval_minutes": 10}, **{"If-Match": "*"}
    )
    scim.api.send("DELETE", f"{scim.connection}/syncer?installation_id={scim.installation}")
    lease = scim.take_lease().json()
    begin, end = (datetime.fromisoformat(lease[name]) for name in ("acquired_at", "expires_at"))
    assert (end - begin).total_seconds() == 30 * 60


def test_the_control_page_makes_leases_short_until_all_is_well_again(
    stand_ins: World, scim: Scim
) -> None:
    def lasts() -> float:
        began = datetime.now(UTC)
        return (datetime.fromisoformat(scim.take_lease().json()["expires_at"]) - began).seconds

    stand_ins.tell("lease", {"seconds": 12})
    assert lasts() <= 12
    stand_ins.tell("clear-faults")
    assert lasts() > 600


def test_a_provisioning_token_is_shown_once_listed_without_it_and_can_be_revoked(
    scim: Scim,
) -> None:
    path = f"{scim.connection}/provisioning_tokens"
    key = {"Idempotency-Key": "only-once"}
    made = scim.api.send("POST", path, {"label": "SERVER01"}, **key)
    again = scim.api.send("POST", path, {"label": "SERVER01"}, **key)
    assert (again.status_code, again.json()["code"]) == (409, "already-made")
    assert again.json()["provisioning_token_id"] == made.json()["id"]
    listed = scim.api.send("GET", path)
    assert made.json()["token"] not in listed.text
    assert [one["label"] for one in listed.json()["items"]] == ["tests", "SERVER01"]
    second = Scim(
        api=scim.api, unit=scim.unit, connection=scim.connection, token=made.json()["token"]
    )
    assert second.send("GET", "/Users").status_code == 200
    assert scim.api.send("DELETE", f"{path}/{made.json()['id']}").status_code == 204
    assert second.send("GET", "/Users").status_code == 401
    assert scim.send("GET", "/Users").status_code == 200


def test_a_provisioning_token_is_good_for_a_sync_and_for_nothing_else(
    stand_ins: World, scim: Scim
) -> None:
    token = Api(world=stand_ins, token=scim.token)
    assert token.send("GET", scim.connection).status_code == 200
    assert token.send("GET", f"{scim.connection}/settings").status_code == 200
    for method, path, body in (
        ("GET", "/v1/me", None),
        ("GET", "/v1/organizational_units", None),
        ("GET", f"{scim.unit}/members", None),
        ("POST", f"{scim.unit}/invitations", {"emails": ["a@else.example"]}),
        ("PATCH", f"{scim.connection}/settings", {"enabled": True}),
        ("POST", f"{scim.connection}/provisioning_tokens", {"label": "more"}),
        ("DELETE", scim.connection, None),
    ):
        reply = token.send(method, path, body, **{"If-Match": "*"})
        assert (reply.status_code, reply.json()["code"]) == (403, "not-allowed"), path
    other = Scim.new(stand_ins)
    elsewhere = Api(world=stand_ins, token=scim.token)
    assert elsewhere.send("GET", other.connection).status_code == 403
    away = Scim(api=other.api, unit=other.unit, connection=other.connection, token=scim.token)
    assert away.send("GET", "/Users").status_code == 403
    person = Scim(api=scim.api, unit=scim.unit, connection=scim.connection, token=scim.api.token)
    assert person.send("GET", "/Users").json()["code"] == "not-allowed"


def test_a_run_is_recorded_once_and_shows_as_the_last_run_of_the_lease(
    stand_ins: World, scim: Scim
) -> None:
    run = {
        "id": "run-1",
        "started_at": "2026-11-20T10:02:00Z",
        "finished_at": "2026-11-20T11:02:09+01:00",
        "trigger": "schedule",
        "outcome": "stopped-by-guard",
        "counts": {"create": 3},
        "requests": 12,
    }
    token = Api(world=stand_ins, token=scim.token)
    path = f"{scim.connection}/sync_runs"
    assert token.send("POST", path, run).status_code == 201
    assert token.send("POST", path, run).status_code == 200
    assert [one["id"] for one in scim.api.send("GET", path).json()["items"]] == ["run-1"]
    lease = scim.api.send("GET", scim.connection).json()["syncer"]
    assert lease["last_run_at"] == "2026-11-20T10:02:09.000Z"
    bad = run | {"id": "run-2", "started_at": "yesterday"}
    assert token.send("POST", path, bad).status_code == 400


def test_the_app_counts_as_installed_once_somebody_installs_it(
    stand_ins: World, owner: Api
) -> None:
    path = f"{owner.new_unit()}/app_installs?provider=google&domain=nordby.example"
    assert owner.send("GET", path).json()["items"] == []
    stand_ins.tell("install-app", {"domain": "nordby.example"})
    assert [one["domain"] for one in owner.send("GET", path).json()["items"]] == ["nordby.example"]
    stand_ins.tell("install-app", {"domain": "nordby.example", "installed": False})
    assert owner.send("GET", path).json()["items"] == []


def test_a_connection_stays_pending_for_as_long_as_it_was_told_to(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with practice(tmp_path_factory.mktemp("slow"), people=10, activation=3600.0) as world:
        api = world.person()
        unit = "/v1/organizational_units/ou_nordby"
        made = api.send("POST", f"{unit}/organization_accounts", NEW_CONNECTION).json()
        assert made["status"] == "pending"
