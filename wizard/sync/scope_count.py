"""What a draft of a scope would mean: counts that add up, differences, real examples."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.core.settings import AddressRule, ProvisioningSettings, ScopeRule
from wizard.store.statements import Reading
from wizard.sync.scope_sql import verdict_values, verdicts

__all__ = ["Counted", "Difference", "Example", "count", "difference", "examples", "having"]

_SHOWN_NAME = "coalesce(nullif(trim(u.given_name || ' ' || u.family_name), ''), u.address)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Everybody in the directory, in parts that add up: `people` are in scope."""

    in_directory: int
    people: int
    not_chosen: int
    suspended: int
    archived: int
    excluded: int
    excluded_people: int
    no_address: int
    no_address_in_domain: int


# SQLite works a subquery's columns out once for each place that names them, unless the subquery has
# a LIMIT, even one without a limit: three times as fast. https://www.sqlite.org/optoverview.html
_ONCE = "LIMIT -1"

# A box that was unticked inside a ticked one is an exclusion to the engine, and to a person
# something that was not chosen. Who is named one by one is counted there before anywhere else.
_COUNT = f"""
WITH RECURSIVE {verdicts("d_")}
SELECT count(*) AS in_directory,
    coalesce(sum(reason = ''), 0) AS people,
    coalesce(sum(out), 0) AS not_chosen,
    coalesce(sum(NOT out AND by_name), 0) AS excluded_people,
    coalesce(sum(NOT out AND (by_name OR reason = :d_r_excluded)), 0) AS excluded,
    coalesce(sum(NOT out AND NOT by_name AND reason = :d_r_suspended), 0) AS suspended,
    coalesce(sum(NOT out AND NOT by_name AND reason = :d_r_archived), 0) AS archived,
    coalesce(sum(NOT out AND NOT by_name AND reason IN (:d_r_no_address, :d_r_deleted)), 0)
        AS no_address,
    coalesce(sum(NOT out AND NOT by_name AND reason = :d_r_no_address_in_domain), 0)
        AS no_address_in_domain
FROM (
    SELECT reason, excluded = 'user' AS by_name,
        NOT named OR (excluded = 'unit' AND :d_units <> '[]') AS out
    FROM d_verdict {_ONCE})
"""  # noqa: S608 - put together from constants


def count(reading: Reading, rule: ScopeRule, address: AddressRule) -> Counted:
    """Count a draft; nothing is written."""
    found = reading.first(Counted, _COUNT, verdict_values(rule, address, "d_"))
    if found is None:
        raise LookupError("a count always has one row")
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Who comes into the scope and who falls out, with the first names of each."""

    added: int
    removed: int
    added_names: tuple[str, ...]
    removed_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moved:
    name: str
    comes: bool
    comers: int
    goers: int
    place: int


_DIFFERENCE = f"""
WITH RECURSIVE {verdicts("d_")}, {verdicts("s_")},
moved AS MATERIALIZED (
    SELECT d.user_id, d.reason = '' AS comes
    FROM (SELECT user_id, reason FROM d_verdict {_ONCE}) d
    JOIN (SELECT user_id, reason FROM s_verdict {_ONCE}) s ON s.user_id = d.user_id
    WHERE (d.reason = '') <> (s.reason = ''))
SELECT * FROM (
    SELECT {_SHOWN_NAME} AS name, m.comes,
        (SELECT count(*) FROM moved WHERE comes) AS comers,
        (SELECT count(*) FROM moved WHERE NOT comes) AS goers,
        row_number() OVER (PARTITION BY m.comes ORDER BY u.family_name, u.given_name, u.id)
            AS place
    FROM moved m JOIN snap_user u ON u.id = m.user_id)
WHERE place <= :most ORDER BY place
"""  # noqa: S608 - put together from constants


def difference(
    reading: Reading,
    rule: ScopeRule,
    address: AddressRule,
    saved: ProvisioningSettings,
    *,
    most: int,
) -> Difference:
    """What a draft changes against another scope, with at most `most` names each way."""
    values = verdict_values(rule, address, "d_")
    values |= verdict_values(saved.scope, saved.address, "s_")
    found = reading.all(_Moved, _DIFFERENCE, {**values, "most": most})
    return Difference(
        added=found[0].comers if found else 0,
        removed=found[0].goers if found else 0,
        added_names=tuple(row.name for row in found if row.comes),
        removed_names=tuple(row.name for row in found if not row.comes),
    )


# ------------------------------------------------------------------ addresses


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One person and what would become their account, '' for none."""

    name: str
    primary: str
    account: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Having:
    have: int
    lack: int


_HAVING = f"""
WITH RECURSIVE {verdicts("d_")}
SELECT coalesce(sum(NOT other_address), 0) AS have, coalesce(sum(other_address), 0) AS lack
FROM (SELECT other_address, reason FROM d_verdict {_ONCE})
WHERE reason IN ('', :d_r_no_address_in_domain)
"""  # noqa: S608 - put together from constants

_EXAMPLES = f"""
WITH RECURSIVE {verdicts("d_")}
SELECT {_SHOWN_NAME} AS name, u.address AS "primary",
    CASE WHEN v.reason = '' THEN v.address ELSE '' END AS account
FROM d_verdict v JOIN snap_user u ON u.id = v.user_id
WHERE v.reason IN ('', :d_r_no_address_in_domain) AND u.family_name <> '' AND {{which}}
LIMIT :most
"""  # noqa: S608 - put together from constants
_OTHERS = _EXAMPLES.replace("{which}", "NOT v.other_address AND v.address <> u.address")
_SAME = _EXAMPLES.replace("{which}", "NOT v.other_address AND v.address = u.address")
_WITHOUT = _EXAMPLES.replace("{which}", "v.other_address")


def having(reading: Reading, rule: ScopeRule, address: AddressRule) -> tuple[int, int]:
    """How many of those in scope have an address as chosen, and how many have none."""
    found = reading.first(_Having, _HAVING, verdict_values(rule, address, "d_"))
    return (found.have, found.lack) if found else (0, 0)


def examples(
    reading: Reading, rule: ScopeRule, address: AddressRule, *, most: int
) -> list[Example]:
    """Real people for a choice of address: those whom it changes first, one whom it can't."""
    values = verdict_values(rule, address, "d_")

    def some(sql: str, most: int) -> list[Example]:
        return reading.all(Example, sql, {**values, "most": most}) if most > 0 else []

    without = some(_WITHOUT, 1)
    others = some(_OTHERS, most - len(without))
    same = some(_SAME, most - len(without) - len(others))
    return [*others, *same, *without]
