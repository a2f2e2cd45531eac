"""The page of the documentation that lists every trouble, made from what a proof saw."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from proofs.word_table import Row

__all__ = ["page_words", "write_page"]

_BEGIN = """# What can go wrong, and what the window says

Every code is provoked in the real window by `packaging/dev.py prove every-word`, which reads the
words, the help topic and takes a picture, and fails where one is missing or no code was expected.
Pictures lie beside the table that it writes, under the names below. This page is what one run saw.

| code | title, and what to do | help topic | provoked by | picture |
|---|---|---|---|---|
"""
_NEVER = """
## What nobody meets on this path

A code has to stand in the table above or here; a quick test says so.

"""
_PLACES = re.compile(r"(?<![\w/])/(?:[^\s/]+/)+")
_PORTS = re.compile(r"127\.0\.0\.1:\d+")
_MOMENTS = re.compile(r"damaged-\d{8}T\d+Z")


def page_words(rows: Sequence[Row], never: Mapping[str, str]) -> str:
    """The page: one line for each way in which a code was told, then those that can't be met."""
    lines = [
        f"| `{row.code}` | {_plain(_said(row))} | {_plain(row.topic)} |"
        f" {_plain(row.page)}: {_plain(row.cause)} | {_picture(row.picture)} |"
        for row in sorted(rows, key=lambda row: (row.code, row.page))
    ]
    reasons = [f"- `{code}`: {reason}." for code, reason in sorted(never.items())]
    return _BEGIN + "\n".join(lines) + "\n" + _NEVER + "\n".join(reasons) + "\n"


def write_page(folder: Path, rows: Sequence[Row], never: Mapping[str, str]) -> Path:
    """Write the page into a folder."""
    path = folder / "what-goes-wrong.md"
    path.write_text(page_words(rows, never), encoding="utf-8")
    return path


def _said(row: Row) -> str:
    if row.happened.startswith(row.title):
        return row.happened
    return f"**{row.title}.** {row.happened} {row.to_do}".strip()


def _picture(name: str) -> str:
    """Without its number, which is another one in the next run."""
    return f"`{re.sub(r'[0-9]+-', '', name, count=1)}`"


def _plain(words: str) -> str:
    """Without places and ports of the computer that the proof ran on."""
    plain = _MOMENTS.sub("damaged", _PLACES.sub("…/", words))
    return _PORTS.sub("127.0.0.1", plain).replace("|", "/").replace("\n", " ")
