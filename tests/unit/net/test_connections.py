"""Making connections: names, several addresses, lateness, and connections that grew old."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.unit.net.servers import FastClock, Give, serving
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net import connections, failures, transport
from wizard.net.connections import Flight, flying
from wizard.net.sessions import Net, NetSettings

Found = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]]


@pytest.fixture
def net() -> Iterator[Net]:
    with Net(NetSettings(), clock=FastClock()) as made:
        yield made


def trouble_of(net: Net, address: str) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        net.api(address, attempts=1).get("/", cancel=Cancel())
    return trouble.value


@contextmanager
def nobody_accepts() -> Iterator[int]:
    """A port whose queue is full: connections are neither made nor refused."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = int(full.getsockname()[1])
        held = [socket.socket() for _ in range(4)]
        for filler in held:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port
        for filler in held:
            filler.close()


def resolving(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str, int], Found]) -> None:
    def getaddrinfo(host: str, port: int, **_: object) -> Found:
        return answer(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    ("number", "way_out", "code"),
    [
        (socket.EAI_NONAME, True, Code.HOST_NOT_FOUND),
        (socket.EAI_NONAME, False, Code.OFFLINE),
        (socket.EAI_AGAIN, True, Code.OFFLINE),
    ],
)
def test_a_name_that_is_not_known_is_told_apart_from_being_offline(
    net: Net, monkeypatch: pytest.MonkeyPatch, number: int, way_out: bool, code: Code
) -> None:
    def unknown(host: str, port: int) -> Found:
        raise socket.gaierror(number, f"{host}:{port}")

    resolving(monkeypatch, unknown)
    monkeypatch.setattr(failures, "has_route", lambda: way_out)
    trouble = trouble_of(net, "https://connect.example")
    assert (trouble.code, trouble.facts["host"]) == (code, "connect.example")


def test_a_name_that_can_be_none_is_not_found(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    def impossible(host: str, port: int) -> Found:
        raise UnicodeError(f"label too long: {host}:{port}")

    resolving(monkeypatch, impossible)
    monkeypatch.setattr(failures, "has_route", lambda: True)
    assert trouble_of(net, "https://connect.example").code is Code.HOST_NOT_FOUND


def test_the_next_address_is_tried_when_one_refuses(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda _: Give()) as server:

        def both(host: str, port: int) -> Found:
            kind = socket.SOCK_STREAM
            return [
                (socket.AF_INET6, kind, 0, host, ("::1", port)),
                (socket.AF_INET, kind, 0, host, ("127.0.0.1", port)),
            ]

        resolving(monkeypatch, both)
        answer = net.api(f"http://localhost:{server.port}").get("/", cancel=Cancel())
        net.close()
    assert answer.status == 200


def test_a_connection_that_is_never_made_ends_in_time(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CONNECT_SECONDS", 0.3)
    with nobody_accepts() as port:
        began = time.monotonic()
        trouble = trouble_of(net, f"http://127.0.0.1:{port}")
    assert (trouble.code, trouble.facts["phase"]) == (Code.TIMED_OUT, "connect")
    assert time.monotonic() - began < 2.0


def test_an_answer_that_never_comes_ends_in_time(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)
    release = threading.Event()
    with serving(lambda _: Give(wait=release)) as slow:
        trouble = trouble_of(net, slow.base)
        release.set()
    assert (trouble.code, trouble.facts["phase"]) == (Code.TIMED_OUT, "answer")


def test_a_stop_ends_the_wait_for_a_connection(net: Net) -> None:
    cancel = Cancel()
    timer = threading.Timer(0.2, cancel.stop)
    with nobody_accepts() as port:
        timer.start()
        began = time.monotonic()
        with pytest.raises(Trouble) as trouble:
            net.api(f"http://127.0.0.1:{port}").get("/", cancel=cancel)
    timer.join()
    assert trouble.value.code is Code.CANCELLED
    assert time.monotonic() - began < 1.0


def test_no_further_address_is_tried_after_a_stop(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = Cancel()

    def stopping(host: str, port: int) -> Found:
        cancel.stop()
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, host, ("127.0.0.1", port))]

    resolving(monkeypatch, stopping)
    with serving(lambda _: Give()) as server:
        with pytest.raises(Trouble) as trouble:
            net.api(server.base).get("/", cancel=cancel)
        assert server.connections == 0
    assert trouble.value.code is Code.CANCELLED


def test_a_connection_that_was_idle_for_long_is_not_used_again(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda _: Give()) as server:
        api = net.api(server.base)
        for _ in range(3):
            api.get("/", cancel=Cancel())
        assert server.connections == 1
        monkeypatch.setattr(connections, "_OLDEST_IDLE", 0.0)
        api.get("/", cancel=Cancel())
        assert server.connections == 2
        net.close()


def test_a_flight_that_was_cut_cuts_whatever_is_attached_later() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        flight = Flight()
        flight.cut()
        flight.attach(ours)
        assert theirs.recv(1) == b""
        flight.land()
        flight.land()


def test_cutting_what_is_not_connected_is_no_trouble() -> None:
    with socket.socket() as alone:
        flight = Flight()
        flight.attach(alone)
        flight.cut()
        flight.cut()
        assert flight.was_cut
        flight.land()


def test_flights_are_those_of_their_own_thread() -> None:
    inner: list[Flight | None] = []
    with flying(None) as outer:
        thread = threading.Thread(target=lambda: inner.append(connections._flight()))
        thread.start()
        thread.join()
        with flying(Cancel()) as second:
            assert connections._flight() is second
        assert connections._flight() is outer
    assert inner == [None]
    assert connections._flight() is None
