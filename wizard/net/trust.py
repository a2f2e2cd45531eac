"""Which certificates are believed: the system's, or one private authority for practice."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

import truststore

from wizard.core.trouble import Code, Trouble

__all__ = ["Trust"]


class Trust:
    """The TLS context of one session; nothing is changed for the rest of the process.

    Without `private_root` the operating system decides (so a company's inspecting proxy
    works where its administrator has installed its certificate). With it, that authority
    alone is believed and no other, and only a practice profile may name one.
    Raises `Trouble(TLS_FAILED)` when the file holds no certificate.
    """

    def __init__(self, private_root: Path | None) -> None:
        self._root = private_root
        self._read_at = 0
        self._lock = threading.Lock()
        self.context: ssl.SSLContext
        if private_root is None:
            self.context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._read(private_root)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2

    def renewed(self) -> bool:
        """Whether the private authority was made anew since it was read; it is read again then.

        The practice organization makes one at each start, at the same place.
        """
        if self._root is None:
            return False
        with self._lock:
            try:
                same = self._root.stat().st_mtime_ns == self._read_at
            except OSError:
                same = True
            if not same:
                self._read(self._root)
            return not same

    def _read(self, root: Path) -> None:
        try:
            self._read_at = root.stat().st_mtime_ns
            self.context.load_verify_locations(cafile=root)
        except (OSError, ssl.SSLError) as problem:
            raise Trouble(Code.TLS_FAILED, host="", reason="trust-root-unreadable") from problem
