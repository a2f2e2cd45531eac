"""How somebody signs in whose browser is on another computer: addresses are carried by hand."""

from __future__ import annotations

from typing import Protocol

from wizard.core.trouble import Trouble
from wizard.services.contract import BrowserWaiting

__all__ = ["Pasting"]


class Pasting(Protocol):
    """Somebody who opens an address elsewhere, and brings back the one on which it ended."""

    def ask(self, waiting: BrowserWaiting) -> str:
        """Give out the address to open, once for a sign-in; the address that came back.

        Raises `Trouble` (sign-in-needed where nothing comes back, cancelled).
        """
        ...

    def refused(self, trouble: Trouble) -> None:
        """Hear that what was brought is not the answer to this sign-in; `ask` comes again."""
        ...
