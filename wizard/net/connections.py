"""Connections that a cancel can cut at any moment, and proxies that may say why they refuse."""

from __future__ import annotations

import http.client
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3.connection
import urllib3.connectionpool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from wizard.core.cancel import Cancel

__all__ = ["POOLS", "Flight", "TunnelRefused", "flying"]

_SLICE = 0.1
"""Seconds between looks at the cancel while a connection is being made."""

_OLDEST_IDLE = 4.0
"""Seconds after which an idle connection is not used again. Servers drop idle ones after
five or more, and a request that meets the drop cannot be told from one that got lost."""

_current = threading.local()


class TunnelRefused(OSError):
    """A proxy refused to pass us on: its status, and the ways to sign in that it offers."""

    def __init__(self, status: int, schemes: tuple[str, ...]) -> None:
        super().__init__(f"the proxy answered {status}")
        self.status = status
        self.schemes = schemes


class Flight:
    """One request under way. Holds a second handle of its socket, to shut it from outside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._cut = threading.Event()

    @property
    def was_cut(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cut.is_set()

    def attach(self, connected: socket.socket) -> None:
        """From now on, this is the socket to shut."""
        handle = socket.socket(fileno=socket.dup(connected.fileno()))
        with self._lock:
            old, self._handle = self._handle, handle
        if old is not None:
            old.close()
        if self.was_cut:
            self.cut()

    def cut(self) -> None:
        """Shut the socket, so that whoever waits on it wakes up; from any thread."""
        self._cut.set()
        with self._lock:
            if self._handle is None:
                return
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it was not connected yet, or is gone already

    def land(self) -> None:
        """The request is over."""
        with self._lock:
            handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()


@contextmanager
def flying(cancel: Cancel | None) -> Iterator[Flight]:
    """Within the block, the connections of this thread are cut when `cancel` is stopped."""
    flight = Flight()
    before = getattr(_current, "flight", None)
    _current.flight = flight
    try:
        if cancel is None:
            yield flight
        else:
            with cancel.calling(flight.cut):
                yield flight
    finally:
        _current.flight = before
        flight.land()


def _flight() -> Flight | None:
    found = getattr(_current, "flight", None)
    return found if isinstance(found, Flight) else None


def _finish_connecting(connecting: socket.socket, flight: Flight | None, seconds: float) -> None:
    """Wait until a connection stands; `OSError` when it was refused, late or cut."""
    until = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(connecting, selectors.EVENT_WRITE)
        while not selector.select(_SLICE):
            if time.monotonic() > until:
                raise TimeoutError("no connection in time")
            if flight is not None and flight.was_cut:
                break
    if flight is not None and flight.was_cut:
        raise ConnectionAbortedError("stopped")
    code = connecting.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, "could not connect")


class _Cuttable(urllib3.connection.HTTPConnection):
    """What both kinds of connection share."""

    _used_at = 0.0

    def _new_conn(self) -> socket.socket:
        """Resolve the name and connect, looking at the cancel all the while."""
        flight = _flight()
        seconds = self.timeout if isinstance(self.timeout, int | float) else 10.0
        try:
            found = socket.getaddrinfo(self.host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as problem:
            raise NameResolutionError(self.host, self, problem) from problem
        except UnicodeError as problem:
            impossible = socket.gaierror(socket.EAI_NONAME, str(problem))
            raise NameResolutionError(self.host, self, impossible) from impossible
        last: OSError = OSError("no address")
        for family, kind, protocol, _, address in found:
            if flight is not None and flight.was_cut:
                break
            connecting = socket.socket(family, kind, protocol)
            try:
                connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connecting.setblocking(False)
                if flight is not None:
                    flight.attach(connecting)
                try:
                    connecting.connect(address)
                except BlockingIOError:
                    _finish_connecting(connecting, flight, seconds)
                connecting.settimeout(seconds)
            except OSError as problem:
                connecting.close()
                last = problem
            else:
                return connecting
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, str(last)) from last
        raise NewConnectionError(self, str(last)) from last

    @property
    def is_connected(self) -> bool:
        """Whether it may be used again: alive, and not idle for so long that it may be dying."""
        fresh = time.monotonic() - self._used_at < _OLDEST_IDLE
        return fresh and super().is_connected

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as urllib3 has it
        """The answer; a connection that is used again is attached to this thread's flight."""
        self._used_at = time.monotonic()
        answer = super().getresponse()
        self._used_at = time.monotonic()
        return answer

    def send(self, data: object) -> None:
        """As the library sends, with the socket attached to this thread's flight."""
        flight = _flight()
        if flight is not None and isinstance(self.sock, socket.socket):
            flight.attach(self.sock)
        super().send(data)  # type: ignore[arg-type]  # the library takes bytes, files, iterables

    def _tunnel(self) -> None:
        """Ask a proxy to pass us on (RFC 9110 section 9.3.6), and keep what a refusal offers."""
        host, port = str(self._tunnel_host), self._tunnel_port
        name = f"[{host}]" if ":" in host else host
        headers = {"Host": f"{name}:{port}", **getattr(self, "_tunnel_headers", {})}
        lines = [f"CONNECT {name}:{port} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        if any(sign in line for line in lines for sign in "\r\n\0"):
            raise ValueError("control characters in the way to a proxy")
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        answer = http.client.HTTPResponse(self.sock, method="CONNECT")
        try:
            answer.begin()
            if answer.status != 200:
                offered = answer.headers.get_all("Proxy-Authenticate") or []
                self.close()
                raise TunnelRefused(answer.status, tuple(offered))
        except http.client.HTTPException as problem:
            raise TunnelRefused(0, ()) from problem  # whatever it is, it is no proxy
        finally:
            answer.close()


class _CuttableTls(_Cuttable, urllib3.connection.HTTPSConnection):
    """The same over TLS."""


class _PlainPool(urllib3.connectionpool.HTTPConnectionPool):
    ConnectionCls = _Cuttable


class _TlsPool(urllib3.connectionpool.HTTPSConnectionPool):
    ConnectionCls = _CuttableTls


POOLS = {"http": _PlainPool, "https": _TlsPool}
"""Connection pools for a pool manager, for each scheme."""
