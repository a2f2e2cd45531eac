"""What may stand behind an option, read as people write it, and told in words where it is wrong."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from wizard.content.text import t
from wizard.core.runs import HeldKind

__all__ = ["approval", "count", "minutes"]

_DURATION = re.compile(r"(\d{1,4}) *(m|min|h)?")


def count(lowest: int, highest: int) -> Callable[[str], int]:
    """Reads a whole number between these two, both included."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError as problem:
            raise argparse.ArgumentTypeError(t("{text} is no number", text=text)) from problem
        if not lowest <= number <= highest:
            raise argparse.ArgumentTypeError(
                t("between {low} and {high}", low=f"{lowest:,}", high=f"{highest:,}")
            )
        return number

    return read


def minutes(text: str) -> int:
    """A time such as `30m` or `2h`, in minutes."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(t("{text} is no time; write 30m or 2h", text=text))
    number = int(found[1]) * (60 if found[2] == "h" else 1)
    if not 5 <= number <= 24 * 60:
        raise argparse.ArgumentTypeError(t("between 5m and 24h"))
    return number


def approval(text: str) -> tuple[HeldKind | None, int]:
    """Such as `leave=64`: the kind that was held back, and how many the person has counted.

    A number alone is about the one kind that is held; the kind is None then.
    """
    kind, parted, number = text.rpartition("=")
    if not number.isascii() or not number.isdigit() or (parted and kind not in set(HeldKind)):
        raise argparse.ArgumentTypeError(t("{text} is no approval; write leave=64", text=text))
    return HeldKind(kind) if kind else None, int(number)
