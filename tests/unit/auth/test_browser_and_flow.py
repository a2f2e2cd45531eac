"""What a browser may open, and how a code flow begins and ends."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from wizard.auth import listener as listener_module
from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow, PastedFlow, Redirect, Waiting, read_pasted
from wizard.auth.pkce import Pkce, fresh_secret
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble

SWAPS = {"https://127.0.0.1:8443": "http://127.0.0.1:8080"}


class Opened:
    """A browser that remembers, and may be missing."""

    def __init__(self, *, there: bool = True) -> None:
        self.addresses: list[str] = []
        self.there = there

    def __call__(self, address: str) -> bool:
        self.addresses.append(address)
        return self.there


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://connect.example/authorize?a=1#b",
        "http://127.0.0.1:8080/x",
        "http://localhost:1/",
        "http://[::1]:1/",
    ],
)
def test_safe_addresses_are_opened_as_they_are(address: str) -> None:
    opened = Opened()
    assert BrowserOpener(start=opened).open(address)
    assert opened.addresses == [address]


@pytest.mark.parametrize(
    "address",
    [
        "http://connect.example/", "http://127.0.0.1.evil.example/", "file:///etc/passwd",
        "javascript:alert(1)", "ms-settings:x", "data:text/html,x", "", "connect.example",
        "https://ana@connect.example/", "https://connect.example\\@evil.example/",
        "https://connect.example/\nX: y", "https:///x", "//connect.example/", "-version",
        "https://connect.example:99999/", "HTTP://connect.example/", " https://connect.example/",
    ],
)  # fmt: skip
def test_anything_else_is_refused(address: str) -> None:
    opened = Opened()
    with pytest.raises(Trouble) as trouble:
        BrowserOpener(SWAPS, start=opened).open(address)
    assert trouble.value.code is Code.UNSAFE_ADDRESS
    assert opened.addresses == []


@given(st.text(max_size=80))
def test_no_text_opens_more_than_https_or_this_machine(text: str) -> None:
    opened = Opened()
    try:
        BrowserOpener(start=opened).open(text)
    except Trouble:
        assert opened.addresses == []
    else:
        parts = urlsplit(opened.addresses[0])
        assert parts.scheme.lower() == "https" or parts.hostname in {"127.0.0.1", "localhost"}


def test_practice_pages_are_opened_at_their_own_origin_with_everything_else_the_same() -> None:
    opener = BrowserOpener(SWAPS, start=Opened())
    asked = "https://127.0.0.1:8443/authorize?redirect_uri=https%3A%2F%2F127.0.0.1%3A8443&b=2#c"
    assert opener.address(asked) == asked.replace(
        "https://127.0.0.1:8443/", "http://127.0.0.1:8080/"
    )
    untouched = "https://127.0.0.1:844/authorize"
    assert opener.address(untouched) == untouched


@pytest.mark.parametrize(
    "swaps",
    [
        {"https://connect.example": "http://127.0.0.1:1"},
        {"https://127.0.0.1:8443": "https://evil.example"},
    ],
)
def test_nothing_is_swapped_unless_both_are_this_machine(swaps: dict[str, str]) -> None:
    opener = BrowserOpener(swaps, start=Opened())
    for origin in swaps:
        assert opener.address(f"{origin}/x") == f"{origin}/x"


def test_a_missing_browser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: str, new: int = 0) -> bool:
        raise webbrowser.Error(str(new))

    monkeypatch.setattr(webbrowser, "open", none)
    assert not BrowserOpener().open("https://connect.example/")


# ------------------------------------------------------------------ proofs


def test_a_proof_is_as_the_standard_wants_it() -> None:
    proof = Pkce(verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    # the example of RFC 7636, appendix B
    assert proof.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    fresh = {Pkce.fresh().verifier for _ in range(20)}
    assert len(fresh) == 20
    assert all(43 <= len(verifier) <= 128 for verifier in fresh)
    assert proof.verifier not in repr(proof)
    assert len({fresh_secret() for _ in range(20)}) == 20


# ------------------------------------------------------------------ the flow


class Visitor:
    """A browser that comes back to the redirect address with what it was told to bring."""

    def __init__(self, **brings: str) -> None:
        self.brings = brings
        self.thread: threading.Thread | None = None

    def __call__(self, address: str) -> bool:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        target = asked["redirect_uri"] + "?" + urlencode({"state": asked["state"], **self.brings})
        self.thread = threading.Thread(target=lambda: requests.get(target, timeout=10))
        self.thread.start()
        return True


def authorize(redirect_uri: str, state: str) -> str:
    return "https://connect.example/authorize?" + urlencode(
        {"redirect_uri": redirect_uri, "state": state}
    )


def flow(start: Callable[[str], bool], told: list[Waiting], seconds: float = 30) -> CodeFlow:
    return CodeFlow(BrowserOpener(start=start), announce=told.append, seconds=seconds)


def test_a_flow_gives_the_code_and_the_redirect_it_came_to() -> None:
    told: list[Waiting] = []
    visitor = Visitor(code="c0de")
    came = flow(visitor, told).run(authorize, Redirect(), Cancel())
    assert visitor.thread is not None
    visitor.thread.join()
    assert came.callback.code == "c0de"
    assert came.redirect_uri.startswith("http://127.0.0.1:")
    assert (told[0].host, told[0].opened) == ("connect.example", True)
    assert parse_qs(urlsplit(told[0].url).query)["redirect_uri"] == [came.redirect_uri]


def test_a_missing_browser_still_waits_for_the_copied_link() -> None:
    told: list[Waiting] = []
    visitor = Visitor(code="c0de")

    def announce(waiting: Waiting) -> None:
        told.append(waiting)
        visitor(waiting.url)  # the person pastes the link into a browser

    opener = BrowserOpener(start=Opened(there=False))
    came = CodeFlow(opener, announce=announce, seconds=30).run(authorize, Redirect(), Cancel())
    assert visitor.thread is not None
    visitor.thread.join()
    assert not told[0].opened
    assert came.callback.code == "c0de"


def test_a_refusal_ends_the_flow() -> None:
    visitor = Visitor(error="access_denied")
    with pytest.raises(Trouble) as trouble:
        flow(visitor, []).run(authorize, Redirect(), Cancel())
    assert visitor.thread is not None
    visitor.thread.join()
    assert trouble.value.code is Code.SIGN_IN_REFUSED


def test_a_browser_that_never_comes_back_ends_the_flow() -> None:
    with pytest.raises(Trouble) as trouble:
        flow(Opened(), [], seconds=0.2).run(authorize, Redirect(), Cancel())
    assert trouble.value.code is Code.SIGN_IN_TIMED_OUT


def test_an_unsafe_authorization_address_is_not_opened() -> None:
    opened = Opened()
    with pytest.raises(Trouble) as trouble:
        flow(opened, []).run(lambda *_: "http://connect.example/authorize", Redirect(), Cancel())
    assert trouble.value.code is Code.UNSAFE_ADDRESS
    assert opened.addresses == []


def test_a_stopped_flow_opens_nothing() -> None:
    cancel, opened = Cancel(), Opened()
    cancel.stop()
    with pytest.raises(Trouble):
        flow(opened, []).run(authorize, Redirect(), cancel)
    assert opened.addresses == []


@pytest.fixture(autouse=True)
def short_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "_LINGER", 0.3)


# ------------------------------------------------------------------ a pasted address

STATE = "a-state-that-nobody-can-guess"
REDIRECT = "http://127.0.0.1:5000/cb"


def test_a_pasted_address_is_the_answer() -> None:
    text = f"  {REDIRECT}?code=c0de&state={STATE}&iss=https%3A%2F%2Fa.example\n"
    found = read_pasted(text, state=STATE, redirect_uri=REDIRECT, issuer="https://a.example")
    assert found.code == "c0de"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "other-address"),
        ("c0de", "other-address"),
        (f"http://127.0.0.1:5001/cb?code=c&state={STATE}", "other-address"),
        (f"https://127.0.0.1:5000/cb?code=c&state={STATE}", "other-address"),
        (f"http://127.0.0.1:5000/x?code=c&state={STATE}", "other-address"),
        (f"{REDIRECT}?code=c&state=another", "other-state"),
        (f"{REDIRECT}?code=c", "other-state"),
        (f"{REDIRECT}?code=c&code=d&state={STATE}", "not-understood"),
        (f"{REDIRECT}?code=c&state={STATE}&iss=https%3A%2F%2Fb.example", "other-issuer"),
    ],
)
def test_a_pasted_address_of_another_sign_in_is_refused(text: str, problem: str) -> None:
    with pytest.raises(Trouble) as trouble:
        read_pasted(text, state=STATE, redirect_uri=REDIRECT, issuer="https://a.example")
    assert trouble.value.code is Code.SIGN_IN_FORGED
    assert trouble.value.facts["problem"] == problem


def test_a_pasted_refusal_is_a_refusal() -> None:
    with pytest.raises(Trouble) as trouble:
        read_pasted(
            f"{REDIRECT}?error=access_denied&state={STATE}", state=STATE, redirect_uri=REDIRECT
        )
    assert trouble.value.code is Code.SIGN_IN_REFUSED


def test_a_browser_elsewhere_signs_in_by_the_address_it_ended_on() -> None:
    asked: list[Waiting] = []
    ended: list[str] = []

    def person(waiting: Waiting) -> str:
        asked.append(waiting)
        query = {name: values[0] for name, values in parse_qs(urlsplit(waiting.url).query).items()}
        ended.append(query["redirect_uri"])
        return query["redirect_uri"] + "?" + urlencode({"state": query["state"], "code": "c0de"})

    opened = Opened()
    pasted = PastedFlow(BrowserOpener(start=opened), ask=person)
    came = pasted.run(authorize, Redirect(), Cancel())
    assert came.callback.code == "c0de"
    assert [came.redirect_uri] == ended
    assert opened.addresses == []
    assert not asked[0].opened
    strict = Redirect(issuer="https://a.example", issuer_needed=True)
    with pytest.raises(Trouble) as trouble:
        pasted.run(authorize, strict, Cancel())
    assert trouble.value.facts["problem"] == "other-issuer"


def test_an_address_pasted_from_an_earlier_sign_in_is_refused() -> None:
    pasted = PastedFlow(BrowserOpener(start=Opened()), ask=lambda _: f"{REDIRECT}?code=c&state=x")
    with pytest.raises(Trouble) as trouble:
        pasted.run(authorize, Redirect(path="/cb", port=5000), Cancel())
    assert (trouble.value.code, trouble.value.facts["problem"]) == (
        Code.SIGN_IN_FORGED,
        "other-state",
    )


def test_an_address_that_is_not_the_answer_is_told_and_asked_for_again() -> None:
    refused: list[Trouble] = []

    def person(waiting: Waiting) -> str:
        query = dict(parse_qsl(urlsplit(waiting.url).query))
        good = query["redirect_uri"] + "?" + urlencode({"state": query["state"], "code": "c0de"})
        bad = [
            "http://[::1",
            "https://elsewhere.example/?code=a",
            f"{query['redirect_uri']}?code=a",
        ]
        # Address bars may hide how an address begins.
        return [*bad, good.removeprefix("http://")][len(refused)]

    pasted = PastedFlow(BrowserOpener(start=Opened()), ask=person, refused=refused.append)
    assert pasted.run(authorize, Redirect(), Cancel()).callback.code == "c0de"
    problems = [trouble.facts["problem"] for trouble in refused]
    assert problems == ["other-address", "other-address", "other-state"]


def test_nobody_may_try_addresses_for_ever() -> None:
    refused: list[Trouble] = []
    pasted = PastedFlow(
        BrowserOpener(start=Opened()),
        ask=lambda _: f"{REDIRECT}?code=c&state=x",
        refused=refused.append,
    )
    with pytest.raises(Trouble) as trouble:
        pasted.run(authorize, Redirect(path="/cb", port=5000), Cancel())
    assert trouble.value.code is Code.SIGN_IN_FORGED
    assert len(refused) == 4


def test_what_the_person_refused_in_the_browser_is_not_asked_for_again() -> None:
    def person(waiting: Waiting) -> str:
        query = dict(parse_qsl(urlsplit(waiting.url).query))
        said = urlencode({"state": query["state"], "error": "access_denied"})
        return f"{query['redirect_uri']}?{said}"

    refused: list[Trouble] = []
    pasted = PastedFlow(BrowserOpener(start=Opened()), ask=person, refused=refused.append)
    with pytest.raises(Trouble) as trouble:
        pasted.run(authorize, Redirect(), Cancel())
    assert (trouble.value.code, refused) == (Code.SIGN_IN_REFUSED, [])


def test_a_port_that_somebody_has_is_told_by_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        flow = CodeFlow(BrowserOpener(start=Opened()), announce=lambda _: None, port=port)
        with pytest.raises(Trouble) as trouble:
            flow.run(authorize, Redirect(), Cancel())
    assert trouble.value.code is Code.LISTENER_FAILED
    assert (trouble.value.facts["problem"], trouble.value.facts["port"]) == ("port-busy", port)
