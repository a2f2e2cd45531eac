"""Which proxy a request goes through, whoever named it, and how it is shown."""

from __future__ import annotations

import ipaddress
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin

__all__ = ["PacResolver", "Proxies", "ProxyInUse", "ProxyMode", "ProxySettings", "ProxySource"]

PacResolver = Callable[[str], str]
"""Asks the system's own configuration (PAC scripts too): address → 'host:port', '' for none."""


class ProxyMode(StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    NONE = "none"
    TYPED = "typed"


class ProxySource(StrEnum):
    """Who named the proxy in use."""

    NONE = "none"
    ENVIRONMENT = "environment"
    SYSTEM = "system"
    AUTOMATIC = "automatic"
    TYPED = "typed"


@dataclass(frozen=True, kw_only=True)
class ProxySettings:
    """The choice; `address` (typed only) is like 'proxy:3128' or 'http://name:word@proxy:3128'."""

    mode: ProxyMode = ProxyMode.SYSTEM
    address: str = ""

    def __repr__(self) -> str:
        return f"ProxySettings(mode={self.mode.value!r})"


@dataclass(frozen=True, kw_only=True)
class ProxyInUse:
    """The proxy for one address, for showing: `shown` is 'host:port', '' for none."""

    source: ProxySource
    shown: str = ""


def _parsed(text: str) -> str:
    """A proxy's address in full, its scheme added; `Trouble(PROXY_INVALID)` with a word code."""
    typed = text.strip()
    address = typed if "://" in typed else f"http://{typed}"
    parts = urlsplit(address)
    shown = typed.rpartition("@")[2]
    if parts.scheme.lower() not in {"http", "https"}:
        raise Trouble(Code.PROXY_INVALID, proxy=shown, problem="scheme")
    try:
        host, port = parts.hostname, parts.port
    except ValueError as problem:
        raise Trouble(Code.PROXY_INVALID, proxy=shown, problem="port") from problem
    if not host or any(sign in typed for sign in " \\\t\r\n"):
        raise Trouble(Code.PROXY_INVALID, proxy=shown, problem="host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise Trouble(Code.PROXY_INVALID, proxy=shown, problem="path")
    if port == 0:
        raise Trouble(Code.PROXY_INVALID, proxy=shown, problem="port")
    return f"{parts.scheme.lower()}://{parts.netloc}"


def _shown(proxy: str) -> str:
    return urlsplit(proxy).netloc.rpartition("@")[2]


def _excepted(host: str, port: int, rules: str) -> bool:
    """Whether NO_PROXY text excepts a host: '*', names with their sub-domains, ports, networks."""
    name = host.lower().rstrip(".")
    for entry in (part.strip().lower() for part in rules.replace(";", ",").split(",")):
        if not entry:
            continue
        if entry == "*" or _in_network(name, entry):
            return True
        wanted, colon, its_port = entry.rpartition(":")
        if not colon or not its_port.isdigit() or ":" in wanted.strip("[]"):
            wanted, its_port = entry, ""
        wanted = wanted.strip("[]").removeprefix("*").strip(".")
        if its_port and int(its_port) != port:
            continue
        if wanted and (name == wanted or name.endswith(f".{wanted}")):
            return True
    return False


def _in_network(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network.strip("[]"), strict=False)
    except ValueError:
        return False


class Proxies:
    """Answers which proxy to use for an address. This machine itself is never proxied.

    `environment` gives what `urllib.request.getproxies_environment` gives; `system` what the
    system's settings hold; both are replaceable for tests. `resolver` is asked before
    `system`, where somebody put one in.
    """

    def __init__(
        self,
        settings: ProxySettings,
        *,
        resolver: PacResolver | None = None,
        environment: Callable[[], Mapping[str, str]] = urllib.request.getproxies_environment,
        system: Callable[[], Mapping[str, str]] = urllib.request.getproxies,
    ) -> None:
        self._settings = settings
        self._resolver = resolver
        self._environment = environment
        self._system = system
        if settings.mode is ProxyMode.TYPED:
            _parsed(settings.address)

    def for_address(self, address: str) -> str:
        """The proxy as a full address, '' for none; `Trouble(PROXY_INVALID)`."""
        return self._choose(Origin.of(address))[1]

    def describe(self, address: str) -> ProxyInUse:
        """The proxy in use for an address, without any password."""
        source, proxy = self._choose(Origin.of(address))
        return ProxyInUse(source=source, shown=_shown(proxy))

    def _choose(self, origin: Origin) -> tuple[ProxySource, str]:
        nothing = (ProxySource.NONE, "")
        if origin.is_loopback or self._settings.mode is ProxyMode.NONE:
            return nothing
        if self._settings.mode is ProxyMode.TYPED:
            return ProxySource.TYPED, _parsed(self._settings.address)
        named = self._environment()
        if any(named.get(key) for key in ("http", "https", "all")):
            proxy = named.get(origin.scheme) or named.get("all", "")
            if not proxy or _excepted(origin.host, origin.port, named.get("no", "")):
                return nothing
            return ProxySource.ENVIRONMENT, _parsed(proxy)
        if self._resolver is not None:
            proxy = self._resolver(str(origin))
            return (ProxySource.AUTOMATIC, _parsed(proxy)) if proxy else nothing
        known = self._system()
        proxy = known.get(origin.scheme) or known.get("all", "")
        if not proxy or urllib.request.proxy_bypass(origin.host):
            return nothing
        return ProxySource.SYSTEM, _parsed(proxy)
