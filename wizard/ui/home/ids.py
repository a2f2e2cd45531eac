"""The pages of Home by name."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["HomeId"]


class HomeId(StrEnum):
    """The pages of Home, in the order of its rail."""

    OVERVIEW = "overview"
    MEMBERS = "members"
    ORGANIZATION_ACCOUNT = "organization-account"
    ACTIVITY = "activity"
    SETTINGS = "settings"
