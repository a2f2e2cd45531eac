"""Who may come in: passwords, sign-up, and the invitations that people accept."""

from __future__ import annotations

import hmac
import sqlite3
from dataclasses import dataclass

from wizard.practice.account.database import (
    PRACTICE_PASSWORD,
    Database,
    address_key,
    password_hash,
)

__all__ = ["Admission", "Offered", "Refused"]

_ROLE_WORDS = {"owner": "Owner", "member": "Member"}


class Refused(Exception):
    """The address has an account."""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A row of the log-in page."""

    id: str
    name: str
    email: str
    role: str


class Admission:
    """The people who can sign in."""

    password = PRACTICE_PASSWORD

    def __init__(self, database: Database) -> None:
        self._db = database

    def offered(self) -> tuple[Offered, ...]:
        """The sample people who can be signed in by one click, in a fixed order."""
        rows = self._db.all(
            "SELECT p.id, p.name, p.email, a.role FROM persons p"
            " LEFT JOIN accounts a ON a.person = p.id WHERE p.offered = 1 ORDER BY p.rowid"
        )
        return tuple(
            Offered(
                id=row["id"],
                name=row["name"],
                email=row["email"],
                role=_ROLE_WORDS.get(row["role"] or "", ""),
            )
            for row in rows
        )

    def check(self, email: str, password: str) -> str | None:
        """The person's id when address and password go together."""
        row = self._db.maybe("SELECT * FROM persons WHERE email_key = ?", address_key(email))
        salt = row["salt"] if row is not None else b"nobody has this one"
        made = password_hash(password, salt)
        if row is None or not hmac.compare_digest(made, row["password"]):
            return None
        return str(row["id"])

    def sign_up(self, name: str, email: str, password: str) -> str:
        """A new person's id; `Refused` when the address is taken."""
        try:
            return self._db.add_person(email=email, name=name, password=password, offered=False)
        except sqlite3.IntegrityError as problem:
            raise Refused from problem

    def welcome(self, person: str) -> None:
        """Somebody has signed in: an account that a directory gave to their address is theirs."""
        self._db.run(
            "UPDATE accounts SET person = ?1 WHERE person IS NULL"
            " AND user_name_key = (SELECT email_key FROM persons WHERE id = ?1)",
            person,
        )

    def accept(self, person: str, invitation: str) -> bool:
        """Accept one open invitation to this person's address; whether there was one."""
        row = self._db.one("SELECT * FROM persons WHERE id = ?", person)
        with self._db.transaction():
            found = self._db.maybe(
                "SELECT * FROM invitations WHERE id = ? AND email_key = ? AND accepted IS NULL"
                " AND revoked IS NULL AND expires > ?",
                invitation,
                row["email_key"],
                self._db.now(),
            )
            if found is None:
                return False
            self._join(row, found)
            self._db.run(
                "UPDATE invitations SET accepted = ? WHERE seq = ?", self._db.now(), found["seq"]
            )
        return True

    def accept_all(self, person: str) -> int:
        """Accept every open invitation to the address of somebody who has just signed up."""
        waiting = self._db.all(
            "SELECT i.id FROM invitations i JOIN persons p ON p.email_key = i.email_key"
            " WHERE p.id = ? AND i.accepted IS NULL AND i.revoked IS NULL AND i.expires > ?",
            person,
            self._db.now(),
        )
        return sum(self.accept(person, row["id"]) for row in waiting)

    def _join(self, person: sqlite3.Row, invitation: sqlite3.Row) -> None:
        changed = self._db.run(
            "UPDATE accounts SET person = ?, active = 1, version = version + 1, modified = ?,"
            " role = CASE WHEN role = 'owner' THEN role ELSE ? END"
            " WHERE unit = ? AND user_name_key = ?",
            person["id"],
            self._db.now(),
            invitation["role"],
            invitation["unit"],
            person["email_key"],
        )
        if not changed:
            given, _, family = str(person["name"]).partition(" ")
            self._db.add_member(
                unit=invitation["unit"],
                address=person["email"],
                given=given,
                family=family,
                role=invitation["role"],
                person=person["id"],
            )
