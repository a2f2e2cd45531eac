"""What a SCIM service's refusals mean (RFC 7644, section 3.12), for one write or for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from wizard.accounts.scim_wire import ScimError, status_number
from wizard.core.clock import to_text
from wizard.core.trouble import Code, Fact, Trouble
from wizard.net.answers import Answer

__all__ = ["ALONE", "Refusal", "holder_facts", "refusal_of", "refused", "unsupported"]

ALONE = frozenset(
    {
        Code.ADDRESS_TAKEN,
        Code.LAST_OWNER,
        Code.NOT_ALLOWED,
        Code.NOT_FOUND_AT_SERVICE,
        Code.REQUEST_REFUSED,
        Code.WRITE_FAILED,
    }
)
"""Codes that concern one write; every other one concerns all of them and is raised."""

_LONGEST_DETAIL = 300


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds the syncer lease, in a `not-the-syncer` refusal."""

    host: str = ""
    person: str = ""
    last_run_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One refusal, read: `kind` is the scimType or ''."""

    code: Code
    detail: str
    kind: str
    syncer: bytes = b"null"

    def trouble(self, status: int, *, host: str = "") -> Trouble:
        """As `Trouble`, with facts `host`, `status`, `detail`, `scim_type`, or the lease holder."""
        told = {"host": host, "detail": self.detail, "scim_type": self.kind}
        facts: dict[str, Fact] = {"status": status}
        facts |= {name: value for name, value in told.items() if value}
        if self.code is Code.NOT_THE_SYNCER:
            facts |= holder_facts(self.syncer)
        return Trouble(self.code, retry_after=None, **facts)


def refusal_of(status: int, body: bytes) -> Refusal:
    """Read the refusal of one operation or of a whole request; a body of another shape is fine."""
    try:
        error = msgspec.json.decode(body, type=ScimError | None) or ScimError()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        error = ScimError()
    return Refusal(
        code=_code(status or status_number(error.status), error),
        detail=(error.detail or "")[:_LONGEST_DETAIL],
        kind=error.scim_type or "",
        syncer=bytes(error.syncer),
    )


_BY_NAME = {
    "last-owner": Code.LAST_OWNER,
    "not-the-syncer": Code.NOT_THE_SYNCER,
    "not-allowed": Code.NOT_ALLOWED,
}
_BY_STATUS = {
    401: Code.PROVISIONING_TOKEN_REVOKED,
    403: Code.NOT_ALLOWED,
    404: Code.NOT_FOUND_AT_SERVICE,
    412: Code.WRITE_FAILED,
    429: Code.RATE_LIMITED,
}


def _code(status: int, error: ScimError) -> Code:
    named = _BY_NAME.get(error.code or "")
    if named is not None:
        return named
    if error.scim_type == "uniqueness":
        return Code.ADDRESS_TAKEN
    if status >= 500:
        return Code.SERVICE_UNAVAILABLE
    return _BY_STATUS.get(status, Code.REQUEST_REFUSED)


def refused(answer: Answer) -> Trouble:
    """An answer that is not 2xx, as `Trouble`; see `Refusal.trouble` for its facts."""
    refusal = refusal_of(answer.status, answer.body)
    return refusal.trouble(answer.status, host=answer.host)


def unsupported(trouble: Trouble) -> bool:
    """Whether the service answered that it has no such end (used for Bulk)."""
    return trouble.facts.get("status") in {404, 405, 501}


def holder_facts(raw: bytes) -> dict[str, Fact]:
    """Who holds the lease, as facts `host`, `person`, `last_run_at`; none where nobody does."""
    try:
        holder = msgspec.json.decode(raw, type=Holder | None)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    if holder is None:
        return {}
    facts: dict[str, Fact] = {"host": holder.host, "person": holder.person}
    if holder.last_run_at is not None and holder.last_run_at.tzinfo is not None:
        facts["last_run_at"] = to_text(holder.last_run_at)
    return facts
