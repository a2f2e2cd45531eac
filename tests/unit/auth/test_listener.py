"""The loopback listener hears its own sign-in, and nothing else moves it."""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest

from tests.unit.net.servers import FastClock
from wizard.auth import listener as listener_module
from wizard.auth.listener import Callback, LoopbackListener
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble

STATE = "a-state-that-nobody-can-guess"
ISSUER = "https://accounts.nordby.example"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def short_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "_LINGER", 0.2)


@pytest.fixture
def listener() -> Iterator[LoopbackListener]:
    with LoopbackListener(state=STATE) as listening:
        yield listening


class Answered:
    """An HTTP answer, read to its end."""

    def __init__(self, content: bytes) -> None:
        head, _, body = content.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if content else 0
        self.headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
        }
        self.body = body.decode()


def port_of(listener: LoopbackListener) -> int:
    return int(urlsplit(listener.redirect_uri).port or 0)


def path_of(listener: LoopbackListener) -> str:
    return urlsplit(listener.redirect_uri).path


def say(listener: LoopbackListener, content: bytes, host: str = "127.0.0.1") -> Answered:
    """Send bytes and read until the listener closes."""
    with socket.create_connection((host, port_of(listener)), timeout=10) as connection:
        connection.sendall(content)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return Answered(received)


def ask(
    listener: LoopbackListener,
    target: str,
    *,
    method: str = "GET",
    host: str | None = None,
    headers: str = "",
    body: str = "",
) -> Answered:
    name = f"127.0.0.1:{port_of(listener)}" if host is None else host
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = f"{method} {target} HTTP/1.1\r\nHost: {name}\r\n{length}{headers}\r\n"
    return say(listener, (head + body).encode())


def back(listener: LoopbackListener, **params: str) -> Answered:
    return ask(listener, f"{path_of(listener)}?{urlencode(params)}")


def heard(listener: LoopbackListener) -> Callback:
    return listener.wait(5, Cancel())


# ------------------------------------------------------------------ the good way


def test_a_callback_is_heard_and_its_code_leaves_the_address_bar(
    listener: LoopbackListener,
) -> None:
    answer = back(listener, state=STATE, code="c0de")
    assert answer.status == 303
    assert answer.headers["location"] == "/done"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert heard(listener).code == "c0de"
    done = ask(listener, "/done")
    assert done.status == 200
    assert "You can go back now" in done.body
    assert "c0de" not in done.body
    policy = done.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_a_posted_form_is_heard_too(listener: LoopbackListener) -> None:
    body = urlencode({"state": STATE, "code": "c0de"})
    answer = ask(
        listener,
        path_of(listener),
        method="POST",
        headers=f"Content-Type: {FORM}; charset=utf-8\r\nOrigin: null\r\n",
        body=body,
    )
    assert answer.status == 303
    assert heard(listener).code == "c0de"


def test_a_posted_form_may_come_in_pieces(listener: LoopbackListener) -> None:
    body = urlencode({"state": STATE, "code": "c0de"}).encode()
    head = (
        f"POST {path_of(listener)} HTTP/1.1\r\nHost: localhost:{port_of(listener)}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", port_of(listener)), timeout=10) as connection:
        for piece in (head[:10], head[10:], body[:5], body[5:]):
            connection.sendall(piece)
            # Another client's answer proves that the listener has looked at this piece.
            assert ask(listener, "/favicon.ico").status == 404
        assert connection.recv(100).startswith(b"HTTP/1.1 303")
    assert heard(listener).code == "c0de"


def test_both_loopback_addresses_answer_on_the_same_port(listener: LoopbackListener) -> None:
    head = f"GET /favicon.ico HTTP/1.1\r\nHost: [::1]:{port_of(listener)}\r\n\r\n"
    assert say(listener, head.encode(), host="::1").status == 404
    assert say(listener, head.encode(), host="127.0.0.1").status == 404


def test_every_listener_has_a_path_and_a_port_of_its_own() -> None:
    with LoopbackListener(state=STATE) as one, LoopbackListener(state=STATE) as two:
        assert path_of(one) != path_of(two)
        assert port_of(one) != port_of(two)
        assert len(path_of(one)) > 20


def test_a_provider_may_need_the_root_and_another_name() -> None:
    with LoopbackListener(state=STATE, path="/", host="localhost") as listening:
        assert listening.redirect_uri == f"http://localhost:{port_of(listening)}/"
        assert back(listening, state=STATE, code="x").status == 303


def test_only_the_first_callback_counts(listener: LoopbackListener) -> None:
    for code in ("first", "second"):
        assert back(listener, state=STATE, code=code).status == 303
    assert heard(listener).code == "first"


def test_a_callback_prints_no_secret(listener: LoopbackListener) -> None:
    back(listener, state=STATE, code="c0de")
    assert repr(heard(listener)) == "Callback(code, state)"


def test_a_guessable_state_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="guessed"):
        LoopbackListener(state="1234")


# ------------------------------------------------------------------ refusals


def test_a_refusal_is_told_with_its_words(listener: LoopbackListener) -> None:
    back(listener, state=STATE, error="access_denied", error_description="No,\x07 thanks")
    with pytest.raises(Trouble) as trouble:
        heard(listener)
    assert trouble.value.code is Code.SIGN_IN_REFUSED
    assert trouble.value.facts["description"] == "No,  thanks"
    assert "Nothing was connected" in ask(listener, "/done").body


def test_another_failure_is_told_by_its_name(listener: LoopbackListener) -> None:
    back(listener, state=STATE, error="server_error")
    with pytest.raises(Trouble) as trouble:
        heard(listener)
    assert trouble.value.code is Code.SIGN_IN_FAILED
    assert trouble.value.facts["error"] == "server_error"
    assert "server_error" in ask(listener, "/done").body


def test_whatever_is_shown_of_a_refusal_is_escaped_and_short(listener: LoopbackListener) -> None:
    evil = "<script>alert('x')</script>\"&$title" + "x" * 5000
    back(listener, state=STATE, error="access_denied", error_description=evil)
    body = ask(listener, "/done").body
    assert "<script" not in body
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;$title" in body
    assert "x" * 300 not in body


# ------------------------------------------------------------------ strays and forgeries


@pytest.mark.parametrize(
    ("target", "status"),
    [("/favicon.ico", 404), ("/done", 404), ("/", 404), ("/robots.txt?state=x&code=y", 404)],
)
def test_a_stray_request_is_answered_and_changes_nothing(
    listener: LoopbackListener, target: str, status: int
) -> None:
    assert ask(listener, target).status == status
    assert (listener.strays, listener.forged) == (1, 0)
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"


def test_looking_at_the_address_without_parameters_is_no_forgery(
    listener: LoopbackListener,
) -> None:
    assert ask(listener, path_of(listener)).status == 404
    assert ask(listener, f"{path_of(listener)}?x=1").status == 404
    assert listener.forged == 0


@pytest.mark.parametrize(
    "params",
    [
        {"code": "stolen"},
        {"code": "stolen", "state": ""},
        {"code": "stolen", "state": "another-state-entirely"},
        {"code": "stolen", "state": STATE + "x"},
        {"code": "stolen", "state": "stäte"},
        {"error": "access_denied", "state": "another-state-entirely"},
    ],
)
def test_a_forged_callback_is_ignored_and_counted(
    listener: LoopbackListener, params: dict[str, str]
) -> None:
    assert back(listener, **params).status == 400
    assert listener.forged == 1
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"


def test_a_parameter_that_comes_twice_is_no_callback(listener: LoopbackListener) -> None:
    target = f"{path_of(listener)}?state={STATE}&code=a&code=b"
    assert ask(listener, target).status == 400
    many = "&".join(f"p{n}=1" for n in range(60))
    assert ask(listener, f"{path_of(listener)}?state={STATE}&{many}").status == 400


@pytest.mark.parametrize(
    ("needed", "iss", "status"),
    [
        (False, None, 303), (False, ISSUER, 303), (False, f"{ISSUER}/", 400),
        (True, None, 400), (True, ISSUER, 303), (True, "https://evil.example", 400),
    ],
)  # fmt: skip
def test_the_issuer_must_fit_where_it_is_known(needed: bool, iss: str | None, status: int) -> None:
    with LoopbackListener(state=STATE, issuer=ISSUER, issuer_needed=needed) as listening:
        params = {"state": STATE, "code": "c", **({} if iss is None else {"iss": iss})}
        assert back(listening, **params).status == status
        assert listening.forged == (status == 400)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "[::1]", "x@127.0.0.1"]
)
def test_a_foreign_host_header_is_turned_away_first(listener: LoopbackListener, host: str) -> None:
    target = f"{path_of(listener)}?state={STATE}&code=c"
    assert ask(listener, target, host=host).status == 421
    assert (listener.strays, listener.forged) == (1, 0)


def test_two_host_headers_are_one_too_many(listener: LoopbackListener) -> None:
    extra = f"Host: 127.0.0.1:{port_of(listener)}\r\n"
    assert ask(listener, path_of(listener), headers=extra).status == 400


@pytest.mark.parametrize("method", ["HEAD", "PUT", "OPTIONS", "DELETE"])
def test_other_methods_are_refused(listener: LoopbackListener, method: str) -> None:
    answer = ask(listener, f"{path_of(listener)}?state={STATE}&code=c", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", 400),  # a TLS hello
        (b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2\r\n\r\n", 400),
        (b"get / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET /" + b"x" * 40_000, 431),
    ],
)
def test_what_is_no_request_is_refused(
    listener: LoopbackListener, content: bytes, status: int
) -> None:
    assert say(listener, content).status == status


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ("Content-Type: application/json\r\n", "{}", 415),
        (f"Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n", "", 411),
        (f"Content-Type: {FORM}\r\nContent-Length: 99999999\r\n", "", 413),
        (f"Content-Type: {FORM}\r\nContent-Length: -1\r\n", "", 400),
        (f"Content-Type: {FORM}\r\nContent-Length: 1\r\nContent-Length: 2\r\n", "", 400),
    ],
)
def test_a_form_that_is_none_is_refused(
    listener: LoopbackListener, headers: str, body: str, status: int
) -> None:
    answer = ask(listener, path_of(listener), method="POST", headers=headers, body=body)
    assert answer.status == status


def test_the_done_page_takes_no_form(listener: LoopbackListener) -> None:
    back(listener, state=STATE, code="c")
    assert ask(listener, "/done", method="POST", headers=f"Content-Type: {FORM}\r\n").status == 405
    head = ask(listener, "/done", method="HEAD")
    assert (head.status, head.body) == (200, "")


# ------------------------------------------------------------------ clients that misbehave


def test_connections_that_say_nothing_hold_nobody_up(listener: LoopbackListener) -> None:
    idle = [socket.create_connection(("127.0.0.1", port_of(listener))) for _ in range(5)]
    began = time.monotonic()
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"
    assert time.monotonic() - began < 1.0
    for connection in idle:
        connection.close()


def test_a_flood_of_idle_connections_holds_nobody_up(listener: LoopbackListener) -> None:
    idle = [socket.create_connection(("127.0.0.1", port_of(listener))) for _ in range(120)]
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"
    for connection in idle:
        connection.close()


def test_making_room_for_one_more_does_not_trip_over_one_that_was_ready(
    listener: LoopbackListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest client speaks in the very moment in which it is dropped for a new one."""
    selector, select = listener._selector, listener._selector.select
    everybody = listener_module._MOST_CLIENTS + len(listener._sockets)
    full, go_on = threading.Event(), threading.Event()

    def held(seconds: float) -> list[tuple[selectors.SelectorKey, int]]:
        if len(selector.get_map()) == everybody:
            full.set()
            go_on.wait(10)
        return select(seconds)

    monkeypatch.setattr(selector, "select", held)
    address = ("127.0.0.1", port_of(listener))
    idle = [socket.create_connection(address) for _ in range(listener_module._MOST_CLIENTS)]
    assert full.wait(10)
    idle.append(socket.create_connection(address))
    idle[0].sendall(b"G")
    go_on.set()
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"
    for connection in idle:
        connection.close()


def test_who_has_said_something_is_not_dropped_for_those_who_say_nothing(
    listener: LoopbackListener,
) -> None:
    address = ("127.0.0.1", port_of(listener))
    with socket.create_connection(address, timeout=10) as first:
        first.sendall(f"GET {path_of(listener)} HTTP/1.1\r\n".encode())
        idle = [socket.create_connection(address) for _ in range(120)]
        first.sendall(f"Host: 127.0.0.1:{port_of(listener)}\r\n\r\n".encode())
        assert first.recv(20).startswith(b"HTTP/1.1 404")
    for connection in idle:
        connection.close()


def test_a_listener_that_has_died_is_not_waited_for(
    listener: LoopbackListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: died.set())

    def broken(_: float) -> object:
        raise OSError(errno.EBADF, "invented")

    monkeypatch.setattr(listener._selector, "select", broken)
    assert died.wait(10)
    with pytest.raises(Trouble) as trouble:
        listener.wait(3600, Cancel())
    assert trouble.value.code is Code.LISTENER_FAILED


def test_a_client_that_is_too_slow_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listener_module, "_SLOWEST", 0.2)
    with LoopbackListener(state=STATE) as listening:
        with socket.create_connection(("127.0.0.1", port_of(listening)), timeout=10) as slow:
            slow.sendall(b"GET / HT")
            assert slow.recv(100).startswith(b"HTTP/1.1 408")
        with socket.create_connection(("127.0.0.1", port_of(listening)), timeout=10) as silent:
            assert silent.recv(100) == b""


def test_a_client_that_breaks_off_holds_nobody_up(listener: LoopbackListener) -> None:
    for content in (b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\n\r\n"):
        broken = socket.create_connection(("127.0.0.1", port_of(listener)))
        broken.sendall(content)
        # Closing with unread data and no linger sends a reset instead of a goodbye.
        broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        broken.close()
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"


def test_a_client_that_goes_on_talking_gets_its_answer(listener: LoopbackListener) -> None:
    with socket.create_connection(("127.0.0.1", port_of(listener)), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(20).startswith(b"HTTP/1.1 421")
        connection.sendall(b"more and more" * 1000)
    back(listener, state=STATE, code="c0de")
    assert heard(listener).code == "c0de"


def test_a_readiness_that_was_none_is_passed_over(listener: LoopbackListener) -> None:
    """The system may say that something can be read or taken when it has gone already."""
    listener._accept(listener._sockets[0], {})
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        client = listener_module._Client(ours)
        listener._move(client, {ours: client})
        assert not client.received


def test_an_ordinary_client_is_understood(listener: LoopbackListener) -> None:
    client = HTTPConnection("127.0.0.1", port_of(listener), timeout=10)
    client.request("GET", f"{path_of(listener)}?state={STATE}&code=c0de")
    assert client.getresponse().status == 303
    client.close()


# ------------------------------------------------------------------ time and stopping


def test_the_time_ends_and_what_was_ignored_is_told() -> None:
    clock = FastClock()
    with LoopbackListener(state=STATE, clock=clock) as listening:
        back(listening, state="another-state-entirely", code="x")
        ask(listening, "/favicon.ico")
        timer = threading.Timer(0.2, clock.advance, [601])
        timer.start()
        with pytest.raises(Trouble) as trouble:
            listening.wait(600, Cancel())
        timer.join()
    assert trouble.value.code is Code.SIGN_IN_TIMED_OUT
    assert dict(trouble.value.facts) == {"minutes": 10, "forged": 1, "strays": 2}


def test_a_stop_ends_the_wait_at_once_and_closes_the_port() -> None:
    cancel = Cancel()
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(time.monotonic())
        cancel.stop()

    timer = threading.Timer(0.1, stop)
    with LoopbackListener(state=STATE) as listening:
        port = port_of(listening)
        timer.start()
        with pytest.raises(Trouble) as trouble:
            listening.wait(60, cancel)
        assert time.monotonic() - stopped[0] < 0.3
    assert trouble.value.code is Code.CANCELLED
    timer.join()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_the_done_page_can_be_fetched_while_the_block_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listener_module, "_LINGER", 5.0)
    with LoopbackListener(state=STATE) as listening:
        back(listening, state=STATE, code="c")
        heard(listening)
        answers: list[Answered] = []
        late = threading.Timer(0.3, lambda: answers.append(ask(listening, "/done")))
        late.start()
        began = time.monotonic()
    assert time.monotonic() - began < 3.0
    late.join()
    assert answers[0].status == 200


def test_leaving_does_not_wait_for_a_browser_that_never_fetches_the_done_page(
    listener: LoopbackListener,
) -> None:
    back(listener, state=STATE, code="c")
    began = time.monotonic()
    listener.__exit__(None, None, None)
    assert 0.15 < time.monotonic() - began < 1.0


# ------------------------------------------------------------------ ports


def test_a_port_that_is_taken_is_told(free_port: Callable[[], int]) -> None:
    port = free_port()
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(Trouble) as trouble,
        LoopbackListener(state=STATE, port=port),
    ):
        pytest.fail("nobody can listen there")
    assert trouble.value.code is Code.LISTENER_FAILED
    assert trouble.value.facts["port"] == port


def test_a_port_that_somebody_has_on_the_other_address_is_not_taken(
    free_port: Callable[[], int],
) -> None:
    port = free_port()
    with (
        socket.create_server(("::1", port), family=socket.AF_INET6),
        pytest.raises(Trouble) as trouble,
        LoopbackListener(state=STATE, port=port),
    ):
        pytest.fail("half of it would be somebody else's")
    assert trouble.value.code is Code.LISTENER_FAILED


def test_another_port_is_tried_when_half_of_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    make = listener_module._listening
    refused: list[int] = []

    def sometimes(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
        if family == socket.AF_INET6 and len(refused) < 3:
            refused.append(port)
            raise OSError(errno.EADDRINUSE, "taken")
        return make(family, host, port)

    monkeypatch.setattr(listener_module, "_listening", sometimes)
    with LoopbackListener(state=STATE) as listening:
        assert port_of(listening) not in refused
    assert len(refused) == 3


def test_a_computer_without_ipv6_listens_on_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    make = listener_module._listening

    def only_v4(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "no IPv6")
        return make(family, host, port)

    monkeypatch.setattr(listener_module, "_listening", only_v4)
    with LoopbackListener(state=STATE) as listening:
        assert back(listening, state=STATE, code="c").status == 303
