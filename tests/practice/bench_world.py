"""A person's computer with the whole client on it, against the practice organization."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.practice.visitor import ADMIN, World
from wizard.accounts.base import Account
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.runs import RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.services.contract import AuthorizedView, FindingView, PreviewView
from wizard.services.environment import Options, open_workbench
from wizard.services.scripted_browser import Manners, ScriptedBrowser
from wizard.services.workbench import LocalWorkbench

DOMAIN = "nordby.example"
PASSWORD = "long enough for practice"


class BriskClock(SystemClock):
    """The real clock, on which nobody waits for long; `ahead` is how far it is put forward."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.wait(min(seconds, 0.01))


class Computer:
    """One installation; `person` signs in at the account service, `admin` at Google."""

    def __init__(
        self, world: World, home: Path, *, person: str, passphrase: Path | None = None
    ) -> None:
        self.world = world
        self.home = home
        self.person = Manners(person=person, password=PASSWORD, name="Nora Lie")
        self.admin = Manners(person=ADMIN)
        self.cancel = Cancel()
        self.clock = BriskClock()
        self.stuck: list[str] = []
        self.browser = ScriptedBrowser(self.person, stuck=self._gave_up)
        self.heard: list[object] = []
        self._passphrase = passphrase
        self.bench: LocalWorkbench = self._open()

    def _open(self) -> LocalWorkbench:
        options = Options(
            profile=str(self.world.home / "profile.toml"),
            home=self.home,
            passphrase_file=self._passphrase,
            forget=self._passphrase is None,
        )
        return open_workbench(options, browser=self.browser.open, clock=self.clock)

    def _gave_up(self, reason: str) -> None:
        self.stuck.append(reason)
        self.cancel.stop()

    def restart(self) -> None:
        """Close the program and start it again."""
        self.close()
        self.cancel = Cancel()
        self.bench = self._open()

    def close(self) -> None:
        self.bench.close()
        self.browser.close()

    # ------------------------------------------------------------ the steps

    def sign_up(self, unit: str) -> None:
        """A new person with a unit of their own."""
        self.browser.manners = self.person
        self.bench.sign_in(self.heard.append, self.cancel, create=True)
        if not self.bench.answers.ou_id:
            self.bench.create_unit(unit, self.cancel)

    def sign_in(self) -> None:
        self.browser.manners = self.person
        self.bench.sign_in(self.heard.append, self.cancel, create=False)

    def authorize(self, **changed: object) -> AuthorizedView:
        self.browser.manners = replace(self.admin, **changed)  # type: ignore[arg-type] # the fields of Manners
        view = self.bench.authorize(self.heard.append, self.cancel)
        if view.needs_confirmation:
            # People of other domains set it up for the directory of nordby.example.
            assert view.domain == DOMAIN
            view = self.bench.connect_anyway(self.heard.append, self.cancel)
        return view

    def preview(self) -> PreviewView:
        settings = replace(self.settings(), enabled=True)
        return self.bench.preview(settings, self.heard.append, self.cancel)

    def settings(self) -> ProvisioningSettings:
        return self.bench.settings(self.cancel).settings

    def save(self, change: Callable[[ProvisioningSettings], ProvisioningSettings]) -> None:
        self.bench.save_settings(change(self.settings()), self.cancel)

    def set_up(self, unit: str) -> None:
        """Everything up to the first sync; leavers leave at once."""
        self.sign_up(unit)
        assert self.authorize().connection is not None
        self.preview()
        self.save(lambda settings: replace(settings, enabled=True, grace_days=0))

    def run(self, *, take_over: bool = False) -> RunReport:
        return self.bench.run(Trigger.COMMAND, self.cancel, self.heard.append, take_over=take_over)

    # ------------------------------------------------------------ what came of it

    def accounts(self) -> list[Account]:
        """Every account of the unit, by the service's own list."""
        engine, answers = self.bench.engine, self.bench.answers
        users = engine.access.users(answers, self.cancel, read_only=True)
        return [account for page in users.accounts(self.cancel) for account in page]

    def holders(self) -> dict[str, str]:
        """Directory ids of those with an active account, to their address; nobody twice."""
        prefix = f"google:{self.bench.answers.customer_id}:"
        active = [account for account in self.accounts() if account.active]
        found = {
            account.external_id.removeprefix(prefix): account.address
            for account in active
            if account.external_id.startswith(prefix)
        }
        assert len(found) == sum(account.external_id.startswith(prefix) for account in active)
        return found

    def expected(self) -> set[str]:
        return {str(line["id"]) for line in self.world.lines("expected")}

    def findings(self) -> list[FindingView]:
        return [event for event in self.heard if isinstance(event, FindingView)]


@contextmanager
def computer(world: World, home: Path, *, person: str, kept: bool = False) -> Iterator[Computer]:
    """A computer for the time of a block; `kept` sign-ins survive a restart of the program."""
    passphrase = None
    if kept:
        home.mkdir(parents=True, exist_ok=True)
        passphrase = home / "passphrase"
        passphrase.write_text("correct horse battery staple\n")
        passphrase.chmod(0o600)
    one = Computer(world, home, person=person, passphrase=passphrase)
    try:
        yield one
    finally:
        one.close()
