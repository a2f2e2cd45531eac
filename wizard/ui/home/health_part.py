"""How a connection stands: who authorized it, who keeps it in step, the last read, a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.content.times import at_words
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import CheckRunning, FindingView
from wizard.services.contract.home import HealthView, OrganizationAccountView, TokenState
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, IconButton
from wizard.ui.widgets.findings import FindingList
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["HealthPart", "copied_row", "fact_row"]

_LABEL_WIDTH = 136
_AUTHORIZE = "authorize"


def fact_row(label: str, words: str, *tools: QWidget) -> QWidget:
    """A name at the left, what it is, and buttons at the right."""
    part = QWidget()
    name = Text(label, Letters.SECOND_MEDIUM)
    name.setFixedWidth(_LABEL_WIDTH)
    line = row(name, gap=16, margins=(16, 10, 16, 10), inside=part)
    line.addWidget(Text(words, Letters.SECOND, Token.INK_2), 1)
    for tool in tools:
        line.addWidget(tool)
    return part


def copied_row(label: str, words: str, *tools: QWidget) -> QWidget:
    """A row for a path or an address, shortened in the middle, whole in tool tip and copy."""
    part = QWidget()
    name = Text(label, Letters.SECOND_MEDIUM)
    name.setFixedWidth(_LABEL_WIDTH)
    line = row(name, gap=16, margins=(16, 10, 16, 10), inside=part)
    told = Text(words, Letters.SECOND, Token.INK_2, wrap=False, elide=Elide.MIDDLE)
    button = IconButton("copy", t("Copy"), name="copy-row")
    button.setAccessibleDescription(label)

    def copy() -> None:
        QGuiApplication.clipboard().setText(words)
        button.say(t("Copied"))

    button.clicked.connect(copy)
    beside = row(gap=4)
    beside.addWidget(told)
    beside.addWidget(button)
    beside.addStretch(1)
    line.addLayout(beside, 1)
    for tool in tools:
        line.addWidget(tool)
    return part


class HealthPart(QWidget):
    """Facts in rows; the test reads everybody and keeps nobody."""

    authorize = Signal()

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("health")
        self._page = page
        self._account: OrganizationAccountView | None = None
        self._health: HealthView | None = None
        self._shown: tuple[object, ...] = ()
        self._may = True
        self._box = Box()
        self._trouble = TroublePanel()
        self._findings = FindingList()
        self._findings.hide()
        column(self._box, 12, self._trouble, self._findings, inside=self)

    def look(self) -> None:
        """Read what is known here."""
        bench = self._page.desk.bench
        if bench.answers.organization_account_id:
            self._page.work(
                lambda job: bench.home.health(job.cancel), self._know, self._page.desk.troubled.emit
            )

    def _know(self, health: HealthView) -> None:
        self._health = health
        self.show_now()

    def show_account(self, account: OrganizationAccountView | None, *, may: bool) -> None:
        """Show the connection as the service tells it."""
        self._account, self._may = account, may
        self.show_now()

    def show_now(self) -> None:
        """Draw the rows again, where they are others."""
        now = datetime.now().astimezone()
        rows = self._rows(now)
        here = bool(self._page.answers.organization_account_id)
        shown = (tuple(rows), here, self._may)
        if shown == self._shown:
            return
        self._shown = shown
        self._box.empty()
        for label, words, tool in rows:
            made = copied_row if tool == _AUTHORIZE else fact_row
            self._box.add(made(label, words, *self._tools(tool)))
        self._box.setVisible(bool(rows))

    def _rows(self, now: datetime) -> list[tuple[str, str, str]]:
        """Label, words, and which button belongs there."""
        answers, account = self._page.answers, self._account
        by = (account.authorized_by if account is not None else "") or answers.authorized_as
        told: list[tuple[str, str, str]] = []
        if by:
            told.append((t("Authorized by"), by, _AUTHORIZE))
        if account is not None:
            told.append((t("Kept in step by"), _keeper(account, now), ""))
        health = self._health
        if health is not None:
            told.append((t("Read from here"), _read_words(health, now), "test"))
        return told

    def _tools(self, which: str) -> tuple[Button, ...]:
        if not self._page.answers.organization_account_id:
            return ()
        if which == "test" and self._health is not None:
            if self._health.token is not TokenState.KEPT:
                return ()
            button = Button(t("Test now"), small=True, name="health-test")
            button.clicked.connect(lambda: self._test(button))
            return (button,)
        if which == _AUTHORIZE and self._may:
            button = Button(t("Authorize again"), small=True, name="account-authorize")
            button.clicked.connect(self.authorize)
            return (button,)
        return ()

    # -------------------------------------------------------- the test

    def _test(self, button: Button) -> None:
        if button.busy:
            return
        button.set_busy(t("Testing"))
        self._trouble.show_trouble(None)
        self._findings.clear()
        self._findings.show()
        bench = self._page.desk.bench

        def done(findings: Sequence[FindingView]) -> None:
            button.set_busy("")
            self._findings.show_all(findings)

        def failed(trouble: Trouble) -> None:
            button.set_busy("")
            self._findings.setVisible(bool(self._findings.findings))
            if trouble.code is not Code.CANCELLED:
                self._trouble.show_trouble(trouble)

        self._page.work(
            lambda job: bench.home.test_read(job.report, job.cancel), done, failed, self._heard
        )

    def _heard(self, event: object) -> None:
        if isinstance(event, CheckRunning):
            self._findings.begin(event.id)
        elif isinstance(event, FindingView):
            self._findings.add(event)


def _keeper(account: OrganizationAccountView, now: datetime) -> str:
    if not account.syncer_host:
        return t("No computer does it now")
    ran = ""
    if account.last_run_at is not None:
        ran = t("last sync {when}", when=at_words(account.last_run_at, now))
    host = account.syncer_host
    words = t("{host}, this computer", host=host) if account.syncer_is_us else host
    return t("{host} · {ran}", host=words, ran=ran) if ran else words


def _read_words(health: HealthView, now: datetime) -> str:
    if health.token is TokenState.MISSING:
        return t("Not authorized from this computer. Authorize again to sync from here.")
    if health.token is TokenState.LOCKED:
        return t("Where sign-ins are kept is locked. Open it to sync from here.")
    if health.read_at is None:
        return t("Not read yet")
    people = tn("{count} person", "{count} people", health.people)
    return t("{people}, {when}", people=people, when=at_words(health.read_at, now))
