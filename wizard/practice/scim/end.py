"""The paths of the SCIM end: who may call them, what they read, what they answer."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.account.connections import lease_shape
from wizard.practice.account.database import Database
from wizard.practice.account.gate import Gate
from wizard.practice.account.syncing import Syncing
from wizard.practice.account.units import UNIT
from wizard.practice.messages import media_type, read_body
from wizard.practice.routing import Refusal, Router
from wizard.practice.scim import bulk
from wizard.practice.scim.accounts import Accounts, Found, resource, version_of
from wizard.practice.scim.describe import (
    MAX_BYTES,
    configuration,
    list_response,
    resource_type,
    user_schema,
)
from wizard.practice.scim.errors import SCIM_MEDIA, ScimType, scim_answer, scim_refuse
from wizard.practice.scim.filters import parse
from wizard.practice.scim.listing import Question, asked_by_post, projected, question
from wizard.practice.scim.patch import read_operations
from wizard.practice.scim.schema import USER_URN, Attributes

__all__ = ["BASE", "ScimEnd"]

BASE = f"{UNIT}/scim/v2"
_MEDIA = frozenset({SCIM_MEDIA, "application/json"})
_INSTALLATION = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class _Caller:
    unit: str
    connection: str
    base: str


def _too_large(limit: int) -> Refusal:
    return scim_refuse(413, ScimType.TOO_MANY, f"At most {limit} bytes.")


async def read_message(request: Request) -> Attributes:
    """The body as a JSON object; 400, 413 or 415 in SCIM's form."""
    if media_type(request) not in _MEDIA:
        raise scim_refuse(415, detail=f"Use {SCIM_MEDIA}.", code="unsupported-media-type")
    body = await read_body(request, MAX_BYTES, _too_large)
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, str(problem)) from problem


class ScimEnd:
    """SCIM 2.0 for one kind of resource, the account."""

    def __init__(
        self, *, database: Database, gate: Gate, syncing: Syncing, accounts: Accounts, origin: str
    ) -> None:
        self._db = database
        self._gate = gate
        self._syncing = syncing
        self._accounts = accounts
        self._origin = origin

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", f"{BASE}/ServiceProviderConfig", self.configuration)
        router.add("GET", f"{BASE}/ResourceTypes", self.resource_types)
        router.add("GET", f"{BASE}/ResourceTypes/User", self.resource_type)
        router.add("GET", f"{BASE}/Schemas", self.schemas)
        router.add("GET", f"{BASE}/Schemas/{{schema_id}}", self.schema)
        router.add("GET", f"{BASE}/Users", self.list_users)
        router.add("POST", f"{BASE}/Users", self.create)
        router.add("POST", f"{BASE}/Users/.search", self.search)
        router.add("POST", f"{BASE}/.search", self.search)
        router.add("GET", f"{BASE}/Users/{{user_id}}", self.get)
        router.add("PUT", f"{BASE}/Users/{{user_id}}", self.replace)
        router.add("PATCH", f"{BASE}/Users/{{user_id}}", self.patch)
        router.add("DELETE", f"{BASE}/Users/{{user_id}}", self.delete)
        router.add("POST", f"{BASE}/Bulk", self.bulk)

    def _caller(self, request: Request) -> _Caller:
        """The provisioning token's unit and connection; 401, 403."""
        found = self._gate.provisioning(request)
        unit = request.path_params["organizational_unit_id"]
        if found is None:
            if self._gate.knows_person(request):
                raise scim_refuse(403, detail="Use a provisioning token.", code="not-allowed")
            raise scim_refuse(
                401,
                detail="The provisioning token is missing, unknown or revoked.",
                code="not-signed-in",
                headers={"www-authenticate": 'Bearer realm="SCIM"'},
            )
        if found[0] != unit:
            raise scim_refuse(403, detail="This token belongs elsewhere.", code="not-allowed")
        base = f"{self._origin}/v1/organizational_units/{unit}/scim/v2"
        return _Caller(unit=unit, connection=found[1], base=base)

    def _writer(self, request: Request) -> _Caller:
        """As `_caller`; 409 unless the named installation holds the syncer lease."""
        caller = self._caller(request)
        installation = request.headers.get("sync-installation", "")
        if not _INSTALLATION.fullmatch(installation):
            raise scim_refuse(
                400,
                ScimType.INVALID_VALUE,
                "The header Sync-Installation names the installation that writes.",
                code="invalid-request",
            )
        held = self._syncing.lease(caller.connection)
        if held is None or held["installation"] != installation:
            raise scim_refuse(
                409,
                detail="Nobody holds the lease." if held is None else f"{held['host']} holds it.",
                code="not-the-syncer",
                syncer=None if held is None else lease_shape(held),
            )
        return caller

    def _show(
        self, request: Request, row: sqlite3.Row, caller: _Caller, status: int = 200
    ) -> Response:
        content = resource(row, caller.base)
        headers = {"etag": version_of(row)}
        if status == 201:
            headers["location"] = f"{caller.base}/Users/{row['id']}"
        return scim_answer(projected(content, question(request.query_params)), status, headers)

    async def configuration(self, request: Request) -> Response:
        """ServiceProviderConfig."""
        return scim_answer(configuration(self._caller(request).base))

    async def resource_types(self, request: Request) -> Response:
        """All resource types."""
        return scim_answer(list_response([resource_type(self._caller(request).base)], 1))

    async def resource_type(self, request: Request) -> Response:
        """The one resource type."""
        return scim_answer(resource_type(self._caller(request).base))

    async def schemas(self, request: Request) -> Response:
        """All schemas."""
        return scim_answer(list_response([user_schema(self._caller(request).base)], 1))

    async def schema(self, request: Request) -> Response:
        """One schema."""
        caller = self._caller(request)
        if request.path_params["schema_id"] != USER_URN:
            raise scim_refuse(404, detail="There is no such schema.")
        return scim_answer(user_schema(caller.base))

    async def list_users(self, request: Request) -> Response:
        """Accounts, filtered and paged."""
        return self._listing(self._caller(request), question(request.query_params))

    async def search(self, request: Request) -> Response:
        """The same by POST (RFC 7644, section 3.4.3)."""
        caller = self._caller(request)
        return self._listing(caller, asked_by_post(await read_message(request)))

    def _listing(self, caller: _Caller, asked: Question) -> Response:
        if asked.filter is None:
            found: Found = self._accounts.page(caller.unit, asked.start, asked.count)
        else:
            found = self._accounts.search(
                caller.unit, parse(asked.filter), asked.start, asked.count, caller.base
            )
        resources = [projected(resource(row, caller.base), asked) for row in found.rows]
        return scim_answer(list_response(resources, found.total, asked.start))

    async def get(self, request: Request) -> Response:
        """One account."""
        caller = self._caller(request)
        row = self._accounts.get(caller.unit, request.path_params["user_id"])
        known = request.headers.get("if-none-match", "")
        if version_of(row) in {part.strip() for part in known.split(",")}:
            return Response(status_code=304, headers={"etag": version_of(row)})
        return self._show(request, row, caller)

    async def create(self, request: Request) -> Response:
        """A new account."""
        caller = self._writer(request)
        body = await read_message(request)
        with self._db.transaction():
            row = self._accounts.create(caller.unit, body)
        return self._show(request, row, caller, 201)

    async def replace(self, request: Request) -> Response:
        """Replace an account."""
        caller = self._writer(request)
        body = await read_message(request)
        user, wanted = request.path_params["user_id"], request.headers.get("if-match")
        with self._db.transaction():
            row = self._accounts.replace(caller.unit, user, body, wanted)
        return self._show(request, row, caller)

    async def patch(self, request: Request) -> Response:
        """Change an account."""
        caller = self._writer(request)
        operations = read_operations(await read_message(request))
        user, wanted = request.path_params["user_id"], request.headers.get("if-match")
        with self._db.transaction():
            row = self._accounts.patch(caller.unit, user, operations, wanted)
        return self._show(request, row, caller)

    async def delete(self, request: Request) -> Response:
        """Delete an account."""
        caller = self._writer(request)
        user, wanted = request.path_params["user_id"], request.headers.get("if-match")
        with self._db.transaction():
            self._accounts.delete(caller.unit, user, wanted)
        return Response(status_code=204)

    async def bulk(self, request: Request) -> Response:
        """Many operations in one request and one transaction."""
        caller = self._writer(request)
        message = bulk.read(await read_message(request))
        with self._db.transaction():
            answers = bulk.run(
                self._accounts,
                caller.unit,
                caller.base,
                message,
                refuse_first=getattr(request.state, "refuse_first", 0),
            )
        return scim_answer(answers)
