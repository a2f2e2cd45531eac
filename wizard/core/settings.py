"""The provisioning settings of an organization account, as the service keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["LeaverPolicy", "Limits", "ProvisioningSettings", "ScopeKind", "ScopeRule"]


class LeaverPolicy(StrEnum):
    """What happens to the account of somebody who left; deleting is no choice."""

    DEACTIVATE = "deactivate"
    KEEP = "keep"


class ScopeKind(StrEnum):
    """Everyone who is active, or whom the rules name."""

    EVERYONE = "everyone"
    RULES = "rules"


@dataclass(frozen=True, kw_only=True)
class ScopeRule:
    """Which directory users count, named by ids so that a rename changes nothing.

    With `RULES` a person counts who is named, or stands in a named unit (or below it), or in a
    named group (nested groups included); an exclusion always wins, with `EVERYONE` too.
    """

    kind: ScopeKind = ScopeKind.EVERYONE
    unit_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    exclude_unit_ids: tuple[str, ...] = ()
    exclude_group_ids: tuple[str, ...] = ()
    exclude_user_ids: tuple[str, ...] = ()

    @property
    def needs_groups(self) -> bool:
        """Whether membership has to be read at all."""
        return bool(self.group_ids or self.exclude_group_ids)


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
    protected: tuple[str, ...] = ()
    version: int = 0
