"""Everybody whom a sync can't bring in step: found, told, saved, and each one's story."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from wizard.content.problems import again_words, problem_words, since_words, told_to_do
from wizard.content.text import t, tn
from wizard.content.times import at_words
from wizard.core.problems import PersonProblem, ProblemsView
from wizard.core.trouble import Code, Trouble
from wizard.services.jobs import Lane
from wizard.ui.home.page import HomePage
from wizard.ui.home.problems_table import ProblemsModel, ProblemsTable
from wizard.ui.layouts import column, row
from wizard.ui.page import Heading
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.empty import EmptyState
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.story import StorySheet
from wizard.ui.widgets.text import Elide, Text

__all__ = ["ProblemsPanel"]

_LOWEST_TABLE = 140


class ProblemsPanel(QWidget):
    """A state of a page, which shows it alone, with its heading."""

    counted = Signal(int)
    """How many people have a problem, whatever is searched for."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("problems")
        self._page = page
        self._view: ProblemsView | None = None
        self._search = SearchField(t("Person or problem"), name="problems-search")
        self._search.setMaximumWidth(280)
        self._search.searched.connect(lambda _words: self.read())
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("problems-count")
        self._save = Button(t("Save as CSV"), icon="download", small=True, name="problems-save")
        self._save.clicked.connect(self._ask_where)
        tools = row(gap=8)
        tools.addWidget(self._search, 3)
        tools.addWidget(self._told, 1)
        tools.addWidget(self._save)
        self._tools = QWidget()
        column(tools, inside=self._tools)
        self._bar = Bar(t("Looking who has a problem"), thin=True)
        self._bar.show_part(0, BarState.WAITING)
        self.people = ProblemsModel()
        self.table = ProblemsTable(self.people)
        self.table.view.opened.connect(self._open_person)
        self.table.setMinimumHeight(_LOWEST_TABLE)
        self.table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._all = Button(t("Show all"), small=True, name="problems-all")
        self._all.clicked.connect(self._show_every)
        self._none = EmptyState("ok", self._all, name="problems-empty")
        self._end = QWidget()
        layout = column(self._bar, self._tools, 10, inside=self)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._none)
        layout.addWidget(self._end, 1)
        self.hide()

    # -------------------------------------------------------- what is known

    def read(self) -> None:
        """Look again who has a problem; what is shown stays until that is known."""
        bench, words = self._page.desk.bench, self._search.text().strip()

        def known(view: ProblemsView) -> None:
            self.counted.emit(view.total)
            if words == self._search.text().strip():
                self._know(view)

        self._page.work(
            lambda job: bench.home.people_with_problems(words, job.cancel),
            known,
            self._did_not,
            lane=Lane.LOOK,
        )

    def _know(self, view: ProblemsView) -> None:
        self._view = view
        self.people.show_people(view.people)
        people = len(view.people)
        self._told.say(tn("{count} person", "{count} people", people) if people else "")
        self._show()
        if self.isVisible():
            self._page.head(self.heading())

    def _did_not(self, trouble: Trouble) -> None:
        # While the list isn't open, the page itself tells what it can't read.
        if trouble.code is not Code.CANCELLED and self.isVisible():
            self._page.desk.troubled.emit(trouble)

    def _show_every(self) -> None:
        self._search.clear()
        self.read()
        self._search.setFocus()

    def open_list(self) -> None:
        """The list is what the page shows now."""
        self._show()
        self.show()
        self.read()

    def first_field(self) -> QWidget:
        """Where the keyboard stands at first."""
        return self._search

    # -------------------------------------------------------- a person, a file

    def _open_person(self, problem: PersonProblem) -> None:
        sheet = StorySheet(
            self._page.desk, problem.user_id, problem.name, problem.address, above=_Told(problem)
        )
        self._page.desk.sheet_wanted.emit(sheet)

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the people with a problem"), "problems.csv", t("Table (*.csv)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write those who are listed into a file, off the window's thread."""
        bench, words = self._page.desk.bench, self._search.text().strip()
        self._page.work(
            lambda job: bench.home.save_problems(words, path, job.cancel),
            lambda rows: self._told.say(tn("Saved {count} row.", "Saved {count} rows.", rows)),
            self._did_not,
        )

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        view = self._view
        nothing = view is not None and not view.people
        searched = bool(self._search.text().strip())
        self._bar.setVisible(view is None)
        self._tools.setVisible(view is not None and (not nothing or searched))
        self._save.setVisible(not nothing)
        self.table.setVisible(view is not None and not nothing)
        self._none.setVisible(nothing)
        self._end.setVisible(view is None or nothing)
        self._all.setVisible(searched)
        if view is None or not nothing:
            return
        if searched:
            self._none.say(t("Nobody fits"), t("Try another word, or show all."))
        elif view.looked_at is None:
            self._none.say(t("Nobody was looked at yet"), t("A sync or a preview looks at people."))
        else:
            self._none.say(t("Nobody has a problem"), t("Every sync looks again."))

    def heading(self) -> Heading:
        """The page's words while the list is open."""
        view = self._view
        title = t("People with a problem")
        if view is None or view.looked_at is None or not view.total:
            return Heading(title=title)
        when = at_words(view.looked_at, datetime.now(UTC))
        lead = (
            t("By the preview {when}. Everybody else goes on.", when=when)
            if view.preview
            else t("By the sync {when}. Everybody else is in step.", when=when)
        )
        return Heading(title=title, lead=lead)


class _Told(QWidget):
    """One problem in full, above the person's story."""

    def __init__(self, problem: PersonProblem) -> None:
        super().__init__()
        words = problem_words(problem)
        now = datetime.now(UTC)
        since = since_words(problem, now)
        part = QWidget()
        column(
            Text(words.title, Letters.BODY_MEDIUM),
            Text(since[:1].upper() + since[1:], Letters.CAPTION, Token.INK_3),
            6,
            Text(words.reason, Letters.SECOND, Token.INK_2),
            6,
            Text(told_to_do(words), Letters.SECOND),
            6,
            Text(again_words(problem), Letters.SECOND, Token.INK_2),
            margins=(14, 12, 14, 12),
            inside=part,
        )
        box = Box()
        box.setObjectName("problem-told")
        box.add(part)
        column(box, 16, inside=self)
