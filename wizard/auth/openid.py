"""The OpenID Connect client of the account service: sign in, sign up, refresh, sign out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import msgspec
import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from wizard.auth.code_flow import CodeFlow, Redirect
from wizard.auth.id_token import Keys, Person, read_id_token
from wizard.auth.pkce import Pkce, fresh_secret
from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.answers import Answer
from wizard.net.api import plain_refusal
from wizard.net.sessions import Net

__all__ = ["Discovery", "OpenIdClient", "OpenIdSettings", "SignedIn"]

# Below INFO these libraries write codes and tokens into the log.
for _library in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_library).setLevel(logging.INFO)

_SCOPES = ("openid", "email", "profile", "offline_access")


class Discovery(msgspec.Struct, frozen=True):
    """What we need of a provider's own description (OpenID Connect Discovery 1.0 section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    revocation_endpoint: str = ""
    authorization_response_iss_parameter_supported: bool = False
    code_challenge_methods_supported: list[str] = []
    prompt_values_supported: list[str] = []


@dataclass(frozen=True, kw_only=True)
class OpenIdSettings:
    """Whom to ask, and as whom: `issuer` exactly as the provider names itself.

    `trusted` are further addresses whose origins the provider's endpoints may have. `path` is
    the redirect's, None for a random one.
    """

    issuer: str
    client_id: str
    trusted: tuple[str, ...] = ()
    scopes: tuple[str, ...] = _SCOPES
    path: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who signed in, and the tokens, which belong into a `TokenSource`."""

    person: Person
    tokens: TokenSet


class OpenIdClient:
    """Speaks to one OpenID provider. Also the `Refresher` of its tokens. Safe between threads."""

    def __init__(self, net: Net, settings: OpenIdSettings, *, clock: Clock | None = None) -> None:
        self._net = net
        self._settings = settings
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._known: tuple[Discovery, Keys] | None = None
        addresses = (settings.issuer, *settings.trusted)
        self._origins = frozenset(Origin.of(address) for address in addresses)

    # ------------------------------------------------------------------ discovery

    def discover(self, cancel: Cancel) -> Discovery:
        """The provider's description, read once.

        It must name the issuer that the profile names, and endpoints at origins that we trust
        for it. Raises `Trouble` (sign-in-failed with `error`, wrong-host, of the network).
        """
        return self._provider(cancel)[0]

    def _provider(self, cancel: Cancel) -> tuple[Discovery, Keys]:
        """The description and the keys, read once."""
        with self._lock:
            if self._known is not None:
                return self._known
        api = self._net.api(self._settings.issuer)
        found = api.get("/.well-known/openid-configuration", cancel=cancel).read(Discovery)
        if found.issuer != self._settings.issuer:
            raise Trouble(Code.SIGN_IN_FAILED, error="issuer-differs", host=api.host)
        if "S256" not in found.code_challenge_methods_supported:
            raise Trouble(Code.SIGN_IN_FAILED, error="no-pkce", host=api.host)
        endpoints = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        for endpoint in (*endpoints, found.revocation_endpoint):
            if endpoint and Origin.of(endpoint) not in self._origins:
                raise Trouble(Code.WRONG_HOST, host=Origin.of(endpoint).shown, expected=api.host)
        with self._lock:
            self._known = found, Keys(self._net, found.jwks_uri)
            return self._known

    # ------------------------------------------------------------------ sign in

    def sign_in(
        self, flow: CodeFlow, cancel: Cancel, *, create: bool = False, login_hint: str = ""
    ) -> SignedIn:
        """Sign in, or sign up where `create` (`prompt=create`, OpenID Initiating Registration).

        Raises `Trouble`: those of `CodeFlow.run`, sign-in-failed with the fact `error`, and
        those of the network.
        """
        known = self.discover(cancel)
        proof, nonce = Pkce.fresh(), fresh_secret()
        asked: dict[str, str] = {"nonce": nonce}
        if create:
            asked["prompt"] = "create"
        elif "offline_access" in self._settings.scopes:
            asked["prompt"] = "consent"  # OpenID Connect Core section 11
        if login_hint:
            asked["login_hint"] = login_hint

        def authorize(redirect_uri: str, state: str) -> str:
            with self._session(redirect_uri, cancel) as session:
                address, _ = session.authorization_url(
                    known.authorization_endpoint,
                    state=state,
                    code_challenge=proof.challenge,
                    code_challenge_method=proof.method,
                    **asked,
                )
                return str(address)

        redirect = Redirect(
            path=self._settings.path,
            issuer=known.issuer,
            issuer_needed=known.authorization_response_iss_parameter_supported,
        )
        came = flow.run(authorize, redirect, cancel)
        return self.exchange(
            came.callback.code,
            redirect_uri=came.redirect_uri,
            proof=proof,
            nonce=nonce,
            cancel=cancel,
        )

    def exchange(
        self, code: str, *, redirect_uri: str, proof: Pkce, nonce: str, cancel: Cancel
    ) -> SignedIn:
        """Trade a code for tokens, and read who signed in from a verified ID token."""
        known, keys = self._provider(cancel)
        if not code:
            raise Trouble(Code.SIGN_IN_FAILED, error="no-code")
        with self._session(redirect_uri, cancel) as session, _refusals(Code.SIGN_IN_FAILED):
            # The scope that is asked for is compared by us, not by the library's warning.
            session.scope = None
            answer = session.fetch_token(
                known.token_endpoint,
                code=code,
                code_verifier=proof.verifier,
                include_client_id=True,
            )
        person = read_id_token(
            str(answer.get("id_token", "")),
            keys=keys,
            issuer=known.issuer,
            client_id=self._settings.client_id,
            nonce=nonce,
            cancel=cancel,
        )
        return SignedIn(person=person, tokens=self._token_set(answer))

    # ------------------------------------------------------------------ afterwards

    def refresh(self, tokens: TokenSet, cancel: Cancel) -> TokenSet:
        """See `tokens.Refresher`."""
        known = self.discover(cancel)
        with self._session("", cancel) as session, _refusals(Code.SIGN_IN_EXPIRED):
            session.scope = None
            answer = session.refresh_token(
                known.token_endpoint,
                refresh_token=tokens.refresh_token,
                client_id=self._settings.client_id,
            )
        return self._token_set(answer)

    def revoke(self, tokens: TokenSet, cancel: Cancel) -> bool:
        """End tokens at the provider (RFC 7009); False where it has no way to.

        Ending the refresh token ends the sign-in; without one the access token is ended.
        """
        known = self.discover(cancel)
        if not known.revocation_endpoint:
            return False
        refreshable = bool(tokens.refresh_token)
        form = {
            "token": tokens.refresh_token if refreshable else tokens.access_token,
            "token_type_hint": "refresh_token" if refreshable else "access_token",
            "client_id": self._settings.client_id,
        }
        api = self._net.api(known.revocation_endpoint)
        api.send(
            "POST",
            known.revocation_endpoint,
            body=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            repeatable=True,
            cancel=cancel,
        )
        return True

    # ------------------------------------------------------------------ parts

    @contextmanager
    def _session(self, redirect_uri: str, cancel: Cancel) -> Iterator[OAuth2Session]:
        """The library's session, made to go our way."""
        session = OAuth2Session(
            self._settings.client_id,
            scope=list(self._settings.scopes),
            redirect_uri=redirect_uri or None,
        )
        self._net.equip(session, [str(origin) for origin in self._origins], cancel=cancel)
        session.register_compliance_hook("access_token_response", _sound)
        session.register_compliance_hook("refresh_token_response", _sound)
        try:
            yield session
        finally:
            self._net.release(session)

    def _token_set(self, answer: Mapping[str, object]) -> TokenSet:
        seconds = answer.get("expires_in")
        expires_at = None
        if isinstance(seconds, int | float | str) and str(seconds).replace(".", "", 1).isdigit():
            expires_at = self._clock.now() + timedelta(seconds=float(seconds))
        scope = answer.get("scope", "")
        return TokenSet(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or ""),
            expires_at=expires_at,
            scope=" ".join(scope) if isinstance(scope, list) else str(scope or ""),
        )


def _sound(answer: requests.Response) -> requests.Response:
    """Raise for answers that say nothing about the tokens: busy, broken, or of another kind."""
    host = Origin.of(answer.url).shown
    told = Answer(
        status=answer.status_code, headers={}, body=answer.content, host=host, path="/token"
    )
    if told.status == 429 or told.status >= 500:
        raise plain_refusal(told)
    told.read(dict[str, object])
    return answer


@contextmanager
def _refusals(dead: Code) -> Iterator[None]:
    """Turn the library's errors into ours; `dead` is what `invalid_grant` means here."""
    try:
        yield
    except OAuth2Error as problem:
        error = str(problem.error or type(problem).__name__)
        code = dead if error == "invalid_grant" else Code.SIGN_IN_FAILED
        said = str(problem.description or "")[:200]
        raise Trouble(code, error=error, description=said) from problem
    except ValueError as problem:  # such as a lifetime that is no number
        raise Trouble(Code.SIGN_IN_FAILED, error="not-understood") from problem
