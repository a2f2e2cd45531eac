"""The Directory API of the Google stand-in: paths, parameters, rights, pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.google import shapes
from wizard.practice.google.errors import bad_request, google_refuse, invalid_input, not_found
from wizard.practice.google.mask import InvalidMaskError, Mask, keep, parse
from wizard.practice.google.queries import group_clause, user_clause
from wizard.practice.google.sight import Sight
from wizard.practice.google.store import Customer, DirectoryStore, customers
from wizard.practice.google.tokens import Caller, GoogleTokens
from wizard.practice.messages import json_answer
from wizard.practice.routing import Router

__all__ = ["Directory", "Switches"]

BASE = "/admin/directory/v1"
_SCOPE = "https://www.googleapis.com/auth/admin.directory."
_WHOLE = re.compile(r"[0-9]{1,6}")
_ORDERS = {"email": "address_key", "familyName": "family", "givenName": "given"}
_COMMON = frozenset(
    {"alt", "fields", "key", "prettyPrint", "quotaUser", "access_token", "oauth_token", "callback"}
    | {"uploadType", "upload_protocol", "$.xgafv"}
)


class Listing(StrEnum):
    """How a listing of people ends: whole, half of it missing, in circles, or on a dead token."""

    WHOLE = "whole"
    SHORT = "short"
    CIRCLES = "circles"
    STALE = "stale"


@dataclass(kw_only=True)
class Switches:
    """What a test can turn: a directory that reads empty, another company behind the token.

    `listing` is how the list of people ends, `sight` who is missing from it.
    """

    empty: bool = False
    swapped: bool = False
    listing: Listing = Listing.WHOLE
    sight: Sight = field(default_factory=Sight)


@dataclass(frozen=True, kw_only=True)
class _Window:
    """A page of a listing: how many, after which position, and what the token is bound to."""

    limit: int
    after: tuple[str, int] | None
    bound: str

    def token(self, key: str, number: int) -> str:
        """The token of the page after this position."""
        text = f"{self.bound}\x1f{key}\x1f{number}"
        return base64.urlsafe_b64encode(text.encode()).decode()


def _window(request: Request, name: str, default: int, most: int) -> _Window:
    query = request.query_params
    text = query.get("maxResults", str(default))
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= most:
        raise invalid_input("maxResults")
    # A token belongs to the question that it came from.
    asked = sorted(
        (key, value)
        for key, value in query.multi_items()
        if key not in {"pageToken", "maxResults", "fields", "alt", "prettyPrint"}
    )
    bound = hashlib.blake2s(f"{name}{asked}".encode(), digest_size=8).hexdigest()
    token = query.get("pageToken")
    if token is None:
        return _Window(limit=int(text), after=None, bound=bound)
    try:
        parts = base64.urlsafe_b64decode(token).decode().split("\x1f")
        if len(parts) != 3 or parts[0] != bound:
            raise invalid_input(token)
        return _Window(limit=int(text), after=(parts[1], int(parts[2])), bound=bound)
    except (binascii.Error, ValueError) as problem:
        raise invalid_input(token) from problem


def _flag(request: Request, name: str) -> bool:
    text = request.query_params.get(name, "false")
    if text not in {"true", "false"}:
        raise invalid_input(name)
    return text == "true"


class Directory:
    """Answers as the facts about Google's Directory API have it; read-only."""

    def __init__(self, *, store: DirectoryStore, tokens: GoogleTokens, switches: Switches) -> None:
        self._store = store
        self._tokens = tokens
        self._switches = switches
        self._paths: dict[int, str] = {
            row["number"]: row["path"] for row in store.all("SELECT number, path FROM units")
        }

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        router.add("GET", f"{BASE}/users", self.list_users)
        router.add("GET", f"{BASE}/users/{{user_key}}", self.get_user)
        router.add("GET", f"{BASE}/groups", self.list_groups)
        router.add("GET", f"{BASE}/groups/{{group_key}}/members", self.list_members)
        router.add("GET", f"{BASE}/customer/{{customer_id}}/orgunits", self.list_units)
        router.add("GET", f"{BASE}/customer/{{customer_id}}/domains", self.list_domains)
        router.add("GET", f"{BASE}/customers/{{customer_id}}", self.get_customer)

    def _caller(self, request: Request, *scopes: str, admin: bool = True) -> Caller:
        """The caller with one of these scopes (`name` stands for its read-only twin, too)."""
        caller = self._tokens.caller(request)
        wanted = {f"{_SCOPE}{name}{end}" for name in scopes for end in ("", ".readonly")}
        if not wanted & caller.scopes:
            raise google_refuse("insufficientPermissions")
        if admin and not caller.is_admin:
            raise google_refuse("forbidden")
        return caller

    def _own(self, caller: Caller) -> str:
        """The customer behind the token: another one after a swap."""
        if not self._switches.swapped:
            return caller.customer
        return next(name for name in customers() if name != caller.customer)

    def _customer(self, caller: Caller, named: str) -> Customer:
        own = self._own(caller)
        if named not in {"my_customer", own}:
            raise google_refuse("forbidden")
        return customers()[own]

    def _mask(self, request: Request, shape: str) -> Mask:
        try:
            return parse(request.query_params.get("fields", ""), shape)
        except InvalidMaskError as problem:
            raise google_refuse("invalid", f"Invalid field selection {problem.part}") from problem

    def _check(self, request: Request, known: frozenset[str]) -> None:
        """Google ignores unknown parameters silently; here a slip of the client is shown."""
        unknown = set(request.query_params) - known - _COMMON
        if unknown:
            raise invalid_input(min(unknown))

    def _answer(self, content: shapes.Json, mask: Mask) -> Response:
        return json_answer(keep(content, mask))

    # ------------------------------------------------------------ users

    async def list_users(self, request: Request) -> Response:
        """users.list."""
        query = request.query_params
        public = query.get("viewType", "admin_view") == "domain_public"
        caller = self._caller(request, "user", admin=not public)
        self._check(request, _LIST_USERS)
        mask = self._mask(request, "users")
        where, values = self._whose_users(request, caller)
        where, values = self._switches.sight.narrow(caller, where, values)
        if "query" in query:
            clause, given = user_clause(query["query"])
            where, values = f"{where} AND {clause}", [*values, *given]
        deleted = _flag(request, "showDeleted")
        rows, window, order = self._user_rows(
            request, f"{where} AND deleted = ?", [*values, deleted]
        )
        ends = self._switches.listing
        if ends is Listing.STALE and window.after is not None:
            raise invalid_input(query["pageToken"])
        more = len(rows) > window.limit
        shown = rows[: window.limit]
        if ends is Listing.SHORT:
            more, shown = False, shown[: len(shown) // 2]
        make = shapes.public_user if public else shapes.user
        inner = mask.get("users", {})
        page: shapes.Json = {"kind": "admin#directory#users"}
        if not mask or "etag" in mask:
            page["etag"] = shapes.etag(window.bound, *(row["version"] for row in shown))
        # Google leaves the list out when it is empty.
        if shown and not self._switches.empty and (not mask or "users" in mask):
            page["users"] = [
                keep(make(row, self._paths, inner), inner) if inner else make(row, self._paths, {})
                for row in shown
            ]
        if more and not self._switches.empty:
            last = shown[-1]
            page["nextPageToken"] = window.token(str(last[order]) if order else "", last["number"])
        elif ends in {Listing.CIRCLES, Listing.STALE}:
            page["nextPageToken"] = window.token("", 0)
        return json_answer(
            {name: value for name, value in page.items() if not mask or name in mask}
        )

    def _whose_users(self, request: Request, caller: Caller) -> tuple[str, list[object]]:
        query = request.query_params
        if "customer" in query:
            who = self._customer(caller, query["customer"])
            return "customer = ?", [who.id]
        if "domain" not in query:
            raise bad_request()
        domain = query["domain"].lower()
        who = customers()[self._own(caller)]
        if domain not in {name for name, _ in who.domains}:
            raise google_refuse("forbidden")
        end = f"@{domain}"
        return "customer = ? AND substr(address_key, ?) = ?", [who.id, -len(end), end]

    def _user_rows(
        self, request: Request, where: str, values: list[object]
    ) -> tuple[list[sqlite3.Row], _Window, str]:
        window = _window(request, "users", 100, 500)
        query = request.query_params
        order = query.get("orderBy", "")
        direction = query.get("sortOrder", "ASCENDING")
        if (order and order not in _ORDERS) or direction not in {"ASCENDING", "DESCENDING"}:
            raise invalid_input("orderBy" if order and order not in _ORDERS else "sortOrder")
        column = _ORDERS.get(order, "")
        sign, word = (">", "ASC") if direction == "ASCENDING" or not order else ("<", "DESC")
        if window.after is not None and column:
            where += f" AND ({column}, number) {sign} (?, ?)"
            values = [*values, *window.after]
        elif window.after is not None:
            where += " AND number > ?"
            values = [*values, window.after[1]]
        by = f"{column} {word}, number {word}" if column else "number"
        # Column names come from the table above; whatever was sent is a parameter.
        sql = f"SELECT * FROM people WHERE {where} ORDER BY {by} LIMIT ?"  # noqa: S608
        return self._store.all(sql, *values, window.limit + 1), window, column

    async def get_user(self, request: Request) -> Response:
        """users.get."""
        public = request.query_params.get("viewType") == "domain_public"
        caller = self._caller(request, "user", admin=not public)
        self._check(request, frozenset({"projection", "customFieldMask", "viewType"}))
        mask = self._mask(request, "user")
        row = self._store.find(request.path_params["user_key"])
        if row is None or row["deleted"]:
            raise not_found("userKey")
        seen = self._switches.sight.shows(self._store, caller, row)
        if row["customer"] != self._own(caller) or not seen:
            raise google_refuse("forbidden")
        make = shapes.public_user if public else shapes.user
        return self._answer(make(row, self._paths, mask), mask)

    # ------------------------------------------------------------ groups

    async def list_groups(self, request: Request) -> Response:
        """groups.list."""
        caller = self._caller(request, "group")
        self._check(request, _LIST_GROUPS)
        mask, query = self._mask(request, "groups"), request.query_params
        window = _window(request, "groups", 200, 200)
        if "userKey" in query and "customer" in query:
            raise bad_request()
        values: list[object]
        if "customer" in query:
            where, values = "customer = ?", [self._customer(caller, query["customer"]).id]
        elif "domain" in query:
            end = f"@{query['domain'].lower()}"
            where = "customer = ? AND substr(email, ?) = ?"
            values = [self._own(caller), -len(end), end]
        elif "userKey" in query:
            where, values = self._groups_of(caller, query["userKey"])
        else:
            raise bad_request()
        if "query" in query:
            clause, given = group_clause(query["query"])
            where, values = f"{where} AND {clause}", [*values, *given]
        after = window.after[1] if window.after else 0
        # The clause is made of fixed column names; whatever was sent is a parameter.
        sql = f"SELECT * FROM groups_with_size WHERE {where} AND number > ? ORDER BY number LIMIT ?"  # noqa: S608
        rows = self._store.all(
            sql,
            *values,
            after,
            window.limit + 1,
        )
        content = self._listing("groups", rows, window, [shapes.group(row) for row in rows])
        return self._answer(content, mask)

    def _groups_of(self, caller: Caller, key: str) -> tuple[str, list[object]]:
        row = self._store.find(key)
        if row is None or row["customer"] != self._own(caller):
            raise not_found("userKey")
        return "number IN (SELECT grp FROM members WHERE member = ?)", [row["id"]]

    async def list_members(self, request: Request) -> Response:
        """members.list: direct members only, whatever `includeDerivedMembership` says."""
        caller = self._caller(request, "group", "group.member")
        self._check(request, _LIST_MEMBERS)
        mask, query = self._mask(request, "members"), request.query_params
        window = _window(request, "members", 200, 200)
        key = request.path_params["group_key"]
        group = self._store.maybe("SELECT * FROM groups WHERE id = ?1 OR email = lower(?1)", key)
        if group is None or group["customer"] != self._own(caller):
            raise not_found("groupKey")
        roles = [role for role in query.get("roles", "").upper().split(",") if role]
        rows = self._store.all(
            "SELECT m.*, p.address, p.suspended FROM members m LEFT JOIN people p"
            " ON p.id = m.member WHERE m.grp = ?1 AND m.number > ?2"
            " AND (?3 = '[]' OR m.role IN (SELECT value FROM json_each(?3)))"
            " ORDER BY m.number LIMIT ?4",
            group["number"],
            window.after[1] if window.after else 0,
            json.dumps(roles),
            window.limit + 1,
        )
        content = self._listing("members", rows, window, [shapes.member(row) for row in rows])
        return self._answer(content, mask)

    def _listing(
        self, name: str, rows: list[sqlite3.Row], window: _Window, items: list[shapes.Json]
    ) -> shapes.Json:
        page: shapes.Json = {
            "kind": f"admin#directory#{name}",
            "etag": shapes.etag(*(item["etag"] for item in items[: window.limit])),
        }
        if items:
            page[name] = items[: window.limit]
        if len(rows) > window.limit:
            page["nextPageToken"] = window.token("", rows[window.limit - 1]["number"])
        return page

    # ------------------------------------------------------------ company

    async def list_units(self, request: Request) -> Response:
        """orgunits.list; there is no paging."""
        caller = self._caller(request, "orgunit")
        self._check(request, frozenset({"type", "orgUnitPath"}))
        mask = self._mask(request, "units")
        who = self._customer(caller, request.path_params["customer_id"])
        rows = self._store.all("SELECT * FROM units WHERE customer = ? ORDER BY path", who.id)
        by_number = {row["number"]: row for row in rows}
        shown = self._chosen_units(request, rows)
        content: shapes.Json = {
            "kind": "admin#directory#orgUnits",
            "etag": shapes.etag(*(row["path"] for row in shown)),
        }
        if shown:
            content["organizationUnits"] = [
                shapes.unit(row, by_number.get(row["parent"])) for row in shown
            ]
        return self._answer(content, mask)

    def _chosen_units(self, request: Request, rows: list[sqlite3.Row]) -> list[sqlite3.Row]:
        kind = request.query_params.get("type", "children")
        named = request.query_params.get("orgUnitPath", "") or "/"
        named = named if named.startswith("/") else f"/{named}"
        top = next((row for row in rows if row["path"] == named or row["id"] == named[1:]), None)
        if top is None:
            raise not_found("orgUnitPath")
        if kind == "children":
            return [row for row in rows if row["parent"] == top["number"]]
        if kind not in {"all", "allIncludingParent"}:
            raise invalid_input("type")
        below = top["path"].rstrip("/") + "/"
        inside = [row for row in rows if row["path"].startswith(below) and row is not top]
        return [top, *inside] if kind == "allIncludingParent" else inside

    async def get_customer(self, request: Request) -> Response:
        """customers.get."""
        caller = self._caller(request, "customer")
        self._check(request, frozenset())
        mask = self._mask(request, "customer")
        who = self._customer(caller, request.path_params["customer_id"])
        return self._answer(shapes.customer(who), mask)

    async def list_domains(self, request: Request) -> Response:
        """domains.list."""
        caller = self._caller(request, "domain")
        self._check(request, frozenset())
        mask = self._mask(request, "domains")
        who = self._customer(caller, request.path_params["customer_id"])
        content: Mapping[str, object] = {
            "kind": "admin#directory#domains",
            "etag": shapes.etag(who.id),
            "domains": shapes.domains(who),
        }
        return self._answer(dict(content), mask)


_LIST_USERS = frozenset(
    {"customer", "domain", "customFieldMask", "event", "maxResults", "orderBy", "pageToken"}
    | {"projection", "query", "showDeleted", "sortOrder", "viewType"}
)
_LIST_GROUPS = frozenset(
    {"customer", "domain", "maxResults", "orderBy", "pageToken", "query", "sortOrder", "userKey"}
)
_LIST_MEMBERS = frozenset({"includeDerivedMembership", "maxResults", "pageToken", "roles"})
