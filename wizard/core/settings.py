"""The provisioning settings of an organization account, as the service keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "AddressChoice",
    "AddressFallback",
    "AddressRule",
    "LeaverPolicy",
    "Limits",
    "NotActive",
    "ProvisioningSettings",
    "ScopeKind",
    "ScopeRule",
]


class LeaverPolicy(StrEnum):
    """What happens to the account of somebody who left; deleting is no choice."""

    DEACTIVATE = "deactivate"
    KEEP = "keep"


class ScopeKind(StrEnum):
    """Everyone who is active, or whom the rules name."""

    EVERYONE = "everyone"
    RULES = "rules"


class NotActive(StrEnum):
    """What becomes of the account of somebody whom the directory suspended or archived.

    Neither ever gives them an account, or leaves them an active one that the sync may switch
    off; `docs/decisions/0015-scope.md` says why there is no third.
    """

    LEAVE_OUT = "leave-out"
    """They are out of the scope: a leaver, whose account is kept where leavers are kept."""
    KEEP_INACTIVE = "keep-inactive"
    """The account is switched off at once, also where leavers are kept, and waits for them."""


@dataclass(frozen=True, kw_only=True)
class ScopeRule:
    """Which directory users count, named by ids so that a rename changes nothing.

    With `RULES` a person counts who is named, or stands in a named unit (or below it), or in a
    named group (nested groups included), or whose primary address is in a named domain (lower
    case); an exclusion always wins, with `EVERYONE` too.
    """

    kind: ScopeKind = ScopeKind.EVERYONE
    unit_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    exclude_unit_ids: tuple[str, ...] = ()
    exclude_group_ids: tuple[str, ...] = ()
    exclude_user_ids: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    exclude_domains: tuple[str, ...] = ()
    suspended: NotActive = NotActive.LEAVE_OUT
    archived: NotActive = NotActive.LEAVE_OUT

    @property
    def needs_groups(self) -> bool:
        """Whether membership has to be read at all."""
        return bool(self.group_ids or self.exclude_group_ids)


class AddressChoice(StrEnum):
    """Which of a person's addresses becomes the account."""

    PRIMARY = "primary"
    IN_DOMAIN = "in-domain"


class AddressFallback(StrEnum):
    """What holds for somebody without an address in the chosen domain."""

    PRIMARY = "primary"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, kw_only=True)
class AddressRule:
    """Which address becomes the account; `domain` (lower case) and `otherwise` for `IN_DOMAIN`.

    In the domain it is the primary address where that is there, else the alias that is called
    as the primary address is, else the first alias by the alphabet: the same at every read.
    """

    choice: AddressChoice = AddressChoice.PRIMARY
    domain: str = ""
    otherwise: AddressFallback = AddressFallback.PRIMARY


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a run stops and asks; percents of active links, whole people otherwise."""

    leave_percent: int = 5
    leave_max: int = 500
    change_percent: int = 10
    change_min: int = 50


@dataclass(frozen=True, kw_only=True)
class ProvisioningSettings:
    """The settings page. `version` is the service's; a draft keeps the one it was made from."""

    enabled: bool = False
    interval_minutes: int = 30
    leavers: LeaverPolicy = LeaverPolicy.DEACTIVATE
    grace_days: int = 7
    limits: Limits = field(default_factory=Limits)
    scope: ScopeRule = field(default_factory=ScopeRule)
    address: AddressRule = field(default_factory=AddressRule)
    protected: tuple[str, ...] = ()
    version: int = 0
