"""The practice directory of an admin who lost a part: fewer people, fewer rights, and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.practice.test_google_directory import Reader, error
from tests.practice.visitor import ADMIN, World


@pytest.fixture
def reader(stand_ins: World) -> Iterator[Reader]:
    yield Reader(stand_ins, stand_ins.google_sign_in()["access_token"])
    stand_ins.tell("role", {"who": ADMIN, "role": "full"})


def test_a_delegated_admin_of_a_unit_sees_its_people_alone_and_may_not_ask_for_others(
    reader: Reader,
) -> None:
    everybody = {one["id"]: one["orgUnitPath"] for one in reader.users()}
    reader.world.tell("role", {"who": ADMIN, "role": "delegated"})
    reader.world.tell("sight", {"below": "/Sales"})
    seen = {one["id"] for one in reader.users()}
    inside = {
        user for user, path in everybody.items() if path == "/Sales" or path.startswith("/Sales/")
    }
    assert seen == inside
    assert seen < set(everybody)
    assert reader.get(f"/users/{min(inside)}").status_code == 200
    own = reader.get(f"/users/{ADMIN}").json()
    assert (own["isAdmin"], own["isDelegatedAdmin"]) == (False, True)
    outside = min(set(everybody) - inside - {own["id"]})
    assert error(reader.get(f"/users/{outside}"))[:2] == (403, "forbidden")
    reader.world.tell("role", {"who": ADMIN, "role": "full"})
    assert {one["id"] for one in reader.users()} == set(everybody)


def test_whoever_is_no_admin_any_longer_is_refused_at_once(reader: Reader) -> None:
    reader.world.tell("role", {"who": ADMIN, "role": "none"})
    assert error(reader.get("/users", customer="my_customer"))[:2] == (403, "forbidden")


def test_people_who_are_missing_from_the_list_are_found_by_id(reader: Reader) -> None:
    everybody = {one["id"] for one in reader.users()}
    assert reader.world.tell("sight", {"hidden": 7}) == {"hidden": 7}
    missing = everybody - {one["id"] for one in reader.users()}
    assert len(missing) == 7
    assert all(reader.get(f"/users/{one}").status_code == 200 for one in missing)
    reader.world.tell("clear-faults")
    assert {one["id"] for one in reader.users()} == everybody


def test_scopes_that_were_taken_back_are_missing_until_they_are_given_again(reader: Reader) -> None:
    reader.world.tell("withhold", {"scopes": ["user"]})
    status, reason, _ = error(reader.get("/users", customer="my_customer"))
    assert (status, reason) == (403, "insufficientPermissions")
    assert reader.get("/groups", customer="my_customer").status_code == 200
    reader.world.tell("withhold")
    assert reader.get("/users", customer="my_customer").status_code == 200
