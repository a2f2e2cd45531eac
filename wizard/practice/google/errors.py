"""Google's error answers, word for word as its interfaces give them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.messages import json_answer
from wizard.practice.routing import Refusal
from wizard.practice.traffic import Fault

__all__ = ["GoogleForm", "bad_request", "google_refuse", "invalid_input", "not_found", "reasons"]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    code: int
    message: str
    domain: str = "global"
    status: str = ""
    inner: str = ""
    scope: bool = False


_KINDS: dict[str, _Kind] = {
    "authError": _Kind(code=401, message="Invalid Credentials", status="UNAUTHENTICATED"),
    "forbidden": _Kind(code=403, message="Not Authorized to access this resource/api"),
    "notAuthorized": _Kind(code=403, message="Not Authorized to access this resource/api"),
    "domainPolicy": _Kind(
        code=403, message="The domain administrators have disabled this API for the domain."
    ),
    "insufficientPermissions": _Kind(
        code=403,
        message="Request had insufficient authentication scopes.",
        inner="Insufficient Permission",
        status="PERMISSION_DENIED",
        scope=True,
    ),
    "userRateLimitExceeded": _Kind(
        code=403,
        message="User-rate limit exceeded.  Retry after 2026-01-01T00:00:00.000Z",
        domain="usageLimits",
    ),
    "quotaExceeded": _Kind(code=403, message="Quota exceeded.", domain="usageLimits"),
    "dailyLimitExceeded": _Kind(code=403, message="Daily Limit Exceeded", domain="usageLimits"),
    "accessNotConfigured": _Kind(
        code=403,
        message="Admin SDK API has not been used in this project before or it is disabled.",
        domain="usageLimits",
    ),
    "domainCannotUseApis": _Kind(code=403, message="Domain cannot use apis"),
    "rateLimitExceeded": _Kind(
        code=429,
        message="Resource has been exhausted (e.g. check quota).",
        status="RESOURCE_EXHAUSTED",
    ),
    "badRequest": _Kind(code=400, message="Bad Request"),
    "invalid": _Kind(code=400, message="Invalid Input"),
    "notFound": _Kind(code=404, message="Resource Not Found: userKey"),
    "backendError": _Kind(code=503, message="Backend Error", status="UNAVAILABLE"),
    "internalError": _Kind(code=500, message="Internal Error", status="INTERNAL"),
    "badGateway": _Kind(code=502, message="Bad Gateway"),
    "gatewayTimeout": _Kind(code=504, message="Deadline exceeded", status="DEADLINE_EXCEEDED"),
}
_BY_STATUS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "internalError",
    502: "badGateway",
    503: "backendError",
    504: "gatewayTimeout",
}


def reasons() -> tuple[str, ...]:
    """The reasons that a fault may name."""
    return tuple(_KINDS)


def _answer(reason: str, message: str = "", headers: dict[str, str] | None = None) -> Response:
    kind = _KINDS[reason]
    text = message or kind.message
    detail: dict[str, object] = {
        "message": kind.inner or text,
        "domain": kind.domain,
        "reason": reason,
    }
    extra = dict(headers or {})
    if reason == "authError":
        detail |= {"location": "Authorization", "locationType": "header"}
        extra["www-authenticate"] = (
            'Bearer realm="https://accounts.google.com/", error="invalid_token"'
        )
    error: dict[str, object] = {"code": kind.code, "message": text, "errors": [detail]}
    if kind.status:
        error["status"] = kind.status
    if kind.scope:
        error["details"] = [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": "admin.googleapis.com"},
            }
        ]
    return json_answer({"error": error}, kind.code, extra)


def google_refuse(reason: str, message: str = "") -> Refusal:
    """The exception to raise where a request cannot be done."""
    return Refusal(_answer(reason, message))


def invalid_input(what: str) -> Refusal:
    """400 as for a page token that is not one."""
    return google_refuse("invalid", f"Invalid Input: {what}")


def bad_request() -> Refusal:
    """400 as for a listing of nobody's people."""
    return google_refuse("badRequest")


def not_found(what: str) -> Refusal:
    """404 naming the parameter."""
    return google_refuse("notFound", f"Resource Not Found: {what}")


class GoogleForm:
    """How Google words what every web server must be able to say."""

    def not_found(self, request: Request) -> Response:
        """404: Google answers unknown paths with a page, not with JSON."""
        return Response("<!DOCTYPE html><title>Error 404 (Not Found)</title>", 404, {}, "text/html")

    def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Response:
        """405: Google does not tell a path with another method from an unknown one."""
        answer = self.not_found(request)
        answer.headers["allow"] = ", ".join(allowed)
        return answer

    def wrong_host(self, request: Request) -> Response:
        """421."""
        return Response("<!DOCTYPE html><title>Error 421</title>", 421, {}, "text/html")

    def fault(self, request: Request, fault: Fault) -> Response:
        """The error that a test asked for: `body` is a reason, or a text of its own."""
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        if fault.body in _KINDS:
            return _answer(fault.body, "", headers)
        if fault.body:
            return Response(fault.body, fault.status, headers, "text/plain")
        answer = _answer(_BY_STATUS.get(fault.status, "internalError"), "", headers)
        answer.status_code = fault.status
        return answer
