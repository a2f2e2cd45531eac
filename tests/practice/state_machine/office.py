"""One installation of the product: its database, its runs, its crashes, as `services` has them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from tests.practice.state_machine.organization import (
    ADMIN,
    CONNECTION,
    GOOGLE_HOST,
    GOOGLE_TOKENS,
    GRANTED,
    HERE,
    OWNER,
    PERSON_TOKEN,
    SYNC_TOKEN,
    UNIT,
    Organization,
)
from tests.practice.state_machine.truth import CUSTOMER
from tests.practice.state_machine.wire import Ahead, Killed, VirtualClock
from wizard.accounts.base import Role
from wizard.accounts.calls import Calls
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import HeldKind, PlanKind, RunReport, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.net.api import Api, plain_refusal
from wizard.net.bearer import Bearer, FixedBearer
from wizard.net.proxies import ProxyMode, ProxySettings
from wizard.net.sessions import Net, NetSettings
from wizard.providers.google.reader import GoogleReader, directory_api, directory_budget
from wizard.services.kept_settings import SettingsRead, read_settings
from wizard.store.database import Database
from wizard.store.statements import Writing
from wizard.sync import cycle
from wizard.sync.approval import approve
from wizard.sync.match import distrust_links
from wizard.sync.parts import PlanSummary, SyncParts
from wizard.sync.plan_view import plan_rows
from wizard.sync.snapshot import pin_connection
from wizard.sync.undo import undo

T = TypeVar("T")
_SERVICE = "https://127.0.0.1:4431"
_EVERYBODY = 10_000


class Mortal(Database):
    """A database whose process may die, or whose disk may be full, at any transaction.

    `doom` is how many transactions are still let through, and where the next one meets its end:
    'begin', 'middle' (all was done and nothing kept), 'end' (kept, and nobody lives to know).
    """

    kill: Callable[[], None] = staticmethod(lambda: None)
    doom: tuple[int, str] | None = None
    is_dead: Callable[[], bool] = staticmethod(lambda: False)
    met: Callable[[str], None] = staticmethod(lambda _where: None)

    def _point(self, where: str) -> None:
        if self.is_dead():
            raise Killed
        if self.doom is None:
            return
        left, wanted = self.doom
        if where == "begin":
            self.doom = (left - 1, wanted)
        if left - (where == "begin") >= 0 or wanted not in {where, f"full {where}"}:
            return
        self.doom = None
        self.met(wanted)
        if wanted.startswith("full"):
            raise Trouble(Code.DISK_FULL, folder=str(self.path.parent))
        self.kill()
        raise Killed

    @contextmanager
    def transaction(
        self, *, durable: bool = True, cancel: Cancel | None = None
    ) -> Iterator[Writing]:
        self._point("begin")
        with super().transaction(durable=durable, cancel=cancel) as writing:
            yield writing
            self._point("middle")
        self._point("end")


class _Either:
    """A bearer that has another token when one is refused."""

    def __init__(self) -> None:
        self._now = 0

    def token(self, cancel: Cancel) -> str:
        cancel.check()
        return GOOGLE_TOKENS[self._now]

    def rejected(self, token: str) -> None:
        if token == GOOGLE_TOKENS[self._now]:
            self._now = 1 - self._now


class Lines:
    """The product's network, whose sessions outlive the examples: making one costs more than a run.

    It is what `EnterpriseConnect` opens its calls with.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.net = Net(NetSettings(proxy=ProxySettings(mode=ProxyMode.NONE)), clock=clock)
        self._clock = clock
        self._open: dict[tuple[object, ...], Api] = {}
        self.google = directory_api(
            self.net, f"https://{GOOGLE_HOST}", _Either(), directory_budget(clock)
        )

    def api(
        self,
        origin: str,
        *,
        bearer: Bearer | None = None,
        read_only: bool = False,
        refusal: Callable[[Answer], Trouble] = plain_refusal,
    ) -> Calls:
        token = bearer.token(Cancel()) if bearer is not None else ""
        key = (origin, token, read_only, refusal)
        if key not in self._open:
            self._open[key] = self.net.api(
                origin, bearer=bearer, read_only=read_only, refusal=refusal
            )
        return self._open[key]

    def close(self) -> None:
        self.net.close()


@dataclass(kw_only=True)
class Office:
    """What `services` keeps and puts together, without its window and without its vault."""

    organization: Organization
    lines: Lines
    folder: Path
    installation: str = HERE
    granted: frozenset[str] = frozenset(GRANTED)
    cancel: Cancel = field(default_factory=Cancel)
    read: SettingsRead | None = None

    def __post_init__(self) -> None:
        self.clock = Ahead(self.organization.clock)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.database = self._opened()
        self.sit_down()
        self._start()

    def sit_down(self) -> None:
        """This is the computer that is killed from now on."""
        self.organization.wire.kill = self._die

    def _start(self) -> None:
        """What a program has in memory when it starts."""
        self.person = EnterpriseConnect(
            self.lines, _SERVICE, bearer=FixedBearer(PERSON_TOKEN), clock=self.clock
        )
        self.service = self.person.as_sync(SYNC_TOKEN)

    def close(self) -> None:
        self.database.close()

    # ------------------------------------------------------------ the database and its end

    def _opened(self) -> Mortal:
        database = Mortal.open(self.folder / "sync.db", self.clock)
        assert isinstance(database, Mortal)
        wire = self.organization.wire
        database.kill = self._die
        database.is_dead = lambda: wire.dead
        database.met = self._met
        pin_connection(
            database,
            provider=ProviderId.GOOGLE,
            customer_id=CUSTOMER,
            ou_id=UNIT,
            account_id=CONNECTION,
        )
        return database

    def _met(self, where: str) -> None:
        full = where.startswith("full")
        self.organization.wire.struck[
            "disk full" if full else f"killed at a transaction's {where}"
        ] += 1

    def _die(self) -> None:
        """Keep the files as a killed process leaves them; whatever it writes now counts no more."""
        aside = self.folder / "as-killed"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for part in self.folder.glob("sync.db*"):
            shutil.copy(part, aside / part.name)
        self.organization.wire.dead = True

    def rise(self) -> None:
        """Start again with what the killed process left on the disk."""
        self.database.close()
        for part in self.folder.glob("sync.db*"):
            part.unlink()
        for part in (self.folder / "as-killed").iterdir():
            # The index of the log is in shared memory; the next process makes it anew.
            if not part.name.endswith("-shm"):
                shutil.copy(part, self.folder / part.name)
        self.organization.wire.dead = False
        self._start()
        self.database = self._opened()

    def lose_database(self, *, damaged: bool) -> None:
        """The file is gone, or something else wrote into it."""
        self.database.close()
        path = self.folder / "sync.db"
        if damaged:
            with path.open("r+b") as file:
                file.seek(20)
                file.write(b"no database any more" * 40)
        else:
            for part in self.folder.glob("sync.db*"):
                part.unlink()
        self.database = self._opened()
        assert (self.database.set_aside is not None) == damaged

    # ------------------------------------------------------------ runs

    def run(self, *, take_over: bool = False) -> RunReport:
        """A run by the schedule; raises `Trouble` for what came before it."""
        read = self._settings()
        if take_over:
            distrust_links(self.database)
        if read.settings.enabled:
            self._lease(take_over=take_over)
        return cycle.run(
            self._parts(read, read_only=False),
            read.settings,
            Trigger.SCHEDULE,
            self.cancel,
            lambda _progress: None,
        )

    def preview(self) -> PlanSummary:
        """A preview of what is saved."""
        read = self._settings()
        return cycle.preview(
            self._parts(read, read_only=True), read.settings, self.cancel, lambda _: None
        )

    def take_back(self, run_id: str) -> RunReport:
        """Undo one run."""
        read = self._settings()
        self._lease(take_over=False)
        return undo(
            self._parts(read, read_only=False),
            read.settings,
            run_id,
            self.cancel,
            lambda _progress: None,
        )

    def approve(self, run_id: str, kind: HeldKind, typed: int) -> None:
        """A person types a number."""
        approve(
            self.database, run_id=run_id, kind=kind, typed=typed, person=OWNER, clock=self.clock
        )

    def _settings(self) -> SettingsRead:
        read = read_settings(
            self.service, self.database, ou=UNIT, account=CONNECTION, cancel=self.cancel
        )
        self.read = self.read or read
        return read

    def _lease(self, *, take_over: bool) -> None:
        try:
            self.service.hold_lease(
                UNIT,
                CONNECTION,
                installation_id=self.installation,
                host=self.installation,
                person=OWNER,
                take_over=take_over,
                cancel=self.cancel,
            )
        except Trouble as trouble:
            if trouble.code is Code.NOT_THE_SYNCER:
                distrust_links(self.database)
            raise

    def _parts(self, read: SettingsRead, *, read_only: bool) -> SyncParts:
        def ask_again() -> None:
            self._lease(take_over=False)
            now = self._settings()
            if not now.settings.enabled:
                raise Trouble(Code.PROVISIONING_OFF)
            if read.live and not now.live:
                raise Trouble(Code.SETTINGS_UNREADABLE)
            if replace(now.settings, version=0) != replace(read.settings, version=0):
                raise Trouble(Code.RUN_INTERRUPTED, problem="settings-changed")

        return SyncParts(
            database=self.database,
            reader=GoogleReader(
                self.lines.google,
                address=ADMIN,
                granted=self.granted,
                requests_so_far=lambda: len(self.organization.wire.seen),
            ),
            accounts=self.service.users(
                UNIT,
                CONNECTION,
                token=SYNC_TOKEN,
                installation_id=self.installation,
                read_only=read_only,
            ),
            members=list(self.person.members(UNIT, self.cancel, role=Role.OWNER)),
            ou_id=UNIT,
            account_id=CONNECTION,
            provider=ProviderId.GOOGLE,
            customer_id=CUSTOMER,
            signed_in_address=OWNER,
            authorized_by=ADMIN,
            installation_id=self.installation,
            clock=self.clock,
            settings_live=read.live,
            settings_read_at=read.read_at,
            still_allowed=ask_again,
            tell_service=self._tell,
        )

    def _tell(self, report: RunReport) -> bool:
        try:
            self.service.report_run(UNIT, CONNECTION, report, Cancel())
        except Trouble:
            return False
        return True

    # ------------------------------------------------------------ what is written down

    def rows(self, run_id: str, kinds: frozenset[PlanKind], *, held: bool) -> Sequence[str]:
        """Whom a stored plan names, as a window lists them."""
        found, _ = plan_rows(
            self.database, run_id, kinds=kinds, search="", offset=0, limit=_EVERYBODY, held=held
        )
        return [row.user_id for row in found]

    def plan(self, run_id: str) -> dict[str, tuple[str, str, str]]:
        """What a stored plan says of everybody."""
        found, _ = plan_rows(
            self.database, run_id, kinds=frozenset(), search="", offset=0, limit=_EVERYBODY
        )
        return {row.user_id: (row.kind.value, row.address, row.name) for row in found}

    def value(self, question: str) -> int:
        """A number from the database."""
        with self.database.read() as reading:
            return reading.value(int, question)

    def known(self, people: set[str]) -> int:
        """How many of these the last good read told of."""
        with self.database.read() as reading:
            return len(people & set(reading.values(str, "SELECT id FROM snap_user")))

    def linked(self) -> set[str]:
        """Whom this installation believes to have an active account."""
        with self.database.read() as reading:
            return set(reading.values(str, "SELECT user_id FROM link WHERE active"))
