"""A small browser that signs in by itself, on this computer only, for the rehearsal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests

from wizard.services.page_forms import Button, Form, Page, read_page

__all__ = ["Manners", "ScriptedBrowser", "Stuck"]

log = logging.getLogger(__name__)
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_PAGES = 25
_LARGEST = 2 * 1024 * 1024
_TIMES = (5.0, 60.0)
_REFUSALS = frozenset({"cancel", "deny", "no", "refuse", "back", "decline", "cancel_consent"})


class Stuck(Exception):
    """The browser met a page that it does not know how to go on from."""


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How the browser behaves: who it is, what it leaves unticked, whether it says no."""

    person: str
    password: str = ""
    name: str = ""
    untick: frozenset[str] = frozenset()
    refuse: bool = False


@dataclass(frozen=True, kw_only=True)
class _Fetched:
    """What one request gave: where it leads on, or a page."""

    target: str | None
    text: str


class ScriptedBrowser:
    """Opens an address on a thread of its own and follows pages and forms to the end.

    Only plain addresses of this computer are visited, wherever a page may lead. `stuck` is told
    in one sentence when it can't go on, so that nobody waits for a browser that gave up.
    """

    def __init__(self, manners: Manners, *, stuck: Callable[[str], None]) -> None:
        self.manners = manners
        self.visited: list[str] = []
        self._stuck = stuck
        self._threads: list[threading.Thread] = []

    def open(self, address: str) -> bool:
        """Begin; whether a browser started, as an opener for a real one tells."""
        thread = threading.Thread(
            target=self._follow, args=(address, self.manners), name="scripted-browser"
        )
        self._threads.append(thread)
        thread.start()
        return True

    def close(self) -> None:
        """Wait until every page that was opened has been followed to its end."""
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def carried(self, address: str) -> str:
        """Follow an address on this thread to where it leads back to a program, and go no further.

        The address that a person would copy out of this browser, on a computer where nobody
        answers there. Raises `Stuck`, or the errors of `requests`.
        """
        back = parse_qs(urlsplit(address).query).get("redirect_uri", [""])[0]
        with requests.Session() as session:
            session.trust_env = False
            return self._walk(session, address, self.manners, back=back)

    def _follow(self, address: str, manners: Manners) -> None:
        try:
            with requests.Session() as session:
                session.trust_env = False
                self._walk(session, address, manners)
        except (Stuck, requests.RequestException) as problem:
            log.info("the scripted browser could not go on: %s", type(problem).__name__)
            self._stuck(str(problem))

    def _walk(
        self, session: requests.Session, address: str, manners: Manners, *, back: str = ""
    ) -> str:
        """Follow pages and forms; where it ended, which is `back` without a look at it."""
        method, data = "GET", None
        start = _origin(address)
        tried: set[tuple[str, str]] = set()
        for _ in range(_MOST_PAGES):
            if back and _origin(address) == _origin(back):
                return address
            self.visited.append(_bare(address))
            answer = _fetch(session, method, address, data)
            if answer.target is not None:
                address, method, data = urljoin(address, answer.target), "GET", None
                continue
            page = read_page(address, answer.text)
            if _origin(address) != start:
                return address  # back at the program that opened the page
            form, button = _choose(page, manners)
            if (form.action, button.value) in tried:
                raise Stuck(f"the page “{page.title}” came back: {page.text[:200]}")
            tried.add((form.action, button.value))
            data = _filled(form, button, manners)
            address, method = form.action, form.method.upper()
            if method == "GET":
                address, data = _with_query(address, data), None
        raise Stuck("the pages have no end")


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _bare(address: str) -> str:
    """An address without what may be a code or a state."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _fetch(
    session: requests.Session, method: str, address: str, data: list[tuple[str, str]] | None
) -> _Fetched:
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in _HOSTS:
        raise Stuck(f"a page leads away from this computer, to {parts.hostname}")
    with session.request(
        method, address, data=data, allow_redirects=False, timeout=_TIMES, stream=True
    ) as answer:
        target = answer.headers.get("location") if answer.is_redirect else None
        content = bytearray()
        for chunk in answer.iter_content(65536):
            content += chunk
            if len(content) > _LARGEST:
                raise Stuck("a page is too large")
    return _Fetched(target=target, text=content.decode("utf-8", "replace"))


def _choose(page: Page, manners: Manners) -> tuple[Form, Button]:
    """The form and the button that a person with these manners would press."""
    every = [(form, button) for form in page.forms for button in form.buttons]
    person = manners.person.casefold()
    wishes: list[Callable[[Form, Button], bool]] = [
        lambda _, button: manners.refuse and _refuses(button),
        lambda _, button: person in {button.value.casefold(), *button.text.casefold().split()},
        lambda form, _: bool(manners.password) and form.has("password"),
        lambda form, button: (
            not form.has("password") and not _refuses(button) and "@" not in button.text
        ),
    ]
    for wish in wishes:
        for form, button in every:
            if wish(form, button):
                return form, button
    raise Stuck(f"no way on from the page “{page.title}”: {page.text[:200]}")


def _refuses(button: Button) -> bool:
    words = {button.text.casefold(), button.value.casefold()}
    return bool(words & _REFUSALS)


def _filled(form: Form, button: Button, manners: Manners) -> list[tuple[str, str]]:
    data = []
    for entry in form.fields:
        match entry.kind:
            case "checkbox":
                if not any(part and part in entry.value for part in manners.untick):
                    data.append((entry.name, entry.value))
            case "radio":
                if entry.ticked:
                    data.append((entry.name, entry.value))
            case "password":
                data.append((entry.name, manners.password))
            case "email":
                data.append((entry.name, manners.person))
            case "hidden":
                data.append((entry.name, entry.value))
            case _:
                data.append((entry.name, manners.name or entry.value))
    if button.name:
        data.append((button.name, button.value))
    return data


def _with_query(address: str, data: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(data)}" if data else address
