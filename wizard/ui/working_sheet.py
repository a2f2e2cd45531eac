"""A sheet that works off the window's thread: what comes after it was closed is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QHideEvent

from wizard.core.trouble import Trouble
from wizard.services.jobs import Job, JobContext, Lane
from wizard.services.keeping import asks_person
from wizard.ui.page import Desk, SecretsWanted
from wizard.ui.widgets.sheet import Sheet

__all__ = ["WorkingSheet"]

T = TypeVar("T")


class WorkingSheet(Sheet):
    """`work` is to a sheet what `Page.work` is to a page."""

    def __init__(self, desk: Desk, title: str, *, name: str) -> None:
        super().__init__(title, name=name)
        self.desk = desk
        self._jobs: list[Job] = []

    def work(
        self,
        call: Callable[[JobContext], T],
        done: Callable[[T], None],
        failed: Callable[[Trouble], None],
        progress: Callable[[object], None] | None = None,
        *,
        lane: Lane = Lane.NET,
    ) -> None:
        """Do something off this thread.

        Where sign-ins can't be kept, the person is asked and the call is made again.
        """
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and holder[0] in self._jobs

        def end(outcome: T) -> None:
            if mine():
                self._jobs.remove(holder[0])
                done(outcome)

        def fail(trouble: Trouble) -> None:
            if not mine():
                return
            self._jobs.remove(holder[0])
            if asks_person(trouble.code, trouble.facts):
                wanted = SecretsWanted(
                    trouble=trouble,
                    again=lambda: self.work(call, done, failed, progress, lane=lane),
                    refused=lambda: failed(trouble),
                )
                self.desk.secrets_wanted.emit(wanted)
            else:
                failed(trouble)

        def heard(event: object) -> None:
            if mine() and progress is not None:
                progress(event)

        job = self.desk.jobs.start(lane, call, done=end, failed=fail, progress=heard)
        holder.append(job)
        self._jobs.append(job)

    def stop(self) -> None:
        """Cancel what is under way; its outcome is dropped."""
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.cancel()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is under way is of no use to a sheet that was taken away."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.stop()
