"""The OpenID provider: discovery, authorization codes with PKCE, rotating refresh tokens."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock, from_text, to_text
from wizard.practice.account.database import Database, new_id, token_hash
from wizard.practice.account.gate import Gate
from wizard.practice.messages import form_pairs, json_answer
from wizard.practice.oauth import SigningKey, single_values, verifies
from wizard.practice.routing import Refusal, Router

__all__ = ["CLIENT_ID", "Asked", "OpenId"]

CLIENT_ID = "enterprise-connect-setup"
SCOPES = ("openid", "profile", "email", "offline_access")
ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=60)
CODE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A checked authorization request."""

    redirect_uri: str
    scope: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    prompt: frozenset[str]
    login_hint: str


@dataclass(kw_only=True)
class _Code:
    asked: Asked
    person: str
    made: float
    family: str = ""


def _refuse(error: str, description: str, status: int = 400) -> Refusal:
    """An answer of the token endpoint (RFC 6749, section 5.2)."""
    headers = {"www-authenticate": 'Basic realm="connect"'} if status == 401 else {}
    content = {"error": error, "error_description": description}
    return Refusal(json_answer(content, status, headers))


async def read_form(request: Request) -> dict[str, str]:
    """A form body; 400 when it is something else or a name comes twice."""
    pairs = await form_pairs(request, lambda detail: _refuse("invalid_request", detail))
    values = single_values(pairs)
    if values is None:
        raise _refuse("invalid_request", "A name came twice.")
    return values


def client_of(request: Request, form: dict[str, str]) -> str:
    """The client id that the request names, in the form or by HTTP Basic without a secret."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id", "")
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as problem:
        raise _refuse("invalid_client", "HTTP Basic cannot be read.", 401) from problem
    if secret or form.get("client_id", unquote_plus(name)) != unquote_plus(name):
        raise _refuse("invalid_client", "This client is public and has no secret.", 401)
    return unquote_plus(name)


class OpenId:
    """The endpoints that programs call; the pages for people are in `account.pages`."""

    def __init__(
        self, *, database: Database, clock: Clock, gate: Gate, issuer: str, key: SigningKey
    ) -> None:
        self._db = database
        self._clock = clock
        self._gate = gate
        self._issuer = issuer
        self._key = key
        self._codes: dict[str, _Code] = {}

    @property
    def issuer(self) -> str:
        """The issuer, which every authorization answer names (RFC 9207)."""
        return self._issuer

    def add_to(self, router: Router) -> None:
        """Answer at the paths that discovery names."""
        router.add("GET", "/.well-known/openid-configuration", self.discovery)
        router.add("GET", "/jwks", self.keys)
        router.add("POST", "/token", self.token)
        router.add("POST", "/revoke", self.revoke)
        router.add("GET", "/userinfo", self.userinfo)
        router.add("POST", "/userinfo", self.userinfo)

    async def discovery(self, request: Request) -> Response:
        """OpenID Connect Discovery 1.0, section 4."""
        at = self._issuer
        return json_answer(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "jwks_uri": f"{at}/jwks",
                "revocation_endpoint": f"{at}/revoke",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": list(SCOPES),
                "claims_supported": [
                    "sub",
                    "iss",
                    "aud",
                    "exp",
                    "iat",
                    "auth_time",
                    "nonce",
                    "email",
                    "email_verified",
                    "name",
                ],
                "token_endpoint_auth_methods_supported": ["none"],
                "revocation_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
                "prompt_values_supported": ["none", "login", "consent", "create"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def keys(self, request: Request) -> Response:
        """The public keys."""
        return json_answer(self._key.key_set())

    def new_code(self, asked: Asked, person: str) -> str:
        """A code for somebody who has just signed in; good once, for a minute."""
        now = self._clock.monotonic()
        old = [code for code, entry in self._codes.items() if now - entry.made > 10 * CODE_SECONDS]
        for code in old:
            del self._codes[code]
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(asked=asked, person=person, made=now)
        return code

    async def token(self, request: Request) -> Response:
        """The token endpoint."""
        form = await read_form(request)
        if client_of(request, form) != CLIENT_ID:
            raise _refuse("invalid_client", "This client is not known here.", 401)
        if form.get("grant_type") == "authorization_code":
            return self._by_code(form)
        if form.get("grant_type") == "refresh_token":
            return self._by_refresh(form)
        raise _refuse("unsupported_grant_type", "Use authorization_code or refresh_token.")

    def _by_code(self, form: dict[str, str]) -> Response:
        code = self._codes.get(form.get("code", ""))
        if code is None or self._clock.monotonic() - code.made > CODE_SECONDS:
            raise _refuse("invalid_grant", "The code is not known, or too old.")
        if code.family:
            # RFC 6749, section 4.1.2: a code used twice ends what it gave the first time.
            self.end_family(code.family)
            raise _refuse("invalid_grant", "The code was used before.")
        asked = code.asked
        if form.get("redirect_uri") != asked.redirect_uri:
            raise _refuse("invalid_grant", "The redirect_uri is another one.")
        if not verifies(form.get("code_verifier", ""), asked.challenge):
            raise _refuse("invalid_grant", "The code_verifier does not belong to the challenge.")
        code.family = new_id("g")
        with self._db.transaction():
            self._db.run(
                "INSERT INTO grants VALUES (?,?,?,?,?,NULL)",
                code.family,
                code.person,
                CLIENT_ID,
                " ".join(asked.scope),
                self._db.now(),
            )
            return self._tokens(code.family, code.person, asked.scope, asked.nonce)

    def _by_refresh(self, form: dict[str, str]) -> Response:
        row = self._db.maybe(
            "SELECT r.*, g.person, g.scope, g.ended FROM refresh_tokens r"
            " JOIN grants g ON g.family = r.family WHERE r.hash = ?",
            token_hash(form.get("refresh_token", "")),
        )
        if row is None or row["ended"] or from_text(row["expires"]) < self._clock.now():
            raise _refuse("invalid_grant", "The refresh token is not known, or it has ended.")
        if row["used"]:
            self.end_family(row["family"])
            raise _refuse("invalid_grant", "The refresh token was used before; sign in again.")
        scope = tuple(str(row["scope"]).split())
        asked = tuple(form["scope"].split()) if "scope" in form else scope
        if not set(asked) <= set(scope):
            raise _refuse("invalid_scope", "More than was granted.")
        with self._db.transaction():
            self._db.run("UPDATE refresh_tokens SET used = 1 WHERE hash = ?", row["hash"])
            return self._tokens(row["family"], row["person"], scope, "")

    def _tokens(self, family: str, person: str, scope: tuple[str, ...], nonce: str) -> Response:
        now = self._clock.now()
        access = secrets.token_urlsafe(32)
        self._db.run("DELETE FROM access_tokens WHERE expires < ?", to_text(now))
        self._db.run(
            "INSERT INTO access_tokens VALUES (?,?,?,?,?)",
            token_hash(access),
            family,
            person,
            " ".join(scope),
            to_text(now + ACCESS_LIFE),
        )
        content: dict[str, object] = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": " ".join(scope),
        }
        if "offline_access" in scope:
            refresh = secrets.token_urlsafe(48)
            self._db.run(
                "INSERT INTO refresh_tokens VALUES (?,?,0,?)",
                token_hash(refresh),
                family,
                to_text(now + REFRESH_LIFE),
            )
            content["refresh_token"] = refresh
        claims = {
            "iss": self._issuer,
            "aud": CLIENT_ID,
            "iat": int(now.timestamp()),
            "auth_time": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFE).timestamp()),
            **({"nonce": nonce} if nonce else {}),
            **self._claims(person, scope),
        }
        content["id_token"] = self._key.sign(claims)
        return json_answer(content, headers={"pragma": "no-cache"})

    def _claims(self, person: str, scope: tuple[str, ...]) -> dict[str, object]:
        row = self._db.one("SELECT * FROM persons WHERE id = ?", person)
        claims: dict[str, object] = {"sub": row["id"]}
        if "email" in scope:
            claims |= {"email": row["email"], "email_verified": True}
        if "profile" in scope:
            claims["name"] = row["name"]
        return claims

    async def userinfo(self, request: Request) -> Response:
        """OpenID Connect Core, section 5.3."""
        person = self._gate.person(request)
        return json_answer(self._claims(person.id, SCOPES))

    async def revoke(self, request: Request) -> Response:
        """RFC 7009: ending either token ends the whole grant; an unknown token is fine."""
        form = await read_form(request)
        if client_of(request, form) != CLIENT_ID:
            raise _refuse("invalid_client", "This client is not known here.", 401)
        if "token" not in form:
            raise _refuse("invalid_request", "Which token?")
        row = self._db.maybe(
            "SELECT family FROM refresh_tokens WHERE hash = ?1"
            " UNION SELECT family FROM access_tokens WHERE hash = ?1",
            token_hash(form["token"]),
        )
        if row is not None:
            self.end_family(row["family"])
        return Response(status_code=200, headers={"cache-control": "no-store"})

    def end_family(self, family: str) -> None:
        """Nothing that came from this sign-in works any longer."""
        self._db.run("UPDATE grants SET ended = ? WHERE family = ?", self._db.now(), family)

    def expire_access(self) -> int:
        """Let every access token expire now; how many. Refresh tokens still work."""
        return self._db.run("DELETE FROM access_tokens")

    def end_all(self) -> int:
        """End every sign-in now, as when an administrator signs everybody out; how many."""
        return self._db.run("UPDATE grants SET ended = ? WHERE ended IS NULL", self._db.now())
