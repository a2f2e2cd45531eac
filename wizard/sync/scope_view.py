"""What the last read offers to a scope, and what a draft of one would mean, in counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wizard.content.search import plain
from wizard.core.addresses import listed_addresses
from wizard.core.directory import UserState
from wizard.core.settings import ScopeRule
from wizard.store.statements import Cell, Reading, Writing

__all__ = [
    "DomainCount",
    "GroupRow",
    "PersonRow",
    "UnitRow",
    "domains",
    "find_groups",
    "find_people",
    "groups_named",
    "people_named",
    "remember_names",
    "units",
    "units_named",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRow:
    """A unit and how many people stand in it alone; `gone`: only its last name is known."""

    id: str
    parent_id: str
    name: str
    path: str
    people: int
    gone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRow:
    """A group; `people` with those of groups inside, None where members are not known."""

    id: str
    name: str
    address: str
    people: int | None = None
    gone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """A person as the directory tells them."""

    id: str
    name: str
    address: str
    state: UserState
    unit_path: str
    gone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainCount:
    """A domain, with how many primary and how many addresses at all."""

    name: str
    people: int
    addresses: int
    verified: bool


_UNITS = """
SELECT u.id, u.parent_id, u.name, u.path, coalesce(p.people, 0) AS people
FROM snap_unit u LEFT JOIN (
    SELECT unit_path, count(*) AS people FROM snap_user GROUP BY unit_path
) p ON p.unit_path = u.path
ORDER BY u.path <> '/', fold(u.name), u.path
"""


def units(reading: Reading) -> list[UnitRow]:
    """Every unit, the root first, the others by name, with who stands in each alone."""
    return reading.all(UnitRow, _UNITS)


# Each person once a domain, however many addresses they have there.
_DOMAINS = """
SELECT name, sum(main) AS people, count(*) AS addresses,
    (SELECT EXISTS (SELECT 1 FROM connection c
        WHERE ' ' || c.domains || ' ' LIKE '% ' || name || ' %')) AS verified
FROM (
    SELECT name, id, max(main) AS main FROM (
        SELECT id, substr(address_key, instr(address_key, '@') + 1) AS name, 1 AS main
            FROM snap_user WHERE instr(address_key, '@') > 1
        UNION ALL
        SELECT u.id, fold(substr(a.value, instr(a.value, '@') + 1)), 0
            FROM snap_user u,
                json_each('[' || replace(json_quote(u.aliases), ' ', '","') || ']') a
            WHERE u.aliases <> '' AND instr(a.value, '@') > 1
    ) GROUP BY name, id
) GROUP BY name ORDER BY people DESC, addresses DESC, name
"""


def domains(reading: Reading) -> list[DomainCount]:
    """The domains of everybody's addresses, the one with the most people first."""
    return reading.all(DomainCount, _DOMAINS)


# ------------------------------------------------------------------ search


def _words(search: str) -> dict[str, Cell]:
    return {f"word{number}": word for number, word in enumerate(plain(search).split()[:8])}


def _matching(search: str, text: str) -> tuple[str, dict[str, Cell]]:
    words = _words(search)
    every = " AND ".join(f"instr({text}, :{name}) > 0" for name in words)
    return every or "1", words


_NAME = "trim({u}.given_name || ' ' || {u}.family_name)"
_PERSON = f"""
SELECT u.id, coalesce(nullif({_NAME.format(u="u")}, ''), u.address) AS name, u.address, u.state,
    u.unit_path
FROM snap_user u
"""  # noqa: S608 - put together from a constant of this module


_SEARCHED = """
SELECT id FROM (SELECT id, plain(given_name || ' ' || family_name || ' ' || address
    || ' ' || aliases) AS text FROM snap_user LIMIT -1)
"""
_PEOPLE_FOUND = f"""
{_PERSON} WHERE u.id IN (SELECT value FROM json_each(:ids))
ORDER BY fold(name), u.address_key LIMIT :limit
"""  # noqa: S608 - put together from a constant of this module


# Each alias is folded once and looked up in the list; comparing every alias with every address
# takes half a minute for 500 of them among 100,000 people.
_AT_ADDRESSES = f"""
{_PERSON} WHERE u.id IN (
    SELECT id FROM snap_user WHERE address_key IN (SELECT value FROM json_each(:wanted))
    UNION
    SELECT o.id FROM snap_user o,
        json_each('[' || replace(json_quote(o.aliases), ' ', '","') || ']') a
    WHERE o.aliases <> '' AND fold(a.value) IN (SELECT value FROM json_each(:wanted)))
ORDER BY fold(name), u.address_key LIMIT :limit
"""  # noqa: S608 - put together from a constant of this module


def find_people(reading: Reading, search: str, limit: int) -> tuple[list[PersonRow], int]:
    """People with every word of it in name, address or an alias, and how many there are.

    For a list of addresses it is everybody who has one of them.
    """
    wanted = listed_addresses(search)
    if wanted:
        listed: dict[str, Cell] = {"wanted": json.dumps(wanted), "limit": max(limit, len(wanted))}
        at = reading.all(PersonRow, _AT_ADDRESSES, listed)
        return at, len(at)
    where, words = _matching(search, "text")
    ids = list(reading.values(str, f"{_SEARCHED} WHERE {where}", words))
    rows = reading.all(PersonRow, _PEOPLE_FOUND, {"ids": json.dumps(ids), "limit": limit})
    return rows, len(ids)


def find_groups(reading: Reading, search: str, limit: int) -> tuple[list[GroupRow], int]:
    """Groups with every word of it in name or address, and how many there are."""
    where, words = _matching(search, "plain(name || ' ' || address)")
    total = reading.value(int, f"SELECT count(*) FROM snap_group WHERE {where}", words)  # noqa: S608 - names of parameters
    found = reading.all(
        GroupRow,
        f"SELECT id, coalesce(nullif(name, ''), address) AS name, address FROM snap_group"  # noqa: S608 - same
        f" WHERE {where} ORDER BY fold(name), address LIMIT :limit",
        {**words, "limit": limit},
    )
    return found, total


# ------------------------------------------------------------------ what a rule names

_GROUPS_NAMED = """
WITH RECURSIVE
    wanted (id) AS (SELECT value FROM json_each(:ids)),
    reach (root, group_id) AS (
        SELECT id, id FROM wanted
        UNION
        SELECT r.root, m.member_id
            FROM reach r JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'group'),
    held (root, user_id) AS (
        SELECT r.root, u.id FROM reach r
            JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'user'
            JOIN snap_user u ON u.id = m.member_id
        UNION
        SELECT everyone.root, u.id FROM snap_user u JOIN (
            SELECT DISTINCT r.root FROM reach r
                JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'everyone'
        ) everyone),
    counted (root, people) AS MATERIALIZED (SELECT root, count(*) FROM held GROUP BY root)
SELECT w.id, coalesce(nullif(g.name, ''), g.address, n.name, '') AS name,
    coalesce(g.address, n.address, '') AS address, g.id IS NULL AS gone,
    CASE WHEN w.id IN (SELECT group_id FROM snap_walked) THEN coalesce(c.people, 0) END AS people
FROM wanted w LEFT JOIN snap_group g ON g.id = w.id
LEFT JOIN scope_name n ON n.kind = 'group' AND n.id = w.id
LEFT JOIN counted c ON c.root = w.id
"""

_PEOPLE_NAMED = f"""
SELECT w.value AS id, coalesce(nullif({_NAME.format(u="u")}, ''), u.address, n.name, '') AS name,
    coalesce(u.address, n.address, '') AS address, coalesce(u.state, 'deleted') AS state,
    coalesce(u.unit_path, '') AS unit_path, u.id IS NULL AS gone
FROM json_each(:ids) w LEFT JOIN snap_user u ON u.id = w.value
LEFT JOIN scope_name n ON n.kind = 'user' AND n.id = w.value
"""  # noqa: S608 - put together from a constant of this module

_UNITS_NAMED = """
SELECT w.value AS id, coalesce(u.parent_id, '') AS parent_id, coalesce(u.name, n.name, '') AS name,
    coalesce(u.path, n.address, '') AS path, 0 AS people, u.id IS NULL AS gone
FROM json_each(:ids) w LEFT JOIN snap_unit u ON u.id = w.value
LEFT JOIN scope_name n ON n.kind = 'unit' AND n.id = w.value
"""


def groups_named(reading: Reading, ids: Sequence[str]) -> list[GroupRow]:
    """These groups in the order given; one that is gone has the name that was last known."""
    found = reading.all(GroupRow, _GROUPS_NAMED, {"ids": json.dumps(list(ids))})
    return _in_order(found, ids)


def people_named(reading: Reading, ids: Sequence[str]) -> list[PersonRow]:
    """These people in the order given; one who is gone has the name that was last known."""
    return reading.all(PersonRow, _PEOPLE_NAMED, {"ids": json.dumps(list(ids))})


def units_named(reading: Reading, ids: Sequence[str]) -> list[UnitRow]:
    """These units in the order given; `people` is not counted."""
    return reading.all(UnitRow, _UNITS_NAMED, {"ids": json.dumps(list(ids))})


def _in_order(found: Iterable[GroupRow], ids: Sequence[str]) -> list[GroupRow]:
    by_id = {row.id: row for row in found}
    return [by_id[one] for one in ids]


_REMEMBER_UNITS = """
INSERT OR REPLACE INTO scope_name
SELECT 'unit', id, name, path FROM snap_unit WHERE id IN (SELECT value FROM json_each(:units))
"""
_REMEMBER_GROUPS = """
INSERT OR REPLACE INTO scope_name
SELECT 'group', id, coalesce(nullif(name, ''), address), address FROM snap_group
WHERE id IN (SELECT value FROM json_each(:groups))
"""
_REMEMBER_PEOPLE = f"""
INSERT OR REPLACE INTO scope_name
SELECT 'user', id, coalesce(nullif({_NAME.format(u="u")}, ''), u.address), u.address
FROM snap_user u WHERE id IN (SELECT value FROM json_each(:users))
"""  # noqa: S608 - put together from a constant of this module


def remember_names(writing: Writing, rule: ScopeRule) -> None:
    """Keep what the rule names by its present names, so that what goes can still be named."""
    values = {
        "units": json.dumps((*rule.unit_ids, *rule.exclude_unit_ids)),
        "groups": json.dumps((*rule.group_ids, *rule.exclude_group_ids)),
        "users": json.dumps((*rule.user_ids, *rule.exclude_user_ids)),
    }
    for statement in (_REMEMBER_UNITS, _REMEMBER_GROUPS, _REMEMBER_PEOPLE):
        writing.execute(statement, values)
