"""Sign-in against a certified OpenID provider that others wrote (npm's oidc-provider)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests

from tests.interop.oidc.world import CLIENT, FormBrowser, World, provider
from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeAnswer, CodeFlow, Redirect, Waiting
from wizard.auth.openid import OpenIdClient, OpenIdSettings, SignedIn
from wizard.auth.pkce import Pkce, fresh_secret
from wizard.auth.tokens import TokenSource
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.sessions import Net, NetSettings
from wizard.vault.vault import VaultChoice, open_vault

PASSPHRASE = "an invented passphrase"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
def net(world: World) -> Iterator[Net]:
    with Net(NetSettings(trust_root=world.root)) as made:
        yield made


def client(net: Net, world: World, **changes: object) -> OpenIdClient:
    settings = {"issuer": world.issuer, "client_id": CLIENT, "path": "/callback", **changes}
    return OpenIdClient(net, OpenIdSettings(**settings))  # type: ignore[arg-type]  # by name


@contextmanager
def browsing(browser: FormBrowser) -> Iterator[tuple[CodeFlow, list[Waiting]]]:
    told: list[Waiting] = []
    yield CodeFlow(BrowserOpener(start=browser.open), announce=told.append, seconds=30), told
    browser.close()


def signed_in(net: Net, world: World, person: str = "ana") -> SignedIn:
    browser = FormBrowser(world, person=person)
    with browsing(browser) as (flow, _):
        return client(net, world).sign_in(flow, Cancel())


def test_a_person_signs_in_and_is_known_by_a_verified_token(net: Net, world: World) -> None:
    browser = FormBrowser(world, person="ana")
    with browsing(browser) as (flow, told):
        found = client(net, world).sign_in(flow, Cancel())
    assert (found.person.id, found.person.address) == ("ana", "ana@nordby.example")
    assert found.person.name == "Name of ana"
    assert found.tokens.refresh_token
    assert found.tokens.expires_at is not None
    assert {"openid", "email", "offline_access"} <= found.tokens.scopes
    assert told[0].opened
    assert told[0].url == browser.asked
    asked = parse_qs(urlsplit(browser.asked).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert "You can go back now" in browser.shown
    assert "code=" in browser.came_back
    assert parse_qs(urlsplit(browser.came_back).query)["iss"] == [world.issuer]


def test_a_refusal_is_a_refusal(net: Net, world: World) -> None:
    browser = FormBrowser(world, refuse=True)
    with browsing(browser) as (flow, _), pytest.raises(Trouble) as trouble:
        client(net, world).sign_in(flow, Cancel())
    assert trouble.value.code is Code.SIGN_IN_REFUSED
    assert "Nothing was connected" in browser.shown


def test_tokens_are_refreshed_and_the_old_refresh_token_is_replaced(net: Net, world: World) -> None:
    who = client(net, world)
    first = signed_in(net, world).tokens
    second = who.refresh(first, Cancel())
    assert second.access_token != first.access_token
    assert second.refresh_token not in {"", first.refresh_token}
    third = who.refresh(second, Cancel())
    assert third.refresh_token != second.refresh_token


def test_a_refresh_token_used_twice_ends_the_sign_in(net: Net, world: World) -> None:
    who = client(net, world)
    first = signed_in(net, world).tokens
    second = who.refresh(first, Cancel())
    for dead in (first, second):
        with pytest.raises(Trouble) as trouble:
            who.refresh(dead, Cancel())
        assert trouble.value.code is Code.SIGN_IN_EXPIRED
        assert trouble.value.facts["error"] == "invalid_grant"


def test_signing_out_ends_the_tokens_at_the_provider(net: Net, world: World) -> None:
    who = client(net, world)
    tokens = signed_in(net, world).tokens
    assert who.revoke(tokens, Cancel())
    with pytest.raises(Trouble) as trouble:
        who.refresh(tokens, Cancel())
    assert trouble.value.code is Code.SIGN_IN_EXPIRED


# ------------------------------------------------------------------ what an attacker would try


def answered(net: Net, world: World, proof: Pkce, nonce: str) -> CodeAnswer:
    """One sign-in as far as the code, with a proof and a nonce that the test knows."""
    endpoint = client(net, world).discover(Cancel()).authorization_endpoint

    def authorize(redirect_uri: str, state: str) -> str:
        asked = {
            "response_type": "code", "client_id": CLIENT, "redirect_uri": redirect_uri,
            "scope": "openid email offline_access", "state": state, "nonce": nonce,
            "prompt": "consent", "code_challenge": proof.challenge,
            "code_challenge_method": proof.method,
        }  # fmt: skip
        return f"{endpoint}?{urlencode(asked)}"

    with browsing(FormBrowser(world)) as (flow, _):
        return flow.run(authorize, Redirect(path="/callback", issuer=world.issuer), Cancel())


def test_a_code_is_good_once_and_using_it_again_ends_its_tokens(net: Net, world: World) -> None:
    who, proof, nonce = client(net, world), Pkce.fresh(), fresh_secret()
    came = answered(net, world, proof, nonce)

    def exchange() -> SignedIn:
        return who.exchange(
            came.callback.code,
            redirect_uri=came.redirect_uri,
            proof=proof,
            nonce=nonce,
            cancel=Cancel(),
        )

    tokens = exchange().tokens
    with pytest.raises(Trouble) as trouble:
        exchange()
    assert trouble.value.code is Code.SIGN_IN_FAILED
    assert trouble.value.facts["error"] == "invalid_grant"
    with pytest.raises(Trouble) as after:
        who.refresh(tokens, Cancel())
    assert after.value.code is Code.SIGN_IN_EXPIRED


@pytest.mark.parametrize("wrong", ["proof", "redirect"])
def test_a_code_without_its_proof_or_for_another_redirect_is_worth_nothing(
    net: Net, world: World, wrong: str
) -> None:
    proof, nonce = Pkce.fresh(), fresh_secret()
    came = answered(net, world, proof, nonce)
    with pytest.raises(Trouble) as trouble:
        client(net, world).exchange(
            came.callback.code,
            redirect_uri=came.redirect_uri + ("x" if wrong == "redirect" else ""),
            proof=Pkce.fresh() if wrong == "proof" else proof,
            nonce=nonce,
            cancel=Cancel(),
        )
    assert trouble.value.code is Code.SIGN_IN_FAILED


def test_a_token_for_another_sign_in_is_refused_by_its_nonce(net: Net, world: World) -> None:
    proof = Pkce.fresh()
    came = answered(net, world, proof, fresh_secret())
    with pytest.raises(Trouble) as trouble:
        client(net, world).exchange(
            came.callback.code,
            redirect_uri=came.redirect_uri,
            proof=proof,
            nonce=fresh_secret(),
            cancel=Cancel(),
        )
    assert trouble.value.facts["error"] == "nonce-differs"


@pytest.mark.parametrize("missing", ["code_challenge", "redirect_uri"])
def test_the_provider_holds_us_to_what_we_send(net: Net, world: World, missing: str) -> None:
    """Our own address with one protection taken out must not get through: it was doing work."""
    browser = FormBrowser(world)
    with browsing(browser) as (flow, _):
        client(net, world).sign_in(flow, Cancel())
    parts = urlsplit(browser.asked)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if missing == "redirect_uri":
        asked["redirect_uri"] = "http://127.0.0.1:1/elsewhere"
    else:
        del asked["code_challenge"], asked["code_challenge_method"]
    address = urlunsplit(parts._replace(query=urlencode(asked)))
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(address, verify=str(world.root), allow_redirects=False, timeout=20)
    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code == 400 or "error=invalid_request" in answer.headers["Location"]


def test_another_issuer_at_the_same_address_is_refused(net: Net, world: World) -> None:
    who = client(net, world, issuer=f"{world.issuer}/")
    with pytest.raises(Trouble) as trouble:
        who.discover(Cancel())
    assert trouble.value.facts["error"] == "issuer-differs"


# ------------------------------------------------------------------ two processes, one token

WORKER = """
import sys
from pathlib import Path
from wizard.auth.openid import OpenIdClient, OpenIdSettings
from wizard.auth.tokens import TokenSource
from wizard.core.cancel import Cancel
from wizard.net.sessions import Net, NetSettings
from wizard.vault.vault import VaultChoice, open_vault

issuer, root, folder, passphrase, times = sys.argv[1:]
vault = open_vault(Path(folder), VaultChoice.PASSPHRASE, passphrase=passphrase)
with Net(NetSettings(trust_root=Path(root))) as net:
    settings = OpenIdSettings(issuer=issuer, client_id="enterprise-connect-setup")
    source = TokenSource(vault=vault, entry="service/test", refresher=OpenIdClient(net, settings))
    for _ in range(int(times)):
        print(source.token(Cancel()), flush=True)
"""


def test_two_processes_share_a_rotating_token_without_losing_it(tmp_path: Path) -> None:
    """Access tokens that live shorter than our margin make every call refresh."""
    (tmp_path / "provider").mkdir()
    with (
        provider(tmp_path / "provider", access_seconds=60) as world,
        Net(NetSettings(trust_root=world.root)) as net,
    ):
        vault = open_vault(
            tmp_path / "vault", VaultChoice.PASSPHRASE, passphrase=PASSPHRASE, log_n=14
        )
        source = TokenSource(vault=vault, entry="service/test", refresher=client(net, world))
        source.keep(signed_in(net, world).tokens, Cancel())
        arguments = [world.issuer, str(world.root), str(tmp_path / "vault"), PASSPHRASE, "12"]
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORKER, *arguments],
                cwd=Path(__file__).resolve().parents[2],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        outputs = [worker.communicate(timeout=100) for worker in workers]
        tokens = [line for out, _ in outputs for line in out.split()]
        assert [worker.returncode for worker in workers] == [0, 0], outputs
        assert len(tokens) == 24
        assert len(set(tokens)) == 24
        assert source.token(Cancel()) not in tokens
