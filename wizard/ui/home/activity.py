"""Activity: every run of 90 days in a line, what each day did, and one run opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.contract.home import DayCounts, RunFilter, RunRow
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.home.day_chart import DayChart
from wizard.ui.home.ids import HomeId
from wizard.ui.home.page import HomePage
from wizard.ui.home.run_panel import RunPanel
from wizard.ui.home.runs_model import RunsModel
from wizard.ui.home.runs_table import RunsTable
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.segments import Segment, Segments
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ActivityPage"]

_DAYS = 14


class ActivityPage(HomePage):
    """Newest first; a press opens a run, the button at the top leads back."""

    home = HomeId.ACTIVITY
    wide = True

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._seen: object = None
        self._count = -1
        self._opened = False
        super().__init__(desk)

    # -------------------------------------------------------- parts

    def build(self) -> None:
        self._back = Button(
            t("All activity"), small=True, icon="chevron-left", name="activity-back"
        )
        self._back.clicked.connect(self._close_run)
        self._back.hide()
        self._save = Button(t("Save as CSV"), small=True, icon="download", name="activity-save")
        self._save.clicked.connect(self._ask_where)
        self.tools = (self._back, self._save)
        self._trouble = TroublePanel()
        self._chart = DayChart()
        self._segments = Segments(t("Which syncs"), name="activity-filter")
        self._segments.show_segments(
            [
                Segment(key=RunFilter.ALL.value, words=t("All")),
                Segment(key=RunFilter.CHANGES.value, words=t("With changes")),
                Segment(key=RunFilter.PROBLEMS.value, words=t("With problems")),
            ]
        )
        self._segments.chosen.connect(lambda _key: self._filter())
        self._search = SearchField(t("Person or code"), name="activity-search")
        self._search.setMaximumWidth(240)
        self._search.searched.connect(lambda _words: self._filter())
        tools = row(gap=12)
        tools.addWidget(self._segments, 3)
        tools.addWidget(self._search, 2)
        self._runs = RunsModel(self.desk.bench, self.desk.jobs)
        self._runs.counted.connect(self._counted)
        self._runs.failed.connect(self._did_not)
        self.table = RunsTable(self._runs)
        self.table.view.opened.connect(self._open_run)
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("activity-count")
        self._empty = self._build_empty()
        self._list = QWidget()
        layout = column(self._chart, 14, tools, 10, inside=self._list)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._empty, 1)
        layout.addSpacing(6)
        layout.addWidget(self._told)
        self._run = RunPanel(self)
        self._run.decide.connect(lambda: self.go(HomeId.OVERVIEW))
        self.content.addSpacing(16)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self._list, 1)
        self.content.addWidget(self._run, 1)

    def _build_empty(self) -> QWidget:
        self._nothing = Text("", Letters.PANEL)
        self._nothing_more = Text("", Letters.SECOND, Token.INK_2)
        part = QWidget()
        column(24, self._nothing, 4, self._nothing_more, None, inside=part)
        part.hide()
        return part

    # -------------------------------------------------------- what is known

    def entered(self) -> None:
        schedule = self.desk.bench.schedule
        if self._watch is None:
            self._watch = ScheduleWatch(schedule, self)
            self._watch.changed.connect(self._heard)
        self._seen = schedule.view().last
        self._read()
        self._show()

    def _read(self) -> None:
        bench = self.desk.bench
        self._trouble.show_trouble(None)
        self._runs.filter(RunFilter(self._segments.key), self._search.text().strip())
        self.work(lambda job: bench.home.days(_DAYS, job.cancel), self._know_days, self._did_not)

    def _know_days(self, days: Sequence[DayCounts]) -> None:
        self._chart.show_days(days)

    def _heard(self, view: SchedulerView) -> None:
        idle = view.progress is None and view.state is not SchedulerState.RUNNING
        if idle and view.last is not self._seen:
            self._seen = view.last
            self._read()

    def _did_not(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self._trouble.show_trouble(trouble)
            self.offer_now(Offer(trouble=trouble))

    def _filter(self) -> None:
        self._runs.filter(RunFilter(self._segments.key), self._search.text().strip())

    def _counted(self, total: int) -> None:
        self._count = total
        self._told.say(tn("{count} sync in 90 days", "{count} syncs in 90 days", total))
        self._show()

    # -------------------------------------------------------- one run

    def _open_run(self, opened: RunRow) -> None:
        self._opened = True
        self._run.open_run(opened)
        self._show()
        self._back.setFocus()

    def _close_run(self) -> None:
        self._opened = False
        self._show()
        self.table.view.setFocus()

    # -------------------------------------------------------- a file

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the activity"), "activity.csv", t("Table (*.csv)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the runs that are listed into a file, off the window's thread."""
        bench = self.desk.bench
        wanted, words = RunFilter(self._segments.key), self._search.text().strip()
        self.work(
            lambda job: bench.home.save_runs(wanted, words, path, job.cancel),
            lambda rows: self._told.say(tn("Saved {count} row.", "Saved {count} rows.", rows)),
            self._did_not,
        )

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        nothing = self._count == 0
        filtered = bool(self._search.text().strip()) or self._segments.key != RunFilter.ALL.value
        self._list.setVisible(not self._opened)
        self._run.setVisible(self._opened)
        self._back.setVisible(self._opened)
        self._save.setVisible(not self._opened and not nothing)
        self.table.setVisible(not nothing)
        self._empty.setVisible(nothing)
        self._told.setVisible(not nothing)
        if nothing:
            self._nothing.say(t("No sync fits") if filtered else t("No sync has run here yet"))
            self._nothing_more.say(
                t("Try another word, or show all.")
                if filtered
                else t("The syncs of another computer stand on Overview, under Lately.")
                if self.answers.unit_seen and not self.answers.organization_account_id
                else t("Every sync from this computer stands here for 90 days.")
            )
        self.head(self._run.heading() if self._opened else Heading())
