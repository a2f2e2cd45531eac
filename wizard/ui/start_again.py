"""Giving up the set-up that stands on this computer: erased by a typed name, then begun anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.contract import SchedulerState, SessionStartState, Workbench
from wizard.services.contract.home import ErasedView
from wizard.services.jobs import JobContext
from wizard.ui.lasting import desk_to_the_end, with_sync_stopped
from wizard.ui.page import Desk, Page, SideAction
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.typed_word import TypedWord

__all__ = ["Instead", "StartAgainSheet", "begin_anew", "erase_here", "start_again"]


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


def begin_anew(desk: Desk, erased: ErasedView) -> None:
    """Show the first page, and what is left elsewhere of the set-up that was erased."""
    desk.start_again.emit()
    if erased.left is not None:
        desk.troubled.emit(erased.left)


def start_again(page: Page) -> SideAction:
    """The second button of a page that met `SET_UP_STANDS`: asks by a sheet."""

    def ask() -> None:
        page.desk.sheet_wanted.emit(StartAgainSheet(page.desk))

    return SideAction(words=t("Start again"), name="start-again", press=ask)


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What comes instead of the set-up that is erased, in words: why, and on the buttons."""

    title: str
    lead: str
    confirm: str
    leave: str


class StartAgainSheet(Sheet):
    """Says what becomes of the set-up and of its sync, and wants the unit's name typed.

    `instead` tells what comes then, where it isn't a new set-up; `erased` goes on with it.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        instead: Instead | None = None,
        erased: Callable[[ErasedView], None] | None = None,
    ) -> None:
        words = instead or Instead(
            title=t("Start again here?"), lead="", confirm=t("Start again"), leave=t("Keep it")
        )
        super().__init__(words.title, name="start-again-sheet")
        self._desk = desk
        self._erased = erased or (lambda view: begin_anew(desk, view))
        self._busy = False
        answers = desk.bench.answers
        self._name = answers.ou_name or answers.ou_id
        lead = [words.lead] if words.lead else []
        for number, told in enumerate((*lead, *_words(answers, self._name))):
            line = Text(told, Letters.PROSE, Token.INK_2, strong_token=Token.INK)
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
        self._go = Button(words.confirm, name="start-again-confirm")
        self._go.clicked.connect(self._confirmed)
        self._keep = Button(words.leave, Kind.GHOST, name="start-again-leave")
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
        desk, go_on = self._desk, self._erased

        def erased(view: ErasedView) -> None:
            desk.sheet_done.emit()
            go_on(view)

        # The window hears it: the sheet may be closed meanwhile, and deleted.
        there = [self]
        self.destroyed.connect(there.clear)

        def failed(trouble: Trouble) -> None:
            if there and not there[0].isHidden():
                there[0].show_failed(trouble)
            elif trouble.code is not Code.CANCELLED:
                desk.troubled.emit(trouble)

        desk_to_the_end(desk, desk, lambda job: erase_here(desk.bench, job), erased, failed)

    def show_failed(self, trouble: Trouble) -> None:
        """The set-up stands as it was; say why, and let the person try again."""
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
