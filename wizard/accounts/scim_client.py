"""People's accounts at any SCIM 2.0 service (RFC 7643, RFC 7644)."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

from wizard.accounts.base import Account, AccountWrite, WriteResult
from wizard.accounts.calls import Calls
from wizard.accounts.pace import Pace
from wizard.accounts.scim_errors import unsupported
from wizard.accounts.scim_listing import Listing
from wizard.accounts.scim_wire import (
    ATTRIBUTES,
    CONTENT_TYPE,
    ListResponse,
    ServiceProviderConfig,
    account_of,
    quoted,
)
from wizard.accounts.scim_writes import Writing
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble

__all__ = ["ScimUsers"]

_PAGE = 1000
_HITS = 10
_SINGLY = 20


class ScimUsers:
    """Implements `base.UserAccounts` over the SCIM end at `base_path`.

    `headers` go with every write. `match_emails` also looks an address up among `emails`, for
    services where people log in with something else. `batch` is never more than
    `largest_batch`, so that a pause or a cancel is heard between requests.
    """

    def __init__(
        self,
        calls: Calls,
        *,
        base_path: str,
        clock: Clock,
        headers: Mapping[str, str] | None = None,
        match_emails: bool = False,
        parallel: int = 4,
        largest_batch: int = 250,
    ) -> None:
        self._calls = calls
        self._base = base_path.rstrip("/")
        self._clock = clock
        self._match_emails = match_emails
        self._largest = largest_batch
        self._lock = threading.Lock()
        self._known: ServiceProviderConfig | None = None
        self._writing = Writing(
            calls,
            base_path=self._base,
            headers=headers or {},
            pace=Pace(clock),
            parallel=parallel,
        )

    @property
    def batch(self) -> int:
        """See `UserAccounts.batch`; small until the service has said what it can take."""
        known = self._known
        if known is None or not known.bulk.supported:
            return min(self._largest, _SINGLY)
        return max(1, min(self._largest, known.bulk.max_operations or self._largest))

    def config(self, cancel: Cancel) -> ServiceProviderConfig:
        """What the service can do, asked once (RFC 7643, section 5); the least where it is mute."""
        with self._lock:
            if self._known is None:
                self._known = self._read_config(cancel)
            return self._known

    def accounts(self, cancel: Cancel) -> Iterator[Sequence[Account]]:
        """See `UserAccounts.accounts`."""
        most = self.config(cancel).filter.max_results or _PAGE
        listing = Listing(
            self._calls, base_path=self._base, page=min(_PAGE, most), clock=self._clock
        )
        yield from listing.pages(cancel)

    def by_external_id(self, external_id: str, cancel: Cancel) -> Account | None:
        """See `UserAccounts.by_external_id`; the case of an externalId counts (`caseExact`)."""
        found = [
            account
            for account in self._search("externalId", external_id, cancel)
            if account.external_id == external_id
        ]
        if len(found) > 1:
            raise Trouble(Code.ACCOUNT_CLAIMED, address=found[0].address, accounts=len(found))
        return found[0] if found else None

    def by_address(self, address: str, cancel: Cancel) -> Account | None:
        """See `UserAccounts.by_address`; `userName` is not case-exact (RFC 7643, section 4.1.1)."""
        found = self._with_address("userName", address, cancel)
        if not found and self._match_emails:
            found = self._with_address("emails.value", address, cancel)
        if len(found) > 1:
            raise Trouble(Code.ADDRESS_CLAIMED_TWICE, address=address, accounts=len(found))
        return found[0] if found else None

    def write(self, writes: Sequence[AccountWrite], cancel: Cancel) -> Sequence[WriteResult]:
        """See `UserAccounts.write`."""
        if not writes:
            return ()
        return self._writing.write(writes, self.config(cancel).bulk, cancel)

    def _with_address(self, attribute: str, address: str, cancel: Cancel) -> list[Account]:
        try:
            hits = self._search(attribute, address, cancel)
        except Trouble as refused:
            if attribute != "userName" and refused.facts.get("scim_type") == "invalidFilter":
                return []
            raise
        if attribute == "userName":
            return [one for one in hits if one.address.casefold() == address.casefold()]
        return list(hits)

    def _search(self, attribute: str, value: str, cancel: Cancel) -> Sequence[Account]:
        answer = self._calls.get(
            f"{self._base}/Users",
            params={
                "filter": f"{attribute} eq {quoted(value)}",
                "startIndex": "1",
                "count": str(_HITS),
                "attributes": ATTRIBUTES,
            },
            headers={"accept": CONTENT_TYPE},
            cancel=cancel,
        )
        return [account_of(user) for user in answer.read(ListResponse).users or ()]

    def _read_config(self, cancel: Cancel) -> ServiceProviderConfig:
        try:
            answer = self._calls.get(
                f"{self._base}/ServiceProviderConfig",
                headers={"accept": CONTENT_TYPE},
                cancel=cancel,
            )
        except Trouble as refused:
            if unsupported(refused):
                return ServiceProviderConfig()
            raise
        return answer.read(ServiceProviderConfig)
