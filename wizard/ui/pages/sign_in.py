"""Sign in, or up, in the person's own browser; the page that follows greets them by name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract import BrowserWaiting, SignedInView
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk, Heading, Offer, Page, SideAction
from wizard.ui.start_again import start_again
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel
from wizard.ui.widgets.waiting import BrowserCard

__all__ = ["SignInPage"]

_HAVE, _NEED = "have", "need"


class SignInPage(Page):
    """Choose, wait for the browser, and go on by itself; who comes back to it sees who they are."""

    step = StepId.SIGN_IN

    def __init__(self, desk: Desk) -> None:
        self._who: SignedInView | None = None
        self._failed: Trouble | None = None
        self._waiting = False
        self._asking = False
        super().__init__(desk)

    def build(self) -> None:
        self._trouble = TroublePanel()
        self._start = self._build_start()
        self._card = BrowserCard()
        self._card.again.connect(self._open_again)
        self._card.cancelled.connect(self._cancel)
        self._nothing = self._build_nothing()
        self._done = self._build_done()
        column_parts = (20, self._trouble, self._start, self._card, self._nothing, self._done)
        for part in column_parts:
            if isinstance(part, int):
                self.content.addSpacing(part)
            else:
                self.content.addWidget(part)
        self.content.addStretch()

    def _build_start(self) -> QWidget:
        self._choice = ChoiceGroup(
            (
                (
                    _HAVE,
                    ChoiceCard(
                        t("I have an account"),
                        t("Log in with the address and password that you use there."),
                        name="sign-in-have",
                    ),
                ),
                (
                    _NEED,
                    ChoiceCard(
                        t("I need an account"),
                        t("Sign up on the same page. It takes two minutes."),
                        name="sign-in-need",
                    ),
                ),
            )
        )
        self._choice.choose(_HAVE)
        part = QWidget()
        self._note = Note("", icon="lock")
        column(self._choice, 16, self._note, inside=part)
        return part

    def _build_nothing(self) -> QWidget:
        part = QWidget()
        column(
            Text(t("Nothing happened?"), Letters.SECOND_STRONG),
            8,
            Text(
                t(
                    "Copy the link and paste it into a browser on this computer. If the page shows "
                    "a message instead of a sign-in form, look for the message under Help."
                ),
                Letters.SECOND,
                Token.INK_2,
            ),
            10,
            Text(
                t("You type your password only on that page. We never see it."),
                Letters.SECOND,
                Token.INK_2,
            ),
            margins=(0, 24, 0, 0),
            inside=part,
        )
        return part

    def _build_done(self) -> QWidget:
        self._greeting = Note("", icon="ok", size=18)
        self._greeting.setObjectName("greeting")
        other = Button(
            t("Sign in as somebody else"),
            Kind.GHOST,
            small=True,
            flush="left",
            name="sign-in-other",
        )
        other.clicked.connect(self._start_anew)
        part = QWidget()
        column(self._greeting, 12, row(other, None), inside=part)
        return part

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._failed = None
        if self.desk.somebody_else:
            self.desk.somebody_else = False
            self._start_anew()
            return
        if self.answers.signed_in_as:
            self._asking = True
            bench = self.desk.bench
            self.work(lambda job: bench.signed_in(job.cancel), self._known, self._not_known)
        self._show()

    def left(self) -> None:
        self._waiting = self._asking = False
        self._card.stop()

    def focus_first(self) -> None:
        card = self._choice.chosen_card()
        if card is not None and card.isVisible():
            card.setFocus()

    def apply(self) -> None:
        if self._who is not None:
            self.finish()
            return
        if self._not_invited:
            self.entered()
            return
        if self._stands:
            self._start_anew()
            return
        self._failed = None
        self._waiting = True
        create = self._choice.key == _NEED
        bench = self.desk.bench
        self.work(
            lambda job: bench.sign_in(job.report, job.cancel, create=create),
            self._came_back,
            self._did_not,
            self._heard,
        )
        self._show()

    @property
    def _not_invited(self) -> bool:
        """Whether somebody is signed in who may not go on with the resume file's unit yet."""
        return self._failed is not None and self._failed.code is Code.RESUME_NOT_INVITED

    @property
    def _stands(self) -> bool:
        """Whether somebody signed in who doesn't own the unit that is set up here."""
        return self._failed is not None and self._failed.code is Code.SET_UP_STANDS

    def _heard(self, event: object) -> None:
        if isinstance(event, BrowserWaiting):
            self._card.show_waiting(event)
            self._show()

    def _came_back(self, who: SignedInView) -> None:
        """Somebody signed in just now, with nothing left to decide: the next page greets them."""
        self._known(who)
        self.desk.greets = who
        self.finish()
        self.desk.greets = None

    def _known(self, who: SignedInView) -> None:
        self._who = who
        self._waiting = self._asking = False
        self._card.stop()
        self.changed.emit()
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        self._waiting = False
        self._card.stop()
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        self._show()

    def _not_known(self, trouble: Trouble) -> None:
        self._asking = False
        if trouble.code in {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}:
            self._who = None  # Whoever was signed in when the page was shown last is no more.
        quiet = trouble.code in {Code.SIGN_IN_NEEDED, Code.CANCELLED}
        self._failed = None if quiet else trouble
        self._show()

    def _cancel(self) -> None:
        self.drop_jobs()
        self._waiting = False
        self._card.stop()
        self._show()

    def _start_anew(self) -> None:
        self.drop_jobs()
        self._who = None
        self._failed = None
        self._show()

    def _open_again(self, url: str) -> None:
        self.open_browser(url, self._did_not)

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        who = self._who
        self._trouble.show_trouble(self._failed)
        password = t("You type your password only on that page. We never see it.")
        invited = t("**Were you invited?** Use the address that the invitation went to.")
        it = self.answers.role is Role.IT
        self._note.text.say(f"{invited} {password}" if it else password)
        self._start.setVisible(
            who is None and not self._waiting and not self._asking and self._failed is None
        )
        self._card.setVisible(self._waiting and bool(self._card.link))
        self._nothing.setVisible(self._waiting)
        self._done.setVisible(who is not None)
        if who is not None:
            self._greeting.text.say(t("You are signed in as **{address}**.", address=who.address))
            self.head(
                Heading(
                    title=t("Welcome, {name}", name=(who.name or who.address).split()[0]),
                    lead=self._lead(who),
                )
            )
        elif self._waiting:
            self.head(
                Heading(
                    lead=t(
                        "We opened a page in your usual browser. Sign in there, or create an "
                        "account. This window carries on by itself."
                    )
                )
            )
        else:
            self.head(Heading())
        self.offer_now(self._offer())

    def _lead(self, who: SignedInView) -> str:
        owned = sum(unit.manageable for unit in who.units)
        if owned == 1:
            return t("You are signed in, and we found your organization.")
        if owned:
            return t("You are signed in. Next you choose the organization that this is for.")
        if who.units:
            return t("You are signed in. Next you see the organization that you belong to.")
        return t("You are signed in. Next your organization gets a place of its own.")

    def _offer(self) -> Offer:
        if self._who is not None:
            return Offer(
                valid=True,
                trouble=self._failed,
                proved=True,
                proof=t(
                    "**It worked:** you are signed in as {address}.", address=self._who.address
                ),
            )
        if self._waiting:
            return Offer(tail=t("Waiting for your browser"))
        if self._asking:
            return Offer(busy=t("Looking"))
        if self._not_invited:
            other = SideAction(
                words=t("Use another account"), name="sign-in-else", press=self._start_anew
            )
            words = t("Look again")
            return Offer(
                valid=True,
                words=words,
                icon="again",
                trouble=self._failed,
                beside=other,
                # Three ways on are enough beside one another; the window closes by its own cross.
                may_do_later=False,
            )
        if self._stands:
            return Offer(
                valid=True,
                words=t("Use another account"),
                trouble=self._failed,
                beside=start_again(self),
                may_do_later=False,
            )
        words = t("Try again") if self._failed else t("Open the sign-in page")
        return Offer(valid=True, words=words, icon="outside", trouble=self._failed)
