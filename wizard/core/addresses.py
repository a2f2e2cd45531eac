"""Lists of addresses, as people copy them from elsewhere."""

from __future__ import annotations

import re

__all__ = ["listed_addresses"]

_PARTED = re.compile(r"[\s,;]+")
_AROUND = "<>\"'()[]"


def listed_addresses(words: str) -> tuple[str, ...]:
    """The addresses of a list, case folded and each once; () for anything but two or more."""
    parts = (part.strip(_AROUND) for part in _PARTED.split(words))
    found = dict.fromkeys(part.casefold() for part in parts if "@" in part[1:-1])
    return tuple(found) if len(found) > 1 else ()
