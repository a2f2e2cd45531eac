"""The look of every practice page: plain HTML that works without scripts, under the band."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.resources import resource
from wizard.practice.routing import Router

__all__ = ["add_assets", "choice", "details", "hidden", "note", "page", "redirect"]

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

_MARK = (
    '<svg class="mark" width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">'
    '<rect x="1" y="1" width="26" height="26" rx="7"/><g><circle cx="9.5" cy="14" r="3.6"/>'
    '<circle cx="19" cy="9.3" r="2.3"/><circle cx="19" cy="18.7" r="2.3"/>'
    '<path d="M12.8 12.4l4-2M12.8 15.6l4 2"/></g></svg>'
)


def page(
    *, title: str, brand: str, content: str, status: int = 200, wide: bool = False
) -> Response:
    """A whole page. `title` and `brand` are text; `content` is HTML whose data was escaped."""
    kind = "sheet wide" if wide else "sheet"
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – {escape(brand)}</title>"
        '<link rel="stylesheet" href="/practice.css"></head><body>'
        '<div class="band" role="note"><span class="hatch" aria-hidden="true"></span>'
        "<p><b>Practice organization.</b> Invented people, no real accounts, no email.</p></div>"
        f'<main class="{kind}"><div class="brand">{_MARK}<b>{escape(brand)}</b></div>'
        f"<h1>{escape(title)}</h1>{content}</main></body></html>"
    )
    return Response(text, status, _HEADERS, "text/html")


def note(text: str, *, kind: str = "") -> str:
    """A short note; `kind` is '', 'warn' or 'bad'."""
    return f'<p class="note {escape(kind)}">{escape(text)}</p>'


def hidden(values: Mapping[str, str]) -> str:
    """Fields that a form carries and nobody sees."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in values.items()
    )


def choice(*, name: str, value: str, title: str, line: str, badge: str = "") -> str:
    """One row that is pressed as a whole."""
    initials = "".join(part[0] for part in title.split()[:2]).upper()
    mark = f'<span class="badge">{escape(badge)}</span>' if badge else ""
    return (
        f'<button class="choice" name="{escape(name)}" value="{escape(value)}">'
        f'<span class="avatar" aria-hidden="true">{escape(initials)}</span>'
        f'<span class="who"><b>{escape(title)}</b><span>{escape(line)}</span></span>{mark}</button>'
    )


def details(rows: Mapping[str, str]) -> str:
    """A list of names and values."""
    items = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows.items())
    return f"<dl>{items}</dl>"


def redirect(address: str) -> Response:
    """Send the browser elsewhere, by GET (303)."""
    return Response(status_code=303, headers={**_HEADERS, "location": address})


async def _style_sheet(_request: Request) -> Response:
    text = resource("pages", "practice", "practice.css").read_bytes()
    return Response(text, 200, {"cache-control": "max-age=60"}, "text/css")


async def _no_icon(_request: Request) -> Response:
    return Response(status_code=204, headers={"cache-control": "max-age=86400"})


def add_assets(router: Router) -> None:
    """What every page needs: the style sheet, and an answer to browsers that ask for an icon."""
    router.add("GET", "/practice.css", _style_sheet)
    router.add("GET", "/favicon.ico", _no_icon)
