"""The outbox, the links in it, and signing up: what a person's browser shows of invitations."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from html import unescape

import pytest
import requests

from tests.practice.visitor import Api, World, answer_of, hidden_attempt, practice, quiet_session

PASSWORD = "a fairly long one"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("practice"), people=20) as running:
        yield running


@pytest.fixture(scope="module")
def owner(world: World) -> Api:
    return world.person("owner@nordby.example")


@pytest.fixture(scope="module")
def unit(owner: Api) -> str:
    made = owner.send("POST", "/v1/organizational_units", {"name": "Røros <Freight>"}).json()
    return f"/v1/organizational_units/{made['id']}"


def new_address() -> str:
    return f"{secrets.token_hex(5)}@nordby.example"


def invite(owner: Api, unit: str, address: str) -> str:
    """Invite somebody; the invitation's id."""
    sent = owner.send("POST", f"{unit}/invitations", {"emails": [address]}).json()
    return str(sent["items"][0]["id"])


def outbox(world: World) -> str:
    return requests.get(f"{world.pages}/outbox", timeout=10).text


def state_of(owner: Api, unit: str, invitation: str) -> str:
    listed = owner.send("GET", f"{unit}/invitations?limit=200").json()["items"]
    return str(next(one["status"] for one in listed if one["id"] == invitation))


def test_every_invitation_and_every_resend_is_a_letter_with_its_link(
    world: World, owner: Api, unit: str
) -> None:
    address = new_address()
    invitation = invite(owner, unit, address)
    assert outbox(world).count(f"<dd>{address}</dd>") == 1
    assert f'href="/invitations/{invitation}"' in outbox(world)
    assert "Røros &lt;Freight&gt;" in outbox(world)
    owner.send("POST", f"{unit}/invitations/{invitation}/resend")
    assert outbox(world).count(f"<dd>{address}</dd>") == 2


def test_the_control_page_leads_to_the_outbox(world: World) -> None:
    assert f'href="{world.pages}/outbox"' in world.web.get(world.control, timeout=10).text


def test_somebody_new_signs_up_behind_the_link_and_has_joined(
    world: World, owner: Api, unit: str
) -> None:
    address = new_address()
    invitation = invite(owner, unit, address)
    browser = quiet_session()
    link = f"{world.pages}/invitations/{invitation}"
    page = browser.get(link)
    assert "Ingrid Solberg invites you to join Røros <Freight> as an owner" in unescape(page.text)
    for password, said in (("short", "at least 8"), ("password", "Too many people")):
        form = {"name": "Nora Lie", "password": password}
        refused = browser.post(f"{link}/signup", data=form)
        assert refused.status_code == 403
        assert said in refused.text
        assert 'value="Nora Lie"' in refused.text
    done = browser.post(f"{link}/signup", data={"name": "Nora Lie", "password": PASSWORD})
    assert "You belong to Røros <Freight> now" in unescape(done.text)
    assert state_of(owner, unit, invitation) == "accepted"
    again = browser.get(link)
    assert (again.status_code, "was accepted" in again.text) == (200, True)


def test_logging_in_to_the_program_alone_accepts_nothing_but_the_link_does(
    world: World, owner: Api, unit: str
) -> None:
    address = new_address()
    world.sign_up(address)
    invitation = invite(owner, unit, address)
    browser = quiet_session()
    _, page = world.authorize(browser)
    form = {"attempt": hidden_attempt(page), "email": address, "password": "long enough"}
    answer_of(browser.post(f"{world.pages}/login", data=form, allow_redirects=False))
    assert state_of(owner, unit, invitation) == "pending"
    link = f"{world.pages}/invitations/{invitation}"
    # The browser that logged in is known, so that the link needs one press.
    assert 'id="accept"' in browser.get(link).text
    assert "You belong to" in browser.post(f"{link}/accept").text
    assert state_of(owner, unit, invitation) == "accepted"


def test_somebody_else_is_told_for_whom_the_link_is_and_can_not_use_it(
    world: World, owner: Api, unit: str
) -> None:
    address = new_address()
    world.sign_up(address)
    invitation = invite(owner, unit, address)
    other = new_address()
    browser = quiet_session()
    _, page = world.authorize(browser, prompt="create")
    form = {"name": "Else", "email": other, "password": PASSWORD}
    browser.post(
        f"{world.pages}/signup",
        data=form | {"attempt": hidden_attempt(page)},
        allow_redirects=False,
    )
    link = f"{world.pages}/invitations/{invitation}"
    shown = browser.get(link).text
    assert f"You are signed in as {other}. This invitation is for {address}." in shown
    assert browser.post(f"{link}/accept").status_code == 403
    wrong = browser.post(f"{link}/login", data={"password": "not the one"})
    assert (wrong.status_code, "not the password" in wrong.text) == (403, True)
    assert state_of(owner, unit, invitation) == "pending"
    assert "You belong to" in browser.post(f"{link}/login", data={"password": "long enough"}).text
    assert state_of(owner, unit, invitation) == "accepted"


def test_expired_revoked_and_wrong_links_say_so(world: World, owner: Api, unit: str) -> None:
    expired, revoked = (invite(owner, unit, new_address()) for _ in range(2))
    letters = quiet_session()
    letters.post(f"{world.pages}/outbox/expire", data={"invitation": expired})
    owner.send("DELETE", f"{unit}/invitations/{revoked}")
    assert state_of(owner, unit, expired) == "expired"
    for invitation, status, said in (
        (expired, 410, "has expired"),
        (revoked, 410, "was revoked"),
        ("inv_0", 404, "is not right"),
    ):
        link = f"{world.pages}/invitations/{invitation}"
        shown = letters.get(link)
        assert (shown.status_code, said in shown.text) == (status, True)
        for form in ("accept", "login", "signup"):
            data = {"name": "Nora Lie", "password": PASSWORD}
            assert said in letters.post(f"{link}/{form}", data=data).text
    assert state_of(owner, unit, expired) == "expired"
    owner.send("POST", f"{unit}/invitations/{expired}/resend")
    assert "You are invited" in letters.get(f"{world.pages}/invitations/{expired}").text


def test_signing_up_in_the_program_with_the_invited_address_accepts(
    world: World, owner: Api, unit: str
) -> None:
    address = new_address()
    invitation = invite(owner, unit, address)
    assert world.sign_up(address.upper()).send("GET", unit).json()["role"] == "owner"
    assert state_of(owner, unit, invitation) == "accepted"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "Type your name."),
        ({"name": "N\u200bora"}, "nobody can see"),
        ({"email": "nora"}, "Type a whole address"),
        ({"email": "nora@nordby"}, "Type a whole address"),
        ({"email": "OWNER@nordby.example"}, "has an account. Log in instead."),
        ({"password": "seven77"}, "at least 8 characters"),
        ({"password": "aaaaaaaaaa"}, "Too many people"),
        ({"password": "Nora Lie"}, "can’t be your name"),
    ],
)
def test_a_sign_up_that_is_not_right_keeps_what_was_typed(
    world: World, form: dict[str, str], said: str
) -> None:
    browser = quiet_session()
    _, page = world.authorize(browser, prompt="create")
    typed = {"name": "Nora Lie", "email": new_address(), "password": PASSWORD} | form
    refused = browser.post(f"{world.pages}/signup", data=typed | {"attempt": hidden_attempt(page)})
    assert refused.status_code == 403
    assert said in refused.text
    found = re.search(r'name="email" type="email"[^>]* value="([^"]*)"', refused.text)
    assert found is not None
    assert unescape(found[1]) == typed["email"]


def test_a_wrong_password_is_told_and_the_right_one_still_works(world: World) -> None:
    browser = quiet_session()
    _, page = world.authorize(browser)
    form = {"attempt": hidden_attempt(page), "email": "owner@nordby.example"}
    wrong = browser.post(f"{world.pages}/login", data=form | {"password": "not this"})
    assert (wrong.status_code, "do not go together" in wrong.text) == (403, True)
    right = browser.post(
        f"{world.pages}/login",
        data=form | {"password": "practice makes perfect"},
        allow_redirects=False,
    )
    assert answer_of(right)["code"]
