"""Measures the scope page's questions: `python -m tests.benchmarks.count_scope PEOPLE`.

The directory lies in a snapshot already; nothing is asked of the network. The last line printed
is one JSON object: milliseconds of processor time of each question, the median of five, and MiB
above the program's own memory.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tests.benchmarks.read_directory import peak_mib
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import (
    DirectoryGroup,
    DirectoryUser,
    MemberEdge,
    MemberKind,
    OrgUnit,
    ProviderId,
    UserState,
)
from wizard.core.settings import (
    AddressChoice,
    AddressRule,
    ProvisioningSettings,
    ScopeKind,
    ScopeRule,
)
from wizard.store.database import Database
from wizard.sync.scope_count import count, difference, examples, having
from wizard.sync.scope_view import domains, find_groups, find_people, groups_named, units
from wizard.sync.snapshot import Staging, pin_connection

_UNITS = 400
_GROUPS = 2_000
_TIMES = 5


def people(number: int) -> Iterator[list[DirectoryUser]]:
    """Pages of 500 people in `_UNITS` units, every third with an alias in a second domain."""
    page: list[DirectoryUser] = []
    for one in range(number):
        unit = one % _UNITS
        page.append(
            DirectoryUser(
                id=f"{one:021}",
                address=f"Person{one}@big.example",
                given_name=f"Given{one % 977}",
                family_name=f"Łódź{one % 3001}",
                state=UserState.SUSPENDED if one % 50 == 0 else UserState.ACTIVE,
                unit_path=f"/Part{unit % 20}/Team{unit}",
                aliases=(f"p{one}@post.example",) if one % 3 == 0 else (),
            )
        )
        if len(page) == 500:
            yield page
            page = []
    yield page


def fill(database: Database, number: int) -> None:
    """Put a directory of so many people in place."""
    pin_connection(
        database, provider=ProviderId.GOOGLE, customer_id="C1", ou_id="ou", account_id="oa"
    )
    staging = Staging(database)
    for page in people(number):
        staging.add_users(page)
    parts = [
        OrgUnit(id=f"p{n}", parent_id="root", path=f"/Part{n}", name=f"P{n}") for n in range(20)
    ]
    teams = [
        OrgUnit(id=f"t{n}", parent_id=f"p{n % 20}", path=f"/Part{n % 20}/Team{n}", name=f"T{n}")
        for n in range(_UNITS)
    ]
    staging.add_units([OrgUnit(id="root", parent_id="", path="/", name="Big"), *parts, *teams])
    staging.add_groups(
        [
            DirectoryGroup(id=f"g{n}", address=f"g{n}@big.example", name=f"G{n}")
            for n in range(_GROUPS)
        ]
    )
    for group in range(_GROUPS):
        edges = [
            MemberEdge(group_id=f"g{group}", member_id=f"{one:021}", kind=MemberKind.USER)
            for one in range(group, number, _GROUPS)
        ]
        inner = MemberEdge(
            group_id=f"g{group}", member_id=f"g{(group + 1) % 50}", kind=MemberKind.GROUP
        )
        staging.add_members([*edges, inner])
    staging.add_walked([f"g{n}" for n in range(_GROUPS)])
    staging.finish(Cancel())
    staging.publish(rights=frozenset({"r"}), domains=frozenset({"big.example"}), groups_listed=True)


def measure(number: int, folder: Path) -> dict[str, float]:
    """The median milliseconds of processor time of each question."""
    before = peak_mib()
    primary = AddressRule()
    alias = AddressRule(choice=AddressChoice.IN_DOMAIN, domain="post.example")
    everyone = ScopeRule()
    some = ScopeRule(
        kind=ScopeKind.RULES, unit_ids=("root",), exclude_unit_ids=("p3", "t44"),
        exclude_user_ids=(f"{7:021}",),
    )  # fmt: skip
    grouped = ScopeRule(kind=ScopeKind.RULES, group_ids=tuple(f"g{n}" for n in range(60)))
    saved = ProvisioningSettings(scope=grouped)
    with closing(Database.open(folder / "bench.db", SystemClock())) as database:
        fill(database, number)
        with database.read() as reading:
            questions: dict[str, Callable[[], object]] = {
                "count_everyone": lambda: count(reading, everyone, primary),
                "count_units": lambda: count(reading, some, primary),
                "count_groups": lambda: count(reading, grouped, primary),
                "count_alias": lambda: count(reading, some, alias),
                "difference": lambda: difference(reading, some, primary, saved, most=5),
                "having_alias": lambda: having(reading, some, alias),
                "examples_alias": lambda: examples(reading, some, alias, most=3),
                "units": lambda: units(reading),
                "domains": lambda: domains(reading),
                "find_people_few": lambda: find_people(reading, "given97 lodz 30", 200),
                "find_people_many": lambda: find_people(reading, "p", 200),
                "find_groups": lambda: find_groups(reading, "g19", 200),
                "groups_named": lambda: groups_named(reading, grouped.group_ids),
            }
            found = {name: _median(question) for name, question in questions.items()}
    return {"people": number, **found, "mib_above_base": round(peak_mib() - before, 1)}


def _median(question: Callable[[], object]) -> float:
    taken = []
    for _ in range(_TIMES):
        started = time.process_time()
        question()
        taken.append(time.process_time() - started)
    return round(statistics.median(taken) * 1000, 1)


def main() -> int:
    """Measure with so many people, 100,000 unless told."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(measure(number, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
