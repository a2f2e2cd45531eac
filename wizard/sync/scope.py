"""The scope's verdict on everybody in the snapshot, with its reason, worked out in SQL."""

from __future__ import annotations

import json

from wizard.content.text import t
from wizard.core.runs import Reason
from wizard.core.settings import ScopeKind, ScopeRule
from wizard.store.statements import Writing

__all__ = ["group_words", "judge", "name_in", "unit_words"]

_WORK = (
    """
CREATE TEMP TABLE IF NOT EXISTS scope_unit (
    way TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (way, path)
) WITHOUT ROWID
""",
    """
CREATE TEMP TABLE IF NOT EXISTS scope_member (
    way TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (way, user_id)
) WITHOUT ROWID
""",
)

# A unit's whole subtree, by parents rather than by paths, so that a unit called "A" never takes
# "A/B"'s look-alike "A B" along. UNION (not UNION ALL) ends where units stand in a circle.
_UNITS = """
WITH RECURSIVE below (root, id, path) AS (
    SELECT u.id, u.id, u.path FROM snap_unit u
        WHERE u.id IN (SELECT value FROM json_each(:ids))
    UNION
    SELECT b.root, u.id, u.path FROM below b JOIN snap_unit u ON u.parent_id = b.id
)
INSERT INTO scope_unit (way, path, name)
SELECT :way, b.path, min(CASE root.path WHEN '/' THEN root.name
                         ELSE replace(ltrim(root.path, '/'), '/', ' / ') END)
FROM below b JOIN snap_unit root ON root.id = b.root
GROUP BY b.path
"""

# Groups inside groups, however deep; UNION ends where groups contain each other. A group that
# holds everyone stands for everybody in the snapshot, whatever else is in it.
_GROUPS = """
WITH RECURSIVE
    reach (root, group_id) AS (
        SELECT g.id, g.id FROM snap_group g WHERE g.id IN (SELECT value FROM json_each(:ids))
        UNION
        SELECT r.root, m.member_id
            FROM reach r JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'group'
    ),
    named (user_id, root) AS (
        SELECT m.member_id, r.root
            FROM reach r JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'user'
        UNION
        SELECT u.id, everyone.root FROM snap_user u JOIN (
            SELECT DISTINCT r.root FROM reach r
                JOIN snap_member m ON m.group_id = r.group_id AND m.kind = 'everyone'
        ) everyone
    )
INSERT INTO scope_member (way, user_id, name)
SELECT :way, n.user_id, min(g.name) FROM named n JOIN snap_group g ON g.id = n.root
GROUP BY n.user_id
"""

# What the directory says of the person comes first, then exclusions, then what brings them in.
_JUDGE = """
INSERT INTO verdict (user_id, in_scope, reason, scope_by)
SELECT id, reason = '', reason, scope_by FROM (
    SELECT u.id,
        CASE
            WHEN u.state = 'suspended' THEN :suspended
            WHEN u.state = 'archived' THEN :archived
            WHEN u.state = 'deleted' THEN :deleted
            WHEN u.address = '' THEN :no_address
            WHEN not_user.value IS NOT NULL OR not_unit.path IS NOT NULL
                OR not_member.user_id IS NOT NULL THEN :excluded
            WHEN :everyone OR by_user.value IS NOT NULL OR by_unit.path IS NOT NULL
                OR by_member.user_id IS NOT NULL THEN ''
            ELSE :out_of_scope
        END AS reason,
        CASE
            WHEN not_user.value IS NOT NULL THEN :named
            WHEN not_unit.path IS NOT NULL THEN replace(:unit, '{name}', not_unit.name)
            WHEN not_member.user_id IS NOT NULL THEN replace(:grp, '{name}', not_member.name)
            WHEN :everyone THEN ''
            WHEN by_user.value IS NOT NULL THEN :named
            WHEN by_unit.path IS NOT NULL THEN replace(:unit, '{name}', by_unit.name)
            WHEN by_member.user_id IS NOT NULL THEN replace(:grp, '{name}', by_member.name)
            ELSE ''
        END AS scope_by
    FROM snap_user u
    LEFT JOIN (SELECT value FROM json_each(:exclude_users)) not_user ON not_user.value = u.id
    LEFT JOIN (SELECT value FROM json_each(:users)) by_user ON by_user.value = u.id
    LEFT JOIN scope_unit not_unit ON not_unit.way = 'out' AND not_unit.path = u.unit_path
    LEFT JOIN scope_member not_member ON not_member.way = 'out' AND not_member.user_id = u.id
    LEFT JOIN scope_unit by_unit ON by_unit.way = 'in' AND by_unit.path = u.unit_path
    LEFT JOIN scope_member by_member ON by_member.way = 'in' AND by_member.user_id = u.id
)
"""


def judge(writing: Writing, rule: ScopeRule) -> None:
    """Write the verdict on everybody in the current snapshot over the last one.

    `reason` is '' for those in scope, a `Reason` for the others; `scope_by` names the unit or
    group that brings the person in, or that keeps them out, in words. Somebody suspended,
    archived or without an address is never in scope; an exclusion wins over every inclusion.
    """
    for statement in _WORK:
        writing.execute(statement)
    writing.execute("DELETE FROM scope_unit")
    writing.execute("DELETE FROM scope_member")
    writing.execute("DELETE FROM verdict")
    everyone = rule.kind is ScopeKind.EVERYONE
    if not everyone:
        writing.execute(_UNITS, {"way": "in", "ids": json.dumps(rule.unit_ids)})
        writing.execute(_GROUPS, {"way": "in", "ids": json.dumps(rule.group_ids)})
    writing.execute(_UNITS, {"way": "out", "ids": json.dumps(rule.exclude_unit_ids)})
    writing.execute(_GROUPS, {"way": "out", "ids": json.dumps(rule.exclude_group_ids)})
    writing.execute(
        _JUDGE,
        {
            "everyone": everyone,
            "users": json.dumps(() if everyone else sorted(set(rule.user_ids))),
            "exclude_users": json.dumps(sorted(set(rule.exclude_user_ids))),
            "suspended": Reason.SUSPENDED,
            "archived": Reason.ARCHIVED,
            "deleted": Reason.DELETED,
            "no_address": Reason.NO_ADDRESS,
            "excluded": Reason.EXCLUDED,
            "out_of_scope": Reason.OUT_OF_SCOPE,
            "named": t("By name"),
            "unit": unit_words(),
            "grp": group_words(),
        },
    )


def unit_words() -> str:
    """How a plan says that a unit brings somebody in; `{name}` stands for the unit's."""
    return t("Unit {name}", name="{name}")


def group_words() -> str:
    """How a plan says that a group brings somebody in; `{name}` stands for the group's."""
    return t("Group {name}", name="{name}")


def name_in(words: str, said: str) -> str | None:
    """The name in what was said with these words, None where it was said with others."""
    before, _, after = words.partition("{name}")
    if said.startswith(before) and said.endswith(after) and len(said) > len(before + after):
        return said[len(before) : len(said) - len(after)]
    return None
