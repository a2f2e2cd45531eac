"""The voice of the window: what no text for a person says, for proofs that read what is shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

__all__ = ["JARGON", "objections", "vocabulary"]

_ROOT = Path(__file__).resolve().parents[2]
_CATALOG = _ROOT / "resources" / "translations" / "enterprise-connect.pot"
_LONGEST = 200
_SHORTEST_NAME = 3
_OWN_NAMES = re.compile(
    r"Enterprise Connect|Google Workspace|Admin console|\S+@\S+|https?://\S+|(?<!\S)/\S+"
    r"|\S+\.\w{2,}"
)
"""Names, addresses and files: not ours to word."""
JARGON = re.compile(
    r"\b(fatal|faults?|idempotent|upserts?|payload|endpoints?|boolean|null|undefined|regex|daemon"
    r"|deserializ\w+|serializ\w+|callbacks?|enum|mutex|semaphore|stack ?trace|core dump|segfault"
    r"|kernel|socket|handshake|malformed|unhandled|unexpected state|state \d+|retry the"
    r"|contact your administrator|internal problem|reconcil\w+|tombstones?|cursors?)\b",
    re.IGNORECASE,
)
"""What nobody outside of a program says: no text for a person has it, nor does the catalog."""
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
    ("jargon", JARGON),
    ("of a program", _OF_PROGRAMS),
    ("British spelling", _BRITISH),
    ("typewriter’s quote", _TYPEWRITER),
)
_AMERICAN = re.compile(
    r"\b(?:raised|promised|advised|revised|surprised|supervised|comprised|exercises?d?|premises"
    r"|rises|raises|noises|promises|raising|rising|advising)\b"
)
"""Spelled so on both sides of the ocean."""
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_PLACE = re.compile(r"\{[^{}]*\}")
_DATES = frozenset(
    _WORD.findall(
        "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec am pm utc"
    )
)


@cache
def vocabulary() -> frozenset[str]:
    """Every word of the product's own catalog, and the short names of days and months."""
    catalog = _CATALOG.read_text(encoding="utf-8").replace("\\n", " ")
    lines = re.findall(r'^(?:msgid |msgid_plural )?"(.*)"$', catalog, re.MULTILINE)
    words = {word for line in lines for word in _words(_PLACE.sub(" ", line))}
    return frozenset(words | _DATES)


def _words(text: str) -> list[str]:
    return [found.casefold() for found in _WORD.findall(text)]


def _any_of(names: Collection[str]) -> re.Pattern[str]:
    """Finds each of these where it stands as a whole, the longest first."""
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(re.escape(name) for name in longest_first) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def objections(
    texts: Iterable[str],
    names: Collection[str],
    *,
    known: Collection[str] | None = None,
    things: Collection[str] = (),
) -> list[str]:
    """What is wrong with any of these texts; `names` are people's own, spelled as they like.

    What stands in quotes is judged as everything else, unless it is one of the names. `known`
    are the words that a text may be made of besides, the catalog's where none are given. `things`
    are names, too, such as a group's, but a word of one of them alone is none.
    """
    mine = {word for name in names for word in _words(name)}
    mine.update(vocabulary() if known is None else known)
    whole = _any_of([name for name in {*names, *things} if len(name) >= _SHORTEST_NAME])
    found: dict[str, None] = {}
    for text in texts:
        if text in names:
            continue
        plain = _AMERICAN.sub("", _OWN_NAMES.sub(" ", whole.sub(" ", text)))
        for what, rule in _RULES:
            match = rule.search(plain)
            if match is not None:
                found[f"{what} “{match[0]}”: {text[:80]}"] = None
        strange = [word for word in _words(plain) if word not in mine]
        if strange:
            found[f"unknown word “{strange[0]}”: {text[:80]}"] = None
        sentences = re.split(r"(?<=[.!?])\s+", text)
        found |= {f"too long: {one[:60]} …": None for one in sentences if len(one) > _LONGEST}
    return list(found)
