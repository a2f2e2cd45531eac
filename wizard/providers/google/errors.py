"""Reads Google's refusals: which pass by themselves, and what the others mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from wizard.core.trouble import Code, Fact, Trouble
from wizard.net.answers import Answer

__all__ = [
    "Refusal",
    "google_refusal",
    "google_transient",
    "is_googles_not_found",
    "oauth_code",
    "read_refusal",
]

# https://developers.google.com/admin-sdk/directory/v1/limits, and what long-lived tools retry.
_PASSING = frozenset(
    {
        "userRateLimitExceeded",
        "quotaExceeded",
        "rateLimitExceeded",
        "sharingRateLimitExceeded",
        "RATE_LIMIT_EXCEEDED",
        "backendError",
        "badGateway",
        "gatewayTimeout",
        "internalError",
        "transientError",
    }
)
_CODES = (
    ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", Code.SCOPES_MISSING),
    ("insufficientPermissions", Code.SCOPES_MISSING),
    ("domainCannotUseApis", Code.DOMAIN_CANNOT_USE_APIS),
    ("accessNotConfigured", Code.API_NOT_ENABLED),
    ("SERVICE_DISABLED", Code.API_NOT_ENABLED),
    ("dailyLimitExceeded", Code.RATE_LIMITED),
)
_PARTS = (
    ("/users", "people"),
    ("/groups", "groups"),
    ("/orgunits", "units"),
    ("/domains", "domains"),
)
# What the sign-in's redirect or the token endpoint may say; most are pages in the browser only.
_OAUTH_CODES = {
    "access_denied": Code.SIGN_IN_REFUSED,
    "admin_policy_enforced": Code.ADMIN_POLICY_ENFORCED,
    "org_internal": Code.APP_INTERNAL,
    "deleted_client": Code.APP_BLOCKED,
    "disabled_client": Code.APP_BLOCKED,
    "restricted_client": Code.APP_BLOCKED,
    "unauthorized_client": Code.APP_BLOCKED,
}
_RETRY_AFTER = re.compile(r"Retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)")


class _Reason(msgspec.Struct):
    reason: str | None = None


class _Told(msgspec.Struct):
    message: str | None = None
    errors: list[_Reason] | None = None
    details: list[_Reason] | None = None


class _Body(msgspec.Struct):
    error: _Told


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What Google says of a refused request: its reasons stand in one of two places, or both."""

    reasons: frozenset[str] = frozenset()
    message: str = ""
    understood: bool = False


def read_refusal(answer: Answer) -> Refusal:
    """The reasons of a refused request; none where the body isn't Google's (a proxy's page)."""
    try:
        told = msgspec.json.decode(answer.body, type=_Body).error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Refusal()
    listed = [*(told.errors or ()), *(told.details or ())]
    return Refusal(
        reasons=frozenset(one.reason for one in listed if one.reason),
        message=told.message or "",
        understood=True,
    )


def is_googles_not_found(answer: Answer) -> bool:
    """Whether a 404 is the directory's own word, and not that of something in between."""
    return answer.status == 404 and "notFound" in read_refusal(answer).reasons


def google_transient(answer: Answer) -> float | bool:
    """Whether a refusal passes by itself, with the seconds to wait where Google names them.

    Google tells a rate limit as 403 with a reason, sometimes as 429.
    """
    refusal = read_refusal(answer)
    if not refusal.reasons & _PASSING:
        return False
    named = _RETRY_AFTER.search(refusal.message)
    if named is None:
        return True
    until = datetime.fromisoformat(named[1])
    return max(0.0, (until - _server_time(answer)).total_seconds())


def google_refusal(answer: Answer) -> Trouble:
    """The `Trouble` of a refused request to the directory.

    Google's reason and what was to be read (people, groups, units, domains) are facts; a scope
    that is missing here was left out at the last sign-in, or taken back since.
    """
    refusal = read_refusal(answer)
    reason = min(refusal.reasons, default="")
    code = _code(answer.status, refusal)
    facts: dict[str, Fact] = {
        "host": answer.host,
        "path": answer.path,
        "status": answer.status,
        "reason": reason,
        "part": next((part for sign, part in _PARTS if sign in answer.path), ""),
    }
    if code is Code.SCOPES_MISSING:
        facts["problem"] = "taken-back"
    return Trouble(code, retry_after=None, **facts)


def oauth_code(error: str) -> Code:
    """The code of an OAuth error; `SIGN_IN_FAILED` for what only an engineer understands.

    https://developers.google.com/identity/protocols/oauth2/native-app
    """
    return _OAUTH_CODES.get(error, Code.SIGN_IN_FAILED)


def _code(status: int, refusal: Refusal) -> Code:
    if status == 401:
        return Code.DIRECTORY_TOKEN_REJECTED
    for reason, code in _CODES:
        if reason in refusal.reasons:
            return code
    if status == 429 or (refusal.reasons & _PASSING and status == 403):
        return Code.RATE_LIMITED
    if status == 403 and refusal.understood:
        return Code.DIRECTORY_FORBIDDEN
    if status >= 500:
        return Code.SERVICE_UNAVAILABLE
    return Code.ANSWER_NOT_UNDERSTOOD


def _server_time(answer: Answer) -> datetime:
    """The other side's clock, so that a wrong one here does no harm."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.now(UTC)
