"""The first page of Home."""

from __future__ import annotations

from wizard.ui.home.ids import HomeId
from wizard.ui.home.page import HomePage

__all__ = ["OverviewPage"]


class OverviewPage(HomePage):
    """How things stand."""

    home = HomeId.OVERVIEW

    def build(self) -> None:
        self.content.addStretch()
