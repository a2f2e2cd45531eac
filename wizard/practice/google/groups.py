"""The sample's groups: teams, nested and circular ones, everyone, outsiders, an empty one."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from wizard.practice.google.sample import CUSTOMER, DOMAIN, mix

__all__ = ["make_groups"]


@dataclass(frozen=True, kw_only=True)
class _Group:
    """`units`: whose people are members; `groups`: nested ones; `outside`: other addresses."""

    key: str
    name: str
    about: str = ""
    units: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    everyone: bool = False


_GROUPS = (
    _Group(key="all-staff", name="All staff", about="The whole company", everyone=True),
    _Group(key="sales", name="Sales", units=("sales",), groups=("sales-north", "sales-south")),
    _Group(key="sales-north", name="Sales North", units=("north",)),
    _Group(key="sales-south", name="Sales South", units=("south",)),
    _Group(key="operations", name="Operations", units=("operations",), groups=("terminals",)),
    _Group(key="terminals", name="Terminals", units=("terminals",), groups=("moss", "customs")),
    _Group(key="moss", name="Moss", units=("moss",), groups=("night-shift",)),
    _Group(key="night-shift", name="Night shift", units=("night", "gate")),
    _Group(key="customs", name="Customs", units=("customs",)),
    _Group(key="ring-a", name="Ring A", units=("finance",), groups=("ring-b",)),
    _Group(key="ring-b", name="Ring B", units=("people",), groups=("ring-c",)),
    _Group(key="ring-c", name="Ring C", units=("fleet",), groups=("ring-a",)),
    _Group(key="mirror", name="Mirror", about="A member of itself", groups=("mirror",)),
    _Group(key="partners", name="Partners", outside=("kim@partner.example", "o@else.example")),
    _Group(key="nobody", name="Nobody", about="Empty"),
    _Group(key="oversættelse", name="Oversættelse – 翻訳", units=("office",)),
    _Group(key="recruiters", name="Recruiters", units=("people", "gate"), groups=("nobody",)),
)


def _group_id(seed: int, number: int) -> str:
    return f"0{mix(seed, 8_000_000 + number) % 36**9:014x}"


def make_groups(rows: sqlite3.Connection, *, seed: int, units: dict[str, int]) -> None:
    """Write all groups and their members; `units` maps a unit's key to its number."""
    numbers = {group.key: number for number, group in enumerate(_GROUPS, start=1)}
    for group in _GROUPS:
        number = numbers[group.key]
        # An address has no letters beyond ASCII here, as at Google.
        local = group.key.encode("ascii", "ignore").decode()
        rows.execute(
            "INSERT INTO groups VALUES (?,?,?,?,?,?)",
            (
                number,
                _group_id(seed, number),
                CUSTOMER,
                f"{local}@{DOMAIN}",
                group.name,
                group.about,
            ),
        )
        _add_members(rows, group, number, seed, units, numbers)


def _add_members(
    rows: sqlite3.Connection,
    group: _Group,
    number: int,
    seed: int,
    units: dict[str, int],
    numbers: dict[str, int],
) -> None:
    fixed: list[tuple[str, str, str]] = []
    if group.everyone:
        fixed.append(("CUSTOMER", CUSTOMER, ""))
    for key in group.groups:
        local = key.encode("ascii", "ignore").decode()
        fixed.append(("GROUP", _group_id(seed, numbers[key]), f"{local}@{DOMAIN}"))
    for order, address in enumerate(group.outside):
        kind = "EXTERNAL" if order else "USER"
        stranger = str(115_000_000_000_000_000_000 + mix(seed, order) % 10**15)
        fixed.append((kind, stranger, address))
    rows.executemany(
        "INSERT INTO members VALUES (?,?,?,?,?,'MEMBER')",
        [(number, order, *member) for order, member in enumerate(fixed, start=1)],
    )
    for key in group.units:
        # The first person of a unit owns its group; members are numbered like the people.
        rows.execute(
            "INSERT INTO members SELECT ?1, 1000 + number, 'USER', id, '',"
            " CASE WHEN number = (SELECT min(number) FROM people WHERE unit = ?2 AND deleted = 0)"
            " THEN 'OWNER' WHEN number % 50 = 0 THEN 'MANAGER' ELSE 'MEMBER' END"
            " FROM people WHERE unit = ?2 AND deleted = 0 ORDER BY number",
            (number, units[key]),
        )
