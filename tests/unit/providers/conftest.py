"""A small Directory API on loopback that keeps people and can be told to misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.net.sessions import Budget, Net, NetSettings
from wizard.providers.google.permissions import DIRECTORY_SCOPES
from wizard.providers.google.reader import GoogleReader, directory_api

ADMIN = "tomasz.wilk@nordby.example"
CUSTOMER = "C0nordby1"
ROOT = "/admin/directory/v1"
Json = dict[str, Any]


class Impatient(SystemClock):
    """Waits between retries only as long as it takes to notice a cancel."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        self.slept.append(seconds)
        cancel.check()


def error(status: int, reason: str, message: str = "", *, detail: str = "") -> tuple[int, Json]:
    body: Json = {"code": status, "message": message, "errors": [{"reason": reason}]}
    if detail:
        body["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}]
    return status, {"error": body}


@dataclass
class Request:
    path: str
    query: dict[str, str]
    token: str


@dataclass
class Google:
    """What the directory holds. `faults` maps a path to answers given before the real ones."""

    people: list[Json] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    groups: dict[str, list[Json]] = field(default_factory=dict)
    units: list[Json] = field(default_factory=list)
    domains: list[Json] = field(default_factory=list)
    faults: dict[str, list[tuple[int, Json] | bytes]] = field(default_factory=dict)
    before_answer: Callable[[Request], None] = lambda _request: None
    date: str = ""
    token: str = "right"
    asked: list[Request] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    page: int = 2
    lock: threading.Lock = field(default_factory=threading.Lock)
    origin: str = ""

    def hire(self, number: int, **more: object) -> Json:
        person: Json = {
            "id": f"1000{number}",
            "primaryEmail": f"person{number}@nordby.example",
            "name": {"givenName": "Ana", "familyName": f"Berg {number}"},
            "isAdmin": False,
            "suspended": False,
            "archived": False,
            "orgUnitPath": "/",
            "customerId": CUSTOMER,
            **more,
        }
        self.people.append(person)
        return person

    def paths(self) -> list[str]:
        return [request.path.removeprefix(ROOT) for request in self.asked]

    def answer(self, request: Request) -> tuple[int, Json] | bytes:
        waiting = self.faults.get(request.path.removeprefix(ROOT))
        if waiting:
            return waiting.pop(0)
        if request.token != self.token:
            return error(401, "authError", "Invalid Credentials")
        return self._found(request, request.path.removeprefix(f"{ROOT}/").split("/"))

    def _found(self, request: Request, parts: list[str]) -> tuple[int, Json]:
        match parts:
            case ["users"]:
                return self._users(request)
            case ["users", key]:
                return self._user(unquote(key))
            case ["groups"]:
                listed = [
                    {"id": key, "email": f"{key}@nordby.example", "name": key}
                    for key in self.groups
                ]
                return self._paged("groups", listed, request)
            case ["groups", key, "members"]:
                members = self.groups.get(unquote(key))
                if members is None:
                    return error(404, "notFound", "Resource Not Found: groupKey")
                return self._paged("members", members, request)
            case ["customer", "my_customer", "orgunits"]:
                return 200, {"organizationUnits": self.units} if self.units else {}
            case ["customer", "my_customer", "domains"]:
                return 200, {"domains": self.domains}
        raise AssertionError(f"nobody should ask for {request.path}")

    def _users(self, request: Request) -> tuple[int, Json]:
        if "customer" not in request.query:
            return error(400, "badRequest", "Bad Request")
        if request.query.get("showDeleted") == "true":
            return self._paged("users", [{"id": key} for key in self.deleted], request)
        return self._paged("users", self.people, request)

    def _user(self, key: str) -> tuple[int, Json]:
        for person in self.people:
            if key in {person["id"], person["primaryEmail"]}:
                return 200, person
        return error(404, "notFound", "Resource Not Found: userKey")

    def _paged(self, name: str, rows: list[Json], request: Request) -> tuple[int, Json]:
        if int(request.query.get("maxResults", "100")) > 500:
            return error(400, "invalid", "Invalid Input: maxResults")
        token = request.query.get("pageToken")
        if token is not None and not token.startswith("p"):
            return error(400, "invalid", f"Invalid Input: {token}")
        start = int(token[1:]) if token else 0
        page: Json = {"kind": "whatever", "etag": '"x"'}
        if rows[start : start + self.page]:
            page[name] = rows[start : start + self.page]
        if start + self.page < len(rows):
            page["nextPageToken"] = f"p{start + self.page}"
        return 200, page


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 2  # seconds: no idle connection keeps the server from closing
    google: Google

    def do_GET(self) -> None:
        google = self.google
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        request = Request(path=parts.path, query=query, token=token)
        with google.lock:
            google.asked.append(request)
            google.in_flight += 1
            google.most_in_flight = max(google.most_in_flight, google.in_flight)
        try:
            google.before_answer(request)
            with google.lock:
                answer = google.answer(request)
        finally:
            with google.lock:
                google.in_flight -= 1
        if isinstance(answer, bytes):
            status, body = 404, answer
        else:
            status, body = answer[0], json.dumps(answer[1]).encode()
        self.send_response_only(status)
        self.send_header("Date", google.date or self.date_time_string())
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method's argument
        """Nobody reads it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was cancelled hangs up in the middle; that is its right."""


@pytest.fixture
def google() -> Iterator[Google]:
    state = Google()
    state.domains = [
        {"domainName": "Nordby.example", "verified": True, "isPrimary": True},
        {"domainName": "nordby-old.example", "verified": False, "isPrimary": False},
    ]
    handler = type("Handler", (_Handler,), {"google": state})
    server = _Server(("127.0.0.1", 0), handler)
    state.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.hire(0, primaryEmail=ADMIN, isAdmin=True)
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


class Tokens:
    """A bearer whose token can be renewed so many times."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)

    def token(self, cancel: Cancel) -> str:
        cancel.check()
        return self._tokens[0]

    def rejected(self, token: str) -> None:
        if len(self._tokens) > 1 and token == self._tokens[0]:
            del self._tokens[0]


MakeReader = Callable[..., GoogleReader]


@pytest.fixture
def clock() -> Impatient:
    return Impatient()


@pytest.fixture
def make_reader(google: Google, clock: Impatient) -> Iterator[MakeReader]:
    with Net(NetSettings(), clock=clock) as net:

        def make(
            *,
            tokens: Tokens | None = None,
            granted: frozenset[str] = DIRECTORY_SCOPES,
            origin: str = "",
        ) -> GoogleReader:
            budget = Budget(rate=10_000, burst=10_000, clock=clock)
            api = directory_api(net, origin or google.origin, tokens or Tokens("right"), budget)
            return GoogleReader(
                api,
                address=ADMIN,
                granted=granted,
                requests_so_far=lambda: net.traffic.requests,
            )

        yield make


@pytest.fixture
def reader(make_reader: MakeReader) -> GoogleReader:
    return make_reader()
