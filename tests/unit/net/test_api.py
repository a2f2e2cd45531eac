"""Requests to one service: where they may go, what is repeated, and how they end."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.unit.net.servers import (
    Answerer,
    Asked,
    FastClock,
    Give,
    TinyServer,
    authority,
    raw_server,
    serving,
)
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.net.bearer import FixedBearer
from wizard.net.sessions import Budget, Net, NetSettings


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def server() -> Iterator[TinyServer]:
    with serving(lambda _: Give(body=b'{"ok":true}')) as running:
        yield running


@pytest.fixture
def net(server: TinyServer, clock: FastClock) -> Iterator[Net]:
    with Net(NetSettings(), clock=clock) as made:
        yield made


def in_turn(*gives: Give) -> Answerer:
    """Answers one after the other; the last one for ever."""
    waiting = list(gives)

    def answer(_: Asked) -> Give:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return answer


def code_of(trouble: pytest.ExceptionInfo[Trouble]) -> Code:
    return trouble.value.code


# ------------------------------------------------------------------ requests and answers


def test_an_answer_is_whole_and_its_headers_are_lower_case(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(body=b'{"n":1}', headers={"ETag": '"v1"'})
    answer = net.api(server.base).get("/v1/me", params={"a": "1", "b": ["x", "y"]}, cancel=Cancel())
    assert answer.read(dict[str, int]) == {"n": 1}
    assert answer.headers["etag"] == '"v1"'
    assert (answer.host, answer.path) == (f"127.0.0.1:{server.port}", "/v1/me")
    assert server.asked[0].path == "/v1/me?a=1&b=x&b=y"


def test_a_body_is_sent_as_json_and_a_base_path_stays_in_front(
    net: Net, server: TinyServer
) -> None:
    api = net.api(f"{server.base}/scim/v2/")
    api.send("POST", "/Users", json={"active": True}, cancel=Cancel())
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.body) == ("POST", "/scim/v2/Users", b'{"active":true}')
    assert asked.headers["content-type"] == "application/json"


def test_a_packed_answer_is_unpacked(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(
        body=gzip.compress(b'{"n":2}'), headers={"Content-Encoding": "gzip"}
    )
    assert net.api(server.base).get("/", cancel=Cancel()).body == b'{"n":2}'


def test_a_packed_answer_may_have_parts_and_may_be_empty(net: Net, server: TinyServer) -> None:
    packed = {"Content-Encoding": "gzip"}
    server.answer = lambda _: Give(
        body=gzip.compress(b'{"n"') + gzip.compress(b":2}"), headers=packed
    )
    assert net.api(server.base).get("/", cancel=Cancel()).body == b'{"n":2}'
    server.answer = lambda _: Give(body=b"", headers=packed)
    assert net.api(server.base).get("/", cancel=Cancel()).body == b""


def test_a_packed_answer_that_was_cut_off_is_a_lost_connection(
    net: Net, server: TinyServer
) -> None:
    """It came to the length that was announced, so only its own end tells."""
    whole = gzip.compress(b'{"n":2}')
    answers = [Give(body=whole[:-9], headers={"Content-Encoding": "gzip"}), Give(body=b'{"n":2}')]
    server.answer = lambda _: answers.pop(0)
    assert net.api(server.base).get("/", cancel=Cancel()).body == b'{"n":2}'
    assert answers == []


def test_what_is_called_packed_and_is_not_is_told_as_such(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(body=b"plain", headers={"Content-Encoding": "gzip"})
    with pytest.raises(Trouble) as trouble:
        net.api(server.base).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.ANSWER_NOT_UNDERSTOOD


def test_one_connection_serves_many_requests(net: Net, server: TinyServer) -> None:
    api = net.api(server.base)
    for _ in range(20):
        api.get("/", cancel=Cancel())
    assert server.connections == 1


def test_cookies_are_neither_kept_nor_sent(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(headers={"Set-Cookie": "who=ana; Path=/"})
    api = net.api(server.base)
    for _ in range(2):
        api.get("/", cancel=Cancel())
    assert "cookie" not in server.asked[1].headers


@pytest.mark.parametrize(
    "body", [b"<html>proxy log-in</html>", b"", b'{"a":"x"}', b'{"\xff":1}', b"\xff\xfe"]
)
def test_an_answer_that_is_not_json_is_told_as_such(
    net: Net, server: TinyServer, body: bytes
) -> None:
    server.answer = lambda _: Give(body=body)
    with pytest.raises(Trouble) as trouble:
        net.api(server.base).get("/", cancel=Cancel()).read(dict[str, int])
    assert code_of(trouble) is Code.ANSWER_NOT_UNDERSTOOD


def test_an_answer_beyond_the_limit_is_refused_while_it_comes(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(
        body=gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}
    )
    with pytest.raises(Trouble) as trouble:
        net.api(server.base, largest=1024 * 1024).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.ANSWER_TOO_LARGE


# ------------------------------------------------------------------ where they may go


def test_a_next_link_is_followed_at_the_same_origin_only(net: Net, server: TinyServer) -> None:
    api = net.api(f"{server.base}/v1")
    api.get(f"{server.base}/v1/people?page=2", cancel=Cancel())
    assert server.asked[0].path == "/v1/people?page=2"
    port = server.port
    elsewhere = [
        f"http://127.0.0.1:{port + 1 if port < 65535 else port - 1}/v1/people",
        f"https://127.0.0.1:{port}/v1/people",
        f"http://localhost:{port}/v1/people",
        "https://people.example/v1",
    ]
    for address in elsewhere:
        with pytest.raises(Trouble) as trouble:
            api.get(address, cancel=Cancel())
        assert code_of(trouble) is Code.WRONG_HOST
    for address in (f"http://ana@127.0.0.1:{port}/", f"http://127.0.0.1:{port}\\@x.example/"):
        with pytest.raises(Trouble) as trouble:
            api.get(address, cancel=Cancel())
        assert code_of(trouble) is Code.UNSAFE_ADDRESS
    assert len(server.asked) == 1


def test_a_relative_path_without_slash_is_a_mistake_of_ours(net: Net, server: TinyServer) -> None:
    with pytest.raises(ValueError, match="begins with"):
        net.api(server.base).get("v1/me", cancel=Cancel())


def test_a_redirect_is_never_followed(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(status=302, headers={"Location": f"{server.base}/other"})
    with pytest.raises(Trouble) as trouble:
        net.api(server.base).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.UNEXPECTED_REDIRECT
    assert len(server.asked) == 1


def test_plain_http_beyond_this_machine_is_refused() -> None:
    with Net(NetSettings()) as net, pytest.raises(Trouble) as trouble:
        net.api("http://connect.example")
    assert code_of(trouble) is Code.UNSAFE_ADDRESS


def test_the_wall_stops_every_writing_method_before_a_byte_is_sent(
    net: Net, server: TinyServer
) -> None:
    api = net.api(server.base, read_only=True)
    for method in ("POST", "PUT", "PATCH", "DELETE", "post", "MERGE"):
        with pytest.raises(Trouble) as trouble:
            api.send(method, "/Users/1", json={}, cancel=Cancel())
        assert code_of(trouble) is Code.WRITE_BEHIND_WALL
    assert server.connections == 0
    api.get("/Users", cancel=Cancel())
    assert [asked.method for asked in server.asked] == ["GET"]


# ------------------------------------------------------------------ repeating


def test_a_busy_service_is_asked_again_after_the_time_it_named(
    net: Net, server: TinyServer, clock: FastClock
) -> None:
    server.answer = in_turn(Give(status=503, headers={"Retry-After": "7"}), Give())
    assert net.api(server.base).get("/", cancel=Cancel()).status == 200
    assert len(clock.slept) == 1
    assert 7.0 <= clock.slept[0] < 7.1
    assert net.traffic.snapshot()[f"127.0.0.1:{server.port}"].retries == 1


def test_a_date_to_come_back_is_measured_by_the_servers_own_clock(
    net: Net, server: TinyServer, clock: FastClock
) -> None:
    there = clock.now().replace(year=2031)
    later = there.replace(second=there.second + 9)
    headers = {
        "Retry-After": format_datetime(later, usegmt=True),
        "Date": format_datetime(there, usegmt=True),
    }
    answer = Answer(
        status=429, headers={name.lower(): value for name, value in headers.items()},
        body=b"", host="", path="",
    )  # fmt: skip
    from wizard.net.retrying import retry_after

    assert retry_after(answer, clock.now()) == 9.0
    plain = Answer(status=429, headers={"retry-after": "soon"}, body=b"", host="", path="")
    assert retry_after(plain, clock.now()) is None


def test_who_is_told_to_wait_too_long_is_told_so(
    net: Net, server: TinyServer, clock: FastClock
) -> None:
    server.answer = lambda _: Give(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(Trouble) as trouble:
        net.api(server.base).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.RATE_LIMITED
    assert trouble.value.retry_after == 3600.0
    assert clock.slept == []


def test_attempts_end_and_the_refusal_is_raised(
    net: Net, server: TinyServer, clock: FastClock
) -> None:
    server.answer = lambda _: Give(status=502)
    with pytest.raises(Trouble) as trouble:
        net.api(server.base, attempts=3).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.SERVICE_UNAVAILABLE
    assert len(server.asked) == 3
    assert len(clock.slept) == 2


def test_waits_grow_and_are_spread() -> None:
    from wizard.net.retrying import Pace

    pace = Pace()
    for attempt, highest in ((1, 0.5), (3, 2.0), (12, 30.0)):
        drawn = [pace.wait(attempt, None) for _ in range(200)]
        assert max(drawn) <= highest
        assert max(drawn) - min(drawn) > highest / 4


def test_what_is_not_repeatable_is_sent_once(net: Net, server: TinyServer) -> None:
    for give in (Give(drop=True), Give(status=503)):
        server.asked.clear()
        server.answer = in_turn(give)
        with pytest.raises(Trouble) as trouble:
            net.api(server.base).send("POST", "/Bulk", json={}, cancel=Cancel())
        assert code_of(trouble) in {Code.CONNECTION_LOST, Code.SERVICE_UNAVAILABLE}
        assert len(server.asked) == 1


def test_a_lost_connection_is_repeated_where_that_is_safe(net: Net, server: TinyServer) -> None:
    server.answer = in_turn(Give(drop=True), Give(cut=True), Give(body=b"3"))
    assert net.api(server.base).get("/", cancel=Cancel()).body == b"3"
    assert len(server.asked) == 3


def test_a_cut_answer_never_passes_for_a_whole_one(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(body=b"[1,2]", cut=True)
    with pytest.raises(Trouble) as trouble:
        net.api(server.base, attempts=1).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.CONNECTION_LOST


def test_nobody_listening_is_tried_again_even_for_a_write(
    net: Net, clock: FastClock, free_port: Callable[[], int]
) -> None:
    port = free_port()
    with pytest.raises(Trouble) as trouble:
        net.api(f"http://127.0.0.1:{port}", attempts=4).send("POST", "/", cancel=Cancel())
    assert code_of(trouble) is Code.CONNECTION_REFUSED
    assert trouble.value.facts["host"] == f"127.0.0.1:{port}"
    assert len(clock.slept) == 3


def test_an_adapter_may_call_a_refusal_transient(net: Net, server: TinyServer) -> None:
    server.answer = in_turn(Give(status=403, body=b"quota"), Give())
    api = net.api(server.base, transient=lambda answer: answer.body == b"quota")
    assert api.get("/", cancel=Cancel()).status == 200


def test_an_adapter_may_say_how_long(net: Net, server: TinyServer, clock: FastClock) -> None:
    server.answer = in_turn(Give(status=403), Give())
    net.api(server.base, transient=lambda _: 4.0).get("/", cancel=Cancel())
    assert 4.0 <= clock.slept[0] < 4.1


def test_a_refusal_is_the_adapters_own_trouble(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(status=409, body=b"taken")
    api = net.api(
        server.base, refusal=lambda answer: Trouble(Code.ADDRESS_TAKEN, said=answer.body.decode())
    )
    with pytest.raises(Trouble) as trouble:
        api.send("PATCH", "/Users/1", json={}, cancel=Cancel())
    assert code_of(trouble) is Code.ADDRESS_TAKEN
    assert trouble.value.facts["said"] == "taken"


def test_an_accepted_status_is_an_answer(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(status=404)
    assert net.api(server.base).get("/", cancel=Cancel(), accept={200, 404}).status == 404


# ------------------------------------------------------------------ tokens


class Tokens:
    """A bearer that has a few tokens and takes the next when one is refused."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens)
        self.refused: list[str] = []

    def token(self, cancel: Cancel) -> str:
        cancel.check()
        return self.left[0]

    def rejected(self, token: str) -> None:
        self.refused.append(token)
        if len(self.left) > 1:
            self.left.pop(0)


def only(token: str) -> Answerer:
    def answer(asked: Asked) -> Give:
        good = asked.headers.get("authorization") == f"Bearer {token}"
        return Give(status=200 if good else 401)

    return answer


def test_a_refused_token_is_replaced_once_even_for_a_write(net: Net, server: TinyServer) -> None:
    server.answer = only("new")
    bearer = Tokens("old", "new")
    api = net.api(server.base, bearer=bearer, attempts=1)
    assert api.send("POST", "/", json={}, cancel=Cancel()).status == 200
    assert bearer.refused == ["old"]


def test_a_token_that_cannot_be_replaced_leaves_the_refusal(net: Net, server: TinyServer) -> None:
    server.answer = only("new")
    with pytest.raises(Trouble) as trouble:
        net.api(server.base, bearer=Tokens("old")).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.SIGN_IN_EXPIRED
    assert len(server.asked) == 1


def test_a_fixed_token_is_sent_as_it_is_and_its_refusal_stands(
    net: Net, server: TinyServer
) -> None:
    server.answer = only("fixed")
    assert net.api(server.base, bearer=FixedBearer("fixed")).get("/", cancel=Cancel()).status == 200
    server.asked.clear()
    with pytest.raises(Trouble):
        net.api(server.base, bearer=FixedBearer("revoked")).get("/", cancel=Cancel())
    assert len(server.asked) == 1


def test_a_401_without_any_token_is_a_refusal(net: Net, server: TinyServer) -> None:
    server.answer = lambda _: Give(status=401)
    with pytest.raises(Trouble) as trouble:
        net.api(server.base).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.SIGN_IN_EXPIRED


def test_tokens_are_not_replaced_for_ever(net: Net, server: TinyServer) -> None:
    server.answer = only("never")
    with pytest.raises(Trouble):
        net.api(server.base, bearer=Tokens("a", "b", "c", "d")).get("/", cancel=Cancel())
    assert len(server.asked) == 2


# ------------------------------------------------------------------ stopping


def stopped_while(net: Net, base: str, method: str = "GET") -> float:
    """Send a request that would take for ever, stop it, and give the seconds it took to end."""
    cancel = Cancel()
    timer = threading.Timer(0.3, cancel.stop)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Trouble) as trouble:
        net.api(base).send(method, "/", cancel=cancel)
    timer.join()
    assert code_of(trouble) is Code.CANCELLED
    return time.monotonic() - began - 0.3


@pytest.fixture
def real_net() -> Iterator[Net]:
    with Net(NetSettings(), clock=SystemClock()) as made:
        yield made


def test_a_stop_cuts_a_request_that_gets_no_answer(real_net: Net) -> None:
    release = threading.Event()
    with serving(lambda _: Give(wait=release)) as slow:
        taken = stopped_while(real_net, slow.base)
        release.set()
        real_net.close()
    assert taken < 1.0


def test_a_stop_cuts_an_answer_that_never_ends(real_net: Net) -> None:
    def half(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        connection.recv(1)

    with raw_server(half) as port:
        assert stopped_while(real_net, f"http://127.0.0.1:{port}") < 1.0


def test_a_stop_cuts_an_answer_without_length(real_net: Net) -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nhalf")
        connection.recv(1)

    with raw_server(endless) as port:
        assert stopped_while(real_net, f"http://127.0.0.1:{port}") < 1.0


def test_a_stop_cuts_a_handshake(real_net: Net) -> None:
    def silent(connection: socket.socket) -> None:
        while connection.recv(4096):
            continue

    with raw_server(silent) as port:
        assert stopped_while(real_net, f"https://127.0.0.1:{port}") < 1.0


def test_a_stop_ends_the_wait_between_attempts(real_net: Net) -> None:
    with serving(lambda _: Give(status=503, headers={"Retry-After": "60"})) as busy:
        assert stopped_while(real_net, busy.base) < 1.0
        real_net.close()


def test_a_stopped_work_sends_nothing_more(net: Net, server: TinyServer) -> None:
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble):
        net.api(server.base).get("/", cancel=cancel)
    assert server.connections == 0


# ------------------------------------------------------------------ several threads


def test_threads_share_an_api_within_its_number_of_connections(net: Net) -> None:
    meeting = threading.Barrier(3, timeout=10)

    def together(_: Asked) -> Give:
        meeting.wait()
        return Give()

    with serving(together) as busy:
        api = net.api(busy.base, connections=3)
        results: list[int] = []
        threads = [
            threading.Thread(target=lambda: results.append(api.get("/", cancel=Cancel()).status))
            for _ in range(9)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counts = net.traffic.snapshot()[f"127.0.0.1:{busy.port}"]
        api.close()
    assert results == [200] * 9
    assert (counts.requests, counts.most_in_flight, counts.in_flight) == (9, 3, 0)


def test_a_thread_that_waits_for_its_turn_can_be_stopped(real_net: Net) -> None:
    release = threading.Event()
    with serving(lambda _: Give(wait=release)) as slow:
        api = real_net.api(slow.base, connections=1)
        first = threading.Thread(target=lambda: api.get("/", cancel=Cancel()))
        first.start()
        while not slow.asked:
            first.join(0.01)
        cancel = Cancel()
        timer = threading.Timer(0.2, cancel.stop)
        timer.start()
        with pytest.raises(Trouble) as trouble:
            api.get("/", cancel=cancel)
        timer.join()
        release.set()
        first.join()
        real_net.close()
    assert code_of(trouble) is Code.CANCELLED
    assert len(slow.asked) == 1


# ------------------------------------------------------------------ budgets and counts


def test_a_budget_lets_a_burst_through_and_then_keeps_its_rate(clock: FastClock) -> None:
    budget = Budget(rate=40.0, burst=10, clock=clock)
    for _ in range(10):
        budget.take(Cancel())
    assert clock.slept == []
    began = clock.monotonic()
    for _ in range(80):
        budget.take(Cancel())
    assert clock.monotonic() - began == pytest.approx(2.0, abs=0.05)
    clock.advance(3600)
    clock.slept.clear()
    for _ in range(11):
        budget.take(Cancel())
    assert len(clock.slept) == 1


def test_a_budget_that_lets_nothing_through_is_a_mistake(clock: FastClock) -> None:
    with pytest.raises(ValueError, match="not a budget"):
        Budget(rate=0.0, burst=1, clock=clock)


def test_an_api_stays_within_its_budget(net: Net, server: TinyServer, clock: FastClock) -> None:
    api = net.api(server.base, budget=Budget(rate=2.0, burst=1, clock=clock))
    for _ in range(3):
        api.get("/", cancel=Cancel())
    assert sum(clock.slept) == pytest.approx(1.0, abs=0.1)


def test_traffic_counts_requests_and_bodies(net: Net, server: TinyServer) -> None:
    net.api(server.base).send("POST", "/", body=b"12345", cancel=Cancel())
    counts = net.traffic.snapshot()[f"127.0.0.1:{server.port}"]
    assert (counts.requests, counts.bytes_out, counts.bytes_in) == (1, 5, len(b'{"ok":true}'))
    assert net.traffic.requests == 1


# ------------------------------------------------------------------ trust


def test_a_private_authority_is_believed_only_where_it_is_named(tmp_path: Path) -> None:
    ours = authority(tmp_path)
    with (
        serving(lambda _: Give(), ours.context) as server,
        Net(NetSettings(trust_root=ours.root)) as net,
        Net(NetSettings()) as stranger,
    ):
        assert net.api(server.base).get("/", cancel=Cancel()).status == 200
        with pytest.raises(Trouble) as trouble:
            stranger.api(server.base).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.TLS_UNTRUSTED


def test_a_private_authority_that_was_made_anew_is_read_again(tmp_path: Path) -> None:
    first, second = authority(tmp_path / "first"), authority(tmp_path / "second")
    with (
        serving(lambda _: Give(), second.context) as server,
        Net(NetSettings(trust_root=first.root)) as net,
    ):
        api, library = net.api(server.base), net.library_session([server.base])
        for _ in range(2):
            with pytest.raises(Trouble) as trouble:
                api.send("POST", "/", cancel=Cancel())
            assert code_of(trouble) is Code.TLS_UNTRUSTED
        first.root.write_bytes(second.root.read_bytes())
        assert api.send("POST", "/", cancel=Cancel()).status == 200
        assert library.get(server.base).ok
        assert len(server.asked) == 2
        first.root.unlink()
        assert api.get("/", cancel=Cancel()).status == 200


@pytest.mark.parametrize(("host", "expired", "reason"), [
    ("127.0.0.1", True, "expired"),
    ("connect.example", False, "other-host"),
])  # fmt: skip
def test_a_certificate_that_does_not_fit_is_told_with_its_reason(
    tmp_path: Path, host: str, expired: bool, reason: str
) -> None:
    ours = authority(tmp_path, host=host, expired=expired)
    with (
        serving(lambda _: Give(), ours.context) as server,
        Net(NetSettings(trust_root=ours.root)) as net,
        pytest.raises(Trouble) as trouble,
    ):
        net.api(server.base).get("/", cancel=Cancel())
    assert code_of(trouble) is Code.TLS_UNTRUSTED
    assert trouble.value.facts["reason"] == reason


def test_the_environment_cannot_bring_in_a_certificate_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(ours.root))
    with serving(lambda _: Give(), ours.context) as server, Net(NetSettings()) as net:
        with pytest.raises(Trouble) as trouble:
            net.api(server.base).get("/", cancel=Cancel())
        with pytest.raises(Trouble) as library:
            net.library_session([server.base]).get(server.base, verify=str(ours.root))
    assert code_of(trouble) is Code.TLS_UNTRUSTED
    assert code_of(library) is Code.TLS_UNTRUSTED


def test_plain_text_where_tls_is_expected_is_no_matter_of_trust(real_net: Net) -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with raw_server(plain) as port, pytest.raises(Trouble) as trouble:
        real_net.api(f"https://127.0.0.1:{port}").get("/", cancel=Cancel())
    assert code_of(trouble) is Code.TLS_FAILED


def test_a_trust_root_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("no certificate")
    with Net(NetSettings(trust_root=tmp_path / "root.pem")) as net, pytest.raises(Trouble) as found:
        net.api("https://127.0.0.1:1")
    assert code_of(found) is Code.TLS_FAILED
