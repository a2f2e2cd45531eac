"""The faults of the matrix: what is wrong, at which end, and whether it passes by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["FAULTS", "Fault", "Sort", "Where"]

Ask = dict[str, object]


class Where(StrEnum):
    """Whose fault it is."""

    WIRE = "wire"
    GOOGLE = "google"
    ACCOUNT = "account"
    WORLD = "world"
    HERE = "here"


class Sort(StrEnum):
    """What kind of requests it can strike."""

    ANY = "any"
    DOING = "doing"
    PAGES = "pages"
    MEMBERS = "members"
    BULK = "bulk"
    WRITING = "writing"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault; `ask` is what the practice organization is told, '' for one of this computer.

    `passes`: once is as good as never, where what it strikes may be repeated. `waits` are the
    seconds that were asked for. `slow`: nobody answers, so that somebody has to give up.
    """

    name: str
    where: Where
    sort: Sort = Sort.ANY
    ask: Ask = field(default_factory=dict)
    passes: bool = False
    waits: int = 0
    slow: bool = False


def _status(name: str, where: Where, status: int, body: str = "", **more: object) -> Fault:
    ask: Ask = {"action": "status", "status": status, "body": body}
    passes = bool(more.pop("passes", False))
    waits = more.get("retry_after")
    return Fault(
        name=name, where=where, ask=ask | more, passes=passes,
        waits=waits if isinstance(waits, int) and waits <= 120 else 0,
    )  # fmt: skip


def _google(status: int, reason: str, **more: object) -> Fault:
    return _status(f"{status} {reason}", Where.GOOGLE, status, reason, **more)


def _other(name: str, action: str, *, sort: Sort = Sort.ANY, **more: bool) -> Fault:
    passes, slow = more.get("passes", False), more.get("slow", False)
    return Fault(
        name=name, where=Where.WIRE, sort=sort, ask={"action": action}, passes=passes, slow=slow
    )


def _pressed(name: str, words: str) -> Fault:
    return Fault(name=name, where=Where.WORLD, ask={"action": "press", "body": words})


def _here(name: str) -> Fault:
    return Fault(name=name, where=Where.HERE)


_RATE_AS_403 = json.dumps(
    {
        "error": {
            "code": 403,
            "message": "Rate Limit Exceeded",
            "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}],
        }
    }
)
_PAGE = "<!DOCTYPE html><title>Sign in to the network</title>"
_OAUTH = json.dumps({"error": "invalid_grant", "error_description": "Token has been revoked."})

_GOOGLES = (
    _google(401, "authError"),
    _google(403, "userRateLimitExceeded", passes=True),
    _google(403, "quotaExceeded", passes=True),
    _status("403 rateLimitExceeded", Where.GOOGLE, 403, _RATE_AS_403, passes=True),
    _google(403, "dailyLimitExceeded"),
    _google(403, "forbidden"),
    _google(403, "notAuthorized"),
    _google(403, "domainPolicy"),
    _google(403, "domainCannotUseApis"),
    _google(403, "insufficientPermissions"),
    _google(403, "accessNotConfigured"),
    _google(429, "rateLimitExceeded", passes=True),
    _google(500, "internalError", passes=True),
    Fault(
        name="404 group gone meanwhile", where=Where.GOOGLE, sort=Sort.MEMBERS,
        ask={"action": "status", "status": 404, "body": "notFound"},
    ),
    Fault(
        name="400 page token expired", where=Where.GOOGLE, sort=Sort.PAGES, passes=True,
        ask={"action": "status", "status": 400, "body": "invalid"},
    ),
)  # fmt: skip
_SERVICES = (
    _status("401", Where.ACCOUNT, 401),
    _status("403", Where.ACCOUNT, 403),
    _status("404", Where.ACCOUNT, 404),
    _status("409", Where.ACCOUNT, 409),
    _status("412", Where.ACCOUNT, 412),
    _status("429", Where.ACCOUNT, 429, passes=True),
    _status("500", Where.ACCOUNT, 500),
    *(
        Fault(
            name=f"{status} for one of a batch", where=Where.ACCOUNT, sort=Sort.BULK,
            ask={"action": "refuse-first", "status": status},
        )
        for status in (403, 404, 409, 412, 429, 500)
    ),
)  # fmt: skip
_WIRES = (
    _status("429 with Retry-After", Where.WIRE, 429, retry_after=7, passes=True),
    _status("429 with a long Retry-After", Where.WIRE, 429, retry_after=900),
    _status("502", Where.WIRE, 502, passes=True),
    _status("503", Where.WIRE, 503, passes=True),
    _status("503 with Retry-After", Where.WIRE, 503, retry_after=7, passes=True),
    _status("504", Where.WIRE, 504, passes=True),
    _status("404 of somebody in between", Where.WIRE, 404, _PAGE),
    _status("400 the sign-in has ended", Where.WIRE, 400, _OAUTH),
    _status("302", Where.WIRE, 302, _PAGE),
    _status("a page instead of an answer", Where.WIRE, 200, _PAGE),
    _status("another answer", Where.WIRE, 200, '{"users": 7, "Operations": "none"}'),
    _other("connection dropped", "drop", passes=True),
    _other("nobody answers", "hang", passes=True, slow=True),
    _other("done, answer lost", "lose-answer", sort=Sort.DOING, passes=True),
    _other("done, answered too late", "answer-late", sort=Sort.DOING, passes=True, slow=True),
    _other("done, half an answer", "truncate", passes=True),
    _other("done, half the words", "garble"),
    _other("done, half a packed answer", "halve-zip", passes=True),
    _other("too much to read", "flood"),
)
_WORLDS = (
    _pressed("provisioning switched off", "other-settings off"),
    _pressed("settings changed", "other-settings hourly"),
    _pressed("lease lost", "other-computer"),
    _pressed("somebody is hired", "hire"),
)
_HERES = tuple(
    _here(name)
    for name in (
        "network gone",
        "disk full",
        "database locked for a moment",
        "database locked",
        "database damaged",
        "clock set back an hour",
        "clock set back a week",
        "sleep of two minutes",
        "sleep of an hour",
    )
)

FAULTS: dict[str, Fault] = {
    fault.name: fault for fault in (*_GOOGLES, *_SERVICES, *_WIRES, *_WORLDS, *_HERES)
}
