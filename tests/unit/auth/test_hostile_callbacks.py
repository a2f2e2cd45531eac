"""Callbacks that somebody else sends: of other sign-ins, too late, without a state, or too odd."""

from __future__ import annotations

import base64
import hashlib
import socket
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from tests.unit.auth.test_listener import (
    FORM,
    ISSUER,
    STATE,
    ask,
    back,
    heard,
    listener,
    path_of,
    port_of,
    say,
    short_linger,
)
from wizard.auth.listener import LoopbackListener
from wizard.auth.loopback_http import page
from wizard.auth.pkce import Pkce
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble

__all__ = ["listener", "short_linger"]

OTHER = "a-state-of-another-sign-in"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def tags(document: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """Every tag of a page with its attributes: what a browser makes of it."""
    reader = _Tags()
    reader.feed(document[document.index("<!") :])
    return reader.found


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "stolen"},
        {"code": "stolen", "state": ""},
        {"code": "stolen", "state": OTHER},
        {"code": "stolen", "State": STATE},
        {"error": "access_denied"},
    ],
)
def test_a_posted_form_without_the_state_is_ignored_and_counted(
    listener: LoopbackListener, fields: dict[str, str]
) -> None:
    target = path_of(listener)
    sent = {
        "method": "POST",
        "headers": f"Content-Type: {FORM}\r\nOrigin: https://evil.example\r\n",
    }
    assert ask(listener, target, body=urlencode(fields), **sent).status == 400
    # A state in the address does not make up for the one that belongs into the form.
    assert ask(listener, f"{target}?state={STATE}", body=urlencode(fields), **sent).status == 400
    assert listener.forged == 2
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"


def test_the_callback_of_one_sign_in_is_nothing_to_another_that_waits_too() -> None:
    with LoopbackListener(state=STATE) as ours, LoopbackListener(state=OTHER) as theirs:
        assert back(theirs, state=STATE, code="ours").status == 400
        assert back(ours, state=OTHER, code="theirs").status == 400
        # Not under the other one's path either, with a state that fits.
        assert ask(ours, f"{path_of(theirs)}?state={STATE}&code=x").status == 404
        assert (ours.forged, theirs.forged) == (1, 1)
        back(ours, state=STATE, code="good")
        back(theirs, state=OTHER, code="better")
        assert (heard(ours).code, heard(theirs).code) == ("good", "better")


def test_an_answer_of_another_provider_is_ignored_even_with_our_state() -> None:
    with LoopbackListener(state=STATE, issuer=ISSUER, issuer_needed=True) as listening:
        for issuer in ("https://accounts.google.com", f"{ISSUER}.evil.example", ISSUER.upper(), ""):
            assert back(listening, state=STATE, code="mixed-up", iss=issuer).status == 400
        assert listening.forged == 4
        back(listening, state=STATE, code="c0de", iss=ISSUER)
        assert heard(listening).code == "c0de"


def test_a_callback_that_is_sent_again_after_the_end_meets_nobody() -> None:
    with LoopbackListener(state=STATE) as listening:
        assert back(listening, state=STATE, code="c0de").status == 303
        assert heard(listening).code == "c0de"
        address = ("127.0.0.1", port_of(listening))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


def test_a_refusal_that_is_sent_after_the_answer_changes_nothing(
    listener: LoopbackListener,
) -> None:
    back(listener, state=STATE, code="c0de")
    back(listener, state=STATE, error="access_denied", error_description="<b>gone</b>")
    assert heard(listener).code == "c0de"
    assert "gone" not in ask(listener, "/done").body


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "127.1", "2130706433", "0x7f.1", "0.0.0.0",  # noqa: S104 - a header
        "localhost.evil.example", "localhost.", "127.0.0.1.", "[::ffff:127.0.0.1]", "nordby.test",
    ],
)  # fmt: skip
def test_a_name_that_was_bent_to_this_computer_is_not_ours(
    listener: LoopbackListener, host: str
) -> None:
    port = port_of(listener)
    target = f"{path_of(listener)}?state={STATE}&code=c"
    assert ask(listener, target, host=f"{host}:{port}").status == 421
    assert ask(listener, target, host=f"{host}:{port}", method="POST").status == 421
    assert (listener.strays, listener.forged) == (2, 0)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "</p><meta http-equiv=refresh content='0;url=https://evil.example'>",
        "javascript:alert(1)",
        "{lead} $title ${detail} %s {0}",
        "\u202egnp.exe\x00\x1b[2J",
    ],
)
@pytest.mark.parametrize("field", ["error", "error_description"])
def test_what_the_address_says_is_shown_as_words_and_nothing_else(
    listener: LoopbackListener, field: str, evil: str
) -> None:
    back(listener, **{"state": STATE, "error": "server_error", field: evil})
    done = ask(listener, "/done")
    assert tags(done.body) == tags(page(worked=False, detail="no", with_body=True).decode())
    assert not any(sign in done.body for sign in ("\x00", "\x1b", "\u202e"))
    assert done.headers["content-security-policy"].startswith("default-src 'none'")
    with pytest.raises(Trouble) as trouble:
        heard(listener)
    assert trouble.value.code is Code.SIGN_IN_FAILED
    told = "".join(str(fact) for fact in trouble.value.facts.values())
    assert told.isprintable()
    assert len(told) <= 300


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"GET /\x00 HTTP/1.1\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\x00y\r\n\r\n", 400),
        (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 421),
        (bytes(range(256)) * 400, 431),
    ],
)
def test_odd_and_huge_requests_are_refused_and_the_sign_in_goes_on(
    listener: LoopbackListener, content: bytes, status: int
) -> None:
    assert say(listener, content).status == status
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"


def test_no_odd_letter_in_a_state_comes_through(listener: LoopbackListener) -> None:
    for odd in ("%00", "%FF%FE", "%C0%AE", "%", "+", "%0d%0aSet-Cookie:x"):
        assert ask(listener, f"{path_of(listener)}?state={STATE}{odd}&code=c").status == 400
    assert not listener._heard.is_set()


def test_every_sign_in_has_a_proof_key_of_its_own_that_its_challenge_does_not_tell() -> None:
    keys = [Pkce.fresh() for _ in range(50)]
    assert len({key.verifier for key in keys}) == 50
    for key in keys:
        digest = hashlib.sha256(key.verifier.encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == key.challenge
        assert key.verifier not in key.challenge
        assert key.method == "S256"


def test_nobody_waits_for_a_flood_of_forged_callbacks(listener: LoopbackListener) -> None:
    for number in range(120):
        assert back(listener, state=f"{OTHER}-{number}", code="x").status == 400
    assert listener.forged == 120
    back(listener, state=STATE, code="c0de")
    assert listener.wait(5, Cancel()).code == "c0de"
