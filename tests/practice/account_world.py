"""The practice account service as its client sees it: signed in, connected, with a key to write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.practice.visitor import OWNER, World, practice
from wizard.accounts.base import OrganizationAccount, OrganizationAccountStatus, Purpose
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.accounts.scim_client import ScimUsers
from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow
from wizard.auth.openid import OpenIdClient, OpenIdSettings
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import ProviderId
from wizard.net.bearer import FixedBearer
from wizard.net.sessions import Net, NetSettings
from wizard.profile.load import load_file
from wizard.profile.model import Trust
from wizard.services.scripted_browser import Manners, ScriptedBrowser

__all__ = [
    "ADMIN",
    "CUSTOMER",
    "OWNER",
    "PURPOSES",
    "AccountClient",
    "ConnectedWorld",
    "account_fault",
    "accounts_at_the_service",
    "connected_world",
    "lease_of",
]

ADMIN = "tomasz.wilk@nordby.example"
CUSTOMER = "C0nordby1"
PURPOSES = frozenset({Purpose.DIRECTORY, Purpose.CALENDARS})
_PATIENCE = 20.0


class AccountClient:
    """One installation of the client in that world."""

    def __init__(self, world: World, stack: ExitStack, *, installation: str = "inst-1") -> None:
        self.world = world
        self.installation = installation
        self.clock = SystemClock()
        self.last_token = ""
        self.profile = load_file(world.home / "profile.toml", origin=Trust.GIVEN)
        settings = NetSettings(trust_root=self.profile.trust_root)
        self.net = stack.enter_context(Net(settings, clock=self.clock))

    def service(self, person: str = OWNER) -> EnterpriseConnect:
        """The service as somebody who just signed in through a browser sees it."""
        known = self.profile.service
        openid = OpenIdClient(
            self.net,
            OpenIdSettings(issuer=known.issuer, client_id=known.client_id, trusted=(known.api,)),
            clock=self.clock,
        )
        cancel = Cancel()
        stuck: list[str] = []

        def give_up(sentence: str) -> None:
            stuck.append(sentence)
            cancel.stop()

        browser = ScriptedBrowser(Manners(person=person), stuck=give_up)
        opener = BrowserOpener(self.profile.browser_swaps, start=browser.open)
        flow = CodeFlow(opener, announce=lambda _: None, clock=self.clock, seconds=30.0)
        try:
            signed_in = openid.sign_in(flow, cancel)
        finally:
            browser.close()
        assert not stuck
        self.last_token = signed_in.tokens.access_token
        bearer = FixedBearer(self.last_token)
        return EnterpriseConnect(self.net, known.api, bearer=bearer, clock=self.clock)

    def connected(self, service: EnterpriseConnect, ou: str) -> OrganizationAccount:
        """The Google connection of an organizational unit, active."""
        made = service.create_organization_account(
            ou,
            provider=ProviderId.GOOGLE,
            purposes=PURPOSES,
            customer_id=CUSTOMER,
            domain="nordby.example",
            authorized_by=ADMIN,
            cancel=Cancel(),
        )
        until = time.monotonic() + _PATIENCE
        while made.status is OrganizationAccountStatus.PENDING and time.monotonic() < until:
            made = service.organization_account(ou, made.id, Cancel())
        return made

    def users(
        self, service: EnterpriseConnect, ou: str, account: str, *, read_only: bool = False
    ) -> ScimUsers:
        """The accounts of people, with a fresh provisioning token."""
        token = service.create_provisioning_token(ou, account, label="test", cancel=Cancel())
        return service.users(
            ou,
            account,
            token=token.secret,
            installation_id=self.installation,
            read_only=read_only,
        )


@dataclass(frozen=True, kw_only=True)
class ConnectedWorld:
    """A practice account service with a connection, as a foreign client needs to know it."""

    api: str
    trust_root: Path
    ou: str
    account: str
    installation: str
    person_token: str
    token: str


@contextmanager
def connected_world(home: Path, *, people: int = 20) -> Iterator[ConnectedWorld]:
    """A new practice organization, connected, the lease taken, with both kinds of token."""
    with practice(home, people=people) as world, ExitStack() as stack:
        client = AccountClient(world, stack)
        service = client.service()
        (unit,) = service.organizational_units(Cancel())
        account = client.connected(service, unit.id)
        lease_of(service, unit.id, account.id, client.installation)(take_over=True)
        made = service.create_provisioning_token(
            unit.id, account.id, label="foreign", cancel=Cancel()
        )
        trust_root = client.profile.trust_root
        assert trust_root is not None
        yield ConnectedWorld(
            api=client.profile.service.api,
            trust_root=trust_root,
            ou=unit.id,
            account=account.id,
            installation=client.installation,
            person_token=client.last_token,
            token=made.secret,
        )


def accounts_at_the_service(world: World) -> dict[str, dict[str, Any]]:
    """Every account by its id, as the service itself tells on the control page."""
    return {one["id"]: one for one in world.lines("accounts")}


def account_fault(world: World, **fault: object) -> None:
    """Set a fault at the account service; its parts are those of the practice control page."""
    world.tell("faults", [{"stand_in": "account", **fault}])


def lease_of(
    service: EnterpriseConnect, ou: str, account: str, installation: str
) -> Callable[..., object]:
    """Take the lease for an installation; keyword `take_over` as in `hold_lease`."""

    def take(*, take_over: bool = False) -> object:
        return service.hold_lease(
            ou,
            account,
            installation_id=installation,
            host=f"host-{installation}",
            person=OWNER,
            take_over=take_over,
            cancel=Cancel(),
        )

    return take
