"""Who is synced: chosen with a live count, and confirmed by that count."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Trouble
from wizard.flow.answers import Answers, ChosenScope, StepId
from wizard.flow.merging import Merge, scope_of
from wizard.services.contract.drafts import DraftView
from wizard.services.contract.scoping import Confirmation, ScopeStart
from wizard.ui.keep_soon import KeepSoon
from wizard.ui.page import Desk, Offer, Page
from wizard.ui.scope_editor import ScopeEditor
from wizard.ui.settle_sheet import MergeNote, SettleSheet
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ScopePage"]


class ScopePage(Page):
    """Shows the editor, and keeps what was chosen and what was confirmed.

    When somebody else saved another scope meanwhile, both are brought together, nothing is
    confirmed before that was seen, and only what both changed is asked.
    """

    step = StepId.SCOPE

    def __init__(self, desk: Desk) -> None:
        self._saving = False
        self._failed: Trouble | None = None
        self._others: DraftView | None = None
        self._mine = ChosenScope()
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._note = MergeNote()
        self._note.opened.connect(self._open_settle)
        self._keeping = KeepSoon(self, self._with_chosen)
        self.editor = ScopeEditor(self)
        self.editor.changed.connect(self._show)
        self.editor.began.connect(self._began)
        self.editor.chose.connect(self._chose)
        self.content.addSpacing(16)
        for part in (self._trouble, self._note, self.editor):
            self.content.addWidget(part)
        self._end = QWidget()
        self.content.addWidget(self._end, 1)

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._saving, self._failed = False, None
        self._hear(None)
        self.editor.load()

    def left(self) -> None:
        self.keep()
        self.editor.stop()
        self._saving = False

    def keep(self) -> None:
        self._keeping.now()

    def _with_chosen(self, answers: Answers) -> Answers:
        """The answers with what waits here to be confirmed, unless that is of another directory."""
        if answers.organization_account_id != self.editor.of_account:
            return answers
        return replace(answers, chosen=self.editor.unconfirmed)

    def _began(self, start: ScopeStart) -> None:
        self._hear(start.changed, start.before)
        self._show()

    def _chose(self) -> None:
        self._failed = None
        if self._conflicts:
            # Confirming compares what is chosen now once more.
            self._hear(None)
        self._keeping.soon()

    def apply(self) -> None:
        if self._conflicts:
            self._open_settle()
            return
        editor = self.editor
        if editor.trouble is not None:
            editor.load()
            return
        count = editor.count
        if count is None or editor.counting or self._saving:
            # What the button says is not yet the count of what is chosen.
            return
        chosen, people = editor.chosen, count.people
        bench = self.desk.bench
        self.keep()
        self._saving, self._failed = True, None
        self.work(
            lambda job: bench.scoping.confirm(chosen, people, job.cancel),
            lambda confirmed: self._confirmed(chosen, confirmed),
            self._did_not,
        )
        self._show()

    def _confirmed(self, chosen: ChosenScope, confirmed: Confirmation) -> None:
        self._saving = False
        if confirmed.changed is None:
            self.finish()
            return
        self._hear(confirmed.changed, chosen)
        if not self._conflicts:
            self._use(scope_of(confirmed.changed.draft), confirmed.changed)
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._saving, self._failed = False, trouble
        self._show()

    # -------------------------------------------------------- what somebody else saved

    def _hear(self, others: DraftView | None, mine: ChosenScope | None = None) -> None:
        self._others = others
        self._mine = mine or ChosenScope()
        self._note.show_merge(others)

    @property
    def _merge(self) -> Merge | None:
        return self._others.merge if self._others is not None else None

    @property
    def _conflicts(self) -> bool:
        return self._merge is not None and bool(self._merge.conflicts)

    def _use(self, chosen: ChosenScope, others: DraftView) -> None:
        """Go on with this choice, which the count tells of before it is confirmed."""
        self.editor.use(chosen, others.service.settings)
        self._keeping.soon()
        self.keep()

    def _open_settle(self) -> None:
        if self._others is None:
            return
        sheet = SettleSheet(self._others, self._mine)
        sheet.settled.connect(self._settled)
        self.desk.sheet_wanted.emit(sheet)

    def _settled(self, merged: Merge) -> None:
        others = self._others
        if others is not None:
            self._hear(None)
            self._use(scope_of(merged.settings), others)
            self._show()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self.offer_now(self._offer())

    def _offer(self) -> Offer:
        editor = self.editor
        if self._saving:
            return Offer(busy=t("Saving"))
        if editor.reading:
            return Offer(busy=t("Reading"))
        if editor.trouble is not None:
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=editor.trouble)
        if self._conflicts:
            return Offer(valid=True, words=t("Look and decide"), trouble=self._failed)
        count = editor.count
        if count is None or editor.slow:
            return Offer(busy=t("Counting"))
        words = tn("Yes, {count} person", "Yes, {count} people", count.people)
        proof = t(
            "**You’ll know it worked when** {count} is about the number you expect.",
            count=f"{count.people:,}",
        )
        if self._merge is not None and self._merge.scope_is_new:
            proof = t(
                "**Other people are in the scope now.** Go on if {count} is about the number you "
                "expect.",
                count=f"{count.people:,}",
            )
        return Offer(
            valid=bool(count.people),
            words=words,
            tail="" if count.people else t("Nobody would get an account"),
            proof=proof if count.people else "",
            trouble=self._failed,
        )

    def focus_first(self) -> None:
        part = self.editor.first_part()
        if part is not None and part.isVisible():
            part.setFocus()
