"""The side sheet that signs a person in again, in their browser, without leaving Home."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import BrowserWaiting, SignedInView
from wizard.services.jobs import Job, JobContext, Lane
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["SignInSheet"]


class SignInSheet(Sheet):
    """Opens the service's page; `signed_in` once the person is back."""

    signed_in = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(t("Sign in again"), name="sign-in-sheet")
        self._desk = desk
        self._job: Job | None = None
        words = t(
            "Your browser opens the sign-in page of {service}. Nothing here changes meanwhile.",
            service=desk.bench.profile.name,
        )
        self.put(Text(words, Letters.PROSE, Token.INK_2))
        self._told = Text("", Letters.PROSE, Token.INK_2)
        self._told.setObjectName("sign-in-told")
        self._told.hide()
        self.put(10)
        self.put(self._told)
        self.put(None)
        self._go = Button(t("Sign in"), Kind.PRIMARY, icon="outside", name="sign-in-go")
        self._go.clicked.connect(self._start)
        leave = Button(t("Not now"), Kind.GHOST, name="sign-in-leave")
        leave.clicked.connect(self.closed)
        self.put_foot(self._go, leave)

    def first_field(self) -> QWidget:
        return self._go

    def _start(self) -> None:
        if self._job is not None:
            return
        bench = self._desk.bench
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and holder[0] is self._job

        def sign_in(job: JobContext) -> SignedInView:
            return bench.sign_in(job.report, job.cancel, create=False)

        def done(_view: SignedInView) -> None:
            if mine():
                self._job = None
                self.closed.emit()
                self.signed_in.emit()

        def failed(trouble: Trouble) -> None:
            if mine():
                self._job = None
                self._failed(trouble)

        self._go.set_busy(t("Waiting for your browser"))
        self._job = self._desk.jobs.start(
            Lane.NET, sign_in, done=done, failed=failed, progress=self._heard
        )
        holder.append(self._job)

    def _heard(self, event: object) -> None:
        if isinstance(event, BrowserWaiting) and self._job is not None:
            opened = t("We opened {host} in your browser. Sign in there.", host=event.host)
            copy = t("No browser opened. Open this address yourself: {url}", url=event.url)
            self._say(opened if event.opened else copy, Token.INK_2)

    def _failed(self, trouble: Trouble) -> None:
        self._go.set_busy("")
        if trouble.code is not Code.CANCELLED:
            words = trouble_words(trouble.code, trouble.facts)
            self._say(f"{words.happened} {words.to_do}", Token.BAD)

    def _say(self, words: str, tint: Token) -> None:
        self._told.tint(tint)
        self._told.say(words)
        self._told.show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None and not event.spontaneous():
            self._job.cancel()
            self._job = None
