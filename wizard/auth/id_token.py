"""Verifies an ID token and reads from it who signed in (OpenID Connect Core section 3.1.3.7)."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import jwt
import msgspec

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.sessions import Net

__all__ = ["Keys", "Person", "read_id_token"]

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Public-key signatures alone: a shared secret would be no proof of the issuer."""

_LEEWAY = 120.0
"""Seconds by which this computer's clock may differ from the provider's."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who signed in: `id` is the subject, unique at its issuer; the rest may be ''."""

    id: str
    address: str = ""
    name: str = ""


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, object]]


class Keys:
    """A provider's signing keys, read when first needed and again when an unknown one is used."""

    def __init__(self, net: Net, address: str) -> None:
        self._net = net
        self._address = address
        self._lock = threading.Lock()
        self._known: dict[str, jwt.PyJWK] = {}

    def find(self, kid: str, algorithm: str, cancel: Cancel) -> jwt.PyJWK:
        """The key of this id; `Trouble(SIGN_IN_FAILED)` when the provider has none."""
        with self._lock:
            key = self._known.get(kid)
        if key is None:
            read = self._read(cancel)
            with self._lock:
                self._known = read
            # A provider with a single key may leave its id out.
            key = read.get(kid) or (
                next(iter(read.values())) if len(read) == 1 and not kid else None
            )
        if key is None or key.algorithm_name != algorithm:
            raise Trouble(Code.SIGN_IN_FAILED, error="unknown-key")
        return key

    def _read(self, cancel: Cancel) -> dict[str, jwt.PyJWK]:
        answer = self._net.api(str(Origin.of(self._address))).get(self._address, cancel=cancel)
        found: dict[str, jwt.PyJWK] = {}
        for number, one in enumerate(answer.read(_KeySet).keys):
            if one.get("use", "sig") != "sig":
                continue
            try:
                key = jwt.PyJWK.from_dict(one)
            except jwt.PyJWTError:
                continue  # a kind of key that we do not use; another may fit
            found[str(one.get("kid") or f"#{number}")] = key
        return found


def read_id_token(
    token: str, *, keys: Keys, issuer: str, client_id: str, nonce: str, cancel: Cancel
) -> Person:
    """Check signature, issuer, audience, times and nonce; then who it is.

    Raises `Trouble(SIGN_IN_FAILED)` with the fact `error` naming the check that failed, and
    `clock-differs` where the times alone are wrong.
    """
    try:
        head = jwt.get_unverified_header(token)
        algorithm = str(head.get("alg", ""))
        if algorithm not in _ALGORITHMS:
            raise Trouble(Code.SIGN_IN_FAILED, error="unsafe-algorithm")
        key = keys.find(str(head.get("kid", "")), algorithm, cancel)
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as problem:
        raise Trouble(Code.SIGN_IN_FAILED, error="clock-differs") from problem
    except jwt.PyJWTError as problem:
        raise Trouble(Code.SIGN_IN_FAILED, error="id-token-invalid") from problem
    if claims.get("nonce") != nonce:
        raise Trouble(Code.SIGN_IN_FAILED, error="nonce-differs")
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise Trouble(Code.SIGN_IN_FAILED, error="other-party")
    return Person(
        id=str(claims["sub"]),
        address=str(claims.get("email") or ""),
        name=str(claims.get("name") or ""),
    )
