"""Access tokens that are always fresh, from one refresh token that several processes share."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.trouble import Code, Trouble

__all__ = ["Refresher", "Secrets", "TokenSet", "TokenSource"]

log = logging.getLogger("wizard.auth.tokens")

_MARGIN = timedelta(seconds=90)
"""A token that ends sooner than this is replaced first: a request takes time, clocks differ."""


class TokenSet(msgspec.Struct, frozen=True, kw_only=True):
    """What a token endpoint gave. `expires_at` is aware; None when it was not told.

    `scope` holds what was really granted, separated by spaces.
    """

    access_token: str
    refresh_token: str = ""
    expires_at: datetime | None = None
    scope: str = ""

    def __repr__(self) -> str:
        return f"TokenSet(expires_at={self.expires_at}, refreshable={bool(self.refresh_token)})"

    @property
    def scopes(self) -> frozenset[str]:
        """The granted scopes."""
        return frozenset(self.scope.split())


class Refresher(Protocol):
    """How one kind of provider trades a refresh token for new tokens."""

    def refresh(self, tokens: TokenSet, cancel: Cancel) -> TokenSet:
        """New tokens; an empty `refresh_token` or `scope` means that the old one stays.

        Never repeated blindly: a rotating refresh token is good once. Raises
        `Trouble(SIGN_IN_EXPIRED)` when the refresh token is dead, else the network's codes.
        """
        ...


class Secrets(Protocol):
    """What a token source needs of the vault, which it does not know."""

    def get(self, name: str) -> bytes | None:
        """What is kept now, by whichever process."""
        ...

    def set(self, name: str, value: bytes) -> None:
        """Keep this, and everything else as it is."""
        ...

    def delete(self, name: str) -> None:
        """Forget this."""
        ...

    def locked(self, name: str, cancel: Cancel) -> AbstractContextManager[None]:
        """Be the only one, in every process, who works on this entry within the block."""
        ...


class TokenSource:
    """The tokens of one connection, kept in the vault; a `net.bearer.Bearer`.

    The only writer of its vault entry. Before it refreshes it locks the entry across processes
    and reads it again, because another process may have refreshed meanwhile: two that use one
    rotating token without that lose the sign-in at once (RFC 9700 section 4.14.2).
    """

    def __init__(
        self, *, vault: Secrets, entry: str, refresher: Refresher, clock: Clock | None = None
    ) -> None:
        self._vault = vault
        self._entry = entry
        self._refresher = refresher
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._copy: TokenSet | None = None
        self._unsaved: TokenSet | None = None
        self._refused = ""
        self._dead = ""

    def keep(self, tokens: TokenSet, cancel: Cancel) -> TokenSet | None:
        """Keep the tokens of a fresh sign-in; those that were there until now, None for none."""
        with self._vault.locked(self._entry, cancel):
            before = self._unsaved or self.tokens()
            self._dead = ""  # whatever was refused before, somebody has just signed in with this
            self._save(tokens)
        return before

    def forget(self, cancel: Cancel) -> None:
        """Forget the tokens here; revoking them at the other side is another matter."""
        with self._vault.locked(self._entry, cancel):
            self._vault.delete(self._entry)
            with self._lock:
                self._copy = self._unsaved = None

    def tokens(self) -> TokenSet | None:
        """What is kept now, None where nobody has signed in."""
        content = self._vault.get(self._entry)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=TokenSet)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            log.warning("the kept tokens of %s could not be read", self._entry.partition("/")[0])
            return None

    def token(self, cancel: Cancel) -> str:
        """An access token that should work now; see `Bearer.token`.

        Raises `Trouble`: sign-in-needed when nobody has signed in, sign-in-expired when the
        refresh token is dead, and those of network, vault and disk.
        """
        with self._lock:
            copy = self._copy
            if copy is not None and self._is_good(copy):
                return copy.access_token
        with self._vault.locked(self._entry, cancel), cancel.unpaused() as unpaused:
            return self._renew(unpaused).access_token

    def rejected(self, token: str) -> None:
        """See `Bearer.rejected`."""
        with self._lock:
            self._refused = token

    def _is_good(self, tokens: TokenSet) -> bool:
        if tokens.access_token == self._refused:
            return False
        return tokens.expires_at is None or tokens.expires_at - self._clock.now() > _MARGIN

    def _renew(self, cancel: Cancel) -> TokenSet:
        """Under the lock: take what another process fetched, or fetch ourselves."""
        known = self._unsaved or self.tokens()
        if known is None:
            raise Trouble(Code.SIGN_IN_NEEDED, connection=self._entry.partition("/")[0])
        if self._unsaved is not None:
            self._save(known)
        if self._is_good(known):
            with self._lock:
                self._copy = known
            return known
        if not known.refresh_token or known.refresh_token == self._dead:
            raise Trouble(Code.SIGN_IN_EXPIRED, connection=self._entry.partition("/")[0])
        try:
            fresh = self._refresher.refresh(known, cancel)
        except Trouble as problem:
            if problem.code is Code.SIGN_IN_EXPIRED:
                self._dead = known.refresh_token
            raise
        merged = TokenSet(
            access_token=fresh.access_token,
            refresh_token=fresh.refresh_token or known.refresh_token,
            expires_at=fresh.expires_at,
            scope=fresh.scope or known.scope,
        )
        self._save(merged)
        return merged

    def _save(self, tokens: TokenSet) -> None:
        """Keep tokens. Where the disk refuses, they stay in memory and are saved next time.

        The old refresh token is used up, so the new one must not be lost to a full disk.
        """
        with self._lock:
            self._copy = self._unsaved = tokens
        self._vault.set(self._entry, msgspec.json.encode(tokens))
        with self._lock:
            self._unsaved = None
