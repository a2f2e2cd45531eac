"""Names for secrets whose owners are told apart by ids that somebody else chose."""

from __future__ import annotations

import re
from hashlib import sha256

__all__ = ["entry_name"]

_HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@:-]{0,79}")
_HASHED = "sha256:"


def entry_name(kind: str, *ids: str) -> str:
    """The name for a secret of this kind, such as 'google/ou-1/C01abc'.

    The service chooses its ids freely: one that can't stand in a name as it is, is hashed.
    Different ids give different names.
    """
    return "/".join((kind, *(_part(one) for one in ids)))


def _part(one: str) -> str:
    if _HARMLESS.fullmatch(one) and not one.startswith(_HASHED):
        return one
    digest = sha256(one.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_HASHED}{digest[:32]}"
