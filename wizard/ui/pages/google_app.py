"""Installing the service's app: its page in the store, the wait until the service sees it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wizard.content.moments import since
from wizard.content.text import t, tn
from wizard.core.clock import from_text
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.installing import AppLooked, AppView
from wizard.ui.layouts import column, row
from wizard.ui.page import Heading, Offer, Page
from wizard.ui.pages.gray_button import GrayButton
from wizard.ui.pages.signing_in import wants_sign_in
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText, Tile
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.lines import UnderWay
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.track import Mark, Stop, TrackList
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["GoogleAppPage"]

_TICK_MS = 1000


def app_row(name: str, domain: str) -> QWidget:
    """The app as one row: what it is, where it is, that it is there."""
    part = QWidget()
    part.setObjectName("app")
    state = IconText("ok", t("Installed"), Letters.SECOND_MEDIUM, Token.OK)
    texts = column(
        Text(name, Letters.BODY_STRONG, wrap=False, elide=Elide.RIGHT),
        Text(domain, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE),
    )
    line = row(Tile("download"), gap=12, margins=(16, 14, 16, 14), inside=part)
    line.addLayout(texts, 1)
    line.addWidget(state)
    return part


class GoogleAppPage(Page):
    """Leads to the app's page and looks, ever more seldom, until the service sees the app."""

    step = StepId.GOOGLE_APP

    def build(self) -> None:
        self._app: AppView | None = None
        self._failed: Trouble | None = None
        self._looked: AppLooked | None = None
        self._looking = self._opening = False
        self._trouble = TroublePanel()
        self._asking = UnderWay(t("Asking for the app"))
        self._row = Box()
        self._who = Note(
            t(
                "**A super admin installs it**, or an admin whose role includes the Google "
                "Workspace Marketplace settings."
            ),
            icon="shield",
            below=16,
        )
        self._track = TrackList()
        self._waiting = self._build_waiting()
        self._gray = GrayButton()
        self._already = Button(
            t("It is installed already"), Kind.GHOST, small=True, flush="left", name="app-claim"
        )
        self._already.clicked.connect(self._claim)
        self._send = Button(
            t("Copy the link"), Kind.GHOST, icon="copy", small=True, name="app-copy-early"
        )
        self._send.clicked.connect(self._copy_link)
        self.content.addSpacing(16)
        for part in (
            self._trouble,
            self._asking,
            self._row,
            self._who,
            self._waiting,
            self._track,
        ):
            self.content.addWidget(part)
        self.content.addLayout(row(self._already, self._send, None, margins=(30, 6, 0, 0), gap=8))
        self.content.addWidget(self._gray)
        self.content.addStretch()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tell_when)

    def _build_waiting(self) -> QWidget:
        box = Box()
        box.setObjectName("app-waiting")
        self._title = Text("", Letters.PANEL, wrap=False, elide=Elide.RIGHT)
        self._bar = Bar(t("Waiting until the app is seen"), thin=True)
        self._bar.show_part(0, BarState.WAITING)
        self._since = Text("", Letters.SECOND, Token.INK_2)
        self._since.setObjectName("app-since")
        normal = Text(
            t(
                "Google can take a few minutes to pass this on, and up to 24 hours in rare cases. "
                "That is normal. You may close this window and come back, or go on: authorizing "
                "tells whether the app is there."
            ),
            Letters.SECOND,
            Token.INK_2,
        )
        again = Button(t("Open the page again"), icon="outside", name="app-again")
        again.clicked.connect(self._open)
        self._copy = Button(t("Copy the link"), icon="copy", name="app-copy")
        self._copy.clicked.connect(self._copy_link)
        go_on = Button(t("Go on"), Kind.GHOST, flush="right", name="app-go-on")
        go_on.clicked.connect(self._claim)
        buttons = row(again, self._copy, None, go_on, gap=8)
        below = QWidget()
        column(
            self._title, 10, self._bar, 12, self._since, 4, normal, 14, buttons,
            margins=(16, 16, 16, 16), inside=below,
        )  # fmt: skip
        box.add(below)
        holder = QWidget()
        column(box, inside=holder)
        return holder

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._failed = None
        for button in (self._copy, self._send):
            button.say(t("Copy the link"))
        bench = self.desk.bench
        self.work(lambda job: bench.installing.app(job.cancel), self._told, self._did_not)
        self._show()

    def left(self) -> None:
        self._looking = self._opening = False
        self._timer.stop()

    def apply(self) -> None:
        if wants_sign_in(self._failed):
            self.desk.steps_wanted.emit(StepId.SIGN_IN.value)
        elif self._failed is not None or self._app is None:
            self.entered()
        elif self._is_there:
            self.finish()
        elif self._app.seen and (self.answers.app_opened_at or not self._app.url):
            self._check_now()
        elif self.answers.app_opened_at or not self._app.url:
            self._claim()
        else:
            self._open()

    def _told(self, app: AppView) -> None:
        self._app = app
        if app.seen and not self._is_there:
            self._look()
        self._show()

    def _look(self) -> None:
        """Look at once, and then again and again as long as this page is shown."""
        self._looking = True
        bench = self.desk.bench
        self.work(
            lambda job: bench.installing.wait(job.report, job.cancel),
            self._seen,
            self._did_not,
            self._heard,
        )
        self._timer.start()

    def _check_now(self) -> None:
        self.drop_jobs()
        self._looked = None
        self._look()
        self._show()

    def _heard(self, event: object) -> None:
        if isinstance(event, AppLooked):
            self._looked = event
            self._show()

    def _seen(self, _nothing: None) -> None:
        self._looking = False
        self._timer.stop()
        self.changed.emit()
        self._show()

    def _open(self) -> None:
        self._opening = True
        bench = self.desk.bench
        self.work(lambda job: bench.installing.open_page(job.cancel), self._opened, self._did_not)
        self._show()

    def _opened(self, started: bool) -> None:
        self._opening = False
        self._failed = None if started else Trouble(Code.BROWSER_NOT_OPENED)
        if self._app is not None and self._app.seen and not self._is_there:
            self._check_now()
        self._show()

    def _claim(self) -> None:
        bench = self.desk.bench
        self.work(lambda job: bench.installing.claim(job.cancel), self._claimed, self._did_not)

    def _claimed(self, _nothing: None) -> None:
        self.changed.emit()
        self.finish()

    def _did_not(self, trouble: Trouble) -> None:
        self._looking = self._opening = False
        self._timer.stop()
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        self._show()

    def _copy_link(self) -> None:
        if self._app is not None:
            QGuiApplication.clipboard().setText(self._app.url)
            self._copy.say(t("Copied"))
            self._send.say(t("Copied"))

    # -------------------------------------------------------- drawing

    @property
    def _is_there(self) -> bool:
        return self.answers.app_installed or self.answers.organization_account_active

    def _show(self) -> None:
        app, there, failed = self._app, self._is_there, self._failed is not None
        opened = bool(self.answers.app_opened_at)
        self._trouble.show_trouble(self._failed)
        self._asking.setVisible(app is None and not failed)
        self._row.empty()
        if app is not None and there:
            self._row.add(app_row(app.name, self.answers.domain))
        self._row.setVisible(app is not None and there)
        asks = app is not None and not there and not failed
        waiting = asks and opened and app is not None and app.seen
        self._who.setVisible(asks and not waiting)
        self._waiting.setVisible(waiting)
        self._track.setVisible(asks and not waiting)
        self._already.setVisible(asks and not opened)
        self._send.setVisible(asks and not opened and app is not None and bool(app.url))
        self._gray.setVisible(asks)
        if app is not None:
            self._track.show_stops(_stops(app, self.answers.domain, opened=opened))
            self._title.say(t("Waiting for {service} to see the app", service=app.service))
        self._tell_when()
        self.head(self._heading())
        self.offer_now(self._offer())

    def _tell_when(self) -> None:
        """Since when we look, when we looked last, and what came of it."""
        now = datetime.now(UTC)
        parts = []
        if self.answers.app_opened_at:
            when = since(from_text(self.answers.app_opened_at), now)
            parts.append(t("You opened its page {when}.", when=when))
        looked = self._looked
        if looked is None:
            parts.append(t("We are looking now."))
        elif looked.trouble is not None:
            parts.append(t("We could not ask just now, and will try again."))
        else:
            gone = max(0, round((now - looked.at).total_seconds()))
            parts.append(_looked_words(gone))
        self._since.say(" ".join(parts))

    def _heading(self) -> Heading:
        app = self._app
        if app is None:
            return Heading()
        if self._is_there:
            return Heading(lead=t("It worked. {service} sees the app.", service=app.service))
        if not app.seen:
            return Heading(
                lead=t(
                    "The app lets {service} reach calendars. Whether it is installed can’t be "
                    "seen from here: you tell us.",
                    service=app.service,
                )
            )
        return Heading()

    def _offer(self) -> Offer:
        app = self._app
        if wants_sign_in(self._failed):
            return Offer(valid=True, words=t("Sign in again"), trouble=self._failed)
        if self._failed is not None:
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        if app is None:
            return Offer(busy=t("Asking"))
        if self._is_there:
            proof = t("**It worked:** {service} sees the app.", service=app.service)
            return Offer(valid=True, proved=True, proof=proof)
        if self._opening:
            return Offer(busy=t("Opening the page"))
        told = t("**We can’t see this from here.** Authorizing tells whether it is installed.")
        proof = "" if app.seen else told
        if not self.answers.app_opened_at and app.url:
            words = t("Open the app’s page")
            return Offer(valid=True, words=words, icon="outside", proof=proof)
        if app.seen:
            return Offer(valid=True, words=t("Check now"), icon="again")
        return Offer(valid=True, words=t("It is installed"), proof=proof)


def _looked_words(seconds: int) -> str:
    if seconds < 90:
        return tn(
            "Not seen {count} second ago; we look again by ourselves.",
            "Not seen {count} seconds ago; we look again by ourselves.",
            seconds,
        )
    return tn(
        "Not seen {count} minute ago; we look again by ourselves.",
        "Not seen {count} minutes ago; we look again by ourselves.",
        round(seconds / 60),
    )


def _stops(app: AppView, domain: str, *, opened: bool) -> tuple[Stop, ...]:
    """What a person does on Google's page."""
    first = (
        Stop(
            title=t("Open the page of {name}", name=app.name),
            mark=Mark.DONE if opened else Mark.NOW,
            sentence=t(
                "In the browser where you are signed in as an admin of {domain}.", domain=domain
            )
            if domain
            else t("In the browser where you are signed in as an admin of Google Workspace."),
        )
        if app.url
        else Stop(
            title=t("Look for {name} in the Google Workspace Marketplace", name=app.name),
            mark=Mark.NOW,
            sentence=t("In Google’s Admin console: Apps, Google Workspace Marketplace apps."),
        )
    )
    return (
        first,
        Stop(
            title=t("Press “Admin install”, and choose everyone"),
            mark=Mark.NOW if opened else Mark.TODO,
            sentence=t("You choose later who gets an account. This only lets the app in."),
        ),
        Stop(
            title=t("Come back to this window"),
            mark=Mark.TODO,
            sentence=t("It sees the app by itself, mostly within minutes.")
            if app.seen
            else t("Then tell us that it is installed."),
        ),
    )
