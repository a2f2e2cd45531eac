"""Work of a page that must come to its end, also where the person turns to another page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from wizard.core.trouble import Trouble
from wizard.services.contract import SchedulerState, Workbench
from wizard.services.jobs import JobContext, Lane
from wizard.services.keeping import asks_person
from wizard.ui.page import Desk, Page, SecretsWanted

__all__ = ["desk_to_the_end", "with_sync_stopped", "work_to_the_end"]

T = TypeVar("T")


def work_to_the_end(
    part: QWidget,
    page: Page,
    call: Callable[[JobContext], T],
    done: Callable[[T], None],
    failed: Callable[[Trouble], None],
    progress: Callable[[object], None] | None = None,
) -> None:
    """As `desk_to_the_end`, for a part of this page."""
    desk_to_the_end(part, page.desk, call, done, failed, progress)


def desk_to_the_end(
    part: QObject,
    desk: Desk,
    call: Callable[[JobContext], T],
    done: Callable[[T], None],
    failed: Callable[[Trouble], None],
    progress: Callable[[object], None] | None = None,
) -> None:
    """Do this off the window's thread; only the window's end cancels it.

    `part` hears the outcome as long as it is there, shown or not; the desk itself is there as
    long as the window. Where sign-ins can't be kept, the person is asked and the call is made
    again.
    """
    there: list[QObject] = [part]
    part.destroyed.connect(there.clear)

    def end(outcome: T) -> None:
        if there:
            done(outcome)

    def fail(trouble: Trouble) -> None:
        if not there:
            return
        if asks_person(trouble.code, trouble.facts):
            wanted = SecretsWanted(
                trouble=trouble,
                again=lambda: desk_to_the_end(part, desk, call, done, failed, progress),
                refused=lambda: failed(trouble),
            )
            desk.secrets_wanted.emit(wanted)
        else:
            failed(trouble)

    def heard(event: object) -> None:
        if there and progress is not None:
            progress(event)

    desk.jobs.start(Lane.NET, call, done=end, failed=fail, progress=heard)


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
