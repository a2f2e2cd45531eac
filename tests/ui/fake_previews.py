"""More about previews, in memory: whether one holds, one person of it, the difference to now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.runs import PlanKind
from wizard.services.contract.previewing import (
    Evidence,
    FoundPreview,
    Outdated,
    PersonView,
    WideningView,
)

if TYPE_CHECKING:
    from tests.ui.fake_workbench import FakeWorkbench

__all__ = ["FakePreviews"]


class FakePreviews:
    """`wizard.services.contract.previewing.PreviewCalls`; a test says why one holds no more."""

    def __init__(self, bench: FakeWorkbench) -> None:
        self._bench = bench
        self.notifies = False
        self.outdated: Outdated | None = None
        self.against = WideningView(in_place=0, more=0, fewer=0)
        self.known: dict[str, PersonView] = {}

    def found(self, cancel: Cancel) -> FoundPreview:
        self._bench.step("found_preview", cancel)
        draft = self._bench.drafts.look(cancel)
        why, self.outdated = self.outdated, None
        view = None if why is not None else self._bench.last_preview()
        return FoundPreview(view=view, outdated=why, draft=draft)

    def person(self, run_id: str, user_id: str, cancel: Cancel) -> PersonView | None:
        self._bench.step("preview_person", cancel)
        row = next((one for one in self._bench.rows if one.user_id == user_id), None)
        if row is None:
            return None
        evidence = Evidence.OUT_OF_SCOPE if row.kind is PlanKind.DEACTIVATE else None
        usual = PersonView(
            kind=row.kind,
            reason=row.reason,
            held=False,
            unit="/Halden Freight/Sales",
            state=UserState.ACTIVE,
            evidence=evidence,
        )
        return self.known.get(user_id, usual)

    def widening(self, run_id: str) -> WideningView:
        self._bench.step("widening")
        return self.against

    def save(self, run_id: str, path: Path, *, kinds: frozenset[PlanKind], search: str) -> int:
        self._bench.step("save_plan")
        rows = self._bench.matching(kinds, search)
        path.write_text("\n".join(row.address for row in rows), encoding="utf-8")
        return len(rows)
