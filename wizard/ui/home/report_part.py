"""Home's Settings for the helpdesk: the checks, the support file, and a page after each sync."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.desk_settings import report_lead, report_words
from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.checking import ReportView
from wizard.services.jobs import Lane
from wizard.ui.checks_sheet import ChecksSheet
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import clear, column, row
from wizard.ui.support_sheet import SupportSheet
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import Toggle
from wizard.ui.widgets.text import Elide, Text

__all__ = ["ReportPart"]


class ReportPart(QWidget):
    """Rows of Settings; everything here counts at once."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("for-helpdesk")
        self._page = page
        self._view = ReportView()
        self._box = Box()
        self._box.add(self._build_checks())
        self._box.add(self._build_report())
        self._told = QWidget()
        self._notes = column(inside=self._told)
        column(self._box, self._told, inside=self)
        self._show()

    def _build_checks(self) -> QWidget:
        check = Button(t("Check everything"), small=True, name="settings-check")
        check.clicked.connect(lambda: self._open(ChecksSheet(self._page.desk)))
        support = Button(t("Support file"), small=True, name="settings-support")
        support.clicked.connect(lambda: self._open(SupportSheet(self._page.desk)))
        part = QWidget()
        line = row(gap=8, margins=(16, 12, 16, 12), inside=part)
        words = t("What is wrong here, and one file for support that names nobody.")
        texts = column(Text(t("Checks"), Letters.BODY_MEDIUM), gap=3)
        texts.addWidget(Text(words, Letters.SECOND, Token.INK_2))
        line.addLayout(texts, 1)
        line.addWidget(check)
        line.addWidget(support)
        return part

    def _build_report(self) -> QWidget:
        self._lead = Text("", Letters.SECOND, Token.INK_2)
        self._where = Text("", Letters.SECOND, Token.INK_2, wrap=False, elide=Elide.MIDDLE)
        self._where.setObjectName("report-where")
        self._when = Text("", Letters.CAPTION, Token.INK_3)
        self._newest = QWidget()
        self._choose = Button("", small=True, name="report-choose")
        self._choose.clicked.connect(self._ask_where)
        self._off = Button(t("Turn off"), Kind.GHOST, small=True, name="report-off")
        self._off.clicked.connect(self._turn_off)
        title = t("A page for your helpdesk after each sync")
        texts = column(Text(title, Letters.BODY_MEDIUM), self._lead, gap=3)
        part = QWidget()
        line = row(gap=8, margins=(16, 12, 16, 12))
        line.addLayout(texts, 1)
        line.addWidget(self._off)
        line.addWidget(self._choose)
        words = t("Name nobody in it")
        self._private = Toggle(words, name="report-private")
        self._private.clicked.connect(self._private_chosen)
        about = column(Text(words, Letters.SECOND_MEDIUM), gap=3)
        about.addWidget(
            Text(
                t("It then answers only for a whole address that somebody types."),
                Letters.CAPTION,
                Token.INK_3,
            )
        )
        switch = row(gap=16, margins=(16, 0, 16, 12))
        switch.addLayout(about, 1)
        switch.addWidget(self._private)
        where = column(self._where, self._when, margins=(16, 0, 16, 12), inside=self._newest)
        where.setSpacing(1)
        column(line, self._newest, switch, inside=part)
        return part

    # -------------------------------------------------------- what is known

    def look(self) -> None:
        """Read what is chosen, and how the last one went."""
        bench = self._page.desk.bench
        if bench.answers.organization_account_id:
            self._page.work(
                lambda _job: bench.checking.report(), self._know, self._did_not, lane=Lane.LOOK
            )
        self._show()

    def _know(self, view: ReportView) -> None:
        self._view = view
        self._choose.set_busy("")
        self._off.set_busy("")
        if view.folder is not None:
            self._private.setChecked(view.private)
        self._show()
        trouble = view.trouble
        if trouble is not None:
            self._say(trouble)

    def _did_not(self, trouble: Trouble) -> None:
        self._choose.set_busy("")
        self._off.set_busy("")
        self._private.setChecked(self._view.private)
        self._show()
        if trouble.code is not Code.CANCELLED:
            self._say(trouble)

    def _say(self, trouble: Trouble) -> None:
        words = trouble_words(trouble.code, trouble.facts)
        told = f"**{t('The page could not be written.')}** {words.happened} {words.to_do}"
        self._warn(told, name="report-trouble")

    def _warn(self, words: str, *, name: str) -> None:
        note = Note(words, icon="warn", warn=True)
        note.setObjectName(name)
        self._notes.addSpacing(12)
        self._notes.addWidget(note)

    # -------------------------------------------------------- what a person does

    def _open(self, sheet: QWidget) -> None:
        self._page.desk.sheet_wanted.emit(sheet)

    def _ask_where(self) -> None:
        before = str(self._view.folder or "")
        chosen = QFileDialog.getExistingDirectory(
            self, t("The folder for the helpdesk’s page"), before
        )
        if chosen:
            self.write_to(Path(chosen))

    def write_to(self, folder: Path) -> None:
        """Write the page there now, and after each sync."""
        bench, private = self._page.desk.bench, self._private.isChecked()
        self._choose.set_busy(t("Writing"))
        self._page.work(
            lambda job: bench.checking.choose_report(folder, job.cancel, private=private),
            self._know,
            self._did_not,
        )

    def _private_chosen(self) -> None:
        if self._view.folder is not None:
            self.write_to(self._view.folder)

    def _turn_off(self) -> None:
        bench = self._page.desk.bench
        self._off.set_busy(t("Turning off"))
        self._page.work(lambda _job: bench.checking.end_report(), self._ended, self._did_not)

    def _ended(self, view: ReportView) -> None:
        """It is off; where the last page is still there, somebody must know."""
        self._know(view)
        if view.file:
            self._warn(t("{file} could not be deleted.", file=view.file), name="report-left")

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        clear(self._notes)
        view, on = self._view, self._view.folder is not None
        answers = self._page.answers
        here = bool(answers.organization_account_id) and not answers.elsewhere
        self._lead.say(report_lead(here=here))
        self._where.say(view.file or str(view.folder))
        self._when.say(report_words(view.people, view.written_at))
        self._newest.setVisible(on)
        self._choose.say(t("Another folder…") if on else t("Choose a folder…"))
        self._choose.setEnabled(here)
        self._private.setEnabled(here)
        self._off.setVisible(on)
