"""Authorize Google Workspace: why each right, the browser, the checks, and Active in the end."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract import (
    AuthorizedView,
    BrowserWaiting,
    CheckRunning,
    FindingState,
    FindingView,
    WaitingForService,
)
from wizard.services.contract.hand_over import MailKind
from wizard.services.contract.installing import AppView
from wizard.ui.layouts import column
from wizard.ui.page import Desk, Heading, Offer, Page
from wizard.ui.pages.authorize_leave import WayOut, ends
from wizard.ui.pages.authorize_parts import (
    Before,
    Rights,
    SideDoors,
    Whose,
    active_soon,
    connection_row,
)
from wizard.ui.pages.endings import Endings
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.findings import FindingList
from wizard.ui.widgets.trouble import TroublePanel
from wizard.ui.widgets.waiting import BrowserCard

__all__ = ["AuthorizePage", "connection_row"]

_IN_LIST = frozenset({Code.SCOPES_MISSING})
"""Failed checks that one puts right on the same page; any other one stops everything."""
_BECOMES_ACTIVE = frozenset(
    {
        Code.CONNECTION_NOT_ACTIVE,
        Code.APP_NOT_INSTALLED,
        Code.CONNECTION_LOST,
        Code.SERVICE_UNAVAILABLE,
        Code.OFFLINE,
    }
)
"""What may pass while the service makes a connection active."""
_LONGEST_YES = 34
"""Letters of the primary button that have room beside Back and “Save and close”."""


class AuthorizePage(Page):
    """Before, during and after the person's visit to Google."""

    step = StepId.GOOGLE_AUTHORIZE

    def __init__(self, desk: Desk) -> None:
        self._result: AuthorizedView | None = None
        self._failed: Trouble | None = None
        self._asked: AuthorizedView | None = None
        self._asked_for = ("", "")
        self._waiting = False
        self._checking = False
        self._declining = False
        self._awaiting = False
        self._ended = ""
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._card = BrowserCard()
        self._card.again.connect(self._open)
        self._card.cancelled.connect(self._cancel)
        self._endings = Endings()
        self._endings.asked.connect(self.desk.topic_wanted)
        self._endings.wanted.connect(self._open)
        self._hand_over = self._build_hand_over()
        self._before = Before()
        self._connected = Box()
        self._anew = Button(
            t("Authorize again"), Kind.GHOST, small=True, flush="left", name="authorize-again"
        )
        self._anew.clicked.connect(self._sign_in)
        self._anew_part = QWidget()
        column(6, self._anew, inside=self._anew_part)
        self._whose = Whose()
        self._whose.refused.connect(self._say_no)
        self._doors = SideDoors()
        self._doors.network.connect(self._open_network)
        self._doors.without.connect(self._say_yes)
        self._doors.mail.connect(self._mail_kit)
        self._way_out = WayOut(self)
        self._doors.leave.connect(lambda: self._way_out.ask(self.answers.domain))
        self._way_out.changed.connect(self._show)
        self._way_out.ended.connect(self._disconnected)
        self._active_soon = active_soon()
        self._findings = FindingList()
        self._rights = Rights(self.desk.bench.permissions())
        self._parts = (
            self._trouble,
            self._card,
            self._endings,
            self._hand_over,
            self._before,
            self._whose,
            self._connected,
            self._anew_part,
            self._active_soon,
            self._findings,
            self._doors,
            self._rights,
        )
        for part in (*self._parts, self._way_out):
            self.content.addWidget(part)
        self.content.insertSpacing(0, 16)
        self.content.addStretch()

    def _build_hand_over(self) -> QWidget:
        show = Button(t("Show me how"), Kind.GHOST, small=True, flush="right", name="hand-over")
        show.clicked.connect(lambda: self.desk.topic_wanted.emit("invite-it"))
        return Note(
            t("**From here on it is your IT’s turn.** Let them in, and do this step with them."),
            icon="people",
            action=show,
        )

    # -------------------------------------------------------- states

    def entered(self) -> None:
        if self._asked_for != self._for_whom() or self.answers.organization_account_id:
            # Of another person or unit nothing was asked, and what is connected was answered.
            self._forget_question()
        if self.answers.organization_account_active:
            # What stopped another authorization took nothing from the one that is there.
            self._failed = None
        bench = self.desk.bench
        self.work(lambda job: bench.installing.app(job.cancel), self._app_told, self._did_not)
        if self.answers.organization_account_id and not self.answers.organization_account_active:
            self._await()
        self._show()

    def _app_told(self, app: AppView) -> None:
        self._endings.use(app)

    def left(self) -> None:
        self._waiting = self._checking = self._declining = self._awaiting = False
        self._card.stop()

    def apply(self) -> None:
        if self._way_out.asks:
            self._way_out.press()
            return
        if self.answers.organization_account_active and self._failed is None:
            self.finish()
            return
        awaits, self._failed = self._may_await, None
        if awaits:
            self._await()
        elif self._asks_whose:
            self._say_yes()
        elif self._asked is not None:
            self._say_no()
        else:
            self._sign_in()

    def _sign_in(self) -> None:
        self._result = None
        self._ended = ""
        self._waiting = True
        self._findings.clear()
        self._endings.close_all()
        bench = self.desk.bench
        self.work(
            lambda job: bench.authorize(job.report, job.cancel),
            self._authorized,
            self._did_not,
            self._heard,
        )
        self._show()

    @property
    def _may_await(self) -> bool:
        """Whether what was made needs only to become active: nobody has to sign in for that."""
        code = self._failed.code if self._failed is not None else None
        return bool(self.answers.organization_account_id) and code in _BECOMES_ACTIVE

    def _await(self) -> None:
        self._result = self._failed = None
        self._checking = self._awaiting = True
        self._findings.clear()
        bench = self.desk.bench
        self.work(
            lambda job: bench.wait_until_active(job.report, job.cancel),
            self._authorized,
            self._did_not,
            self._heard,
        )
        self._show()

    def _say_yes(self) -> None:
        """Connect what was asked about, with what Google gave already."""
        self._failed = None
        self._checking = True
        bench = self.desk.bench
        self.work(
            lambda job: bench.connect_anyway(job.report, job.cancel),
            self._authorized,
            self._did_not,
            self._heard,
        )
        self._show()

    def _say_no(self) -> None:
        """End what Google gave, then let somebody else sign in."""
        self._failed = None
        self._declining = True
        bench = self.desk.bench
        self.work(lambda job: bench.decline_connection(job.cancel), self._declined, self._did_not)
        self._show()

    def _declined(self, _nothing: None) -> None:
        self._declining = False
        self._forget_question()
        self._sign_in()

    def _forget_question(self) -> None:
        if self._asked is not None:
            self._asked = self._result = self._failed = None
            self._findings.clear()

    def _for_whom(self) -> tuple[str, str]:
        return self.answers.ou_id, self.answers.signed_in_as

    def _heard(self, event: object) -> None:
        if isinstance(event, BrowserWaiting):
            self._card.show_waiting(event)
        elif isinstance(event, CheckRunning):
            self._back_from_browser()
            self._findings.begin(event.id)
        elif isinstance(event, FindingView):
            self._back_from_browser()
            self._findings.add(event)
        elif isinstance(event, WaitingForService):
            self._active_soon.show()
        self._show()

    def _back_from_browser(self) -> None:
        self._card.stop()
        self._waiting = False
        self._checking = True

    def _authorized(self, result: AuthorizedView) -> None:
        self._back_from_browser()
        self._checking = self._awaiting = False
        self._result = result
        self._asked = result if result.needs_confirmation else None
        self._asked_for = self._for_whom()
        self._findings.show_all(result.findings)
        failed = next((one for one in result.findings if one.state is FindingState.FAILED), None)
        if failed is not None:
            code = failed.code or Code.CONNECTION_FAILED
            self._failed = Trouble(code, retry_after=None, **dict(failed.facts))
        self.changed.emit()
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._card.stop()
        self._waiting = self._checking = self._declining = self._awaiting = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        if trouble.code is Code.SIGN_IN_NEEDED or self.answers.organization_account_id:
            # Nothing is left that a yes could go on with.
            self._asked = None
        self._show()

    def _cancel(self) -> None:
        self.drop_jobs()
        self._card.stop()
        self._waiting = False
        self._show()

    def _open(self, url: str) -> None:
        self.open_browser(url, self._did_not)

    def _open_network(self) -> None:
        from wizard.ui.network_sheet import NetworkSheet

        sheet = NetworkSheet(self.desk)
        sheet.saved.connect(self.apply)
        self.desk.sheet_wanted.emit(sheet)

    def _mail_kit(self) -> None:
        bench = self.desk.bench
        self.work(
            lambda _job: bench.hand_over.open_mail(MailKind.HAND_OVER),
            self._mailed,
            self.desk.troubled.emit,
        )

    def _mailed(self, opened: bool) -> None:
        if not opened:
            self.desk.topic_wanted.emit("invite-it")

    def _disconnected(self, told: str) -> None:
        self._ended = told
        self._failed = self._result = self._asked = None
        self._findings.clear()
        self.changed.emit()
        self._show()

    # -------------------------------------------------------- drawing

    @property
    def _is_active(self) -> bool:
        return self.answers.organization_account_active and self._failed is None

    @property
    def _asks_whose(self) -> bool:
        return self._asked is not None and not self._asked.without

    def _show(self) -> None:
        if self._way_out.asks:
            for part in self._parts:
                part.hide()
            self.head(self._way_out.heading())
            self.offer_now(self._way_out.offer())
            return
        stop = self._failed is not None and self._failed.code not in _IN_LIST
        self._trouble.show_trouble(self._failed if stop else None)
        self._card.setVisible(self._waiting and bool(self._card.link))
        self._endings.setVisible(self._waiting)
        found = bool(self._findings.findings) or (self._checking and not self._awaiting)
        self._findings.setVisible(found and not stop and not self._waiting)
        soon = self._checking and self._active_soon.isVisibleTo(self)
        self._active_soon.setVisible(soon)
        self._show_connected()
        busy = self._checking or self._declining
        self._whose.ask(self._asked if self._asks_whose else None, busy=busy)
        self._show_doors(busy=busy)
        asking = self._asks_whose
        before = not self._waiting and not self._checking and not stop and not asking
        self._rights.setVisible(before or (self._checking and not asking))
        owner = self.answers.role is Role.OWNER
        first = before and not self._is_active and not found
        self._hand_over.setVisible(owner and before and not self._is_active)
        self._before.show_answers(self.answers)
        if not first:
            self._before.hide()
        self._rights.tick.setVisible(first)
        self._rights.keep_off(above=any(not part.isHidden() for part in self._parts[:-1]))
        self.head(self._heading())
        self.offer_now(self._offer())

    def _show_doors(self, *, busy: bool) -> None:
        """Other ways on, while nothing is under way."""
        still = not busy and not self._waiting
        code = self._failed.code if self._failed is not None and still else None
        without = self._asked.without if self._asked is not None and still else ()
        known = self.answers
        self._doors.offer(code, without, may_mail=bool(known.ou_id), ends=ends(known))

    def _show_connected(self) -> None:
        self._connected.empty()
        show = self._is_active and not self._waiting and not self._checking
        if show:
            self._connected.add(connection_row(self.answers.domain, active=True))
        self._connected.setVisible(show)
        self._anew_part.setVisible(show)
        gap = self._findings.layout()
        if isinstance(gap, QLayout):
            gap.setContentsMargins(0, 16 if show or self._asks_whose else 0, 0, 0)

    def _heading(self) -> Heading:
        if self._is_active and not self._waiting:
            people = self._result.people if self._result is not None else 0
            if people:
                count = tn(
                    "We can read {count} person in your directory.",
                    "We can read {count} people in your directory.",
                    people,
                )
                return Heading(lead=t("It worked. {count}", count=count))
            return Heading(lead=t("It worked. Your directory can be read."))
        if self._waiting:
            return Heading(
                lead=t("We opened Google’s page. Sign in there with your full admin account.")
            )
        if self._asks_whose and self._failed is None:
            return Heading(lead=t("Is this your organization? Its domain is another than yours."))
        if self._failed is not None and self._failed.code in _IN_LIST:
            return Heading(lead=t("One thing stops us. Put it right and you are nearly there."))
        return Heading(lead=self._ended)

    def _offer(self) -> Offer:
        if self._waiting:
            return Offer(tail=t("Waiting for Google’s page"))
        if self._checking:
            return Offer(busy=t("Waiting") if self._awaiting else t("Checking"))
        if self._declining:
            return Offer(busy=t("Ending the sign-in"))
        if self._asked is not None and self._asks_whose:
            return self._question(self._asked)
        if self._failed is not None:
            icon = "again" if self._may_await else "outside"
            return Offer(valid=True, words=self._cure(), icon=icon, trouble=self._failed)
        if self._is_active:
            return Offer(
                valid=True,
                proved=True,
                proof=t("**It worked:** Google Workspace says Active."),
            )
        return Offer(valid=True, words=t("Sign in with Google"), icon="outside")

    def _question(self, asked: AuthorizedView) -> Offer:
        yes = t("Yes, connect {domain}", domain=asked.domain)
        if len(yes) > _LONGEST_YES:
            yes = t("Yes, connect this directory")
        return Offer(valid=True, words=yes, trouble=self._failed)

    def _cure(self) -> str:
        code = self._failed.code if self._failed is not None else Code.INTERNAL
        if code in {Code.NOT_A_FULL_ADMIN, Code.DELEGATED_ADMIN, Code.OTHER_CUSTOMER}:
            return t("Sign in with another account")
        if self._may_await:
            return t("Check again")
        if self._result is not None:
            return t("Sign in again")
        return t("Try again")
