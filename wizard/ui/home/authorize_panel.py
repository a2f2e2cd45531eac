"""Authorizing again from Home: the browser, the checks, and that everything stays."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import (
    AuthorizedView,
    BrowserWaiting,
    CheckRunning,
    FindingState,
    FindingView,
)
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column
from wizard.ui.page import Heading, Offer, SideAction
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.findings import FindingList
from wizard.ui.widgets.trouble import TroublePanel
from wizard.ui.widgets.waiting import BrowserCard

__all__ = ["AuthorizePanel"]


class AuthorizePanel(QWidget):
    """A state of a page, which shows it alone, with its heading and its offer."""

    changed = Signal()
    ended = Signal()
    """The person is done here; `worked` tells whether it was authorized."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self.setObjectName("authorize-again")
        self._page = page
        self._failed: Trouble | None = None
        self._waiting = self._checking = False
        self.worked = False
        self._trouble = TroublePanel()
        self._card = BrowserCard()
        self._card.again.connect(self._open_again)
        self._card.cancelled.connect(self._cancel)
        self._stays = Note(
            t(
                "**Nobody loses anything.** The same customer keeps every link and account. "
                "Another customer is refused."
            ),
            icon="shield",
        )
        self._above = QWidget()
        column(16, inside=self._above)
        self._findings = FindingList()
        self._gap = QWidget()
        column(16, inside=self._gap)
        column(
            *(self._trouble, self._card, self._above, self._stays, self._gap, self._findings, None),
            inside=self,
        )
        self.hide()

    def begin(self) -> None:
        """Send the person to their browser at once."""
        self.worked = False
        self._sign_in()

    def stop(self) -> None:
        """The page is left."""
        self._waiting = self._checking = False
        self._card.stop()

    def press(self) -> None:
        """The page's primary button."""
        if self.worked:
            self.ended.emit()
        else:
            self._sign_in()

    def _sign_in(self) -> None:
        self._failed = None
        self._waiting = True
        self._findings.clear()
        bench = self._page.desk.bench
        self._page.work(
            lambda job: bench.authorize(job.report, job.cancel),
            self._authorized,
            self._did_not,
            self._heard,
        )
        self._show()

    def _heard(self, event: object) -> None:
        if isinstance(event, BrowserWaiting):
            self._card.show_waiting(event)
        elif isinstance(event, CheckRunning):
            self._back()
            self._findings.begin(event.id)
        elif isinstance(event, FindingView):
            self._back()
            self._findings.add(event)
        self._show()

    def _back(self) -> None:
        self._card.stop()
        self._waiting, self._checking = False, True

    def _authorized(self, result: AuthorizedView) -> None:
        self._card.stop()
        self._waiting = self._checking = False
        self._findings.show_all(result.findings)
        failed = next((one for one in result.findings if one.state is FindingState.FAILED), None)
        if failed is not None:
            code = failed.code or Code.CONNECTION_FAILED
            self._failed = Trouble(code, retry_after=None, **dict(failed.facts))
        self.worked = result.connection is not None and failed is None
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self.stop()
        if trouble.code is Code.CANCELLED:
            self.ended.emit()
            return
        self._failed = trouble
        self._show()

    def _cancel(self) -> None:
        self._page.drop_jobs()
        self.stop()
        self.ended.emit()

    def _open_again(self, url: str) -> None:
        self._page.open_browser(url, self._did_not)

    # -------------------------------------------------------- for the page

    def _show(self) -> None:
        listed = bool(self._findings.findings)
        self._trouble.show_trouble(None if listed else self._failed)
        self._card.setVisible(self._waiting and bool(self._card.link))
        self._findings.setVisible(listed or self._checking)
        self._stays.setVisible(not self._checking)
        self._above.setVisible(not self._checking)
        self.show()
        self.changed.emit()

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        lead = t("We opened Google’s page. Sign in there with a full admin account.")
        if self._checking:
            lead = t("Looking whether everything can be read.")
        elif self.worked:
            lead = t("It worked. The sync goes on with the new sign-in.")
        elif self._failed is not None:
            lead = t("What worked before goes on as it was.")
        return Heading(title=t("Authorize Google Workspace again"), lead=lead)

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        if self._waiting:
            return Offer()
        if self._checking:
            return Offer(busy=t("Checking"), words=t("Done"))
        if self.worked:
            return Offer(valid=True, words=t("Done"))
        back = SideAction(words=t("Not now"), name="authorize-leave", press=self.ended.emit)
        return Offer(
            valid=True,
            words=t("Sign in again"),
            icon="outside",
            trouble=self._failed,
            instead_of_back=back,
        )
