"""A sync between the practice organization's two ends, put together as `services` would do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.practice.account_world import (
    CUSTOMER,
    AccountClient,
    accounts_at_the_service,
    lease_of,
)
from tests.practice.google_world import Client
from tests.practice.visitor import ADMIN, OWNER, World, practice
from wizard.accounts.base import Member
from wizard.accounts.scim_client import ScimUsers
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import ProviderId
from wizard.core.runs import RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.providers.base import DirectoryReader
from wizard.store.database import Database
from wizard.sync.cycle import preview, run
from wizard.sync.parts import PlanSummary, SyncParts


def expected_ids(world: World) -> set[str]:
    """Everybody in scope, by the practice organization's own list."""
    return {one["id"] for one in world.lines("expected")}


@dataclass(kw_only=True)
class Connected:
    """One installation with both ends connected: what `services` puts together."""

    world: World
    stack: ExitStack
    folder: Path
    client: AccountClient
    reader: DirectoryReader
    writing: ScimUsers
    looking: ScimUsers
    members: list[Member]
    ou: str
    account: str
    database: Database
    settings: ProvisioningSettings = field(
        default_factory=lambda: ProvisioningSettings(enabled=True, grace_days=0)
    )

    def parts(self, accounts: ScimUsers) -> SyncParts:
        return SyncParts(
            database=self.database,
            reader=self.reader,
            accounts=accounts,
            members=self.members,
            ou_id=self.ou,
            account_id=self.account,
            provider=ProviderId.GOOGLE,
            customer_id=CUSTOMER,
            signed_in_address=OWNER,
            authorized_by=ADMIN,
            installation_id=self.client.installation,
            clock=SystemClock(),
        )

    def preview(self) -> PlanSummary:
        return preview(self.parts(self.looking), self.settings, Cancel(), lambda _: None)

    def run(self) -> RunReport:
        return run(
            self.parts(self.writing), self.settings, Trigger.COMMAND, Cancel(), lambda _: None
        )

    def forget_everything(self) -> None:
        """As on a computer whose database was lost."""
        self.database.close()
        for file in self.folder.glob("sync.db*"):
            file.unlink()
        self.database = Database.open(self.folder / "sync.db", SystemClock())

    def is_exact(self) -> None:
        """Everyone in scope has exactly one account, asked of the service itself."""
        expected = {f"google:{CUSTOMER}:{one}" for one in expected_ids(self.world)}
        held = [
            one["externalId"]
            for one in accounts_at_the_service(self.world).values()
            if one["active"] and one.get("externalId")
        ]
        assert sorted(held) == sorted(expected)


@contextmanager
def connected_ends(folder: Path, people: int) -> Iterator[Connected]:
    """A new practice organization with so many people, both ends connected, the lease taken."""
    with practice(folder / "practice", people=people) as world, ExitStack() as stack:
        client = AccountClient(world, stack)
        service = client.service()
        (unit,) = service.organizational_units(Cancel())
        account = client.connected(service, unit.id)
        lease_of(service, unit.id, account.id, client.installation)(take_over=True)
        google = Client(world, stack)
        made = Connected(
            world=world,
            stack=stack,
            folder=folder,
            client=client,
            reader=google.reader(google.sign_in()),
            writing=client.users(service, unit.id, account.id),
            looking=client.users(service, unit.id, account.id, read_only=True),
            members=list(service.members(unit.id, Cancel())),
            ou=unit.id,
            account=account.id,
            database=Database.open(folder / "sync.db", SystemClock()),
        )
        yield made
        made.database.close()
