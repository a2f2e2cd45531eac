"""A sealed file that leaves this computer: entries under a passphrase, whole or refused."""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Mapping
from hashlib import sha256

from wizard.core.trouble import Code, Trouble
from wizard.vault.sealed import Header, NotReadable, Stretching, seal, unseal

__all__ = ["LARGEST", "pack", "unpack"]

LARGEST = 1024 * 1024 * 1024
"""Bytes of a packed file, and of each entry once it is opened."""
_NAME = "move"
"""Authenticated with the content: a vault's file is none of these, nor the other way round."""
_SUM = sha256().digest_size


def pack(entries: Mapping[str, bytes], passphrase: str, *, log_n: int = 17) -> bytes:
    """The whole file: sealed as a vault is (scrypt, AES-256-GCM), with a checksum at its end.

    The checksum tells a file that was cut or damaged on its way from a wrong passphrase.
    """
    stretching = Stretching.fresh(log_n)
    key = stretching.key(passphrase)
    small = {name: zlib.compress(content, 6) for name, content in entries.items()}
    sealed = seal(small, key, Header.fresh(stretching), name=_NAME)
    return sealed + sha256(sealed).digest()


def unpack(content: bytes, passphrase: str) -> dict[str, bytes]:
    """The entries of a packed file.

    Raises `NotReadable` where a bit of it is not as it was packed, `MadeByNewer`, and
    `Trouble(PASSPHRASE_WRONG)` with the `problem` packed.
    """
    sealed, told = content[:-_SUM], content[-_SUM:]
    header = Header.of(sealed)
    if not hmac.compare_digest(sha256(sealed).digest(), told):
        raise NotReadable("checksum")
    if header.stretching is None:
        raise NotReadable("not-packed")
    key = header.stretching.key(passphrase)
    if not header.fits(key):
        raise Trouble(Code.PASSPHRASE_WRONG, problem="packed")
    small = unseal(sealed, key, name=_NAME)
    return {name: _opened(part) for name, part in small.items()}


def _opened(part: bytes) -> bytes:
    unzip = zlib.decompressobj()
    try:
        content = unzip.decompress(part, LARGEST)
    except zlib.error as problem:
        raise NotReadable("content") from problem
    if not unzip.eof:
        raise NotReadable("content")
    return content
