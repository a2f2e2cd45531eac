"""`/v1`: who is signed in, organizational units, members, invitations."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock, to_text
from wizard.practice.account.database import Database, address_key, new_id
from wizard.practice.account.gate import Gate, PersonHere
from wizard.practice.account.intake import Page, page_of, read_json, read_whole
from wizard.practice.account.once import Once
from wizard.practice.account.outbox import Outbox, invitation_state
from wizard.practice.account.problems import Problem, refuse
from wizard.practice.messages import json_answer
from wizard.practice.routing import Router

__all__ = ["Address", "Units", "paged"]

INVITATION_LIFE = timedelta(hours=48)
_LONGEST_ADDRESS = 320
UNIT = "/v1/organizational_units/{organizational_unit_id}"

_PART = r"[^\s\x00-\x1f\x7f-\x9f\ufeff@<>,;]+"
"""What may stand on either side of the @; what counts as a space differs between languages."""

Address = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=f"^{_PART}@{_PART}$")]


class NewUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST organizational_units."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"\S")]


class NewInvitations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST invitations."""

    emails: Annotated[list[Address], msgspec.Meta(min_length=1, max_length=20)]
    role: Literal["owner", "member"] = "owner"


def paged(
    rows: list[sqlite3.Row],
    page: Page,
    listing: str,
    shape: Callable[[sqlite3.Row], dict[str, object]],
) -> Response:
    """A page of a list; `rows` holds one more than asked for when there is a next page."""
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    cursor = page.next_cursor(listing, shown[-1]["seq"]) if more else None
    return json_answer({"items": [shape(row) for row in shown], "next_cursor": cursor})


class Units:
    """People and their place."""

    def __init__(
        self, *, database: Database, clock: Clock, gate: Gate, once: Once, outbox: Outbox
    ) -> None:
        self._db = database
        self._outbox = outbox
        self._clock = clock
        self._gate = gate
        self._once = once

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", "/v1/me", self.me)
        router.add("GET", "/v1/organizational_units", self.list_units)
        router.add("POST", "/v1/organizational_units", self.create_unit)
        router.add("GET", UNIT, self.get_unit)
        router.add("GET", f"{UNIT}/members", self.members)
        router.add("GET", f"{UNIT}/invitations", self.invitations)
        router.add("POST", f"{UNIT}/invitations", self.invite)
        router.add("POST", f"{UNIT}/invitations/{{invitation_id}}/resend", self.resend)
        router.add("DELETE", f"{UNIT}/invitations/{{invitation_id}}", self.revoke)
        router.add("GET", f"{UNIT}/app_installs", self.app_installs)

    async def me(self, request: Request) -> Response:
        """Who is signed in."""
        person = self._gate.person(request)
        return json_answer(
            {"id": person.id, "email": person.email, "email_verified": True, "name": person.name}
        )

    async def list_units(self, request: Request) -> Response:
        """The units of the person who is signed in."""
        person = self._gate.person(request)
        page = page_of(request, "units")
        rows = self._db.all(
            "SELECT u.rowid AS seq, u.*, a.role FROM units u JOIN accounts a ON a.unit = u.id"
            " WHERE a.person = ? AND a.active = 1 AND u.rowid > ? ORDER BY u.rowid LIMIT ?",
            person.id,
            page.after,
            page.limit + 1,
        )
        return paged(rows, page, "units", _unit)

    async def create_unit(self, request: Request) -> Response:
        """A new unit with its creator as owner."""
        person = self._gate.person(request)
        new, body = await read_json(request, NewUnit)

        def produce() -> Response:
            unit = new_id("ou")
            self._db.run("INSERT INTO units VALUES (?,?,?)", unit, new.name, self._db.now())
            given, _, family = person.name.partition(" ")
            self._db.add_member(
                unit=unit,
                address=person.email,
                given=given,
                family=family,
                role="owner",
                person=person.id,
            )
            row = self._db.one("SELECT *, 'owner' AS role FROM units WHERE id = ?", unit)
            where = {"location": f"/v1/organizational_units/{unit}"}
            return json_answer(_unit(row), 201, where)

        return self._once.do(request, person.id, body, produce)

    async def get_unit(self, request: Request) -> Response:
        """One unit."""
        unit = request.path_params["organizational_unit_id"]
        _, role = self._gate.member(request, unit)
        return json_answer(
            _unit(self._db.one("SELECT *, ? AS role FROM units WHERE id = ?", role, unit))
        )

    async def members(self, request: Request) -> Response:
        """Everybody with an account in the unit."""
        unit = request.path_params["organizational_unit_id"]
        self._gate.member(request, unit)
        role = request.query_params.get("role")
        if role not in {None, "owner", "member"}:
            raise refuse(Problem.INVALID_REQUEST, "role is owner or member.")
        address = request.query_params.get("address")
        if address is not None and not 0 < len(address) <= _LONGEST_ADDRESS:
            raise refuse(Problem.INVALID_REQUEST, "address has 1 to 320 characters.")
        key = address_key(address) if address is not None else None
        page = page_of(request, f"members:{unit}:{role}:{key}")
        rows = self._db.all(
            "SELECT * FROM accounts WHERE unit = ?1 AND seq > ?2 AND (?3 IS NULL OR role = ?3)"
            " AND (?5 IS NULL OR user_name_key = ?5) ORDER BY seq LIMIT ?4",
            unit,
            page.after,
            role,
            page.limit + 1,
            key,
        )
        return paged(rows, page, f"members:{unit}:{role}:{key}", _member)

    async def invitations(self, request: Request) -> Response:
        """Invitations, newest first."""
        unit = request.path_params["organizational_unit_id"]
        self._gate.owner(request, unit)
        page = page_of(request, f"invitations:{unit}")
        rows = self._db.all(
            "SELECT * FROM invitations WHERE unit = ? AND (? = 0 OR seq < ?)"
            " ORDER BY seq DESC LIMIT ?",
            unit,
            page.after,
            page.after,
            page.limit + 1,
        )
        return paged(rows, page, f"invitations:{unit}", self._invitation)

    def _invitation(self, row: sqlite3.Row) -> dict[str, object]:
        return {
            "id": row["id"],
            "email": row["email"],
            "role": row["role"],
            "status": invitation_state(row, self._db.now()),
            "invited_by": row["invited_by"],
            "created_at": row["created"],
            "expires_at": row["expires"],
            "accepted_at": row["accepted"],
        }

    async def invite(self, request: Request) -> Response:
        """Invite addresses."""
        unit = request.path_params["organizational_unit_id"]
        person = self._gate.owner(request, unit)
        new, body = await read_json(request, NewInvitations)

        def produce() -> Response:
            items: list[dict[str, object]] = []
            refused: list[dict[str, object]] = []
            for email in {address_key(email): email for email in new.emails}.values():
                row = self._invite_one(unit, person, email, new.role)
                if row is None:
                    refused.append({"email": email, "code": "already-a-member"})
                else:
                    items.append(self._invitation(row))
            return json_answer({"items": items, "refused": refused}, 201)

        return self._once.do(request, person.id, body, produce)

    def _invite_one(
        self, unit: str, person: PersonHere, email: str, role: str
    ) -> sqlite3.Row | None:
        key, now = address_key(email), self._clock.now()
        member = self._db.maybe(
            "SELECT 1 FROM accounts WHERE unit = ? AND user_name_key = ? AND person IS NOT NULL"
            " AND active = 1",
            unit,
            key,
        )
        if member is not None:
            return None
        expires = to_text(now + INVITATION_LIFE)
        again = self._db.run(
            "UPDATE invitations SET expires = ?, role = ? WHERE unit = ? AND email_key = ?"
            " AND accepted IS NULL AND revoked IS NULL AND expires > ?",
            expires,
            role,
            unit,
            key,
            to_text(now),
        )
        if not again:
            self._db.run(
                "INSERT INTO invitations (id, unit, email, email_key, role, invited_by, created,"
                " expires) VALUES (?,?,?,?,?,?,?,?)",
                new_id("inv"),
                unit,
                email,
                key,
                role,
                person.email,
                to_text(now),
                expires,
            )
        row = self._db.one(
            "SELECT * FROM invitations WHERE unit = ? AND email_key = ? ORDER BY seq DESC LIMIT 1",
            unit,
            key,
        )
        self._outbox.send(row["id"])
        return row

    def _open_invitation(self, request: Request) -> tuple[PersonHere, sqlite3.Row]:
        unit = request.path_params["organizational_unit_id"]
        person = self._gate.owner(request, unit)
        row = self._db.maybe(
            "SELECT * FROM invitations WHERE unit = ? AND id = ?",
            unit,
            request.path_params["invitation_id"],
        )
        if row is None:
            raise refuse(Problem.NOT_FOUND)
        if row["accepted"] or row["revoked"]:
            raise refuse(Problem.INVITATION_CLOSED)
        return person, row

    async def resend(self, request: Request) -> Response:
        """Make an invitation valid anew."""
        body = await read_whole(request)
        person, row = self._open_invitation(request)

        def produce() -> Response:
            expires = to_text(self._clock.now() + INVITATION_LIFE)
            self._db.run("UPDATE invitations SET expires = ? WHERE seq = ?", expires, row["seq"])
            self._outbox.send(row["id"])
            now = self._db.one("SELECT * FROM invitations WHERE seq = ?", row["seq"])
            return json_answer(self._invitation(now))

        return self._once.do(request, person.id, body, produce)

    async def revoke(self, request: Request) -> Response:
        """Revoke an invitation."""
        _, row = self._open_invitation(request)
        self._db.run("UPDATE invitations SET revoked = ? WHERE seq = ?", self._db.now(), row["seq"])
        return Response(status_code=204)

    async def app_installs(self, request: Request) -> Response:
        """Whether the service's app is installed for a domain."""
        self._gate.member(request, request.path_params["organizational_unit_id"])
        query = request.query_params
        domain = query.get("domain", "").lower()
        if query.get("provider") != "google" or not 3 <= len(domain) <= 253:
            raise refuse(Problem.INVALID_REQUEST, "Name provider=google and a domain.")
        row = self._db.maybe(
            "SELECT * FROM installs WHERE domain = ? AND installed <= ?", domain, self._db.now()
        )
        items = (
            []
            if row is None
            else [{"provider": "google", "domain": domain, "installed_at": row["installed"]}]
        )
        return json_answer({"items": items, "next_cursor": None})


def _unit(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "name": row["name"],
        "role": row["role"],
        "created_at": row["created"],
    }


def _member(row: sqlite3.Row) -> dict[str, object]:
    body = msgspec.json.decode(row["body"], type=dict[str, object])
    name = body.get("displayName")
    return {
        "id": row["id"],
        "email": row["user_name"],
        "name": name if isinstance(name, str) else "",
        "role": row["role"],
        "active": bool(row["active"]),
        "provisioned": row["external_id"] is not None,
        "joined_at": row["created"],
    }
