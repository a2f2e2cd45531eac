"""Writes a word of a command line so that any shell it is pasted into takes it as one word."""

from __future__ import annotations

import re

__all__ = ["command_word"]

_PLAIN = re.compile(r"[\w./][\w./+=:-]*")
_SPECIAL = frozenset('"$`\\!%')
"""What a shell reads in double quotes as well: sh, PowerShell or cmd, by what each documents."""


def command_word(word: str) -> str | None:
    """The word, in double quotes where it has to be; None where no quotes hold in every shell.

    A word that begins with a hyphen is a name in this folder, not an option.
    """
    if word.startswith("-"):
        word = f"./{word}"
    if _PLAIN.fullmatch(word):
        return word
    if not word or not word.isprintable() or _SPECIAL & set(word):
        return None
    return f'"{word}"'
