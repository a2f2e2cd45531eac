"""The last step before the network: pinned origins, the read-only wall, trust, proxies, counts."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from urllib3.response import HTTPResponse

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.connections import POOLS, flying
from wizard.net.failures import network_trouble
from wizard.net.traffic import Traffic
from wizard.net.trust import Trust

__all__ = ["CONNECT_SECONDS", "LARGEST", "READ_SECONDS", "LibraryTransport", "Transport", "whole"]

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
LARGEST = 32 * 1024 * 1024
"""Bytes that an answer may have, unpacked."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_CHUNK = 64 * 1024
_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_MEMBER = 16 + zlib.MAX_WBITS


class Transport(HTTPAdapter):
    """Sends requests to its `origins` alone, through the proxy that `proxy_for` names.

    `read_only` is the wall: anything but GET, HEAD and OPTIONS raises
    `Trouble(WRITE_BEHIND_WALL)` here, before a byte is sent, whatever the code above believed.
    Every failure of the network is raised as `Trouble`.
    """

    def __init__(
        self,
        *,
        origins: frozenset[Origin],
        trust: Trust,
        proxy_for: Callable[[str], str],
        traffic: Traffic,
        read_only: bool = False,
        connections: int = 8,
    ) -> None:
        self._origins = origins
        self._trust = trust
        self._proxy_for = proxy_for
        self._traffic = traffic
        self._read_only = read_only
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the library's own
        """Make the pools with our trust and our connections."""
        super().init_poolmanager(*args, **options, ssl_context=self._trust.context)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401 - the library's own
        """Make the pools for a proxy, with the same trust towards it and behind it."""
        found = super().proxy_manager_for(
            proxy, **options, ssl_context=self._trust.context, proxy_ssl_context=self._trust.context
        )
        found.pool_classes_by_scheme = POOLS
        return found

    def close(self) -> None:
        """Close idle connections now; the library leaves that to whenever nobody knows them."""
        for kept in (self.poolmanager, *self.proxy_manager.values()):
            for key in kept.pools.keys():  # noqa: SIM118 - a container of its own, not a dict
                kept.pools[key].close()
        super().close()

    def cert_verify(self, conn: Any, *_: object, **__: object) -> None:  # noqa: ANN401 - the library's own
        """Always verify by our context alone: no bundle of the library, none named outside."""
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = None
        conn.ca_cert_dir = None

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        *_: object,
        **__: object,
    ) -> requests.Response:
        """Send one request; a caller's `verify`, `cert`, `timeout` and `proxies` do not count."""
        origin = self._allowed(request)
        proxy = self._proxy_for(str(origin))
        try:
            return self._send(request, origin, proxy, stream=stream)
        except Trouble as trouble:
            # Without trust nothing was sent, so with another trust it may be sent once more.
            if trouble.code is not Code.TLS_UNTRUSTED or not self._trust.renewed():
                raise
        return self._send(request, origin, proxy, stream=stream)

    def _send(
        self, request: requests.PreparedRequest, origin: Origin, proxy: str, *, stream: bool
    ) -> requests.Response:
        try:
            return super().send(
                request,
                stream=stream,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                verify=True,
                cert=None,
                proxies={origin.scheme: proxy} if proxy else {},
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            shown = urlsplit(proxy).netloc.rpartition("@")[2]
            raise network_trouble(problem, host=origin.shown, proxy=shown) from problem

    def _allowed(self, request: requests.PreparedRequest) -> Origin:
        """The origin of a request that may be sent; `Trouble` (wrong-host, the wall) else."""
        origin = Origin.of(request.url or "")
        if self._read_only and (request.method or "").upper() not in _READING:
            raise Trouble(
                Code.WRITE_BEHIND_WALL, host=origin.shown, method=(request.method or "").upper()
            )
        if origin not in self._origins or not origin.is_safe:
            raise Trouble(Code.WRONG_HOST, host=origin.shown)
        return origin


def whole(answer: requests.Response, *, host: str, largest: int, traffic: Traffic) -> bytes:
    """Read a streamed answer to its end; `Trouble` (answer-too-large, or of the network)."""
    parts: list[bytes] = []
    size = 0
    try:
        for part in _unpacked(answer.raw):
            parts.append(part)
            size += len(part)
            if size > largest:
                answer.raw.close()
                raise Trouble(Code.ANSWER_TOO_LARGE, host=host, mebibytes=largest // 1024 // 1024)
    except zlib.error as problem:
        raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=host, path="", status=0) from problem
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
        raise network_trouble(problem, host=host, proxy="") from problem
    finally:
        traffic.add(host, bytes_in=answer.raw.tell())
        answer.raw.release_conn()
    return b"".join(parts)


def _unpacked(raw: HTTPResponse) -> Iterator[bytes]:
    """The parts of an answer as they come, unpacked.

    What is packed by gzip is unpacked here: the library takes one that was cut off for whole
    (RFC 1952, section 2.3: a member ends with its check sum and size).
    """
    if raw.headers.get("content-encoding", "").strip().lower() not in _GZIP:
        yield from raw.stream(_CHUNK, decode_content=True)
        return
    unpacking = zlib.decompressobj(_GZIP_MEMBER)
    begun = False
    for packed in raw.stream(_CHUNK, decode_content=False):
        left = packed
        while left:
            if unpacking.eof:
                unpacking, begun = zlib.decompressobj(_GZIP_MEMBER), False
            begun = True
            yield unpacking.decompress(left, _CHUNK)
            left = unpacking.unused_data or unpacking.unconsumed_tail
    if begun and not unpacking.eof:
        raise urllib3.exceptions.ProtocolError("the packed answer was cut off")


class LibraryTransport(Transport):
    """For sessions that a library drives: it reads answers whole, counts, and obeys a cancel."""

    def __init__(self, *, cancel: Cancel | None, user_agent: str, **options: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**options)
        self._cancel = cancel
        self._user_agent = user_agent

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Send one request and read its answer; a redirect raises, it is never followed."""
        host = Origin.of(request.url or "").shown
        request.headers["User-Agent"] = self._user_agent
        size = len(request.body) if isinstance(request.body, bytes | str) else 0
        with ExitStack() as under_way:
            if self._cancel is not None:
                self._cancel.check()
            under_way.enter_context(self._traffic.flight(host, bytes_out=size))
            under_way.enter_context(flying(self._cancel))
            try:
                answer = super().send(request, stream=True)
                body = whole(answer, host=host, largest=LARGEST, traffic=self._traffic)
            except Trouble:
                if self._cancel is not None:
                    self._cancel.check()
                raise
        if answer.is_redirect:
            raise Trouble(Code.UNEXPECTED_REDIRECT, host=host, status=answer.status_code)
        # The one way that the library has to be given a body that was read elsewhere.
        vars(answer).update(_content=body, _content_consumed=True)
        return answer
