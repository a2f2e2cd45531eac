"""Activity: every run of 90 days in a line, what each day did, and one run opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.contract.home import DayCounts, RunFilter, RunRow
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.home.day_chart import DayChart
from wizard.ui.home.ids import HomeId
from wizard.ui.home.overview_cards import SIGNED_OUT, UntoldNote
from wizard.ui.home.page import HomePage
from wizard.ui.home.problems_panel import ProblemsPanel
from wizard.ui.home.run_panel import RunPanel
from wizard.ui.home.runs_model import RunsModel
from wizard.ui.home.runs_table import RunsTable
from wizard.ui.home.undo_panel import UndoPanel
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.empty import EmptyState
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.segments import Segment, Segments
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ActivityPage"]

_DAYS = 14
_ASK_AGAIN_MS = 60_000
_LOWEST_TABLE = 120
"""The head and two rows: so the page itself need not scroll in the lowest window."""


class ActivityPage(HomePage):
    """Newest first; a press opens a run, the button at the top leads back."""

    home = HomeId.ACTIVITY
    wide = True

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._seen: object = None
        self._count = -1
        self._asked = False
        self._untold: Trouble | None = None
        self._opened = self._undoing = self._listing = False
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
        self._people = Button(t("Problems"), small=True, icon="warn", name="activity-problems")
        self._people.clicked.connect(self._open_problems)
        self._take_back = Button(t("Take this sync back…"), small=True, name="run-undo")
        self._take_back.clicked.connect(self._open_undo)
        self._take_back.hide()
        self.tools = (self._take_back, self._back, self._people, self._save)
        self._trouble = TroublePanel()
        self._bar = Bar(t("Looking at the past syncs"), thin=True)
        self._bar.show_part(0, BarState.WAITING)
        self._note = UntoldNote()
        self._note.sign_in.connect(self._sign_in)
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
        self.table.setMinimumHeight(_LOWEST_TABLE)
        self.table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("activity-count")
        self._empty = self._build_empty()
        self._list = QWidget()
        self._filters = QWidget()
        column(14, tools, inside=self._filters)
        layout = column(self._note, self._bar, self._chart, self._filters, 10, inside=self._list)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._empty, 1)
        self._end = QWidget()
        layout.addWidget(self._end, 1)
        layout.addSpacing(6)
        layout.addWidget(self._told)
        self._build_panels()
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_AGAIN_MS)
        self._timer.timeout.connect(self._ask)

    def _build_panels(self) -> None:
        """The list, and what stands instead of it."""
        self._run = RunPanel(self)
        self._run.decide.connect(lambda: self.go(HomeId.OVERVIEW))
        self._undo = UndoPanel(self)
        self._undo.changed.connect(self._offer_undo)
        self._undo.left.connect(self._close_undo)
        self._problems = ProblemsPanel(self)
        self._problems.counted.connect(self._know_problems)
        self.content.addSpacing(12)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self._list, 1)
        self.content.addWidget(self._run, 1)
        self.content.addWidget(self._undo, 1)
        self.content.addWidget(self._problems, 1)

    def _build_empty(self) -> QWidget:
        self._all = Button(t("Show all"), small=True, name="activity-all")
        self._all.clicked.connect(self._show_every)
        self._overview = Button(t("Open the overview"), small=True, name="activity-overview")
        self._overview.clicked.connect(lambda: self.go(HomeId.OVERVIEW))
        self._again = Button(t("Ask again"), icon="again", small=True, name="activity-again")
        self._again.clicked.connect(self._ask)
        come = self._come = Button(t("Sign in"), small=True, name="activity-sign-in")
        come.clicked.connect(self._sign_in)
        buttons = (self._all, self._overview, self._again, come)
        self._none = EmptyState("pulse", *buttons, name="activity-empty")
        part = QWidget()
        column(4, self._none, None, inside=part)
        part.hide()
        return part

    def _show_every(self) -> None:
        self._segments.choose(RunFilter.ALL.value)
        self._search.clear()
        self._filter()

    # -------------------------------------------------------- what is known

    def entered(self) -> None:
        schedule = self.desk.bench.schedule
        if self._watch is None:
            self._watch = ScheduleWatch(schedule, self)
            self._watch.changed.connect(self._heard)
        self._seen = schedule.view().last
        self._read()
        self._ask()
        self._timer.start()
        self._show()

    def left(self) -> None:
        self._timer.stop()

    @property
    def _watches(self) -> bool:
        """Whether another computer keeps this in step, so that the news is at the service."""
        if self.answers.elsewhere:
            return True
        if not self.answers.organization_account_id:
            return bool(self.answers.unit_seen)
        last = self.desk.bench.schedule.view().last
        return last is not None and last.trouble is Code.NOT_THE_SYNCER

    def _ask(self) -> None:
        """Ask the service for what other computers did; the list stands without it."""
        bench = self.desk.bench
        if not bench.answers.signed_in_as or not bench.answers.unit_seen:
            self._not_told(Trouble(Code.SIGN_IN_NEEDED, connection="service"))
            return
        self.work(lambda job: bench.home.ask_runs(job.cancel), self._told_there, self._not_told)

    def _told_there(self, runs: int) -> None:
        self._asked, self._untold = True, None
        if runs and self._count == 0:
            self._count = -1  # they are being read: nothing is empty
        self._read()
        self._show()

    def _not_told(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self._asked, self._untold = True, trouble
            self._show()

    def _sign_in(self) -> None:
        from wizard.ui.home.sign_in_sheet import SignInSheet

        sheet = SignInSheet(self.desk)
        sheet.signed_in.connect(self._ask)
        self.desk.sheet_wanted.emit(sheet)

    def _read(self) -> None:
        bench = self.desk.bench
        self._trouble.show_trouble(None)
        self._runs.filter(RunFilter(self._segments.key), self._search.text().strip())
        self._problems.read()
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
        self.offer_now(Offer(trouble=self._run.trouble))
        self._show()
        self._back.setFocus()

    # -------------------------------------------------------- people with a problem

    def _open_problems(self) -> None:
        self._opened = self._listing = True
        self._problems.open_list()
        self._show()
        self._problems.first_field().setFocus()

    def _know_problems(self, people: int) -> None:
        words = tn("{count} problem", "{count} problems", people) if people else t("Problems")
        self._people.say(words)

    # -------------------------------------------------------- taking a sync back

    def _open_undo(self) -> None:
        report = self._run.report
        if report is not None:
            self._undoing = True
            self._undo.begin(report)
            self._show()

    def _offer_undo(self) -> None:
        if self._undoing:
            self.head(self._undo.heading())
            self.offer_now(self._undo.offer())

    def _close_undo(self) -> None:
        """Back to the list, where what was done stands first."""
        self._undoing = False
        self._undo.hide()
        self._close_run()
        self._read()

    def apply(self) -> None:
        """The footer's button: only the panel that takes a sync back has one."""
        if self._undoing:
            self._undo.press()

    def _close_run(self) -> None:
        from_list = self._listing
        self._opened = self._undoing = self._listing = False
        self._undo.hide()
        self.offer_now(Offer())
        self._show()
        (self._people if from_list else self.table.view).setFocus()

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
        filtered = bool(self._search.text().strip()) or self._segments.key != RunFilter.ALL.value
        # Where others sync, an empty list says nothing before the service was asked.
        waits = self._count < 0 or (self._count == 0 and self._watches and not self._asked)
        nothing = self._count == 0 and not waits
        bare = nothing and not filtered
        self._list.setVisible(not self._opened)
        self._run.setVisible(self._opened and not self._undoing and not self._listing)
        self._problems.setVisible(self._listing)
        known = bool(self.answers.organization_account_id)
        self._people.setVisible(known and not self._opened and not bare and not waits)
        self._undo.setVisible(self._undoing)
        self._back.setVisible(self._opened)
        self._take_back.setVisible(self._run.isVisibleTo(self) and self._run.wrote)
        self._save.setVisible(not self._opened and self._count > 0)
        self._bar.setVisible(waits and self._trouble.isHidden())
        self._end.setVisible(waits)
        for part in (self._chart, self._filters):
            part.setVisible(not bare and not waits)
        self.table.setVisible(self._count > 0)
        self._told.setVisible(self._count > 0)
        self._empty.setVisible(nothing)
        news = self._untold if self._watches and not bare and not waits else None
        self._note.show_trouble(news, here=bool(self.answers.organization_account_id))
        if nothing:
            self._say_nothing(filtered=filtered)
        if self._undoing:
            self._offer_undo()
        elif self._listing:
            self.head(self._problems.heading())
        else:
            self.head(self._run.heading() if self._opened else Heading())

    def _say_nothing(self, *, filtered: bool) -> None:
        """Why there is nothing in the list, and what fills it."""
        untold = self._untold if self._watches else None
        signed_out = untold is not None and untold.code in SIGNED_OUT
        self._all.setVisible(filtered)
        self._again.setVisible(not filtered and untold is not None and not signed_out)
        self._come.setVisible(not filtered and signed_out)
        self._overview.setVisible(not filtered and untold is None)
        if filtered:
            self._none.say(t("No sync fits"), t("Try another word, or show all."))
        elif signed_out:
            self._none.say(
                t("You are signed out"),
                t("The syncs of the other computer stand here once you have signed in."),
            )
        elif untold is not None:
            words = trouble_words(untold.code, untold.facts)
            self._none.say(words.title, words.to_do)
        elif self._watches:
            self._none.say(
                t("No sync has run yet"),
                t("Every sync of the other computer stands here for 90 days."),
            )
        else:
            self._none.say(
                t("No sync has run here yet"),
                t("Every sync from this computer stands here for 90 days."),
            )
