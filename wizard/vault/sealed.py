"""The sealed file: entries under one key, authenticated, replaced whole or not at all."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

__all__ = ["KEY_BYTES", "Header", "MadeByNewer", "NotReadable", "Stretching", "seal", "unseal"]

KEY_BYTES = 32
_NAME = b"ECSVAULT"
_MAGIC = _NAME + b"\x01"
"""The last byte is the version of the format."""
_NONCE_BYTES = 12


class NotReadable(Exception):
    """The content is not what was sealed with this key; `reason` is a word for details."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MadeByNewer(Exception):
    """The file is whole, and of a later version of the program."""


class Stretching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """scrypt parameters (RFC 7914 section 2): cost is 2 to the power of `log_n`.

    17, 8, 1 takes about 0.4 s and 128 MiB, once for each start of the program.
    """

    salt: bytes
    log_n: int = 17
    r: int = 8
    p: int = 1

    @classmethod
    def fresh(cls, log_n: int = 17) -> Self:
        """New parameters with a salt of their own."""
        return cls(salt=secrets.token_bytes(16), log_n=log_n)

    def key(self, passphrase: str) -> bytes:
        """The key that a passphrase gives; `NotReadable` for parameters that nobody wrote."""
        # A forged file must not make us use all memory (18: 256 MiB) or settle for a cheap key.
        if not (14 <= self.log_n <= 18 and self.r == 8 and self.p == 1 and len(self.salt) == 16):
            raise NotReadable("parameters")
        stretch = Scrypt(salt=self.salt, length=KEY_BYTES, n=1 << self.log_n, r=self.r, p=self.p)
        return stretch.derive(passphrase.encode("utf-8"))


class _Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the file that is not secret; all of it is authenticated."""

    id: str
    check: bytes
    stretching: Stretching | None = None


@dataclass(frozen=True, kw_only=True)
class Header:
    """Which vault this is, and how its key is found: from the keyring, or by `stretching`."""

    id: str
    stretching: Stretching | None = None
    check: bytes = b""

    @classmethod
    def fresh(cls, stretching: Stretching | None = None) -> Self:
        """The header of a new vault."""
        return cls(id=secrets.token_hex(8), stretching=stretching)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The header of a sealed file; `NotReadable`."""
        plain = _plain(content)[0]
        return cls(id=plain.id, stretching=plain.stretching, check=plain.check)

    def fits(self, key: bytes) -> bool:
        """Whether the file was sealed with this key, without opening it."""
        return hmac.compare_digest(self.check, _check(key, self.id))


def _check(key: bytes, vault_id: str) -> bytes:
    return hmac.new(key, f"check:{vault_id}".encode(), sha256).digest()[:16]


def _plain(content: bytes) -> tuple[_Plain, bytes, bytes]:
    """The plain part, the bytes to authenticate, and the sealed rest."""
    start = len(_MAGIC) + 2
    if content.startswith(_NAME) and content[len(_NAME) : len(_MAGIC)] > _MAGIC[-1:]:
        raise MadeByNewer
    if not content.startswith(_MAGIC) or len(content) < start:
        raise NotReadable("not-a-vault")
    end = start + int.from_bytes(content[len(_MAGIC) : start], "big")
    try:
        plain = msgspec.msgpack.decode(content[start:end], type=_Plain)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise NotReadable("header") from problem
    return plain, content[:end], content[end:]


def seal(entries: Mapping[str, bytes], key: bytes, header: Header, *, name: str) -> bytes:
    """The whole file: AES-256-GCM with a fresh nonce, header and file name authenticated."""
    known = replace(header, check=_check(key, header.id))
    plain = msgspec.msgpack.encode(
        _Plain(id=known.id, check=known.check, stretching=known.stretching)
    )
    head = _MAGIC + len(plain).to_bytes(2, "big") + plain
    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = msgspec.msgpack.encode(dict(entries))
    return head + nonce + AESGCM(key).encrypt(nonce, content, head + name.encode("utf-8"))


def unseal(content: bytes, key: bytes, *, name: str) -> dict[str, bytes]:
    """The entries of a whole file; `NotReadable` when a single bit of it is not as sealed."""
    _, head, rest = _plain(content)
    try:
        opened = AESGCM(key).decrypt(
            rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head + name.encode("utf-8")
        )
        return msgspec.msgpack.decode(opened, type=dict[str, bytes])
    except (InvalidTag, ValueError, msgspec.MsgspecError) as problem:
        raise NotReadable("content") from problem
