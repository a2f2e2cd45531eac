"""A draft of the settings: what the service has now, and both brought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.flow.merging import Merge
from wizard.services.contract.views import SettingsView

__all__ = ["DraftCalls", "DraftView"]


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """The settings as the service has them, and the draft to go on with.

    `merge` is there where somebody else saved since the draft was made: `draft` then is the
    merge's settings. While conflicts are open the kept draft stays as it was.
    """

    service: SettingsView
    draft: ProvisioningSettings
    merge: Merge | None = None


class DraftCalls(Protocol):
    """The draft that the scope, preview and provisioning pages share (`Answers.draft`)."""

    def look(self, cancel: Cancel) -> DraftView:
        """Read the settings, and bring the draft up to them; raises `Trouble`.

        A merge without conflicts is kept as the draft at once.
        """
        ...
