"""The loopback ports of the practice organization, kept so that a restart finds the same ones."""

from __future__ import annotations

import secrets
import socket
import sys
from pathlib import Path

import msgspec

from wizard.core.files import replace_file

__all__ = ["ORIGINS", "Kept", "bind", "load_kept"]

ORIGINS = ("account_api", "account_pages", "google_api", "google_pages", "control")


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What survives a restart: a port for each origin, and the secret part of the control path."""

    ports: dict[str, int]
    control_secret: str


def load_kept(path: Path) -> Kept:
    """What an earlier start kept; a fresh one where there is none or it cannot be read."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return Kept(ports={}, control_secret=secrets.token_urlsafe(24))
    return kept


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio turns Nagle's delay (40 ms an answer) off.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # Without this another program could bind the same port and take our requests.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def bind(path: Path) -> tuple[dict[str, socket.socket], Kept, tuple[str, ...]]:
    """Listening sockets for all origins, what is kept now, and the origins that had to move.

    A port that is taken is replaced by a free one; only an origin that had a port before counts
    as moved.
    """
    before = load_kept(path)
    sockets: dict[str, socket.socket] = {}
    moved: list[str] = []
    for origin in ORIGINS:
        wanted = before.ports.get(origin, 0)
        try:
            sockets[origin] = _listen(wanted)
        except OSError:
            if wanted == 0:
                raise
            sockets[origin] = _listen(0)
            moved.append(origin)
    ports = {origin: int(sockets[origin].getsockname()[1]) for origin in ORIGINS}
    kept = Kept(ports=ports, control_secret=before.control_secret)
    replace_file(path, msgspec.json.encode(kept))
    return sockets, kept, tuple(moved)
