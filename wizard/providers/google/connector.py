"""Google Workspace as one of the workspaces that the product connects."""

from __future__ import annotations

import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from wizard.auth.code_flow import CodeFlow
from wizard.auth.tokens import TokenSet
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.directory import ProviderId
from wizard.net.api import Api
from wizard.net.bearer import Bearer, FixedBearer
from wizard.net.sessions import Net
from wizard.profile.model import Profile
from wizard.providers.base import Finding, FindingId, Permission, PreFlight, WorkspaceAccount
from wizard.providers.google.checks import check_workspace
from wizard.providers.google.permissions import PERMISSIONS
from wizard.providers.google.reader import GoogleReader, directory_api, directory_budget
from wizard.providers.google.sign_in import GoogleSignIn
from wizard.providers.google.tokens import GoogleRefresher

__all__ = ["GoogleConnector"]


class GoogleConnector:
    """See `Connector`. All readers share one budget: Google counts by person and program."""

    def __init__(self, net: Net, profile: Profile, clock: Clock) -> None:
        self._net = net
        self._google = profile.google
        self._clock = clock
        self._sign_in = GoogleSignIn(net, profile.google, clock=clock)
        self._budget = directory_budget(clock)
        self._lock = threading.Lock()
        self._apis: WeakKeyDictionary[Bearer, Api] = WeakKeyDictionary()

    @property
    def provider(self) -> ProviderId:
        """See `Connector.provider`."""
        return ProviderId.GOOGLE

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """See `Connector.permissions`."""
        return PERMISSIONS

    @property
    def address(self) -> str:
        """See `Connector.address`."""
        return self._google.api

    def sign_in(self, flow: CodeFlow, cancel: Cancel, *, login_hint: str = "") -> WorkspaceAccount:
        """See `Connector.sign_in`."""
        return self._sign_in.sign_in(flow, cancel, login_hint=login_hint)

    def refresher(self) -> GoogleRefresher:
        """See `Connector.refresher`."""
        return GoogleRefresher(self._net, self._google)

    def revoke(self, tokens: TokenSet, cancel: Cancel) -> None:
        """See `Connector.revoke`."""
        self._sign_in.revoke(tokens, cancel)

    def reader(self, bearer: Bearer, *, address: str, granted: frozenset[str]) -> GoogleReader:
        """See `Connector.reader`."""
        with self._lock:
            api = self._apis.get(bearer)
            if api is None:
                api = directory_api(self._net, self._google.api, bearer, self._budget)
                self._apis[bearer] = api

        def requests_so_far() -> int:
            host = self._net.traffic.snapshot().get(api.host)
            return host.requests if host is not None else 0

        return GoogleReader(api, address=address, granted=granted, requests_so_far=requests_so_far)

    def check(
        self,
        account: WorkspaceAccount,
        *,
        pinned_customer: str | None,
        proxy: str,
        cancel: Cancel,
        began: Callable[[FindingId], None],
        found: Callable[[Finding], None],
    ) -> PreFlight:
        """See `Connector.check`."""
        reader = self.reader(
            FixedBearer(account.tokens.access_token),
            address=account.address,
            granted=account.granted,
        )
        return check_workspace(
            reader,
            address=account.address,
            domain=account.domain,
            granted=account.granted,
            pinned_customer=pinned_customer,
            proxy=proxy,
            clock=self._clock,
            cancel=cancel,
            began=began,
            found=found,
        )
