"""The support file: shown whole before anything is saved, then saved where a person wants it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Trouble
from wizard.services.contract.checking import SupportFile
from wizard.services.jobs import Lane
from wizard.ui.layouts import clear, column
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.plain_text import PlainText
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Text
from wizard.ui.working_sheet import WorkingSheet

__all__ = ["SupportSheet"]

_COPIED_MS = 2_000


class SupportSheet(WorkingSheet):
    """What is shown is what is saved, to the letter."""

    wide = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, t("Support file"), name="support")
        self._file: SupportFile | None = None
        self._lead = Text(
            t(
                "This is all of it: no person, no name and no secret. Read it, save it, and send "
                "it to support yourself. Nothing is sent from here."
            ),
            Letters.SECOND,
            Token.INK_2,
        )
        told = QWidget()
        self._told = column(inside=told)
        self._waiting = Bar(t("Putting it together"), thin=True)
        self._waiting.show_part(0, BarState.WAITING)
        self._text = PlainText(t("The support file"), name="support-text")
        self._text.hide()
        self._making = Text(
            t("Putting it together. You see all of it before it is saved."),
            Letters.SECOND,
            Token.INK_2,
        )
        for part in (told, self._lead, self._making, 12, self._waiting):
            self.put(part)
        # It keeps its room also while there is no text, so that what is above stays at the top.
        room = QWidget()
        column(self._text, inside=room)
        self.put_whole(room)
        self._save = Button(t("Save…"), Kind.PRIMARY, icon="download", small=True)
        self._save.setObjectName("support-save")
        self._save.clicked.connect(self._ask_where)
        self._copy = Button(t("Copy as text"), Kind.GHOST, icon="copy", small=True)
        self._copy.setObjectName("support-copy")
        self._copy.clicked.connect(self._copy_text)
        self._again = Button(t("Try again"), icon="again", small=True, name="support-again")
        self._again.clicked.connect(self._look)
        self.put_foot(self._save, self._copy, self._again)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self._copy.say(t("Copy as text"), "copy"))
        self._look()

    def _look(self) -> None:
        bench = self.desk.bench
        self._file = None
        clear(self._told)
        self._show()
        self.work(
            lambda job: bench.checking.support_file(job.cancel),
            self._know,
            self._failed,
            lane=Lane.LOOK,
        )

    def _know(self, file: SupportFile) -> None:
        self._file = file
        self._text.show_text(file.text)
        self._show()

    def _failed(self, trouble: Trouble) -> None:
        self._save.set_busy("")
        words = trouble_words(trouble.code, trouble.facts)
        self._tell(f"**{words.title}.** {words.happened} {words.to_do}", warn=True)
        self._show(failed=self._file is None)

    def _tell(self, words: str, *, warn: bool = False) -> None:
        clear(self._told)
        note = Note(words, icon="warn" if warn else "ok", warn=warn, below=12)
        note.setObjectName("support-told")
        self._told.addWidget(note)

    def _show(self, *, failed: bool = False) -> None:
        there = self._file is not None
        self._lead.setVisible(there)
        self._making.setVisible(not there and not failed)
        self._waiting.setVisible(not there and not failed)
        self._text.setVisible(there)
        self._save.setVisible(there)
        self._copy.setVisible(there)
        self._again.setVisible(failed)

    # -------------------------------------------------------- pressing

    def _ask_where(self) -> None:
        if self._file is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the support file"), self._file.name, t("Text (*.txt)")
        )
        if chosen:
            # The dialog has asked whether a file of this name may go.
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write it there, off the window's thread; the dialog asked about what is there."""
        bench, file = self.desk.bench, self._file
        if file is None:
            return
        self._save.set_busy(t("Saving"))
        self.work(
            lambda _job: bench.checking.save_support_file(file, path, replace=True),
            self._saved,
            self._failed,
            lane=Lane.LOOK,
        )

    def _saved(self, path: Path) -> None:
        self._save.set_busy("")
        self._tell(t("Saved as {file}. Send it to support yourself.", file=str(path)))

    def _copy_text(self) -> None:
        if self._file is not None:
            QGuiApplication.clipboard().setText(self._file.text)
            self._copy.say(t("Copied"), "check")
            self._copied.start()

    def first_field(self) -> QWidget:
        return self._text if self._text.isVisible() else self
