"""Which workspaces have the service's app, as far as the service has heard of it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from wizard.core.clock import Clock, to_text
from wizard.practice.account.database import Database

__all__ = ["Installs"]


class Installs:
    """`delay` is how long it takes until the service sees what was done at Google."""

    def __init__(self, database: Database, clock: Clock, delay: timedelta) -> None:
        self._db = database
        self._clock = clock
        self.delay = delay

    def told(self, domain: str, installed: bool, *, at_once: bool = False) -> None:
        """Google has installed the app for a domain, or taken it away."""
        if not installed:
            self._db.run("DELETE FROM installs WHERE domain = ?", domain.lower())
            return
        seen = self._clock.now() + (timedelta(0) if at_once else self.delay)
        self._db.run("INSERT OR IGNORE INTO installs VALUES (?,?)", domain.lower(), to_text(seen))

    def seen(self, domain: str) -> sqlite3.Row | None:
        """The entry of a domain, once the service sees it."""
        return self._db.maybe(
            "SELECT * FROM installs WHERE domain = ? AND installed <= ?",
            domain.lower(),
            self._db.now(),
        )
