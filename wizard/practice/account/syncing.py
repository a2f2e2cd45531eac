"""`/v1`: the syncer lease, provisioning tokens, and the record of runs."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock, to_text
from wizard.practice.account.connections import ACCOUNT, Connections, lease_shape
from wizard.practice.account.database import Database, new_id, token_hash
from wizard.practice.account.gate import Gate
from wizard.practice.account.intake import page_of, read_json
from wizard.practice.account.once import Once
from wizard.practice.account.problems import Problem, refuse
from wizard.practice.account.settings import SettingsStore
from wizard.practice.account.units import paged
from wizard.practice.messages import json_answer
from wizard.practice.routing import Router

__all__ = ["Installation", "Syncing"]

Installation = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
]
Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{1,40}$")]
Whole = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class LeaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT syncer."""

    installation_id: Installation
    host: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    person: Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
    take_over: bool = False


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST provisioning_tokens."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST sync_runs."""

    id: Installation
    started_at: Moment
    finished_at: Moment
    trigger: Word
    outcome: Word
    counts: Annotated[dict[Word, Whole], msgspec.Meta(max_length=40)]
    requests: Whole
    undoes: Installation | msgspec.UnsetType = msgspec.UNSET


class Syncing:
    """What a sync needs beside SCIM."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        gate: Gate,
        once: Once,
        connections: Connections,
        settings: SettingsStore,
    ) -> None:
        self._db = database
        self._clock = clock
        self._gate = gate
        self._once = once
        self._connections = connections
        self._settings = settings
        self.lease_life: timedelta | None = None
        """How long a lease lasts from when it is taken or renewed; None: three intervals."""

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("PUT", f"{ACCOUNT}/syncer", self.take_lease)
        router.add("DELETE", f"{ACCOUNT}/syncer", self.give_up_lease)
        router.add("GET", f"{ACCOUNT}/provisioning_tokens", self.tokens)
        router.add("POST", f"{ACCOUNT}/provisioning_tokens", self.new_token)
        router.add(
            "DELETE", f"{ACCOUNT}/provisioning_tokens/{{provisioning_token_id}}", self.revoke_token
        )
        router.add("GET", f"{ACCOUNT}/sync_runs", self.runs)
        router.add("POST", f"{ACCOUNT}/sync_runs", self.record_run)

    def _place(self, request: Request) -> tuple[str, str]:
        path = request.path_params
        return path["organizational_unit_id"], path["organization_account_id"]

    def lease(self, connection: str) -> sqlite3.Row | None:
        """The lease that is held now."""
        return self._connections.lease_row(connection)

    async def take_lease(self, request: Request) -> Response:
        """Take or renew the lease."""
        unit, connection = self._place(request)
        self._gate.sync(request, unit, connection, write=True)
        self._connections.row(unit, connection)
        asked, _ = await read_json(request, LeaseRequest)
        with self._db.transaction():
            held = self._connections.lease_row(connection)
            mine = held is not None and held["installation"] == asked.installation_id
            if held is not None and not mine and not asked.take_over:
                raise refuse(
                    Problem.NOT_THE_SYNCER,
                    f"{held['host']} holds the lease.",
                    syncer=lease_shape(held),
                )
            now = self._clock.now()
            life = self.lease_life or timedelta(minutes=3 * self._settings.interval(connection))
            acquired = held["acquired"] if held is not None and mine else to_text(now)
            self._db.run(
                "INSERT OR REPLACE INTO leases VALUES (?,?,?,?,?,?)",
                connection,
                asked.installation_id,
                asked.host,
                asked.person,
                acquired,
                to_text(now + life),
            )
        lease = self._connections.lease_row(connection)
        if lease is None:
            raise LookupError(connection)
        return json_answer(lease_shape(lease))

    async def give_up_lease(self, request: Request) -> Response:
        """Give the lease up."""
        unit, connection = self._place(request)
        self._gate.sync(request, unit, connection, write=True)
        self._connections.row(unit, connection)
        installation = request.query_params.get("installation_id", "")
        try:
            msgspec.convert(installation, type=Installation)
        except msgspec.ValidationError as problem:
            raise refuse(Problem.INVALID_REQUEST, f"installation_id: {problem}") from problem
        other = self.lease(connection)
        if other is not None and other["installation"] != installation:
            raise refuse(
                Problem.NOT_THE_SYNCER,
                f"{other['host']} holds the lease.",
                syncer=lease_shape(other),
            )
        self._db.run("DELETE FROM leases WHERE connection = ?", connection)
        return Response(status_code=204)

    async def tokens(self, request: Request) -> Response:
        """Tokens that work."""
        unit, connection = self._place(request)
        self._gate.owner(request, unit)
        self._connections.row(unit, connection)
        page = page_of(request, f"tokens:{connection}")
        rows = self._db.all(
            "SELECT * FROM provisioning_tokens WHERE connection = ? AND seq > ?"
            " ORDER BY seq LIMIT ?",
            connection,
            page.after,
            page.limit + 1,
        )
        return paged(rows, page, f"tokens:{connection}", _token)

    async def new_token(self, request: Request) -> Response:
        """A new token, shown once."""
        unit, connection = self._place(request)
        person = self._gate.owner(request, unit)
        self._connections.row(unit, connection)
        new, body = await read_json(request, NewToken)
        shown: list[Response] = []

        def produce() -> Response:
            token, made = f"ecp_{secrets.token_urlsafe(32)}", new_id("tok")
            self._db.run(
                "INSERT INTO provisioning_tokens (id, connection, label, hash, created)"
                " VALUES (?,?,?,?,?)",
                made,
                connection,
                new.label,
                token_hash(token),
                self._db.now(),
            )
            row = self._db.one("SELECT * FROM provisioning_tokens WHERE id = ?", made)
            where = f"{request.url.path}/{made}"
            shown.append(json_answer({**_token(row), "token": token}, 201, {"location": where}))
            # Only this is remembered: a replay must not show the secret again.
            return refuse(
                Problem.ALREADY_MADE,
                "Revoke the token and make another one.",
                provisioning_token_id=made,
            ).response

        remembered = self._once.do(request, person.id, body, produce)
        return shown[0] if shown else remembered

    async def revoke_token(self, request: Request) -> Response:
        """Revoke a token."""
        unit, connection = self._place(request)
        self._gate.owner(request, unit)
        self._connections.row(unit, connection)
        gone = self._db.run(
            "DELETE FROM provisioning_tokens WHERE connection = ? AND id = ?",
            connection,
            request.path_params["provisioning_token_id"],
        )
        if not gone:
            raise refuse(Problem.NOT_FOUND)
        return Response(status_code=204)

    async def runs(self, request: Request) -> Response:
        """Recorded runs, newest first."""
        unit, connection = self._place(request)
        self._gate.sync(request, unit, connection, write=False)
        self._connections.row(unit, connection)
        page = page_of(request, f"runs:{connection}")
        rows = self._db.all(
            "SELECT * FROM runs WHERE connection = ? AND (? = 0 OR seq < ?)"
            " ORDER BY seq DESC LIMIT ?",
            connection,
            page.after,
            page.after,
            page.limit + 1,
        )
        return paged(rows, page, f"runs:{connection}", _run)

    async def record_run(self, request: Request) -> Response:
        """Record a run once."""
        unit, connection = self._place(request)
        actor = self._gate.sync(request, unit, connection, write=True)
        self._connections.row(unit, connection)
        run, body = await read_json(request, Run)

        def produce() -> Response:
            known = self._db.maybe(
                "SELECT * FROM runs WHERE connection = ? AND id = ?", connection, run.id
            )
            if known is not None:
                return json_answer(_run(known))
            self._db.run(
                "INSERT INTO runs (connection, id, body, finished) VALUES (?,?,?,?)",
                connection,
                run.id,
                msgspec.json.encode(run),
                to_text(run.finished_at),
            )
            row = self._db.one(
                "SELECT * FROM runs WHERE connection = ? AND id = ?", connection, run.id
            )
            return json_answer(_run(row), 201)

        return self._once.do(request, f"{actor.name}:{connection}", body, produce)


def _token(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "label": row["label"],
        "created_at": row["created"],
        "last_used_at": row["used"],
    }


def _run(row: sqlite3.Row) -> dict[str, object]:
    return msgspec.json.decode(row["body"], type=dict[str, object])
