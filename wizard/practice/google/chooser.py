"""Who can be signed in at the practice Google: the account chooser, and who a browser is now."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.google.sample import (
    ADMIN,
    DEPUTY,
    ORDINARY,
    OTHER_ADMIN,
    SECOND_ADMIN,
)
from wizard.practice.google.store import DirectoryStore
from wizard.practice.html import choice, hidden

__all__ = ["Account", "BrowserAccounts", "account_rows", "offered_accounts"]

COOKIE = "practice_google_account"
_KEPT = 200
_BADGES = {"admin": "Super admin", "delegated": "Delegated admin"}


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who can be chosen by one click; `customer` is whose directory they are in."""

    id: str
    name: str
    address: str
    badge: str
    customer: str
    is_super_admin: bool
    is_delegated_admin: bool


def offered_accounts(store: DirectoryStore) -> tuple[Account, ...]:
    """A super admin first, then those with whom something else happens."""
    addresses = (ADMIN, ORDINARY, DEPUTY, SECOND_ADMIN, OTHER_ADMIN)
    found = [store.find(address) for address in addresses]
    return tuple(
        Account(
            id=row["id"],
            name=f"{row['given']} {row['family']}".strip(),
            address=row["address"],
            badge=next((words for flag, words in _BADGES.items() if row[flag]), ""),
            customer=row["customer"],
            is_super_admin=bool(row["admin"]),
            is_delegated_admin=bool(row["delegated"]),
        )
        for row in found
        if row is not None and not row["suspended"]
    )


def account_rows(accounts: Sequence[Account]) -> str:
    """One row to press for each."""
    return "".join(
        choice(name="account", value=one.id, title=one.name, line=one.address, badge=one.badge)
        for one in accounts
    )


class BrowserAccounts:
    """Which account is active in a browser, outside of a sign-in: by a cookie of its own."""

    def __init__(self, store: DirectoryStore) -> None:
        self._store = store
        self._active: OrderedDict[str, str] = OrderedDict()

    def active(self, request: Request) -> Account | None:
        """The account that this browser chose."""
        chosen = self._active.get(self._cookie(request))
        return next((one for one in offered_accounts(self._store) if one.id == chosen), None)

    def choose(self, request: Request, response: Response, account: str) -> bool:
        """Let an offered account be the active one; False where it is not offered."""
        if account not in {one.id for one in offered_accounts(self._store)}:
            return False
        cookie = self._cookie(request)
        if cookie not in self._active:
            cookie = secrets.token_urlsafe(24)
        self._active[cookie] = account
        while len(self._active) > _KEPT:
            self._active.popitem(last=False)
        # Over plain http on loopback a cookie cannot be `Secure`.
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", path="/")
        return True

    def form_key(self, request: Request) -> str:
        """A hidden field for a form of this browser, which no other page can guess."""
        return hidden({"key": self._key(request)})

    def is_own_form(self, request: Request, key: str) -> bool:
        """Whether a form was shown to the browser that sends it."""
        return bool(self._cookie(request)) and hmac.compare_digest(
            key.encode(), self._key(request).encode()
        )

    def _cookie(self, request: Request) -> str:
        sent = request.cookies.get(COOKIE, "")
        return sent if re.fullmatch(r"[A-Za-z0-9_-]{20,60}", sent) else ""

    def _key(self, request: Request) -> str:
        return hashlib.sha256(f"form {self._cookie(request)}".encode()).hexdigest()[:32]
