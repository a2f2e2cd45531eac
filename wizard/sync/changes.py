"""What two complete reads of the directory told differently, person by person."""

from __future__ import annotations

from datetime import datetime

from wizard.core.clock import to_text
from wizard.store.statements import Writing
from wizard.sync.keeping import kept_since

__all__ = ["note_changes"]

_CHANGED = """
INSERT INTO directory_change (user_id, seen_at, what, old, new)
SELECT user_id, :now, what, old, new FROM (
    SELECT o.id AS user_id, 'unit' AS what, o.unit_path AS old, n.unit_path AS new
        FROM {new} n JOIN snap_user o ON o.id = n.id
        WHERE o.digest <> n.digest AND o.unit_path <> n.unit_path
    UNION ALL
    SELECT o.id, 'state', o.state, n.state FROM {new} n JOIN snap_user o ON o.id = n.id
        WHERE o.digest <> n.digest AND o.state <> n.state
    UNION ALL
    SELECT o.id, 'address', o.address, n.address FROM {new} n JOIN snap_user o ON o.id = n.id
        WHERE o.digest <> n.digest AND o.address_key <> n.address_key
    UNION ALL
    SELECT o.id, 'name', trim(o.given_name || ' ' || o.family_name),
        trim(n.given_name || ' ' || n.family_name)
        FROM {new} n JOIN snap_user o ON o.id = n.id
        WHERE o.digest <> n.digest
            AND (o.given_name <> n.given_name OR o.family_name <> n.family_name)
    UNION ALL
    SELECT o.id, 'vanished', o.unit_path, '' FROM snap_user o
        WHERE NOT EXISTS (SELECT 1 FROM {new} n WHERE n.id = o.id)
    UNION ALL
    SELECT n.id, 'arrived', '', n.unit_path FROM {new} n
        WHERE NOT EXISTS (SELECT 1 FROM snap_user o WHERE o.id = n.id)
) ORDER BY user_id, what
"""


def note_changes(writing: Writing, new_users: str, now: datetime) -> int:
    """Keep what differs between the current generation and the table that takes its place.

    To be called before that table becomes `snap_user`; the first read notes nothing, since there
    is nothing to compare with. How many differences there are. Older ones are forgotten.
    """
    limit = to_text(kept_since(writing, now))
    writing.execute("DELETE FROM directory_change WHERE seen_at < ?", (limit,))
    if not writing.value(bool, "SELECT EXISTS (SELECT 1 FROM snap_user)"):
        return 0
    statement = _CHANGED.replace("{new}", new_users)
    return writing.execute(statement, {"now": to_text(now)})
