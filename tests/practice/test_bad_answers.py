"""Answers of no use that can be asked for: other dates, floods, redirects, lists without an end."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.practice.visitor import BULK_URN, Scim, World, quiet_session, user
from wizard.practice.site import FLOOD_BYTES

DISCOVERY = "/.well-known/openid-configuration"


def _get(world: World) -> requests.Response:
    with quiet_session() as session:
        session.verify = world.web.verify
        return session.get(f"{world.api}{DISCOVERY}", timeout=20, allow_redirects=False)


def _fault(**more: object) -> list[dict[str, object]]:
    return [{"stand_in": "account", "path_prefix": DISCOVERY, **more}]


def _off(world: World) -> float:
    told = parsedate_to_datetime(_get(world).headers["date"]).timestamp()
    return told - time.time()


def test_the_clock_of_the_stand_ins_can_be_ahead_and_is_put_right(stand_ins: World) -> None:
    assert abs(_off(stand_ins)) < 5
    stand_ins.tell("clock", {"seconds": 3600})
    assert abs(_off(stand_ins) - 3600) < 5
    assert stand_ins.ask("state")["clock_ahead"] == 3600
    assert "clocks are ahead by 3600" in stand_ins.web.get(stand_ins.control).text
    stand_ins.tell("clear-faults")
    assert abs(_off(stand_ins)) < 5


def test_a_flood_is_more_than_a_program_should_read(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(action="flood"))
    assert len(_get(stand_ins).content) == FLOOD_BYTES
    assert len(_get(stand_ins).content) < 10_000


def test_a_fault_may_be_a_redirect_or_an_answer_that_says_something_else(
    stand_ins: World,
) -> None:
    stand_ins.tell("faults", _fault(status=302))
    assert _get(stand_ins).status_code == 302
    stand_ins.tell("faults", _fault(status=200, body='{"issuer": "somebody else"}'))
    assert _get(stand_ins).json() == {"issuer": "somebody else"}


def _page(world: World, token: str, **more: str) -> requests.Response:
    return world.directory(token, "/users", customer="my_customer", **more)


@pytest.fixture
def token(stand_ins: World) -> str:
    return str(stand_ins.google_sign_in()["access_token"])


def test_a_short_list_of_people_misses_half_of_them(stand_ins: World, token: str) -> None:
    whole = _page(stand_ins, token).json()["users"]
    stand_ins.tell("listing", {"ends": "short"})
    page = _page(stand_ins, token).json()
    assert page["users"] == whole[: len(whole) // 2]
    assert "nextPageToken" not in page
    assert "does not end as it should" in stand_ins.web.get(stand_ins.control).text


def test_a_list_in_circles_leads_to_the_same_page_again(stand_ins: World, token: str) -> None:
    stand_ins.tell("listing", {"ends": "circles"})
    first = _page(stand_ins, token, maxResults="500").json()["nextPageToken"]
    again = _page(stand_ins, token, maxResults="500", pageToken=first)
    assert again.status_code == 200
    assert again.json()["nextPageToken"] == first


def test_a_stale_list_refuses_its_own_next_page(stand_ins: World, token: str) -> None:
    stand_ins.tell("listing", {"ends": "stale"})
    following = _page(stand_ins, token, maxResults="500").json()["nextPageToken"]
    assert _page(stand_ins, token, maxResults="500", pageToken=following).status_code == 400
    stand_ins.tell("clear-faults")
    assert "nextPageToken" not in _page(stand_ins, token, maxResults="500").json()


def test_an_answer_may_be_half_of_the_words_packed_or_not(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(action="garble"))
    with pytest.raises(requests.JSONDecodeError):
        _get(stand_ins).json()
    stand_ins.tell("faults", _fault(action="halve-zip"))
    half = _get(stand_ins)
    assert half.headers["content-encoding"] == "gzip"
    with pytest.raises(requests.JSONDecodeError):
        half.json()
    assert _get(stand_ins).json()["issuer"]


@pytest.mark.parametrize(("action", "done"), [("hang", 0), ("answer-late", 1)])
def test_nobody_answers_whether_it_was_done_or_not(
    stand_ins: World, action: str, done: int
) -> None:
    stand_ins.tell("reset-counts")
    stand_ins.tell("faults", _fault(action=action))
    with quiet_session() as session, pytest.raises(requests.ReadTimeout):
        session.get(f"{stand_ins.api}{DISCOVERY}", timeout=0.3, verify=stand_ins.web.verify)
    by_path = stand_ins.ask("counts")["account"]["by_path"]
    assert by_path.get(f"GET {DISCOVERY}", 0) == done


def test_a_fault_may_wait_for_what_a_request_says(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(contains="maxResults=7", status=418))
    assert _get(stand_ins).status_code == 200
    with quiet_session() as session:
        session.verify = stand_ins.web.verify
        asked = session.get(f"{stand_ins.api}{DISCOVERY}?maxResults=7", timeout=20)
    assert asked.status_code == 418
    (fault,) = stand_ins.ask("state")["faults"]
    assert (fault["seen"], fault["struck"]) == (1, 1)


def test_a_button_may_be_pressed_in_the_middle_of_a_request(stand_ins: World, token: str) -> None:
    fault = {"stand_in": "google", "action": "press", "body": "swap"}
    stand_ins.tell("faults", [fault])
    assert _page(stand_ins, token).status_code == 200
    assert stand_ins.ask("state")["swapped_customer"]


def test_one_operation_of_a_bulk_request_may_be_refused(scim: Scim) -> None:
    stand_ins = scim.api.world
    stand_ins.tell("faults", _fault(path_prefix="/v1", action="refuse-first", status=412))
    creates = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": f"b{number}",
            "data": user(f"b{number}@x.example"),
        }
        for number in range(2)
    ]
    body = {"schemas": [BULK_URN], "Operations": creates}
    answers = scim.send("POST", "/Bulk", body).json()["Operations"]
    assert [one["status"] for one in answers] == ["412", "201"]
