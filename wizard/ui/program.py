"""The window's life: made, painted, brought to the front, and closed with everything stopped."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from wizard.ui.in_background import InBackground
    from wizard.ui.resuming import Resuming
    from wizard.ui.tray import Tray

__all__ = ["Program"]

log = logging.getLogger(__name__)

_LATEST_MS = 3000
"""When work begins at the latest, painted or not."""

_TRAY_MS = 60_000
"""How long a desktop that is just starting may take until its tray is there."""


class Program(QObject):
    """Owns the jobs and the frame of one workbench; `ended` once all of it has stopped."""

    ended = Signal()
    _front = Signal(str)

    def __init__(
        self,
        bench: Workbench,
        parent: QObject | None = None,
        *,
        make_tray: Callable[[], Tray] | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self._deliverer = Deliverer(self)
        self.jobs = Jobs(self._deliverer.deliver, held=True)
        walk = resume(bench.walk)
        if walk != bench.walk:
            bench.go(walk)
        desk = Desk(bench, self.jobs)
        at_home = walk.step is StepId.DONE or bool(walk.answers.looks_at)
        self.frame = Frame(desk, PAGES, at_home=at_home)
        self.frame.closing.connect(self._closing)
        self._make_tray = make_tray
        self._background: InBackground | None = None
        self._no_more_unsaved = bench.background.when_unsaved(self.tell_mistake)
        desk.leave_practice.connect(self._ask_to_leave)
        desk.real_wanted.connect(lambda: self._ask_to_leave(for_real=True))
        self._front.connect(self._asked_forward, Qt.ConnectionType.QueuedConnection)
        self._stopping = False
        self._leaves_practice = False
        self._went_on = False
        self._resuming: Resuming | None = None
        self._wanted = ""
        self._late = QTimer(self)
        self._late.setSingleShot(True)

    @property
    def keeps_in_step(self) -> bool:
        """Whether the set-up is so far that a sync goes on by itself, on this computer.

        Also while provisioning is off, as far as it is known here: whether somebody switched it on
        is read each time a sync would be due.
        """
        answers = self._bench.answers
        return answers.first_sync_done and not answers.elsewhere

    def stay_hidden(self) -> None:
        """Begin without the window, in the tray; where none appears, minimized."""
        self._after_paint()
        self._late.timeout.connect(self._show_small)
        self._late.start(_TRAY_MS)

    def _show_small(self) -> None:
        reachable = self._background is not None and self._background.has_tray
        if not reachable and not self.frame.isVisible():
            self.frame.showMinimized()

    def show(self, unit: str = "") -> None:
        """Show the window; what it does not need for its first picture is read afterwards.

        `unit` is the organizational unit of a resume file to go on with, '' without one.
        """
        self._go_on_with(unit)
        self._late.timeout.connect(self._after_paint)
        self.frame.painted.connect(self._late.stop)
        self.frame.painted.connect(self._after_paint)
        self.frame.show()
        # A window that opens minimized or on another screen is not painted for now.
        self._late.start(_LATEST_MS)

    def _after_paint(self) -> None:
        if self._went_on or self._stopping:
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
        self._go_on_unseen()
        self._take_resume_files()
        if self.keeps_in_step:
            self._bench.schedule.start()

    def _go_on_unseen(self) -> None:
        """What is there for the time without a window, read after the window's first picture."""
        from wizard.ui.in_background import InBackground
        from wizard.ui.tray import Tray, program_icon

        QApplication.setWindowIcon(program_icon())
        self._background = InBackground(
            self.frame, self.frame.desk, make_tray=self._make_tray or Tray, parent=self
        )
        self._background.opened.connect(self._come_forward)
        self._background.quit_wanted.connect(self._stop)
        self._background.begin()

    def _take_resume_files(self) -> None:
        from wizard.ui.resuming import Resuming

        self._resuming = Resuming(self.frame, self.jobs, self)
        self._go_on_with(self._wanted)

    def _read_help(self) -> HelpSource:
        from wizard.ui.help_content import ContentHelp

        return ContentHelp(self._bench.profile)

    def close_soon(self) -> None:
        """May be called on any thread: end without a question, for whoever can't answer one."""
        self._deliverer.deliver(self._stop)

    def tell_mistake(self, trouble: Trouble) -> None:
        """May be called on any thread, while painting too: say it above the page, once."""
        self._deliverer.deliver(lambda: self.frame.notices.tell_open(trouble))

    def bring_to_front(self, unit: str = "") -> None:
        """May be called on any thread: another copy was started, maybe with a resume file.

        `unit` is the organizational unit of that file, '' without one.
        """
        self._front.emit(unit)

    def _asked_forward(self, unit: str) -> None:
        self._come_forward()
        self._go_on_with(unit)

    def _go_on_with(self, unit: str) -> None:
        """Go on with a resume file's unit: at once, or as soon as the window has painted."""
        if self._resuming is None:
            self._wanted = unit or self._wanted
        elif unit:
            self._resuming.go_on_with(unit)

    def _come_forward(self) -> None:
        frame = self.frame
        frame.setWindowState(frame.windowState() & ~Qt.WindowState.WindowMinimized)
        frame.show()
        frame.raise_()
        frame.activateWindow()
        QApplication.alert(frame)

    def _ask_to_leave(self, *, for_real: bool = False) -> None:
        self.jobs.start(
            Lane.NET,
            lambda _job: tuple(self._bench.real_profiles()),
            done=lambda installed: self._show_way_on(installed, for_real=for_real),
            # A profile that an administrator laid down wrongly is as good as none here.
            failed=lambda _trouble: self._show_way_on((), for_real=for_real),
        )

    def _show_way_on(self, installed: tuple[ProfileView, ...], *, for_real: bool) -> None:
        from wizard.ui.leave_sheet import LeaveSheet

        sheet = LeaveSheet(installed, for_real=for_real)
        sheet.left.connect(self._leave_practice)
        self.frame.desk.sheet_wanted.emit(sheet)

    def _leave_practice(self) -> None:
        self._leaves_practice = True
        self._stop()

    # -------------------------------------------------------- the end

    def _closing(self) -> None:
        unseen = self._background
        if unseen is None or unseen.may_close():
            self._stop()

    def _stop(self) -> None:
        """Stop everything off this thread, then let the window go."""
        if self._stopping:
            return
        self._stopping = True
        self.frame.drop_jobs()
        self._late.stop()
        self.jobs.release()
        if self._background is not None:
            self._background.close()
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
        self._no_more_unsaved()
        self._deliverer.close()
        self.frame.allow_close()
        self.ended.emit()


def _no_help(trouble: Trouble) -> None:
    if trouble.code is Code.CANCELLED:
        return  # the window closes before its help was read
    log.warning("the help could not be read: %s", trouble.code.value)
