"""The practice organization with somebody who notes every secret that goes over its wires.

`HOME PEOPLE READY-FILE RECORD`: serves as `practice serve` does, and appends to RECORD one JSON
line for each new secret, `{"kind": …, "value": …}`; the kind `exchange` is a whole request that
traded a code for tokens, its address and its form in one. What a program and a browser really
send and get is the only whole list of what nobody may find later.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import sys
from collections.abc import Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wizard.practice import serve as serving

_SHORTEST = 12
"""Letters of the shortest secret that is looked for: a shorter one is found by chance."""
_ANSWERED = frozenset(
    {"access_token", "client_secret", "id_token", "password", "refresh_token", "token"}
)
"""Fields of an answer; other things there are called code and state, too."""
_ASKED = _ANSWERED | {"code", "code_verifier", "nonce", "state"}
"""Fields of addresses and forms."""


class Record:
    """The file of secrets; each stands in it once."""

    def __init__(self, path: Path) -> None:
        self._known: set[str] = set()
        handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self._file = os.fdopen(handle, "a", encoding="utf-8")

    def note(self, kind: str, value: str) -> None:
        """Take a secret down."""
        if len(value) < _SHORTEST or value in self._known:
            return
        self._known.add(value)
        self._file.write(json.dumps({"kind": kind, "value": value}) + "\n")
        self._file.flush()


class Witness:
    """One origin as it is, with a look at everything that comes and goes."""

    def __init__(self, site: ASGIApp, record: Record) -> None:
        self._site = site
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._site(scope, receive, send)
            return
        heads = [
            (name.decode().lower(), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        self._note_request(scope["query_string"].decode("latin-1"), heads)
        came, went = bytearray(), bytearray()

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                came.extend(message.get("body", b""))
            return message

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note_answer(message["headers"])
            else:
                went.extend(message.get("body", b""))
            await send(message)

        try:
            await self._site(scope, received, sent)
        finally:
            if b"authorization_code" in came:
                address = f"https://{dict(heads).get('host', '')}{scope['path']}"
                self._record.note("exchange", f"{address} {came.decode('latin-1')}")
            self._note_body(bytes(came))
            self._note_body(bytes(went))

    def _note_pairs(self, text: str) -> None:
        for name, value in parse_qsl(text, keep_blank_values=True):
            if name in _ASKED:
                self._record.note(name, value)

    def _note_request(self, query: str, heads: list[tuple[str, str]]) -> None:
        self._note_pairs(query)
        for name, value in heads:
            if name == "authorization":
                self._note_authorization(value)
            elif name == "cookie":
                self._note_cookies(value)

    def _note_authorization(self, value: str) -> None:
        kind, _, given = value.partition(" ")
        self._record.note("authorization", given)
        if kind.lower() == "basic":
            try:
                pair = base64.b64decode(given, validate=True).decode()
            except (binascii.Error, ValueError):
                return
            self._record.note("password", unquote(pair.partition(":")[2]))

    def _note_cookies(self, text: str) -> None:
        try:
            cookies = SimpleCookie(text)
        except CookieError:
            return
        for cookie in cookies.values():
            self._record.note("cookie", cookie.value)

    def _note_answer(self, heads: list[tuple[bytes, bytes]]) -> None:
        for name, value in heads:
            if name.lower() == b"location":
                parts = urlsplit(value.decode("latin-1"))
                self._note_pairs(parts.query)
            elif name.lower() == b"set-cookie":
                self._note_cookies(value.decode("latin-1"))

    def _note_body(self, body: bytes) -> None:
        if body[:1] in {b"{", b"["}:
            try:
                content: object = json.loads(body)
            except ValueError:
                return
            for name, value in _fields(content):
                self._record.note(name, value)
        elif body[:1] != b"<":
            self._note_pairs(body.decode("latin-1"))


def _fields(content: object) -> Iterator[tuple[str, str]]:
    """The secret fields of an answer, however deep."""
    if isinstance(content, Mapping):
        for name, value in content.items():
            if name in _ANSWERED and isinstance(value, str):
                yield name, value
            else:
                yield from _fields(value)
    elif isinstance(content, list):
        for value in content:
            yield from _fields(value)


def main(home: str, people: str, ready: str, record: str) -> int:
    """Serve until told to stop."""
    kept = Record(Path(record))

    class Watched(serving.World):
        """The world, with a witness at every door but that of the control page."""

        def __init__(self, **given: object) -> None:
            super().__init__(**given)  # type: ignore[arg-type]  # passed on as they came
            for name, site in self.sites.items():
                if name != "control":
                    self.sites[name] = Witness(site, kept)  # type: ignore[assignment]  # it stands before it

    setattr(serving, "World", Watched)  # noqa: B010 - the world that `serve` makes
    options = serving.PracticeOptions(
        home=Path(home), people=int(people), activation_seconds=0.2, ready_file=Path(ready)
    )
    return serving.serve(options, announce=print)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
