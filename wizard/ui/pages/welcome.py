"""The first page: the important note, who sets this up, and whether the service answers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.services.contract import NetworkView, ProxyMode
from wizard.ui.layouts import row
from wizard.ui.page import Offer, Page
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.spinner import Spinner
from wizard.ui.widgets.text import Elide, Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["WelcomePage"]


def _roles() -> ChoiceGroup:
    """The three answers to who sits here."""
    return ChoiceGroup(
        (
            (
                Role.OWNER,
                ChoiceCard(
                    t("I own the account"),
                    t("You sign in, invite IT and follow the progress. Nothing technical."),
                    t("10 minutes"),
                    name="role-owner",
                ),
            ),
            (
                Role.IT,
                ChoiceCard(
                    t("I am the IT representative"),
                    t("You are a full admin of Google Workspace, Microsoft 365 or Exchange."),
                    t("25 minutes"),
                    name="role-it",
                ),
            ),
            (
                Role.BOTH,
                ChoiceCard(
                    t("I am both"),
                    t("You own the account and have full admin rights."),
                    t("35 minutes"),
                    name="role-both",
                ),
            ),
        )
    )


class WelcomePage(Page):
    """Asks who sits here, and asks the account service whether it answers."""

    step = StepId.WELCOME

    def build(self) -> None:
        note = Note(
            t(
                "**Important: one part needs a full admin.** Only a full admin, usually in IT, "
                "can authorize the connection. You can start without one."
            ),
            icon="shield",
            size=18,
        )
        self._group = _roles()
        self._group.chosen.connect(self._chose)
        self._spinner = Spinner(t("Asking the account service"))
        self._state = IconText("", "", Letters.SECOND_MEDIUM, Token.INK_2)
        self._state.setObjectName("service-state")
        self._proxy = Text("", Letters.SECOND, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._proxy.setObjectName("proxy-state")
        network = Button(
            t("Network settings"), Kind.GHOST, small=True, flush="right", name="network-settings"
        )
        network.clicked.connect(self._open_network)
        self._trouble = TroublePanel()
        state = row(self._spinner, self._state, gap=8)
        state.addWidget(self._proxy)
        state.addStretch(1)
        state.addWidget(network)
        without = Button(t("Go on without it"), Kind.GHOST, small=True, name="resume-forget")
        without.clicked.connect(self._forget_file)
        self._file = Note("", icon="file", action=without, tight=True, below=12)
        self._file.setObjectName("resume-note")
        self._file.text.say(
            t("**You opened a resume file.** Sign in, and you go on with its set-up.")
        )
        given = Button(
            t("I was given a resume file"),
            Kind.GHOST,
            icon="file",
            small=True,
            flush="left",
            name="resume-open",
        )
        given.clicked.connect(self._ask_for_file)
        file_line = QWidget()
        looks = Button(
            t("I only answer questions"), Kind.GHOST, icon="question", small=True, name="role-looks"
        )
        looks.clicked.connect(self._look_on)
        self._looks = looks
        row(given, 8, looks, None, inside=file_line)
        self._given = file_line
        for part in (16, self._trouble, self._file, note, 16, self._group, 8, file_line, 8):
            if isinstance(part, int):
                self.content.addSpacing(part)
            else:
                self.content.addWidget(part)
        self.content.addLayout(state)
        self.content.addStretch()
        self._failed: Trouble | None = None
        self._network: NetworkView | None = None

    def entered(self) -> None:
        self._group.choose(self.answers.role or "")
        self._show_file()
        self._ask()

    def apply(self) -> None:
        if self._failed is not None:
            self._ask()
            return
        self.finish()

    def _chose(self, key: str) -> None:
        self.answer(replace(self.answers, role=Role(key)))
        self._show()

    def _look_on(self) -> None:
        """Whoever helps others signs in, and is then offered to look how it stands."""
        self.answer(replace(self.answers, role=Role.IT))
        self._group.choose(Role.IT)
        self._show()
        if self.offer.valid:
            self.finish()

    # -------------------------------------------------------- the service's answer

    def _ask(self) -> None:
        self.drop_jobs()
        self._failed = None
        bench = self.desk.bench
        self.work(lambda job: bench.network(job.cancel), self._answered, self._did_not_answer)
        self._show()

    def _answered(self, view: NetworkView) -> None:
        self._network = view
        self.answer(replace(self.answers, service_answered=view.answers))
        self._proxy.say(t("Proxy: {proxy}", proxy=view.proxy) if view.proxy else t("No proxy"))
        self._show()

    def _did_not_answer(self, trouble: Trouble) -> None:
        self._failed = trouble
        if trouble.code is Code.PROXY_SIGN_IN_NEEDED:
            # Whoever named this proxy: its name and password can be typed for it.
            proxy = str(trouble.facts.get("proxy", ""))
            self._network = NetworkView(mode=ProxyMode.TYPED, proxy=proxy, answers=False)
        self.answer(replace(self.answers, service_answered=False))
        self._show()

    def _show(self) -> None:
        asking = self.working
        self._spinner.setVisible(asking)
        self._proxy.setVisible(not asking)
        self._trouble.show_trouble(self._failed)
        if asking:
            self._state.say(t("Asking the account service"), "", Token.INK_2)
        elif self._failed is not None:
            self._proxy.say("")
        else:
            self._state.say(t("The account service answers"), "ok", Token.OK)
        self._state.setVisible(self._failed is None)
        answers = self.answers
        if self._failed is not None:
            again = Offer(valid=True, words=t("Ask again"), icon="again", trouble=self._failed)
            self.offer_now(again)
            return
        ready = answers.role is not None and answers.service_answered and not asking
        tail = t("Asking the account service") if asking else ""
        self.offer_now(Offer(valid=ready, tail=tail))

    def _show_file(self) -> None:
        opened = bool(self.answers.wanted_ou)
        self._file.setVisible(opened)
        self._given.setVisible(not opened)

    def _forget_file(self) -> None:
        self.answer(replace(self.answers, wanted_ou=""))
        self._show_file()

    def _ask_for_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, t("Open a resume file"), "", t("Resume file (*.ecsetup)")
        )
        if chosen:
            self.desk.resume_wanted.emit(chosen)

    def _open_network(self) -> None:
        from wizard.ui.network_sheet import NetworkSheet

        sheet = NetworkSheet(self.desk, self._network)
        sheet.saved.connect(self._ask)
        self.desk.sheet_wanted.emit(sheet)
