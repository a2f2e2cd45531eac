"""SCIM's own error answers (RFC 7644, section 3.12)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from starlette.responses import Response

from wizard.practice.messages import json_answer
from wizard.practice.routing import Refusal

__all__ = ["SCIM_MEDIA", "ScimRefusal", "ScimType", "error_body", "scim_answer", "scim_refuse"]

SCIM_MEDIA = "application/scim+json"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimType(StrEnum):
    """Detail error keywords (RFC 7644, table 9)."""

    NONE = ""
    INVALID_FILTER = "invalidFilter"
    TOO_MANY = "tooMany"
    UNIQUENESS = "uniqueness"
    MUTABILITY = "mutability"
    INVALID_SYNTAX = "invalidSyntax"
    INVALID_PATH = "invalidPath"
    NO_TARGET = "noTarget"
    INVALID_VALUE = "invalidValue"
    INVALID_VERSION = "invalidVers"


def error_body(
    status: int, kind: ScimType, detail: str, members: Mapping[str, object]
) -> dict[str, object]:
    """An error as JSON; the status is text, as the RFC has it."""
    content: dict[str, object] = {"schemas": [_ERROR], "status": str(status)}
    if kind:
        content["scimType"] = kind.value
    if detail:
        content["detail"] = detail
    return {**content, **members}


def scim_answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A SCIM answer."""
    return json_answer(content, status, headers, SCIM_MEDIA)


class ScimRefusal(Refusal):
    """A refusal whose body a bulk answer can carry."""

    def __init__(self, status: int, body: dict[str, object], headers: Mapping[str, str]) -> None:
        super().__init__(scim_answer(body, status, headers))
        self.status = status
        self.body = body


def scim_refuse(
    status: int,
    kind: ScimType = ScimType.NONE,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    **members: object,
) -> ScimRefusal:
    """The exception to raise where a SCIM request cannot be done."""
    return ScimRefusal(status, error_body(status, kind, detail, members), headers or {})
