"""Proxies, whoever names them, and sessions that a library drives."""

from __future__ import annotations

import errno
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest
import requests
import urllib3.exceptions

from tests.unit.net.servers import Asked, Give, TinyServer, authority, raw_server, serving
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net import failures
from wizard.net.connections import TunnelRefused
from wizard.net.failures import network_trouble, proxy_refusal
from wizard.net.proxies import Proxies, ProxyInUse, ProxyMode, ProxySettings, ProxySource
from wizard.net.sessions import Net, NetSettings

OUTSIDE = "https://connect.example/v1"


def automatic(
    environment: dict[str, str] | None = None,
    system: dict[str, str] | None = None,
    resolver: Callable[[str], str] | None = None,
) -> Proxies:
    return Proxies(
        ProxySettings(),
        resolver=resolver,
        environment=lambda: environment or {},
        system=lambda: system or {},
    )


def typed(text: str) -> Proxies:
    return Proxies(ProxySettings(mode=ProxyMode.TYPED, address=text))


# ------------------------------------------------------------------ which proxy


def test_without_any_proxy_there_is_none() -> None:
    assert automatic().for_address(OUTSIDE) == ""
    assert automatic().describe(OUTSIDE) == ProxyInUse(source=ProxySource.NONE)


def test_the_environment_names_one_by_scheme() -> None:
    proxies = automatic({"https": "http://proxy.example:3128", "no": "intra.example"})
    assert proxies.for_address(OUTSIDE) == "http://proxy.example:3128"
    assert proxies.for_address("http://connect.example/") == ""
    assert proxies.describe(OUTSIDE).source is ProxySource.ENVIRONMENT
    assert automatic({"all": "proxy:1"}).for_address(OUTSIDE) == "http://proxy:1"


@pytest.mark.parametrize(
    ("rules", "direct"),
    [
        ("connect.example", True), (".example", True), ("example", True), ("*", True),
        ("*.example", True), ("nnect.example", False), ("connect.example:443", True),
        ("connect.example:8443", False), ("other.example, connect.example", True),
        ("", False), (" , ", False), ("10.0.0.0/8", False),
    ],
)  # fmt: skip
def test_the_environment_may_except_hosts(rules: str, direct: bool) -> None:
    found = automatic({"https": "proxy:1", "no": rules}).for_address(OUTSIDE)
    assert (found == "") is direct


def test_networks_and_addresses_may_be_excepted() -> None:
    proxies = automatic({"https": "proxy:1", "no": "10.0.0.0/8,[fd00::1],192.0.2.7:443"})
    assert proxies.for_address("https://10.1.2.3/") == ""
    assert proxies.for_address("https://11.1.2.3/") != ""
    assert proxies.for_address("https://[fd00::1]/") == ""
    assert proxies.for_address("https://192.0.2.7/") == ""


def test_the_systems_settings_come_after_the_environment() -> None:
    system = {"https": "http://system.example:8080"}
    assert automatic(None, system).describe(OUTSIDE) == ProxyInUse(
        source=ProxySource.SYSTEM, shown="system.example:8080"
    )
    both = automatic({"https": "http://env.example:1"}, system)
    assert both.describe(OUTSIDE).shown == "env.example:1"


def test_a_resolver_is_asked_for_each_address() -> None:
    asked: list[str] = []

    def resolve(address: str) -> str:
        asked.append(address)
        return "" if "direct" in address else "pac.example:8080"

    proxies = automatic(None, {"https": "http://system.example:1"}, resolve)
    assert proxies.describe(OUTSIDE) == ProxyInUse(
        source=ProxySource.AUTOMATIC, shown="pac.example:8080"
    )
    assert proxies.for_address("https://direct.example/x?y") == ""
    assert asked == ["https://connect.example", "https://direct.example"]


def test_no_proxy_means_none_whatever_is_set_elsewhere() -> None:
    proxies = Proxies(ProxySettings(mode=ProxyMode.NONE), environment=lambda: {"https": "proxy:1"})
    assert proxies.for_address(OUTSIDE) == ""


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:8443", "http://localhost:1", "https://[::1]"]
)
def test_this_machine_is_never_asked_for_through_a_proxy(address: str) -> None:
    for proxies in (typed("proxy:1"), automatic({"all": "proxy:1"}), automatic(None, {"all": "p"})):
        assert proxies.for_address(address) == ""


@pytest.mark.parametrize(
    ("text", "full", "shown"),
    [
        ("proxy:3128", "http://proxy:3128", "proxy:3128"),
        (" proxy.example ", "http://proxy.example", "proxy.example"),
        ("https://proxy.example:443/", "https://proxy.example:443", "proxy.example:443"),
        ("ana:w%40rd@proxy:3128", "http://ana:w%40rd@proxy:3128", "proxy:3128"),
        ("[fd00::1]:3128", "http://[fd00::1]:3128", "[fd00::1]:3128"),
    ],
)
def test_a_typed_proxy_may_leave_the_scheme_out(text: str, full: str, shown: str) -> None:
    assert typed(text).for_address(OUTSIDE) == full
    assert typed(text).describe(OUTSIDE) == ProxyInUse(source=ProxySource.TYPED, shown=shown)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "host"), ("http://", "host"), ("proxy:port", "port"), ("proxy:99999", "port"),
        ("proxy:0", "port"), ("socks5://proxy:1080", "scheme"), ("ftp://proxy", "scheme"),
        ("proxy/path", "path"), ("proxy?x", "path"), ("two words", "host"), ("a\\b", "host"),
    ],
)  # fmt: skip
def test_a_typed_proxy_that_is_none_is_refused_with_its_reason(text: str, problem: str) -> None:
    with pytest.raises(Trouble) as trouble:
        typed(text)
    assert trouble.value.code is Code.PROXY_INVALID
    assert trouble.value.facts["problem"] == problem


def test_a_refused_proxy_does_not_tell_its_password() -> None:
    with pytest.raises(Trouble) as trouble:
        typed("ana:secret@proxy:port")
    assert "secret" not in str(trouble.value)
    assert "secret" not in repr(ProxySettings(mode=ProxyMode.TYPED, address="ana:secret@p"))


def test_a_proxy_can_be_changed_while_the_program_runs() -> None:
    with Net(NetSettings(proxy=ProxySettings(mode=ProxyMode.NONE))) as net:
        assert net.proxy_in_use(OUTSIDE).shown == ""
        net.use_proxy(ProxySettings(mode=ProxyMode.TYPED, address="proxy:3128"))
        assert net.proxy_in_use(OUTSIDE).shown == "proxy:3128"
        with pytest.raises(Trouble):
            net.use_proxy(ProxySettings(mode=ProxyMode.TYPED, address="a b"))
        assert net.proxy_in_use(OUTSIDE).shown == "proxy:3128"


# ------------------------------------------------------------------ through a real proxy


def through(port: int, address: str = OUTSIDE, attempts: int = 1) -> Trouble:
    """The trouble of a request through a proxy at this port."""
    proxy = ProxySettings(mode=ProxyMode.TYPED, address=f"127.0.0.1:{port}")
    with Net(NetSettings(proxy=proxy)) as net, pytest.raises(Trouble) as trouble:
        net.api(address, attempts=attempts).get("/", cancel=Cancel())
    return trouble.value


def answering(head: str) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")

    return answer


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("HTTP/1.1 407 Who?\nProxy-Authenticate: Basic realm=x", Code.PROXY_SIGN_IN_NEEDED),
        ("HTTP/1.1 407 Who?\nProxy-Authenticate: Negotiate\nProxy-Authenticate: NTLM",
         Code.PROXY_NTLM),
        ("HTTP/1.1 407 Who?\nProxy-Authenticate: NTLM\nProxy-Authenticate: Basic realm=x",
         Code.PROXY_SIGN_IN_NEEDED),
        ("HTTP/1.1 407 Who?", Code.PROXY_SIGN_IN_NEEDED),
        ("HTTP/1.1 403 No", Code.PROXY_UNREACHABLE),
        ("nonsense", Code.PROXY_UNREACHABLE),
    ],
)  # fmt: skip
def test_a_proxy_that_refuses_is_told_as_what_it_is(head: str, code: Code) -> None:
    with raw_server(answering(head)) as port:
        trouble = through(port)
    assert trouble.code is code
    assert trouble.facts["proxy"] == f"127.0.0.1:{port}"
    assert trouble.facts["host"] == "connect.example"


def test_a_proxy_that_is_not_there_is_told(free_port: Callable[[], int]) -> None:
    port = free_port()
    trouble = through(port, attempts=1)
    assert trouble.code is Code.PROXY_UNREACHABLE
    assert trouble.facts["proxy"] == f"127.0.0.1:{port}"


def test_a_proxy_passes_a_request_on_and_gets_its_password(tmp_path: Path) -> None:
    """A small tunnelling proxy: connects to our own server whatever it is asked for."""
    ours = authority(tmp_path, host="connect.example")
    asked: list[bytes] = []

    with serving(lambda _: Give(body=b'{"far":true}'), ours.context) as far:

        def tunnel(client: socket.socket) -> None:
            asked.append(client.recv(4096))
            with socket.create_connection(("127.0.0.1", far.port)) as there:
                client.sendall(b"HTTP/1.1 200 Fine\r\n\r\n")
                pump = threading.Thread(target=copy, args=(there, client))
                pump.start()
                copy(client, there)
                pump.join()

        with raw_server(tunnel) as port:
            proxy = ProxySettings(mode=ProxyMode.TYPED, address=f"ana:w%40rd@127.0.0.1:{port}")
            with Net(NetSettings(proxy=proxy, trust_root=ours.root)) as net:
                answer = net.api("https://connect.example").get("/v1", cancel=Cancel())
    assert answer.body == b'{"far":true}'
    assert asked[0].startswith(b"CONNECT connect.example:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic YW5hOndAcmQ=" in asked[0]
    assert far.asked[0].headers["host"] == "connect.example"
    assert "proxy-authorization" not in far.asked[0].headers


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


# ------------------------------------------------------------------ what failures mean


def chained(*problems: BaseException) -> BaseException:
    for outer, inner in pairwise(problems):
        outer.__cause__ = inner
    return problems[0]


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    return lambda yes: monkeypatch.setattr(failures, "has_route", lambda: yes)


@pytest.mark.parametrize(
    ("problem", "way_out", "code"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), True, Code.HOST_NOT_FOUND),
        (socket.gaierror(socket.EAI_NONAME, "x"), False, Code.OFFLINE),
        (socket.gaierror(socket.EAI_AGAIN, "x"), True, Code.OFFLINE),
        (OSError(errno.ENETUNREACH, "x"), True, Code.OFFLINE),
        (OSError(errno.EHOSTUNREACH, "x"), True, Code.OFFLINE),
        (ConnectionResetError(), True, Code.CONNECTION_LOST),
        (requests.ReadTimeout(), True, Code.TIMED_OUT),
        (requests.ConnectTimeout(urllib3.exceptions.ConnectTimeoutError()), True, Code.TIMED_OUT),
        (urllib3.exceptions.DecodeError("x"), True, Code.ANSWER_NOT_UNDERSTOOD),
        (ssl.SSLError(1, "x"), True, Code.TLS_FAILED),
        (ssl.SSLEOFError(8, "x"), True, Code.CONNECTION_LOST),
        (TunnelRefused(407, ("NTLM",)), True, Code.PROXY_NTLM),
    ],
)
def test_every_failure_has_its_code(
    online: Callable[[bool], None], problem: Exception, way_out: bool, code: Code
) -> None:
    online(way_out)
    wrapped = chained(requests.ConnectionError("outer"), problem)
    trouble = network_trouble(wrapped, host="connect.example", proxy="")
    assert trouble.code is code


def test_a_certificate_problem_without_a_known_number_is_still_one() -> None:
    trouble = network_trouble(ssl.SSLCertVerificationError("x"), host="h", proxy="")
    assert (trouble.code, trouble.facts["reason"]) == (Code.TLS_UNTRUSTED, "untrusted")


def test_a_refusal_that_is_no_question_for_a_password_is_no_sign_in() -> None:
    assert proxy_refusal("h", "p", 502, ()).code is Code.PROXY_UNREACHABLE


@pytest.mark.parametrize(
    ("ways", "found"), [({"192.0.2.1"}, True), ({"2001:db8::1"}, True), (set(), False)]
)
def test_the_way_out_is_found_without_sending_anything(
    monkeypatch: pytest.MonkeyPatch, ways: set[str], found: bool
) -> None:
    """A datagram socket that is only connected asks the routing table and sends nothing."""

    class Probe:
        def __init__(self, family: int, kind: int) -> None:
            assert kind == socket.SOCK_DGRAM

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing to close."""

        def connect(self, address: tuple[str, int]) -> None:
            if address[0] not in ways:
                raise OSError(errno.ENETUNREACH, "no way")

    monkeypatch.setattr(socket, "socket", Probe)
    assert failures.has_route() is found


# ------------------------------------------------------------------ sessions of libraries


@pytest.fixture
def server() -> Iterator[TinyServer]:
    with serving(lambda _: Give(body=b'{"ok":true}')) as running:
        yield running


@pytest.fixture
def net(server: TinyServer) -> Iterator[Net]:
    with Net(NetSettings()) as made:
        yield made


def test_a_library_gets_whole_answers_and_is_counted(net: Net, server: TinyServer) -> None:
    session = net.library_session([f"{server.base}/token"])
    answer = session.post(f"{server.base}/token", data={"a": "1"})
    assert answer.json() == {"ok": True}
    assert answer.content == b'{"ok":true}'
    assert server.asked[0].headers["user-agent"].startswith("enterprise-connect-setup/")
    counts = net.traffic.snapshot()[f"127.0.0.1:{server.port}"]
    assert (counts.requests, counts.bytes_out, counts.bytes_in, counts.in_flight) == (1, 3, 11, 0)


def test_a_library_reaches_its_own_hosts_alone(net: Net, server: TinyServer) -> None:
    session = net.library_session([server.base])
    for address in ("https://evil.example/", f"http://localhost:{server.port}/"):
        with pytest.raises(Trouble) as trouble:
            session.get(address)
        assert trouble.value.code is Code.WRONG_HOST
    assert server.asked == []


def test_a_library_cannot_be_sent_elsewhere(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(status=307, headers={"Location": f"{server.base}/x"})
    with pytest.raises(Trouble) as trouble:
        net.library_session([server.base]).post(server.base, data=b"secret")
    assert trouble.value.code is Code.UNEXPECTED_REDIRECT
    assert len(server.asked) == 1


def test_a_library_keeps_no_cookies_and_hears_no_environment(
    net: Net, server: TinyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.answer = lambda _: Give(headers={"Set-Cookie": "a=b"})
    session = net.library_session([server.base])
    for _ in range(2):
        session.get(server.base, proxies={"http": "http://127.0.0.1:1"})
    assert "cookie" not in server.asked[1].headers


def test_a_library_that_gets_too_much_is_stopped(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(
        body=gzip.compress(b"0" * 40_000_000), headers={"Content-Encoding": "gzip"}
    )
    with pytest.raises(Trouble) as trouble:
        net.library_session([server.base]).get(server.base)
    assert trouble.value.code is Code.ANSWER_TOO_LARGE


def test_a_libraries_failure_is_a_trouble(net: Net, free_port: Callable[[], int]) -> None:
    base = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Trouble) as trouble:
        net.library_session([base]).get(base)
    assert trouble.value.code is Code.CONNECTION_REFUSED


def test_a_stop_cuts_a_library_too(net: Net) -> None:
    release = threading.Event()

    def wait(_: Asked) -> Give:
        return Give(wait=release)

    with serving(wait) as slow:
        cancel = Cancel()
        session = net.library_session([slow.base], cancel=cancel)
        timer = threading.Timer(0.2, cancel.stop)
        timer.start()
        began = time.monotonic()
        with pytest.raises(Trouble) as trouble:
            session.get(slow.base)
        assert trouble.value.code is Code.CANCELLED
        assert time.monotonic() - began < 1.2
        with pytest.raises(Trouble):
            session.get(slow.base)
        timer.join()
        release.set()
        net.release(session)
    assert len(slow.asked) == 1


def test_plain_http_is_for_this_machine_alone() -> None:
    with Net(NetSettings()) as net, pytest.raises(Trouble) as trouble:
        net.library_session(["http://accounts.example/token"])
    assert trouble.value.code is Code.UNSAFE_ADDRESS
