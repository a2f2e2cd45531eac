"""Moving the sync to another computer: a passphrase, what ends here, and what to do there."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import Workbench
from wizard.services.contract.moving import MovedOutView
from wizard.services.jobs import JobContext
from wizard.services.keeping import SHORTEST_PASSPHRASE
from wizard.ui.home.health_part import copied_row, fact_row
from wizard.ui.home.page import HomePage
from wizard.ui.home.typed_panel import Point, point_part
from wizard.ui.lasting import with_sync_stopped, work_to_the_end
from wizard.ui.layouts import column
from wizard.ui.page import Heading, Offer, SideAction
from wizard.ui.widgets.boxes import Body, Box, Note
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["MovePanel"]

log = logging.getLogger(__name__)

_LONGEST_NAME = 100
_AROUND = 12
"""Pixels that stay free above and below what is brought into view."""


class MovePanel(QWidget):
    """A state of Home's Settings, which shows it alone: asked first, and then what is left to do.

    What was typed is forgotten as soon as it has been used.
    """

    changed = Signal()
    """Heading or offer are different now."""
    left = Signal()
    """The person is done with it, or would rather not."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("move")
        self._page = page
        self._busy = False
        self._failed: Trouble | None = None
        self._moved: MovedOutView | None = None
        self._trouble = TroublePanel()
        self._to = Field(
            t("What the other computer is called"),
            name="move-to",
            hint=t("So that this one can say where it went. You may leave it empty."),
        )
        self._to.line.setMaxLength(_LONGEST_NAME)
        least = tn(
            "At least {count} character. You type it once more on the other computer.",
            "At least {count} characters. You type it once more on the other computer.",
            SHORTEST_PASSPHRASE,
        )
        self._first = _secret(t("Passphrase for the file"), "move-passphrase", hint=least)
        self._second = _secret(t("The same once more"), "move-repeated")
        for field in (self._to, self._first, self._second):
            field.changed.connect(lambda _words: self.changed.emit())
        box = Box()
        for point in _points():
            box.add(point_part(point))
        self._ask = QWidget()
        column(box, 20, self._first, 12, self._second, 16, self._to, inside=self._ask)
        self._note = Note("", icon="ok")
        self._note.setObjectName("moved-out")
        self._next = Box()
        self._done = QWidget()
        column(self._note, 16, self._next, inside=self._done)
        column(self._trouble, self._ask, self._done, None, inside=self)
        self.hide()

    # -------------------------------------------------------- for the page

    def begin(self) -> None:
        """Ask."""
        self._failed = self._moved = None
        self.forget()
        self._to.set_value("")
        self._show()
        self.show()
        self._first.line.setFocus()

    @property
    def under_way(self) -> bool:
        """Whether it is being done, or what is left to do is told."""
        return self._busy or self._moved is not None

    def forget(self) -> None:
        """Empty what was typed."""
        for field in (self._first, self._second):
            field.line.clear()
            field.show_wrong("")

    def press(self) -> None:
        """The page's button: choose the file, and move."""
        if self._moved is not None:
            self.left.emit()
            return
        if self._busy or not self._fits():
            return
        # Nothing is written over: the dialog must not ask for what is refused afterwards.
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            t("Save the set-up"),
            "set-up.ecsmove",
            t("Moved set-up (*.ecsmove)"),
            "",
            QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.move_to(Path(chosen))

    def move_to(self, path: Path) -> None:
        """Move the set-up into this file."""
        bench, word, to = self._page.desk.bench, self._first.line.text(), self._to.value

        def move(job: JobContext) -> MovedOutView:
            def out() -> MovedOutView:
                view = bench.home.moving.move_out(path, word, job.cancel, to=to)
                _rest(bench)
                return view

            return with_sync_stopped(bench, out)

        self._busy, self._failed = True, None
        work_to_the_end(self, self._page, move, self._came_through, self._did_not)
        self._show()

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        if self._moved is not None:
            return Heading(
                title=t("Moved out of this computer"),
                lead=t("Nothing is synced until the other computer has it."),
            )
        return Heading(
            title=t("Move the sync to another computer"),
            lead=t("Everything that is set up here goes into one sealed file."),
        )

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        if self._moved is not None:
            return Offer(valid=True, words=t("Done"))
        back = SideAction(words=t("Keep it here"), name="move-leave", press=self._leave)
        typed = bool(self._first.line.text() and self._second.line.text())
        return Offer(
            valid=typed and not self._busy,
            busy=t("Moving") if self._busy else "",
            words=t("Save and move"),
            tail="" if typed else t("Type the passphrase twice first"),
            danger=True,
            trouble=self._failed,
            instead_of_back=None if self._busy else back,
        )

    # -------------------------------------------------------- what happens

    def _leave(self) -> None:
        self.forget()
        self.left.emit()

    def _fits(self) -> bool:
        """Whether both passphrases are one, and long enough; the field says what is wrong."""
        first, second = self._first.line.text(), self._second.line.text()
        if len(first) < SHORTEST_PASSPHRASE:
            least = tn(
                "Too short: at least {count} character.",
                "Too short: at least {count} characters.",
                SHORTEST_PASSPHRASE,
            )
            self._correct(self._first, least)
            return False
        if first != second:
            self._correct(self._second, t("These two differ. Type the same one twice."))
            return False
        return True

    def _correct(self, field: Field, sentence: str) -> None:
        """Say what is wrong with a field, where the person sees it also in a low window."""
        field.show_wrong(sentence)
        field.line.setFocus()
        area = self.parentWidget()
        while area is not None and not isinstance(area, Body):
            area = area.parentWidget()
        if area is not None:
            # Only after Qt has given the sentence its place.
            QTimer.singleShot(0, field, partial(area.ensureWidgetVisible, field, 0, _AROUND))

    def _came_through(self, view: MovedOutView) -> None:
        self._busy = False
        self._moved = view
        self.forget()
        self._tell(view)
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._busy = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        if self._failed is not None and not self.isVisible():
            # The person has turned to another page meanwhile.
            self._page.desk.troubled.emit(trouble)
        self._show()

    def _tell(self, view: MovedOutView) -> None:
        told = [
            t("**{unit} is in the file.** This computer has stopped syncing it.", unit=view.unit)
        ]
        if not view.lease_given_up:
            told.append(t("The account service could not be told; the new computer sees to it."))
        if not view.with_database:
            told.append(t("Past syncs are too large for the file and stay here."))
        if not view.forgotten:
            told.append(
                t("Its sign-ins can’t be deleted here now; the next start does that first.")
            )
        self._note.text.say(" ".join(told))
        self._next.empty()
        name = view.file.name
        self._next.add(copied_row(t("The file"), str(view.file)))
        self._next.add(fact_row(t("First"), t("Copy it to the other computer, with its name.")))
        self._next.add(copied_row(t("Then, there"), f"enterprise-connect move-in {name}"))
        self._next.add(
            fact_row(t("At last"), t("Delete the file everywhere. The sign-ins are in it."))
        )

    def _show(self) -> None:
        self._trouble.show_trouble(self._failed)
        self._ask.setVisible(self._moved is None)
        self._ask.setEnabled(not self._busy)
        self._done.setVisible(self._moved is not None)
        self.changed.emit()


def _rest(bench: Workbench) -> None:
    """From now on this computer only watches, and has no reason to start by itself."""
    bench.change(replace(bench.answers, place=None, place_ready=False, kept_elsewhere=True))
    try:
        bench.background.start_with_session(on=False)
    except Trouble as trouble:
        # It has moved all the same.
        log.info("the program still starts with the session: %s", trouble.code)


def _points() -> tuple[Point, ...]:
    return (
        Point(
            icon="lock",
            title=t("Into the file, sealed under your passphrase"),
            sentence=t("The set-up, the sign-ins and keys, and what is known of people and syncs."),
        ),
        Point(
            icon="minus",
            title=t("Ends on this computer"),
            sentence=t(
                "It stops syncing at once and forgets its sign-ins and keys. Nobody loses an "
                "account."
            ),
        ),
        Point(
            icon="again",
            title=t("Goes on at the other computer"),
            sentence=t(
                "Move the file in there with one command. Until then nobody is synced; it can "
                "also be moved in here again."
            ),
        ),
    )


def _secret(label: str, name: str, *, hint: str = "") -> Field:
    field = Field(label, name=name, hint=hint)
    field.line.setEchoMode(QLineEdit.EchoMode.Password)
    return field
