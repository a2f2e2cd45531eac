"""One computer and its organization, for cell after cell: changed, synced, looked at."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from tests.practice.bench_world import BriskClock, Computer
from tests.practice.fault_matrix.here import Troubled
from tests.practice.fault_matrix.line import Line
from tests.practice.visitor import World, practice
from wizard.core.cancel import Cancel
from wizard.core.runs import RunReport, Trigger
from wizard.core.settings import ScopeKind, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.services.exits import Exit, exit_of_report, exit_of_trouble
from wizard.store.database import Database
from wizard.sync.match import distrust_links

__all__ = ["Account", "Changes", "Ground", "Ran", "ground"]

PEOPLE = 44
PATIENCE = 40.0
"""Seconds after which a run counts as one that never ends."""
_GROUPS = ("All staff", "Operations")
_STORY = 10
"""The first few people of the sample are administrators and others with a story."""

_A_DAY_EARLIER = """
UPDATE journal SET sent_at = strftime('%Y-%m-%dT%H:%M:%fZ', sent_at, '-25 hours'),
    answered_at = strftime('%Y-%m-%dT%H:%M:%fZ', answered_at, '-25 hours')
"""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as the service has it; `person` is '' where no directory gave it."""

    id: str
    person: str
    address: str
    name: str
    active: bool
    role: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed in the directory before a run: ids of people."""

    hired: tuple[str, ...]
    renamed: tuple[str, ...]
    left: tuple[str, ...]
    back: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a run ended for whoever started it; `report` is None where it could not begin."""

    report: RunReport | None
    code: Code | None
    facts: Mapping[str, object]
    exit: Exit
    seconds: float
    endless: bool

    @property
    def outcome(self) -> str:
        return self.report.outcome.value if self.report is not None else "could not begin"


@dataclass(frozen=True, kw_only=True)
class _State:
    kind: str
    state: str
    many: int


class PatientClock(BriskClock):
    """Waits hardly at all, and remembers how long it was asked to wait."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        self.asked.append(seconds)
        super().sleep(seconds, cancel)


class Desk(Computer):
    """A computer whose clock is kept through restarts, and whose runs are listened to."""

    patient: PatientClock | None = None

    def sync(self, listen: Callable[[object], None], *, take_over: bool) -> RunReport:
        """One run, as the command line does it."""
        return self.bench.run(Trigger.COMMAND, self.cancel, listen, take_over=take_over)

    def _open(self) -> object:  # type: ignore[override] # the same, on this clock
        if self.patient is None:
            self.patient = PatientClock()
        self.clock = self.patient
        return super()._open()


@dataclass(kw_only=True)
class Ground:
    """What a cell plays on."""

    world: World
    desk: Desk
    line: Line
    troubled: Troubled
    unit: str
    connection: str
    groups: tuple[str, ...]
    families: dict[str, str] = field(default_factory=dict)
    away: list[str] = field(default_factory=list)
    number: int = 0

    # ------------------------------------------------------------ what is there

    @property
    def database(self) -> Database:
        bench = self.desk.bench
        return bench.engine.syncing.database(bench.answers)

    def accounts(self) -> dict[str, Account]:
        """Every account of this unit, asked of the service itself."""
        found = {}
        for line in self.world.lines("accounts"):
            if line["organizational_unit_id"] != self.unit:
                continue
            key = str(line["externalId"] or "")
            found[str(line["id"])] = Account(
                id=str(line["id"]),
                person=key.rpartition(":")[2],
                address=str(line["userName"]),
                name=str(line["name"]),
                active=bool(line["active"]),
                role=str(line["role"]),
                version=int(line["version"]),
            )
        return found

    def expected(self) -> dict[str, str]:
        """Who must have an account, with the address, by the directory's own list."""
        return {str(line["id"]): str(line["address"]) for line in self.world.lines("expected")}

    def told(self) -> dict[str, dict[str, object]]:
        """The runs that the service was told of, by their ids."""
        with closing(sqlite3.connect(self.world.home / "account.sqlite", timeout=10)) as rows:
            found = rows.execute(
                "SELECT id, body FROM runs WHERE connection = ?", (self.connection,)
            ).fetchall()
        return {str(run): json.loads(body) for run, body in found}

    def journal(self, run_id: str) -> dict[str, dict[str, int]]:
        """How many operations of a run are in which state, by kind."""
        counted: dict[str, dict[str, int]] = {}
        with self.database.read() as reading:
            for one in reading.all(
                _State,
                "SELECT kind, state, count(*) AS many FROM journal WHERE run_id = ?"
                " GROUP BY kind, state",
                (run_id,),
            ):
                counted.setdefault(one.kind, {})[one.state] = one.many
        return counted

    def held(self, run_id: str) -> int:
        """How many writes of a run were held."""
        with self.database.read() as reading:
            return reading.value(
                int,
                "SELECT count(*) FROM plan_item WHERE run_id = ? AND held AND kind IN"
                " ('create', 'adopt', 'update', 'deactivate', 'reactivate')",
                (run_id,),
            )

    def proven(self, run_id: str) -> set[str]:
        """For whom a run had evidence that they left."""
        with self.database.read() as reading:
            return set(
                reading.values(
                    str,
                    "SELECT user_id FROM evidence WHERE run_id = ? AND proof <> 'none'",
                    (run_id,),
                )
            )

    # ------------------------------------------------------------ what happens

    def change(self) -> Changes:
        """Three are hired, five renamed, three let go, two suspended, and two come back."""
        self.number += 1
        tell = self.world.tell
        expected = list(self.expected())
        linked = {one.person for one in self.accounts().values() if one.active}
        plain = [one for one in expected[_STORY:] if one in linked]
        left, asleep, renamed = plain[-3:], plain[-5:-3], plain[-10:-5]
        back, self.away = self.away, list(asleep)
        for person in left:
            tell("let-go", {"who": person})
        for person in asleep:
            tell("suspend", {"who": person, "suspended": True})
        for person in back:
            tell("suspend", {"who": person, "suspended": False})
        for place, person in enumerate(renamed):
            family = f"Lund{self.number}-{place}"
            tell("rename", {"who": person, "family_name": family})
            self.families[person] = family
        hired = tuple(self._hire(place) for place in range(3))
        self.a_day_passes()
        return Changes(hired=hired, renamed=tuple(renamed), left=(*left, *asleep), back=tuple(back))

    def a_day_passes(self) -> None:
        """What was done is a day older: limits hold over a day."""
        with self.database.transaction() as writing:
            writing.execute(_A_DAY_EARLIER)

    def _hire(self, place: int) -> str:
        family = f"Ny{self.number}-{place}"
        hired = self.world.tell("hire", {"given_name": "Nora", "family_name": family})
        person = str(hired["id"])
        self.families[person] = family
        return person

    def make_so(self, needs: frozenset[str]) -> None:
        """What a stage needs to be reached."""
        if "service unknown" in needs:
            self.restart()
        if needs & {"old tokens", "signed in"}:
            self.desk.cancel = Cancel()
            self.desk.sign_in()  # an earlier cell may have ended it
        if "old tokens" in needs:
            self.world.tell("expire-tokens", {"stand_in": "all"})
        if "links doubted" in needs:
            distrust_links(self.database)

    def restart(self) -> None:
        """The program is closed and started again."""
        self.desk.restart()

    def run(self, *, take_over: bool = False, slow: bool = False) -> Ran:
        """One sync, as the command line does it."""
        clock = self.desk.clock
        began, cancel = clock.monotonic(), Cancel()
        self.desk.cancel = cancel
        watchdog = threading.Timer(PATIENCE, cancel.stop)
        watchdog.start()
        report: RunReport | None = None
        code: Code | None = None
        facts: Mapping[str, object] = {}
        try:
            with self.line.watched(slow=slow):
                report = self.desk.sync(self.line.hears, take_over=take_over)
            code, facts = report.trouble, dict(report.trouble_facts)
            ended = exit_of_report(report)
        except Trouble as trouble:
            code, facts, ended = trouble.code, dict(trouble.facts), exit_of_trouble(trouble.code)
        finally:
            watchdog.cancel()
            watchdog.join()
        return Ran(
            report=report, code=code, facts=facts, exit=ended,
            seconds=clock.monotonic() - began, endless=cancel.stopped,
        )  # fmt: skip

    def heal(self) -> None:
        """Nothing is wrong any more, but for what somebody has to put right."""
        self.troubled.is_over()
        self.world.tell("clear-faults")

    def switch_on(self) -> None:
        """Whatever somebody else saved meanwhile, provisioning is on."""
        settings = {"enabled": True, "interval_minutes": 30}
        self.world.tell(
            "settings-as-somebody-else",
            {"settings": settings, "organization_account_id": self.connection},
        )


@contextmanager
def ground(folder: Path, *, disk: Path | None = None) -> Iterator[Ground]:
    """A new organization whose people have their accounts; `disk` holds what the program keeps."""
    with practice(folder / "organization", people=PEOPLE) as world:
        home = (disk or folder) / "computer"
        home.mkdir(parents=True, exist_ok=True)
        passphrase = home / "passphrase"
        passphrase.write_text("correct horse battery staple\n")
        passphrase.chmod(0o600)
        desk = Desk(world, home, person="liv.moe@bench.example", passphrase=passphrase)
        try:
            made = _set_up(world, desk, disk)
            made.change()
            assert made.run().outcome == "done"
            yield made
        finally:
            desk.close()


def _set_up(world: World, desk: Desk, disk: Path | None) -> Ground:
    desk.sign_up("Unit of faults")
    assert desk.authorize().connection is not None
    groups = _group_ids(world)
    scope = ScopeRule(kind=ScopeKind.RULES, group_ids=groups)
    desk.save(lambda settings: replace(settings, grace_days=0, scope=scope))
    desk.preview()
    desk.save(lambda settings: replace(settings, enabled=True))
    assert desk.run().done.create
    answers = desk.bench.answers
    unit, connection = answers.ou_id, answers.organization_account_id
    google = urlsplit(world.google["api"]).netloc
    line = Line(unit=unit, connection=connection, google=google)
    assert desk.patient is not None

    def database() -> Database:
        return desk.bench.engine.syncing.database(desk.bench.answers)

    def writer() -> sqlite3.Connection:
        connection = database()._writer
        assert connection is not None
        return connection

    troubled = Troubled(
        world, desk.patient, database=lambda: database().path, writer=writer, disk=disk
    )
    return Ground(
        world=world, desk=desk, line=line, troubled=troubled, unit=unit, connection=connection,
        groups=groups,
    )  # fmt: skip


def _group_ids(world: World) -> tuple[str, ...]:
    with closing(sqlite3.connect(world.home / "google.sqlite", timeout=10)) as rows:
        found = rows.execute(
            "SELECT id FROM groups WHERE name IN (?, ?) ORDER BY name", _GROUPS
        ).fetchall()
    return tuple(str(one) for (one,) in found)


def now(ground: Ground) -> datetime:
    """What this computer takes for the time."""
    return ground.desk.clock.now()
