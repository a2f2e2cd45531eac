"""The voice of the window: what no text for a person says, for proofs that read what is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["objections"]

_LONGEST = 200
_OWN_NAMES = re.compile(
    r"Enterprise Connect|Google Workspace|Admin console|“[^”]*”|\S+@\S+|https?://\S+|/\S+|\S+\.\w{2,}"
)
"""Names, what somebody typed, addresses and files: not ours to word."""
_BANNED = re.compile(
    r"\b(please|error|errors|invalid|failed|illegal|abort|oops|sorry|unfortunately|successfully"
    r"|exception|deprovision|your fault|you must)\b",
    re.IGNORECASE,
)
_OF_PROGRAMS = re.compile(
    r"Traceback|\b[A-Z][a-z]+[A-Z][a-z]\w*|\b\w+(?:Error|Exception)\b|\b[a-z]+_[a-z_]+\b"
    r"|0x[0-9a-f]{4,}|[{}<>]|\bNone\b|\bHTTP\b"
)
_BRITISH = re.compile(r"\b\w*(?:isation|ised|ises|ising|colour|favour|organis|authoris)\w*\b")
_TYPEWRITER = re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])|\"")
_RULES = (
    ("unwanted word", _BANNED),
    ("of a program", _OF_PROGRAMS),
    ("British spelling", _BRITISH),
    ("typewriter’s quote", _TYPEWRITER),
)
_AMERICAN = re.compile(
    r"\b(?:raised|promised|advised|revised|surprised|supervised|comprised|exercises?d?|premises"
    r"|rises|raises|noises|promises|raising|rising|advising)\b"
)
"""Spelled so on both sides of the ocean."""


def objections(texts: Iterable[str], names: frozenset[str]) -> list[str]:
    """What is wrong with any of these texts; `names` are people's own, spelled as they like."""
    found: dict[str, None] = {}
    for text in texts:
        if text in names:
            continue
        plain = _AMERICAN.sub("", _OWN_NAMES.sub("", text))
        for what, rule in _RULES:
            match = rule.search(plain)
            if match is not None and not any(name in text for name in names if match[0] in name):
                found[f"{what} “{match[0]}”: {text[:80]}"] = None
        sentences = re.split(r"(?<=[.!?])\s+", text)
        found |= {f"too long: {one[:60]} …": None for one in sentences if len(one) > _LONGEST}
    return list(found)
