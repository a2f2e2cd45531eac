"""What the panel says that takes a sync back: its numbers, its effects, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.content.text import t, tn
from wizard.core.runs import PlanCounts, PlanKind, RunReport
from wizard.ui.widgets.counts import Count

__all__ = ["KINDS", "result_words", "undo_cells"]

KINDS: Mapping[str, frozenset[PlanKind]] = MappingProxyType(
    {
        "leave": frozenset({PlanKind.DEACTIVATE}),
        "return": frozenset({PlanKind.REACTIVATE}),
        "change": frozenset({PlanKind.UPDATE, PlanKind.ADOPT}),
        "skip": frozenset({PlanKind.SKIP}),
    }
)
"""The kinds of rows behind each number."""


def undo_cells(counts: PlanCounts) -> list[Count]:
    """The strip's cells; they add up to everyone whom the sync had written."""
    changed = counts.update + counts.adopt
    return [
        Count(key="leave", words=t("Deactivate"), number=counts.deactivate, icon="minus"),
        Count(key="return", words=t("Active again"), number=counts.reactivate, icon="plus"),
        Count(key="change", words=t("As before"), number=changed, icon="again"),
        Count(key="skip", words=t("Stay as they are"), number=counts.skip, icon="pause"),
    ]


def result_words(report: RunReport) -> str:
    """What came of it, and what to do next."""
    done = tn(
        "**{count} account is as before.**",
        "**{count} accounts are as before.**",
        report.done.writes,
    )
    left = report.planned.skip + report.failed
    stayed = tn(
        "{count} stays as it is; its line says why.",
        "{count} stay as they are; each line says why.",
        left,
    )
    ahead = t("The sync pauses. Put right what led to it, then press Sync now on the Overview.")
    return " ".join((done, stayed, ahead) if left else (done, ahead))
