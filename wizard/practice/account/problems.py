"""Problem details (RFC 9457) with the stable codes of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.messages import json_answer
from wizard.practice.routing import Refusal
from wizard.practice.traffic import Fault

__all__ = ["Problem", "ProblemForm", "problem_answer", "refuse"]


class Problem(StrEnum):
    """Codes; see the contract's description."""

    INVALID_REQUEST = "invalid-request"
    INVALID_CURSOR = "invalid-cursor"
    NOT_SIGNED_IN = "not-signed-in"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    NO_DIRECTORY_PURPOSE = "no-directory-purpose"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    NOT_THE_SYNCER = "not-the-syncer"
    ANOTHER_CUSTOMER = "another-customer"
    LAST_OWNER = "last-owner"
    INVITATION_CLOSED = "invitation-closed"
    ALREADY_MADE = "already-made"
    VERSION_CHANGED = "version-changed"
    PAYLOAD_TOO_LARGE = "payload-too-large"
    WRONG_HOST = "wrong-host"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    PRECONDITION_REQUIRED = "precondition-required"
    TOO_MANY_REQUESTS = "too-many-requests"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


_KINDS: dict[Problem, tuple[int, str]] = {
    Problem.INVALID_REQUEST: (400, "The request is not as the contract describes it"),
    Problem.INVALID_CURSOR: (400, "This cursor is not one of ours, or it is too old"),
    Problem.NOT_SIGNED_IN: (401, "Nobody is signed in"),
    Problem.NOT_ALLOWED: (403, "This role or token may not do that"),
    Problem.NOT_FOUND: (404, "There is no such thing here"),
    Problem.NO_DIRECTORY_PURPOSE: (404, "This organization account gives no directory access"),
    Problem.METHOD_NOT_ALLOWED: (405, "This path does not know that method"),
    Problem.NOT_THE_SYNCER: (409, "Another installation keeps these people in step"),
    Problem.ANOTHER_CUSTOMER: (409, "The workspace belongs to another customer"),
    Problem.LAST_OWNER: (409, "The last owner stays"),
    Problem.INVITATION_CLOSED: (409, "The invitation was accepted or revoked"),
    Problem.ALREADY_MADE: (409, "It was made before and is shown once"),
    Problem.VERSION_CHANGED: (412, "Somebody changed it in the meantime"),
    Problem.PAYLOAD_TOO_LARGE: (413, "The request is too large"),
    Problem.UNSUPPORTED_MEDIA_TYPE: (415, "The body has another media type"),
    Problem.WRONG_HOST: (421, "The Host header names somebody else"),
    Problem.IDEMPOTENCY_KEY_REUSED: (422, "This Idempotency-Key was used for something else"),
    Problem.PRECONDITION_REQUIRED: (428, "If-Match is needed"),
    Problem.TOO_MANY_REQUESTS: (429, "Too many requests"),
    Problem.INTERNAL: (500, "The service failed"),
    Problem.UNAVAILABLE: (503, "The service is not available"),
}
_BY_STATUS = {status: code for code, (status, _) in reversed(_KINDS.items())}


def problem_answer(
    code: Problem,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    **members: object,
) -> Response:
    """The answer that a problem is."""
    status, title = _KINDS[code]
    content: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code.value,
    }
    if detail:
        content["detail"] = detail
    extra = dict(headers or {})
    if code is Problem.NOT_SIGNED_IN:
        extra.setdefault("www-authenticate", 'Bearer realm="connect", error="invalid_token"')
    return json_answer({**content, **members}, status, extra, "application/problem+json")


def refuse(code: Problem, detail: str = "", **members: object) -> Refusal:
    """The exception to raise where a request cannot be done."""
    return Refusal(problem_answer(code, detail, None, **members))


class ProblemForm:
    """How the account service words what every web server must be able to say."""

    def not_found(self, request: Request) -> Response:
        """404."""
        return problem_answer(Problem.NOT_FOUND, f"There is nothing at {request.url.path}.")

    def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Response:
        """405."""
        return problem_answer(
            Problem.METHOD_NOT_ALLOWED,
            f"{request.method} is not known here.",
            {"allow": ", ".join(allowed)},
        )

    def wrong_host(self, request: Request) -> Response:
        """421."""
        return problem_answer(Problem.WRONG_HOST)

    def fault(self, request: Request, fault: Fault) -> Response:
        """The problem whose status a test asked for."""
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        code = _BY_STATUS.get(fault.status, Problem.INTERNAL)
        if fault.body:
            return Response(fault.body, fault.status, headers, "text/plain")
        answer = problem_answer(code, "A practice fault.", headers)
        answer.status_code = fault.status
        return answer
