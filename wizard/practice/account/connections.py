"""`/v1`: organization accounts, the authorized connections between a unit and a workspace."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock, to_text
from wizard.practice.account.database import Database, new_id
from wizard.practice.account.gate import Gate
from wizard.practice.account.installs import Installs
from wizard.practice.account.intake import page_of, read_json
from wizard.practice.account.once import Once
from wizard.practice.account.problems import Problem, refuse
from wizard.practice.account.settings import Settings
from wizard.practice.account.units import UNIT, Address, paged
from wizard.practice.messages import json_answer
from wizard.practice.routing import Router

__all__ = ["ACCOUNT", "Connections", "lease_shape"]

ACCOUNT = f"{UNIT}/organization_accounts/{{organization_account_id}}"

Domain = Annotated[
    str,
    msgspec.Meta(
        min_length=3, max_length=253, pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$"
    ),
]
Customer = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._-]+$")]
Purposes = Annotated[
    list[Literal["directory", "calendars"]], msgspec.Meta(min_length=1, max_length=2)
]


class NewConnection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST organization_accounts."""

    provider: Literal["google", "microsoft", "exchange"]
    purposes: Purposes
    customer_id: Customer
    domain: Domain
    authorized_by: Address


def lease_shape(row: sqlite3.Row) -> dict[str, object]:
    """A lease as the contract shows it; `row` has `last_run`, too."""
    return {
        "installation_id": row["installation"],
        "host": row["host"],
        "person": row["person"],
        "acquired_at": row["acquired"],
        "expires_at": row["expires"],
        "last_run_at": row["last_run"],
    }


class Connections:
    """`activation` is how long the service's own check of a new connection takes.

    With `needs_app` a connection to Google fails as long as the service doesn't see its app.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        gate: Gate,
        once: Once,
        activation: timedelta,
        installs: Installs,
    ) -> None:
        self._db = database
        self._clock = clock
        self._gate = gate
        self._once = once
        self.activation = activation
        self.next_failure: str | None = None
        self.needs_app = False
        self._installs = installs

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", f"{UNIT}/organization_accounts", self.list_all)
        router.add("POST", f"{UNIT}/organization_accounts", self.connect)
        router.add("GET", ACCOUNT, self.get)
        router.add("DELETE", ACCOUNT, self.disconnect)

    def lease_row(self, connection: str) -> sqlite3.Row | None:
        """The lease that is held now, with the time of the last run."""
        return self._db.maybe(
            "SELECT l.*, (SELECT max(finished) FROM runs r WHERE r.connection = l.connection)"
            " AS last_run FROM leases l WHERE l.connection = ? AND l.expires > ?",
            connection,
            self._db.now(),
        )

    def _shape(self, row: sqlite3.Row) -> dict[str, object]:
        ready = row["ready_at"] <= self._db.now()
        failure = row["failure"]
        if failure is None and self._lacks_app(row):
            failure = "app-not-installed"
        failed = ready and failure is not None
        lease = self.lease_row(row["id"])
        return {
            "id": row["id"],
            "provider": row["provider"],
            "purposes": row["purposes"].split(),
            "customer_id": row["customer"],
            "domain": row["domain"],
            "status": "failed" if failed else "active" if ready else "pending",
            "status_code": failure if failed else None,
            "authorized_by": row["authorized_by"],
            "created_at": row["created"],
            "connect_url": None,
            "syncer": None if lease is None else lease_shape(lease),
        }

    def _lacks_app(self, row: sqlite3.Row) -> bool:
        wanted = self.needs_app and row["provider"] == "google"
        return wanted and self._installs.seen(row["domain"]) is None

    async def list_all(self, request: Request) -> Response:
        """The connections of a unit."""
        unit = request.path_params["organizational_unit_id"]
        self._gate.member(request, unit)
        page = page_of(request, f"connections:{unit}")
        rows = self._db.all(
            "SELECT * FROM connections WHERE unit = ? AND seq > ? ORDER BY seq LIMIT ?",
            unit,
            page.after,
            page.limit + 1,
        )
        return paged(rows, page, f"connections:{unit}", self._shape)

    async def connect(self, request: Request) -> Response:
        """Connect, or authorize again."""
        unit = request.path_params["organizational_unit_id"]
        person = self._gate.owner(request, unit)
        new, body = await read_json(request, NewConnection)
        if len(set(new.purposes)) != len(new.purposes):
            raise refuse(Problem.INVALID_REQUEST, "A purpose came twice.")

        def produce() -> Response:
            rows = self._db.all(
                "SELECT * FROM connections WHERE unit = ? AND provider = ?", unit, new.provider
            )
            for row in rows:
                if row["customer"] == new.customer_id:
                    return self._again(row, new)
            if rows:
                raise refuse(
                    Problem.ANOTHER_CUSTOMER,
                    "This organizational unit is connected to another customer.",
                    pinned_customer_id=rows[0]["customer"],
                    organization_account_id=rows[0]["id"],
                )
            return self._connect(unit, new, person.email)

        return self._once.do(request, person.id, body, produce)

    def _ready_at(self) -> str:
        return to_text(self._clock.now() + self.activation)

    def _take_failure(self) -> str | None:
        failure, self.next_failure = self.next_failure, None
        return failure

    def _connect(self, unit: str, new: NewConnection, person: str) -> Response:
        connection = new_id("oa")
        self._db.run(
            "INSERT INTO connections (id, unit, provider, purposes, customer, domain,"
            " authorized_by, created, ready_at, failure) VALUES (?,?,?,?,?,?,?,?,?,?)",
            connection,
            unit,
            new.provider,
            " ".join(sorted(new.purposes, reverse=True)),
            new.customer_id,
            new.domain.lower(),
            new.authorized_by,
            self._db.now(),
            self._ready_at(),
            self._take_failure(),
        )
        self._db.run(
            "INSERT INTO settings VALUES (?,1,?,?,?)",
            connection,
            msgspec.json.encode(Settings()),
            person,
            self._db.now(),
        )
        row = self._db.one("SELECT * FROM connections WHERE id = ?", connection)
        where = f"/v1/organizational_units/{unit}/organization_accounts/{connection}"
        return json_answer(self._shape(row), 201, {"location": where})

    def _again(self, row: sqlite3.Row, new: NewConnection) -> Response:
        purposes = sorted({*row["purposes"].split(), *new.purposes}, reverse=True)
        fine = row["failure"] is None and set(new.purposes) <= set(row["purposes"].split())
        self._db.run(
            "UPDATE connections SET purposes = ?, authorized_by = ?, ready_at = ?, failure = ?"
            " WHERE id = ?",
            " ".join(purposes),
            new.authorized_by,
            # What works goes on working while it is authorized again.
            row["ready_at"] if fine else self._ready_at(),
            self._take_failure(),
            row["id"],
        )
        return json_answer(
            self._shape(self._db.one("SELECT * FROM connections WHERE id = ?", row["id"]))
        )

    def row(self, unit: str, connection: str) -> sqlite3.Row:
        """The stored connection; 404 when this unit has none of that id."""
        row = self._db.maybe(
            "SELECT * FROM connections WHERE unit = ? AND id = ?", unit, connection
        )
        if row is None:
            raise refuse(Problem.NOT_FOUND)
        return row

    async def get(self, request: Request) -> Response:
        """One connection."""
        unit = request.path_params["organizational_unit_id"]
        connection = request.path_params["organization_account_id"]
        self._gate.sync(request, unit, connection, write=False)
        return json_answer(self._shape(self.row(unit, connection)))

    async def disconnect(self, request: Request) -> Response:
        """Disconnect; people keep their accounts."""
        unit = request.path_params["organizational_unit_id"]
        connection = request.path_params["organization_account_id"]
        self._gate.owner(request, unit)
        self.row(unit, connection)
        with self._db.transaction():
            for table in ("settings", "leases", "provisioning_tokens", "runs"):
                # The table names are the four above, never a request's.
                self._db.run(f"DELETE FROM {table} WHERE connection = ?", connection)  # noqa: S608
            self._db.run("DELETE FROM connections WHERE id = ?", connection)
        return Response(status_code=204)
