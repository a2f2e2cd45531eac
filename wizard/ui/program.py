"""The window's life: made, painted, brought to the front, and closed with everything stopped."""

from __future__ import annotations

import gc
import logging

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.flow.graph import resume
from wizard.services.contract import ProfileView, Workbench
from wizard.services.jobs import JobContext, Jobs, Lane
from wizard.ui.bridge import Deliverer
from wizard.ui.frame import Frame
from wizard.ui.help_source import HelpSource
from wizard.ui.page import Desk
from wizard.ui.pages.registry import PAGES

__all__ = ["Program"]

log = logging.getLogger(__name__)

_LATEST_MS = 3000
"""When work begins at the latest, painted or not."""


class Program(QObject):
    """Owns the jobs and the frame of one workbench; `ended` once all of it has stopped."""

    ended = Signal()
    _front = Signal()

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._deliverer = Deliverer(self)
        self.jobs = Jobs(self._deliverer.deliver, held=True)
        walk = resume(bench.walk)
        if walk != bench.walk:
            bench.go(walk)
        desk = Desk(bench, self.jobs)
        self.frame = Frame(desk, PAGES, at_home=walk.step is StepId.DONE)
        self.frame.closing.connect(self._stop)
        desk.leave_practice.connect(self._ask_to_leave)
        self._front.connect(self._come_forward, Qt.ConnectionType.QueuedConnection)
        self._stopping = False
        self._leaves_practice = False
        self._went_on = False

    def show(self) -> None:
        """Show the window; what it does not need for its first picture is read afterwards."""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._after_paint)
        self.frame.painted.connect(self._late.stop)
        self.frame.painted.connect(self._after_paint)
        self.frame.show()
        # A window that opens minimized or on another screen is not painted for now.
        self._late.start(_LATEST_MS)

    def _after_paint(self) -> None:
        if self._went_on:
            return
        self._went_on = True
        # What was made until now stays to the end: the collector need not look at it again,
        # which would stop the window for a moment whenever a sync makes many things.
        gc.freeze()
        self.jobs.release()
        self.jobs.start(
            Lane.NET, lambda _job: self._read_help(), done=self.frame.use_help, failed=_no_help
        )
        self.frame.tell_notices()
        answers = self._bench.answers
        if answers.provisioning_on and answers.first_sync_done:
            self._bench.schedule.start()

    def _read_help(self) -> HelpSource:
        from wizard.ui.help_content import ContentHelp

        return ContentHelp(self._bench.profile)

    def close_soon(self) -> None:
        """May be called on any thread: close as the window's own button does."""
        self._deliverer.deliver(lambda: _close(self.frame))

    def tell_mistake(self, trouble: Trouble) -> None:
        """May be called on any thread, while painting too: say it above the page, once."""
        self._deliverer.deliver(lambda: self.frame.notices.tell_open(trouble))

    def bring_to_front(self) -> None:
        """May be called on any thread: another copy was started."""
        self._front.emit()

    def _come_forward(self) -> None:
        frame = self.frame
        frame.setWindowState(frame.windowState() & ~Qt.WindowState.WindowMinimized)
        frame.show()
        frame.raise_()
        frame.activateWindow()
        QApplication.alert(frame)

    def _ask_to_leave(self) -> None:
        self.jobs.start(
            Lane.NET,
            lambda _job: tuple(self._bench.real_profiles()),
            done=self._show_way_on,
            # A profile that an administrator laid down wrongly is as good as none here.
            failed=lambda _trouble: self._show_way_on(()),
        )

    def _show_way_on(self, installed: tuple[ProfileView, ...]) -> None:
        from wizard.ui.leave_sheet import LeaveSheet

        sheet = LeaveSheet(installed)
        sheet.left.connect(self._leave_practice)
        self.frame.desk.sheet_wanted.emit(sheet)

    def _leave_practice(self) -> None:
        self._leaves_practice = True
        self.frame.close()

    # -------------------------------------------------------- the end

    def _stop(self) -> None:
        """Stop everything off this thread, then let the window go."""
        if self._stopping:
            return
        self._stopping = True
        from wizard.ui.leaving import Leaving

        Leaving(self.frame)
        self.jobs.start(
            Lane.NET,
            self._close_bench,
            done=lambda _nothing: self._stopped(),
            failed=self._stopped_badly,
        )

    def _close_bench(self, job: JobContext) -> None:
        """In a job: first whatever uses databases and connections, then those."""
        self.jobs.end_others(job.cancel)
        try:
            if self._leaves_practice:
                self._bench.forget_practice()
        finally:
            self._bench.close()

    def _stopped_badly(self, trouble: Trouble) -> None:
        del trouble  # it is in the log; the window goes all the same
        self._stopped()

    def _stopped(self) -> None:
        self.jobs.close()
        self._deliverer.close()
        self.frame.allow_close()
        self.ended.emit()


def _no_help(trouble: Trouble) -> None:
    if trouble.code is Code.CANCELLED:
        return  # the window closes before its help was read
    log.warning("the help could not be read: %s", trouble.code.value)


def _close(frame: Frame) -> None:
    frame.close()
