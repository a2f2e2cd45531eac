"""The sync while nobody looks: the tray, a word when a person is needed, the window's closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from wizard.core.clock import SystemClock
from wizard.services.attention import Attention
from wizard.services.contract import SchedulerState, SchedulerView, Workbench
from wizard.services.jobs import Jobs, Lane
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.closing_sheet import KeepSyncingSheet, SyncStopsSheet
from wizard.ui.page import Desk
from wizard.ui.tray import Tray
from wizard.ui.widgets.sheet import Sheet

__all__ = ["InBackground"]

_RESTS = frozenset({SchedulerState.STOPPED, SchedulerState.OFF})
"""States in which a closed window ends nothing."""

MakeTray = Callable[[], Tray]


class InBackground(QObject):
    """Begins with `begin`; then the window's closing goes through `may_close`.

    `opened`: the person wants the window; `quit_wanted`: the program is to end now.
    """

    opened = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        desk: Desk,
        *,
        make_tray: MakeTray = Tray,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._bench: Workbench = desk.bench
        self._jobs: Jobs = desk.jobs
        self._make_tray = make_tray
        self._tray: Tray | None = None
        self._watch: ScheduleWatch | None = None
        self._question: Sheet | None = None
        self._attention = Attention(SystemClock(), service=desk.bench.profile.name)

    def begin(self) -> None:
        """Watch the background sync from now on."""
        if self._watch is None:
            self._watch = ScheduleWatch(self._bench.schedule, self)
            self._watch.changed.connect(self._show)
            self._show(self._watch.view)

    @property
    def has_tray(self) -> bool:
        """Whether the program can be reached without its window."""
        return self._tray is not None and self._tray.there

    def close(self) -> None:
        """Watch no longer, and leave the tray."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if self._tray is not None:
            self._tray.close()
            self._tray = None

    # -------------------------------------------------------- the window is closed

    def may_close(self) -> bool:
        """Whether the program may end now; else the window went away, or the person is asked."""
        application = QApplication.instance()
        ends = isinstance(application, QApplication) and application.isSavingSession()
        if self._bench.schedule.view().state in _RESTS or ends:
            return True
        if not self.has_tray:
            self._ask(self._stops())
            return False
        keep = self._bench.background.keep_running
        if keep is None:
            self._ask(self._keeps())
        elif keep:
            self._window.hide()
        return keep is False

    def _ask(self, sheet: Sheet) -> None:
        self._question = sheet
        if self._window.isMinimized() or not self._window.isVisible():
            self.opened.emit()
        self._desk.sheet_wanted.emit(sheet)

    def _keeps(self) -> Sheet:
        sheet = KeepSyncingSheet()
        sheet.kept.connect(self._keep)
        sheet.quit_chosen.connect(self._quit)
        return sheet

    def _stops(self) -> Sheet:
        sheet = SyncStopsSheet()
        sheet.minimized.connect(self._minimize)
        sheet.quit_chosen.connect(self.quit_wanted)
        return sheet

    def _keep(self) -> None:
        self._desk.sheet_done.emit()
        self._bench.background.choose_keep_running(on=True)
        self._window.hide()

    def _quit(self) -> None:
        self._bench.background.choose_keep_running(on=False)
        self.quit_wanted.emit()

    def _minimize(self) -> None:
        self._desk.sheet_done.emit()
        self._window.showMinimized()

    # -------------------------------------------------------- how it goes

    def _show(self, view: SchedulerView) -> None:
        if view.state is not SchedulerState.STOPPED and self._tray is None:
            self._tray = self._begin_tray()
        if self._tray is not None:
            self._tray.show_view(view)
        notice = self._attention.look(view)
        if notice is not None and not self._window.isActiveWindow():
            if self._tray is not None:
                self._tray.tell(notice.title, notice.words)
            QApplication.alert(self._window)

    def _begin_tray(self) -> Tray:
        tray = self._make_tray()
        tray.setParent(self)
        tray.opened.connect(self.opened)
        tray.quit_wanted.connect(self.quit_wanted)
        schedule = self._bench.schedule
        tray.sync_now.connect(lambda: self._do(schedule.run_now))
        tray.resumed.connect(lambda: self._do(schedule.resume))
        tray.paused.connect(self._pause)
        return tray

    def _pause(self, until: datetime | None) -> None:
        self._do(lambda: self._bench.schedule.pause(until))

    def _do(self, call: Callable[[], None]) -> None:
        """The scheduler's controls may wait for its locks."""
        self._jobs.start(
            Lane.NET, lambda _job: call(), done=lambda _none: None, failed=lambda _trouble: None
        )
