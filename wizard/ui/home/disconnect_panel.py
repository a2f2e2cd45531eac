"""Before a connection ends: what that means, what is erased, and a word that has to be typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.home import DisconnectedView
from wizard.services.jobs import JobContext
from wizard.ui.home.lasting import work_to_the_end
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column, row
from wizard.ui.page import Heading, Offer, SideAction
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Icon
from wizard.ui.widgets.choice import Toggle
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["DisconnectPanel", "point"]


class DisconnectPanel(QWidget):
    """A state of a page, which shows it alone, with its heading and its offer."""

    changed = Signal()
    left = Signal()
    """The person would rather not."""
    disconnected = Signal(object)
    """It is done (`DisconnectedView`)."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("disconnect")
        self._page = page
        self._domain = ""
        self._busy = False
        self._failed: Trouble | None = None
        self._trouble = TroublePanel()
        box = Box()
        for icon, title, sentence in (
            (
                "people",
                t("People keep their accounts"),
                t("Nobody is deactivated. From then on nobody new gets one, and nobody leaves."),
            ),
            (
                "link",
                t("The connection ends at the account service and at Google"),
                t("Interviewers’ calendars can’t be reached through it anymore."),
            ),
            (
                "again",
                t("It can be connected again"),
                t("The set-up goes back to the step Authorize. Its settings begin anew."),
            ),
        ):
            box.add(point(icon, title, sentence))
        self._erase = Toggle(t("Erase what was read here"), name="disconnect-erase")
        self._erase.setChecked(True)
        erase = QWidget()
        texts = column(
            Text(t("Erase what was read here"), Letters.BODY_STRONG),
            Text(
                t("The copy of the directory, the links to accounts, and past syncs."),
                Letters.SECOND,
                Token.INK_2,
            ),
        )
        line = row(gap=16, margins=(16, 12, 16, 12), inside=erase)
        line.addLayout(texts, 1)
        line.addWidget(self._erase)
        box.add(erase)
        self.word = Field(t("Type the domain"), name="disconnect-word")
        self.word.line.setMaximumWidth(320)
        self.word.changed.connect(lambda _words: self._typed())
        column(self._trouble, box, 20, self.word, None, inside=self)
        self.hide()

    def begin(self, domain: str) -> None:
        """Ask about this connection."""
        self._domain = domain
        self._failed = None
        self.word.set_value("")
        self.word.show_wrong("")
        self.word.say_hint(t("It is {domain}.", domain=domain))
        self._trouble.show_trouble(None)
        self.show()
        self.word.line.setFocus()

    @property
    def fits(self) -> bool:
        """Whether the domain is typed."""
        return bool(self._domain) and self.word.value.casefold() == self._domain.casefold()

    def _typed(self) -> None:
        typed = self.word.value
        if len(typed) >= len(self._domain) and not self.fits:
            self.word.show_wrong(
                t("{typed} is not the domain. It is {domain}.", typed=typed, domain=self._domain)
            )
        self.changed.emit()

    def press(self) -> None:
        """The page's dangerous button."""
        if not self.fits or self._busy:
            return
        self._busy, self._failed = True, None
        bench, erase = self._page.desk.bench, self._erase.isChecked()

        def disconnect(job: JobContext) -> DisconnectedView:
            # No run may begin or go on with what is about to end.
            bench.schedule.stop()
            try:
                return bench.home.disconnect(job.cancel, erase=erase)
            except Trouble:
                if bench.answers.organization_account_id:
                    bench.schedule.start()
                raise

        work_to_the_end(self, self._page, disconnect, self._done, self._did_not)
        self._show()

    def _done(self, view: DisconnectedView) -> None:
        self._busy = False
        self.disconnected.emit(view)

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
        self._erase.setEnabled(not self._busy)
        self.changed.emit()

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        return Heading(
            title=t("Disconnect Google Workspace"),
            lead=t("The sync ends, here and on every other computer."),
        )

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        back = SideAction(words=t("Stay connected"), name="disconnect-leave", press=self.left.emit)
        return Offer(
            valid=self.fits and not self._busy,
            busy=t("Disconnecting") if self._busy else "",
            words=t("Disconnect"),
            danger=True,
            trouble=self._failed,
            instead_of_back=None if self._busy else back,
        )


def point(icon: str, title: str, sentence: str) -> QWidget:
    """One thing that happens then, and what it means."""
    part = QWidget()
    mark = Icon(icon, Token.INK_2, 16, drop=2)
    texts = column(
        Text(title, Letters.BODY_MEDIUM), Text(sentence, Letters.SECOND, Token.INK_2), gap=2
    )
    line = row(gap=12, margins=(16, 12, 16, 12), inside=part)
    line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(texts, 1)
    return part
