"""The side sheet that asks before this computer takes the sync from another one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code, Fact, Trouble
from wizard.services.contract import ConnectionView
from wizard.services.jobs import Job, JobContext, Lane
from wizard.ui.layouts import row
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["TakeOverLine", "TakeOverSheet", "can_take_over"]

_BELOW = 16
"""Room to what follows; it goes when the line goes."""


def can_take_over(report: RunReport | None) -> bool:
    """Whether this run stopped because another computer keeps these people in step."""
    return report is not None and (
        report.outcome is RunOutcome.NOT_THE_SYNCER or report.trouble is Code.NOT_THE_SYNCER
    )


class TakeOverLine(QWidget):
    """A button that asks, shown below the trouble; `taken` once it is done."""

    taken = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._report: RunReport | None = None
        button = Button(t("Take over here"), small=True, name="take-over")
        button.clicked.connect(self._ask)
        row(button, None, margins=(0, 0, 0, _BELOW), inside=self)
        self.hide()

    def show_for(self, report: RunReport | None) -> None:
        """Offer it where this run stopped because of another computer."""
        self._report = report
        self.setVisible(can_take_over(report))

    def _ask(self) -> None:
        if self._report is not None:
            sheet = TakeOverSheet(self._desk, dict(self._report.trouble_facts))
            sheet.taken.connect(self.taken)
            self._desk.sheet_wanted.emit(sheet)


class TakeOverSheet(Sheet):
    """Says who does it now and what taking over means; `taken` once it is done.

    `facts` are those of the trouble: `host`, `person` and `last_run_at` of the other computer.
    """

    taken = Signal()

    def __init__(self, desk: Desk, facts: Mapping[str, Fact]) -> None:
        super().__init__(t("Take over here?"), name="take-over-sheet")
        self._desk = desk
        self._job: Job | None = None
        holder = Text(trouble_words(Code.NOT_THE_SYNCER, facts).happened, Letters.BODY_STRONG)
        holder.setObjectName("take-over-holder")
        self.put(holder)
        other = str(facts.get("host") or facts.get("syncer_host") or "")
        stops = (
            t("When you take over, this computer does it, and {host} stops.", host=other)
            if other
            else t("When you take over, this computer does it, and the other one stops.")
        )
        for words in (
            stops,
            t(
                "Do this when the other computer is not to do it anymore: it is being replaced, "
                "or it has not run for a while. Leave it there if it works."
            ),
            t(
                "Nobody’s account changes by this. The next sync reads everything anew, under "
                "the same limits. The change is noted in this computer’s log."
            ),
        ):
            self.put(10)
            self.put(Text(words, Letters.PROSE, Token.INK_2))
        self._wrong = Text("", Letters.PROSE, Token.BAD)
        self._wrong.setObjectName("take-over-wrong")
        self._wrong.hide()
        self.put(10)
        self.put(self._wrong)
        self.put(None)
        self._take = Button(t("Take over here"), name="take-over-confirm")
        self._take.clicked.connect(self._confirmed)
        leave = Button(t("Leave it there"), Kind.GHOST, name="take-over-leave")
        leave.clicked.connect(self.closed)
        self._leave = leave
        self.put_foot(self._take, leave)

    def first_field(self) -> QWidget:
        # The way that changes nothing has the keyboard first.
        return self._leave

    def _confirmed(self) -> None:
        if self._job is not None:
            return
        bench = self._desk.bench
        holder: list[Job] = []

        def take_over(job: JobContext) -> ConnectionView:
            return bench.take_over(job.cancel)

        def mine() -> bool:
            return bool(holder) and holder[0] is self._job

        def done(_connection: ConnectionView) -> None:
            if mine():
                self._job = None
                self.closed.emit()
                self.taken.emit()

        def failed(trouble: Trouble) -> None:
            if mine():
                self._job = None
                self._failed(trouble)

        self._wrong.hide()
        self._take.set_busy(t("Taking over"))
        self._job = self._desk.jobs.start(Lane.NET, take_over, done=done, failed=failed)
        holder.append(self._job)

    def _failed(self, trouble: Trouble) -> None:
        self._take.set_busy("")
        words = trouble_words(trouble.code, trouble.facts)
        self._wrong.say(f"{words.happened} {words.to_do}")
        self._wrong.show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None and not event.spontaneous():
            self._job.cancel()
            self._job = None
