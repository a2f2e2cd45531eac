"""The lines of the command line about taking a run back."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.content.reasons import kind_label, why
from wizard.content.text import t
from wizard.content.undo import effect_words, undo_title
from wizard.core.runs import PersonPlan, RunReport
from wizard.services.contract.undoing import UndoView

__all__ = ["GO_ON", "standing_still", "standstill_lines", "undo_lines", "yes_lines"]

GO_ON = "enterprise-connect sync"
"""The command by which a person syncs again after a run was taken back."""


def undo_lines(view: UndoView, rows: Sequence[PersonPlan]) -> list[str]:
    """What taking it back would do, and to whom."""
    lines = [undo_title(view.people)]
    lines += [f"{number:>9,}  {words}" for number, words in effect_words(view)]
    if rows:
        lines.append("")
    lines += [f"  {kind_label(row.kind):<10} {row.address:<40} {why(row)}" for row in rows]
    return lines


def yes_lines(view: UndoView) -> list[str]:
    """How to do what was shown."""
    command = f"enterprise-connect undo {view.undone} --yes {view.people}"
    return [
        "",
        t("Nothing was changed. To take exactly this back: {command}", command=command),
        "  " + t("Put right first what led to it, or the next sync does the same again."),
    ]


def standing_still() -> list[str]:
    """Why the schedule does not begin."""
    return [
        t("A sync was taken back, so the schedule stands still until somebody syncs."),
        t("Then go on: {command}", command=GO_ON),
    ]


def standstill_lines(report: RunReport) -> list[str]:
    """What comes next: the schedule stands still, other ways to sync don't."""
    if not report.done.writes:
        return []
    return [
        "",
        t("Every schedule, on other computers too, stands still until somebody syncs."),
        t("Put right first what led to it, or the next sync does the same again."),
        t("Then go on: {command}", command=GO_ON),
    ]
