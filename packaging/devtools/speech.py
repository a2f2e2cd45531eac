"""What the development commands say on the terminal, and the one way they stop short."""

from __future__ import annotations

import sys
from collections.abc import Sequence


class Missing(Exception):
    """Something the command needs is not there; the message says what and how to get it."""


class Failed(Exception):
    """A program that the command started did not succeed; the message names it."""


def say(sentence: str) -> None:
    """Tell the person what happens now, at once even when the output goes to a file."""
    print(sentence, flush=True)


def warn(sentence: str) -> None:
    """Tell what a person should know though the command goes on."""
    print(sentence, file=sys.stderr, flush=True)


def as_typed(command: Sequence[str]) -> str:
    """A command as one would type it, for messages; never handed to a shell."""
    return " ".join(f'"{part}"' if " " in part else part for part in command)
