"""The practice organization in a process of its own, and the way to it for tests of the client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.auth.browser import BrowserOpener
from wizard.auth.code_flow import CodeFlow, Waiting
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import ProviderId
from wizard.net.bearer import Bearer, FixedBearer
from wizard.net.sessions import Net, NetSettings
from wizard.profile.load import load_file
from wizard.profile.model import Profile, Trust
from wizard.providers.base import DirectoryReader, WorkspaceAccount
from wizard.providers.registry import connector
from wizard.services.scripted_browser import Manners, ScriptedBrowser

ROOT = Path(__file__).resolve().parents[2]
ADMIN = "tomasz.wilk@nordby.example"
ORDINARY = "kari.nilsen@nordby.example"
DEPUTY = "deputy.admin@nordby.example"
OTHER_ADMIN = "ada.berg@fjordline.example"
PEOPLE = 700
_SERVE = """
import sys
from pathlib import Path
from wizard.practice.serve import PracticeOptions, serve
home = Path(sys.argv[1])
options = PracticeOptions(
    home=home, people=int(sys.argv[2]), ready_file=home / "ready.json", parent_pid=int(sys.argv[3])
)
sys.exit(serve(options, announce=print))
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """A running practice organization and its profile."""

    profile: Profile
    control: str

    def post(self, what: str, **body: object) -> Any:  # noqa: ANN401 - whatever the control page answers
        return self._ask(what, json.dumps(body).encode())

    def fault(self, **fault: object) -> None:
        self._ask("faults", json.dumps([{"stand_in": "google", **fault}]).encode())

    def expected(self) -> set[str]:
        with urllib.request.urlopen(f"{self.control}expected", timeout=30) as answer:
            return {json.loads(line)["id"] for line in answer}

    def counts(self) -> Any:  # noqa: ANN401 - same
        return self._ask("counts", None)["google"]

    def _ask(self, what: str, body: bytes | None) -> Any:  # noqa: ANN401 - same
        request = urllib.request.Request(
            f"{self.control}{what}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")


@contextmanager
def practice(home: Path, people: int = PEOPLE) -> Iterator[World]:
    """Serve until the block ends."""
    command = [sys.executable, "-c", _SERVE, str(home), str(people), str(os.getpid())]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        ready = home / "ready.json"
        until = time.monotonic() + 60
        while not ready.exists():
            assert server.poll() is None, "the practice organization ended"
            assert time.monotonic() < until, "the practice organization did not get ready"
            time.sleep(0.05)
        told = json.loads(ready.read_text())
        profile = load_file(Path(told["profile"]), origin=Trust.GIVEN)
        control = told["control"]
        yield World(profile=profile, control=control if control.endswith("/") else f"{control}/")
    finally:
        server.terminate()
        server.wait(30)


class Client:
    """One client of that world: its network, its browser, its sign-ins."""

    def __init__(self, world: World, stack: ExitStack) -> None:
        self.world = world
        self.clock = SystemClock()
        settings = NetSettings(trust_root=world.profile.trust_root)
        self.net = stack.enter_context(Net(settings, clock=self.clock))
        self.google = connector(ProviderId.GOOGLE, self.net, world.profile, self.clock)
        self.stuck: list[str] = []
        self.waited: list[Waiting] = []
        self.stack = stack

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
        opener = BrowserOpener(self.world.profile.browser_swaps, start=browser.open)
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
