"""One opened run: when and why, what it planned for whom, problems, what was held."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.runs import run_title, trigger_words
from wizard.content.text import t, tn
from wizard.content.times import at_words
from wizard.core.runs import PlanKind, RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import ProblemView
from wizard.services.contract.home import RunRow
from wizard.ui.durations import seconds_words
from wizard.ui.home.health_part import fact_row
from wizard.ui.home.page import HomePage
from wizard.ui.home.runs_model import what_words
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Heading
from wizard.ui.pages.preview_words import GROUPS, count_cells
from wizard.ui.pages.problem_list import ProblemSheet
from wizard.ui.pages.sync_story import trouble_of
from wizard.ui.plan_model import PlanModel
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.counts import CountsStrip
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.plan_table import PlanTable
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["RunPanel"]

_TOLD_ELSEWHERE = frozenset({Code.GUARD_STOPPED, Code.CANCELLED, Code.PROVISIONING_OFF})
"""Outcomes that are no alarm in a look back: the title says it all."""


class RunPanel(QWidget):
    """A state of a page, which shows it alone, with its heading."""

    decide = Signal()
    """The person would decide what was held."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("run")
        self._page = page
        self._row: RunRow | None = None
        self._stopped_by: Trouble | None = None
        self._problems: tuple[ProblemView, ...] = ()
        self._trouble = TroublePanel()
        self._notes = QWidget()
        self._notes_column = column(gap=8, inside=self._notes)
        self._strip = CountsStrip(filters=True)
        self._strip.filtered.connect(lambda _key: self._filter())
        self._search = SearchField(t("Name or address"), name="run-search")
        self._search.setMaximumWidth(280)
        self._search.searched.connect(lambda _words: self._filter())
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("run-count")
        self._save = Button(t("Save as CSV"), icon="download", small=True, name="run-save")
        self._save.clicked.connect(self._ask_where)
        tools = row(gap=8)
        tools.addWidget(self._search, 2)
        tools.addWidget(self._told, 2)
        tools.addWidget(self._save)
        self._plan = PlanModel(page.desk.bench, page.desk.jobs)
        self._plan.counted.connect(self._counted)
        self._plan.failed.connect(page.desk.troubled)
        self.table = PlanTable(self._plan)
        self._planned = QWidget()
        layout = column(self._strip, 12, tools, 10, inside=self._planned)
        layout.addWidget(self.table, 1)
        self._kept = Text(
            t("People with nothing to do are kept for the newest sync only."),
            Letters.CAPTION,
            Token.INK_3,
        )
        self._told_there = Box()
        self._told_there.setObjectName("run-told")
        whole = column(self._trouble, self._notes, self._told_there, inside=self)
        whole.addWidget(self._planned, 1)
        self._end = QWidget()
        whole.addWidget(self._end, 1)
        whole.addSpacing(6)
        whole.addWidget(self._kept)
        self.hide()

    @property
    def report(self) -> RunReport | None:
        """The run that is open."""
        return self._row.report if self._row is not None else None

    @property
    def wrote(self) -> bool:
        """Whether the run that is open changed accounts from here, so that it can be taken back."""
        row = self._row
        return row is not None and not row.elsewhere and row.report.done.writes > 0

    @property
    def trouble(self) -> Trouble | None:
        """What stopped the run that is open, where that is told."""
        return self._stopped_by

    def open_run(self, row: RunRow) -> None:
        """Show this run."""
        self._row = row
        self._problems = ()
        report = row.report
        if self._search.text():
            self._search.clear()
        clear(self._notes_column)
        failed = report.trouble is not None and report.trouble not in _TOLD_ELSEWHERE
        shows = failed and not report.came_through
        self._stopped_by = trouble_of(report) if shows else None
        self._trouble.show_trouble(self._stopped_by, report.finished_at)
        planned = bool(report.run_id) and report.planned.total > 0
        self._planned.setVisible(planned)
        self._kept.setVisible(planned)
        self._end.setVisible(not planned)
        self._told_there.setVisible(row.elsewhere)
        self._told.say("")
        if planned:
            self._strip.show_counts(count_cells(report.planned))
            self._plan.filter(frozenset(), "")
            self._plan.show_run(report.run_id)
        if row.elsewhere:
            self._show_told(row)
        elif report.outcome is RunOutcome.STOPPED_BY_GUARD:
            self._note_held()
        if not row.elsewhere and (report.failed or report.planned.problem):
            bench = self._page.desk.bench
            self._page.work(
                lambda _job: tuple(bench.problems(report.run_id)),
                self._know_problems,
                self._page.desk.troubled.emit,
            )
        self._notes.setVisible(self._notes_column.count() > 0)
        self.show()

    def _show_told(self, row: RunRow) -> None:
        """What the account service keeps of a run that another computer did: its numbers."""
        report, where = row.report, row.host or t("the computer that ran it")
        words = t("Who it was about, and why, is known on {where}.", where=where)
        if report.outcome is RunOutcome.STOPPED_BY_GUARD:
            words = t(
                "**The safety limits stopped this sync.** What was held is decided on {where}.",
                where=where,
            )
        self._notes_column.addWidget(Note(words, icon="info", below=12))
        done = report.done
        numbers = (
            (t("People read"), report.people_read),
            (t("Created"), done.create),
            (t("Taken over"), done.adopt),
            (t("Changed"), done.update + done.reactivate),
            (t("Deactivated"), done.deactivate),
            (t("Held back"), sum(people for _, people in report.held)),
            (t("Not done"), report.failed),
        )
        self._told_there.empty()
        for label, number in numbers:
            if number or label == numbers[0][0]:
                self._told_there.add(fact_row(label, f"{number:,}"))

    def _note_held(self) -> None:
        """What was held, with the way to decide where that is still open."""
        button = Button(t("Look and decide"), small=True, name="run-decide")
        button.clicked.connect(self.decide)
        words = t(
            "**The safety limits stopped this sync.** What was held was not done. The newest "
            "sync says whether it still waits for you."
        )
        self._notes_column.addWidget(Note(words, icon="pause", warn=True, action=button, below=12))

    def _know_problems(self, problems: tuple[ProblemView, ...]) -> None:
        self._problems = problems
        if not problems:
            return
        button = Button(t("Show"), small=True, name="run-problems")
        button.clicked.connect(lambda: self._page.desk.sheet_wanted.emit(ProblemSheet(problems)))
        words = tn(
            "**{count} person has a problem.** Everybody else went through.",
            "**{count} people have a problem.** Everybody else went through.",
            len(problems),
        )
        self._notes_column.addWidget(Note(words, icon="warn", warn=True, action=button, below=12))
        self._notes.show()

    # -------------------------------------------------------- rows

    @property
    def _kinds(self) -> frozenset[PlanKind]:
        return GROUPS.get(self._strip.chosen, frozenset())

    def _filter(self) -> None:
        self._plan.filter(self._kinds, self._search.text().strip())

    def _counted(self, total: int) -> None:
        self._told.say(tn("{count} person", "{count} people", total))

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save this sync"), "sync.csv", t("Table (*.csv)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write everybody whom this run planned for into a file."""
        report, bench = self.report, self._page.desk.bench
        if report is None:
            return
        self._page.work(
            lambda _job: bench.save_plan(report.run_id, path),
            lambda rows: self._told.say(tn("Saved {count} row.", "Saved {count} rows.", rows)),
            self._did_not_save,
        )

    def _did_not_save(self, trouble: Trouble) -> None:
        self._page.desk.troubled.emit(trouble)

    # -------------------------------------------------------- for the page

    def heading(self) -> Heading:
        """The page's words while a run is open."""
        if self._row is None:
            return Heading()
        report = self._row.report
        now = datetime.now(UTC)
        took = (report.finished_at - report.started_at).total_seconds()
        again = self._row.tries > 1
        told = [
            t("Began {when}", when=at_words(report.started_at, now)),
            t("last try {when}", when=at_words(report.finished_at, now))
            if again
            else t("took {time}", time=seconds_words(took)),
            "" if self._row.elsewhere else trigger_words(report.trigger),
            what_words(self._row)[1],
        ]
        return Heading(title=run_title(report), lead=" · ".join(part for part in told if part))
