"""The control interface: trouble on demand, people who come and go, and counts that are right."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
import requests

from tests.practice.visitor import ADMIN, World, practice, quiet_session
from wizard.practice.control_cards import CARDS

DISCOVERY = "/.well-known/openid-configuration"


def _fault(path: str, **more: object) -> list[dict[str, object]]:
    return [{"stand_in": "account", "path_prefix": path} | more]


def _get(world: World) -> requests.Response:
    """A request on a connection of its own, so that a cut one is not taken up again."""
    with quiet_session() as session:
        session.verify = world.web.verify
        return session.get(f"{world.api}{DISCOVERY}", timeout=10)


def _statuses(world: World, count: int) -> list[int]:
    return [_get(world).status_code for _ in range(count)]


def test_a_fault_strikes_the_nth_call_so_many_times(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(DISCOVERY, nth=2, times=2, status=500))
    assert _statuses(stand_ins, 5) == [200, 500, 500, 200, 200]


def test_a_fault_strikes_every_third_call_until_it_is_cleared(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(DISCOVERY, every=3, times=0, status=429, retry_after=1))
    assert _statuses(stand_ins, 7) == [200, 200, 429, 200, 200, 429, 200]
    stand_ins.tell("clear-faults")
    assert _statuses(stand_ins, 3) == [200, 200, 200]


def test_a_fault_leaves_other_methods_and_paths_alone(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(DISCOVERY, method="POST", times=0))
    stand_ins.tell("faults", _fault("/v1/", times=0))
    assert _get(stand_ins).status_code == 200
    reply = stand_ins.web.get(f"{stand_ins.api}/v1/me")
    assert (reply.status_code, reply.json()["code"]) == (503, "unavailable")


def test_a_dropped_request_is_not_done_and_a_lost_answer_is(stand_ins: World) -> None:
    api = stand_ins.sign_up("lost.answer@else.example")
    path = "/v1/organizational_units"
    for action, made in (("drop", 0), ("lose-answer", 1)):
        stand_ins.tell("faults", _fault(path, method="POST", action=action))
        with pytest.raises(requests.ConnectionError):
            api.send("POST", path, {"name": action})
        assert len(api.send("GET", path).json()["items"]) == made


def test_a_truncated_answer_ends_before_its_announced_length(stand_ins: World) -> None:
    stand_ins.tell("faults", _fault(DISCOVERY, action="truncate"))
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        _get(stand_ins)
    assert _get(stand_ins).status_code == 200


def test_an_outage_cuts_a_stand_in_off_until_it_is_over(stand_ins: World) -> None:
    stand_ins.tell("outage", {"stand_in": "account"})
    with pytest.raises(requests.ConnectionError):
        _get(stand_ins)
    assert stand_ins.web.get(f"{stand_ins.google['api']}/oauth2/v3/certs").status_code == 200
    assert stand_ins.ask("state")["down"] == ["account"]
    stand_ins.tell("outage", {"stand_in": "all", "on": False})
    assert _get(stand_ins).status_code == 200
    stand_ins.tell("outage", {"stand_in": "account", "seconds": 0.05})
    until = time.monotonic() + 10
    while stand_ins.ask("state")["down"]:
        assert time.monotonic() < until
    assert _get(stand_ins).status_code == 200


def test_latency_delays_a_path_and_shows_in_the_most_at_once(stand_ins: World) -> None:
    stand_ins.tell("latency", {"stand_in": "account", "path_prefix": DISCOVERY, "ms": 300})
    stand_ins.tell("reset-counts")
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: _get(stand_ins), range(4)))
    taken = time.monotonic() - begun
    assert [reply.status_code for reply in replies] == [200] * 4
    assert taken >= 0.3
    counts = stand_ins.ask("counts")["account"]
    assert counts["most_in_flight"] == 4
    assert counts["in_flight"] == 0
    assert counts["by_path"] == {f"GET {DISCOVERY}": 4}
    stand_ins.tell("latency", {"stand_in": "account", "path_prefix": DISCOVERY, "ms": 0})
    assert stand_ins.ask("state")["latencies"] == []


def test_requests_are_counted_by_template_and_status(stand_ins: World) -> None:
    api = stand_ins.person()
    stand_ins.tell("reset-counts")
    for unit in ("ou_nordby", "ou_other", "ou_other"):
        api.send("GET", f"/v1/organizational_units/{unit}")
    counts = stand_ins.ask("counts")["account"]
    template = "GET /v1/organizational_units/{organizational_unit_id}"
    assert counts["by_path"] == {template: 3}
    assert counts["by_status"] == {"200": 1, "404": 2}
    assert counts["total"] == 3
    assert stand_ins.ask("counts")["google"]["total"] == 0


def test_somebody_hired_is_expected_listed_and_let_go_again(stand_ins: World) -> None:
    token = stand_ins.google_sign_in()["access_token"]
    hired = stand_ins.tell("hire", {"given_name": "Ada", "family_name": "Ny"})
    assert hired["id"] in {one["id"] for one in stand_ins.lines("expected")}
    listed = stand_ins.directory(token, f"/users/{hired['address']}").json()
    assert (listed["id"], listed["orgUnitPath"]) == (hired["id"], "/Sales")
    gone = stand_ins.tell("let-go", {"who": hired["address"]})
    assert gone["deleted"] is True
    assert hired["id"] not in {one["id"] for one in stand_ins.lines("expected")}
    assert stand_ins.directory(token, f"/users/{hired['id']}").status_code == 404
    again = stand_ins.tell("hire", {"address": hired["address"]})
    assert (again["address"], again["id"] != hired["id"]) == (hired["address"], True)
    stand_ins.tell("let-go", {"who": again["id"]})


def test_a_renamed_person_keeps_the_id_and_the_old_address_as_an_alias(stand_ins: World) -> None:
    token = stand_ins.google_sign_in()["access_token"]
    hired = stand_ins.tell("hire", {"family_name": "Bakke"})
    new = {"who": hired["id"], "family_name": "Haugen", "address": "New.Name@nordby.example"}
    stand_ins.tell("rename", new)
    seen = stand_ins.directory(token, f"/users/{hired['address']}").json()
    assert seen["id"] == hired["id"]
    assert seen["primaryEmail"] == "New.Name@nordby.example"
    assert seen["aliases"] == [hired["address"]]
    assert seen["name"]["familyName"] == "Haugen"
    stand_ins.tell("let-go", {"who": hired["id"]})


def test_suspending_archiving_and_moving_change_what_is_expected_and_listed(
    stand_ins: World,
) -> None:
    token = stand_ins.google_sign_in()["access_token"]
    hired = stand_ins.tell("hire")
    for act, off, on in (
        ("suspend", {"suspended": True}, {"suspended": False}),
        ("archive", {"archived": True}, {"archived": False}),
    ):
        stand_ins.tell(act, {"who": hired["id"]} | off)
        assert hired["id"] not in {one["id"] for one in stand_ins.lines("expected")}
        stand_ins.tell(act, {"who": hired["id"]} | on)
        assert hired["id"] in {one["id"] for one in stand_ins.lines("expected")}
    stand_ins.tell("move", {"who": hired["id"], "unit_path": "/Operations/Fleet"})
    seen = stand_ins.directory(token, f"/users/{hired['id']}").json()
    assert seen["orgUnitPath"] == "/Operations/Fleet"
    stand_ins.tell("let-go", {"who": hired["id"]})


def test_anybody_means_somebody_ordinary_and_never_an_administrator(stand_ins: World) -> None:
    before = stand_ins.ask("state")["in_scope"]
    gone = stand_ins.tell("let-go", {"count": 3})["people"]
    assert len({one["id"] for one in gone}) == 3
    assert stand_ins.ask("state")["in_scope"] == before - 3
    assert ADMIN not in {one["address"] for one in gone}


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("let-go", {"who": "nobody@nordby.example"}, 404),
        ("let-go", {"who": "ada.berg@fjordline.example"}, 404),
        ("move", {"who": "any", "unit_path": "/Nowhere"}, 404),
        ("hire", {"address": ADMIN.upper()}, 400),
        ("faults", [{"stand_in": "nobody"}], 400),
        ("faults", [{"stand_in": "google", "slip": 1}], 400),
        ("endings", {"google": "happily"}, 400),
        ("hire", [], 400),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    stand_ins: World, what: str, body: object, status: int
) -> None:
    reply = stand_ins.web.post(stand_ins.control + what, json=body)
    assert reply.status_code == status
    assert reply.json()["detail"]


def test_control_is_found_only_by_its_secret(stand_ins: World) -> None:
    root = stand_ins.control.split("/control/")[0]
    assert stand_ins.web.get(f"{root}/control/guess/state").status_code == 404
    assert stand_ins.web.get(f"{root}/").status_code == 404


def test_the_page_does_by_buttons_what_the_interface_does(stand_ins: World) -> None:
    page = stand_ins.web.get(stand_ins.control)
    actions = re.findall(r'action="([^"]+)"', page.text)
    assert len(actions) == len(set(actions)) == sum(len(cards) for _, cards in CARDS)
    origin = stand_ins.control.split("/control/")[0]
    hired = stand_ins.web.post(
        f"{origin}{next(one for one in actions if one.endswith('/hire'))}",
        data={"value": '<img src="x">'},
    )
    assert hired.status_code == 200
    assert '<img src="x">' not in hired.text
    said = re.search(r'<p class="note ">(.*?)</p>', hired.text)
    assert said
    address = re.search(r"\((.*?)\) was hired", unescape(said[1]))
    assert address
    for name in ("slow", "empty", "expire", "outage"):
        path = next(one for one in actions if one.endswith(f"/{name}"))
        assert stand_ins.web.post(f"{origin}{path}", data={}).status_code == 200
    state = stand_ins.ask("state")
    assert state["empty_directory"] is True
    assert state["down"] == ["account", "google"]
    assert len(state["latencies"]) == 2
    heal = next(one for one in actions if one.endswith("/heal"))
    stand_ins.web.post(f"{origin}{heal}", data={})
    assert stand_ins.ask("state")["down"] == []
    wrong = next(one for one in actions if one.endswith("/let-go"))
    answer = stand_ins.web.post(f"{origin}{wrong}", data={"value": "<b>nobody</b>"})
    assert "Nobody and nothing is called &lt;b&gt;nobody&lt;/b&gt;." in answer.text
    stand_ins.tell("let-go", {"who": address[1]})


def _press(world: World, action: str, **fields: str) -> str:
    """Press a button of the page; the sentence that it answers with."""
    reply = world.web.post(f"{world.control}page/{action}", data=fields or {"value": ""})
    assert reply.status_code == 200, reply.text
    said = re.search(r'<p class="note ">(.*?)</p>', reply.text)
    assert said
    return unescape(said[1])


def test_every_card_of_the_page_does_something_and_says_what(tmp_path: Path) -> None:
    with practice(tmp_path) as world:
        said = {}
        for _, cards in CARDS:
            for card in cards:
                first = {field.name: field.options[0][0] for field in card.fields if field.options}
                said[card.action] = _press(world, card.action, **first)
        assert all(words.endswith(".") for words in said.values())
        assert len(said["hire"]) > len(" was hired.")


def test_somebody_is_moved_suspended_and_brought_back_by_buttons(stand_ins: World) -> None:
    hired = stand_ins.tell("hire")
    who = hired["address"]
    moved = _press(stand_ins, "move", value=who, unit="/Operations/Fleet")
    assert moved.endswith("is in /Operations/Fleet now.")
    assert _press(stand_ins, "suspend", value=who).endswith("is suspended.")
    assert who in _press(stand_ins, "bring-back")
    assert hired["id"] in {one["id"] for one in stand_ins.lines("expected")}
    stand_ins.tell("let-go", {"who": hired["id"]})


def test_settings_of_somebody_else_need_a_connection_first(tmp_path: Path) -> None:
    with practice(tmp_path) as world:
        assert "Connect one first" in _press(world, "other-settings", value="hourly")
        assert "Connect one first" in _press(world, "other-computer")


def test_five_requests_are_refused_and_the_sixth_is_not(stand_ins: World) -> None:
    said = _press(stand_ins, "errors", which="account", value="429")
    assert said == "The account service answers the next 5 requests with 429."
    assert _statuses(stand_ins, 6) == [429] * 5 + [200]


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("errors", {"which": "nobody", "value": "503"}),
        ("errors", {"which": "google", "value": "200"}),
        ("ending", {"value": "happily"}),
        ("activation", {"value": "soon"}),
        ("outage", {"which": "all", "value": "-5"}),
        ("other-settings", {"value": "everything"}),
    ],
)
def test_what_the_page_does_not_offer_is_refused(
    stand_ins: World, action: str, fields: dict[str, str]
) -> None:
    reply = stand_ins.web.post(f"{stand_ins.control}page/{action}", data=fields)
    assert reply.status_code == 400


def test_what_is_switched_on_stands_at_the_top_of_the_page_until_it_is_put_right(
    stand_ins: World,
) -> None:
    _press(stand_ins, "ending", value="org_internal")
    _press(stand_ins, "swap")
    page = stand_ins.web.get(stand_ins.control).text
    assert "Sign-ins at Google end with org_internal." in page
    assert "Google answers for another customer." in page
    _press(stand_ins, "heal")
    assert "org_internal." not in stand_ins.web.get(stand_ins.control).text


def test_starting_over_takes_a_word_and_makes_a_fresh_organization(tmp_path: Path) -> None:
    with practice(tmp_path) as world:
        before = world.ask("state")
        expected = list(world.lines("expected"))
        api = world.person()
        world.tell("let-go", {"count": 20})
        api.send("POST", "/v1/organizational_units", {"name": "Another"})
        world.tell("empty-directory")
        world.tell("install-app")
        assert "Nothing was changed" in _press(world, "start-over", value="no")
        assert world.ask("state")["people"] == before["people"] - 20
        assert "fresh organization" in _press(world, "start-over", value="Start over")
        assert world.ask("state") == before
        assert list(world.lines("expected")) == expected
        assert api.send("GET", "/v1/me").status_code == 401
        assert len(world.person().send("GET", "/v1/organizational_units").json()["items"]) == 1
