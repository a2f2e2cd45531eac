"""The authorization code flow in the person's own browser, for whichever provider."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from wizard.auth.browser import BrowserOpener
from wizard.auth.listener import Callback, LoopbackListener, outcome
from wizard.auth.loopback_http import Refused, parse_params
from wizard.auth.pkce import fresh_secret
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin

__all__ = [
    "Authorize",
    "CodeAnswer",
    "CodeFlow",
    "PastedFlow",
    "Redirect",
    "Waiting",
    "read_pasted",
]

Authorize = Callable[[str, str], str]
"""(redirect address, state) → the provider's authorization address."""

SECONDS = 10 * 60.0
_EPHEMERAL = 49152
"""The first port that no service is registered for (RFC 6335 section 6)."""
_MOST_PASTES = 5
"""Addresses that may be pasted for one sign-in: people miss, and nobody may try for ever."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The browser has been given a page and we wait for it to come back.

    `url` is the address as the browser gets it, for "Open again" and "Copy the link"; `host`
    is whose page it is; `opened` is False where no browser started.
    """

    url: str
    host: str
    opened: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Where a provider is to come back to, as far as it lets us choose; see the listener."""

    path: str | None = None
    issuer: str = ""
    issuer_needed: bool = False
    host: str = "127.0.0.1"
    port: int = 0


@dataclass(frozen=True, kw_only=True)
class CodeAnswer:
    """What came back, and the redirect address to name when the code is exchanged."""

    callback: Callback
    redirect_uri: str


class CodeFlow:
    """Opens the browser, waits on the one listener, and gives what came back.

    `announce` hears once, from the calling thread, that we are waiting.
    """

    def __init__(
        self,
        browser: BrowserOpener,
        *,
        announce: Callable[[Waiting], None],
        clock: Clock | None = None,
        seconds: float = SECONDS,
        port: int = 0,
    ) -> None:
        self._browser = browser
        self._announce = announce
        self._clock = clock or SystemClock()
        self._seconds = seconds
        self._port = port

    def run(self, authorize: Authorize, redirect: Redirect, cancel: Cancel) -> CodeAnswer:
        """Run it once.

        Raises `Trouble`: listener-failed, unsafe-address, sign-in-refused, sign-in-failed,
        sign-in-timed-out, cancelled. A browser that does not start is no trouble: the person
        may open the link themselves.
        """
        cancel.check()
        state = fresh_secret()
        with LoopbackListener(
            state=state,
            path=redirect.path,
            issuer=redirect.issuer,
            issuer_needed=redirect.issuer_needed,
            host=redirect.host,
            port=redirect.port or self._port,
            clock=self._clock,
        ) as listener:
            url = self._browser.address(authorize(listener.redirect_uri, state))
            opened = self._browser.open(url)
            self._announce(
                Waiting(url=url, host=Origin.of(url).shown, opened=opened, seconds=self._seconds)
            )
            callback = listener.wait(self._seconds, cancel)
            return CodeAnswer(callback=callback, redirect_uri=listener.redirect_uri)


class PastedFlow(CodeFlow):
    """The same flow where the browser is on another computer: nothing listens here.

    `ask` is given what `announce` would hear, with the address to open elsewhere, and gives
    back the address on which that browser ended; its page could not load, and its address bar
    holds the answer. State, proof key and issuer hold as ever. An address that is not the answer
    is told to `refused`, and asked for again a few times; without `refused` it is raised at once.
    """

    def __init__(
        self,
        browser: BrowserOpener,
        *,
        ask: Callable[[Waiting], str],
        refused: Callable[[Trouble], None] | None = None,
    ) -> None:
        super().__init__(browser, announce=lambda _: None)
        self._ask = ask
        self._refused = refused

    def run(self, authorize: Authorize, redirect: Redirect, cancel: Cancel) -> CodeAnswer:
        """See `CodeFlow.run`; raises `Trouble(SIGN_IN_FORGED)` for another sign-in's address."""
        cancel.check()
        state = fresh_secret()
        path = f"/{fresh_secret()}" if redirect.path is None else redirect.path
        port = redirect.port or _EPHEMERAL + secrets.randbelow(65536 - _EPHEMERAL)
        back = f"http://{redirect.host}:{port}{path}"
        url = self._browser.address(authorize(back, state))
        waiting = Waiting(url=url, host=Origin.of(url).shown, opened=False, seconds=self._seconds)
        tried = 0
        while True:
            text = self._ask(waiting)
            cancel.check()
            tried += 1
            try:
                callback = read_pasted(
                    text,
                    state=state,
                    redirect_uri=back,
                    issuer=redirect.issuer,
                    issuer_needed=redirect.issuer_needed,
                )
            except Trouble as trouble:
                again = trouble.code is Code.SIGN_IN_FORGED and tried < _MOST_PASTES
                if self._refused is None or not again:
                    raise
                self._refused(trouble)
                continue
            return CodeAnswer(callback=callback, redirect_uri=back)


def read_pasted(
    text: str,
    *,
    state: str,
    redirect_uri: str,
    issuer: str = "",
    issuer_needed: bool = False,
) -> Callback:
    """The callback from an address that a person copied out of a browser elsewhere.

    The browser ended on a page that could not load; its address holds the answer. State, path
    and issuer are checked as the listener does. Raises `Trouble(SIGN_IN_FORGED)` when it isn't
    the answer to this sign-in, and as `listener.outcome`.
    """
    wanted = urlsplit(redirect_uri)
    address = text.strip().strip("<>\"'")
    if address.startswith(f"{wanted.netloc}/"):
        address = f"{wanted.scheme}://{address}"  # some address bars hide how it begins
    try:
        parts = urlsplit(address)
    except ValueError as problem:
        raise Trouble(Code.SIGN_IN_FORGED, problem="other-address") from problem
    if (parts.scheme, parts.netloc, parts.path or "/") != (
        wanted.scheme,
        wanted.netloc,
        wanted.path or "/",
    ):
        raise Trouble(Code.SIGN_IN_FORGED, problem="other-address")
    try:
        params = parse_params(parts.query)
    except Refused as problem:
        raise Trouble(Code.SIGN_IN_FORGED, problem="not-understood") from problem
    if not hmac.compare_digest(params.get("state", "").encode(), state.encode()):
        raise Trouble(Code.SIGN_IN_FORGED, problem="other-state")
    if issuer and params.get("iss", "" if issuer_needed else issuer) != issuer:
        raise Trouble(Code.SIGN_IN_FORGED, problem="other-issuer")
    return outcome(Callback(params=MappingProxyType(params)))
