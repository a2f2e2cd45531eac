"""The shape of one entry in the tables of words for troubles, and the lines they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from wizard.content.text import N_, Message

__all__ = ["SAFE_NOTHING", "SAFE_STEPS", "SAFE_SYNC", "SAFE_UNDONE", "THIS_ADDRESS", "Entry", "Who"]


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


NONE: Mapping[str, Message] = MappingProxyType({})
THIS_ADDRESS: Mapping[str, Message] = MappingProxyType({"address": N_("this address")})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Words for one code: title up to 60 characters, sentences up to 200, `{facts}` to fill.

    `topic` is the id of the help topic that opens beside it. `stand_ins` fill places whose fact
    is missing, where this entry needs other words than `troubles.DEFAULTS`.
    """

    title: Message
    happened: Message
    to_do: Message
    topic: str
    stand_ins: Mapping[str, Message] = field(default_factory=lambda: NONE)
    safe: Message = SAFE_STEPS
    who: Who = Who.ANYONE
