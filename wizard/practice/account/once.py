"""Idempotency keys: the same POST twice is done once and answered twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock, to_text
from wizard.practice.account.database import Database
from wizard.practice.account.problems import Problem, refuse

__all__ = ["Once"]

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_REPEATED = ("location", "etag", "content-type")


class Once:
    """Remembers answers for a day, for each actor apart."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def key_of(self, request: Request) -> str | None:
        """The request's key, or None without one; 400 when it is not usable."""
        key = request.headers.get("idempotency-key")
        if key is not None and not _KEY.fullmatch(key):
            raise refuse(Problem.INVALID_REQUEST, "Idempotency-Key has 1 to 128 visible letters.")
        return key

    def do(
        self, request: Request, actor: str, body: bytes, produce: Callable[[], Response]
    ) -> Response:
        """Answer as before when this key was used for the same thing, else do it.

        Everything happens in one transaction: what was done and what is remembered of it.
        """
        key = self.key_of(request)
        if key is None:
            with self._db.transaction():
                return produce()
        asked = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).digest()
        with self._db.transaction():
            self._db.run("DELETE FROM idempotency WHERE at < ?", to_text(self._clock.now() - KEPT))
            row = self._db.maybe(
                "SELECT * FROM idempotency WHERE actor = ? AND key = ?", actor, key
            )
            if row is None:
                answer = produce()
                self._remember(actor, key, asked, answer)
                return answer
            if row["asked"] != asked:
                raise refuse(Problem.IDEMPOTENCY_KEY_REUSED)
        headers = msgspec.json.decode(row["headers"], type=dict[str, str])
        return Response(
            row["body"], row["status"], {**headers, "idempotency-replayed": "true"}, None
        )

    def _remember(self, actor: str, key: str, asked: bytes, answer: Response) -> None:
        kept = {name: answer.headers[name] for name in _REPEATED if name in answer.headers}
        self._db.run(
            "INSERT INTO idempotency VALUES (?,?,?,?,?,?,?)",
            actor,
            key,
            asked,
            answer.status_code,
            msgspec.json.encode(kept),
            bytes(answer.body),
            self._db.now(),
        )
