from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.sessions import Net, NetSettings
from wizard.profile.model import GoogleProfile
from wizard.providers.google.permissions import DIRECTORY_SCOPES, SIGN_IN_SCOPES
from wizard.providers.google.sign_in import GoogleAccount, GoogleSignIn

NONCE = "a nonce that nobody could guess"


@pytest.fixture
def net() -> Iterator[Net]:
    with Net(NetSettings()) as made:
        yield made


@pytest.fixture
def sign_in(net: Net) -> GoogleSignIn:
    return GoogleSignIn(net, GoogleProfile(client_id="client"))


def answer(**changed: object) -> dict[str, object]:
    """What the token endpoint gives; `claims` and `answer` change parts of it, None takes away."""
    claims: dict[str, object] = {
        "iss": "https://accounts.google.com",
        "aud": "client",
        "sub": "1001",
        "email": "tomasz.wilk@nordby.example",
        "hd": "Nordby.example",
        "nonce": NONCE,
        "iat": int(time.time()),
        "exp": int(time.time()) + 3600,
        **changed.pop("claims", {}),  # type: ignore[dict-item]  # always a mapping here
    }
    signed = jwt.encode(
        {name: value for name, value in claims.items() if value is not None},
        "a key of at least thirty-two bytes, never looked at",
        algorithm="HS256",
    )
    given: dict[str, object] = {
        "access_token": "access",
        "refresh_token": "refresh",
        "expires_in": 3599,
        "scope": ["openid", *sorted(DIRECTORY_SCOPES)],
        "id_token": signed,
        **changed,
    }
    return {name: value for name, value in given.items() if value is not None}


def refused(sign_in: GoogleSignIn, given: dict[str, object]) -> Trouble:
    with pytest.raises(Trouble) as caught:
        sign_in._account(given, NONCE)
    return caught.value


def test_who_signed_in_and_what_was_granted_come_from_the_answer(sign_in: GoogleSignIn) -> None:
    account = sign_in._account(answer(), NONCE)
    assert (account.id, account.address) == ("1001", "tomasz.wilk@nordby.example")
    assert account.domain == "nordby.example"
    assert account.granted == DIRECTORY_SCOPES | {"openid"}
    assert account.tokens.scopes == account.granted
    assert account.tokens.refresh_token == "refresh"


def test_an_answer_that_names_no_scopes_grants_none(sign_in: GoogleSignIn) -> None:
    assert sign_in._account(answer(scope=None), NONCE).granted == frozenset()


def test_a_private_account_has_no_domain(sign_in: GoogleSignIn) -> None:
    assert sign_in._account(answer(claims={"hd": None}), NONCE).domain == ""


@pytest.mark.parametrize(
    ("claims", "code", "error"),
    [
        ({"nonce": "another"}, Code.SIGN_IN_FAILED, "nonce-differs"),
        ({"nonce": None}, Code.SIGN_IN_FAILED, "nonce-differs"),
        ({"iss": "https://accounts.evil.example"}, Code.SIGN_IN_FAILED, "issuer-differs"),
        ({"aud": "somebody-else"}, Code.SIGN_IN_FAILED, "id-token-invalid"),
        ({"sub": None}, Code.SIGN_IN_FAILED, "id-token-invalid"),
        ({"exp": 1_000_000}, Code.CLOCK_WRONG, None),
        ({"iat": 9_999_999_999}, Code.CLOCK_WRONG, None),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    sign_in: GoogleSignIn, claims: dict[str, object], code: Code, error: str | None
) -> None:
    trouble = refused(sign_in, answer(claims=claims))
    assert trouble.code is code
    assert trouble.facts.get("error") == error


def test_googles_older_name_for_itself_is_good_at_google_alone(net: Net) -> None:
    old = answer(claims={"iss": "accounts.google.com"})
    google = GoogleSignIn(net, GoogleProfile(client_id="client"))
    assert google._account(old, NONCE).id == "1001"
    other = GoogleProfile(client_id="client", issuer="https://accounts.practice.test")
    assert refused(GoogleSignIn(net, other), old).facts["error"] == "issuer-differs"


@pytest.mark.parametrize("id_token", [None, "", "not.a.token"])
def test_an_answer_without_a_readable_identity_is_refused(
    sign_in: GoogleSignIn, id_token: str | None
) -> None:
    trouble = refused(sign_in, answer(id_token=id_token))
    assert trouble.facts["error"] == "id-token-invalid"


def test_an_answer_without_a_refresh_token_is_refused(sign_in: GoogleSignIn) -> None:
    assert refused(sign_in, answer(refresh_token=None)).facts["error"] == "no-refresh-token"


def test_a_profile_without_a_client_id_opens_no_browser(net: Net) -> None:
    with pytest.raises(Trouble) as caught:
        run(GoogleSignIn(net, GoogleProfile()), lambda _asked: {})
    assert caught.value.facts["error"] == "no-client-id"


# ------------------------------------------------------------------ what the browser brings back


def run(
    sign_in: GoogleSignIn,
    reply: Callable[[dict[str, str]], dict[str, str]],
    **more: Any,  # noqa: ANN401 - passed on
) -> tuple[GoogleAccount, dict[str, str]]:
    """Sign in with a browser that answers at once with what `reply` makes of the request."""
    asked: dict[str, str] = {}
    threads: list[threading.Thread] = []

    def browser(address: str) -> bool:
        asked.update({name: one[0] for name, one in parse_qs(urlsplit(address).query).items()})
        back = f"{asked['redirect_uri']}?{urlencode(reply(asked))}"
        thread = threading.Thread(target=lambda: urllib.request.urlopen(back, timeout=10).close())
        threads.append(thread)
        thread.start()
        return True

    flow = CodeFlow(BrowserOpener(start=browser), announce=lambda _waiting: None, seconds=10)
    try:
        return sign_in.sign_in(flow, Cancel(), **more), asked
    finally:
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", Code.SIGN_IN_REFUSED),
        ("admin_policy_enforced", Code.ADMIN_POLICY_ENFORCED),
        ("org_internal", Code.APP_INTERNAL),
        ("deleted_client", Code.APP_BLOCKED),
        ("something_new", Code.SIGN_IN_FAILED),
    ],
)
def test_each_ending_in_the_browser_has_its_own_name(
    sign_in: GoogleSignIn, error: str, code: Code
) -> None:
    with pytest.raises(Trouble) as caught:
        run(sign_in, lambda asked: {"error": error, "state": asked["state"]})
    assert caught.value.code is code


def test_the_browser_is_asked_for_exactly_what_is_needed(sign_in: GoogleSignIn) -> None:
    seen: dict[str, str] = {}

    def reply(asked: dict[str, str]) -> dict[str, str]:
        seen.update(asked)
        return {"error": "access_denied", "state": asked["state"]}

    with pytest.raises(Trouble):
        run(sign_in, reply, login_hint="tomasz.wilk@nordby.example")
    assert set(seen["scope"].split()) == DIRECTORY_SCOPES | set(SIGN_IN_SCOPES)
    assert seen["access_type"] == "offline"
    assert "consent" in seen["prompt"].split()
    assert seen["code_challenge_method"] == "S256"
    assert len(seen["code_challenge"]) == 43
    assert len(seen["state"]) >= 43
    assert len(seen["nonce"]) >= 43
    assert seen["login_hint"] == "tomasz.wilk@nordby.example"
    parts = urlsplit(seen["redirect_uri"])
    assert (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", "/")


def test_two_sign_ins_share_no_secret(sign_in: GoogleSignIn) -> None:
    seen: list[dict[str, str]] = []

    def reply(asked: dict[str, str]) -> dict[str, str]:
        seen.append(dict(asked))
        return {"error": "access_denied", "state": asked["state"]}

    for _ in range(2):
        with pytest.raises(Trouble):
            run(sign_in, reply)
    for name in ("state", "nonce", "code_challenge"):
        assert seen[0][name] != seen[1][name]


def test_an_answer_from_another_issuer_is_not_heard(sign_in: GoogleSignIn) -> None:
    flow_seconds = 1.0

    def browser(address: str) -> bool:
        asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        forged = {"code": "4/x", "state": asked["state"], "iss": "https://evil.example"}
        request = f"{asked['redirect_uri']}?{urlencode(forged)}"

        def visit() -> None:
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=5)

        thread = threading.Thread(target=visit)
        thread.start()
        thread.join()
        return True

    flow = CodeFlow(
        BrowserOpener(start=browser), announce=lambda _waiting: None, seconds=flow_seconds
    )
    with pytest.raises(Trouble) as caught:
        sign_in.sign_in(flow, Cancel())
    assert caught.value.code is Code.SIGN_IN_TIMED_OUT
