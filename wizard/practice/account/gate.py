"""Who is asking: a signed-in person with a role, or a provisioning token with its borders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request

from wizard.core.clock import Clock, from_text, to_text
from wizard.practice.account.database import Database, token_hash
from wizard.practice.account.problems import Problem, refuse

__all__ = ["Actor", "Gate", "PersonHere", "bearer"]

USED_RESOLUTION = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class PersonHere:
    """A person with a valid access token."""

    id: str
    email: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who may act on one organization account: a person, or a provisioning token."""

    unit: str
    name: str
    person: PersonHere | None
    connection: str | None


def bearer(request: Request) -> str | None:
    """The bearer token of the Authorization header (RFC 6750, section 2.1)."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    return token if kind.lower() == "bearer" and token and token.isascii() else None


class Gate:
    """Looks tokens up."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def person(self, request: Request) -> PersonHere:
        """The signed-in person; 401, or 403 for a provisioning token."""
        token = bearer(request)
        if token is None:
            raise refuse(Problem.NOT_SIGNED_IN)
        found = self._person(token)
        if found is None:
            if self._provisioning(token) is not None:
                raise refuse(Problem.NOT_ALLOWED, "A provisioning token is not good for this.")
            raise refuse(Problem.NOT_SIGNED_IN)
        return found

    def member(self, request: Request, unit: str) -> tuple[PersonHere, str]:
        """The signed-in person and their role in this unit; 404 for a stranger."""
        person = self.person(request)
        row = self._db.maybe(
            "SELECT role FROM accounts WHERE unit = ? AND person = ? AND active = 1",
            unit,
            person.id,
        )
        if row is None:
            # A stranger is not told which units exist.
            raise refuse(Problem.NOT_FOUND)
        return person, str(row["role"])

    def owner(self, request: Request, unit: str) -> PersonHere:
        """The signed-in person, who must be an owner of this unit; 403 for a member."""
        person, role = self.member(request, unit)
        if role != "owner":
            raise refuse(Problem.NOT_ALLOWED, "Only an owner may do that.")
        return person

    def sync(self, request: Request, unit: str, connection: str, *, write: bool) -> Actor:
        """An owner (a member, to read), or the provisioning token of this very connection."""
        token = bearer(request)
        provisioning = None if token is None else self._provisioning(token)
        if provisioning is not None:
            if provisioning != (unit, connection):
                raise refuse(Problem.NOT_ALLOWED, "This token belongs elsewhere.")
            return Actor(unit=unit, name="provisioning", person=None, connection=connection)
        person, role = self.member(request, unit)
        if write and role != "owner":
            raise refuse(Problem.NOT_ALLOWED, "Only an owner may do that.")
        return Actor(unit=unit, name=person.email, person=person, connection=None)

    def provisioning(self, request: Request) -> tuple[str, str] | None:
        """Unit and connection of a valid provisioning token, or None."""
        token = bearer(request)
        return None if token is None else self._provisioning(token)

    def knows_person(self, request: Request) -> bool:
        """Whether the request carries a person's valid access token."""
        token = bearer(request)
        return token is not None and self._person(token) is not None

    def _person(self, token: str) -> PersonHere | None:
        row = self._db.maybe(
            "SELECT p.id, p.email, p.name FROM access_tokens t JOIN persons p ON p.id = t.person"
            " JOIN grants g ON g.family = t.family"
            " WHERE t.hash = ? AND t.expires > ? AND g.ended IS NULL",
            token_hash(token),
            self._db.now(),
        )
        if row is None:
            return None
        return PersonHere(id=row["id"], email=row["email"], name=row["name"])

    def _provisioning(self, token: str) -> tuple[str, str] | None:
        row = self._db.maybe(
            "SELECT t.id, t.used, c.id AS connection, c.unit FROM provisioning_tokens t"
            " JOIN connections c ON c.id = t.connection WHERE t.hash = ?",
            token_hash(token),
        )
        if row is None:
            return None
        now = self._clock.now()
        if row["used"] is None or now - from_text(row["used"]) > USED_RESOLUTION:
            self._db.run(
                "UPDATE provisioning_tokens SET used = ? WHERE id = ?", to_text(now), row["id"]
            )
        return str(row["unit"]), str(row["connection"])
