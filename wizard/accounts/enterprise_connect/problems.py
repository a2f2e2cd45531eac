"""What the contract's problems (RFC 9457, with stable codes) mean to the product."""

from __future__ import annotations

import msgspec

from wizard.accounts.enterprise_connect.wire import Problem
from wizard.accounts.scim_errors import holder_facts
from wizard.core.trouble import Code, Fact, Trouble
from wizard.net.answers import Answer

__all__ = ["person_refusal", "sync_refusal"]

_BY_CODE = {
    "not-signed-in": Code.SIGN_IN_EXPIRED,
    "not-allowed": Code.NOT_ALLOWED,
    "not-found": Code.NOT_FOUND_AT_SERVICE,
    "not-the-syncer": Code.NOT_THE_SYNCER,
    "another-customer": Code.OTHER_CUSTOMER,
    "last-owner": Code.LAST_OWNER,
    "invitation-closed": Code.INVITATION_CLOSED,
    "version-changed": Code.SETTINGS_CHANGED,
    "too-many-requests": Code.RATE_LIMITED,
    "unavailable": Code.SERVICE_UNAVAILABLE,
}
_BY_STATUS = {
    401: Code.SIGN_IN_EXPIRED,
    403: Code.NOT_ALLOWED,
    # Without the service's own word it is somebody else's page, or another address than ours.
    404: Code.ANSWER_NOT_UNDERSTOOD,
    412: Code.SETTINGS_CHANGED,
    429: Code.RATE_LIMITED,
}
_LONGEST_DETAIL = 300


def person_refusal(answer: Answer) -> Trouble:
    """A refusal to a signed-in person.

    Facts: `host`, `status`, `problem` (the contract's code), `detail`; with NOT_THE_SYNCER the
    holder's `host`, `person` and `last_run_at`; with an `already-made` token its `token_id`.
    """
    problem = _problem(answer)
    code = _BY_CODE.get(problem.code)
    if code is None:
        code = _BY_STATUS.get(answer.status, Code.REQUEST_REFUSED)
        if answer.status >= 500:
            code = Code.SERVICE_UNAVAILABLE
    told = {
        "problem": problem.code,
        "detail": (problem.detail or problem.title)[:_LONGEST_DETAIL],
        "token_id": problem.provisioning_token_id,
    }
    facts: dict[str, Fact] = {"host": answer.host, "status": answer.status}
    facts |= {name: value for name, value in told.items() if value}
    if code is Code.NOT_THE_SYNCER:
        facts |= holder_facts(bytes(problem.syncer))
    return Trouble(code, retry_after=None, **facts)


def sync_refusal(answer: Answer) -> Trouble:
    """As `person_refusal`, where a provisioning token was sent: its end is not a sign-in's end."""
    trouble = person_refusal(answer)
    if trouble.code is not Code.SIGN_IN_EXPIRED:
        return trouble
    return Trouble(Code.PROVISIONING_TOKEN_REVOKED, retry_after=None, **trouble.facts)


def _problem(answer: Answer) -> Problem:
    try:
        return msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # A gateway in front of the service answers in its own words; the status still tells.
        return Problem()
