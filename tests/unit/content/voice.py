"""The voice that every sentence for a person keeps, as a check that tests share."""

from __future__ import annotations

import re

from proofs.voice import JARGON

LONGEST_SENTENCE = 200

_BANNED = re.compile(
    r"\b(please|error|errors|invalid|failed|illegal|abort|oops|sorry|unfortunately|successfully"
    r"|exception|deprovision|your fault|you must)\b",
    re.IGNORECASE,
)
_CLASS_NAME = re.compile(r"\b[A-Z][a-z]+[A-Z]\w+|\b\w+(?:Error|Exception)\b|\b[a-z]+_[a-z_]+\b")
_HTTP_NUMBER = re.compile(r"\bHTTP\b|(?<![\d.,:])\b[1-5]\d\d\b(?![\d.,]\d| MB)")
_TYPEWRITER = re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])|\"")
_BRITISH = re.compile(r"\b\w*(?:isation|ised|ises|ising|colour|favour|organis|authoris)\w*\b")


def objections(text: str) -> list[str]:
    """What is wrong with a text by the voice rules; nothing when it is fine."""
    found = [
        f"{what}: {match.group()!r} in {text!r}"
        for what, rule in (
            ("unwanted word", _BANNED),
            ("jargon", JARGON),
            ("name from the code", _CLASS_NAME),
            ("bare number of a protocol", _HTTP_NUMBER),
            ("British spelling", _BRITISH),
            ("typewriter's quote", _TYPEWRITER),
        )
        if (match := rule.search(text))
    ]
    if "{" in text or "}" in text:
        found.append(f"place left open in {text!r}")
    found += [
        f"long sentence: {sentence!r}"
        for sentence in re.split(r"(?<=[.?!]) ", text)
        if len(sentence) > LONGEST_SENTENCE
    ]
    return found
