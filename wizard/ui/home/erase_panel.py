"""Before a set-up is erased from this computer: what goes, what stays, and a typed word."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SchedulerState
from wizard.services.jobs import JobContext
from wizard.ui.home.disconnect_panel import point
from wizard.ui.home.lasting import work_to_the_end
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column
from wizard.ui.page import Heading, Offer, SideAction
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ErasePanel"]


class ErasePanel(QWidget):
    """A state of a page, which shows it alone, with its heading and its offer."""

    changed = Signal()
    left = Signal()
    erased = Signal()

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("erase")
        self._page = page
        self._name = ""
        self._busy = False
        self._failed: Trouble | None = None
        self._trouble = TroublePanel()
        box = Box()
        for icon, title, sentence in (
            (
                "minus",
                t("Erased on this computer"),
                t("Sign-ins and keys, the copy of the directory, links, past syncs, the answers."),
            ),
            (
                "people",
                t("Stays at the account service"),
                t("Accounts, the connection and its settings. Disconnect first to end those, too."),
            ),
            (
                "again",
                t("Nothing is synced from here anymore"),
                t("Another computer may take over at once, or this one after a new set-up."),
            ),
        ):
            box.add(point(icon, title, sentence))
        self.word = Field(t("Type the name of the organizational unit"), name="erase-word")
        self.word.line.setMaximumWidth(320)
        self.word.changed.connect(lambda _words: self._typed())
        column(self._trouble, box, 20, self.word, None, inside=self)
        self.hide()

    def begin(self, name: str) -> None:
        """Ask about the set-up for this unit."""
        self._name = name
        self._failed = None
        self.word.set_value("")
        self.word.show_wrong("")
        self.word.say_hint(t("It is {name}.", name=name))
        self._trouble.show_trouble(None)
        self.show()
        self.word.line.setFocus()

    @property
    def fits(self) -> bool:
        """Whether the name is typed."""
        return bool(self._name) and self.word.value.casefold() == self._name.casefold()

    def _typed(self) -> None:
        typed = self.word.value
        if len(typed) >= len(self._name) and not self.fits:
            self.word.show_wrong(
                t("{typed} is not the name. It is {name}.", typed=typed, name=self._name)
            )
        self.changed.emit()

    def press(self) -> None:
        """The page's dangerous button."""
        if not self.fits or self._busy:
            return
        self._busy, self._failed = True, None
        bench = self._page.desk.bench

        def erase(job: JobContext) -> None:
            # No run may begin or go on with what is about to go.
            synced = bench.schedule.view().state is not SchedulerState.STOPPED
            bench.schedule.stop()
            try:
                bench.home.erase(job.cancel)
            except Trouble:
                if synced:
                    bench.schedule.start()
                raise

        work_to_the_end(self, self._page, erase, lambda _nothing: self._done(), self._did_not)
        self._show()

    def _done(self) -> None:
        self._busy = False
        self.erased.emit()

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        if self._failed is not None and not self.isVisible():
            # The person has turned to another page meanwhile.
            self._page.desk.troubled.emit(trouble)
        self._show()

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self.word.setEnabled(not self._busy)
        self.changed.emit()

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        return Heading(
            title=t("Erase this set-up"),
            lead=t("This computer forgets everything that it knows of it."),
        )

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        back = SideAction(words=t("Keep it"), name="erase-leave", press=self.left.emit)
        return Offer(
            valid=self.fits and not self._busy,
            busy=t("Erasing") if self._busy else "",
            words=t("Erase"),
            danger=True,
            trouble=self._failed,
            instead_of_back=None if self._busy else back,
        )
