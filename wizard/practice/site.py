"""One origin of a stand-in: host check, routing, counting, and the faults a test asked for."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from wizard.practice.routing import Refusal, Router
from wizard.practice.traffic import Action, Fault, StandIn, Traffic

__all__ = ["ErrorForm", "Site"]

FLOOD_BYTES = 40 * 1024 * 1024
"""More than a program should be willing to read as one answer."""


class ErrorForm(Protocol):
    """How a stand-in words what every web server must be able to say."""

    def not_found(self, request: Request) -> Response:
        """404: no such path."""
        ...

    def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Response:
        """405: the path is known, the method is not."""
        ...

    def wrong_host(self, request: Request) -> Response:
        """421: the Host header names somebody else."""
        ...

    def fault(self, request: Request, fault: Fault) -> Response:
        """The answer of an injected fault."""
        ...


class Site:
    """An ASGI application for one origin. `hang_up` closes a client's connection at once."""

    def __init__(
        self,
        *,
        stand_in: StandIn,
        router: Router,
        form: ErrorForm,
        traffic: Traffic,
        hosts: frozenset[str],
        hang_up: Callable[[tuple[str, int], bool], None],
    ) -> None:
        self._stand_in = stand_in
        self._router = router
        self._form = form
        self._traffic = traffic
        self._hosts = hosts
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        self._traffic.begin(self._stand_in)
        try:
            await self._answer(request, send)
        finally:
            self._traffic.end(self._stand_in)

    async def _answer(self, request: Request, send: Send) -> None:
        traffic, path = self._traffic, request.url.path
        if request.headers.get("host", "").lower() not in self._hosts:
            await self._send(request, self._form.wrong_host(request), send)
            return
        if traffic.is_down(self._stand_in):
            await self._drop(request, flush=False)
            return
        delay = traffic.delay_for(self._stand_in, path)
        if delay:
            await asyncio.sleep(delay)
        said = await _said(request) if traffic.looks_inside(self._stand_in) else ""
        fault = traffic.fault_for(self._stand_in, request.method, path, said)
        if fault is None:
            await self._send(request, await self._respond(request), send)
        elif not await self._instead(request, fault, send):
            await self._differently(request, fault, send)

    async def _instead(self, request: Request, fault: Fault, send: Send) -> bool:
        """What a fault does instead of what was asked for; whether it is one of these."""
        match fault.action:
            case Action.DROP:
                await self._drop(request, flush=False)
            case Action.HANG:
                await _gone(request)
            case Action.STATUS:
                await self._send(request, self._form.fault(request, fault), send)
            case Action.FLOOD:
                flood = Response(b" " * FLOOD_BYTES, media_type="application/json")
                await self._send(request, flood, send)
            case _:
                return False
        return True

    async def _differently(self, request: Request, fault: Fault, send: Send) -> None:
        """Do what was asked for, and answer as the fault wants it."""
        if fault.action is Action.PRESS:
            self._traffic.press(fault.body)
        if fault.action is Action.REFUSE_FIRST:
            request.state.refuse_first = fault.status
        response = await self._respond(request)
        match fault.action:
            case Action.LOSE_ANSWER:
                await self._drop(request, flush=False)
            case Action.ANSWER_LATE:
                await _gone(request)
            case Action.TRUNCATE:
                await self._truncate(request, response, send)
            case Action.GARBLE:
                body = bytes(response.body)
                kind = response.headers.get("content-type")
                half = Response(body[: len(body) // 2] or b"{", response.status_code, None, kind)
                await self._send(request, half, send)
            case Action.HALVE_ZIP:
                packed = gzip.compress(bytes(response.body))
                kind = response.headers.get("content-type")
                headers = {"content-encoding": "gzip"}
                half = Response(packed[: len(packed) // 2], response.status_code, headers, kind)
                await self._send(request, half, send)
            case _:
                await self._send(request, response, send)

    async def _respond(self, request: Request) -> Response:
        method, path = request.method, request.scope["path"]
        match = self._router.match(method, path)
        if match is None:
            self._traffic.unknown(self._stand_in, method, path)
            return self._form.not_found(request)
        self._traffic.known(self._stand_in, method, match.template)
        if match.endpoint is None:
            return self._form.method_not_allowed(request, match.allowed)
        request.scope["path_params"] = match.parameters
        try:
            return await match.endpoint(request)
        except Refusal as refusal:
            return refusal.response

    async def _send(self, request: Request, response: Response, send: Send) -> None:
        self._traffic.answered(self._stand_in, response.status_code)
        self._date(response)
        await response(request.scope, request.receive, send)

    def _date(self, response: Response) -> None:
        response.headers["date"] = formatdate(time.time() + self._traffic.ahead, usegmt=True)

    async def _truncate(self, request: Request, response: Response, send: Send) -> None:
        """Announce the whole body, send half of it, and close."""
        self._traffic.answered(self._stand_in, response.status_code)
        self._date(response)
        body = bytes(response.body)
        start: Message = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": response.raw_headers,
        }
        await send(start)
        await send(
            {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
        )
        await self._drop(request, flush=True)

    async def _drop(self, request: Request, *, flush: bool) -> None:
        client = request.client
        if client is not None:
            self._hang_up((client.host, client.port), flush)
        # The server takes a missing answer for our fault unless it has seen the connection go.
        await _gone(request)


async def _gone(request: Request) -> None:
    """Wait until the client's connection is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def _said(request: Request) -> str:
    """The query and the body of a request, as somebody would write them down."""
    body = await request.body()
    return f"{unquote_plus(request.url.query)}\n{body.decode(errors='replace')}"
