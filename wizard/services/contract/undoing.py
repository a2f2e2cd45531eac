"""Taking a past run back: what that would do to whom, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.runs import HeldKind, PlanCounts, RunProgress, RunReport, Trigger

__all__ = ["UndoView", "UndoingCalls"]


@dataclass(frozen=True, kw_only=True)
class UndoView:
    """What taking the run `undone` back would do; its rows are `Workbench.plan_rows` of `run_id`.

    The `people` are those whose account that run `made`, who `returned` then and are deactivated
    again, who left then and are `reactivated`, whose account was there before and is `given_back`,
    no longer kept in step, and who get `changed` values back. `deactivated` lose access, of
    whichever of these. `left_alone` can't be taken back. `held` kinds are beyond the safety limits.
    """

    run_id: str
    undone: str
    undone_at: datetime | None
    counts: PlanCounts
    people: int
    made: int = 0
    deactivated: int = 0
    returned: int = 0
    reactivated: int = 0
    given_back: int = 0
    changed: int = 0
    left_alone: int = 0
    held: tuple[tuple[HeldKind, int], ...] = ()

    @property
    def asks_number(self) -> bool:
        """Whether doing it needs the number of people: somebody loses access, or a limit holds."""
        return bool(self.deactivated or self.held)


class UndoingCalls(Protocol):
    """Each call blocks on the network and waits for a run that is under way."""

    def look(self, run_id: str, listen: Callable[[RunProgress], None], cancel: Cancel) -> UndoView:
        """What taking this run back would do, by the accounts as they are now; nothing is written.

        `Trouble(RUN_NOT_KNOWN)` where this computer keeps no such run.
        """
        ...

    def last(self) -> str:
        """The newest sync that changed anybody, '' for none; also one that was killed meanwhile.

        Never a run that took one back.
        """
        ...

    def carry_out(
        self,
        view: UndoView,
        typed: int,
        listen: Callable[[RunProgress], None],
        cancel: Cancel,
        *,
        trigger: Trigger = Trigger.PERSON,
    ) -> RunReport:
        """Do what the view showed, and nothing else; a run of its own, also told to the service.

        `typed` is how many people the person counted, or, where no number is asked for, the
        view's own. `Trouble`: approval-outdated where it is another one, not-the-syncer,
        sync-already-running. What was approved by it counts for this, and is over with it.
        """
        ...
