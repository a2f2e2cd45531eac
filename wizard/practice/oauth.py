"""What both sign-ins share: loopback redirects, PKCE, one browser per attempt, signed tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock

__all__ = [
    "Attempt",
    "Attempts",
    "SigningKey",
    "is_challenge",
    "is_loopback_redirect",
    "single_values",
    "verifies",
    "with_query",
]

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43,128}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ATTEMPTS_KEPT = 500
ATTEMPT_SECONDS = 1800.0
T = TypeVar("T")


def is_loopback_redirect(address: str) -> bool:
    """Whether this is a redirect of a native app on this computer (RFC 8252, section 7.3)."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "http"
        and parts.hostname in _LOOPBACK
        and port is not None
        and parts.username is None
        and parts.password is None
        and not parts.fragment
        and address.isprintable()
        and " " not in address
    )


def is_challenge(text: str) -> bool:
    """Whether this can be an S256 code challenge (RFC 7636, section 4.2)."""
    return _CHALLENGE.fullmatch(text) is not None


def verifies(verifier: str, challenge: str) -> bool:
    """Whether the verifier belongs to the S256 challenge (RFC 7636, section 4.6)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(made, challenge)


def with_query(address: str, values: Mapping[str, str]) -> str:
    """The address with these query values added."""
    joint = "&" if urlsplit(address).query else "?"
    return f"{address}{joint}{urlencode(values)}"


def single_values(pairs: list[tuple[str, str]]) -> dict[str, str] | None:
    """The pairs as a mapping, or None when a name comes twice (RFC 6749, section 3.1)."""
    values = dict(pairs)
    return values if len(values) == len(pairs) else None


@dataclass(kw_only=True)
class Attempt(Generic[T]):
    """One sign-in in one browser. `notes` is what the stand-in remembers between its pages."""

    id: str
    browser: str
    asked: T
    started: float
    notes: dict[str, str] = field(default_factory=dict)


class Attempts(Generic[T]):
    """Sign-ins under way, each bound to the browser that began it by a cookie."""

    def __init__(self, cookie: str, clock: Clock) -> None:
        self._cookie = cookie
        self._clock = clock
        self._open: OrderedDict[str, Attempt[T]] = OrderedDict()

    def begin(self, request: Request, asked: T) -> Attempt[T]:
        """A new attempt for the browser that sent this request."""
        known = request.cookies.get(self._cookie, "")
        browser = known if re.fullmatch(r"[A-Za-z0-9_-]{20,60}", known) else secrets.token_urlsafe()
        attempt = Attempt(
            id=secrets.token_urlsafe(18),
            browser=browser,
            asked=asked,
            started=self._clock.monotonic(),
        )
        self._open[attempt.id] = attempt
        while len(self._open) > ATTEMPTS_KEPT:
            self._open.popitem(last=False)
        return attempt

    def remember(self, response: Response, attempt: Attempt[T]) -> None:
        """Bind the browser. Over plain http on loopback a cookie cannot be `Secure`."""
        response.set_cookie(self._cookie, attempt.browser, httponly=True, samesite="lax", path="/")

    def find(self, request: Request, attempt_id: str) -> Attempt[T] | None:
        """The attempt, when this browser began it and it is not too old."""
        attempt = self._open.get(attempt_id)
        if attempt is None or self._clock.monotonic() - attempt.started > ATTEMPT_SECONDS:
            return None
        sent = request.cookies.get(self._cookie, "")
        return attempt if hmac.compare_digest(sent.encode(), attempt.browser.encode()) else None

    def close(self, attempt: Attempt[T]) -> None:
        """The attempt has ended and its pages no longer work."""
        self._open.pop(attempt.id, None)


class SigningKey:
    """An RSA key made at each start; only its public half is ever shown."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        numbers = self._key.public_key().public_numbers()
        modulus = numbers.n.to_bytes(256, "big")
        self._id = hashlib.sha256(modulus).hexdigest()[:16]
        self._public = {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self._id,
            "n": base64.urlsafe_b64encode(modulus).decode().rstrip("="),
            "e": base64.urlsafe_b64encode(numbers.e.to_bytes(3, "big")).decode().rstrip("="),
        }

    def key_set(self) -> dict[str, list[dict[str, str]]]:
        """The JSON Web Key Set (RFC 7517)."""
        return {"keys": [self._public]}

    def sign(self, claims: Mapping[str, object]) -> str:
        """The claims as a signed token (RFC 7519), RS256."""
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": self._id})
