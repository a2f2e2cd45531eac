"""One service's API: requests to its origin alone, repeated where safe, answers read whole."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec
import requests

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.net.answers import Answer
from wizard.net.bearer import Bearer
from wizard.net.budget import Budget
from wizard.net.connections import flying
from wizard.net.failures import BEFORE_SENDING
from wizard.net.retrying import LONGEST_WAIT, TRANSIENT, Pace, retry_after
from wizard.net.traffic import Traffic
from wizard.net.transport import whole

__all__ = ["Api", "ApiOptions", "Params", "never_transient", "plain_refusal"]

log = logging.getLogger("wizard.net")

Params = Mapping[str, str | int | Sequence[str]]
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_FINE = range(200, 300)


def plain_refusal(answer: Answer) -> Trouble:
    """The trouble of a refused request, for services that tell no more than a status."""
    codes = {
        401: Code.SIGN_IN_EXPIRED,
        403: Code.NOT_ALLOWED,
        404: Code.NOT_FOUND_AT_SERVICE,
        429: Code.RATE_LIMITED,
    }
    code = codes.get(answer.status, Code.REQUEST_REFUSED)
    if answer.status >= 500:
        code = Code.SERVICE_UNAVAILABLE
    return Trouble(code, host=answer.host, path=answer.path, status=answer.status)


def never_transient(answer: Answer) -> bool:
    """No answer passes by itself, beyond the statuses that always may."""
    del answer
    return False


@dataclass(frozen=True, kw_only=True)
class ApiOptions:
    """How an `Api` behaves.

    `refusal` turns an answer outside `accept` into a `Trouble`. `transient` says of such an
    answer whether it passes: False or None, True, or the seconds to wait. `attempts` counts
    the first one too.
    """

    bearer: Bearer | None = None
    budget: Budget | None = None
    refusal: Callable[[Answer], Trouble] = plain_refusal
    transient: Callable[[Answer], float | bool | None] = never_transient
    attempts: int = 5
    largest: int
    connections: int
    user_agent: str


class Api:
    """Requests below one base address. May be used by several threads at the same time.

    All threads share one session, whose state never changes after it was made (no cookies, no
    redirects, no environment); no more than `connections` requests are under way at once, and
    a thread that has to wait for its turn can be cancelled, too. A cancel cuts a request that
    is under way; only the resolver of host names cannot be hurried.
    """

    def __init__(
        self,
        base: str,
        session: requests.Session,
        options: ApiOptions,
        *,
        clock: Clock,
        traffic: Traffic,
    ) -> None:
        self._base = base.rstrip("/")
        self._origin = Origin.of(base)
        self._session = session
        self._options = options
        self._clock = clock
        self._traffic = traffic
        self._turns = threading.BoundedSemaphore(options.connections)
        self._pace = Pace()

    @property
    def host(self) -> str:
        """The host, with its port where unusual, as facts and counts name it."""
        return self._origin.shown

    def close(self) -> None:
        """Close idle connections."""
        self._session.close()

    def get(
        self,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        cancel: Cancel,
        accept: Collection[int] = _FINE,
    ) -> Answer:
        """GET; see `send`."""
        return self.send("GET", path, params=params, headers=headers, cancel=cancel, accept=accept)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        cancel: Cancel,
        repeatable: bool | None = None,
        accept: Collection[int] = _FINE,
    ) -> Answer:
        """Send a request and read the answer whole.

        `path` begins with '/' and is taken below the base address, or is a whole address at
        the same origin, such as a next link (`Trouble(WRONG_HOST)` elsewhere). `json` is
        anything that msgspec encodes; `body` is sent as it is. `repeatable` says whether doing
        it twice is the same as once; by default GET, HEAD, OPTIONS, PUT and DELETE are.

        What is not repeatable is sent again only when nothing can have arrived: no connection
        could be made, or a token was refused (401). Raises `Trouble`: of the network, of
        `refusal`, or cancelled.
        """
        verb = method.upper()
        address = self._address(path)
        wanted = {"Accept": "application/json", **(headers or {})}
        if json is not None:
            body = msgspec.json.encode(json)
            wanted.setdefault("Content-Type", "application/json")
        again = verb in _REPEATABLE if repeatable is None else repeatable
        request = requests.Request(verb, address, headers=wanted, params=_listed(params), data=body)
        return self._until_answered(request, again=again, accept=accept, cancel=cancel)

    def _address(self, path: str) -> str:
        if path.startswith("/"):
            return self._base + path
        if "://" not in path:
            raise ValueError("a path begins with '/'")
        there = Origin.of(path)
        if there != self._origin:
            raise Trouble(Code.WRONG_HOST, host=there.shown, expected=self._origin.shown)
        return path

    def _until_answered(
        self,
        request: requests.Request,
        *,
        again: bool,
        accept: Collection[int],
        cancel: Cancel,
    ) -> Answer:
        """Try, wait, and try again, as often as it makes sense."""
        token_was_refused = False
        attempt = 0
        while True:
            attempt += 1
            token = self._authorize(request, cancel)
            try:
                answer = self._once(request, cancel)
            except Trouble as problem:
                if attempt >= self._options.attempts or not _passing(problem, again=again):
                    raise
                self._wait(attempt, None, cancel)
                continue
            if answer.status in accept:
                return answer
            if 300 <= answer.status < 400 and answer.status != 304:
                raise Trouble(Code.UNEXPECTED_REDIRECT, host=answer.host, status=answer.status)
            if answer.status == 401 and token and not token_was_refused:
                token_was_refused = True
                if self._another_token(token, cancel):
                    attempt -= 1
                    continue
            self._wait_or_raise(answer, attempt, again=again, cancel=cancel)

    def _authorize(self, request: requests.Request, cancel: Cancel) -> str:
        if self._options.bearer is None:
            return ""
        token = self._options.bearer.token(cancel)
        request.headers["Authorization"] = f"Bearer {token}"
        return token

    def _another_token(self, refused: str, cancel: Cancel) -> bool:
        """Tell the bearer that its token was refused; whether it now has another."""
        bearer = self._options.bearer
        if bearer is not None:
            bearer.rejected(refused)
        return bearer is not None and bearer.token(cancel) != refused

    def _wait_or_raise(self, answer: Answer, attempt: int, *, again: bool, cancel: Cancel) -> None:
        """Wait where a refusal passes by itself and may be repeated; else raise it."""
        hint = self._options.transient(answer)
        passes = answer.status in TRANSIENT or (hint is not None and hint is not False)
        asked = retry_after(answer, self._clock.now())
        if asked is None and isinstance(hint, int | float) and not isinstance(hint, bool):
            asked = float(hint)
        late = asked is not None and asked > LONGEST_WAIT
        if again and passes and not late and attempt < self._options.attempts:
            self._wait(attempt, asked, cancel)
            return
        trouble = self._options.refusal(answer)
        if trouble.retry_after is None:
            trouble.retry_after = asked
        raise trouble

    def _wait(self, attempt: int, asked: float | None, cancel: Cancel) -> None:
        self._traffic.add(self.host, retries=1)
        self._clock.sleep(self._pace.wait(attempt, asked), cancel)

    @contextmanager
    def _turn(self, cancel: Cancel) -> Iterator[None]:
        cancel.check()
        while not self._turns.acquire(timeout=0.2):
            cancel.check()
        try:
            yield
        finally:
            self._turns.release()

    def _once(self, request: requests.Request, cancel: Cancel) -> Answer:
        """Send once; `Trouble` of the network, or cancelled."""
        if self._options.budget is not None:
            self._options.budget.take(cancel)
        prepared = self._session.prepare_request(request)
        path = urlsplit(prepared.url or "").path
        size = len(prepared.body) if isinstance(prepared.body, bytes | str) else 0
        began = self._clock.monotonic()
        with self._turn(cancel), self._traffic.flight(self.host, bytes_out=size):
            try:
                with flying(cancel):
                    got = self._session.send(prepared, stream=True, allow_redirects=False)
                    body = whole(
                        got, host=self.host, largest=self._options.largest, traffic=self._traffic
                    )
            except Trouble:
                # A cut connection looks like a lost one: what the person wanted comes first.
                cancel.check()
                raise
            if cancel.stopped:
                cancel.check()
        log.debug(
            "%s %s%s: %d, %d bytes, %.0f ms",
            prepared.method, self.host, path, got.status_code, len(body),
            (self._clock.monotonic() - began) * 1000,
        )  # fmt: skip
        return Answer(
            status=got.status_code,
            headers={name.lower(): value for name, value in got.headers.items()},
            body=body,
            host=self.host,
            path=path,
        )


def _passing(problem: Trouble, *, again: bool) -> bool:
    """Whether a network failure may be gone at the next try, and trying is safe."""
    if problem.code in BEFORE_SENDING:
        return True
    if problem.code is Code.TIMED_OUT and problem.facts.get("phase") == "connect":
        return True
    return again and problem.code in {Code.CONNECTION_LOST, Code.TIMED_OUT}


def _listed(params: Params | None) -> list[tuple[str, str]]:
    """Parameters as pairs; a sequence gives its name once for each value."""
    pairs: list[tuple[str, str]] = []
    for name, value in (params or {}).items():
        if isinstance(value, str | int):
            pairs.append((name, str(value)))
        else:
            pairs.extend((name, one) for one in value)
    return pairs
