"""What can go wrong between the product and the stand-ins, to draw from."""

from __future__ import annotations

from dataclasses import dataclass

from tests.practice.state_machine.wire import WRITES


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A trouble of the wire: `reason` is what Google says, or the text of an answer."""

    kind: str
    status: int = 0
    reason: str = ""
    retry_after: int | None = None

    @property
    def name(self) -> str:
        told = (self.kind, self.status or "", self.reason, self.retry_after or "")
        return " ".join(str(part) for part in told if part)


def _refused(status: int, reason: str = "", retry_after: int | None = None) -> Fault:
    return Fault(kind="refused", status=status, reason=reason, retry_after=retry_after)


_ANYWHERE = (
    _refused(401),
    _refused(403),
    _refused(404),
    _refused(409),
    _refused(412),
    _refused(429),
    _refused(429, retry_after=7),
    _refused(429, retry_after=500),
    _refused(500),
    _refused(502),
    _refused(503),
    _refused(503, retry_after=20),
    _refused(504),
    Fault(kind="dropped"),
    Fault(kind="answer lost"),
    Fault(kind="half an answer"),
    Fault(kind="hanging"),
    Fault(kind="answered too late"),
    Fault(kind="no connection"),
    Fault(kind="wrong JSON"),
)
_OF_GOOGLE = (
    _refused(403, "forbidden"),
    _refused(403, "insufficientPermissions"),
    _refused(403, "userRateLimitExceeded"),
    _refused(403, "quotaExceeded"),
    _refused(403, "dailyLimitExceeded"),
    _refused(403, "accessNotConfigured"),
    _refused(403, "domainCannotUseApis"),
    _refused(429, "rateLimitExceeded"),
    _refused(400, "invalid"),
    _refused(404, "a page of something in between"),
    _refused(503, "backendError"),
)
UNANSWERED = tuple(fault for fault in _ANYWHERE if not fault.status)
"""Nobody knows what became of what was asked for."""
GOOGLE_FAULTS = _ANYWHERE + _OF_GOOGLE
ACCOUNT_FAULTS = _ANYWHERE
GOOGLE_PLACES = (
    "google", "people", "deleted", "look-up", "units", "groups", "members", "domains", "customer",
)  # fmt: skip
ACCOUNT_PLACES = (
    "account", WRITES, WRITES, WRITES, "accounts", "config", "settings", "lease", "owners",
    "report",
)  # fmt: skip
ENDS = ("begin", "middle", "end", "full begin", "full middle")
