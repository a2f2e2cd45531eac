"""Signs an admin in at Google, in their own browser, with google-auth-oauthlib's flow."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

from wizard.auth.code_flow import CodeFlow, Redirect
from wizard.auth.pkce import fresh_secret
from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.answers import Answer
from wizard.net.api import plain_refusal
from wizard.net.sessions import Net
from wizard.profile.model import GoogleProfile
from wizard.providers.base import WorkspaceAccount
from wizard.providers.google.errors import oauth_code
from wizard.providers.google.permissions import PERMISSIONS, SIGN_IN_SCOPES

__all__ = ["GoogleAccount", "GoogleSignIn"]

# Below INFO these libraries write codes and tokens into the log.
for _library in ("requests_oauthlib", "oauthlib", "google_auth_oauthlib", "google.auth"):
    logging.getLogger(_library).setLevel(logging.INFO)

_LEEWAY = 300.0
"""Seconds: a clock that is off by more is a finding of its own."""
_OLD_ISSUER = "accounts.google.com"


GoogleAccount = WorkspaceAccount


class GoogleSignIn:
    """The sign-in of one profile. The library makes the request and the proof key (PKCE S256);
    the browser and the loopback listener are ours, as is the network.

    https://developers.google.com/identity/protocols/oauth2/native-app
    """

    def __init__(self, net: Net, profile: GoogleProfile, *, clock: Clock | None = None) -> None:
        self._net = net
        self._profile = profile
        self._clock = clock or SystemClock()

    def sign_in(
        self, code_flow: CodeFlow, cancel: Cancel, *, login_hint: str = ""
    ) -> GoogleAccount:
        """Open the browser, wait, and trade the code for tokens.

        Raises `Trouble`: sign-in-refused, admin-policy-enforced, app-internal, app-blocked,
        sign-in-failed (fact `error`), those of `CodeFlow.run` and of the network. A box that
        was left empty is no trouble here: compare `granted`.
        """
        flow = self._flow()
        self._net.equip(
            flow.oauth2session, [self._profile.auth_uri, self._profile.token_uri], cancel=cancel
        )
        flow.oauth2session.register_compliance_hook("access_token_response", _no_outage)
        nonce = fresh_secret()

        def authorize(redirect_uri: str, state: str) -> str:
            flow.redirect_uri = redirect_uri
            hint = {"login_hint": login_hint} if login_hint else {}
            # Offline and consent: only then Google gives a refresh token every time.
            address, _ = flow.authorization_url(
                access_type="offline",
                prompt="select_account consent",
                state=state,
                nonce=nonce,
                **hint,
            )
            return address

        try:
            with _refusals():
                # Google checks the path of a loopback redirect and gets the root.
                redirect = Redirect(path="/", issuer=self._profile.issuer)
                came = code_flow.run(authorize, redirect, cancel)
                answer = self._exchange(flow, came.callback.code)
        finally:
            self._net.release(flow.oauth2session)
        return self._account(answer, nonce)

    def revoke(self, tokens: TokenSet, cancel: Cancel) -> None:
        """End the connection at Google, too: the refresh token and all that came of it."""
        form = {"token": tokens.refresh_token or tokens.access_token}
        self._net.api(self._profile.revoke_uri).send(
            "POST",
            self._profile.revoke_uri,
            body=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            repeatable=True,
            cancel=cancel,
            accept={200, 400},  # 400: it is dead already
        )

    def _flow(self) -> Flow:
        if not self._profile.client_id:
            raise Trouble(Code.SIGN_IN_FAILED, error="no-client-id")
        config = {
            "client_id": self._profile.client_id,
            "client_secret": "",
            "auth_uri": self._profile.auth_uri,
            "token_uri": self._profile.token_uri,
        }
        scopes = [*SIGN_IN_SCOPES, *(permission.scope for permission in PERMISSIONS)]
        return Flow.from_client_config({"installed": config}, scopes)

    def _exchange(self, flow: Flow, code: str) -> Mapping[str, object]:
        if not code:
            raise Trouble(Code.SIGN_IN_FAILED, error="no-code")
        # What was granted is compared by us; the library would stop at every difference.
        flow.oauth2session.scope = None
        return flow.fetch_token(code=code, include_client_id=True, client_secret=None)

    def _account(self, answer: Mapping[str, object], nonce: str) -> GoogleAccount:
        claims = self._claims(str(answer.get("id_token") or ""), nonce)
        scope = answer.get("scope") or ""
        granted = " ".join(scope) if isinstance(scope, list) else str(scope)
        refresh_token = str(answer.get("refresh_token") or "")
        if not refresh_token:
            raise Trouble(Code.SIGN_IN_FAILED, error="no-refresh-token")
        seconds = answer.get("expires_in")
        lasting = timedelta(seconds=float(seconds)) if isinstance(seconds, int | float) else None
        address = str(claims.get("email") or "")
        return GoogleAccount(
            id=str(claims["sub"]),
            address=address,
            domain=str(claims.get("hd") or "").casefold(),
            granted=frozenset(granted.split()),
            tokens=TokenSet(
                access_token=str(answer["access_token"]),
                refresh_token=refresh_token,
                expires_at=self._clock.now() + lasting if lasting else None,
                scope=granted,
            ),
        )

    def _claims(self, token: str, nonce: str) -> Mapping[str, object]:
        """The claims of an ID token that came straight from the token endpoint.

        Over that connection TLS vouches for the issuer in place of the signature (OpenID
        Connect Core section 3.1.3.7, rule 6); everything else is checked.
        """
        issuer = self._profile.issuer
        try:
            claims: Mapping[str, object] = jwt.decode(
                token,
                audience=self._profile.client_id,
                leeway=_LEEWAY,
                options={
                    "verify_signature": False,
                    "verify_aud": True,
                    "verify_exp": True,
                    "verify_iat": True,
                    "require": ["iss", "sub", "aud", "exp", "iat"],
                },
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as problem:
            raise Trouble(Code.CLOCK_WRONG) from problem
        except jwt.PyJWTError as problem:
            raise Trouble(Code.SIGN_IN_FAILED, error="id-token-invalid") from problem
        if claims["iss"] not in {issuer, _OLD_ISSUER if _OLD_ISSUER in issuer else issuer}:
            raise Trouble(Code.SIGN_IN_FAILED, error="issuer-differs")
        if claims.get("nonce") != nonce:
            raise Trouble(Code.SIGN_IN_FAILED, error="nonce-differs")
        return claims


def _no_outage(answer: requests.Response) -> requests.Response:
    """Raise for answers that say nothing about the sign-in: Google is busy or broken."""
    if answer.status_code == 429 or answer.status_code >= 500:
        host = Origin.of(answer.url).shown
        raise plain_refusal(
            Answer(status=answer.status_code, headers={}, body=b"", host=host, path="")
        )
    return answer


@contextmanager
def _refusals() -> Iterator[None]:
    """Give Google's own reasons their own codes, whether redirect or token endpoint told them."""
    try:
        yield
    except Trouble as trouble:
        if trouble.code is not Code.SIGN_IN_FAILED:
            raise
        error = str(trouble.facts.get("error", ""))
        code = oauth_code(error)
        if code is Code.SIGN_IN_FAILED:
            raise
        raise Trouble(code, error=error) from trouble
    except OAuth2Error as problem:
        error = str(problem.error or type(problem).__name__)
        said = str(problem.description or "")[:200]
        raise Trouble(oauth_code(error), error=error, description=said) from problem
