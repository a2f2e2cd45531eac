from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.sessions import Net, NetSettings
from wizard.profile.model import GoogleProfile
from wizard.providers.google.tokens import GoogleRefresher

OLD = TokenSet(access_token="old", refresh_token="1//refresh", scope="a b")


class TokenEndpoint:
    """Answers what a test put in, in order, the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, object]] = []
        self.forms: list[dict[str, list[str]]] = []
        self.address = ""


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    state = TokenEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.forms.append(parse_qs(body.decode(), keep_blank_values=True))
            status, told = state.answers[0] if len(state.answers) == 1 else state.answers.pop(0)
            content = told.encode() if isinstance(told, str) else json.dumps(told).encode()
            self.send_response_only(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method's argument
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}/token"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def refresher(endpoint: TokenEndpoint) -> Iterator[GoogleRefresher]:
    with Net(NetSettings()) as net:
        yield GoogleRefresher(net, GoogleProfile(client_id="client", token_uri=endpoint.address))


def refused(refresher: GoogleRefresher) -> Trouble:
    with pytest.raises(Trouble) as caught:
        refresher.refresh(OLD, Cancel())
    return caught.value


def test_new_tokens_carry_what_google_really_grants(
    endpoint: TokenEndpoint, refresher: GoogleRefresher
) -> None:
    endpoint.answers = [(200, {"access_token": "new", "expires_in": 3599, "scope": "a"})]
    fresh = refresher.refresh(OLD, Cancel())
    assert fresh.access_token == "new"
    assert fresh.scopes == {"a"}
    assert fresh.refresh_token == "1//refresh"
    assert fresh.expires_at is not None
    assert 3000 < (fresh.expires_at - datetime.now(UTC)).total_seconds() < 3700
    (form,) = endpoint.forms
    assert form["grant_type"] == ["refresh_token"]
    assert form["refresh_token"] == ["1//refresh"]
    assert form["client_id"] == ["client"]
    assert "client_secret" not in form
    assert "scope" not in form


@pytest.mark.parametrize(
    ("status", "told", "code", "reason"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
            Code.SIGN_IN_EXPIRED,
            "invalid_grant",
        ),
        (
            400,
            {"error": "invalid_grant", "error_subtype": "invalid_rapt", "error_description": "x"},
            Code.SIGN_IN_EXPIRED,
            "session-control",
        ),
        (
            400,
            {"error": "invalid_grant", "error_subtype": "rapt_required"},
            Code.SIGN_IN_EXPIRED,
            "session-control",
        ),
        (400, {"error": "admin_policy_enforced"}, Code.ADMIN_POLICY_ENFORCED, None),
        (401, {"error": "deleted_client"}, Code.APP_BLOCKED, None),
        (401, {"error": "invalid_client"}, Code.SIGN_IN_FAILED, None),
        (403, "<html>who are you?</html>", Code.ANSWER_NOT_UNDERSTOOD, None),
    ],
)
def test_each_refusal_has_its_own_name(
    endpoint: TokenEndpoint,
    refresher: GoogleRefresher,
    status: int,
    told: object,
    code: Code,
    reason: str | None,
) -> None:
    endpoint.answers = [(status, told)]
    trouble = refused(refresher)
    assert trouble.code is code
    if reason is not None:
        assert trouble.facts["reason"] == reason
    assert len(endpoint.forms) == 1


def test_a_token_endpoint_that_is_down_does_not_end_the_sign_in(
    endpoint: TokenEndpoint, refresher: GoogleRefresher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    endpoint.answers = [(503, {"error": "temporarily_unavailable"})]
    assert refused(refresher).code is Code.SERVICE_UNAVAILABLE
    assert len(endpoint.forms) == 3
    endpoint.answers = [(503, {"error": "backend_error"}), (200, {"access_token": "new"})]
    assert refresher.refresh(OLD, Cancel()).access_token == "new"


def test_a_token_endpoint_that_cannot_be_reached_is_told_as_that(free_port: object) -> None:
    assert callable(free_port)
    address = f"http://127.0.0.1:{free_port()}/token"
    with Net(NetSettings()) as net:
        refresher = GoogleRefresher(net, GoogleProfile(client_id="client", token_uri=address))
        assert refused(refresher).code is Code.CONNECTION_REFUSED


def test_a_cancelled_renewal_sends_nothing(
    endpoint: TokenEndpoint, refresher: GoogleRefresher
) -> None:
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as caught:
        refresher.refresh(OLD, cancel)
    assert caught.value.code is Code.CANCELLED
    assert endpoint.forms == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, "<html>who are you?</html>"),
        (200, ""),
        (200, '{"access_token": "ne'),
        (200, []),
        (200, {"access_token": 7}),
        (200, {"access_token": "new", "expires_in": "soon"}),
        (200, {"access_token": "new", "expires_in": 1e40}),
        (400, ["invalid_grant"]),
        (400, "7"),
    ],
)
def test_an_answer_that_is_none_is_told_as_such_and_ends_no_sign_in(
    endpoint: TokenEndpoint, refresher: GoogleRefresher, status: int, told: object
) -> None:
    endpoint.answers = [(status, told)]
    assert refused(refresher).code is Code.ANSWER_NOT_UNDERSTOOD
    endpoint.answers = [(200, {"access_token": "new", "expires_in": "3599"})]
    assert refresher.refresh(OLD, Cancel()).expires_at is not None
