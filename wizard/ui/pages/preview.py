"""The preview: what a sync would do with each person, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.text import t, tn
from wizard.core.runs import PersonPlan, PlanKind, RunProgress
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.flow.merging import Merge
from wizard.services.contract import HeldView, PreviewView
from wizard.services.contract.drafts import DraftView
from wizard.services.contract.previewing import FoundPreview, Outdated, PersonView, WideningView
from wizard.services.jobs import Lane
from wizard.services.overview import Cure, cure_of
from wizard.ui.guard_panel import GuardPanel
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.pages.preview_words import (
    GROUPS,
    count_cells,
    held_note,
    held_of_preview,
    limit_words,
    outdated_words,
    person_lines,
    shown_words,
    widening_words,
)
from wizard.ui.plan_model import PlanModel
from wizard.ui.settle_sheet import MergeNote, SettleSheet
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.counts import CountsStrip
from wizard.ui.widgets.empty import EmptyState
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.plan_table import PlanTable
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["PreviewPage"]

_STEPS = {Cure.AUTHORIZE: StepId.GOOGLE_AUTHORIZE, Cure.SIGN_IN: StepId.SIGN_IN}
"""Where the cure is another step's."""


class PreviewPage(Page):
    """Makes the plan, shows it, and keeps that it was seen."""

    step = StepId.PREVIEW
    wide = True

    def __init__(self, desk: Desk) -> None:
        self._view: PreviewView | None = None
        self._draft: DraftView | None = None
        self._widening: WideningView | None = None
        self._outdated: Outdated | None = None
        self._notifies = False
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
        self._merged = MergeNote()
        self._merged.opened.connect(self._open_settle)
        self._again = Note("", icon="again", tight=True, below=12)
        self._again.setObjectName("preview-made-again")
        self.content.addSpacing(16)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self._merged)
        self.content.addWidget(self._again)
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
        self._told = Text("", Letters.CAPTION, Token.INK_3)
        self._told.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._told.setObjectName("plan-count")
        save = Button(t("Save as CSV"), icon="download", small=True, name="plan-save")
        save.clicked.connect(self._ask_where)
        tools = row(gap=8)
        tools.addWidget(self._search, 2)
        tools.addWidget(self._told, 2)
        tools.addWidget(save)
        self.table = PlanTable(self._plan)
        self.table.view.person_opened.connect(self._ask_more)
        everybody = Button(t("Show all"), small=True, name="plan-show-all")
        everybody.clicked.connect(self._show_all)
        self._nobody = EmptyState("search", everybody, name="plan-nobody")
        self._nobody.say(t("Nobody fits"), t("Try other words, or look at everybody again."))
        self._empty = QWidget()
        column(self._nobody, None, inside=self._empty)
        self._empty.hide()
        self._held = column(gap=8)
        self._within = IconText("ok", t("Within the safety limits"), token=Token.OK)
        self._limit = Text("", Letters.SECOND, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        again = Button(
            t("Make it again"), Kind.GHOST, small=True, flush="right", name="preview-again"
        )
        again.clicked.connect(self._make)
        limits = row(self._within, gap=6)
        limits.addWidget(self._limit, 1)
        limits.addWidget(again)
        part = QWidget()
        layout = column(self._held, self._strip, 12, tools, 10, inside=part)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._empty, 1)
        layout.addSpacing(6)
        layout.addLayout(limits)
        return part

    # -------------------------------------------------------- states

    def entered(self) -> None:
        bench = self.desk.bench
        self._making = True
        self._outdated = None
        self._failed = None
        self.work(lambda job: bench.previews.found(job.cancel), self._found, self._did_not)
        self.work(lambda _job: bench.previews.notifies, self._know_notifies, _say_nothing)
        self._show()

    def left(self) -> None:
        self._making = False

    def apply(self) -> None:
        if self._guard.held is not None:
            self._guard.approve()
            return
        cure = self._cure
        if cure in _STEPS:
            self.desk.steps_wanted.emit(_STEPS[cure].value)
            return
        if self._view is None or self._failed is not None:
            self._make()
            return
        self.answer(replace(self.answers, preview_run_id=self._view.run_id, preview_seen=True))
        self.finish()

    def _found(self, found: FoundPreview) -> None:
        self._draft = found.draft
        self._merged.show_merge(found.draft)
        self._outdated = found.outdated
        self.changed.emit()
        if found.view is None:
            self._make()
            return
        self._made(found.view)

    def _know_notifies(self, notifies: bool) -> None:
        self._notifies = notifies
        if self._view is not None:
            self._show_held(self._view)

    def _make(self) -> None:
        self._failed = None
        self._view = None
        self._guard.clear()
        self._making = True
        self._doing.say(t("Reading the directory"))
        bench = self.desk.bench
        draft = self.answers.draft
        if self._draft is not None and self._draft.merge is not None:
            # Where it is still open whose value counts, the plan is made with one's own.
            draft = self._draft.draft
        self.work(
            lambda job: bench.preview(draft, job.report, job.cancel),
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
        self._widening = None
        bench = self.desk.bench
        self.work(
            lambda _job: bench.previews.widening(view.run_id), self._know_widening, _say_nothing
        )
        self._strip.show_counts(count_cells(view.counts))
        self._plan.show_run(view.run_id)
        self._show_held(view)
        self._show()

    def _know_widening(self, widening: WideningView) -> None:
        self._widening = widening
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._making = False
        self._failed = trouble
        self._show()

    def _cancel(self) -> None:
        self.drop_jobs()
        self._did_not(Trouble(Code.CANCELLED))

    # -------------------------------------------------------- rows

    @property
    def _kinds(self) -> frozenset[PlanKind]:
        return GROUPS.get(self._strip.chosen, frozenset())

    @property
    def _words(self) -> str:
        return self._search.text().strip()

    def _filter(self) -> None:
        self._plan.filter(self._kinds, self._words)

    def _show_all(self) -> None:
        """Take back what was searched and pressed."""
        self._strip.choose("")
        self._search.setText("")
        self._search.search_now()

    def _counted(self, total: int) -> None:
        if self._view is not None:
            filtered = bool(self._strip.chosen or self._words)
            nobody = filtered and not total
            self.table.setVisible(not nobody)
            self._empty.setVisible(nobody)
            self._told.say(shown_words(self._view, total, filtered=filtered))

    def _ask_more(self, person: PersonPlan) -> None:
        """What more is known of the person whose row was opened; a leaver is looked up now."""
        view, bench = self._view, self.desk.bench
        if view is None:
            return
        self.work(
            lambda job: bench.previews.person(view.run_id, person.user_id, job.cancel),
            lambda known: self._know_more(person, known),
            _say_nothing,
        )

    def _know_more(self, person: PersonPlan, known: PersonView | None) -> None:
        if known is not None:
            self.table.view.know_more(person.user_id, person_lines(known, person.scope_by))

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
        """Write what is shown into this file, in its order, off the window's thread."""
        view = self._view
        if view is None:
            return
        bench, kinds, words = self.desk.bench, self._kinds, self._words
        self.work(
            lambda _job: bench.previews.save(view.run_id, path, kinds=kinds, search=words),
            self._saved,
            # The plan stands as it is; what kept it from a file is told above the page.
            self.desk.troubled.emit,
        )

    def _saved(self, rows: int) -> None:
        self._told.say(tn("Saved {count} row.", "Saved {count} rows.", rows))

    # -------------------------------------------------------- what somebody else saved

    def _open_settle(self) -> None:
        if self._draft is None:
            return
        sheet = SettleSheet(self._draft)
        sheet.settled.connect(self._settled)
        self.desk.sheet_wanted.emit(sheet)

    def _settled(self, merged: Merge) -> None:
        if self._draft is None:
            return
        self._draft = replace(self._draft, merge=merged, draft=merged.settings)
        self._merged.show_merge(self._draft if merged.conflicts else None)
        self.answer(replace(self.answers, draft=merged.settings))
        self._outdated = Outdated.SAVED
        self._make()

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
            asked = held_of_preview(view, held)
            look.clicked.connect(lambda _checked, asked=asked: self._look_at(asked))
            self._held.addWidget(held_note(held, look))
        self._limit.say(limit_words(view, notifies=self._notifies))
        if view.held:
            self._held.addSpacing(12)
            self._within.say(t("Held by the safety limits"), "warn", Token.WARN)
            return
        self._within.say(t("Within the safety limits"), "ok", Token.OK)

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self._progress.setVisible(self._making)
        ready = self._view is not None and self._failed is None and not self._making
        asks = ready and self._guard.held is not None
        self._shown.setVisible(ready and not asks)
        self._guard.setVisible(asks)
        self._end.setVisible(not ready or asks)
        again = ready and not asks and self._outdated is not None
        self._again.setVisible(again)
        if self._outdated is not None:
            self._again.text.say(outdated_words(self._outdated))
        self.head(self._guard.heading() if asks else Heading(lead=self._lead()))
        self.offer_now(self._offer())

    @property
    def _cure(self) -> Cure:
        """What makes what failed go away, where trying again would not."""
        if self._failed is None or self._making:
            return Cure.NOTHING
        return cure_of(self._failed.code, dict(self._failed.facts))

    def _lead(self) -> str:
        if self._making:
            return t("We read the directory and compare it with the accounts. Nothing is changed.")
        against = widening_words(self._widening) if self._widening is not None else ""
        if against:
            return f"{against} {t('Nothing has been changed yet.')}"
        return ""

    def _offer(self) -> Offer:
        if self._making:
            return Offer(busy=t("Reading"))
        if self._cure is Cure.AUTHORIZE:
            return Offer(valid=True, words=t("Authorize again"), trouble=self._failed)
        if self._cure is Cure.SIGN_IN:
            return Offer(valid=True, words=t("Sign in again"), trouble=self._failed)
        if self._failed is not None or self._view is None:
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        if self._guard.held is not None:
            again = SideAction(words=t("Make it again"), name="preview-again", press=self._make)
            shown = SideAction(words=t("To the preview"), name="guard-later", press=self._look_away)
            return self._guard.offer(again, shown)
        scope = SideAction(
            words=t("Change the scope"),
            name="preview-scope",
            press=lambda: self.desk.steps_wanted.emit(StepId.SCOPE.value),
        )
        return Offer(valid=True, words=t("Looks right"), beside=scope)


def _say_nothing(trouble: Trouble) -> None:
    """What could not be known beside the plan is left out; the plan stands without it."""
    del trouble
