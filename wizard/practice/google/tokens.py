"""Tokens of the Google stand-in: who they are for, what they may, when they end."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request

from wizard.core.clock import Clock, to_text
from wizard.practice.account.database import token_hash
from wizard.practice.account.gate import bearer
from wizard.practice.google.errors import google_refuse
from wizard.practice.google.store import DirectoryStore

__all__ = ["ACCESS_SECONDS", "Caller", "GoogleTokens", "Issued"]

ACCESS_SECONDS = 3599


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whoever a token is for, as the directory knows them now."""

    row: sqlite3.Row
    scopes: frozenset[str]

    @property
    def customer(self) -> str:
        """The customer id of their company."""
        return str(self.row["customer"])

    @property
    def is_admin(self) -> bool:
        """Whether they may read the directory as an administrator."""
        return bool(self.row["admin"] or self.row["delegated"])


@dataclass(frozen=True, kw_only=True)
class Issued:
    """An access token and what goes with it; `refresh` is '' when none was made."""

    access: str
    refresh: str
    scopes: tuple[str, ...]
    person: str


class GoogleTokens:
    """Access tokens live for an hour, refresh tokens until revoked. `person` is a directory id.

    With `rotates` a refresh token is good once: each refresh gives another one, and ends it.
    Google itself does not do so for desktop programs; others do, and a client must bear both.
    """

    def __init__(self, store: DirectoryStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.rotates = False
        self.withheld: frozenset[str] = frozenset()
        """Scopes that were taken back from everybody: tokens are told and accepted without."""

    def issue(self, person: str, scopes: tuple[str, ...], *, offline: bool) -> Issued:
        """Tokens for somebody who has just consented."""
        refresh = f"1//{secrets.token_urlsafe(40)}" if offline else ""
        if refresh:
            self._store.run(
                "INSERT INTO refresh_tokens VALUES (?,?,?,0)",
                token_hash(refresh),
                person,
                " ".join(scopes),
            )
        access = self._access(person, scopes, token_hash(refresh) if refresh else None)
        return Issued(access=access, refresh=refresh, scopes=scopes, person=person)

    def _access(self, person: str, scopes: tuple[str, ...], parent: bytes | None) -> str:
        now = self._clock.now()
        token = f"ya29.{secrets.token_urlsafe(48)}"
        self._store.run("DELETE FROM access_tokens WHERE expires < ?", to_text(now))
        self._store.run(
            "INSERT INTO access_tokens VALUES (?,?,?,?,?)",
            token_hash(token),
            person,
            " ".join(scopes),
            to_text(now + timedelta(seconds=ACCESS_SECONDS)),
            parent,
        )
        return token

    def refresh(self, token: str) -> Issued | None:
        """A new access token, or None when the refresh token is dead or was used up."""
        row = self._store.maybe(
            "SELECT * FROM refresh_tokens WHERE hash = ? AND ended = 0", token_hash(token)
        )
        if row is None or self._person(row["person"]) is None:
            return None
        scopes = tuple(one for one in str(row["scope"]).split() if one not in self.withheld)
        if self.rotates:
            self._store.run("UPDATE refresh_tokens SET ended = 1 WHERE hash = ?", row["hash"])
            return self.issue(row["person"], scopes, offline=True)
        access = self._access(row["person"], scopes, row["hash"])
        return Issued(access=access, refresh="", scopes=scopes, person=row["person"])

    def _person(self, person: str) -> sqlite3.Row | None:
        return self._store.maybe(
            "SELECT * FROM people WHERE id = ? AND deleted = 0 AND suspended = 0", person
        )

    def revoke(self, token: str) -> bool:
        """End a refresh token with its access tokens, or an access token with its parent."""
        wanted = token_hash(token)
        row = self._store.maybe(
            "SELECT coalesce(parent, hash) AS root FROM access_tokens WHERE hash = ?", wanted
        )
        root = wanted if row is None else row["root"]
        ended = self._store.run(
            "UPDATE refresh_tokens SET ended = 1 WHERE hash = ? AND ended = 0", root
        )
        gone = self._store.run("DELETE FROM access_tokens WHERE parent = ?1 OR hash = ?1", root)
        return bool(ended or gone)

    def expire_access(self) -> int:
        """Let every access token expire now; how many. Refresh tokens still work."""
        return self._store.run("DELETE FROM access_tokens")

    def end_refresh(self) -> int:
        """End every refresh token now, as when somebody revokes access; how many."""
        return self._store.run("UPDATE refresh_tokens SET ended = 1 WHERE ended = 0")

    def caller(self, request: Request) -> Caller:
        """Whoever the request's token is for; the answer 401 when there is none."""
        token = bearer(request)
        row = None
        if token is not None:
            row = self._store.maybe(
                "SELECT * FROM access_tokens WHERE hash = ? AND expires > ?",
                token_hash(token),
                to_text(self._clock.now()),
            )
        person = None if row is None else self._person(row["person"])
        if row is None or person is None:
            raise google_refuse("authError")
        return Caller(row=person, scopes=frozenset(str(row["scope"]).split()) - self.withheld)
