"""Proof keys, states and nonces: what ties a browser's answer to the sign-in that asked."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass

__all__ = ["Pkce", "fresh_secret"]


def fresh_secret() -> str:
    """A text nobody can guess (256 bits, 43 characters), for a state or a nonce."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class Pkce:
    """A code verifier and its S256 challenge (RFC 7636 sections 4.1 and 4.2)."""

    verifier: str

    def __repr__(self) -> str:
        return "Pkce()"

    @classmethod
    def fresh(cls) -> Pkce:
        """A new pair; the verifier has 86 characters of the 43 to 128 allowed."""
        return cls(verifier=secrets.token_urlsafe(64))

    @property
    def challenge(self) -> str:
        """The S256 challenge, 43 characters."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")

    @property
    def method(self) -> str:
        """The one method that is used."""
        return "S256"
