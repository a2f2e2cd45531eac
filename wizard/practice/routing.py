"""A small router that knows the template of every path, so that requests can be counted by it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Endpoint", "Match", "Refusal", "Router"]

Endpoint = Callable[[Request], Awaitable[Response]]

_PLACE = re.compile(r"\{([a-z_]+)\}")


class Refusal(Exception):
    """An answer that ends the handling of a request early, in the stand-in's own error form."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a path matched. `endpoint` is None when the path is known and the method is not."""

    template: str
    endpoint: Endpoint | None
    parameters: dict[str, str]
    allowed: tuple[str, ...]


def _segment(part: str) -> str:
    place = _PLACE.fullmatch(part)
    return f"(?P<{place.group(1)}>[^/]+)" if place else re.escape(part)


@dataclass(frozen=True, kw_only=True)
class _Route:
    template: str
    pattern: re.Pattern[str]
    endpoints: dict[str, Endpoint]


class Router:
    """Templates like `/v1/things/{thing_id}`; a place matches one path segment, not empty."""

    def __init__(self) -> None:
        self._routes: dict[str, _Route] = {}

    def add(self, method: str, template: str, endpoint: Endpoint) -> None:
        """Answer this method at this template; GET answers HEAD, too."""
        route = self._routes.get(template)
        if route is None:
            pattern = "/".join(_segment(part) for part in template.split("/"))
            route = _Route(template=template, pattern=re.compile(pattern), endpoints={})
            self._routes[template] = route
        route.endpoints[method] = endpoint

    def match(self, method: str, path: str) -> Match | None:
        """The route for a decoded path, or None when no template fits."""
        for route in self._routes.values():
            found = route.pattern.fullmatch(path)
            if found is None:
                continue
            endpoint = route.endpoints.get("GET" if method == "HEAD" else method)
            return Match(
                template=route.template,
                endpoint=endpoint,
                parameters=found.groupdict(),
                allowed=tuple(sorted(route.endpoints)),
            )
        return None
