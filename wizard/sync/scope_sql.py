"""The scope's verdict on everybody as one SELECT, so that a draft can be counted beside a run."""

from __future__ import annotations

import json

from wizard.content.text import t
from wizard.core.runs import Reason
from wizard.core.settings import (
    AddressChoice,
    AddressFallback,
    AddressRule,
    NotActive,
    ScopeKind,
    ScopeRule,
)
from wizard.store.statements import Cell

__all__ = ["domain_words", "group_words", "unit_words", "verdict_values", "verdicts"]

# What the rule names; `way` is 'in' or 'out'. With everyone in, nothing has to be named.
_NAMED = """
{n}way_unit (way, id) AS (
    SELECT 'in', value FROM json_each(:{n}units)
    UNION SELECT 'out', value FROM json_each(:{n}not_units)),
{n}way_group (way, id) AS (
    SELECT 'in', value FROM json_each(:{n}groups)
    UNION SELECT 'out', value FROM json_each(:{n}not_groups)),
{n}way_user (way, id) AS MATERIALIZED (
    SELECT 'in', value FROM json_each(:{n}users)
    UNION SELECT 'out', value FROM json_each(:{n}not_users)),
{n}way_domain (way, name) AS MATERIALIZED (
    SELECT 'in', value FROM json_each(:{n}domains)
    UNION SELECT 'out', value FROM json_each(:{n}not_domains))
"""

# A unit's whole subtree, by parents rather than by paths, so that a unit called "A" never takes
# "A/B"'s look-alike "A B" along. UNION (not UNION ALL) ends where units stand in a circle.
_UNITS = """
{n}below (way, root, id, path) AS (
    SELECT w.way, u.id, u.id, u.path FROM {n}way_unit w JOIN snap_unit u ON u.id = w.id
    UNION
    SELECT b.way, b.root, u.id, u.path FROM {n}below b JOIN snap_unit u ON u.parent_id = b.id),
{n}unit (way, path, name) AS MATERIALIZED (
    SELECT b.way, b.path, min(CASE root.path WHEN '/' THEN root.name
                              ELSE replace(ltrim(root.path, '/'), '/', ' / ') END)
    FROM {n}below b JOIN snap_unit root ON root.id = b.root
    GROUP BY b.way, b.path)
"""

# Groups inside groups, however deep; UNION ends where groups contain each other. A group that
# holds everyone stands for everybody in the snapshot, whatever else is in it.
_GROUPS = """
{n}reach (way, root, group_id) AS (
    SELECT w.way, g.id, g.id FROM {n}way_group w JOIN snap_group g ON g.id = w.id
    UNION
    SELECT r.way, r.root, m.member_id
        FROM {n}reach r JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'group'),
{n}held (way, user_id, root) AS (
    SELECT r.way, m.member_id, r.root
        FROM {n}reach r JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'user'
    UNION
    SELECT everyone.way, u.id, everyone.root FROM snap_user u JOIN (
        SELECT DISTINCT r.way, r.root FROM {n}reach r
            JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'everyone'
    ) everyone),
{n}member (way, user_id, name) AS MATERIALIZED (
    SELECT h.way, h.user_id, min(g.name) FROM {n}held h JOIN snap_group g ON g.id = h.root
    GROUP BY h.way, h.user_id)
"""

# The address in the chosen domain: the primary one, else the alias that is called as the primary
# is, else the first by the alphabet. `json_quote` keeps what an alias may hold from being JSON.
_FIRST = """min(
            (substr(fold(a.value), 1, instr(fold(a.value), '@'))
                <> substr(u.address_key, 1, instr(u.address_key, '@')))
            || fold(a.value) || char(31) || a.value)"""
_ADDRESS = f"""
CASE
    WHEN NOT :{{n}}in_domain OR substr(u.address_key, instr(u.address_key, '@') + 1) = :{{n}}domain
        THEN u.address
    ELSE coalesce((
        SELECT substr({_FIRST}, instr({_FIRST}, char(31)) + 1)
        FROM json_each('[' || replace(json_quote(u.aliases), ' ', '","') || ']') a
        WHERE instr(a.value, '@') > 1
            AND substr(fold(a.value), instr(fold(a.value), '@') + 1) = :{{n}}domain), '')
END
"""  # noqa: S608 - put together from a constant of this module

# What the directory says of the person comes first, then exclusions, then what brings them in.
_JUDGED = f"""
{{n}}judged AS (
    SELECT u.id, u.state, u.address AS primary_address, {_ADDRESS} AS wanted,
        (:{{n}}everyone OR by_user.id IS NOT NULL OR by_unit.path IS NOT NULL
            OR by_member.user_id IS NOT NULL OR by_domain.name IS NOT NULL) AS named,
        CASE
            WHEN not_user.id IS NOT NULL THEN 'user'
            WHEN not_unit.path IS NOT NULL THEN 'unit'
            WHEN not_member.user_id IS NOT NULL THEN 'group'
            WHEN not_domain.name IS NOT NULL THEN 'domain'
            ELSE '' END AS excluded,
        CASE
            WHEN not_user.id IS NOT NULL THEN :{{n}}w_named
            WHEN not_unit.path IS NOT NULL THEN replace(:{{n}}w_unit, '{{{{name}}}}', not_unit.name)
            WHEN not_member.user_id IS NOT NULL
                THEN replace(:{{n}}w_group, '{{{{name}}}}', not_member.name)
            WHEN not_domain.name IS NOT NULL
                THEN replace(:{{n}}w_domain, '{{{{name}}}}', not_domain.name)
            WHEN :{{n}}everyone THEN ''
            WHEN by_user.id IS NOT NULL THEN :{{n}}w_named
            WHEN by_unit.path IS NOT NULL THEN replace(:{{n}}w_unit, '{{{{name}}}}', by_unit.name)
            WHEN by_member.user_id IS NOT NULL
                THEN replace(:{{n}}w_group, '{{{{name}}}}', by_member.name)
            WHEN by_domain.name IS NOT NULL
                THEN replace(:{{n}}w_domain, '{{{{name}}}}', by_domain.name)
            ELSE '' END AS scope_by
    FROM snap_user u
    LEFT JOIN {{n}}way_user not_user ON not_user.way = 'out' AND not_user.id = u.id
    LEFT JOIN {{n}}way_user by_user ON by_user.way = 'in' AND by_user.id = u.id
    LEFT JOIN {{n}}unit not_unit ON not_unit.way = 'out' AND not_unit.path = u.unit_path
    LEFT JOIN {{n}}unit by_unit ON by_unit.way = 'in' AND by_unit.path = u.unit_path
    LEFT JOIN {{n}}member not_member
        ON not_member.way = 'out' AND not_member.user_id = u.id
    LEFT JOIN {{n}}member by_member ON by_member.way = 'in' AND by_member.user_id = u.id
    LEFT JOIN {{n}}way_domain not_domain ON not_domain.way = 'out'
        AND not_domain.name = substr(u.address_key, instr(u.address_key, '@') + 1)
    LEFT JOIN {{n}}way_domain by_domain ON by_domain.way = 'in'
        AND by_domain.name = substr(u.address_key, instr(u.address_key, '@') + 1))
"""  # noqa: S608 - put together from constants of this module

_VERDICT = """
{n}verdict AS (
    SELECT id AS user_id, named, excluded, scope_by,
        CASE
            WHEN state = 'suspended' THEN :{n}r_suspended
            WHEN state = 'archived' THEN :{n}r_archived
            WHEN state = 'deleted' THEN :{n}r_deleted
            WHEN primary_address = '' THEN :{n}r_no_address
            WHEN excluded <> '' THEN :{n}r_excluded
            WHEN NOT named THEN :{n}r_out_of_scope
            WHEN wanted = '' AND :{n}leave_out THEN :{n}r_no_address_in_domain
            ELSE '' END AS reason,
        CASE WHEN wanted = '' THEN primary_address ELSE wanted END AS address,
        wanted = '' AND primary_address <> '' AS other_address,
        named AND excluded = '' AND ((state = 'suspended' AND :{n}keep_suspended)
            OR (state = 'archived' AND :{n}keep_archived)) AS standby
    FROM {n}judged)
"""


def verdicts(name: str = "") -> str:
    """Common table expressions, to stand after WITH RECURSIVE, that end in `{name}verdict`.

    Its columns: `user_id`; `named` (the rule brings them in, exclusions apart); `excluded` ('',
    'user', 'unit', 'group', 'domain': what keeps them out); `scope_by` (that in words);
    `reason` ('' for those in scope, else a `Reason`); `address` (what becomes the account);
    `other_address` (they have none in the chosen domain); `standby` (suspended or archived,
    and would count otherwise, and their account is to be switched off whatever else is set).
    `name` keeps two of them in one statement apart, in their parameters, too.
    """
    parts = (_NAMED, _UNITS, _GROUPS, _JUDGED, _VERDICT)
    return ",".join(part.format(n=name) for part in parts)


def verdict_values(rule: ScopeRule, address: AddressRule, name: str = "") -> dict[str, Cell]:
    """The parameters of `verdicts(name)` for one rule."""
    everyone = rule.kind is ScopeKind.EVERYONE
    named: dict[str, Cell] = {
        "everyone": everyone,
        "units": _ids(() if everyone else rule.unit_ids),
        "groups": _ids(() if everyone else rule.group_ids),
        "users": _ids(() if everyone else rule.user_ids),
        "domains": _ids(() if everyone else rule.domains),
        "not_units": _ids(rule.exclude_unit_ids),
        "not_groups": _ids(rule.exclude_group_ids),
        "not_users": _ids(rule.exclude_user_ids),
        "not_domains": _ids(rule.exclude_domains),
        "in_domain": address.choice is AddressChoice.IN_DOMAIN,
        "domain": address.domain,
        "leave_out": address.otherwise is AddressFallback.LEAVE_OUT,
        "keep_suspended": rule.suspended is NotActive.KEEP_INACTIVE,
        "keep_archived": rule.archived is NotActive.KEEP_INACTIVE,
        "r_suspended": Reason.SUSPENDED,
        "r_archived": Reason.ARCHIVED,
        "r_deleted": Reason.DELETED,
        "r_no_address": Reason.NO_ADDRESS,
        "r_no_address_in_domain": Reason.NO_ADDRESS_IN_DOMAIN,
        "r_excluded": Reason.EXCLUDED,
        "r_out_of_scope": Reason.OUT_OF_SCOPE,
        "w_named": t("By name"),
        "w_unit": unit_words(),
        "w_group": group_words(),
        "w_domain": domain_words(),
    }
    return {f"{name}{key}": value for key, value in named.items()}


def _ids(values: tuple[str, ...]) -> str:
    return json.dumps(values)


def unit_words() -> str:
    """How a plan says that a unit brings somebody in; `{name}` stands for the unit's."""
    return t("Unit {name}", name="{name}")


def group_words() -> str:
    """How a plan says that a group brings somebody in; `{name}` stands for the group's."""
    return t("Group {name}", name="{name}")


def domain_words() -> str:
    """How a plan says that a domain brings somebody in; `{name}` stands for the domain's."""
    return t("Domain {name}", name="{name}")
