"""Reading bodies and writing JSON, for all stand-ins alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

__all__ = ["form_pairs", "json_answer", "media_type", "read_body"]

FORM_BYTES = 16 * 1024


def json_answer(
    content: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """A JSON answer that no cache keeps."""
    return Response(
        msgspec.json.encode(content),
        status_code=status,
        headers={"cache-control": "no-store", **(headers or {})},
        media_type=media_type,
    )


def media_type(request: Request) -> str:
    """The media type of the body without its parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int, too_large: Callable[[int], Exception]) -> bytes:
    """The body; raises what `too_large` makes as soon as it grows beyond the limit in bytes."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise too_large(limit)
            parts.append(part)
    except ClientDisconnect:
        # Nobody is left to read the answer; what came of the body is refused for being short.
        return b""
    return b"".join(parts)


async def form_pairs(request: Request, refuse: Callable[[str], Exception]) -> list[tuple[str, str]]:
    """The names and values of a form body, in order; `refuse` makes what is raised otherwise."""
    if media_type(request) != "application/x-www-form-urlencoded":
        raise refuse("Send a form.")
    body = await read_body(request, FORM_BYTES, lambda _: refuse("The form is too large."))
    pairs: list[tuple[str, str]] = []
    for part in body.decode("ascii", "replace").split("&"):
        name, _, value = part.partition("=")
        if name:
            pairs.append((unquote_plus(name), unquote_plus(value)))
    return pairs
