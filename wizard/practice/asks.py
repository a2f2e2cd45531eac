"""What the control interface is asked: the bodies of its requests, strictly typed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from wizard.practice.account.settings import SettingsPatch
from wizard.practice.google.directory import Listing
from wizard.practice.google.signin import Ending
from wizard.practice.traffic import Action, StandIn

__all__ = [
    "Activation",
    "Archive",
    "Clock",
    "Endings",
    "Expire",
    "Hire",
    "Install",
    "LetGo",
    "Listed",
    "Move",
    "NewFault",
    "NewLatency",
    "OtherSettings",
    "Outage",
    "PutAccount",
    "Rename",
    "Role",
    "Sight",
    "Suspend",
    "Switch",
    "Withhold",
]

Which = Literal["all", "account", "google"]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]


class Hire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody new; what is left empty is invented."""

    given_name: str = ""
    family_name: str = ""
    address: str = ""
    unit_path: str = "/Sales"


class PutAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SCIM resource; `id` names the account that it replaces, '' makes a new one."""

    organizational_unit_id: str
    resource: dict[str, object]
    id: str = ""


class Rename(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`who` is an id, an address, an alias or 'any', here and below."""

    who: str = "any"
    given_name: str | None = None
    family_name: str | None = None
    address: str | None = None


class LetGo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person, or `count` of them."""

    who: str = "any"
    count: Count | None = None


class Suspend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Suspended, or no longer."""

    who: str = "any"
    suspended: bool = True


class Archive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Archived, or no longer."""

    who: str = "any"
    archived: bool = True


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An admin of the whole directory, of a part of the rights, or none."""

    who: str
    role: Literal["full", "delegated", "none"]


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Into the unit with this path."""

    unit_path: str
    who: str = "any"


class NewFault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See `traffic.Fault`."""

    stand_in: StandIn
    method: str = "*"
    path_prefix: str = "/"
    contains: str = ""
    nth: Count = 1
    every: NotNegative = 0
    times: NotNegative = 1
    action: Action = Action.STATUS
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 503
    body: str = ""
    retry_after: NotNegative | None = None


class NewLatency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many milliseconds for each request below a path."""

    stand_in: StandIn
    ms: Annotated[int, msgspec.Meta(ge=0, le=600_000)]
    path_prefix: str = "/"


class Outage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cut off, for some seconds or until taken back."""

    stand_in: Which = "all"
    on: bool = True
    seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None


class Expire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Access tokens; refresh tokens on demand."""

    stand_in: Which = "all"
    refresh: bool = False


class Switch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On or off."""

    on: bool = True


class Endings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a sign-in ends once an account was chosen."""

    google: Ending


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By how many seconds the clocks of all stand-ins are ahead, as their answers tell the time."""

    seconds: Annotated[int, msgspec.Meta(ge=-86_400, le=86_400)] = 0


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the list of people ends."""

    ends: Listing = Listing.WHOLE


class Sight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Delegated admins see the unit `below` alone; so many of those in scope lists leave out."""

    below: str = ""
    hidden: NotNegative = 0


class Withhold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scopes by the last word of their names, such as `group.member`; none gives all back."""

    scopes: tuple[str, ...] = ()


class OtherSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that somebody else saves."""

    settings: SettingsPatch
    organization_account_id: str = ""


class Install(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The service's app at Google, for a domain."""

    domain: str = "nordby.example"
    installed: bool = True


class LeaseLife(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many seconds a syncer lease lasts; null: three intervals, as the settings have them."""

    seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None


class Activation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How new connections become active, and installed apps seen: after so many seconds.

    `next_failure` is a status code for the next one; with `needs_app` no connection becomes
    active whose domain has no app.
    """

    seconds: Annotated[float, msgspec.Meta(ge=0)] | None = None
    needs_app: bool | None = None
    next_failure: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,60}$")] | None = None
