"""Reads addresses out of what a person typed or pasted, and says what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["LONGEST", "AddressFault", "TypedAddress", "address_key", "read_addresses"]

LONGEST = 254
"""Characters that an address may have (RFC 5321 section 4.5.3.1.3, without the brackets)."""

_LONGEST_NAME = 64
"""Characters before the @ (RFC 5321 section 4.5.3.1.1)."""

_LONGEST_LABEL = 63
"""Characters between two dots of a domain (RFC 1035 section 2.3.4)."""

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_PARTS = re.compile(r"[;\n\r\uFF1B]+")
_COMMAS = re.compile(r"[,\uFF0C\u3001]+")
_QUOTED_NAME = re.compile(r'(?:"[^"\n]*"|\u201c[^\u201d\n]*\u201d)\s*(?=<)')
_BRACKETED = re.compile(r"<\s*([^<>\n]*?)\s*>")
_AROUND = "\"'()[]{}<>\u2018\u2019\u201c\u201d\u00ab\u00bb`|"
_BEHIND = ".:!?" + _AROUND
_WORD_OF_A_NAME = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\u0080-\U0010ffff-]+")
_LABEL = re.compile(r"[\w-]+")
_MARK = "\x00"


class AddressFault(StrEnum):
    """Why something typed can't be an address; the words are the page's."""

    NO_AT = "no-at"
    TWO_ATS = "two-ats"
    NOTHING_BEFORE = "nothing-before"
    NOTHING_AFTER = "nothing-after"
    NO_ENDING = "no-ending"
    DOTS = "dots"
    CHARACTER = "character"
    TOO_LONG = "too-long"


@dataclass(frozen=True, kw_only=True)
class TypedAddress:
    """One address as it was read; `piece` is the character that can't be in one, if that is it."""

    text: str
    fault: AddressFault | None = None
    piece: str = ""


def address_key(address: str) -> str:
    """What two spellings of one address have in common."""
    return address.strip().casefold()


def read_addresses(words: str) -> tuple[TypedAddress, ...]:
    """Every address in a typed or pasted list, in order, doubles included.

    Separators are commas, semicolons, spaces, tabs and new lines. Of “Name <address>”,
    “"Last, First" <address>” and a line with a name beside its address, the address is taken.
    What stands there with no address near it is told as one that isn't any, never dropped.
    """
    found: list[TypedAddress] = []
    for part in _PARTS.split(_INVISIBLE.sub("", words)):
        found.extend(judged(piece) for piece in _pieces(part.replace(_MARK, "")))
    return tuple(found)


def _pieces(part: str) -> Iterator[str]:
    """The possible addresses of one line, without the names beside them."""
    bare = _QUOTED_NAME.sub(" ", part)
    # Brackets mark for certain which words are the address and that those before are its name.
    marked = _BRACKETED.sub(lambda hit: f" {_MARK}{''.join(hit.group(1).split())} ", bare)
    has_address = "@" in marked or _MARK in marked
    for run in _COMMAS.split(marked):
        words = [_trimmed(word) for word in run.split()]
        words = [word for word in words if word.strip(_MARK)]
        if not words:
            continue
        if not has_address:
            yield " ".join(words)
            continue
        for word in words:
            if word.startswith(_MARK) or "@" in word or not _WORD_OF_A_NAME.fullmatch(word):
                yield word.removeprefix(_MARK)


def _trimmed(word: str) -> str:
    """A word without the punctuation that a sentence or another program put around it."""
    marked = word.startswith(_MARK)
    plain = word.removeprefix(_MARK).lstrip(_AROUND).rstrip(_BEHIND)
    if plain.casefold().startswith("mailto:"):
        plain = plain[len("mailto:") :].partition("?")[0]
    # Of a name like “Dr.” the dot is kept away; of “it@.” nothing more is left than the fault.
    return (_MARK if marked else "") + plain


def judged(text: str) -> TypedAddress:
    """One piece as an address, with what is wrong with it."""
    name, at, domain = text.partition("@")
    if not at:
        return TypedAddress(text=text, fault=AddressFault.NO_AT)
    if "@" in domain:
        return TypedAddress(text=text, fault=AddressFault.TWO_ATS)
    if not name:
        return TypedAddress(text=text, fault=AddressFault.NOTHING_BEFORE)
    if not domain:
        return TypedAddress(text=text, fault=AddressFault.NOTHING_AFTER)
    fault, piece = _fault_of(name, domain)
    return TypedAddress(text=text, fault=fault, piece=piece)


def _fault_of(name: str, domain: str) -> tuple[AddressFault | None, str]:
    labels = domain.split(".")
    if len(name) + len(domain) >= LONGEST or len(name) > _LONGEST_NAME:
        return AddressFault.TOO_LONG, ""
    if any(len(label) > _LONGEST_LABEL for label in labels):
        return AddressFault.TOO_LONG, ""
    odd = _odd_character(name, domain)
    if odd:
        return AddressFault.CHARACTER, odd
    if "" in name.split(".") or "" in labels:
        return AddressFault.DOTS, ""
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return AddressFault.CHARACTER, "-"
    ending = labels[-1]
    # An ending is letters, or the coded form of letters (RFC 3490); never a number alone.
    if len(labels) < 2 or len(ending) < 2 or ending.isdecimal():
        return AddressFault.NO_ENDING, ""
    return None, ""


def _odd_character(name: str, domain: str) -> str:
    """The first character that can't stand where it stands."""
    for character in name:
        if not _LOCAL.fullmatch(character) or character.isspace() or not character.isprintable():
            return character
    for character in domain.replace(".", ""):
        if not _LABEL.fullmatch(character) or character == "_":
            return character
    return ""
