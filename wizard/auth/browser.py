"""The one place that opens a browser or a mail program, and decides which addresses it may."""

from __future__ import annotations

import logging
import re
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote, urlsplit, urlunsplit

from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin

__all__ = ["LONGEST_MAIL", "BrowserOpener", "mail_address"]

log = logging.getLogger("wizard.auth.browser")

LONGEST_MAIL = 2000
"""Letters of a whole mail link; some systems cut longer ones, and a cut mail is worse than none."""
_ADDRESS = re.compile(r"[A-Za-z0-9._+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def mail_address(to: Sequence[str], subject: str, body: str) -> str:
    """The link to a new mail (RFC 6068), made of these parts and of nothing else.

    Every part is percent-encoded whole, so that none of them can add a recipient, a header or
    an attachment. An address in unusual letters is left out; the person types it. Line ends of
    the subject become spaces.
    """
    fitting = [quote(one, safe="@") for one in to if _ADDRESS.fullmatch(one)]
    title = quote(" ".join(subject.split()), safe="")
    text = quote("\r\n".join(body.splitlines()), safe="")
    return f"mailto:{','.join(fitting)}?subject={title}&body={text}"


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

    def open_mail(self, to: Sequence[str], subject: str, body: str) -> bool:
        """Open a new mail in the person's own mail program; whether one was started.

        False also for a mail that is longer than `LONGEST_MAIL`. The link is made here: nobody
        hands one over, so `open` goes on refusing everything but web pages.
        """
        link = mail_address(to, subject, body)
        if len(link) > LONGEST_MAIL:
            log.info("a mail was too long for a link: %s letters", len(link))
            return False
        started = self._start(link)
        log.info("mail program: %s", "started" if started else "none")
        return started


def _system_browser(address: str) -> bool:
    try:
        return webbrowser.open(address, new=1)
    except (webbrowser.Error, OSError):
        return False
