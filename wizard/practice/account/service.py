"""The account service put together: one database, the program's paths and the browser's paths."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from wizard.core.clock import Clock
from wizard.practice.account.admission import Admission
from wizard.practice.account.browsers import Browsers
from wizard.practice.account.connections import Connections
from wizard.practice.account.database import Database
from wizard.practice.account.gate import Gate
from wizard.practice.account.installs import Installs
from wizard.practice.account.invitation_pages import InvitationPages
from wizard.practice.account.once import Once
from wizard.practice.account.openid import OpenId
from wizard.practice.account.outbox import Outbox
from wizard.practice.account.pages import SignInPages
from wizard.practice.account.problems import ProblemForm
from wizard.practice.account.settings import SettingsStore
from wizard.practice.account.syncing import Syncing
from wizard.practice.account.units import Units
from wizard.practice.oauth import SigningKey
from wizard.practice.routing import Router
from wizard.practice.scim.accounts import Accounts
from wizard.practice.scim.end import ScimEnd
from wizard.practice.scim.errors import ScimType, error_body, scim_answer
from wizard.practice.traffic import Fault

__all__ = ["AccountForm", "AccountService"]


class AccountForm(ProblemForm):
    """Problems under `/v1`, SCIM's own errors under a SCIM end."""

    def _scim(self, request: Request, status: int, detail: str, **headers: str) -> Response:
        return scim_answer(error_body(status, ScimType.NONE, detail, {}), status, headers)

    def not_found(self, request: Request) -> Response:
        """404."""
        if "/scim/v2" in request.url.path:
            return self._scim(request, 404, f"There is nothing at {request.url.path}.")
        return super().not_found(request)

    def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Response:
        """405."""
        if "/scim/v2" in request.url.path:
            detail = f"{request.method} is not known here."
            return self._scim(request, 405, detail, allow=", ".join(allowed))
        return super().method_not_allowed(request, allowed)

    def fault(self, request: Request, fault: Fault) -> Response:
        """The error whose status a test asked for."""
        if "/scim/v2" not in request.url.path or fault.body:
            return super().fault(request, fault)
        answer = self._scim(request, fault.status, "A practice fault.")
        if fault.retry_after is not None:
            answer.headers["retry-after"] = str(fault.retry_after)
        return answer


class AccountService:
    """Everything of the account service; `origin` is its https address, the issuer."""

    def __init__(self, *, path: Path, clock: Clock, origin: str, activation: timedelta) -> None:
        self.database = Database(path, clock)
        gate = Gate(self.database, clock)
        once = Once(self.database, clock)
        self.openid = OpenId(
            database=self.database, clock=clock, gate=gate, issuer=origin, key=SigningKey()
        )
        admission, browsers = Admission(self.database), Browsers()
        self._pages = SignInPages(
            openid=self.openid, admission=admission, browsers=browsers, clock=clock
        )
        self._invitation_pages = InvitationPages(
            database=self.database, admission=admission, browsers=browsers
        )
        self._outbox = Outbox(self.database)
        self.installs = Installs(self.database, clock, activation)
        self._units = Units(
            database=self.database, clock=clock, gate=gate, once=once, outbox=self._outbox
        )
        self.connections = Connections(
            database=self.database,
            clock=clock,
            gate=gate,
            once=once,
            activation=activation,
            installs=self.installs,
        )
        self.settings = SettingsStore(self.database, gate)
        self.syncing = Syncing(
            database=self.database,
            clock=clock,
            gate=gate,
            once=once,
            connections=self.connections,
            settings=self.settings,
        )
        self.accounts = Accounts(self.database)
        self._scim = ScimEnd(
            database=self.database,
            gate=gate,
            syncing=self.syncing,
            accounts=self.accounts,
            origin=origin,
        )

    def api(self) -> Router:
        """The paths of the https origin; the sign-in pages are there, too."""
        router = self.pages()
        self.openid.add_to(router)
        self._units.add_to(router)
        self.connections.add_to(router)
        self.settings.add_to(router)
        self.syncing.add_to(router)
        self._scim.add_to(router)
        return router

    def pages(self) -> Router:
        """The paths of the http origin that a browser visits."""
        router = Router()
        self._pages.add_to(router)
        self._invitation_pages.add_to(router)
        self._outbox.add_to(router)
        return router

    def close(self) -> None:
        """End the database connection."""
        self.database.close()
