"""Who is synced: chosen with a live count, and confirmed by that count."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.scoping import Confirmed
from wizard.ui.page import Desk, Offer, Page
from wizard.ui.scope_editor import ScopeEditor
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ScopePage"]


class ScopePage(Page):
    """Shows the editor, and keeps what was confirmed."""

    step = StepId.SCOPE

    def __init__(self, desk: Desk) -> None:
        self._saving = False
        self._failed: Trouble | None = None
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self.editor = ScopeEditor(self)
        self.editor.changed.connect(self._show)
        self.content.addSpacing(16)
        self.content.addWidget(self._trouble)
        self.content.addWidget(self.editor)
        self._end = QWidget()
        self.content.addWidget(self._end, 1)

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._saving, self._failed = False, None
        self.editor.load()

    def left(self) -> None:
        self.editor.stop()
        self._saving = False

    def apply(self) -> None:
        editor = self.editor
        if editor.trouble is not None:
            editor.load()
            return
        count = editor.count
        if count is None or editor.counting or self._saving:
            # What the button says is not yet the count of what is chosen.
            return
        rule, address, people = editor.rule, editor.address, count.people
        bench = self.desk.bench
        self._saving, self._failed = True, None
        self.work(
            lambda job: bench.scoping.confirm(rule, address, people, job.cancel),
            self._confirmed,
            self._did_not,
        )
        self._show()

    def _confirmed(self, _where: Confirmed) -> None:
        self._saving = False
        self.finish()

    def _did_not(self, trouble: Trouble) -> None:
        self._saving, self._failed = False, trouble
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
        count = editor.count
        if count is None or editor.slow:
            return Offer(busy=t("Counting"))
        words = tn("Yes, {count} person", "Yes, {count} people", count.people)
        proof = t(
            "**You’ll know it worked when** {count} is about the number you expect.",
            count=f"{count.people:,}",
        )
        return Offer(
            valid=bool(count.people),
            words=words,
            proof=proof if count.people else "",
            trouble=self._failed,
        )

    def focus_first(self) -> None:
        part = self.editor.first_part()
        if part is not None and part.isVisible():
            part.setFocus()
