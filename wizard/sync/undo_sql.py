"""The statements of taking a run back: what it left, what was before, and who can have it back."""

from __future__ import annotations

__all__ = ["ENTRIES", "FORGET", "INVERSE", "LATER", "LEAVERS", "NEW_ENTRIES", "WANTED"]

NEW_ENTRIES = """
CREATE TEMP TABLE IF NOT EXISTS undo_entry (
    id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, external_id TEXT NOT NULL,
    account_id TEXT NOT NULL, made INTEGER NOT NULL,
    left_active INTEGER NOT NULL, left_external TEXT NOT NULL, left_address TEXT NOT NULL,
    left_given TEXT NOT NULL, left_family TEXT NOT NULL,
    to_active INTEGER NOT NULL, to_external TEXT NOT NULL, to_profile INTEGER NOT NULL,
    to_address TEXT NOT NULL, to_given TEXT NOT NULL, to_family TEXT NOT NULL,
    to_details TEXT NOT NULL, standing TEXT NOT NULL DEFAULT '')
"""
FORGET = "DELETE FROM undo_entry"

# What each operation left, and what it found: an account that was made is inactive afterwards, and
# keeps its externalId, so that the same person gets the same account another time.
ENTRIES = """
INSERT INTO undo_entry (id, user_id, external_id, account_id, made, left_active, left_external,
    left_address, left_given, left_family, to_active, to_external, to_profile, to_address,
    to_given, to_family, to_details)
SELECT id, user_id, external_id, account_id, made,
    left_active, left_external,
    CASE WHEN wrote THEN address ELSE old_address END,
    CASE WHEN wrote THEN given_name ELSE old_given_name END,
    CASE WHEN wrote THEN family_name ELSE old_family_name END,
    CASE WHEN made THEN 0 ELSE old_active END,
    CASE WHEN made THEN external_id ELSE old_external_id END,
    wrote AND NOT made,
    CASE WHEN made THEN address ELSE old_address END,
    CASE WHEN made THEN given_name ELSE old_given_name END,
    CASE WHEN made THEN family_name ELSE old_family_name END,
    old_details
FROM (
    SELECT *, kind = 'create' AS made,
        CASE restores WHEN '' THEN kind <> 'deactivate'
            ELSE json_extract(restores, '$.active') END AS left_active,
        CASE restores WHEN '' THEN external_id
            ELSE json_extract(restores, '$.external_id') END AS left_external,
        CASE restores WHEN '' THEN kind <> 'deactivate'
            ELSE json_extract(restores, '$.profile') END AS wrote
    FROM journal WHERE run_id = :undone AND state = 'done'
)
"""

# Everything that was done to these accounts from then on, an account at a time, the newest first.
LATER = """
SELECT e.id AS entry, j.id, j.undoes
FROM undo_entry e JOIN journal j ON j.account_id = e.account_id AND j.id > e.id
WHERE j.state = 'done' ORDER BY e.id, j.id DESC
"""

WANTED = """
SELECT left_external AS external_id, left_address AS address,
    CASE WHEN fold(to_address) <> fold(left_address) THEN to_address ELSE '' END AS other
FROM undo_entry WHERE standing = '' LIMIT :most
"""

_MOVES = """
    n.standing = '' AND n.to_profile AND fold(n.to_address) <> fold(n.left_address)
"""

INVERSE = f"""
INSERT INTO plan_item (run_id, user_id, external_id, account_id, kind, reason, address,
    given_name, family_name, old_address, old_given_name, old_family_name, stage, undoes, restores,
    search)
SELECT :run, user_id, external_id, account_id,
    CASE WHEN stays <> '' THEN :k_skip
        WHEN active AND NOT to_active THEN :k_deactivate
        WHEN to_active AND NOT active THEN :k_reactivate
        WHEN to_external <> '' AND now_external = '' THEN :k_adopt
        ELSE :k_update END,
    CASE WHEN stays <> '' THEN stays
        WHEN made THEN :r_made_then
        WHEN to_external = '' THEN :r_given_back
        WHEN active AND NOT to_active THEN :r_returned_then
        WHEN to_active AND NOT active THEN :r_left_then
        ELSE :r_taken_back END,
    to_address, to_given, to_family, address, given_name, family_name,
    waits, id,
    json_object('external_id', to_external,
        'active', json(CASE WHEN to_active THEN 'true' ELSE 'false' END),
        'profile', json(CASE WHEN to_profile THEN 'true' ELSE 'false' END),
        'details', CASE WHEN to_profile THEN to_details ELSE details END),
    fold(to_given || ' ' || to_family || ' ' || to_address || ' ' || address)
FROM (
    SELECT e.id, e.user_id, e.external_id, e.account_id, e.made, e.to_active, e.to_external,
        e.to_profile, e.to_details, s.external_id AS now_external, s.details,
        coalesce(s.active, 0) AS active, coalesce(s.address, e.left_address) AS address,
        coalesce(s.given_name, e.left_given) AS given_name,
        coalesce(s.family_name, e.left_family) AS family_name,
        CASE WHEN e.to_profile THEN e.to_address ELSE coalesce(s.address, e.left_address) END
            AS to_address,
        CASE WHEN e.to_profile THEN e.to_given ELSE coalesce(s.given_name, e.left_given) END
            AS to_given,
        CASE WHEN e.to_profile THEN e.to_family ELSE coalesce(s.family_name, e.left_family) END
            AS to_family,
        h.id IS NOT NULL AS waits,
        CASE WHEN e.standing <> '' THEN e.standing
            WHEN s.id IS NULL THEN :r_gone_since
            WHEN s.active <> e.left_active OR s.external_id <> e.left_external
                OR s.address_key <> fold(e.left_address) OR s.given_name <> e.left_given
                OR s.family_name <> e.left_family THEN :r_changed_since
            WHEN h.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM undo_entry n
                WHERE n.account_id = h.id AND {_MOVES}) THEN :r_address_in_use
            WHEN s.active AND NOT e.to_active AND p.user_id IS NOT NULL THEN p.reason
            ELSE '' END AS stays
    FROM undo_entry e
    LEFT JOIN service_account s ON s.id = e.account_id
    LEFT JOIN plan_protected p ON p.user_id = e.user_id
    LEFT JOIN service_account h ON e.to_profile AND h.id = (SELECT min(o.id) FROM service_account o
        WHERE o.address_key = fold(e.to_address) AND o.id <> e.account_id)
)
"""  # noqa: S608 - put together from a constant of this module

LEAVERS = """
INSERT INTO plan_leaver
SELECT user_id, reason, 1, '', '', 0, '', 0 FROM plan_item
WHERE run_id = :run AND kind = :k_deactivate
"""
