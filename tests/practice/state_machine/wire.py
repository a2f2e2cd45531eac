"""The way between the product and the stand-ins inside one process, where anything may go wrong.

Everything of the product's network code above the sockets is the real one, and so are the
stand-ins with their routing, counting and faults; only TCP and TLS are left out. A `Strike` is one
trouble that waits for its request.
"""

from __future__ import annotations

import http.client
import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from starlette.types import Message
from urllib3.response import HTTPResponse

from wizard.accounts import scim_client
from wizard.core.cancel import Cancel
from wizard.net import retrying
from wizard.net.addresses import Origin
from wizard.net.failures import network_trouble
from wizard.net.transport import READ_SECONDS, Transport
from wizard.practice.site import Site
from wizard.practice.traffic import Action, Fault, StandIn, Traffic
from wizard.providers.google import reader
from wizard.sync import executor, match

T = TypeVar("T")
WRITES = "writes"


class VirtualClock:
    """Time that passes only when told, and by a millisecond with every look at it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steady = 0.0
        self.begin()

    def begin(self) -> None:
        """The same morning again; what counts seconds goes on, as it never goes back."""
        self.moment = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.forward(milliseconds=1)
        return self.moment

    def monotonic(self) -> float:
        return self._steady

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.check()
        self.forward(seconds=seconds)

    def forward(self, **span: float) -> None:
        with self._lock:
            gone = timedelta(**span)
            self.moment += gone
            self._steady += gone.total_seconds()


class Ahead:
    """The clock of one computer, which may be wrong by `by`."""

    def __init__(self, right: VirtualClock) -> None:
        self._right = right
        self.by = timedelta(0)

    @property
    def moment(self) -> datetime:
        return self._right.moment + self.by

    def now(self) -> datetime:
        return self._right.now() + self.by

    def monotonic(self) -> float:
        return self._right.monotonic()

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        self._right.sleep(seconds, cancel)


class AtOnce(Executor):
    """Does what it is given before it says so, in the thread that asks."""

    def __init__(self, *_lanes: object) -> None:
        """However many lanes are asked for, there is this one."""

    def submit(  # type: ignore[override] # positional arguments are all that is used
        self, work: Callable[..., T], /, *given: object
    ) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*given))
        except BaseException as problem:  # noqa: BLE001 - whoever asks for the result has it raised
            done.set_exception(problem)
        return done


class Killed(BaseException):
    """The process ends here, as far as the product can tell."""


@dataclass(kw_only=True)
class Strike:
    """One trouble: at the `nth` request of a part (`place`) from now on, so many `times`.

    `act` happens ahead of the request, whatever becomes of that.
    """

    kind: str
    place: str
    name: str = ""
    nth: int = 1
    times: int = 1
    status: int = 0
    reason: str = ""
    retry_after: int | None = None
    act: Callable[[], None] | None = None

    def strikes(self, place: str, end: str) -> bool:
        """Whether this request is hit; counts it when it matches."""
        if self.place not in {place, end, "any"} or not self.times:
            return False
        self.nth -= 1
        if self.nth > 0:
            return False
        self.times -= 1
        return True


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request that reached the wire, and how it was answered (0: not at all)."""

    place: str
    method: str
    path: str
    status: int


@dataclass(kw_only=True)
class Wire:
    """All requests of all threads, one after the other."""

    clock: VirtualClock
    traffic: Traffic
    sites: dict[str, tuple[str, Site]]
    strikes: list[Strike] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    hide: Callable[[str, bytes], bytes] = lambda _place, body: body
    kill: Callable[[], None] = lambda: None
    dead: bool = False

    def __post_init__(self) -> None:
        self._lock = threading.RLock()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The product's transport sends through this wire for the time of a block."""
        patch = pytest.MonkeyPatch()
        wire = self

        def send(
            transport: Transport,
            request: requests.PreparedRequest,
            origin: Origin,
            proxy: str,
            *,
            stream: bool,
        ) -> requests.Response:
            del proxy, stream
            try:
                return wire.exchange(transport, request)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
                raise network_trouble(problem, host=origin.shown, proxy="") from problem

        def steady(pace: retrying.Pace, attempt: int, asked: float | None) -> float:
            del pace
            return asked if asked is not None else 0.25 * 2.0**attempt

        patch.setattr(Transport, "_send", send)
        # Without jitter and lanes of its own the same example is the same every time.
        patch.setattr(retrying.Pace, "wait", steady)
        patch.setattr(reader, "ThreadPoolExecutor", AtOnce)
        for module, name, few in _SMALL:
            patch.setattr(module, name, few)
        try:
            yield
        finally:
            patch.undo()

    def heal(self) -> None:
        """Nothing goes wrong from now on."""
        self.strikes.clear()
        self.hide = lambda _place, body: body
        self.dead = False

    # ------------------------------------------------------------ one request

    def exchange(self, via: HTTPAdapter, request: requests.PreparedRequest) -> requests.Response:
        """Carry one request to its stand-in and the answer back, unless something is in the way."""
        with self._lock:
            if self.dead:
                raise Killed
            target = urlsplit(request.url or "")
            end, site = self.sites[target.netloc]
            method = request.method or "GET"
            place = place_of(end, method, target.path, parse_qs(target.query))
            strike = self._strike(place, end)
            try:
                self._before(strike)
                status, headers, body, whole = self._asked(site, end, request, strike)
            except BaseException:
                self._note(place, method, target.path, 0)
                raise
            self._note(place, method, target.path, status)
            body = self._after(strike, body)
            if strike is None and status == http.client.OK:
                body = self.hide(place, body)
            if not whole and not body:
                raise requests.ConnectionError("the connection is gone")
            if whole:
                headers = [(name, value) for name, value in headers if name != b"content-length"]
                headers.append((b"content-length", str(len(body)).encode()))
            headers.append((b"date", format_datetime(self.clock.moment, usegmt=True).encode()))
            return _response(via, request, status, headers, body)

    def _note(self, place: str, method: str, path: str, status: int) -> None:
        self.seen.append(Seen(place=place, method=method, path=unquote(path), status=status))

    def _strike(self, place: str, end: str) -> Strike | None:
        due = [strike for strike in self.strikes if strike.strikes(place, end)]
        if not due:
            return None
        self.struck[due[0].name or due[0].kind] += 1
        return due[0]

    def _before(self, strike: Strike | None) -> None:
        if strike is None:
            return
        if strike.act is not None:
            strike.act()
        if strike.kind == "killed before":
            self.kill()
            raise Killed
        if strike.kind == "hanging":
            self.clock.forward(seconds=READ_SECONDS)
            raise requests.ReadTimeout("no answer in time")
        if strike.kind == "no connection":
            raise requests.ConnectionError(
                urllib3.exceptions.NewConnectionError(None, "refused")  # type: ignore[arg-type] # nobody looks at the pool
            )

    def _asked(
        self, site: Site, end: str, request: requests.PreparedRequest, strike: Strike | None
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes, bool]:
        action = _ACTIONS.get(strike.kind) if strike is not None else None
        if strike is not None and action is not None:
            self.traffic.faults = [
                Fault(
                    stand_in=StandIn(end),
                    action=action,
                    status=strike.status or 503,
                    body=strike.reason,
                    retry_after=strike.retry_after,
                )
            ]
        try:
            return _served(site, request)
        finally:
            self.traffic.faults = []

    def _after(self, strike: Strike | None, body: bytes) -> bytes:
        kind = strike.kind if strike is not None else ""
        if kind == "killed after":
            self.kill()
            raise Killed
        if kind == "answered too late":
            self.clock.forward(seconds=READ_SECONDS)
            raise requests.ReadTimeout("no answer in time")
        if kind == "wrong JSON":
            return b'{"kind": 7, "users": [{]'
        return body


_SMALL = (
    (reader, "_USERS_AT_ONCE", 8),
    (reader, "_GROUPS_AT_ONCE", 2),
    (reader, "_MEMBERS_AT_ONCE", 4),
    (scim_client, "_PAGE", 7),
    (executor, "_LARGEST_BATCH", 5),
    (match, "LOOK_UP_AT_MOST", 6),
)
"""Pages and batches so small that an organization of twenty has several of each."""

_ACTIONS = {
    "refused": Action.STATUS,
    "dropped": Action.DROP,
    "answer lost": Action.LOSE_ANSWER,
    "half an answer": Action.TRUNCATE,
}


def place_of(end: str, method: str, path: str, query: dict[str, list[str]]) -> str:
    """Which part of the two interfaces a request belongs to."""
    if end == "account":
        return _place_at_the_service(method, path, query)
    last = path.rpartition("/")[2]
    if last == "users":
        if "showDeleted" in query:
            return "deleted"
        return "customer" if query.get("maxResults") == ["1"] else "people"
    if "/users/" in path:
        return "look-up"
    return {"orgunits": "units", "members": "members", "groups": "groups"}.get(last, "domains")


def _place_at_the_service(method: str, path: str, query: dict[str, list[str]]) -> str:
    if "/scim/v2" in path:
        if method != "GET":
            return WRITES
        if path.endswith("/Users"):
            return "account" if "filter" in query else "accounts"
        return "config"
    last = path.rpartition("/")[2]
    return {"settings": "settings", "syncer": "lease", "members": "owners"}.get(last, "report")


def _served(
    site: Site, request: requests.PreparedRequest
) -> tuple[int, list[tuple[bytes, bytes]], bytes, bool]:
    """What the stand-in answers: status, headers, body, and whether the body is whole."""
    target = urlsplit(request.url or "")
    sent = request.body or b""
    content = sent.encode() if isinstance(sent, str) else bytes(sent)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "https",
        "path": unquote(target.path),
        "raw_path": target.path.encode(),
        "root_path": "",
        "query_string": target.query.encode(),
        "headers": [
            (b"host", target.netloc.encode()),
            *((name.lower().encode(), str(value).encode()) for name, value in _headers(request)),
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", target.port),
    }
    coming: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
    told: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        told.append(message)

    _through(site(scope, receive, send))
    starts = [one for one in told if one["type"] == "http.response.start"]
    if not starts:
        return 0, [], b"", False
    parts = [one for one in told if one["type"] == "http.response.body"]
    whole = bool(parts) and not parts[-1].get("more_body", False)
    body = b"".join(part.get("body", b"") for part in parts)
    return int(starts[0]["status"]), list(starts[0]["headers"]), body, whole


def _headers(request: requests.PreparedRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.headers.items() if name.lower() != "host"]


def _through(answering: Coroutine[Any, Any, None]) -> None:
    """Let a stand-in answer at once: none of them waits for anything while nobody slows it."""
    try:
        answering.send(None)
    except StopIteration:
        return
    raise AssertionError("a stand-in waited")


def _response(
    via: HTTPAdapter,
    request: requests.PreparedRequest,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
) -> requests.Response:
    raw = HTTPResponse(
        body=io.BytesIO(body),
        headers={name.decode(): value.decode("latin-1") for name, value in headers},
        status=status,
        reason=http.client.responses.get(status, ""),
        preload_content=False,
        request_method=request.method,
    )
    return via.build_response(request, raw)


def without(body: bytes, hidden: set[str]) -> bytes:
    """A page of people that keeps quiet about some of them."""
    page = json.loads(body)
    people = page.get("users")
    if people is None:
        return body
    page["users"] = [person for person in people if person["id"] not in hidden]
    return json.dumps(page).encode()
