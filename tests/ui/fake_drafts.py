"""The settings draft in memory, brought together with what somebody else saves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.ui.sample import NOW
from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.flow.merging import merge
from wizard.services.contract import SettingsView
from wizard.services.contract.drafts import DraftView

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

__all__ = ["MAREN", "FakeDrafts"]

MAREN = "maren.dahl@halden-freight.example"


class FakeDrafts:
    """`wizard.services.contract.drafts.DraftCalls`; each version that was read is remembered."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self._read: dict[int, ProvisioningSettings] = {}

    def somebody_saves(self, **changed: object) -> None:
        """Maren saves other settings, just now."""
        bench = self._bench
        self._read.setdefault(bench.stored.version, bench.stored)
        bench.stored = replace(bench.stored, version=bench.stored.version + 1, **changed)  # type: ignore[arg-type] # fields by name
        bench.saved_by = MAREN

    def read(self, cancel: Cancel) -> SettingsView:
        """The settings as they are now, remembered by their version."""
        bench = self._bench
        view = replace(bench.settings(cancel), saved_by=bench.saved_by, saved_at=NOW)
        self.remember("", view.settings)
        return view

    def remember(self, _account: str, settings: ProvisioningSettings) -> None:
        """Know this version later on."""
        self._read[settings.version] = settings

    def of(self, _account: str, version: int) -> ProvisioningSettings | None:
        """What was read in this version."""
        return self._read.get(version)

    def look(self, cancel: Cancel) -> DraftView:
        bench = self._bench
        view = self.read(cancel)
        now = view.settings
        draft = bench.answers.draft
        if draft is None or draft.version == now.version:
            return DraftView(service=view, draft=draft or now)
        merged = merge(self._read.get(draft.version), draft, now)
        if not merged.conflicts:
            seen = bench.answers.preview_seen and not merged.scope_is_new
            bench.answers = replace(bench.answers, draft=merged.settings, preview_seen=seen)
        return DraftView(service=view, draft=merged.settings, merge=merged)
