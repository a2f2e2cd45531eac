"""The one place that opens a browser, and that decides which addresses it may open."""

from __future__ import annotations

import logging
import webbrowser
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin

__all__ = ["BrowserOpener"]

log = logging.getLogger("wizard.auth.browser")


class BrowserOpener:
    """Opens https addresses, and http ones of this machine, in the person's own browser.

    `swaps` (origin → origin) is for practice alone, where programs and browsers meet the same
    pages at two origins: see `Profile.browser_swaps`. `start` opens an address and tells
    whether a browser was found; by default the system's own.
    """

    def __init__(
        self,
        swaps: Mapping[str, str] | None = None,
        *,
        start: Callable[[str], bool] | None = None,
    ) -> None:
        self._swaps = {Origin.of(old): Origin.of(new) for old, new in (swaps or {}).items()}
        self._start = start or _system_browser

    def address(self, address: str) -> str:
        """The address as the browser gets it, also for "Copy the link".

        Raises `Trouble(UNSAFE_ADDRESS)` for anything but https, or http to this machine,
        whoever sent it.
        """
        origin = Origin.of(address)
        if not origin.is_safe:
            raise Trouble(Code.UNSAFE_ADDRESS, problem="not-https", host=origin.shown)
        there = self._swaps.get(origin)
        if there is None or not (origin.is_loopback and there.is_loopback):
            return address
        parts = urlsplit(address)
        netloc = str(there).partition("://")[2]
        return urlunsplit((there.scheme, netloc, parts.path, parts.query, parts.fragment))

    def open(self, address: str) -> bool:
        """Open it; whether a browser was started. `Trouble(UNSAFE_ADDRESS)` as `address`."""
        shown = self.address(address)
        started = self._start(shown)
        log.info("browser for %s: %s", Origin.of(shown).shown, "started" if started else "none")
        return started


def _system_browser(address: str) -> bool:
    try:
        return webbrowser.open(address, new=1)
    except (webbrowser.Error, OSError):
        return False
