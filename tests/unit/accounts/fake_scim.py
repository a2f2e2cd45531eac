"""A SCIM service in memory that holds state and can misbehave, one request at a time."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from wizard.accounts.scim_errors import refused
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer

BASE = "/scim/v2"
Document = dict[str, Any]


class StandingClock:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 10, 2, tzinfo=UTC)

    def monotonic(self) -> float:
        with self._lock:
            return self.seconds

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.check()
        with self._lock:
            self.slept.append(seconds)
            self.seconds += seconds


class Refused(Exception):
    """The service's own refusal of one operation."""

    def __init__(self, status: int, kind: str = "", detail: str = "", **members: object) -> None:
        super().__init__(detail)
        self.status = status
        self.body: Document = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(status),
            **({"scimType": kind} if kind else {}),
            **({"detail": detail} if detail else {}),
            **members,
        }


class FakeScim:
    """Speaks SCIM as RFC 7644 has it; what is sent is noted in `sent`, faults are in `faults`.

    A fault is called with (number of the request, method, path) before the service looks at it;
    what it raises is what the client gets.
    """

    def __init__(self, *, bulk: bool = True, most: int = 1000, payload: int = 1_048_576) -> None:
        self.users: dict[str, Document] = {}
        self.sent: list[tuple[str, str, Document]] = []
        self.headers: list[Mapping[str, str]] = []
        self.repeatable: list[bool | None] = []
        self.faults: list[Callable[[int, str, str], None]] = []
        self.after: list[Callable[[int, str, str], None]] = []
        self.bulk, self.most, self.payload = bulk, most, payload
        self.page = 1000
        self.bulk_reversed = False
        self.quiet_patch = False
        self.in_flight = 0
        self.most_in_flight = 0
        self._ids = 0
        self._lock = threading.Lock()

    # ------------------------------------------------------------------ as the session sees it

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        cancel: Cancel,
    ) -> Answer:
        return self.send("GET", path, params=params, headers=headers, cancel=cancel)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        cancel: Cancel,
        repeatable: bool | None = None,
    ) -> Answer:
        assert json is None, "SCIM bodies are sent as bytes"
        cancel.check()
        with self._lock:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            with self._lock:
                status, answer = self._received(
                    method, path.removeprefix(BASE), body, params, headers, repeatable
                )
        finally:
            with self._lock:
                self.in_flight -= 1
        if status >= 400:
            raise refused(answer)
        return answer

    def _received(
        self,
        method: str,
        path: str,
        body: bytes | None,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        repeatable: bool | None,
    ) -> tuple[int, Answer]:
        document: Document = json.loads(body) if body else dict(params or {})
        self.sent.append((method, path, document))
        self.headers.append(dict(headers or {}))
        if method != "GET":
            self.repeatable.append(repeatable)
        number = len(self.sent)
        try:
            for fault in self.faults:
                fault(number, method, path)
            status, told = self._answer(method, path, document, len(body or b""))
        except Refused as refusal:
            status, told = refusal.status, refusal.body
        for fault in self.after:
            fault(number, method, path)
        content = b"" if told is None else json.dumps(told).encode()
        return status, Answer(
            status=status, headers={}, body=content, host="scim.example", path=path
        )

    # ------------------------------------------------------------------ as a service

    def add(self, **attributes: object) -> str:
        self._ids += 1
        identity = f"u{self._ids}"
        self.users[identity] = {"id": identity, "active": True, **attributes}
        return identity

    def _answer(
        self, method: str, path: str, document: Document, size: int
    ) -> tuple[int, Document | None]:
        if path == "/ServiceProviderConfig":
            return 200, {
                "bulk": {
                    "supported": self.bulk,
                    "maxOperations": self.most,
                    "maxPayloadSize": self.payload,
                },
                "filter": {"supported": True, "maxResults": self.page},
            }
        if path == "/Bulk":
            return self._bulk(document, size)
        if method == "GET":
            return self._list(document)
        return self._one(method, path, document)

    def _list(self, query: Document) -> tuple[int, Document]:
        found = list(self.users.values())
        if wanted := query.get("filter"):
            match = re.fullmatch(
                r'(userName|externalId|emails\.value) eq ("(?:[^"\\]|\\.)*")', wanted
            )
            if match is None:
                raise Refused(400, "invalidFilter", "invalid syntax")
            value = json.loads(match[2])
            found = [user for user in found if self._has(user, match[1], value)]
        start = int(query.get("startIndex", 1))
        page = found[start - 1 : start - 1 + min(self.page, int(query.get("count", 100)))]
        listed: Document = {"totalResults": len(found), "startIndex": start}
        return 200, listed | ({"Resources": page} if page else {})

    @staticmethod
    def _has(user: Document, attribute: str, value: str) -> bool:
        if attribute == "emails.value":
            emails = user.get("emails", [])
            return any(email["value"].casefold() == value.casefold() for email in emails)
        # A service that ignores case where it should not: the client must look again.
        return str(user.get(attribute, "")).casefold() == value.casefold()

    def _one(self, method: str, path: str, document: Document) -> tuple[int, Document | None]:
        if method == "POST":
            self._unique(document, "")
            attributes = {name: value for name, value in document.items() if name != "schemas"}
            return 201, self.users[self.add(**attributes)]
        user = self.users.get(path.rpartition("/")[2])
        if user is None:
            raise Refused(404, detail="User not found")
        changed = json.loads(json.dumps(user))
        for operation in document["Operations"]:
            _patched(changed, operation)
        self._unique(changed, user["id"])
        if user.get("roles") and not changed["active"]:
            raise Refused(409, detail="The last owner stays.", code="last-owner")
        self.users[user["id"]] = changed
        return (204, None) if self.quiet_patch else (200, changed)

    def _unique(self, wanted: Document, identity: str) -> None:
        for user in self.users.values():
            if user["id"] == identity:
                continue
            if user.get("userName", "").casefold() == wanted.get("userName", "").casefold():
                raise Refused(409, "uniqueness", "userName is taken")
            if wanted.get("externalId") and user.get("externalId") == wanted["externalId"]:
                raise Refused(409, "uniqueness", "externalId is taken")

    def _bulk(self, document: Document, size: int) -> tuple[int, Document]:
        if not self.bulk:
            raise Refused(404, detail="no such end")
        if size > self.payload or len(document["Operations"]) > self.most:
            raise Refused(413, detail="too large")
        answers = [self._in_bulk(operation) for operation in document["Operations"]]
        if self.bulk_reversed:
            answers.reverse()
        return 200, {"schemas": [], "Operations": answers}

    def _in_bulk(self, operation: Document) -> Document:
        method, path = operation["method"], operation["path"]
        named: Document = {"method": method}
        if "bulkId" in operation:
            named["bulkId"] = operation["bulkId"]
        if method != "POST":
            named["location"] = f"https://scim.example{BASE}{path}"
        try:
            status, user = self._one(method, path, operation["data"])
        except Refused as refusal:
            return named | {"status": str(refusal.status), "response": refusal.body}
        if user is not None:
            named["location"] = f"https://scim.example{BASE}/Users/{user['id']}"
        return named | {"status": str(status)}


def _patched(user: Document, operation: Document) -> None:
    path, value = operation["path"], operation["value"]
    if path == 'emails[type eq "work"].value':
        work = [email for email in user.get("emails", []) if email.get("type") == "work"]
        if not work:
            raise Refused(400, "noTarget", "no value matched the path")
        work[0]["value"] = value
    elif operation["op"] == "add":
        user.setdefault(path, []).extend(value)
    elif "." in path:
        whole, _, part = path.partition(".")
        user.setdefault(whole, {})[part] = value
    else:
        user[path] = value


def once(number: int, problem: Exception) -> Callable[[int, str, str], None]:
    """A fault at the n-th request alone."""

    def fault(now: int, method: str, path: str) -> None:
        if now == number:
            raise problem

    return fault


def on_path(wanted: str, problem: Exception) -> Callable[[int, str, str], None]:
    """A fault at every request to this path."""

    def fault(number: int, method: str, path: str) -> None:
        if path == wanted:
            raise problem

    return fault


def lost() -> Trouble:
    return Trouble(Code.CONNECTION_LOST, host="scim.example")
