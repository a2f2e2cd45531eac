"""The stages of a run, each by the requests that belong to it, and how a run comes to have them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wizard.core.runs import RunPhase

__all__ = ["BATCH", "STAGES", "Kind", "Stage"]

BATCH = 2
"""Operations that go at once, so that a few people are several batches."""

_DIRECTORY = "/admin/directory/v1"
_UNIT = "/v1/organizational_units/{unit}"
_CONNECTION = f"{_UNIT}/organization_accounts/{{connection}}"
_SCIM = f"{_UNIT}/scim/v2"
_FIRST = '[{"op":"replace","path":'


class Kind(StrEnum):
    """What its requests do."""

    READ = "read"
    WRITE = "write"
    TOKEN = "token"
    LEASE = "lease"
    REPORT = "report"
    LOCAL = "local"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage: `stand_in` is asked with `method` below `path`, and the request has `contains`.

    A stage without requests of its own (`LOCAL`) begins when the last answer of `after` is there,
    or when the run tells of its `phase`.
    `needs` are what must be so before the run for it to have these requests.
    """

    name: str
    kind: Kind = Kind.READ
    stand_in: str = "google"
    method: str = "GET"
    path: str = ""
    contains: str = ""
    pages: bool = False
    after: str = ""
    phase: RunPhase | None = None
    needs: frozenset[str] = frozenset()


def _google(name: str, path: str, contains: str = "", **more: bool) -> Stage:
    return Stage(name=name, path=f"{_DIRECTORY}{path}", contains=contains, **more)  # type: ignore[arg-type] # `pages`


def _service(name: str, method: str, path: str, contains: str = "", **more: object) -> Stage:
    return Stage(
        name=name,
        stand_in="account",
        method=method,
        path=path,
        contains=contains,
        **more,  # type: ignore[arg-type] # handed on
    )


def _writing(name: str, contains: str) -> Stage:
    return _service(name, "*", f"{_SCIM}/", contains, kind=Kind.WRITE)


STAGES: dict[str, Stage] = {
    stage.name: stage
    for stage in (
        _service("settings", "GET", f"{_CONNECTION}/settings"),
        _service("lease", "PUT", f"{_CONNECTION}/syncer", kind=Kind.LEASE),
        _service(
            "sign-in renewed", "POST", "/token", kind=Kind.TOKEN, needs=frozenset({"old tokens"})
        ),
        _service("owners", "GET", f"{_UNIT}/members", needs=frozenset({"signed in"})),
        Stage(
            name="Google's token renewed",
            kind=Kind.TOKEN,
            method="POST",
            path="/token",
            needs=frozenset({"old tokens"}),
        ),
        _google("customer", "/users", "users(customerId)"),
        _google("domains", "/customer/my_customer/domains"),
        _google("people", "/users", "users(id,primaryEmail", pages=True),
        _google("deleted people", "/users", "showDeleted", pages=True),
        _google("units", "/customer/my_customer/orgunits"),
        _google("groups", "/groups", "groups(id,email", pages=True),
        _google("members", "/groups/", "members(id", pages=True),
        _service(
            "what the service can do", "GET", f"{_SCIM}/ServiceProviderConfig",
            needs=frozenset({"service unknown"}),
        ),
        _service(
            "list of accounts", "GET", f"{_SCIM}/Users", "count=20",
            needs=frozenset({"links doubted"}),
        ),
        _service("account by id", "GET", f"{_SCIM}/Users", "filter=externalId"),
        _service("account by address", "GET", f"{_SCIM}/Users", "filter=userName"),
        Stage(name="plan", kind=Kind.LOCAL, stand_in="", after="account by address"),
        _google("evidence", "/users/"),
        _writing("deactivate", f'{_FIRST}"active","value":false'),
        _writing("update", f'{_FIRST}"userName"'),
        _writing("reactivate", f'{_FIRST}"active","value":true'),
        _writing("create", '"externalId":"google'),
        Stage(name="record", kind=Kind.LOCAL, stand_in="", phase=RunPhase.REPORT),
        _service("report", "POST", f"{_CONNECTION}/sync_runs", kind=Kind.REPORT),
        Stage(name="after the report", kind=Kind.LOCAL, stand_in="", after="report"),
    )
}  # fmt: skip
"""By name, in the order of a run."""
