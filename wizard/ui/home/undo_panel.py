"""Taking one sync back: who it is about and why, the number typed, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.content.text import t, tn
from wizard.content.times import at_words
from wizard.content.undo import undo_title
from wizard.core.runs import PlanKind, RunOutcome, RunProgress, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.undoing import UndoView
from wizard.services.jobs import JobContext
from wizard.ui.home.page import HomePage
from wizard.ui.home.undo_words import KINDS, result_words, undo_cells
from wizard.ui.lasting import work_to_the_end
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Heading, Offer, SideAction
from wizard.ui.pages.sync_story import trouble_of
from wizard.ui.plan_model import PlanModel
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.counts import CountsStrip
from wizard.ui.widgets.fields import Field, SearchField
from wizard.ui.widgets.plan_table import PlanTable
from wizard.ui.widgets.spinner import Bar
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["UndoPanel"]

_NUMBER_WIDTH = 120
_LOWEST_TABLE = 120


class UndoPanel(QWidget):
    """A state of a page, which shows it alone, with its heading and its offer."""

    changed = Signal()
    """Heading or offer are different now."""
    left = Signal()
    """The person would rather not, or it is done."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("undo")
        self._page = page
        self._undone: RunReport | None = None
        self._view: UndoView | None = None
        self._result: RunReport | None = None
        self._failed: Trouble | None = None
        self._busy = False
        self._trouble = TroublePanel()
        self._bar = Bar(t("Looking at the accounts as they are now"), thin=True)
        self._notes = QWidget()
        self._notes_column = column(gap=8, inside=self._notes)
        self._strip = CountsStrip(filters=True)
        self._strip.filtered.connect(lambda _key: self._filter())
        self._search = SearchField(t("Name or address"), name="undo-search")
        self._search.setMaximumWidth(280)
        self._search.searched.connect(lambda _words: self._filter())
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("undo-count")
        self._plan = PlanModel(page.desk.bench, page.desk.jobs)
        self._plan.counted.connect(
            lambda total: self._told.say(tn("{count} person", "{count} people", total))
        )
        self._plan.failed.connect(page.desk.troubled)
        self.table = PlanTable(self._plan)
        self.table.setMinimumHeight(_LOWEST_TABLE)
        self.table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.number = Field(t("Type the number of people"), name="undo-number")
        self.number.line.setMaximumWidth(_NUMBER_WIDTH)
        self.number.changed.connect(lambda _words: self._typed())
        self._number_part = QWidget()
        column(12, self.number, inside=self._number_part)
        tools = row(gap=8)
        tools.addWidget(self._search, 2)
        tools.addWidget(self._told, 2)
        self._people = QWidget()
        layout = column(12, tools, 10, inside=self._people)
        layout.addWidget(self.table, 1)
        whole = column(self._trouble, self._bar, self._notes, self._strip, inside=self)
        whole.addWidget(self._number_part)
        whole.addWidget(self._people, 1)
        self._end = QWidget()
        whole.addWidget(self._end, 1)
        self.hide()

    # -------------------------------------------------------- what it would do

    def begin(self, undone: RunReport) -> None:
        """Look what taking this run back would do."""
        self._undone = undone
        self._result = None
        self.number.set_value("")
        self.number.show_wrong("")
        self.show()
        self._look()

    def _look(self) -> None:
        undone, bench = self._undone, self._page.desk.bench
        if undone is None:
            return
        self._view, self._failed, self._busy = None, None, False
        self._page.work(
            lambda job: bench.undoing.look(undone.run_id, lambda _progress: None, job.cancel),
            self._know,
            self._did_not,
        )
        self._show()

    def _know(self, view: UndoView) -> None:
        self._view = view
        if self._search.text():
            self._search.clear()
        self._strip.show_counts(undo_cells(view.counts))
        self._plan.filter(frozenset(), "")
        self._plan.show_run(view.run_id)
        self._show()
        if view.asks_number:
            self.number.line.setFocus()

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        if self._failed is not None and not self.isVisible():
            self._page.desk.troubled.emit(trouble)
        self._show()

    @property
    def _kinds(self) -> frozenset[PlanKind]:
        return KINDS.get(self._strip.chosen, frozenset())

    def _filter(self) -> None:
        self._plan.filter(self._kinds, self._search.text().strip())

    # -------------------------------------------------------- the person's word

    @property
    def fits(self) -> bool:
        """Whether it may be done: the number is typed, where one is asked for."""
        view = self._view
        if view is None or not view.people or self._result is not None:
            return False
        return not view.asks_number or self._number == view.people

    @property
    def _number(self) -> int | None:
        digits = self.number.value.replace(",", "")
        return int(digits) if digits.isascii() and digits.isdigit() else None

    def _typed(self) -> None:
        view, typed = self._view, self.number.value
        if view is not None and typed and not self.fits and len(typed) >= len(str(view.people)):
            self.number.show_wrong(
                tn(
                    "{typed} is not the number. It is about {count} person.",
                    "{typed} is not the number. It is about {count} people.",
                    view.people,
                    typed=typed,
                )
            )
        self.changed.emit()

    def press(self) -> None:
        """The page's button: take it back, or leave what is done."""
        if self._result is not None:
            self.left.emit()
            return
        if self._failed is not None:
            self._look()
            return
        view, bench = self._view, self._page.desk.bench
        if view is None or not self.fits or self._busy:
            return
        self._busy = True
        typed = view.people

        def carry_out(job: JobContext) -> RunReport:
            report = bench.undoing.carry_out(view, typed, job.report, job.cancel)
            bench.schedule.look_again()  # it stands still from now on, which is said at once
            return report

        work_to_the_end(self, self._page, carry_out, self._done, self._did_not, self._progress)
        self._show()

    def _progress(self, event: object) -> None:
        if isinstance(event, RunProgress) and event.total:
            self._bar.show_part(event.done / event.total)

    def _done(self, report: RunReport) -> None:
        self._busy = False
        self._result = report
        if report.trouble is not None and report.outcome is not RunOutcome.PARTLY:
            self._failed = trouble_of(report)
            self._result = None
        elif report.run_id:
            self._strip.show_counts(undo_cells(report.planned))
            self._plan.show_run(report.run_id)
        self._show()

    # -------------------------------------------------------- for the page

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        view, result, undone = self._view, self._result, self._undone
        lead = ""
        if undone is not None:
            when = at_words(undone.started_at, datetime.now(UTC))
            lead = t("The sync that began {when}", when=when)
        if result is not None:
            return Heading(title=t("Taken back"), lead=lead)
        if view is None:
            return Heading(title=t("Take this sync back"), lead=lead)
        return Heading(title=undo_title(view.people), lead=lead)

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        leave = SideAction(words=t("Leave it as it is"), name="undo-leave", press=self.left.emit)
        view = self._view
        if self._result is not None:
            return Offer(valid=True, words=t("Back to Activity"))
        if self._failed is not None:
            words = t("Look again")
            return Offer(valid=True, words=words, trouble=self._failed, instead_of_back=leave)
        if self._busy:
            return Offer(busy=t("Taking it back"), words=t("Take it back"), danger=True)
        if view is None:
            return Offer(busy=t("Looking"), words=t("Take it back"), instead_of_back=leave)
        tail = ""
        if view.asks_number and not self.fits:
            tail = t("Type the number first")
        return Offer(
            valid=self.fits,
            words=t("Take it back"),
            danger=bool(view.people),
            tail=tail if view.people else t("There is nothing to take back"),
            proof=t("**Nothing has been changed yet.** Exactly what is listed here is done."),
            instead_of_back=leave,
        )

    def _show(self) -> None:
        view, result = self._view, self._result
        self._trouble.show_trouble(self._failed)
        looking = view is None and self._failed is None
        self._bar.setVisible(looking or self._busy)
        shown = view is not None and self._failed is None
        self._people.setVisible(shown)
        self._strip.setVisible(shown)
        asks = shown and view is not None and view.asks_number and result is None
        self._number_part.setVisible(asks)
        self.number.setEnabled(not self._busy)
        self._end.setVisible(not shown)
        clear(self._notes_column)
        if shown and view is not None:
            self._notes_column.addWidget(self._note(view, result))
        self._notes.setVisible(shown)
        self.changed.emit()

    def _note(self, view: UndoView, result: RunReport | None) -> Note:
        """What comes next: the same again, unless the cause is put right."""
        if result is None and not view.people:
            words = t("**Nobody is changed.** Each line says why an account stays as it is.")
            return Note(words, icon="info", below=12)
        scope = _action(t("Change the scope"), "undo-scope", self._to_scope)
        if result is not None:
            words = result_words(result)
            return Note(words, icon="check", action=scope, below=12)
        words = t(
            "**The next sync would do the same again.** So the sync of this computer pauses "
            "afterwards. Put right what led to it, then press Sync now."
        )
        return Note(words, icon="pause", warn=True, action=scope, below=12)

    def _to_scope(self) -> None:
        self._page.desk.steps_wanted.emit(StepId.SCOPE.value)


def _action(words: str, name: str, press: Callable[[], None]) -> Button:
    button = Button(words, small=True, name=name)
    button.clicked.connect(lambda _on=False: press())
    return button
