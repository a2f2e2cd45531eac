"""Giving up the set-up that stands on this computer: erased by a typed name, then begun anew."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.contract import SchedulerState, SessionStartState, Workbench
from wizard.services.contract.home import ErasedView
from wizard.services.jobs import JobContext
from wizard.ui.lasting import with_sync_stopped, work_to_the_end
from wizard.ui.page import Page, SideAction
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.typed_word import TypedWord

__all__ = ["StartAgainSheet", "begin_anew", "erase_here", "start_again"]


def erase_here(bench: Workbench, job: JobContext) -> ErasedView:
    """Stop the sync and erase the set-up, in a job; a sync that has to go on does.

    Nothing starts with the session any more then. Where the set-up can't be erased, it does so
    as before.
    """
    paused = bench.schedule.view().state is SchedulerState.PAUSED

    def erase() -> ErasedView:
        background = bench.background
        # First: a program that starts by itself with nothing to do is what nobody would look for.
        starts = background.session_start().state is SessionStartState.ON
        background.start_with_session(on=False)
        try:
            erased = bench.home.erase(job.cancel)
        except Trouble:
            if starts:
                background.start_with_session(on=True)
            raise
        if paused:
            # The pause was this set-up's; the next one begins without it.
            bench.schedule.resume()
        background.forget()
        return erased

    return with_sync_stopped(bench, erase)


def begin_anew(page: Page, erased: ErasedView) -> None:
    """Show the first page, and what is left elsewhere of the set-up that was erased."""
    desk = page.desk
    desk.start_again.emit()
    if erased.left is not None:
        desk.troubled.emit(erased.left)


def start_again(page: Page) -> SideAction:
    """The second button of a page that met `SET_UP_STANDS`: asks by a sheet."""

    def ask() -> None:
        page.desk.sheet_wanted.emit(StartAgainSheet(page))

    return SideAction(words=t("Start again"), name="start-again", press=ask)


class StartAgainSheet(Sheet):
    """Says what becomes of the set-up and of its sync, and wants the unit's name typed."""

    done = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__(t("Start again here?"), name="start-again-sheet")
        self._page = page
        self._busy = False
        answers = page.desk.bench.answers
        self._name = answers.ou_name or answers.ou_id
        for number, words in enumerate(_words(answers, self._name)):
            line = Text(words, Letters.PROSE, Token.INK_2, strong_token=Token.INK)
            line.setObjectName(f"start-again-words-{number}")
            self.put(line)
            self.put(10)
        self._word = TypedWord(
            t("Type the name of the organizational unit"),
            name="start-again-word",
            hint=lambda name: t("It is {name}.", name=name),
            not_so=lambda typed, name: t(
                "{typed} is not the name. It is {name}.", typed=typed, name=name
            ),
        )
        self._word.begin(self._name)
        self._word.changed.connect(lambda _words: self._show())
        self.put(self._word)
        self._wrong = Text("", Letters.PROSE, Token.BAD)
        self._wrong.setObjectName("start-again-wrong")
        self._wrong.hide()
        self.put(10)
        self.put(self._wrong)
        self.put(None)
        self._go = Button(t("Start again"), name="start-again-confirm")
        self._go.clicked.connect(self._confirmed)
        self._keep = Button(t("Keep it"), Kind.GHOST, name="start-again-leave")
        self._keep.clicked.connect(self.closed)
        self.put_foot(self._go, self._keep)
        self._show()

    def first_field(self) -> QWidget:
        return self._word.line

    def _show(self) -> None:
        self._word.setEnabled(not self._busy)
        self._go.setEnabled(self._word.fits or self._busy)
        self._keep.setEnabled(not self._busy)

    def _confirmed(self) -> None:
        if self._busy:
            return
        self._busy = True
        self._wrong.hide()
        self._go.set_busy(t("Erasing"))
        self._show()
        page, bench = self._page, self._page.desk.bench

        def erased(view: ErasedView) -> None:
            page.desk.sheet_done.emit()
            begin_anew(page, view)

        # The page hears it: the sheet may be closed meanwhile.
        work_to_the_end(page, page, lambda job: erase_here(bench, job), erased, self._failed)

    def _failed(self, trouble: Trouble) -> None:
        self._busy = False
        self._go.set_busy("")
        if trouble.code is not Code.CANCELLED:
            # Some hundred sentences, which the pages that offer this do not wait for.
            from wizard.content.troubles import trouble_words

            words = trouble_words(trouble.code, trouble.facts)
            self._wrong.say(f"{words.happened} {words.to_do}")
            self._wrong.show()
        self._show()


def _words(answers: Answers, name: str) -> list[str]:
    """What ends, what goes and what stays."""
    synced = answers.first_sync_done and answers.provisioning_on
    if synced and not answers.elsewhere:
        ends = t(
            "**This computer keeps the people of {name} in step now. That ends:** nothing is "
            "synced from here anymore. Nobody loses an account.",
            name=name,
        )
    elif synced:
        ends = t(
            "**A server keeps the people of {name} in step.** It goes on with that; this computer "
            "no longer shows how it stands.",
            name=name,
        )
    else:
        ends = t("**The set-up for {name} ends on this computer,** as far as it came.", name=name)
    return [
        ends,
        t(
            "This computer forgets its sign-ins and keys, the copy of the directory, links, past "
            "syncs and the answers. Its key also ends at the account service."
        ),
        t(
            "Accounts, the connection and its settings stay at the account service. Another "
            "computer may take over at once."
        ),
    ]
