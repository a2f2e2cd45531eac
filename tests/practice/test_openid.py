"""Sign-in at the practice account service: what it grants, and everything that it refuses."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from tests.practice.visitor import (
    ADMIN,
    BACK,
    OWNER,
    World,
    answer_of,
    hidden_attempt,
    pkce,
    quiet_session,
    row_value,
)


def test_a_sign_in_gives_a_signed_identity_that_names_issuer_audience_and_nonce(
    stand_ins: World,
) -> None:
    found = stand_ins.web.get(f"{stand_ins.api}/.well-known/openid-configuration").json()
    assert found["issuer"] == stand_ins.profile["service"]["issuer"]
    tokens = stand_ins.tokens()
    keys = stand_ins.web.get(found["jwks_uri"]).json()["keys"]
    header = jwt.get_unverified_header(tokens["id_token"])
    key = next(jwt.PyJWK(one) for one in keys if one["kid"] == header["kid"])
    claims = jwt.decode(
        tokens["id_token"], key, algorithms=["RS256"], audience="enterprise-connect-setup"
    )
    assert claims["iss"] == found["issuer"]
    assert (claims["nonce"], claims["email"]) == ("some-nonce", ADMIN)
    told = stand_ins.web.get(
        found["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"}
    ).json()
    assert (told["sub"], told["email"], told["name"]) == (claims["sub"], ADMIN, "Tomasz Wilk")


def test_the_way_back_carries_code_state_and_issuer(stand_ins: World) -> None:
    browser = quiet_session()
    _, page = stand_ins.authorize(browser, redirect_uri=f"{BACK}/any/path?kept=1")
    reply = browser.post(
        f"{stand_ins.pages}/login/as",
        data={"attempt": hidden_attempt(page), "person": row_value(page, "person", OWNER)},
        allow_redirects=False,
    )
    answer = answer_of(reply)
    assert answer["kept"] == "1"
    assert answer["state"] == "some-state"
    assert answer["iss"] == stand_ins.profile["service"]["issuer"]
    assert answer["code"]


def test_address_and_password_sign_in_too_and_a_wrong_one_stays_on_the_page(
    stand_ins: World,
) -> None:
    browser = quiet_session()
    _, page = stand_ins.authorize(browser, login_hint='"><b>x')
    assert "&quot;&gt;&lt;b&gt;x" in page.text
    form = {"attempt": hidden_attempt(page), "email": OWNER.upper(), "password": "not it"}
    wrong = browser.post(f"{stand_ins.pages}/login", data=form, allow_redirects=False)
    assert wrong.status_code == 403
    assert "do not go together" in wrong.text
    form["password"] = "practice makes perfect"
    assert "code" in answer_of(
        browser.post(f"{stand_ins.pages}/login", data=form, allow_redirects=False)
    )


def test_prompt_create_opens_sign_up_and_an_address_signs_up_once(stand_ins: World) -> None:
    stand_ins.sign_up("first.of.all@else.example")
    browser = quiet_session()
    _, page = stand_ins.authorize(browser, prompt="create")
    assert "<title>Create an account" in page.text
    form = {"attempt": hidden_attempt(page), "name": "N", "password": "long enough"}
    again = browser.post(
        f"{stand_ins.pages}/signup",
        data=form | {"email": "First.of.All@else.example"},
        allow_redirects=False,
    )
    assert again.status_code == 403
    assert "has an account" in again.text
    short = browser.post(
        f"{stand_ins.pages}/signup",
        data=form | {"email": "other@else.example", "password": "short"},
        allow_redirects=False,
    )
    assert short.status_code == 403


def test_cancel_comes_back_as_access_denied(stand_ins: World) -> None:
    browser = quiet_session()
    _, page = stand_ins.authorize(browser)
    reply = browser.post(
        f"{stand_ins.pages}/cancel", data={"attempt": hidden_attempt(page)}, allow_redirects=False
    )
    answer = answer_of(reply)
    assert (answer["error"], answer["state"]) == ("access_denied", "some-state")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"client_id": "somebody-else"}, "not known"),
        ({"redirect_uri": "https://evil.example/back"}, "away from this computer"),
        ({"redirect_uri": "http://127.0.0.1.evil.example:80/"}, "away from this computer"),
        ({"redirect_uri": "http://user@127.0.0.1:80/"}, "away from this computer"),
        ({"redirect_uri": "http://127.0.0.1:80/#part"}, "away from this computer"),
        ({"redirect_uri": ""}, "away from this computer"),
    ],
)
def test_a_request_whose_way_back_cannot_be_trusted_ends_on_a_page(
    stand_ins: World, changed: dict[str, str], words: str
) -> None:
    _, page = stand_ins.authorize(quiet_session(), **changed)
    assert page.status_code == 400
    assert words in page.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "dance"}, "invalid_request"),
    ],
)
def test_any_other_mistake_goes_back_to_the_program_with_state_and_issuer(
    stand_ins: World, changed: dict[str, str], error: str
) -> None:
    _, reply = stand_ins.authorize(quiet_session(), redirect="no", **changed)
    answer = answer_of(reply)
    assert answer["error"] == error
    assert answer["state"] == "some-state"
    assert answer["iss"] == stand_ins.profile["service"]["issuer"]


def test_a_value_that_comes_twice_is_refused(stand_ins: World) -> None:
    reply = stand_ins.web.get(f"{stand_ins.pages}/authorize?client_id=a&client_id=b")
    assert reply.status_code == 400


def test_a_page_works_only_in_the_browser_that_began(stand_ins: World) -> None:
    _, page = stand_ins.authorize(quiet_session())
    form = {"attempt": hidden_attempt(page), "person": row_value(page, "person", OWNER)}
    stolen = quiet_session().post(f"{stand_ins.pages}/login/as", data=form, allow_redirects=False)
    assert stolen.status_code == 400
    assert "location" not in stolen.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "made up"}, "invalid_grant"),
        ({"redirect_uri": f"{BACK}/other"}, "invalid_grant"),
        ({"code_verifier": pkce()[0]}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"client_id": "somebody-else"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_good_only_for_exactly_what_was_asked(
    stand_ins: World, changed: dict[str, str], error: str
) -> None:
    code, verifier = stand_ins.code()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": verifier,
    }
    reply = stand_ins.token(**(form | changed))
    assert reply.status_code in {400, 401}
    assert reply.json()["error"] == error


def test_a_code_used_twice_ends_what_it_gave(stand_ins: World) -> None:
    code, verifier = stand_ins.code()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": verifier,
    }
    tokens = stand_ins.token(**form).json()
    assert stand_ins.token(**form).json()["error"] == "invalid_grant"
    head = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert stand_ins.web.get(f"{stand_ins.api}/v1/me", headers=head).status_code == 401


def test_refresh_tokens_rotate_and_a_used_one_ends_the_whole_family(stand_ins: World) -> None:
    first = stand_ins.tokens()
    second = stand_ins.token(
        grant_type="refresh_token", refresh_token=first["refresh_token"]
    ).json()
    assert second["refresh_token"] != first["refresh_token"]
    replayed = stand_ins.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert replayed.json()["error"] == "invalid_grant"
    after = stand_ins.token(grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert after.json()["error"] == "invalid_grant"
    head = {"Authorization": f"Bearer {second['access_token']}"}
    assert stand_ins.web.get(f"{stand_ins.api}/v1/me", headers=head).status_code == 401


def test_without_offline_access_there_is_no_refresh_token(stand_ins: World) -> None:
    code, verifier = stand_ins.code(scope="openid email")
    tokens = stand_ins.token(
        grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=verifier
    ).json()
    assert "refresh_token" not in tokens
    assert tokens["scope"] == "openid email"


def test_revoking_either_token_ends_the_sign_in_and_an_unknown_one_is_fine(
    stand_ins: World,
) -> None:
    for which in ("access_token", "refresh_token"):
        tokens = stand_ins.tokens()
        form = {"client_id": "enterprise-connect-setup", "token": tokens[which]}
        assert stand_ins.web.post(f"{stand_ins.api}/revoke", data=form).status_code == 200
        again = stand_ins.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
        assert again.json()["error"] == "invalid_grant"
    form = {"client_id": "enterprise-connect-setup", "token": "never seen"}
    assert stand_ins.web.post(f"{stand_ins.api}/revoke", data=form).status_code == 200


def test_expired_access_tokens_are_refused_and_a_refresh_brings_new_ones(
    stand_ins: World,
) -> None:
    tokens = stand_ins.tokens()
    stand_ins.tell("expire-tokens", {"stand_in": "account"})
    head = {"Authorization": f"Bearer {tokens['access_token']}"}
    refused = stand_ins.web.get(f"{stand_ins.api}/v1/me", headers=head)
    assert (refused.status_code, refused.json()["code"]) == (401, "not-signed-in")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    fresh = stand_ins.token(
        grant_type="refresh_token", refresh_token=tokens["refresh_token"]
    ).json()
    head = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert stand_ins.web.get(f"{stand_ins.api}/v1/me", headers=head).status_code == 200


def test_no_page_can_be_framed_cached_or_run_a_script(stand_ins: World) -> None:
    _, page = stand_ins.authorize(quiet_session())
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "Practice organization." in page.text
    assert parse_qs(urlsplit(page.url).query).keys() == {"attempt"}
