"""Google's sign-in in practice: chooser, consent, refusals, and the endings without a way back."""

from __future__ import annotations

import jwt
import pytest

from tests.practice.visitor import (
    ADMIN,
    BACK,
    DIRECTORY,
    GOOGLE_SCOPES,
    ORDINARY,
    OTHER_ADMIN,
    World,
    answer_of,
    hidden_attempt,
    pkce,
    quiet_session,
    row_value,
)


def test_consent_gives_tokens_and_an_identity_of_the_directory(stand_ins: World) -> None:
    tokens = stand_ins.google_sign_in()
    keys = stand_ins.web.get(f"{stand_ins.google['api']}/oauth2/v3/certs").json()["keys"]
    claims = jwt.decode(
        tokens["id_token"],
        jwt.PyJWK(keys[0]),
        algorithms=["RS256"],
        audience=stand_ins.google["client_id"],
        issuer=stand_ins.google["issuer"],
    )
    assert (claims["email"], claims["hd"]) == (ADMIN, "nordby.example")
    person = stand_ins.directory(tokens["access_token"], f"/users/{ADMIN}").json()
    assert claims["sub"] == person["id"]
    told = stand_ins.web.get(
        f"{stand_ins.google['api']}/oauth2/v3/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
    ).json()
    assert told["sub"] == person["id"]


def test_the_chooser_offers_an_admin_an_ordinary_person_and_another_customers_admin(
    stand_ins: World,
) -> None:
    _, page = stand_ins.google_page(quiet_session(), login_hint=ORDINARY)
    for address in (ADMIN, ORDINARY, OTHER_ADMIN):
        assert row_value(page, "account", address)
    assert page.text.index(ORDINARY) < page.text.index(ADMIN)
    assert "Practice organization." in page.text


def test_cancel_comes_back_as_access_denied_with_the_state(stand_ins: World) -> None:
    _, reply = stand_ins.google_consent(ADMIN, decision="cancel")
    assert answer_of(reply) == {"error": "access_denied", "state": "some-state"}


def test_identity_scopes_have_no_box_and_the_others_can_be_left_empty(stand_ins: World) -> None:
    directory = frozenset(one for one in GOOGLE_SCOPES if one.startswith(DIRECTORY))
    tokens = stand_ins.google_sign_in(untick=directory)
    assert tokens["scope"] == "openid https://www.googleapis.com/auth/userinfo.email"


def test_only_offline_access_gives_a_refresh_token(stand_ins: World) -> None:
    browser = quiet_session()
    verifier, page = stand_ins.google_page(browser, access_type="")
    attempt = hidden_attempt(page)
    browser.post(
        f"{stand_ins.google['pages']}/signin/accountchooser",
        data={"attempt": attempt, "account": row_value(page, "account", ADMIN)},
    )
    reply = browser.post(
        f"{stand_ins.google['pages']}/signin/consent",
        data={"attempt": attempt, "decision": "allow"},
        allow_redirects=False,
    )
    tokens = stand_ins.google_token(
        grant_type="authorization_code",
        code=answer_of(reply)["code"],
        code_verifier=verifier,
        redirect_uri=BACK,
    ).json()
    assert "refresh_token" not in tokens


@pytest.mark.parametrize(
    "ending",
    [
        "admin_policy_enforced",
        "org_internal",
        "disallowed_useragent",
        "deleted_client",
        "redirect_uri_mismatch",
        "invalid_request",
        "access_denied",
    ],
)
def test_an_ending_stays_on_googles_page(stand_ins: World, ending: str) -> None:
    stand_ins.tell("endings", {"google": ending})
    browser = quiet_session()
    _, page = stand_ins.google_page(browser)
    form = {"attempt": hidden_attempt(page), "account": row_value(page, "account", ADMIN)}
    reply = browser.post(
        f"{stand_ins.google['pages']}/signin/accountchooser", data=form, allow_redirects=False
    )
    assert reply.status_code in {400, 401, 403}
    assert "location" not in reply.headers
    assert ending in reply.text


@pytest.mark.parametrize(
    ("changed", "ending"),
    [
        ({"client_id": "other.apps.practice.test"}, "deleted_client"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://10.0.0.1:80/"}, "redirect_uri_mismatch"),
        ({"scope": "https://www.googleapis.com/auth/drive"}, "invalid_request"),
        ({"scope": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_never_redirected(
    stand_ins: World, changed: dict[str, str], ending: str
) -> None:
    _, page = stand_ins.google_page(quiet_session(), **changed)
    assert page.status_code in {400, 401}
    assert ending in page.text


def test_another_browser_cannot_continue_a_sign_in(stand_ins: World) -> None:
    _, page = stand_ins.google_page(quiet_session())
    form = {"attempt": hidden_attempt(page), "account": row_value(page, "account", ADMIN)}
    reply = quiet_session().post(
        f"{stand_ins.google['pages']}/signin/accountchooser", data=form, allow_redirects=False
    )
    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "4/invented"}, "invalid_grant"),
        ({"code_verifier": pkce()[0]}, "invalid_grant"),
        ({"redirect_uri": f"{BACK}/x"}, "redirect_uri_mismatch"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_good_only_for_exactly_what_was_asked(
    stand_ins: World, changed: dict[str, str], error: str
) -> None:
    verifier, reply = stand_ins.google_consent(ADMIN)
    form = {
        "grant_type": "authorization_code",
        "code": answer_of(reply)["code"],
        "code_verifier": verifier,
        "redirect_uri": BACK,
    }
    refused = stand_ins.google_token(**(form | changed))
    assert (refused.status_code, refused.json()["error"]) == (400, error)


def test_a_code_without_its_verifier_or_with_a_secret_is_refused(stand_ins: World) -> None:
    _, reply = stand_ins.google_consent(ADMIN)
    form = {
        "grant_type": "authorization_code",
        "code": answer_of(reply)["code"],
        "redirect_uri": BACK,
    }
    assert stand_ins.google_token(**form).json()["error"] == "invalid_grant"
    auth = (stand_ins.google["client_id"], "made-up")
    secret = stand_ins.web.post(stand_ins.google["token_uri"], data=form, auth=auth)
    assert (secret.status_code, secret.json()["error"]) == (401, "invalid_client")


def test_a_code_works_once_and_its_replay_ends_what_it_gave(stand_ins: World) -> None:
    verifier, reply = stand_ins.google_consent(ADMIN)
    form = {
        "grant_type": "authorization_code",
        "code": answer_of(reply)["code"],
        "code_verifier": verifier,
        "redirect_uri": BACK,
    }
    tokens = stand_ins.google_token(**form).json()
    assert stand_ins.google_token(**form).json()["error"] == "invalid_grant"
    after = stand_ins.directory(tokens["access_token"], f"/users/{ADMIN}")
    assert after.status_code == 401


def test_a_refresh_token_keeps_working_until_it_is_revoked(stand_ins: World) -> None:
    tokens = stand_ins.google_sign_in()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    fresh: dict[str, str] = {}
    for _ in range(2):
        fresh = stand_ins.google_token(**form).json()
        assert "refresh_token" not in fresh
        assert fresh["scope"] == tokens["scope"]
    revoked = stand_ins.web.post(
        stand_ins.google["revoke_uri"], data={"token": tokens["refresh_token"]}
    )
    assert revoked.status_code == 200
    refused = stand_ins.google_token(**form)
    assert refused.status_code == 400
    assert refused.json() == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }
    head = stand_ins.directory(fresh["access_token"], f"/users/{ADMIN}")
    assert head.status_code == 401
    again = stand_ins.web.post(
        stand_ins.google["revoke_uri"], data={"token": tokens["refresh_token"]}
    )
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_a_refresh_token_that_rotates_is_good_once(stand_ins: World) -> None:
    tokens = stand_ins.google_sign_in()
    stand_ins.tell("rotate-tokens", {"on": True})
    first = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    fresh = stand_ins.google_token(**first).json()
    assert fresh["refresh_token"] != tokens["refresh_token"]
    assert fresh["scope"] == tokens["scope"]
    assert stand_ins.google_token(**first).json()["error"] == "invalid_grant"
    second = {"grant_type": "refresh_token", "refresh_token": fresh["refresh_token"]}
    assert stand_ins.google_token(**second).status_code == 200
    stand_ins.tell("clear-faults")


def test_revoking_an_access_token_ends_its_refresh_token_too(stand_ins: World) -> None:
    tokens = stand_ins.google_sign_in()
    stand_ins.web.post(stand_ins.google["revoke_uri"], data={"token": tokens["access_token"]})
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert stand_ins.google_token(**form).json()["error"] == "invalid_grant"
