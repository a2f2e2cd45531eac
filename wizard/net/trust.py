"""Which certificates are believed: the system's, or one private authority for practice."""

from __future__ import annotations

import ssl
from pathlib import Path

import truststore

from wizard.core.trouble import Code, Trouble

__all__ = ["trust"]


def trust(private_root: Path | None) -> ssl.SSLContext:
    """A TLS context for one session; nothing is changed for the rest of the process.

    Without `private_root` the operating system decides (so a company's inspecting proxy
    works where its administrator has installed its certificate). With it, that authority
    alone is believed and no other, and only a practice profile may name one.
    Raises `Trouble(TLS_FAILED)` when the file holds no certificate.
    """
    if private_root is None:
        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=private_root)
        except (OSError, ssl.SSLError) as problem:
            raise Trouble(Code.TLS_FAILED, host="", reason="trust-root-unreadable") from problem
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
