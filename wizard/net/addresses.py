"""Web addresses taken apart: origins, loopback, and which of them may be used at all."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wizard.core.trouble import Code, Trouble

__all__ = ["Origin", "is_loopback"]

_PORTS = {"http": 80, "https": 443}

# Names as they are asked for on the wire, and addresses. A name in other letters has to be
# given in its own spelling for that (xn--…): what a person confirms must not look like another.
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine (RFC 6761 section 6.3)."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of an address (RFC 6454); the host is lower-case, no brackets."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Origin:
        """The origin of an http(s) address; `Trouble(UNSAFE_ADDRESS)` for anything else.

        An address with a user name, or with characters that clients read differently, is
        refused too: what we check must be what is connected to.
        """
        try:
            parts = urlsplit(address)
            scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
        except ValueError as problem:
            raise Trouble(Code.UNSAFE_ADDRESS, problem="not-an-address") from problem
        if scheme not in _PORTS or not host:
            raise Trouble(Code.UNSAFE_ADDRESS, problem="not-http")
        if "@" in parts.netloc or "\\" in address or not address.isprintable() or " " in address:
            raise Trouble(Code.UNSAFE_ADDRESS, problem="strange-characters", host=host)
        if not _HOST.fullmatch(host):
            raise Trouble(Code.UNSAFE_ADDRESS, problem="strange-characters", host=host)
        return cls(scheme, host.lower(), _PORTS[scheme] if port is None else port)

    @property
    def is_loopback(self) -> bool:
        """Whether it can only mean this machine."""
        return is_loopback(self.host)

    @property
    def is_safe(self) -> bool:
        """Whether it may be spoken to: https, or http to this machine."""
        return self.scheme == "https" or self.is_loopback

    @property
    def shown(self) -> str:
        """The host, with its port where it isn't the usual one; for facts and counts."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.shown}"
