"""The OpenID client believes a provider only what it can prove."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from tests.unit.net.servers import Asked, Give, TinyServer, authority, serving
from wizard.auth import listener as listener_module
from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow
from wizard.auth.openid import OpenIdClient, OpenIdSettings, SignedIn
from wizard.auth.pkce import Pkce
from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.sessions import Net, NetSettings

CLIENT = "enterprise-connect-setup"
NONCE = "the-nonce-of-this-sign-in"
PROOF = Pkce.fresh()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key: rsa.RSAPrivateKey, kid: str) -> dict[str, object]:
    found = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**found, "kid": kid, "use": "sig", "alg": "RS256"}


class Provider:
    """A small OpenID provider that a test can bend; tokens are those that it was told to give."""

    def __init__(self) -> None:
        self.base = ""
        self.metadata: dict[str, object] = {}
        self.keys: list[dict[str, object]] = [public(KEY, "k1")]
        self.token_answer: Give | None = None
        self.claims: dict[str, object] = {}
        self.signed_with: rsa.RSAPrivateKey | str = KEY
        self.algorithm = "RS256"
        self.kid = "k1"
        self.forms: list[dict[str, str]] = []
        self.key_reads = 0

    def answer(self, asked: Asked) -> Give:
        if asked.path == "/.well-known/openid-configuration":
            return Give(body=json.dumps(self.description()).encode())
        if asked.path == "/jwks":
            self.key_reads += 1
            return Give(body=json.dumps({"keys": self.keys}).encode())
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        self.forms.append(form)
        if asked.path == "/revoke":
            return Give(body=b"")
        if self.token_answer is not None:
            return self.token_answer
        return Give(
            body=json.dumps(self.tokens()).encode(), headers={"Content-Type": "application/json"}
        )

    def description(self) -> dict[str, object]:
        return {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/jwks",
            "revocation_endpoint": f"{self.base}/revoke",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def tokens(self) -> dict[str, object]:
        now = int(time.time())
        claims = {
            "iss": self.base, "sub": "u1", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": NONCE, "email": "ana@nordby.example", "name": "Ana", **self.claims,
        }  # fmt: skip
        token = jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            self.signed_with,
            algorithm=self.algorithm,
            headers={"kid": self.kid} if self.kid else None,
        )
        return {
            "access_token": "a1", "refresh_token": "r1", "token_type": "Bearer",
            "expires_in": 3600, "scope": "openid email", "id_token": token,
        }  # fmt: skip


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def server(provider: Provider, tmp_path: Path) -> Iterator[TinyServer]:
    ours = authority(tmp_path)
    with serving(provider.answer, ours.context) as running:
        provider.base = running.base
        yield running


@pytest.fixture
def client(provider: Provider, server: TinyServer, tmp_path: Path) -> Iterator[OpenIdClient]:
    with Net(NetSettings(trust_root=tmp_path / "root.pem")) as net:
        yield OpenIdClient(net, OpenIdSettings(issuer=server.base, client_id=CLIENT))


def exchange(client: OpenIdClient, code: str = "c0de") -> SignedIn:
    return client.exchange(
        code, redirect_uri="http://127.0.0.1:1/cb", proof=PROOF, nonce=NONCE, cancel=Cancel()
    )


def failure(client: OpenIdClient) -> str:
    with pytest.raises(Trouble) as trouble:
        exchange(client)
    assert trouble.value.code is Code.SIGN_IN_FAILED
    return str(trouble.value.facts["error"])


# ------------------------------------------------------------------ the good way


def test_a_code_is_traded_with_its_proof_and_no_secret(
    client: OpenIdClient, provider: Provider
) -> None:
    found = exchange(client)
    assert (found.person.id, found.person.address, found.person.name) == (
        "u1",
        "ana@nordby.example",
        "Ana",
    )
    assert found.tokens.scope == "openid email"
    assert provider.forms == [
        {
            "grant_type": "authorization_code", "code": "c0de", "client_id": CLIENT,
            "redirect_uri": "http://127.0.0.1:1/cb", "code_verifier": PROOF.verifier,
        }
    ]  # fmt: skip


def test_a_whole_sign_up_asks_for_an_account_and_comes_back(
    client: OpenIdClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener_module, "_LINGER", 0.5)
    seen: dict[str, str] = {}
    threads: list[threading.Thread] = []

    def browser(address: str) -> bool:
        seen.update({n: v[0] for n, v in parse_qs(urlsplit(address).query).items()})
        provider.claims["nonce"] = seen["nonce"]
        back = {"code": "c", "state": seen["state"], "iss": provider.base}
        target = f"{seen['redirect_uri']}?{urlencode(back)}"
        threads.append(threading.Thread(target=lambda: requests.get(target, timeout=10)))
        threads[0].start()
        return True

    flow = CodeFlow(BrowserOpener(start=browser), announce=lambda _: None, seconds=20)
    found = client.sign_in(flow, Cancel(), create=True, login_hint="ana@nordby.example")
    threads[0].join()
    assert found.person.id == "u1"
    assert (seen["prompt"], seen["login_hint"]) == ("create", "ana@nordby.example")
    assert seen["scope"] == "openid email profile offline_access"
    assert seen["code_challenge_method"] == "S256"
    assert provider.forms[0]["redirect_uri"] == seen["redirect_uri"]


def test_a_refresh_sends_the_token_once_and_takes_what_comes(
    client: OpenIdClient, provider: Provider
) -> None:
    found = client.refresh(TokenSet(access_token="a0", refresh_token="r0"), Cancel())
    assert (found.access_token, found.refresh_token) == ("a1", "r1")
    assert provider.forms == [
        {"grant_type": "refresh_token", "refresh_token": "r0", "client_id": CLIENT}
    ]


def test_signing_out_revokes_the_longest_lived_token(
    client: OpenIdClient, provider: Provider
) -> None:
    assert client.revoke(TokenSet(access_token="a", refresh_token="r"), Cancel())
    assert client.revoke(TokenSet(access_token="a"), Cancel())
    assert [form["token"] for form in provider.forms] == ["r", "a"]
    provider.metadata["revocation_endpoint"] = ""


def test_a_provider_without_revocation_is_told_as_such(
    client: OpenIdClient, provider: Provider
) -> None:
    provider.metadata["revocation_endpoint"] = ""
    assert not client.revoke(TokenSet(access_token="a"), Cancel())
    assert provider.forms == []


# ------------------------------------------------------------------ the description


@pytest.mark.parametrize(
    ("name", "value", "code", "error"),
    [
        ("issuer", "https://evil.example", Code.SIGN_IN_FAILED, "issuer-differs"),
        ("code_challenge_methods_supported", ["plain"], Code.SIGN_IN_FAILED, "no-pkce"),
        ("token_endpoint", "https://evil.example/token", Code.WRONG_HOST, None),
        ("jwks_uri", "https://evil.example/jwks", Code.WRONG_HOST, None),
        ("authorization_endpoint", "https://evil.example/authorize", Code.WRONG_HOST, None),
        ("revocation_endpoint", "https://evil.example/revoke", Code.WRONG_HOST, None),
        ("token_endpoint", "file:///token", Code.UNSAFE_ADDRESS, None),
        ("token_endpoint", 3, Code.ANSWER_NOT_UNDERSTOOD, None),
    ],
)
def test_a_description_that_does_not_fit_is_refused(
    client: OpenIdClient,
    provider: Provider,
    name: str,
    value: object,
    code: Code,
    error: str | None,
) -> None:
    provider.metadata[name] = value
    with pytest.raises(Trouble) as trouble:
        client.discover(Cancel())
    assert trouble.value.code is code
    assert trouble.value.facts.get("error") == error
    assert provider.forms == []


def test_endpoints_at_a_second_trusted_origin_are_fine(
    provider: Provider, server: TinyServer, tmp_path: Path
) -> None:
    provider.metadata["authorization_endpoint"] = "https://pages.nordby.example/authorize"
    settings = OpenIdSettings(
        issuer=server.base, client_id=CLIENT, trusted=("https://pages.nordby.example",)
    )
    with Net(NetSettings(trust_root=tmp_path / "root.pem")) as net:
        found = OpenIdClient(net, settings).discover(Cancel())
    assert found.authorization_endpoint.startswith("https://pages.nordby.example/")


# ------------------------------------------------------------------ the ID token


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"nonce": "another"}, "nonce-differs"),
        ({"nonce": None}, "nonce-differs"),
        ({"iss": "https://evil.example"}, "id-token-invalid"),
        ({"aud": "another-client"}, "id-token-invalid"),
        ({"aud": [CLIENT, "another-client"]}, "other-party"),
        ({"aud": [CLIENT, "another-client"], "azp": "another-client"}, "other-party"),
        ({"azp": "another-client"}, "other-party"),
        ({"sub": None}, "id-token-invalid"),
        ({"exp": None}, "id-token-invalid"),
        ({"exp": int(time.time()) - 1000}, "clock-differs"),
        ({"iat": int(time.time()) + 1000}, "clock-differs"),
        ({"nbf": int(time.time()) + 1000}, "clock-differs"),
    ],
)
def test_a_token_with_a_claim_that_does_not_fit_is_refused(
    client: OpenIdClient, provider: Provider, claims: dict[str, object], error: str
) -> None:
    provider.claims = claims
    assert failure(client) == error


def test_small_differences_between_clocks_do_no_harm(
    client: OpenIdClient, provider: Provider
) -> None:
    now = int(time.time())
    provider.claims = {"exp": now - 60, "iat": now + 60}
    assert exchange(client).person.id == "u1"


def test_several_audiences_are_fine_when_we_are_the_authorized_party(
    client: OpenIdClient, provider: Provider
) -> None:
    provider.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert exchange(client).person.id == "u1"


def test_a_token_signed_by_somebody_else_is_refused(
    client: OpenIdClient, provider: Provider
) -> None:
    provider.signed_with = OTHER
    assert failure(client) == "id-token-invalid"


@pytest.mark.parametrize(
    ("algorithm", "key"), [("none", ""), ("HS256", "a shared secret that is long enough to sign")]
)
def test_a_token_that_proves_nothing_is_refused(
    client: OpenIdClient, provider: Provider, algorithm: str, key: str
) -> None:
    provider.algorithm, provider.signed_with = algorithm, key
    assert failure(client) == "unsafe-algorithm"


def test_a_key_is_good_for_its_own_algorithm_only(client: OpenIdClient, provider: Provider) -> None:
    provider.algorithm = "PS256"
    assert failure(client) == "unknown-key"


def test_new_keys_are_read_when_an_unknown_one_is_used(
    client: OpenIdClient, provider: Provider
) -> None:
    exchange(client)
    exchange(client)
    assert provider.key_reads == 1
    provider.keys = [
        {"kty": "oct", "k": "x", "kid": "odd"},
        {"kty": "unheard-of", "kid": "odder"},
        {**public(OTHER, "enc"), "use": "enc"},
        public(OTHER, "k2"),
    ]
    provider.signed_with, provider.kid = OTHER, "k2"
    assert exchange(client).person.id == "u1"
    assert provider.key_reads == 2
    provider.kid = "k3"
    assert failure(client) == "unknown-key"


def test_a_single_key_needs_no_name(client: OpenIdClient, provider: Provider) -> None:
    provider.keys = [{name: value for name, value in public(KEY, "x").items() if name != "kid"}]
    provider.kid = ""
    assert exchange(client).person.id == "u1"


def test_an_elliptic_key_is_understood(client: OpenIdClient, provider: Provider) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    from jwt.algorithms import ECAlgorithm

    provider.keys = [{**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "e1"}]
    provider.signed_with = key  # type: ignore[assignment]  # the library takes either
    provider.algorithm, provider.kid = "ES256", "e1"
    assert exchange(client).person.id == "u1"


def test_no_token_at_all_is_refused(client: OpenIdClient, provider: Provider) -> None:
    body = {"access_token": "a", "token_type": "Bearer"}
    provider.token_answer = Give(body=json.dumps(body).encode())
    assert failure(client) == "id-token-invalid"


# ------------------------------------------------------------------ refusals of the token endpoint


@pytest.mark.parametrize(
    ("status", "body", "code", "error"),
    [
        (400, {"error": "invalid_grant"}, Code.SIGN_IN_EXPIRED, "invalid_grant"),
        (400, {"error": "invalid_client"}, Code.SIGN_IN_FAILED, "invalid_client"),
        (400, {"error": "made_up"}, Code.SIGN_IN_FAILED, "made_up"),
        (
            200,
            {"access_token": "a", "token_type": "Bearer", "expires_in": "soon"},
            Code.SIGN_IN_FAILED,
            "not-understood",
        ),
        (200, {"token_type": "Bearer"}, Code.SIGN_IN_FAILED, "missing_token"),
        (500, {}, Code.SERVICE_UNAVAILABLE, None),
        (503, {"error": "invalid_grant"}, Code.SERVICE_UNAVAILABLE, None),
        (429, {}, Code.RATE_LIMITED, None),
    ],
)
def test_a_refused_refresh_is_told_as_what_it_is(
    client: OpenIdClient,
    provider: Provider,
    status: int,
    body: dict[str, str],
    code: Code,
    error: str | None,
) -> None:
    provider.token_answer = Give(status=status, body=json.dumps(body).encode())
    with pytest.raises(Trouble) as trouble:
        client.refresh(TokenSet(access_token="a", refresh_token="r"), Cancel())
    assert trouble.value.code is code
    assert trouble.value.facts.get("error") == error
    assert len(provider.forms) == 1


def test_a_token_endpoint_that_talks_nonsense_is_told(
    client: OpenIdClient, provider: Provider
) -> None:
    for body in (b"<html>", b"\xff\xfe", b"[]", b""):
        provider.token_answer = Give(body=body)
        with pytest.raises(Trouble) as trouble:
            client.refresh(TokenSet(access_token="a", refresh_token="r"), Cancel())
        assert trouble.value.code is Code.ANSWER_NOT_UNDERSTOOD


def test_a_lost_answer_is_not_asked_for_again(client: OpenIdClient, provider: Provider) -> None:
    provider.token_answer = Give(drop=True)
    with pytest.raises(Trouble) as trouble:
        client.refresh(TokenSet(access_token="a", refresh_token="r"), Cancel())
    assert trouble.value.code is Code.CONNECTION_LOST
    assert len(provider.forms) == 1


def test_an_empty_code_is_not_sent(client: OpenIdClient, provider: Provider) -> None:
    with pytest.raises(Trouble) as trouble:
        exchange(client, code="")
    assert trouble.value.facts["error"] == "no-code"
    assert provider.forms == []


def test_lifetimes_are_read_however_they_are_written(
    client: OpenIdClient, provider: Provider
) -> None:
    for given, known in ((60, True), ("60", True), (None, False)):
        body = {"access_token": "a", "token_type": "Bearer", "expires_in": given, "scope": "x y"}
        provider.token_answer = Give(body=json.dumps(body).encode())
        found = client.refresh(TokenSet(access_token="a", refresh_token="r"), Cancel())
        assert (found.expires_at is not None) is known
        assert found.scopes == frozenset({"x", "y"})
