"""The account service's database: its tables, how it is opened, and its sample start."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec

from wizard.core.clock import Clock, to_text
from wizard.practice.rows import Rows

__all__ = [
    "PRACTICE_PASSWORD",
    "Database",
    "address_key",
    "new_id",
    "password_hash",
    "token_hash",
]

PRACTICE_PASSWORD = "practice makes perfect"  # noqa: S105  # shown on the log-in page: it is practice
UNIT = "ou_nordby"

_TABLES = """
CREATE TABLE persons (
  id TEXT PRIMARY KEY, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  salt BLOB NOT NULL, password BLOB NOT NULL, offered INTEGER NOT NULL, created TEXT NOT NULL);
CREATE TABLE units (id TEXT PRIMARY KEY, name TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE accounts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  unit TEXT NOT NULL REFERENCES units (id), external_id TEXT,
  user_name TEXT NOT NULL, user_name_key TEXT NOT NULL, active INTEGER NOT NULL,
  role TEXT NOT NULL, person TEXT, body BLOB NOT NULL, version INTEGER NOT NULL,
  created TEXT NOT NULL, modified TEXT NOT NULL);
CREATE UNIQUE INDEX accounts_by_name ON accounts (unit, user_name_key);
CREATE UNIQUE INDEX accounts_by_external ON accounts (unit, external_id)
  WHERE external_id IS NOT NULL;
CREATE INDEX accounts_by_role ON accounts (unit, role) WHERE role = 'owner';
CREATE INDEX accounts_by_person ON accounts (person) WHERE person IS NOT NULL;
CREATE TABLE invitations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, unit TEXT NOT NULL,
  email TEXT NOT NULL, email_key TEXT NOT NULL, role TEXT NOT NULL, invited_by TEXT NOT NULL,
  created TEXT NOT NULL, expires TEXT NOT NULL, accepted TEXT, revoked TEXT);
CREATE TABLE connections (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, unit TEXT NOT NULL,
  provider TEXT NOT NULL, purposes TEXT NOT NULL, customer TEXT NOT NULL, domain TEXT NOT NULL,
  authorized_by TEXT NOT NULL, created TEXT NOT NULL, ready_at TEXT NOT NULL, failure TEXT);
CREATE TABLE settings (
  connection TEXT PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL,
  updated_by TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE leases (
  connection TEXT PRIMARY KEY, installation TEXT NOT NULL, host TEXT NOT NULL,
  person TEXT NOT NULL, acquired TEXT NOT NULL, expires TEXT NOT NULL);
CREATE TABLE provisioning_tokens (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, connection TEXT NOT NULL,
  label TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created TEXT NOT NULL, used TEXT);
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, connection TEXT NOT NULL, id TEXT NOT NULL,
  body BLOB NOT NULL, finished TEXT NOT NULL, UNIQUE (connection, id));
CREATE TABLE installs (domain TEXT PRIMARY KEY, installed TEXT NOT NULL);
CREATE TABLE grants (
  family TEXT PRIMARY KEY, person TEXT NOT NULL, client TEXT NOT NULL, scope TEXT NOT NULL,
  created TEXT NOT NULL, ended TEXT);
CREATE TABLE refresh_tokens (
  hash BLOB PRIMARY KEY, family TEXT NOT NULL, used INTEGER NOT NULL, expires TEXT NOT NULL);
CREATE TABLE access_tokens (
  hash BLOB PRIMARY KEY, family TEXT NOT NULL, person TEXT NOT NULL, scope TEXT NOT NULL,
  expires TEXT NOT NULL);
CREATE TABLE idempotency (
  actor TEXT NOT NULL, key TEXT NOT NULL, asked BLOB NOT NULL, status INTEGER NOT NULL,
  headers BLOB NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY (actor, key));
PRAGMA user_version = 1;
"""


def new_id(prefix: str) -> str:
    """A new opaque identifier."""
    return f"{prefix}_{secrets.token_hex(8)}"


def address_key(address: str) -> str:
    """What two spellings of one address have in common."""
    return address.strip().casefold()


def token_hash(token: str) -> bytes:
    """What is stored of a token: enough to know it again, not to use it."""
    return hashlib.sha256(token.encode()).digest()


def password_hash(password: str, salt: bytes) -> bytes:
    """Scrypt (RFC 7914) with 16 MiB."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """Somebody who has an account before the set-up begins. `person`: may sign in, too."""

    id: str
    address: str
    given: str
    family: str
    role: str
    person: bool


_SAMPLES = (
    _Sample(
        id="u_owner",
        address="owner@nordby.example",
        given="Ingrid",
        family="Solberg",
        role="owner",
        person=True,
    ),
    _Sample(
        id="u_tomasz",
        address="tomasz.wilk@nordby.example",
        given="Tomasz",
        family="Wilk",
        role="owner",
        person=True,
    ),
    _Sample(
        id="u_liv",
        address="LIV.Aas@Nordby.Example",
        given="Liv",
        family="Aas",
        role="member",
        person=False,
    ),
    _Sample(
        id="u_kari",
        address="kari.nilsen@nordby.example",
        given="Kari",
        family="Nilsen",
        role="member",
        person=False,
    ),
    _Sample(
        id="u_ines",
        address="ines.prado@freelance.example",
        given="Inês",
        family="Prado",
        role="member",
        person=False,
    ),
)


class Database(Rows):
    """One connection, used by one asyncio loop. Rows are `sqlite3.Row`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        fresh = not path.exists()
        path.touch(mode=0o600)
        # No implicit transactions: each use says where one begins and ends.
        super().__init__(path, statements=512)
        if fresh or self.one("PRAGMA user_version")[0] == 0:
            with self.transaction():
                for statement in _TABLES.split(";"):
                    self.rows.execute(statement)
                self._seed()

    def start_over(self) -> None:
        """The company as it was at first: nobody connected, nothing set up, nobody signed in."""
        tables = self.all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        with self.transaction():
            for row in tables:
                # Names that this program gave; they can't be bound as values.
                self.rows.execute(f'DELETE FROM "{row["name"]}"')  # noqa: S608 - see above
            self._seed()

    def now(self) -> str:
        """The time of day as stored text, which also sorts."""
        return to_text(self._clock.now())

    def add_person(self, *, email: str, name: str, password: str, offered: bool) -> str:
        """A new sign-in; `sqlite3.IntegrityError` when the address has one."""
        salt = secrets.token_bytes(16)
        person = new_id("p")
        self.run(
            "INSERT INTO persons VALUES (?,?,?,?,?,?,?,?)",
            person,
            email,
            address_key(email),
            name,
            salt,
            password_hash(password, salt),
            offered,
            self.now(),
        )
        return person

    def add_member(
        self,
        *,
        unit: str,
        address: str,
        given: str,
        family: str,
        role: str,
        person: str | None,
        account: str | None = None,
    ) -> str:
        """A new account that no directory has given; its id."""
        now, account = self.now(), account or new_id("u")
        body = {
            "name": {
                "givenName": given,
                "familyName": family,
                "formatted": f"{given} {family}".strip(),
            },
            "displayName": f"{given} {family}".strip(),
            "emails": [{"value": address, "type": "work", "primary": True}],
        }
        self.run(
            "INSERT INTO accounts (id, unit, user_name, user_name_key, active, role, person, body,"
            " version, created, modified) VALUES (?,?,?,?,1,?,?,?,1,?,?)",
            account,
            unit,
            address,
            address_key(address),
            role,
            person,
            msgspec.json.encode(body),
            now,
            now,
        )
        return account

    def _seed(self) -> None:
        self.run("INSERT INTO units VALUES (?,?,?)", UNIT, "Nordby", self.now())
        for sample in _SAMPLES:
            person = None
            if sample.person:
                person = self.add_person(
                    email=sample.address,
                    name=f"{sample.given} {sample.family}",
                    password=PRACTICE_PASSWORD,
                    offered=True,
                )
            self.add_member(
                unit=UNIT,
                address=sample.address,
                given=sample.given,
                family=sample.family,
                role=sample.role,
                person=person,
                account=sample.id,
            )
        # The IT representative is there because the account owner invited him.
        owner, invited = _SAMPLES[0].address, _SAMPLES[1].address
        now = self.now()
        self.run(
            "INSERT INTO invitations (id, unit, email, email_key, role, invited_by, created,"
            " expires, accepted) VALUES (?,?,?,?,'owner',?,?,?,?)",
            "inv_tomasz",
            UNIT,
            invited,
            address_key(invited),
            owner,
            now,
            now,
            now,
        )
