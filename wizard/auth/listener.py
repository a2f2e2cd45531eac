"""The one loopback listener: hears the end of every browser sign-in (RFC 8252 section 7.3)."""

from __future__ import annotations

import contextlib
import errno
import hmac
import logging
import secrets
import selectors
import socket
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self

from wizard.auth.loopback_http import (
    Refused,
    Request,
    answer,
    page,
    parse_head,
    parse_params,
    split_head,
)
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.trouble import Code, Trouble

__all__ = ["Callback", "LoopbackListener", "outcome"]

log = logging.getLogger("wizard.auth.listener")

DONE = "/done"
_LOOK = 0.1
_SLOWEST = 10.0
"""Seconds that a client may take for its request; a browser's empty preconnect lives as long."""
_LINGER = 1.0
"""Seconds for a client to take its answer, and for the browser to fetch the done page."""
_MOST_CLIENTS = 48
_TRIES = 20


@dataclass(frozen=True, kw_only=True)
class Callback:
    """What the browser brought back. Parameters are secrets, so they are not printed."""

    params: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Callback({', '.join(sorted(self.params))})"

    @property
    def code(self) -> str:
        """The authorization code, '' where there is none."""
        return self.params.get("code", "")


def outcome(callback: Callback) -> Callback:
    """The callback, unless it tells of a refusal.

    Raises `Trouble(SIGN_IN_REFUSED)` for `access_denied`, `Trouble(SIGN_IN_FAILED)` for every
    other error (RFC 6749 section 4.1.2.1), with the facts `error` and `description`.
    """
    error = callback.params.get("error", "")
    if not error:
        return callback
    code = Code.SIGN_IN_REFUSED if error == "access_denied" else Code.SIGN_IN_FAILED
    raise Trouble(
        code,
        error=_printable(error, 80),
        description=_printable(callback.params.get("error_description", ""), 200),
    )


def _printable(text: str, longest: int) -> str:
    clean = "".join(sign if sign.isprintable() else " " for sign in text).strip()
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


class _Client:
    """One connection: what came, what is to go, and how long it may take."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.received = bytearray()
        self.to_send = b""
        self.answered = False
        self.shows_done = False
        self.until = time.monotonic() + _SLOWEST


class LoopbackListener:
    """Listens on 127.0.0.1 and ::1, same port, until its block ends; `wait` gives the callback.

    What counts is a request for our path, with our Host, with the `state` of this sign-in and,
    where `issuer` is given, with an `iss` that fits (RFC 9207; it must be there when
    `issuer_needed`). Everything else is answered shortly, counted, and changes nothing. The
    browser is sent on to a page without parameters, so that no code stays in its address bar.

    `path` None draws a random one; Google and Microsoft need '/'. `port` 0 lets the system
    choose. Raises `Trouble(LISTENER_FAILED)`.
    """

    def __init__(
        self,
        *,
        state: str,
        path: str | None = None,
        issuer: str = "",
        issuer_needed: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        if len(state) < 16:
            raise ValueError("a state that can be guessed protects nobody")
        self._state = state
        self._path = f"/{secrets.token_urlsafe(18)}" if path is None else path
        self._issuer = issuer
        self._issuer_needed = issuer_needed
        self._host = host
        self._wanted_port = port
        self._clock = clock or SystemClock()
        self._port = 0
        self._sockets: list[socket.socket] = []
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._serve, name="sign-in listener")
        self._ending = threading.Event()
        self._heard = threading.Event()
        self._done_shown = threading.Event()
        self._callback: Callback | None = None
        self._waiting: Cancel | None = None
        self.forged = 0
        self.strays = 0

    # ------------------------------------------------------------------ the outside

    def __enter__(self) -> Self:
        self._bind()
        for listening in self._sockets:
            self._selector.register(listening, selectors.EVENT_READ, listening)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._heard.is_set() and not (self._waiting and self._waiting.stopped):
            self._done_shown.wait(_LINGER)
        self._ending.set()
        self._thread.join()

    @property
    def redirect_uri(self) -> str:
        """What the provider is told to come back to."""
        return f"http://{self._host}:{self._port}{self._path}"

    def wait(self, seconds: float, cancel: Cancel) -> Callback:
        """Wait for the browser to come back.

        Raises `Trouble`: sign-in-refused or sign-in-failed (see `outcome`), sign-in-timed-out
        with the facts `minutes`, `forged` and `strays`, listener-failed when nobody listens any
        more, or cancelled (within 0.3 s).
        """
        self._waiting = cancel
        until = self._clock.monotonic() + seconds
        while (callback := self._callback) is None:
            cancel.check()
            if not self._thread.is_alive():
                raise Trouble(Code.LISTENER_FAILED, port=self._port, reason="ended")
            if self._clock.monotonic() >= until:
                raise Trouble(
                    Code.SIGN_IN_TIMED_OUT,
                    minutes=max(1, round(seconds / 60)),
                    forged=self.forged,
                    strays=self.strays,
                )
            self._heard.wait(_LOOK)
        cancel.check()
        return outcome(callback)

    # ------------------------------------------------------------------ sockets

    def _bind(self) -> None:
        """Take one port on both addresses; ::1 is left out where the system has no IPv6."""
        problem: OSError | None = None
        for _ in range(1 if self._wanted_port else _TRIES):
            try:
                first = _listening(socket.AF_INET, "127.0.0.1", self._wanted_port)
            except OSError as found:
                problem = found
                continue
            self._port = int(first.getsockname()[1])
            try:
                self._sockets = [first, _listening(socket.AF_INET6, "::1", self._port)]
                return
            except OSError as found:
                if found.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    self._sockets = [first]
                    return
                # Somebody else has this port on ::1: they would get our browser's answer.
                first.close()
                problem = found
        self._selector.close()
        reason = problem.strerror if problem and problem.strerror else "no free port"
        busy = problem is not None and problem.errno == errno.EADDRINUSE and self._wanted_port
        why = {"problem": "port-busy"} if busy else {}
        raise Trouble(
            Code.LISTENER_FAILED, retry_after=None, port=self._wanted_port, reason=reason, **why
        ) from problem

    def _serve(self) -> None:
        """The listener's thread: one loop over all connections, none of which can hold it up."""
        clients: dict[socket.socket, _Client] = {}
        try:
            while not self._ending.is_set():
                ready = [key.data for key, _ in self._selector.select(_LOOK)]
                for one in ready:
                    if isinstance(one, _Client):
                        self._move(one, clients)
                # New ones come last: making room for one may drop a client that was ready.
                for one in ready:
                    if isinstance(one, socket.socket):
                        self._accept(one, clients)
                self._drop_late(clients)
        finally:
            for connection in (*clients, *self._sockets):
                connection.close()
            self._selector.close()

    def _accept(self, listening: socket.socket, clients: dict[socket.socket, _Client]) -> None:
        try:
            connection, _ = listening.accept()
        except OSError:
            return  # it went away before it was taken
        connection.setblocking(False)
        if len(clients) >= _MOST_CLIENTS:
            # Those that say nothing go first, and of those the oldest.
            oldest = min(clients.values(), key=lambda one: (bool(one.received), one.until))
            self._drop(oldest, clients)
        client = clients[connection] = _Client(connection)
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _drop(self, client: _Client, clients: dict[socket.socket, _Client]) -> None:
        """Let a client go; nothing happens when it is gone already."""
        if clients.pop(client.connection, None) is None:
            return
        self._selector.unregister(client.connection)
        client.connection.close()

    def _drop_late(self, clients: dict[socket.socket, _Client]) -> None:
        now = time.monotonic()
        for client in [one for one in clients.values() if now > one.until]:
            if client.received and not client.answered:
                self._reply(client, answer(408))
            else:
                self._drop(client, clients)

    def _move(self, client: _Client, clients: dict[socket.socket, _Client]) -> None:
        """Take what a client sends, or give it more of its answer."""
        try:
            if client.to_send:
                sent = client.connection.send(client.to_send)
                client.to_send = client.to_send[sent:]
                if not client.to_send:
                    if client.shows_done:
                        self._done_shown.set()
                    client.connection.shutdown(socket.SHUT_WR)
                    self._selector.modify(client.connection, selectors.EVENT_READ, client)
                return
            piece = client.connection.recv(16 * 1024)
        except BlockingIOError:
            return
        except OSError:
            self._drop(client, clients)
            return
        if not piece:
            self._drop(client, clients)
        elif not client.answered:  # else it is read past, so that closing does not reset it
            client.received += piece
            self._consider(client)

    def _reply(self, client: _Client, content: bytes) -> None:
        client.answered = True
        client.to_send = content
        client.until = time.monotonic() + _LINGER
        self._selector.modify(client.connection, selectors.EVENT_WRITE, client)

    # ------------------------------------------------------------------ requests

    def _consider(self, client: _Client) -> None:
        """Answer as soon as a request is whole, or as it is plain that it never will be good."""
        try:
            head, blank, rest = split_head(bytes(client.received))
            if not blank:
                return
            request = parse_head(head)
            self._check_host(request)
            if len(rest) < request.length:
                return
            content = self._answer(request, rest[: request.length])
            client.shows_done = request.path == DONE
        except Refused as refused:
            self.strays += 1
            log.debug("a stray request got %d", refused.status)
            allow = {"Allow": "GET, POST"} if refused.status == 405 else None
            content = answer(refused.status, headers=allow)
        self._reply(client, content)

    def _check_host(self, request: Request) -> None:
        """Only our own name may bring a browser here; a foreign one is a rebinding trick."""
        names = {f"{host}:{self._port}" for host in ("127.0.0.1", "[::1]", "localhost")}
        if request.header("host").lower() not in names:
            raise Refused(421)

    def _answer(self, request: Request, body: bytes) -> bytes:
        if request.path == DONE and self._callback is not None:
            return self._done_page(request)
        if request.path != self._path:
            raise Refused(404)
        if request.method == "GET":
            text = request.query
        elif request.method == "POST":
            kind = request.header("content-type").partition(";")[0].strip().lower()
            if kind != "application/x-www-form-urlencoded":
                raise Refused(415)
            text = body.decode("latin-1")
        else:
            raise Refused(405)
        params = parse_params(text)
        if not params.keys() & {"state", "code", "error"}:
            raise Refused(404)  # somebody looked at the address, nobody signed in
        if not self._is_ours(params):
            self.forged += 1
            log.info("a callback that does not belong to this sign-in was ignored")
            raise Refused(400)
        if self._callback is None:
            self._callback = Callback(params=MappingProxyType(params))
            self._heard.set()
        return answer(303, headers={"Location": DONE})

    def _is_ours(self, params: Mapping[str, str]) -> bool:
        """Whether state and issuer are those of this sign-in."""
        if not hmac.compare_digest(params.get("state", "").encode(), self._state.encode()):
            return False
        issuer = params.get("iss")
        if not self._issuer or (issuer is None and not self._issuer_needed):
            return True
        return issuer == self._issuer

    def _done_page(self, request: Request) -> bytes:
        if request.method not in {"GET", "HEAD"} or self._callback is None:
            raise Refused(405)
        error = self._callback.params.get("error", "")
        said = self._callback.params.get("error_description", "") or error
        return page(
            worked=not error,
            detail=_printable(said, 200) if error else "",
            with_body=request.method == "GET",
        )


def _listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    """A listening socket that nobody else can share."""
    made = socket.socket(family, socket.SOCK_STREAM)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(made.close)
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.setblocking(False)
        made.bind((host, port))
        made.listen(64)
        on_failure.pop_all()
    return made
