"""The statements that look for people's accounts, and bring their links up to date."""

from __future__ import annotations

__all__ = [
    "CLAIMED_TWICE",
    "DOUBTFUL",
    "DOUBTFUL_TABLE",
    "FORGET_MOVED",
    "FORGET_UNSEEN",
    "HOLDERS",
    "KEEP",
    "OTHERWISE",
    "TAKE_OVER",
    "UNSEEN",
    "WANTED",
]

# People whom the plan will have to know an account for, apart from those about whom it is clear
# already that a person must decide: two with one address, or an address that a link holds.
WANTED = """
FROM verdict v LEFT JOIN link l ON l.user_id = v.user_id
WHERE v.in_scope AND (l.user_id IS NULL OR l.address_key <> v.address_key)
    AND NOT EXISTS (
        SELECT 1 FROM link h WHERE h.address_key = v.address_key AND h.user_id <> v.user_id)
    AND NOT EXISTS (
        SELECT 1 FROM verdict w
        WHERE w.address_key = v.address_key AND w.user_id <> v.user_id AND w.in_scope)
"""

# Accounts, of leavers mostly, whose address somebody else in scope is to get.
HOLDERS = """
SELECT DISTINCT h.external_id FROM verdict v
JOIN link h ON h.address_key = v.address_key AND h.user_id <> v.user_id
LEFT JOIN link l ON l.user_id = v.user_id
WHERE v.in_scope AND (l.user_id IS NULL OR l.address_key <> v.address_key)
ORDER BY h.external_id LIMIT :most
"""

# Linked accounts that the plan would change and that nobody has looked at in this run.
UNSEEN = """
SELECT i.external_id, l.address,
    CASE WHEN fold(i.address) = l.address_key THEN '' ELSE i.address END AS other
FROM plan_item i JOIN link l ON l.external_id = i.external_id
WHERE i.run_id = :run AND i.kind IN ('update', 'deactivate', 'reactivate') AND NOT EXISTS (
    SELECT 1 FROM service_account s WHERE s.id = l.account_id AND s.external_id = l.external_id)
ORDER BY i.user_id
"""

OTHERWISE = """
SELECT EXISTS (SELECT 1 FROM json_each(:asked) a JOIN link l ON l.external_id = a.value
    LEFT JOIN service_account s ON s.id = l.account_id AND s.external_id = l.external_id
    WHERE (s.address, s.given_name, s.family_name, s.active, s.is_owner, s.details)
        IS NOT (l.address, l.given_name, l.family_name, l.active, l.is_owner, l.details))
"""

CLAIMED_TWICE = """
UPDATE link SET claimed_twice = (SELECT count(*) FROM service_account s
    WHERE s.external_id = link.external_id) > 1
"""

# One account an externalId: an active one before an inactive one, else the smaller id. Who
# carries it twice becomes a problem row in the plan.
CARRIERS = """
SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY external_id ORDER BY active DESC, id) AS place
    FROM service_account WHERE substr(external_id, 1, length(:prefix)) = :prefix
) WHERE place = 1
"""

FORGET_UNSEEN = f"""
DELETE FROM link WHERE NOT EXISTS (
    SELECT 1 FROM service_account s
    WHERE s.id = link.account_id AND s.external_id = link.external_id AND s.id IN ({CARRIERS}))
"""  # noqa: S608 - put together from constants of this module

FORGET_MOVED = f"""
DELETE FROM link WHERE EXISTS (
    SELECT 1 FROM service_account s WHERE s.id IN ({CARRIERS})
        AND (s.external_id = link.external_id) <> (s.id = link.account_id))
"""  # noqa: S608 - put together from constants of this module

TAKE_OVER = f"""
INSERT INTO link (external_id, user_id, account_id, address, address_key, given_name,
                  family_name, active, is_owner, details, linked_at)
SELECT s.external_id, substr(s.external_id, length(:prefix) + 1), s.id, s.address, s.address_key,
       s.given_name, s.family_name, s.active, s.is_owner, s.details, :now
FROM service_account s WHERE s.id IN ({CARRIERS})
ON CONFLICT (external_id) DO UPDATE SET
    address = excluded.address, address_key = excluded.address_key,
    given_name = excluded.given_name, family_name = excluded.family_name,
    active = excluded.active, is_owner = excluded.is_owner, details = excluded.details
"""  # noqa: S608 - put together from constants of this module

KEEP = """
INSERT OR REPLACE INTO service_account
    (id, external_id, address, address_key, given_name, family_name, active, is_owner, details)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

DOUBTFUL_TABLE = (
    "CREATE TEMP TABLE IF NOT EXISTS plan_doubtful (external_id TEXT PRIMARY KEY) WITHOUT ROWID"
)
"""externalIds for which this run found several accounts, while no list tells which is whose."""

DOUBTFUL = """
UPDATE link SET claimed_twice = 1 WHERE external_id IN (SELECT external_id FROM plan_doubtful)
"""
