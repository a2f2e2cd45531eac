"""The Google stand-in put together: one directory, the program's paths and the browser's paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wizard.core.clock import Clock
from wizard.practice.google.changes import Changes
from wizard.practice.google.chooser import BrowserAccounts
from wizard.practice.google.directory import Directory, Switches
from wizard.practice.google.marketplace import Marketplace
from wizard.practice.google.oauth import GoogleOAuth
from wizard.practice.google.signin import GoogleSignIn
from wizard.practice.google.store import DirectoryStore
from wizard.practice.google.tokens import GoogleTokens
from wizard.practice.google.trusting import AppControls
from wizard.practice.oauth import SigningKey
from wizard.practice.routing import Router

__all__ = ["GoogleService"]


class GoogleService:
    """Everything of the Google stand-in."""

    def __init__(
        self,
        *,
        path: Path,
        clock: Clock,
        people: int,
        seed: int,
        announce: Callable[[str], None],
    ) -> None:
        self.store = DirectoryStore(path=path, count=people, seed=seed, announce=announce)
        self.tokens = GoogleTokens(self.store, clock)
        self.switches = Switches()
        self.changes = Changes(self.store, clock)
        self._oauth = GoogleOAuth(
            store=self.store, tokens=self.tokens, clock=clock, key=SigningKey()
        )
        accounts = BrowserAccounts(self.store)
        self._controls = AppControls(store=self.store, accounts=accounts)
        self.marketplace = Marketplace(store=self.store, accounts=accounts, clock=clock)
        self.sign_in = GoogleSignIn(
            store=self.store, oauth=self._oauth, clock=clock, controls=self._controls
        )
        self._directory = Directory(store=self.store, tokens=self.tokens, switches=self.switches)

    def api(self) -> Router:
        """The paths of the https origin; the sign-in pages are there, too."""
        router = self.pages()
        self._oauth.add_to(router)
        self._directory.add_to(router)
        return router

    def pages(self) -> Router:
        """The paths of the http origin that a browser visits."""
        router = Router()
        self.sign_in.add_to(router)
        self.marketplace.add_to(router)
        self._controls.add_to(router)
        return router

    def start_over(self) -> None:
        """The directory as it was at first; nobody trusts the app, all tokens have ended."""
        self.store.start_over()
        self._controls.forget()

    def close(self) -> None:
        """End the database connection."""
        self.store.close()
