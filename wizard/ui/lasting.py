"""Work of a page that must come to its end, also where the person turns to another page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from wizard.core.trouble import Trouble
from wizard.services.contract import SchedulerState, Workbench
from wizard.services.jobs import JobContext, Lane
from wizard.services.keeping import asks_person
from wizard.ui.page import Page

__all__ = ["with_sync_stopped", "work_to_the_end"]

T = TypeVar("T")


def work_to_the_end(
    part: QWidget,
    page: Page,
    call: Callable[[JobContext], T],
    done: Callable[[T], None],
    failed: Callable[[Trouble], None],
    progress: Callable[[object], None] | None = None,
) -> None:
    """Do this off the window's thread; only the window's end cancels it.

    `part` hears the outcome as long as it is there, shown or not. Where sign-ins can't be kept,
    the person is asked and the call is made again.
    """
    there = [part]
    part.destroyed.connect(there.clear)

    def end(outcome: T) -> None:
        if there:
            done(outcome)

    def fail(trouble: Trouble) -> None:
        if not there:
            return
        if asks_person(trouble.code, trouble.facts):
            page.ask_secrets(
                trouble,
                lambda: work_to_the_end(part, page, call, done, failed, progress),
                lambda: failed(trouble),
            )
        else:
            failed(trouble)

    def heard(event: object) -> None:
        if there and progress is not None:
            progress(event)

    page.desk.jobs.start(Lane.NET, call, done=end, failed=fail, progress=heard)


def with_sync_stopped(bench: Workbench, call: Callable[[], T]) -> T:
    """Do, in a job, what ends something that the sync lives on: it is stopped before.

    Where that is refused, a sync that was going on goes on. One that was not (a computer that
    only watches, say) is not begun by it.
    """
    synced = bench.schedule.view().state is not SchedulerState.STOPPED
    # No run may begin or go on with what is about to end.
    bench.schedule.stop()
    try:
        return call()
    except Trouble:
        if synced and bench.answers.organization_account_id:
            bench.schedule.start()
        raise
