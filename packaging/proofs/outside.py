"""The world around a window: a proxy that behaves badly, and a computer without network or room."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = [
    "FULL_DISK",
    "NO_NAMES",
    "NO_NETWORK",
    "NO_PORTS",
    "READ_ONLY_DISK",
    "RULES_OF_ADMIN",
    "Manner",
    "Proxy",
    "within",
]

_HEAD = 16 * 1024
_PATIENCE = 120.0


class Manner(StrEnum):
    """How a proxy treats whoever wants to be let through."""

    BASIC = "basic"
    WINDOWS = "windows"
    PLAIN = "plain"
    """Lets through to something that doesn't speak TLS."""
    OWN_CERTIFICATE = "own-certificate"
    """Lets through to itself, with a certificate that nobody knows."""
    SILENT = "silent"
    """Lets through, and nothing comes."""


_REFUSALS = {
    Manner.BASIC: b'Basic realm="office"',
    Manner.WINDOWS: b"NTLM",
}


class Proxy:
    """A proxy on loopback while the `with` block lasts; `leave` makes it go away before."""

    def __init__(self, certificate: ssl.SSLContext) -> None:
        self.manner = Manner.BASIC
        self._certificate = certificate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()
        for line in self._lines:
            line.close()
        for thread in self._threads:
            thread.join(5)

    def leave(self) -> None:
        """Nobody answers here any more."""
        # Closing alone does not wake the thread that accepts.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
        finally:
            self._listener.close()

    def _begin(self, do: object, *given: object) -> None:
        if callable(do):
            thread = threading.Thread(target=do, args=given, name="proxy")
            self._threads.append(thread)
            thread.start()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            line.settimeout(_PATIENCE)
            self._lines.append(line)
            self._begin(self._answer, line)

    def _answer(self, line: socket.socket) -> None:
        try:
            self._treat(line)
        except OSError:
            return
        finally:
            if self.manner is not Manner.SILENT:
                line.close()

    def _treat(self, line: socket.socket) -> None:
        manner = self.manner
        line.recv(_HEAD)
        if manner in _REFUSALS:
            wants = b"Proxy-Authenticate: " + _REFUSALS[manner]
            line.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                + wants
                + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            return
        line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if manner is Manner.OWN_CERTIFICATE:
            self._certificate.wrap_socket(line, server_side=True).close()
        elif manner is Manner.PLAIN:
            line.recv(_HEAD)
            line.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")


# ------------------------------------------------------------------ another computer

NO_PORTS = (
    "ip link set lo up"
    ' && echo "61000 61001" > /proc/sys/net/ipv4/ip_local_port_range'
    ' && echo "61000-61001" > /proc/sys/net/ipv4/ip_local_reserved_ports'
)
"""Not one port is free for a program to listen at."""
NO_NETWORK = "ip link set lo up"
"""Loopback alone."""
NO_NAMES = (
    "ip link set lo up && ip route add 192.0.2.0/24 dev lo"
    ' && printf "hosts: files\\n" > "$FOLDER/nsswitch.conf"'
    ' && mount --bind "$FOLDER/nsswitch.conf" /etc/nsswitch.conf'
)
"""A way out, and nobody who knows any name."""
FULL_DISK = (
    'mkdir -p "$HOME_FOLDER" && mount -t tmpfs -o size=64k tmpfs "$HOME_FOLDER"'
    ' && { cat /dev/zero > "$HOME_FOLDER/filled" 2> /dev/null || true; }'
)
READ_ONLY_DISK = 'mkdir -p "$HOME_FOLDER" && mount -t tmpfs -o ro tmpfs "$HOME_FOLDER"'
RULES_OF_ADMIN = (
    'mkdir -p "$FOLDER/etc" && cp -a /etc/. "$FOLDER/etc/" 2> /dev/null;'
    ' mkdir -p "$FOLDER/etc/$POLICY" && printf "schema = 1\\ngiven_profiles = \\"refuse\\"\\n"'
    ' > "$FOLDER/etc/$POLICY/policy.toml" && mount --bind "$FOLDER/etc" /etc'
)
"""An administrator who refuses profiles that somebody brings along."""


def within(
    circumstances: str, *, folder: Path, home: Path, policy: str = "", network: bool = False
) -> tuple[Sequence[str], dict[str, str]]:
    """What goes before a command, and into its environment, so that it runs in these circumstances.

    They hold for that command alone (Linux namespaces); with `network` it has one of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    spaces = ["--mount", *(["--net"] if network else [])]
    script = f'{circumstances} && exec "$@"'
    more = {"FOLDER": str(folder), "HOME_FOLDER": str(home), "POLICY": policy}
    return ["unshare", *rights, *spaces, "sh", "-c", script, "sh"], more
