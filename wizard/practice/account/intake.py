"""Reading what a request asks: strictly, so that a client's mistake is seen on the first day."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from starlette.requests import Request

from wizard.practice.account.problems import Problem, refuse
from wizard.practice.messages import media_type, read_body
from wizard.practice.routing import Refusal

__all__ = ["Page", "page_of", "read_json", "read_whole"]

T = TypeVar("T")

JSON_TYPES = frozenset({"application/json"})
MAX_BODY = 1024 * 1024
_WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which part of a list is asked for: at most `limit` items after position `after`."""

    limit: int
    after: int

    def next_cursor(self, listing: str, last: int) -> str:
        """The cursor of the page after the item at position `last`."""
        text = f"{listing}:{last}"
        mark = hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
        return base64.urlsafe_b64encode(f"{text}:{mark}".encode()).decode().rstrip("=")


def _too_large(limit: int) -> Refusal:
    return refuse(Problem.PAYLOAD_TOO_LARGE, f"At most {limit} bytes.")


async def read_whole(request: Request) -> bytes:
    """The body, or 413."""
    return await read_body(request, MAX_BODY, _too_large)


async def read_json(
    request: Request, shape: type[T], types: frozenset[str] = JSON_TYPES
) -> tuple[T, bytes]:
    """The body as this shape, and its bytes; 415 or 400 when it is something else."""
    if media_type(request) not in types:
        raise refuse(Problem.UNSUPPORTED_MEDIA_TYPE, f"Use {' or '.join(sorted(types))}.")
    body = await read_whole(request)
    try:
        return msgspec.convert(_whole_numbers(msgspec.json.decode(body)), shape), body
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise refuse(Problem.INVALID_REQUEST, str(problem)) from problem


def _whole_numbers(value: object) -> object:
    """What JSON said, with 45.0 as 45: to JSON Schema both are the same integer."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _whole_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(one) for one in value]
    return value


def page_of(request: Request, listing: str) -> Page:
    """The page that the query asks for; `listing` names the list that a cursor belongs to."""
    limit = request.query_params.get("limit", "100")
    if not _WHOLE.fullmatch(limit) or not 1 <= int(limit) <= 200:
        raise refuse(Problem.INVALID_REQUEST, "limit is a whole number from 1 to 200.")
    cursor = request.query_params.get("cursor")
    if cursor is None:
        return Page(limit=int(limit), after=0)
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as problem:
        raise refuse(Problem.INVALID_CURSOR) from problem
    named, _, rest = text.rpartition(":")[0].rpartition(":")
    if named != listing or not _WHOLE.fullmatch(rest):
        raise refuse(Problem.INVALID_CURSOR)
    page = Page(limit=int(limit), after=int(rest))
    if page.next_cursor(listing, page.after) != cursor:
        raise refuse(Problem.INVALID_CURSOR)
    return page
