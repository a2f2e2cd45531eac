"""Makes the sessions that everything else speaks through, all by one set of settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
from requests.cookies import RequestsCookieJar

from wizard import __version__
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.answers import Answer
from wizard.net.api import Api, ApiOptions, never_transient, plain_refusal
from wizard.net.bearer import Bearer
from wizard.net.budget import Budget
from wizard.net.proxies import PacResolver, Proxies, ProxyInUse, ProxySettings
from wizard.net.traffic import HostTraffic, Traffic
from wizard.net.transport import LARGEST, LibraryTransport, Transport
from wizard.net.trust import Trust

__all__ = ["Api", "Budget", "HostTraffic", "Net", "NetSettings", "Traffic"]


@dataclass(frozen=True, kw_only=True)
class NetSettings:
    """How the outside is reached. `trust_root` is for practice alone: it replaces all trust."""

    proxy: ProxySettings = field(default_factory=ProxySettings)
    trust_root: Path | None = None
    user_agent: str = f"enterprise-connect-setup/{__version__}"


class Net:
    """The way to the network: every session is made here. Use as a context, or `close`.

    Proxy settings may be changed while sessions exist; they hold from the next request on.
    """

    def __init__(
        self,
        settings: NetSettings,
        *,
        clock: Clock | None = None,
        traffic: Traffic | None = None,
        resolver: PacResolver | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._resolver = resolver
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []
        self._proxies = Proxies(settings.proxy, resolver=resolver)
        self.traffic = traffic or Traffic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the idle connections of every session made here."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()

    def use_proxy(self, proxy: ProxySettings) -> None:
        """Go through this proxy from the next request on; `Trouble(PROXY_INVALID)`."""
        self._proxies = Proxies(proxy, resolver=self._resolver)

    def proxy_in_use(self, address: str) -> ProxyInUse:
        """The proxy on the way to an address, for showing; `Trouble(PROXY_INVALID)`."""
        return self._proxies.describe(address)

    def api(
        self,
        origin: str,
        *,
        bearer: Bearer | None = None,
        read_only: bool = False,
        budget: Budget | None = None,
        refusal: Callable[[Answer], Trouble] = plain_refusal,
        transient: Callable[[Answer], float | bool | None] = never_transient,
        attempts: int = 5,
        largest: int = LARGEST,
        connections: int = 8,
    ) -> Api:
        """An API below one address (origin, or origin and path); see `Api` and `ApiOptions`.

        `read_only` puts it behind the wall: only GET, HEAD and OPTIONS leave this machine.
        Raises `Trouble(UNSAFE_ADDRESS)` unless it is https, or http to this machine.
        """
        session = requests.Session()
        self._equip(
            session,
            Transport(
                origins=frozenset({_safe(origin)}),
                trust=Trust(self._settings.trust_root),
                proxy_for=self._proxy_for,
                traffic=self.traffic,
                read_only=read_only,
                connections=connections,
            ),
        )
        session.headers["User-Agent"] = self._settings.user_agent
        options = ApiOptions(
            bearer=bearer,
            budget=budget,
            refusal=refusal,
            transient=transient,
            attempts=attempts,
            largest=largest,
            connections=connections,
            user_agent=self._settings.user_agent,
        )
        return Api(origin, session, options, clock=self._clock, traffic=self.traffic)

    def library_session(
        self, addresses: Collection[str], *, cancel: Cancel | None = None
    ) -> requests.Session:
        """A session for a library that wants one (google-auth); see `equip`."""
        session = requests.Session()
        self.equip(session, addresses, cancel=cancel)
        return session

    def equip(
        self,
        session: requests.Session,
        addresses: Collection[str],
        *,
        cancel: Cancel | None = None,
    ) -> None:
        """Make a library's own session (such as `OAuth2Session`) go our way.

        It then reaches only the origins of `addresses`, with our trust, proxies, time-outs and
        limits, is counted, and raises `Trouble` for every failure and for a redirect; the
        environment does not count. What the library asks for in `verify`, `proxies` or
        `timeout` does not count either. `cancel` cuts what is under way.
        """
        transport = LibraryTransport(
            cancel=cancel,
            user_agent=self._settings.user_agent,
            origins=frozenset(_safe(address) for address in addresses),
            trust=Trust(self._settings.trust_root),
            proxy_for=self._proxy_for,
            traffic=self.traffic,
        )
        self._equip(session, transport)

    def release(self, session: requests.Session) -> None:
        """Close a session that is no longer needed, before the whole `Net` is."""
        with self._lock:
            self._sessions = [one for one in self._sessions if one is not session]
        session.close()

    def _equip(self, session: requests.Session, transport: Transport) -> None:
        session.trust_env = False
        session.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        for old in session.adapters.values():
            old.close()
        session.adapters.clear()
        session.mount("https://", transport)
        session.mount("http://", transport)
        with self._lock:
            self._sessions.append(session)

    def _proxy_for(self, address: str) -> str:
        return self._proxies.for_address(address)


def _safe(address: str) -> Origin:
    origin = Origin.of(address)
    if not origin.is_safe:
        raise Trouble(Code.UNSAFE_ADDRESS, host=origin.shown, problem="not-https")
    return origin
