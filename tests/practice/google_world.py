"""The product's Google client, pointed at a practice organization."""

from __future__ import annotations

from contextlib import ExitStack

from tests.practice.visitor import ADMIN, World
from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow, Waiting
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import ProviderId
from wizard.net.bearer import Bearer, FixedBearer
from wizard.net.sessions import Net, NetSettings
from wizard.profile.load import load_file
from wizard.profile.model import Trust
from wizard.providers.base import DirectoryReader, WorkspaceAccount
from wizard.providers.registry import connector
from wizard.services.scripted_browser import Manners, ScriptedBrowser

PEOPLE = 700
DEPUTY = "deputy.admin@nordby.example"


class Client:
    """One client of that world: its network, its browser, its sign-ins."""

    def __init__(self, world: World, stack: ExitStack) -> None:
        self.world = world
        self.clock = SystemClock()
        self.profile = load_file(world.home / "profile.toml", origin=Trust.GIVEN)
        settings = NetSettings(trust_root=self.profile.trust_root)
        self.net = stack.enter_context(Net(settings, clock=self.clock))
        self.google = connector(ProviderId.GOOGLE, self.net, self.profile, self.clock)
        self.stuck: list[str] = []
        self.waited: list[Waiting] = []

    def sign_in(
        self,
        person: str = ADMIN,
        *,
        untick: frozenset[str] = frozenset(),
        refuse: bool = False,
        seconds: float = 20.0,
        cancel: Cancel | None = None,
    ) -> WorkspaceAccount:
        cancel = cancel or Cancel()

        def stuck(sentence: str) -> None:
            self.stuck.append(sentence)
            cancel.stop()

        manners = Manners(person=person, untick=untick, refuse=refuse)
        browser = ScriptedBrowser(manners, stuck=stuck)
        opener = BrowserOpener(self.profile.browser_swaps, start=browser.open)
        flow = CodeFlow(opener, announce=self.waited.append, clock=self.clock, seconds=seconds)
        try:
            return self.google.sign_in(flow, cancel)
        finally:
            browser.close()

    def reader(self, account: WorkspaceAccount, bearer: Bearer | None = None) -> DirectoryReader:
        return self.google.reader(
            bearer or FixedBearer(account.tokens.access_token),
            address=account.address,
            granted=account.granted,
        )

    def fault(self, **fault: object) -> None:
        self.world.tell("faults", [{"stand_in": "google", **fault}])
