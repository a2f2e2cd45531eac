"""Google's token endpoint and its neighbors: codes, refresh, revocation, keys, userinfo."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock
from wizard.practice.google.scopes import IDENTITY, answered
from wizard.practice.google.store import DirectoryStore, customers
from wizard.practice.google.tokens import ACCESS_SECONDS, GoogleTokens, Issued
from wizard.practice.messages import form_pairs, json_answer
from wizard.practice.oauth import SigningKey, verifies
from wizard.practice.routing import Refusal, Router

__all__ = ["CLIENT_ID", "ISSUER", "GoogleAsked", "GoogleOAuth"]

CLIENT_ID = "480212-nordby.apps.practice.test"
ISSUER = "https://accounts.practice.test"
CODE_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class GoogleAsked:
    """A checked authorization request."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    offline: bool
    login_hint: str


@dataclass(kw_only=True)
class _Code:
    asked: GoogleAsked
    person: str
    granted: tuple[str, ...]
    made: float
    used: str = ""


def _refuse(error: str, description: str, status: int = 400) -> Refusal:
    content = {"error": error, "error_description": description}
    return Refusal(json_answer(content, status))


def _check_client(request: Request, form: dict[str, str]) -> None:
    """The client id, in the form or by HTTP Basic; desktop clients need no secret."""
    name, secret = form.get("client_id", ""), form.get("client_secret", "")
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, ValueError) as problem:
            raise _refuse("invalid_client", "Unauthorized", 401) from problem
    if unquote_plus(name) != CLIENT_ID:
        raise _refuse("invalid_client", "The OAuth client was not found.", 401)
    if secret:
        raise _refuse("invalid_client", "Unauthorized", 401)


class GoogleOAuth:
    """The endpoints that programs call."""

    def __init__(
        self, *, store: DirectoryStore, tokens: GoogleTokens, clock: Clock, key: SigningKey
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._key = key
        self._codes: dict[str, _Code] = {}

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("POST", "/token", self.token)
        router.add("POST", "/revoke", self.revoke)
        router.add("GET", "/oauth2/v3/certs", self.certs)
        router.add("GET", "/v1/userinfo", self.userinfo)
        router.add("GET", "/oauth2/v3/userinfo", self.userinfo)

    def scope_text(self, granted: tuple[str, ...]) -> str:
        """Granted scopes as an answer spells them: `email` by its long name."""
        return " ".join(dict.fromkeys(answered(name) for name in granted))

    def new_code(self, asked: GoogleAsked, person: str, granted: tuple[str, ...]) -> str:
        """A code for somebody who has consented; good once."""
        now = self._clock.monotonic()
        for old in [c for c, entry in self._codes.items() if now - entry.made > 10 * CODE_SECONDS]:
            del self._codes[old]
        code = f"4/{secrets.token_urlsafe(40)}"
        self._codes[code] = _Code(asked=asked, person=person, granted=granted, made=now)
        return code

    async def _form(self, request: Request) -> dict[str, str]:
        return dict(await form_pairs(request, lambda detail: _refuse("invalid_request", detail)))

    async def token(self, request: Request) -> Response:
        """The token endpoint."""
        form = await self._form(request)
        _check_client(request, form)
        if form.get("grant_type") == "authorization_code":
            return self._by_code(form)
        if form.get("grant_type") == "refresh_token":
            issued = self._tokens.refresh(form.get("refresh_token", ""))
            if issued is None:
                raise _refuse("invalid_grant", "Token has been expired or revoked.")
            return self._answer(issued, nonce="")
        raise _refuse("unsupported_grant_type", "Invalid grant_type.")

    def _by_code(self, form: dict[str, str]) -> Response:
        code = self._codes.get(form.get("code", ""))
        if code is None or self._clock.monotonic() - code.made > CODE_SECONDS:
            raise _refuse("invalid_grant", "Malformed auth code.")
        if code.used:
            self._tokens.revoke(code.used)
            raise _refuse("invalid_grant", "Bad Request")
        if form.get("redirect_uri") != code.asked.redirect_uri:
            raise _refuse("redirect_uri_mismatch", "Bad Request")
        if "code_verifier" not in form:
            raise _refuse("invalid_grant", "Missing code verifier.")
        if not verifies(form["code_verifier"], code.asked.challenge):
            raise _refuse("invalid_grant", "Invalid code verifier.")
        granted = tuple(self.scope_text(code.granted).split())
        issued = self._tokens.issue(code.person, granted, offline=code.asked.offline)
        code.used = issued.refresh or issued.access
        return self._answer(issued, nonce=code.asked.nonce)

    def _answer(self, issued: Issued, *, nonce: str) -> Response:
        content: dict[str, object] = {
            "access_token": issued.access,
            "expires_in": ACCESS_SECONDS,
            "scope": " ".join(issued.scopes),
            "token_type": "Bearer",
        }
        if issued.refresh:
            content["refresh_token"] = issued.refresh
        if "openid" in issued.scopes:
            now = int(self._clock.now().timestamp())
            content["id_token"] = self._key.sign(
                {
                    "iss": ISSUER,
                    "azp": CLIENT_ID,
                    "aud": CLIENT_ID,
                    "iat": now,
                    "exp": now + ACCESS_SECONDS,
                    **({"nonce": nonce} if nonce else {}),
                    **self._claims(issued.person, issued.scopes),
                }
            )
        return json_answer(content, headers={"pragma": "no-cache"})

    def _claims(self, person: str, scopes: tuple[str, ...] | frozenset[str]) -> dict[str, object]:
        row = self._store.one("SELECT * FROM people WHERE id = ?", person)
        claims: dict[str, object] = {"sub": row["id"], "hd": customers()[row["customer"]].domain}
        if IDENTITY["email"] in scopes:
            claims |= {"email": row["address"], "email_verified": True}
        if IDENTITY["profile"] in scopes:
            claims["name"] = f"{row['given']} {row['family']}".strip()
        return claims

    async def revoke(self, request: Request) -> Response:
        """Ends a grant; an unknown token is 400, as at Google."""
        token = request.query_params.get("token") or (await self._form(request)).get("token", "")
        if not token or not self._tokens.revoke(token):
            raise _refuse("invalid_token", "Token expired or revoked")
        return json_answer({})

    async def certs(self, request: Request) -> Response:
        """The public keys."""
        return json_answer(self._key.key_set())

    async def userinfo(self, request: Request) -> Response:
        """Who the token is for."""
        caller = self._tokens.caller(request)
        return json_answer(self._claims(caller.row["id"], caller.scopes))
