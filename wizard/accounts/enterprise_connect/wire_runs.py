"""Runs as the contract tells them: written after a run, read to see what others did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from wizard.core.clock import to_text
from wizard.core.runs import (
    HeldKind,
    PlanCounts,
    PlanKind,
    RunOutcome,
    RunReport,
    RunSummary,
    Trigger,
)

__all__ = ["Recorded", "RecordedRun", "SyncRun", "run_of"]

_HELD = "held-"

Word = TypeVar("Word", bound=StrEnum)


class SyncRun(msgspec.Struct, frozen=True, kw_only=True):
    """`SyncRun` of the contract: a run's summary, as it is sent."""

    id: str
    started_at: str
    finished_at: str
    trigger: str
    outcome: str
    counts: dict[str, int]
    requests: int
    undoes: str | msgspec.UnsetType = msgspec.UNSET


def run_of(report: RunReport) -> SyncRun:
    """What a run did, in counts: what was done by kind, what failed and what the guard holds.

    `unchanged` are those who were in step before: nothing had to be done for them.
    """
    counts = {kind.value: getattr(report.done, kind.value) for kind in PlanKind}
    counts["unchanged"] = report.planned.unchanged
    counts["planned"] = report.planned.writes
    counts["failed"] = report.failed
    counts["people-read"] = report.people_read
    counts |= {f"{_HELD}{kind.value}": people for kind, people in report.held}
    return SyncRun(
        id=report.run_id,
        started_at=to_text(report.started_at),
        finished_at=to_text(report.finished_at),
        trigger=report.trigger.value,
        outcome=report.outcome.value,
        counts=counts,
        requests=report.requests,
        undoes=report.undoes or msgspec.UNSET,
    )


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What has to stand in the answer to a report: the run that is on record now."""

    id: str


class RecordedRun(msgspec.Struct, frozen=True, kw_only=True):
    """`SyncRun` of the contract, as it is read; other versions may use words of their own."""

    id: str
    started_at: datetime
    finished_at: datetime
    trigger: str
    outcome: str
    counts: dict[str, int] = {}
    requests: int = 0
    undoes: str = ""

    def read(self) -> RunSummary:
        """As the product has it."""
        return RunSummary(
            run_id=self.id,
            trigger=_known(Trigger, self.trigger),
            outcome=_known(RunOutcome, self.outcome),
            started_at=self.started_at,
            finished_at=self.finished_at,
            planned=self.counts.get("planned", 0),
            done=PlanCounts(**{kind.value: self.counts.get(kind.value, 0) for kind in PlanKind}),
            failed=self.counts.get("failed", 0),
            people_read=self.counts.get("people-read", 0),
            held=tuple(
                (kind, self.counts[f"{_HELD}{kind.value}"])
                for kind in HeldKind
                if self.counts.get(f"{_HELD}{kind.value}")
            ),
            requests=self.requests,
            undoes=self.undoes,
        )


def _known(words: type[Word], told: str) -> Word | None:
    return words(told) if told in set(words) else None
