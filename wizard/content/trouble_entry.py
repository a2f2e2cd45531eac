"""The shape of one entry in the tables of words for troubles, and the lines they share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wizard.content.text import N_, Message

__all__ = ["SAFE_NOTHING", "SAFE_STEPS", "SAFE_SYNC", "SAFE_UNDONE", "Entry", "Who"]


class Who(StrEnum):
    """Who can put a trouble right."""

    ANYONE = "anyone"
    OWNER = "owner"
    FULL_ADMIN = "full-admin"
    IT = "it"
    SUPPORT = "support"


SAFE_STEPS = N_("Your steps are saved. You can go on from here.")
SAFE_NOTHING = N_("Nothing was changed, and your steps are saved.")
SAFE_SYNC = N_("Nobody lost an account. What was not read is not taken for gone.")
SAFE_UNDONE = N_("What was written stays. The next sync goes on from there.")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Words for one code: title up to 60 characters, sentences up to 200, `{facts}` to fill.

    `topic` is the id of the help topic that opens beside it.
    """

    title: Message
    happened: Message
    to_do: Message
    topic: str
    safe: Message = SAFE_STEPS
    who: Who = Who.ANYONE
