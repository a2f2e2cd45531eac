"""Members: everybody whom the sync knows, found as one types, and one person's story beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.text import t, tn
from wizard.core.people import MembersView, Standing
from wizard.core.trouble import Trouble
from wizard.services.contract import SchedulerView
from wizard.services.jobs import Lane
from wizard.ui.bridge import ScheduleWatch
from wizard.ui.home.ids import HomeId
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column, row
from wizard.ui.members_model import MembersModel
from wizard.ui.page import Desk, Heading, Offer
from wizard.ui.scripts import ScriptsAhead
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.empty import EmptyState
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.people_table import PeopleTable
from wizard.ui.widgets.segments import Segment, Segments
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.story import StorySheet
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["MembersPage"]

_FILTERS: dict[str, frozenset[Standing]] = {
    "all": frozenset(),
    "active": frozenset({Standing.ACTIVE}),
    "new": frozenset({Standing.NEW}),
    "leaving": frozenset({Standing.LEAVING}),
    "decide": frozenset({Standing.TO_DECIDE}),
    "waiting": frozenset({Standing.WAITING}),
    "none": frozenset({Standing.NO_ACCOUNT}),
    "ended": frozenset({Standing.ENDED}),
}
_ALWAYS = {"all", "active", "leaving", "decide"}
"""These are offered also where nobody stands there."""


def _words(key: str) -> str:
    return {
        "all": t("All"),
        "active": t("Active"),
        "new": t("New"),
        "leaving": t("Leaving"),
        "decide": t("To decide"),
        "waiting": t("Waiting"),
        "none": t("No account"),
        "ended": t("Deactivated"),
    }[key]


def _segments(view: MembersView) -> list[Segment]:
    """The filters; all but the first add up to it."""
    found = [
        Segment(
            key=key,
            words=_words(key),
            number=view.count(*standings) if standings else view.total,
        )
        for key, standings in _FILTERS.items()
    ]
    return [one for one in found if one.key in _ALWAYS or one.number]


class MembersPage(HomePage):
    """Counts first, then the first who fit; both come from this computer alone."""

    home = HomeId.MEMBERS
    wide = True

    def __init__(self, desk: Desk) -> None:
        self._watch: ScheduleWatch | None = None
        self._view: MembersView | None = None
        self._failed: Trouble | None = None
        self._sheet: StorySheet | None = None
        self._ended: datetime | None = None
        self._note = ""
        super().__init__(desk)

    # -------------------------------------------------------- parts

    def build(self) -> None:
        self._save = Button(t("Save as CSV"), icon="download", small=True, name="members-save")
        self._save.clicked.connect(self._ask_where)
        self.tools = (self._save,)
        self._trouble = TroublePanel()
        self._bar = Bar(t("Putting the list together"), thin=True)
        self._bar.show_part(0, BarState.WAITING)
        self.search = SearchField(t("Name or address"), name="members-search")
        # At once, not after a pause: the first who fit are there within a tenth of a second.
        self.search.textChanged.connect(lambda _words: self._filter())
        self.search.installEventFilter(self)
        self.filters = Segments(t("Who is shown"), name="members-filter")
        self.filters.chosen.connect(lambda _key: self._filter())
        self.people = MembersModel(self.desk.bench, self.desk.jobs, self)
        self.people.counted.connect(self._counted)
        self.people.failed.connect(self._rows_failed)
        self.table = PeopleTable(self.people)
        self.table.view.opened.connect(self.open_story)
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("members-count")
        self._shown = QWidget()
        layout = column(self.search, 12, self.filters, 12, inside=self._shown)
        layout.addWidget(self.table, 1)
        layout.addSpacing(8)
        layout.addLayout(row(self._told))
        self._scripts = ScriptsAhead((Letters.SECOND_MEDIUM, Letters.CAPTION), self)
        self._empty = self._build_empty()
        self.content.addSpacing(16)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self._bar)
        self.content.addWidget(self._empty)
        self.content.addWidget(self._shown, 1)
        self._end = QWidget()
        self.content.addWidget(self._end, 1)
        self._show()

    def _build_empty(self) -> QWidget:
        self._overview = Button(t("Open the overview"), small=True, name="members-overview")
        self._overview.clicked.connect(lambda: self.go(HomeId.OVERVIEW))
        self._look_up = Button(
            t("Look somebody up"), icon="person", small=True, name="members-look-up"
        )
        self._look_up.clicked.connect(lambda: self.desk.person_wanted.emit(""))
        self._none = EmptyState("people", self._look_up, self._overview, name="members-empty")
        part = QWidget()
        column(4, self._none, inside=part)
        return part

    def _show_empty(self) -> None:
        """Nobody was read yet; or this computer reads nobody, and somebody only looks on."""
        outside = bool(self.answers.unit_seen) and not self.answers.organization_account_id
        if outside:
            self._none.say(
                t("The list is on the computer that syncs"),
                t("This computer reads no directory. The account service answers for one person."),
            )
        else:
            self._none.say(
                t("Nobody is here yet"),
                t("People appear once the directory was read, with the first preview or sync."),
            )
        self._look_up.setVisible(outside)
        self._overview.setVisible(not outside)

    # -------------------------------------------------------- coming and going

    def entered(self) -> None:
        self._watch = ScheduleWatch(self.desk.bench.schedule, self)
        self._watch.changed.connect(self._heard)
        self._heard(self._watch.view)
        self._scripts.begin()
        self._look()

    def left(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._scripts.rest()
        self.people.drop_jobs()

    def apply(self) -> None:
        """Try again what could not be read."""
        self._failed = None
        self._look()
        if self._view is not None:
            self.people.ask(self._standings, self._words, again=True)

    def focus_first(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search the arrow leads into the list, where Enter opens a story."""
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and self.people.rowCount()
        ):
            self.table.view.setFocus(Qt.FocusReason.TabFocusReason)
            self.table.view.selectRow(0)
            return True
        return super().eventFilter(watched, event)

    def show_for(self, about: str) -> None:
        """Show one person's story, or one of the filters."""
        if about in _FILTERS:
            self.filters.choose(about)
            self._filter()
        else:
            self.open_story(about)

    def _heard(self, view: object) -> None:
        """After a sync the list is another one."""
        if not isinstance(view, SchedulerView):
            return
        ended = view.last.finished_at if view.last is not None else None
        if self._ended is not None and ended != self._ended:
            self._look()
        self._ended = ended

    def _look(self) -> None:
        bench = self.desk.bench
        self.work(
            lambda job: bench.people.view(job.cancel), self._seen, self._did_not, lane=Lane.LOOK
        )
        self._show()

    def _seen(self, view: MembersView) -> None:
        changed = self._view is None or view.made_at != self._view.made_at
        self._view, self._failed = view, None
        self.filters.show_segments(_segments(view))
        self.filters.stand_between(self.search, self.table.view)
        self.people.ask(self._standings, self._words, again=changed)
        if changed and self._sheet is not None:
            self._sheet.look_again()
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._failed = trouble
        self._show()

    # -------------------------------------------------------- rows

    @property
    def _standings(self) -> frozenset[Standing]:
        return _FILTERS.get(self.filters.key, frozenset())

    @property
    def _words(self) -> str:
        return self.search.text().strip()

    def _filter(self) -> None:
        self._note = ""
        self.people.ask(self._standings, self._words)

    def _rows_failed(self, trouble: Trouble) -> None:
        self._failed = trouble
        self._show()

    def _counted(self, count: int, whole: bool) -> None:
        if self._failed is not None:
            self._failed = None
            self._show()
        self._tell_count(count, whole=whole)

    def _tell_count(self, count: int, *, whole: bool) -> None:
        if self._note:
            self._told.say(self._note)
        elif not whole:
            self._told.say(t("Counting those who fit"))
        elif not count:
            self._told.say(t("Nobody fits. Try a part of the name, or choose “All”."))
        else:
            self._told.say(tn("{count} person", "{count} people", count))

    # -------------------------------------------------------- a person, a file

    def open_story(self, user_id: str) -> None:
        """Open one person's story beside the list."""
        row_of = next(
            (
                person
                for number in range(min(self.people.rowCount(), 200))
                if (person := self.people.person(number)) is not None and person.user_id == user_id
            ),
            None,
        )
        name = row_of.name if row_of is not None else ""
        address = row_of.address if row_of is not None else ""
        sheet = StorySheet(self.desk, user_id, name, address)
        sheet.gone.connect(lambda: self._sheet_gone(sheet))
        self._sheet = sheet
        self.table.view.show_chosen(user_id)
        self.desk.sheet_wanted.emit(sheet)

    def _sheet_gone(self, sheet: StorySheet) -> None:
        if self._sheet is sheet:
            self._sheet = None
            self.table.view.show_chosen("")

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the members"), "members.csv", t("Table (*.csv)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write those who are shown into this file, off the window's thread."""
        bench, standings, words = self.desk.bench, self._standings, self._words
        self._save.set_busy(t("Saving"))
        self.work(
            lambda job: bench.people.save(standings, words, path, job.cancel),
            self._saved,
            self._not_saved,
        )

    def _saved(self, rows: int) -> None:
        self._save.set_busy("")
        self._note = tn("Saved {count} row.", "Saved {count} rows.", rows)
        self._told.say(self._note)

    def _not_saved(self, trouble: Trouble) -> None:
        self._save.set_busy("")
        self._did_not(trouble)

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        known = self._view is not None
        nobody = self._view is not None and not self._view.total and self._failed is None
        self._trouble.show_trouble(self._failed)
        self._bar.setVisible(not known and self._failed is None)
        self._show_empty()
        self._empty.setVisible(nobody)
        self._shown.setVisible(known and not nobody)
        self._end.setVisible(not known or nobody)
        self._save.setVisible(known and not nobody)
        self.head(Heading())
        again = Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        self.offer_now(again if self._failed is not None else Offer())
