"""The scope's verdict on everybody in the snapshot, with its reason, worked out in SQL."""

from __future__ import annotations

from wizard.core.settings import AddressRule, ScopeRule
from wizard.store.statements import Writing
from wizard.sync.scope_sql import (
    domain_words,
    group_words,
    unit_words,
    verdict_values,
    verdicts,
)

__all__ = ["domain_words", "group_words", "judge", "name_in", "unit_words"]

# The LIMIT lets each column be worked out once (see `scope_count`).
_JUDGE = f"""
INSERT INTO verdict
    (user_id, in_scope, reason, scope_by, address, address_key, other_address, standby)
WITH RECURSIVE {verdicts("j_")}
SELECT user_id, reason = '', reason, scope_by, address, fold(address), other_address, standby
FROM (SELECT * FROM j_verdict LIMIT -1)
"""  # noqa: S608 - put together from constants


def judge(writing: Writing, rule: ScopeRule, address: AddressRule) -> None:
    """Write the verdict on everybody in the current snapshot over the last one.

    `reason` is '' for those in scope, a `Reason` for the others; `scope_by` names the unit,
    group or domain that brings the person in, or that keeps them out, in words; `address` is
    what becomes the account. Somebody suspended, archived or without an address is never in
    scope; an exclusion wins over every inclusion.
    """
    writing.execute("DELETE FROM verdict")
    writing.execute(_JUDGE, verdict_values(rule, address, "j_"))


def name_in(words: str, said: str) -> str | None:
    """The name in what was said with these words, None where it was said with others."""
    before, _, after = words.partition("{name}")
    if said.startswith(before) and said.endswith(after) and len(said) > len(before + after):
        return said[len(before) : len(said) - len(after)]
    return None
