"""Who is signed in to the account service's pages in which browser."""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Browsers"]

_COOKIE = "practice_account_session"
_KEPT = 200


class Browsers:
    """A browser is known by a cookie that says nothing by itself; a restart forgets them all."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, str] = OrderedDict()

    def sign_in(self, response: Response, person: str) -> None:
        """From now on this browser is this person's. Over plain http it cannot be `Secure`."""
        key = secrets.token_urlsafe(24)
        self._people[key] = person
        while len(self._people) > _KEPT:
            self._people.popitem(last=False)
        response.set_cookie(_COOKIE, key, httponly=True, samesite="lax", path="/")

    def person(self, request: Request) -> str:
        """Who is signed in here, or ''."""
        key = request.cookies.get(_COOKIE, "")
        return self._people.get(key, "") if re.fullmatch(r"[A-Za-z0-9_-]{32}", key) else ""
