"""Drafts of the settings: brought up to what the service has when they are looked at."""

from __future__ import annotations

from dataclasses import replace

from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.flow.merging import Merge, merge
from wizard.services.contract.drafts import DraftView
from wizard.services.provisioning import Provisioning
from wizard.services.setup import SetUp

__all__ = ["Drafts"]


class Drafts:
    """See `wizard.services.contract.drafts.DraftCalls`."""

    def __init__(self, set_up: SetUp, provisioning: Provisioning) -> None:
        self._set_up = set_up
        self._provisioning = provisioning

    def look(self, cancel: Cancel) -> DraftView:
        """See `DraftCalls.look`."""
        view = self._provisioning.read(cancel)
        answers = self._set_up.answers
        draft, now = answers.draft, view.settings
        if draft is None:
            return DraftView(service=view, draft=now)
        if draft.version == now.version:
            return DraftView(service=view, draft=draft)
        base = self._provisioning.versions().of(answers.organization_account_id, draft.version)
        merged = merge(base, draft, now)
        if not merged.conflicts:
            self._keep(draft, merged)
        return DraftView(service=view, draft=merged.settings, merge=merged)

    def _keep(self, draft: ProvisioningSettings, merged: Merge) -> None:
        """The merge is the draft from now on, unless a person has changed it meanwhile."""
        self._set_up.happened(
            lambda known: (
                replace(
                    known,
                    draft=merged.settings,
                    preview_seen=known.preview_seen and not merged.scope_is_new,
                )
                if known.draft == draft
                else known
            )
        )
