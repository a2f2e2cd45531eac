"""The answers of one helpdesk page: each one once, on a disk of their own until the page's end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from wizard.content.desk_report import DeskFacts, answer_html
from wizard.core.people import Explanation

__all__ = ["DeskAnswers"]


@dataclass(kw_only=True)
class DeskAnswers:
    """Writes answers to `spool`; in memory is only which is which, and where.

    Where nobody is named, neither the number of an answer nor its place on the page tells in which
    order people came: that is the order of their names.
    """

    spool: BinaryIO
    _by_key: dict[tuple[object, ...], int] = field(default_factory=dict)
    _by_text: dict[bytes, int] = field(default_factory=dict)
    _places: list[tuple[int, int, int]] = field(default_factory=list)
    _size: int = 0

    def number(self, key: tuple[object, ...], told: Explanation, facts: DeskFacts) -> int:
        """The number of this answer, which is written where it is new.

        Two with the same `key` have the same answer; () for one that has to be told to be known.
        """
        known = self._by_key.get(key) if key else None
        if known is not None:
            return known
        words = answer_html(told, 0, facts).partition(">")[2]
        digest = hashlib.sha256(words.encode()).digest()
        known = self._by_text.get(digest)
        if known is None:
            # By its own words: they name nobody, so neither does what is made of them.
            known = int.from_bytes(digest[:8], "big") if facts.salt else len(self._by_text) + 1
            self._by_text[digest] = known
            self._write(known, f'<article id="a{known}">{words}')
        if key:
            self._by_key[key] = known
        return known

    def written(self) -> Iterator[str]:
        """All answers by number, when no more will come."""
        for _, start, size in sorted(self._places):
            self.spool.seek(start)
            yield self.spool.read(size).decode()

    def _write(self, number: int, text: str) -> None:
        told = text.encode()
        self.spool.write(told)
        self._places.append((number, self._size, len(told)))
        self._size += len(told)
