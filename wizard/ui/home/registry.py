"""Which page draws which part of Home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.ui.home.ids import HomeId
from wizard.ui.home.page import HomePage
from wizard.ui.page import Desk

__all__ = ["HOME_PAGES"]


def _overview(desk: Desk) -> HomePage:
    from wizard.ui.home.overview import OverviewPage

    return OverviewPage(desk)


def _members(desk: Desk) -> HomePage:
    from wizard.ui.home.members import MembersPage

    return MembersPage(desk)


def _organization_account(desk: Desk) -> HomePage:
    from wizard.ui.home.organization_account import OrganizationAccountPage

    return OrganizationAccountPage(desk)


def _activity(desk: Desk) -> HomePage:
    from wizard.ui.home.activity import ActivityPage

    return ActivityPage(desk)


def _settings(desk: Desk) -> HomePage:
    from wizard.ui.home.settings import SettingsPage

    return SettingsPage(desk)


HOME_PAGES: Mapping[HomeId, Callable[[Desk], HomePage]] = MappingProxyType(
    {
        HomeId.OVERVIEW: _overview,
        HomeId.MEMBERS: _members,
        HomeId.ORGANIZATION_ACCOUNT: _organization_account,
        HomeId.ACTIVITY: _activity,
        HomeId.SETTINGS: _settings,
    }
)
"""How a page of Home is made; imported when it is first shown, so that the window opens fast.

The rail has exactly these pages, in the order of `HomeId`.
"""
