"""Just enough HTTP/1.1 to hear one browser's redirect, and to be unmoved by anything else."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from urllib.parse import parse_qsl

from wizard.content.text import t
from wizard.core.resources import resource

__all__ = [
    "Refused",
    "Request",
    "answer",
    "page",
    "parse_head",
    "parse_params",
    "split_head",
]

LARGEST_HEAD = 16 * 1024
LARGEST_BODY = 64 * 1024
_MOST_PARAMS = 32

_LINE = re.compile(r"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.[01]")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*?)[ \t]*")
_REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    421: "Misdirected Request",
    431: "Request Header Fields Too Large",
}


class Refused(Exception):
    """A request that gets this status and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Request:
    """The head of a request; header names are lower-case, each with all its values."""

    method: str
    path: str
    query: str
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """The value of a header that may come once; `Refused(400)` when it comes twice."""
        values = self.headers.get(name, ())
        if len(values) > 1:
            raise Refused(400)
        return values[0] if values else ""

    @property
    def length(self) -> int:
        """Bytes of body to come (RFC 9112 section 6); `Refused` where it cannot be known."""
        if self.header("transfer-encoding"):
            raise Refused(411)
        text = self.header("content-length")
        if not text:
            return 0
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise Refused(400)
        if int(text) > LARGEST_BODY:
            raise Refused(413)
        return int(text)


def split_head(received: bytes) -> tuple[bytes, bool, bytes]:
    """What came so far as (head, whether it is whole, rest); `Refused(431)` when it is too long."""
    head, blank, rest = received.partition(b"\r\n\r\n")
    if len(head) > LARGEST_HEAD:
        raise Refused(431)
    return head, bool(blank), rest


def parse_head(head: bytes) -> Request:
    """Read request line and headers (RFC 9112 sections 3 and 5); `Refused(400)`."""
    first, *rest = head.decode("latin-1").split("\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        raise Refused(400)
    headers: dict[str, tuple[str, ...]] = {}
    for text in rest:
        found = _HEADER.fullmatch(text)
        if found is None:
            raise Refused(400)
        name = found.group(1).lower()
        headers[name] = (*headers.get(name, ()), found.group(2))
    path, _, query = line.group(2).partition("?")
    return Request(method=line.group(1), path=path, query=query, headers=headers)


def parse_params(text: str) -> dict[str, str]:
    """Form fields; `Refused(400)` when one comes twice (RFC 6749 section 3.1) or too many come."""
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, max_num_fields=_MOST_PARAMS, errors="strict"
        )
    except ValueError as problem:
        raise Refused(400) from problem
    params = dict(pairs)
    if len(params) != len(pairs):
        raise Refused(400)
    return params


def answer(status: int, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole answer, closing the connection, kept out of caches and referrers."""
    lines = {
        "Content-Length": str(len(body)),
        "Connection": "close",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {_REASONS[status]}\r\n{head}\r\n".encode("latin-1") + body


def page(*, worked: bool, detail: str, with_body: bool) -> bytes:
    """The done page as a whole answer. `detail` came from outside; it is escaped here."""
    template = resource("pages", "sign-in-done.html").read_text(encoding="utf-8")
    if worked:
        title = t("You can go back now")
        lead = t("Enterprise Connect Setup has what it needs and goes on in its own window.")
    else:
        title = t("Nothing was connected")
        lead = t("Enterprise Connect Setup says in its own window what to do next.")
    words = {
        "title": title,
        "lead": lead,
        "hint": t("You can close this page."),
        "detail": t("What the sign-in page said: {detail}", detail=detail) if detail else "",
        "mark": "yes" if worked else "no",
    }
    filled = Template(template).substitute(
        {name: html.escape(text, quote=True) for name, text in words.items()}
    )
    body = filled.encode("utf-8")
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _policy(filled),
        "X-Frame-Options": "DENY",
    }
    whole = answer(200, body=body, headers=headers)
    return whole if with_body else whole.removesuffix(body)


def _policy(document: str) -> str:
    """Nothing may load or run; the page's own style sheet is named by its hash."""
    styles = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in styles
    )
    return (
        f"default-src 'none'; style-src {hashes}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
