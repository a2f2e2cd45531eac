"""Whole cycles: the practice organization's directory kept in step at a server of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.interop.scim_servers import SECRET, scim_server
from tests.practice.account_world import CUSTOMER
from tests.practice.google_world import Client
from tests.practice.visitor import ADMIN, World, practice
from wizard.accounts.base import Account
from wizard.accounts.scim import ScimService
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import ProviderId
from wizard.core.runs import RunOutcome, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.net.bearer import FixedBearer
from wizard.net.sessions import Net, NetSettings
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database
from wizard.sync.cycle import preview, run
from wizard.sync.parts import PlanSummary, SyncParts

PEOPLE = 120


@dataclass(kw_only=True)
class Foreign:
    """A directory of ours, a SCIM service of others, and a sync between them."""

    world: World
    reader: DirectoryReader
    writing: ScimUsers
    looking: ScimUsers
    folder: Path
    database: Database
    settings: ProvisioningSettings = field(
        default_factory=lambda: ProvisioningSettings(enabled=True, grace_days=0)
    )

    def _parts(self, accounts: ScimUsers) -> SyncParts:
        return SyncParts(
            database=self.database,
            reader=self.reader,
            accounts=accounts,
            members=[],
            ou_id="foreign",
            account_id="foreign",
            provider=ProviderId.GOOGLE,
            customer_id=CUSTOMER,
            signed_in_address=ADMIN,
            authorized_by=ADMIN,
            installation_id="foreign",
            clock=SystemClock(),
        )

    def preview(self) -> PlanSummary:
        return preview(self._parts(self.looking), self.settings, Cancel(), lambda _: None)

    def run(self) -> RunReport:
        return run(
            self._parts(self.writing), self.settings, Trigger.COMMAND, Cancel(), lambda _: None
        )

    def accounts(self) -> dict[str, Account]:
        return {one.external_id: one for page in self.looking.accounts(Cancel()) for one in page}

    def is_exact(self) -> None:
        expected = {f"google:{CUSTOMER}:{one['id']}" for one in self.world.lines("expected")}
        assert {key for key, one in self.accounts().items() if one.active} == expected

    def lose_the_database(self) -> None:
        self.database.close()
        for file in self.folder.glob("sync.db*"):
            file.unlink()
        self.database = Database.open(self.folder / "sync.db", SystemClock())


@pytest.fixture(params=[True, False], ids=["with bulk", "without bulk"])
def foreign(
    request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]
) -> Iterator[Foreign]:
    with ExitStack() as stack:
        world = stack.enter_context(practice(tmp_path / "practice", people=PEOPLE))
        base = stack.enter_context(scim_server(tmp_path, free_port(), bulk=bool(request.param)))
        net = stack.enter_context(Net(NetSettings()))
        service = ScimService(net, base, bearer=FixedBearer(SECRET))
        google = Client(world, stack)

        def users(*, read_only: bool) -> ScimUsers:
            return service.users("", "", token=SECRET, installation_id="", read_only=read_only)

        made = Foreign(
            world=world,
            reader=google.reader(google.sign_in()),
            writing=users(read_only=False),
            looking=users(read_only=True),
            folder=tmp_path,
            database=Database.open(tmp_path / "sync.db", SystemClock()),
        )
        yield made
        made.database.close()


def test_a_foreign_service_is_brought_in_step_and_kept_there(foreign: Foreign) -> None:
    shown = foreign.preview()
    assert foreign.accounts() == {}
    first = foreign.run()
    assert (first.outcome, first.done.create) == (RunOutcome.DONE, shown.counts.create)
    foreign.is_exact()

    before = foreign.accounts()
    assert foreign.run().done.writes == 0
    assert foreign.accounts() == before

    foreign.world.tell("hire")
    assert foreign.run().done == replace(first.done, create=1, unchanged=0)
    foreign.is_exact()
    foreign.world.tell("rename")
    assert foreign.run().done.update == 1
    foreign.is_exact()
    foreign.world.tell("let-go")
    assert foreign.run().done.deactivate == 1
    foreign.is_exact()


def test_a_lost_database_is_rebuilt_from_the_foreign_service(foreign: Foreign) -> None:
    foreign.preview()
    foreign.run()
    before = foreign.accounts()
    foreign.lose_the_database()
    assert foreign.run().done.writes == 0
    assert foreign.accounts() == before
