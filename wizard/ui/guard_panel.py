"""What a page shows while the guard asks: how many, why, who they are, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QScrollArea, QWidget

from wizard.content.held import (
    approve_words,
    cause_words,
    consequence_words,
    held_title,
    otherwise_words,
    show_all_words,
)
from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.cancel import Cancel
from wizard.core.runs import HeldCause, HeldKind, PersonPlan
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import HeldCauseView, HeldView
from wizard.services.jobs import Job
from wizard.ui.durations import clock_time
from wizard.ui.guard_people import HeldPeopleSheet
from wizard.ui.layouts import column, row
from wizard.ui.page import Heading, Offer, Page, SideAction
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.text import Elide, Text

__all__ = ["GuardPanel"]

_OF_THE_SCOPE = frozenset(
    {
        HeldCause.UNIT_GONE,
        HeldCause.UNIT_MOVED,
        HeldCause.GROUP_GONE,
        HeldCause.SCOPE_EDITED,
        HeldCause.EXCLUDED,
        HeldCause.OUT_OF_SCOPE,
    }
)
"""Causes that are put right where one chooses who is synced."""
_NAMED = 3
_COUNT_WIDTH = 48
_NUMBER_WIDTH = 120


class GuardPanel(QWidget):
    """A state of a page. The page shows it alone, with its heading and its offer.

    `runs`: an approval starts the sync at once; a preview is only made anew by its page.
    """

    changed = Signal()
    """Heading or offer are different now."""
    approved = Signal(object)
    """They may go on; with the moment when that was said. A run of it may have begun since."""

    def __init__(self, page: Page, *, runs: bool) -> None:
        super().__init__()
        self.setObjectName("guard")
        self._page = page
        self._runs = runs
        self._held: HeldView | None = None
        self._others: tuple[HeldView, ...] = ()
        self._told: Trouble | None = None
        self._busy = False
        self._job: Job | None = None
        self._area: QScrollArea | None = None
        self._below = False
        # Not while the window is being laid out: other words may want another height.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        self._when = IconText("pause", "", token=Token.WARN)
        self._why = Text(t("Why so many"), Letters.SECOND_STRONG)
        self._causes = Box()
        self._names = Text("", Letters.SECOND, Token.INK_2)
        self._names.setObjectName("guard-names")
        self._all = Button("", Kind.GHOST, small=True, flush="left", name="guard-people")
        self._all.clicked.connect(self._show_people)
        save = Button(t("Save as CSV"), Kind.GHOST, small=True, name="guard-save")
        save.clicked.connect(self._ask_where)
        self._stay = Text(
            t("Owners and protected accounts stay."),
            Letters.CAPTION,
            Token.INK_3,
            wrap=False,
            elide=Elide.RIGHT,
        )
        tools = row(self._all, save, None, self._stay, gap=8)
        self._consequence = Text("", Letters.SECOND, Token.INK_2)
        self.number = Field(t("Type the number of people"), name="guard-number")
        self.number.line.setMaximumWidth(_NUMBER_WIDTH)
        self.number.changed.connect(lambda _words: self._typed())
        self._otherwise = Text("", Letters.SECOND, Token.INK_2)
        self._otherwise.setObjectName("guard-otherwise")
        self._next = Text("", Letters.SECOND, Token.INK_2)
        ahead = Text(t("To go ahead all the same"), Letters.SECOND_STRONG)
        column(
            *(self._when, 16, self._why, 8, self._causes, 8, self._names, 4, tools, 16),
            *(ahead, 6, self._consequence, 12, self.number, 12, self._otherwise, 4, self._next),
            None,
            inside=self,
        )
        self.hide()

    # -------------------------------------------------------- what is held

    @property
    def held(self) -> HeldView | None:
        """What is asked about; None for nothing."""
        return self._held

    def show_held(self, views: Sequence[HeldView]) -> None:
        """Ask about the first of these; leavers come first. None: nothing to ask."""
        ordered = sorted(views, key=lambda view: view.kind is not HeldKind.LEAVE)
        before = self._held
        self._held = ordered[0] if ordered else None
        self._others = tuple(ordered[1:])
        if self._job is not None and self._job.cancel_token.stopped:
            # The page was left while it was sent; nobody hears what came of it.
            self._job, self._busy = None, False
        if self._held is None or self._held == before:
            return
        self._busy = False
        self.number.set_value("")
        self.number.show_wrong("")
        self._draw(self._held)
        self._ask_names(self._held)

    def clear(self) -> None:
        """Nothing is asked any more."""
        self._held, self._others, self._busy = None, (), False
        self.hide()

    def _draw(self, held: HeldView) -> None:
        if held.held_at is not None:
            when = clock_time(held.held_at)
            words = t("The sync stopped at {time}. These people were not touched.", time=when)
            if not self._runs:
                words = t("The preview was made at {time}. Nothing has been changed.", time=when)
            self._when.say(words)
        self._when.setVisible(held.held_at is not None)
        self._causes.empty()
        for number, cause in enumerate(_causes(held)):
            self._causes.add(self._cause_row(cause, first=not number))
        known = bool(_causes(held))
        self._why.setVisible(known)
        self._causes.setVisible(known)
        self._names.say("")
        self._all.say(show_all_words(held.people))
        self._stay.setVisible(held.kind is HeldKind.LEAVE)
        self._consequence.say(consequence_words(held.kind, held.grace_days))
        self._otherwise.say(otherwise_words(held.kind))
        also = [held_title(view.kind, view.people) for view in self._others]
        self._next.say(t("Held as well, and asked about next: {titles}.", titles="; ".join(also)))
        self._next.setVisible(bool(also))

    def _cause_row(self, cause: HeldCauseView, *, first: bool) -> QWidget:
        words = cause_words(HeldCause(cause.cause), cause.name)
        count = Text(f"{cause.people:,}", Letters.PANEL, wrap=False)
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        count.setMinimumWidth(_COUNT_WIDTH - 16)
        repair = Text(f"**{words.repair}**", Letters.SECOND, Token.INK_2, strong=500)
        texts = column(
            Text(words.title, Letters.BODY_MEDIUM),
            2,
            Text(words.sentence, Letters.SECOND, Token.INK_2),
            4,
            repair,
        )
        part = QWidget()
        layout = row(count, gap=16, margins=(16, 12, 16, 12), inside=part)
        layout.setAlignment(count, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        if first and HeldCause(cause.cause) in _OF_THE_SCOPE:
            # The likely repair stands beside its cause.
            scope = Button(t("Change the scope"), small=True, name="guard-scope")
            desk = self._page.desk
            scope.clicked.connect(lambda _on: desk.steps_wanted.emit(StepId.SCOPE.value))
            layout.addWidget(scope, 0, Qt.AlignmentFlag.AlignVCenter)
        return part

    # -------------------------------------------------------- who they are

    def _ask_names(self, held: HeldView) -> None:
        bench = self._page.desk.bench
        self._page.work(
            lambda _job: bench.held_rows(held.run_id, held.kind, search="", offset=0, limit=_NAMED),
            lambda answer: self._name(held, *answer),
            self._page.desk.troubled.emit,
        )

    def _name(self, held: HeldView, rows: Sequence[PersonPlan], total: int) -> None:
        if held is not self._held:
            return
        names = ", ".join(person.name or person.address for person in rows)
        more = total - len(rows)
        if more > 0:
            names = tn("{names} and {count} more", "{names} and {count} more", more, names=names)
        self._names.say(names)

    def _show_people(self) -> None:
        if self._held is not None:
            self._page.desk.sheet_wanted.emit(HeldPeopleSheet(self._page.desk, self._held))

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the plan"), "plan.csv", t("Table (*.csv)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the whole plan into this file, off the window's thread."""
        held, bench = self._held, self._page.desk.bench
        if held is None:
            return
        self._page.work(
            lambda _job: bench.save_plan(held.run_id, path),
            lambda rows: self._names.say(tn("Saved {count} row.", "Saved {count} rows.", rows)),
            self._page.desk.troubled.emit,
        )

    # -------------------------------------------------------- the person's word

    @property
    def _number(self) -> int | None:
        digits = self.number.value.replace(",", "")
        return int(digits) if digits.isascii() and digits.isdigit() else None

    @property
    def fits(self) -> bool:
        """Whether the number of people is typed."""
        return self._held is not None and self._number == self._held.people

    def _typed(self) -> None:
        held, typed = self._held, self.number.value
        if held is not None and typed and not self.fits and len(typed) >= len(str(held.people)):
            self.number.show_wrong(
                tn(
                    "{typed} is not the number. {count} person is held.",
                    "{typed} is not the number. {count} people are held.",
                    held.people,
                    typed=typed,
                )
            )
        self.changed.emit()

    def approve(self) -> None:
        """Say that they may go on; only once the number is typed."""
        held, bench, runs = self._held, self._page.desk.bench, self._runs
        if held is None or not self.fits or self._busy:
            return
        typed = held.people
        said_at = datetime.now(UTC)
        self._busy = True

        def allow(cancel: Cancel) -> None:
            bench.approve(held.run_id, held.kind, typed, cancel)
            if runs:
                bench.schedule.run_now()

        self._job = self._page.work(
            lambda job: allow(job.cancel), lambda _: self._allowed(held, said_at), self._refused
        )
        self.changed.emit()

    def _allowed(self, held: HeldView, said_at: datetime) -> None:
        if held is self._held:
            self.clear()
        self.approved.emit(said_at)

    def _refused(self, trouble: Trouble) -> None:
        self._busy = False
        words = trouble_words(trouble.code, trouble.facts)
        self.number.show_wrong(f"{words.happened} {words.to_do}")
        self.changed.emit()

    # -------------------------------------------------------- for the page

    def focus_first(self) -> None:
        """Give the keyboard to the list of people: looking comes before deciding."""
        self._all.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._area is not None:
            self._area.verticalScrollBar().setValue(0)
            self._area.ensureWidgetVisible(self._all)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._area is None:
            self._area = _around(self)
            if self._area is not None:
                bar = self._area.verticalScrollBar()
                bar.valueChanged.connect(lambda _value: self._soon.start())
                bar.rangeChanged.connect(lambda _low, _high: self._soon.start())
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()

    def _look(self) -> None:
        """In a low window the number lies below what can be seen: the closed button says so."""
        area, line = self._area, self.number.line
        below = False
        if area is not None and self.isVisibleTo(area):
            end = line.mapTo(area.viewport(), QPoint(0, line.height())).y()
            below = end > area.viewport().height()
        if below is not self._below:
            self._below = below
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit that is typed beside the field, while looking, is meant for it."""
        line = self.number.line
        if not (event.text().isdecimal() and self._held is not None) or line.hasFocus():
            super().keyPressEvent(event)
            return
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._area is not None:
            self._area.ensureWidgetVisible(self.number)
        QCoreApplication.sendEvent(line, event)

    def heading(self) -> Heading:
        """The page's words while this is asked."""
        held = self._held
        if held is None:
            return Heading()
        limit = t(
            "Your limit is {limit} in a day. Look before it goes on.", limit=f"{held.limit:,}"
        )
        return Heading(title=held_title(held.kind, held.people), lead=limit)

    def offer(self, again: SideAction, instead_of_back: SideAction | None = None) -> Offer:
        """The page's offer while this is asked: the one dangerous button, and the ways around."""
        held = self._held
        if held is None:
            return Offer()
        missing = t("Scroll down to the number") if self._below else t("Type the number first")
        return Offer(
            valid=self.fits and not self._busy,
            busy=t("Approving") if self._busy else "",
            words=approve_words(held.kind, held.people),
            tail="" if self.fits else missing,
            danger=True,
            trouble=self._trouble(held),
            proof=t("**Your decision counts** once, within a day, for exactly these people."),
            beside=again,
            instead_of_back=instead_of_back,
        )

    def _trouble(self, held: HeldView) -> Trouble:
        """What help and rail are told; the same object for the same stop, so that offers equal."""
        if self._told is None or self._told.facts.get("run") != held.run_id:
            self._told = Trouble(
                Code.GUARD_STOPPED,
                what=held.kind.value,
                people=held.people,
                limit=held.limit,
                run=held.run_id,
            )
        return self._told


def _around(part: QWidget) -> QScrollArea | None:
    """What a part is scrolled in."""
    around = part.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    return around


def _causes(held: HeldView) -> tuple[HeldCauseView, ...]:
    if held.causes or not held.cause:
        return held.causes
    return (HeldCauseView(cause=held.cause, people=held.cause_people, name=held.cause_name),)
