"""“Check everything” in the side sheet: each check as it ends, what to do, and a way to support."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wizard.content.checks import checks_summary, checks_text
from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Trouble
from wizard.services.contract import FindingState
from wizard.services.contract.checking import Check, CheckBegun
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Icon, Note
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.spinner import Spinner
from wizard.ui.widgets.text import Text
from wizard.ui.working_sheet import WorkingSheet

__all__ = ["ChecksSheet"]

_COPIED_MS = 2_000
_MARKS = {
    FindingState.PASSED: ("ok", Token.OK),
    FindingState.WARNING: ("warn", Token.WARN),
    FindingState.FAILED: ("stop", Token.BAD),
}
_ORDER = {FindingState.FAILED: 0, FindingState.WARNING: 1, FindingState.PASSED: 2}


class ChecksSheet(WorkingSheet):
    """It begins by itself; closing it, or “Stop”, ends it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, t("Check everything"), name="checks")
        self._found: list[Check] = []
        self._running = ""
        self._busy = self._stopped = False
        self._trouble: Trouble | None = None
        self._verdict = QWidget()
        self._said = column(inside=self._verdict)
        self._box = Box()
        self.put(self._verdict)
        self.put(self._box)
        self.put(None)
        self._go = Button("", icon="again", small=True, name="checks-go")
        self._go.clicked.connect(self._pressed)
        self._copy = IconButton("copy", t("Copy as text"), name="checks-copy")
        self._copy.clicked.connect(self._copy_text)
        self._support = Button(t("Support file"), small=True, name="checks-support")
        self._support.clicked.connect(self._open_support)
        self.put_foot(self._support, self._go, self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self._copy.say(t("Copy as text")))
        self._start()

    # -------------------------------------------------------- checking

    def _start(self) -> None:
        self._found.clear()
        self._running, self._busy, self._stopped, self._trouble = "", True, False, None
        bench = self.desk.bench
        self.work(
            lambda job: bench.checking.check_everything(job.report, job.cancel),
            self._ended,
            self._failed,
            self._heard,
        )
        self._show()

    def _pressed(self) -> None:
        if not self._busy:
            self._start()
            return
        self.stop()
        self._busy, self._running, self._stopped = False, "", True
        self._show()

    def _heard(self, event: object) -> None:
        if isinstance(event, CheckBegun):
            self._running = event.title
        elif isinstance(event, Check):
            self._running = ""
            self._found.append(event)
        self._show()

    def _ended(self, found: Sequence[Check]) -> None:
        self._found = list(found)
        self._busy, self._running = False, ""
        self._show()

    def _failed(self, trouble: Trouble) -> None:
        self._busy, self._running, self._trouble = False, "", trouble
        self._show()

    # -------------------------------------------------------- pressing

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(checks_text(self._told()))
        self._copy.say(t("Copied"))
        self._copied.start()

    def _told(self) -> list[tuple[str, str, str, str, str]]:
        return [
            (
                one.state.value,
                one.title,
                one.detail,
                one.to_do,
                one.code.value if one.code is not None else "",
            )
            for one in self._found
        ]

    def _open_support(self) -> None:
        from wizard.ui.support_sheet import SupportSheet

        self.desk.sheet_wanted.emit(SupportSheet(self.desk))

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._go.say(t("Stop") if self._busy else t("Again"), "" if self._busy else "again")
        self._copy.setVisible(bool(self._found) and not self._busy)
        self._support.setVisible(not self._busy)
        self._say()
        self._box.empty()
        ordered = sorted(self._found, key=lambda one: _ORDER[one.state])
        for one in ordered:
            failed = one.state is FindingState.FAILED
            self._box.add(self._row(one), Token.BAD_SOFT if failed else None)
        if self._running:
            self._box.add(_running(self._running))
        self._box.setVisible(bool(ordered or self._running))

    def _say(self) -> None:
        """What it comes to, above all checks."""
        clear(self._said)
        if self._busy:
            return
        if self._trouble is not None:
            told = trouble_words(self._trouble.code, self._trouble.facts)
            note = Note(f"**{told.title}.** {told.to_do}", icon="warn", warn=True, below=12)
        else:
            states = [one.state for one in self._found]
            words = checks_summary(
                failed=states.count(FindingState.FAILED),
                warnings=states.count(FindingState.WARNING),
                stopped=self._stopped,
            )
            wrong = self._stopped or set(states) != {FindingState.PASSED}
            note = Note(words, icon="warn" if wrong else "ok", warn=wrong, below=12)
        note.setObjectName("checks-verdict")
        self._said.addWidget(note)

    def _row(self, one: Check) -> QWidget:
        part = QWidget()
        part.setObjectName(f"check-{one.id}")
        icon, token = _MARKS[one.state]
        mark = Icon(icon, token, 16, drop=1)
        line = row(mark, gap=10, margins=(12, 9, 12, 9), inside=part)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        texts = column(Text(one.title, Letters.SECOND_MEDIUM), gap=2)
        if one.detail:
            texts.addWidget(Text(one.detail, Letters.CAPTION, Token.INK_2))
        wrong = one.state is not FindingState.PASSED
        if wrong and one.to_do:
            texts.addWidget(Text(one.to_do, Letters.SECOND, Token.INK))
        if wrong and one.topic:
            more = Button(t("Read more"), Kind.GHOST, small=True, flush="left")
            more.setObjectName(f"check-{one.id}-more")
            more.setAccessibleDescription(one.title)
            topic = one.topic
            more.clicked.connect(lambda: self.desk.topic_wanted.emit(topic))
            texts.addLayout(row(more, None))
        line.addLayout(texts, 1)
        part.setAccessibleName(f"{one.title}: {one.detail} {one.to_do}".strip())
        return part

    def first_field(self) -> QWidget:
        return self._go


def _running(title: str) -> QWidget:
    part = QWidget()
    part.setObjectName("check-running")
    name = Text(title, Letters.SECOND, wrap=False)
    row(1, Spinner(t("Checking")), 11, name, None, margins=(12, 9, 12, 9), inside=part)
    return part
