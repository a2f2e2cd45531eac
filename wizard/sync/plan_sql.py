"""The statements of the planner: who is put where, and why."""

from __future__ import annotations

from wizard.core.runs import PlanKind, Reason
from wizard.sync.match_sql import DOUBTFUL_TABLE

__all__ = ["BEFORE", "CONSTANTS", "ROWS", "TABLES"]

CONSTANTS: dict[str, str] = {
    **{f"k_{kind.value}": kind.value for kind in PlanKind},
    **{f"r_{reason.value.replace('-', '_')}": reason.value for reason in Reason},
}
"""The names of kinds and reasons, as parameters of the statements below."""

TABLES = (
    # Addresses that more than one person in scope claims.
    "CREATE TEMP TABLE IF NOT EXISTS plan_twice (address_key TEXT PRIMARY KEY) WITHOUT ROWID",
    # externalIds that more than one account carries.
    "CREATE TEMP TABLE IF NOT EXISTS plan_double (external_id TEXT PRIMARY KEY) WITHOUT ROWID",
    DOUBTFUL_TABLE,
    # Domains that the directory has verified.
    "CREATE TEMP TABLE IF NOT EXISTS plan_domain (name TEXT PRIMARY KEY) WITHOUT ROWID",
    # Linked people whose account may not be deactivated, with the reason.
    """CREATE TEMP TABLE IF NOT EXISTS plan_protected (
        user_id TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID""",
    # Linked people whose account is to get another address that is free to have.
    "CREATE TEMP TABLE IF NOT EXISTS plan_moving (user_id TEXT PRIMARY KEY) WITHOUT ROWID",
    # Linked, active, and no longer in the directory or the scope.
    """CREATE TEMP TABLE IF NOT EXISTS plan_leaver (
        user_id TEXT PRIMARY KEY, why TEXT NOT NULL, due INTEGER NOT NULL,
        since TEXT NOT NULL, until TEXT NOT NULL, approved INTEGER NOT NULL,
        protected TEXT NOT NULL, standby INTEGER NOT NULL) WITHOUT ROWID""",
)

_NAMES = ("plan_twice", "plan_double", "plan_domain", "plan_protected", "plan_moving",
          "plan_leaver")  # fmt: skip

_TWICE = """
INSERT INTO plan_twice
SELECT address_key FROM verdict
WHERE in_scope GROUP BY address_key HAVING count(*) > 1
"""

_DOUBLE = """
INSERT INTO plan_double
SELECT external_id FROM link WHERE claimed_twice
UNION SELECT external_id FROM plan_doubtful
"""

_DOMAIN = """
INSERT OR IGNORE INTO plan_domain
SELECT value FROM connection c, json_each('["' || replace(c.domains, ' ', '","') || '"]')
"""

# Protected is told by address (also the person's present one, so that a rename lifts nothing),
# by account id, by directory id, or by the service's word that the account is an owner's.
_PROTECTED = """
INSERT INTO plan_protected
SELECT l.user_id, CASE
        WHEN :owners < 2 AND (l.is_owner OR l.address_key IN (SELECT value FROM json_each(:owner))
            OR l.account_id IN (SELECT value FROM json_each(:owner))) THEN :r_last_owner
        ELSE :r_protected END
FROM link l LEFT JOIN snap_user u ON u.id = l.user_id
WHERE l.is_owner OR EXISTS (
    SELECT 1 FROM json_each(:protected) p
    WHERE p.value IN (l.address_key, l.account_id, l.user_id, l.external_id, u.address_key))
"""

# Free to have: nobody else in scope claims it, no link holds it, and the service knows no other
# account with it. Chains of two are untangled below by stages; longer ones by the next run.
_MOVING = """
INSERT INTO plan_moving
SELECT v.user_id FROM verdict v JOIN link l ON l.user_id = v.user_id
WHERE v.in_scope AND v.address_key <> l.address_key
    AND v.address_key NOT IN (SELECT address_key FROM plan_twice)
    AND l.external_id NOT IN (SELECT external_id FROM plan_double)
    AND NOT EXISTS (SELECT 1 FROM link h
        WHERE h.address_key = v.address_key AND h.user_id <> v.user_id)
    AND NOT EXISTS (SELECT 1 FROM service_account s
        WHERE s.address_key = v.address_key AND s.id <> l.account_id)
"""

_LEAVER = """
INSERT INTO plan_leaver
SELECT user_id, why,
    why IN (:r_suspended, :r_archived) OR :grace = 0 OR until <= :now,
    since, until, leave_approved, coalesce(guarded, ''), standby
FROM (
    SELECT l.user_id, l.leave_approved, p.reason AS guarded,
        coalesce(v.reason, CASE WHEN d.id IS NULL THEN :r_vanished ELSE :r_deleted END) AS why,
        coalesce(l.absent_since, '') AS since,
        strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(l.absent_since, :now), '+' || :grace || ' days')
            AS until,
        coalesce(v.standby, 0) AS standby
    FROM link l
    LEFT JOIN verdict v ON v.user_id = l.user_id
    LEFT JOIN snap_deleted d ON d.id = l.user_id
    LEFT JOIN plan_protected p ON p.user_id = l.user_id
    WHERE l.active AND coalesce(v.in_scope, 0) = 0
)
"""

BEFORE = (
    *(f"DELETE FROM {name}" for name in _NAMES),  # noqa: S608 - the names above
    _TWICE, _DOUBLE, _DOMAIN, _PROTECTED, _MOVING, _LEAVER,
)  # fmt: skip
"""What the rows are made from, in this order."""

_INTO = """
INSERT INTO plan_item (run_id, user_id, external_id, account_id, kind, reason, address,
    given_name, family_name, old_address, old_given_name, old_family_name, scope_by, detail,
    stage, search)
"""
_SEARCH = "fold({0}.given_name || ' ' || {0}.family_name || ' ' || {0}.address{1})"

_HOLDER_ID = """(SELECT min(user_id) FROM link
        WHERE address_key = v.address_key AND user_id <> v.user_id)"""
_HOLDER = "coalesce(nullif(trim(h.given_name || ' ' || h.family_name), ''), h.address)"

_LINKED = f"""
{_INTO}
SELECT :run, user_id, external_id, account_id,
    CASE WHEN trouble <> '' THEN :k_problem
        WHEN NOT active THEN :k_reactivate
        WHEN moved OR renamed THEN :k_update
        ELSE :k_unchanged END,
    CASE WHEN trouble <> '' THEN trouble
        WHEN NOT active THEN :r_back_in_scope
        WHEN moved AND renamed THEN :r_name_and_address_changed
        WHEN moved THEN :r_address_changed
        WHEN renamed THEN :r_name_changed
        ELSE :r_same END,
    address, given_name, family_name, old_address, old_given_name, old_family_name, scope_by,
    CASE WHEN trouble = :r_claimed_twice AND twins THEN :w_twins
        WHEN trouble = :r_account_claimed THEN
        CASE WHEN holder = '' THEN :w_other_account ELSE replace(:w_held, '{{name}}', holder) END
        WHEN other THEN :w_other_address ELSE '' END,
    waits, search
FROM (
    SELECT l.user_id, l.external_id, l.account_id, l.active, v.address, u.given_name,
        u.family_name, l.address AS old_address, l.given_name AS old_given_name,
        l.family_name AS old_family_name, v.scope_by, v.other_address AS other,
        v.address_key <> l.address_key AS moved,
        u.given_name <> l.given_name OR u.family_name <> l.family_name AS renamed,
        h.user_id IS NOT NULL AS waits, b.external_id IS NOT NULL AS twins,
        CASE
            WHEN b.external_id IS NOT NULL THEN :r_claimed_twice
            WHEN v.address_key = l.address_key OR m.user_id IS NOT NULL THEN ''
            WHEN t.address_key IS NOT NULL THEN :r_claimed_twice
            WHEN hm.user_id IS NOT NULL THEN ''
            ELSE :r_account_claimed END AS trouble,
        CASE WHEN h.user_id IS NULL THEN '' ELSE {_HOLDER} END AS holder,
        {_SEARCH.format("u", " || ' ' || v.address || ' ' || l.address")} AS search
    FROM verdict v JOIN snap_user u ON u.id = v.user_id JOIN link l ON l.user_id = u.id
    LEFT JOIN plan_twice t ON t.address_key = v.address_key
    LEFT JOIN plan_double b ON b.external_id = l.external_id
    LEFT JOIN plan_moving m ON m.user_id = u.id
    LEFT JOIN link h ON h.user_id = {_HOLDER_ID}
    LEFT JOIN plan_moving hm ON hm.user_id = h.user_id
    WHERE v.in_scope
)
"""  # noqa: S608 - put together from constants of this module

_UNLINKED = f"""
{_INTO}
SELECT :run, user_id, :prefix || user_id,
    CASE kind WHEN :k_adopt THEN account_id ELSE '' END, kind, reason,
    address, given_name, family_name,
    CASE kind WHEN :k_adopt THEN old_address ELSE '' END,
    CASE kind WHEN :k_adopt THEN old_given_name ELSE '' END,
    CASE kind WHEN :k_adopt THEN old_family_name ELSE '' END,
    scope_by,
    CASE WHEN reason = :r_claimed_twice AND twins THEN :w_twins
        WHEN reason = :r_account_claimed THEN
        CASE WHEN holder = '' THEN :w_other_directory
            ELSE replace(:w_held, '{{name}}', holder) END
        WHEN other THEN :w_other_address ELSE '' END,
    waits, search
FROM (
    SELECT *,
        CASE reason WHEN :r_new_in_scope THEN :k_create WHEN :r_address_matches THEN :k_adopt
            ELSE :k_problem END AS kind
    FROM (
        SELECT u.id AS user_id, v.address, u.given_name, u.family_name, v.scope_by,
            v.other_address AS other, s.id AS account_id, s.address AS old_address,
            s.given_name AS old_given_name, s.family_name AS old_family_name,
            h.user_id IS NOT NULL AS waits, t.address_key IS NULL AS twins,
            CASE
                WHEN b.external_id IS NOT NULL OR t.address_key IS NOT NULL
                    THEN :r_claimed_twice
                WHEN h.user_id IS NOT NULL AND hm.user_id IS NOT NULL THEN :r_new_in_scope
                WHEN h.user_id IS NOT NULL THEN :r_account_claimed
                WHEN s.id IS NULL THEN :r_new_in_scope
                WHEN (SELECT count(*) FROM service_account WHERE address_key = v.address_key) > 1
                    THEN :r_claimed_twice
                WHEN s.external_id <> '' THEN :r_account_claimed
                WHEN d.name IS NULL THEN :r_domain_not_verified
                ELSE :r_address_matches END AS reason,
            CASE WHEN h.user_id IS NULL THEN '' ELSE {_HOLDER} END AS holder,
            {_SEARCH.format("u", " || ' ' || v.address")} AS search
        FROM verdict v JOIN snap_user u ON u.id = v.user_id
        LEFT JOIN link l ON l.user_id = u.id
        LEFT JOIN plan_twice t ON t.address_key = v.address_key
        LEFT JOIN plan_double b ON b.external_id = :prefix || u.id
        LEFT JOIN link h ON h.user_id = {_HOLDER_ID}
        LEFT JOIN plan_moving hm ON hm.user_id = h.user_id
        LEFT JOIN service_account s ON s.id = (
            SELECT id FROM service_account WHERE address_key = v.address_key
            ORDER BY external_id <> '' DESC, id LIMIT 1)
        LEFT JOIN plan_domain d
            ON d.name = substr(v.address_key, instr(v.address_key, '@') + 1)
        WHERE v.in_scope AND l.user_id IS NULL
    )
)
"""  # noqa: S608 - put together from constants of this module

_KEPT = "(:keep AND NOT x.standby)"

_LEAVING = f"""
{_INTO}
SELECT :run, l.user_id, l.external_id, l.account_id,
    CASE WHEN {_KEPT} OR x.protected <> '' OR NOT x.due THEN :k_skip
        WHEN f.external_id IS NOT NULL THEN :k_problem ELSE :k_deactivate END,
    CASE WHEN {_KEPT} THEN :r_leavers_kept
        WHEN x.protected <> '' THEN x.protected
        WHEN x.due AND f.external_id IS NOT NULL THEN :r_claimed_twice
        WHEN x.due THEN x.why
        ELSE :r_in_grace END,
    coalesce(v.address, l.address), coalesce(u.given_name, l.given_name),
    coalesce(u.family_name, l.family_name), l.address, l.given_name, l.family_name,
    coalesce(v.scope_by, ''),
    CASE WHEN NOT {_KEPT} AND x.protected = '' AND x.due AND f.external_id IS NOT NULL
            THEN :w_twins
        WHEN {_KEPT} OR x.protected <> '' OR x.due THEN ''
        ELSE replace(:w_until, '{{day}}', substr(x.until, 1, 10)) END,
    0, {_SEARCH.format("l", " || coalesce(' ' || u.address, '')")}
FROM plan_leaver x JOIN link l ON l.user_id = x.user_id
LEFT JOIN plan_doubtful f ON f.external_id = l.external_id
LEFT JOIN snap_user u ON u.id = l.user_id
LEFT JOIN verdict v ON v.user_id = l.user_id
"""  # noqa: S608 - put together from constants of this module

_SKIPPED = f"""
{_INTO}
SELECT :run, u.id, '', '', :k_skip, v.reason, u.address, u.given_name, u.family_name, '', '', '',
    v.scope_by, '', 0, {_SEARCH.format("u", "")}
FROM verdict v JOIN snap_user u ON u.id = v.user_id LEFT JOIN link l ON l.user_id = u.id
WHERE NOT v.in_scope AND l.user_id IS NULL
"""  # noqa: S608 - put together from constants of this module

ROWS = (_LINKED, _UNLINKED, _LEAVING, _SKIPPED)
"""Everybody is in at most one of these; people whom nothing connects to an account in `_SKIPPED`.

Somebody out of scope whose account is deactivated already has no row: there is nothing to say.
"""
