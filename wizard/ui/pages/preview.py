"""The preview: what a sync would do with each person, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.held import cause_words, held_title
from wizard.content.text import t, tn
from wizard.core.runs import HeldCause, PlanCounts, PlanKind, RunProgress
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import HeldView, PreviewView
from wizard.services.jobs import Lane
from wizard.ui.durations import clock_time
from wizard.ui.guard_panel import GuardPanel
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.plan_model import PlanModel
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.counts import Count, CountsStrip
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.plan_table import PlanTable
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["PreviewPage"]

_GROUPS: dict[str, frozenset[PlanKind]] = {
    "create": frozenset({PlanKind.CREATE}),
    "adopt": frozenset({PlanKind.ADOPT}),
    "change": frozenset({PlanKind.UPDATE, PlanKind.REACTIVATE}),
    "leave": frozenset({PlanKind.DEACTIVATE}),
    "skip": frozenset({PlanKind.SKIP}),
    "unchanged": frozenset({PlanKind.UNCHANGED}),
    "decide": frozenset({PlanKind.PROBLEM}),
}


def _counts(counts: PlanCounts) -> list[Count]:
    """The strip's cells; they add up to everyone that the plan looked at."""
    cells = [Count(key="create", words=t("Create"), number=counts.create, icon="plus")]
    if counts.adopt:
        cells.append(Count(key="adopt", words=t("Take over"), number=counts.adopt, icon="link"))
    changed = counts.update + counts.reactivate
    cells += [
        Count(key="change", words=t("Change"), number=changed, icon="pencil"),
        Count(key="leave", words=t("Leave"), number=counts.deactivate, icon="leave"),
        Count(key="skip", words=t("Skipped"), number=counts.skip, icon="skip"),
        Count(key="unchanged", words=t("Unchanged"), number=counts.unchanged),
    ]
    if counts.problem:
        decide = Count(
            key="decide", words=t("To decide"), number=counts.problem, icon="warn", warn=True
        )
        cells.append(decide)
    return cells


class PreviewPage(Page):
    """Makes the plan, shows it, and keeps that it was seen."""

    step = StepId.PREVIEW
    wide = True

    def __init__(self, desk: Desk) -> None:
        self._view: PreviewView | None = None
        self._failed: Trouble | None = None
        self._making = False
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._progress = self._build_progress()
        self._plan = PlanModel(self.desk.bench, self.desk.jobs)
        self._plan.counted.connect(self._counted)
        self._plan.failed.connect(self._rows_failed)
        self._shown = self._build_plan()
        self.content.addSpacing(16)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self._progress)
        self.content.addWidget(self._shown, 1)
        self._guard = GuardPanel(self, runs=False)
        self._guard.changed.connect(self._show)
        self._guard.approved.connect(self._make)
        self.content.addWidget(self._guard)
        self._end = QWidget()
        self.content.addWidget(self._end, 1)

    def _build_progress(self) -> QWidget:
        self._doing = Text("", Letters.BODY_STRONG, wrap=False, elide=Elide.RIGHT)
        self._doing.setObjectName("preview-progress")
        cancel = Button(t("Cancel"), Kind.GHOST, small=True, flush="right", name="preview-cancel")
        cancel.clicked.connect(self._cancel)
        head = row(gap=12)
        head.addWidget(self._doing, 1)
        head.addWidget(cancel)
        self._bar = Bar(t("Making the preview"), thin=True)
        self._bar.show_part(0, BarState.WAITING)
        note = Text(
            t("We only read. Nothing is written, at Google or at the account service."),
            Letters.SECOND,
            Token.INK_2,
        )
        inner = QWidget()
        column(head, 10, self._bar, 12, note, margins=(16, 14, 16, 16), inside=inner)
        box = Box()
        box.add(inner)
        return box

    def _build_plan(self) -> QWidget:
        self._strip = CountsStrip(filters=True)
        self._strip.filtered.connect(lambda _key: self._filter())
        self._search = SearchField(t("Name, address or reason"), name="plan-search")
        self._search.setMaximumWidth(280)
        self._search.searched.connect(lambda _words: self._filter())
        self._told = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._told.setObjectName("plan-count")
        save = Button(t("Save as CSV"), icon="download", small=True, name="plan-save")
        save.clicked.connect(self._ask_where)
        tools = row(gap=8)
        tools.addWidget(self._search, 2)
        tools.addWidget(self._told, 2)
        tools.addWidget(save)
        self.table = PlanTable(self._plan)
        self._held = column(gap=8)
        self._within = IconText("ok", t("Within the safety limits"), token=Token.OK)
        self._limit = Text("", Letters.SECOND, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        limits = row(self._within, gap=6)
        limits.addWidget(self._limit, 1)
        part = QWidget()
        layout = column(self._held, self._strip, 12, tools, 10, inside=part)
        layout.addWidget(self.table, 1)
        layout.addSpacing(10)
        layout.addLayout(limits)
        return part

    # -------------------------------------------------------- states

    def entered(self) -> None:
        bench = self.desk.bench
        self._making = True
        self.work(lambda _job: bench.last_preview(), self._found, self._did_not)
        self._show()

    def left(self) -> None:
        self._making = False

    def apply(self) -> None:
        if self._guard.held is not None:
            self._guard.approve()
            return
        if self._view is None:
            self._make()
            return
        self.answer(replace(self.answers, preview_run_id=self._view.run_id, preview_seen=True))
        self.finish()

    def _found(self, view: PreviewView | None) -> None:
        if view is None:
            self._make()
            return
        self._made(view)

    def _make(self) -> None:
        self._failed = None
        self._view = None
        self._guard.clear()
        self._making = True
        self._doing.say(t("Reading the directory"))
        bench = self.desk.bench
        self.work(
            lambda job: bench.preview(None, job.report, job.cancel),
            self._made,
            self._did_not,
            self._heard,
            lane=Lane.SYNC,
        )
        self._show()

    def _heard(self, event: object) -> None:
        if not isinstance(event, RunProgress):
            return
        if event.total:
            self._doing.say(
                t(
                    "{done} of {total} people compared",
                    done=f"{event.done:,}",
                    total=f"{event.total:,}",
                )
            )
            self._bar.show_part(event.done / event.total)
            return
        read = tn("{count} person read so far", "{count} people read so far", event.done)
        self._doing.say(read if event.done else t("Reading the directory"))

    def _made(self, view: PreviewView) -> None:
        self._making = False
        self._view = view
        self._strip.show_counts(_counts(view.counts))
        self._plan.show_run(view.run_id)
        self._show_held(view)
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._making = False
        self._failed = trouble
        self._show()

    def _cancel(self) -> None:
        self.drop_jobs()
        self._did_not(Trouble(Code.CANCELLED))

    # -------------------------------------------------------- rows

    def _filter(self) -> None:
        kinds = _GROUPS.get(self._strip.chosen, frozenset())
        self._plan.filter(kinds, self._search.text().strip())

    def _counted(self, total: int) -> None:
        whole = self._view.counts.total if self._view is not None else total
        if self._strip.chosen or self._search.text().strip():
            self._told.say(
                t("{count} of {total}", count=f"{total:,}", total=f"{whole:,}")
                if total
                else t("Nobody fits. Press a number again to see all.")
            )
            return
        if self._view is None:
            return
        self._told.say(
            t(
                "All {count}, made at {time}. Press a number to filter.",
                count=f"{whole:,}",
                time=clock_time(self._view.made_at),
            )
        )

    def _rows_failed(self, trouble: Trouble) -> None:
        self._failed = trouble
        self._show()

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the preview"), "preview.csv", t("Table (*.csv)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the plan into this file, off the window's thread."""
        view = self._view
        if view is None:
            return
        bench = self.desk.bench
        self.work(lambda _job: bench.save_plan(view.run_id, path), self._saved, self._rows_failed)

    def _saved(self, rows: int) -> None:
        self._told.say(tn("Saved {count} row.", "Saved {count} rows.", rows))

    # -------------------------------------------------------- what the guard asks

    def _look_at(self, held: HeldView) -> None:
        self._guard.show_held((held,))
        self._show()
        self._guard.focus_first()

    def _look_away(self) -> None:
        self._guard.clear()
        self._show()

    # -------------------------------------------------------- drawing

    def _show_held(self, view: PreviewView) -> None:
        clear(self._held)
        for held in view.held:
            look = Button(t("Look and decide"), small=True, name=f"held-{held.kind.value}")
            asked = replace(held, run_id=view.run_id, held_at=view.made_at)
            look.clicked.connect(lambda _checked, asked=asked: self._look_at(asked))
            self._held.addWidget(_held_note(held, look))
        if view.held:
            self._held.addSpacing(12)
            self._within.say(t("Held by the safety limits"), "warn", Token.WARN)
            people = sum(held.people for held in view.held)
            self._limit.say(
                tn("{count} person is not touched.", "{count} people are not touched.", people)
            )
            return
        self._within.say(t("Within the safety limits"), "ok", Token.OK)
        leaving = tn("{count} leaves", "{count} leave", view.counts.deactivate)
        self._limit.say(
            t(
                "{leaving}; up to {limit} may without asking you.",
                leaving=leaving,
                limit=f"{view.leave_limit:,}",
            )
        )

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self._progress.setVisible(self._making)
        ready = self._view is not None and self._failed is None and not self._making
        asks = ready and self._guard.held is not None
        self._shown.setVisible(ready and not asks)
        self._guard.setVisible(asks)
        self._end.setVisible(not ready or asks)
        self.head(self._guard.heading() if asks else Heading(lead=self._lead()))
        self.offer_now(self._offer())

    def _lead(self) -> str:
        if self._making:
            return t("We read the directory and compare it with the accounts. Nothing is changed.")
        return ""

    def _offer(self) -> Offer:
        if self._making:
            return Offer(busy=t("Reading"))
        if self._failed is not None or self._view is None:
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        again = SideAction(words=t("Make it again"), name="preview-again", press=self._make)
        if self._guard.held is not None:
            shown = SideAction(words=t("To the preview"), name="guard-later", press=self._look_away)
            return self._guard.offer(again, shown)
        return Offer(valid=True, words=t("Looks right"), beside=again)


def _held_note(held: HeldView, look: Button) -> Note:
    title = held_title(held.kind, held.people)
    if not held.cause:
        limit = t("The limit is {limit}.", limit=f"{held.limit:,}")
        return Note(f"**{title}.** {limit}", icon="warn", warn=True, action=look)
    words = cause_words(HeldCause(held.cause), held.cause_name)
    return Note(
        f"**{title}.** {words.title}. {words.sentence} {words.repair}",
        icon="warn",
        warn=True,
        action=look,
    )
