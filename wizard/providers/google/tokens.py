"""Trades a Google refresh token for new tokens by google-auth; the strategy of a `TokenSource`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import requests
from google.auth import transport
from google.auth.exceptions import GoogleAuthError
from google.oauth2.credentials import Credentials

from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.sessions import Net
from wizard.profile.model import GoogleProfile
from wizard.providers.google.errors import oauth_code

__all__ = ["GoogleRefresher"]

_Whole = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
_Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,9}$")]
_Seconds = _Whole | _Digits
_REAUTHENTICATE = "Reauthentication is needed"
"""google-auth's own sentence for `invalid_rapt`, which it tells in no other way."""


class GoogleRefresher:
    """An `auth.tokens.Refresher` for Google. Safe between threads."""

    def __init__(self, net: Net, profile: GoogleProfile) -> None:
        self._net = net
        self._profile = profile

    def refresh(self, tokens: TokenSet, cancel: Cancel) -> TokenSet:
        """See `Refresher.refresh`.

        Raises `Trouble`: sign-in-expired (the fact `reason` is `session-control` where the
        organization asks its admins to sign in again from time to time),
        admin-policy-enforced, service-unavailable, answer-not-understood, and those of the
        network.
        """
        credentials = Credentials(
            None,
            refresh_token=tokens.refresh_token,
            token_uri=self._profile.token_uri,
            client_id=self._profile.client_id,
            client_secret="",
        )
        session = self._net.library_session([self._profile.token_uri], cancel=cancel)
        request = _PlainRequest(session)
        try:
            credentials.refresh(request)
        except GoogleAuthError as problem:
            raise self._trouble(problem) from problem
        finally:
            self._net.release(session)
        if not credentials.token:
            raise Trouble(Code.SIGN_IN_FAILED, error="no-access-token")
        expiry = credentials.expiry  # naive, in UTC
        return TokenSet(
            access_token=credentials.token,
            refresh_token=credentials.refresh_token or "",
            expires_at=expiry.replace(tzinfo=UTC) if expiry else None,
            scope=request.scope,
        )

    def _trouble(self, problem: GoogleAuthError) -> Trouble:
        host = Origin.of(self._profile.token_uri).shown
        if _REAUTHENTICATE in str(problem):
            return Trouble(Code.SIGN_IN_EXPIRED, provider="google", reason="session-control")
        if problem.retryable:
            return Trouble(Code.SERVICE_UNAVAILABLE, host=host)
        told = problem.args[1] if len(problem.args) > 1 else None
        if not isinstance(told, Mapping):
            return Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=host)
        error = str(told.get("error", ""))
        if error == "invalid_grant":
            return Trouble(Code.SIGN_IN_EXPIRED, provider="google", reason=error)
        return Trouble(oauth_code(error), error=error, host=host)


class _Response(transport.Response):
    """What google-auth wants to see of an answer."""

    def __init__(self, answer: requests.Response) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._answer.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""
        return self._answer.headers

    @property
    def data(self) -> bytes:
        """The body."""
        return self._answer.content


class _PlainRequest(transport.Request):
    """Sends google-auth's requests over our session and nothing else.

    The library's own transport may put adapters of its own into the session (client
    certificates), past our trust and pins. Two things are done on the way: an empty client
    secret is left out, as this client has none; and the scopes that the answer names are
    kept, because the library tells them only for credentials that ask for some.
    """

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self.scope = ""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> transport.Response:
        """See `google.auth.transport.Request`."""
        form = parse_qsl((body or b"").decode("ascii"), keep_blank_values=True)
        kept = [(name, value) for name, value in form if (name, value) != ("client_secret", "")]
        answer = self._session.request(
            method, url, data=urlencode(kept).encode("ascii"), headers=headers, timeout=timeout
        )
        self.scope = _understood(answer).scope or ""
        return _Response(answer)


class _Refused(msgspec.Struct):
    """A refusal; the library reads whatever else an object has."""

    scope: str | None = None


class _Granted(_Refused, kw_only=True):
    """What is used of an answer with tokens (RFC 6749, section 5.1)."""

    access_token: str
    refresh_token: str | None = None
    expires_in: _Seconds | None = None


def _understood(answer: requests.Response) -> _Refused:
    """The answer, if the library can read it: of others it makes mistakes of its own.

    A refusal in plain words is left to it. Raises `Trouble(ANSWER_NOT_UNDERSTOOD)`.
    """
    fine = answer.status_code == HTTPStatus.OK
    try:
        if not fine and _is_text(answer.content):
            return _Refused()
        return msgspec.json.decode(answer.content, type=_Granted if fine else _Refused)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        there = urlsplit(answer.url)
        raise Trouble(
            Code.ANSWER_NOT_UNDERSTOOD,
            host=Origin.of(answer.url).shown,
            path=there.path,
            status=answer.status_code,
        ) from problem


def _is_text(content: bytes) -> bool:
    """Whether it is words and no JSON; `UnicodeDecodeError` where it is neither."""
    words = content.decode()
    try:
        json.loads(words)
    except ValueError:
        return True
    return False
