"""Where the people are: the workspace, and the domain that it is known by."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from wizard.content.text import t
from wizard.content.workspaces import domain_problem_words, workspace_words
from wizard.core.directory import ProviderId
from wizard.core.domains import read_domain
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.installing import WorkspacesView
from wizard.ui.layouts import row
from wizard.ui.page import Heading, Offer, Page
from wizard.ui.pages.authorize_parts import connection_row
from wizard.ui.pages.signing_in import wants_sign_in
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.lines import UnderWay
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["WorkspacePage"]


class WorkspacePage(Page):
    """Offers what can be connected, and asks for the domain, which the address suggests."""

    step = StepId.WORKSPACE

    def build(self) -> None:
        self._view: WorkspacesView | None = None
        self._failed: Trouble | None = None
        self._saving = False
        self._typed = False
        self._trouble = TroublePanel()
        self._asking = UnderWay(t("Asking which workspaces can be connected"))
        self._group = ChoiceGroup(())
        self._connected = Box()
        self._domain = Field(
            t("Your organization’s domain"), name="domain", hint=" ", placeholder=""
        )
        self._domain.changed.connect(self._edited)
        self._public = Note("", icon="info")
        self._public.setObjectName("public-mail")
        self._other = Button(
            t("We use Microsoft or Exchange"),
            Kind.GHOST,
            small=True,
            flush="left",
            name="other-workspace",
        )
        self._other.clicked.connect(lambda: self.desk.topic_wanted.emit("microsoft-or-exchange"))
        self.content.addSpacing(16)
        for part in (self._trouble, self._asking, self._group, self._connected):
            self.content.addWidget(part)
        self.content.addSpacing(20)
        self.content.addWidget(self._domain)
        self.content.addSpacing(12)
        self.content.addWidget(self._public)
        self.content.addSpacing(8)
        self.content.addLayout(row(self._other, None))
        self.content.addStretch()

    # -------------------------------------------------------- states

    def entered(self) -> None:
        self._failed = None
        self._ask()

    def focus_first(self) -> None:
        if self._domain.isVisible() and not self._domain.value:
            self._domain.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        self._saving = False

    def apply(self) -> None:
        if wants_sign_in(self._failed):
            self.desk.steps_wanted.emit(StepId.SIGN_IN.value)
            return
        self._failed = None
        if self._view is None:
            self._ask()
            return
        if self._is_connected:
            self.finish()
            return
        typed = read_domain(self._domain.value)
        if typed.problem is not None:
            self._domain.show_wrong(domain_problem_words(typed.problem, typed.name))
            self._domain.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        provider = ProviderId(self._group.key)
        bench = self.desk.bench
        self._saving = True
        self.work(
            lambda job: bench.installing.choose(provider, typed.name, job.cancel),
            self._chosen,
            self._did_not,
        )
        self._show()

    def _ask(self) -> None:
        bench = self.desk.bench
        self.work(lambda job: bench.installing.workspaces(job.cancel), self._told, self._did_not)
        self._show()

    def _told(self, view: WorkspacesView) -> None:
        if self._view is None or self._view.providers != view.providers:
            self._make_cards(view.providers)
        self._view = view
        if not self._typed or not self._domain.value:
            self._domain.set_value(view.domain)
        self._group.choose(self.answers.provider.value)
        if not self._group.key:
            self._group.choose(view.providers[0].value)
        self._show()
        self.focus_first()

    def _make_cards(self, providers: Sequence[ProviderId]) -> None:
        cards = []
        for provider in providers:
            words = workspace_words(provider.value)
            card = ChoiceCard(words.name, words.sign, name=f"workspace-{provider.value}")
            cards.append((provider.value, card))
        group = ChoiceGroup(cards)
        group.chosen.connect(lambda _key: self._show())
        self.content.replaceWidget(self._group, group)
        self._group.hide()
        self._group.deleteLater()
        self._group = group

    def _chosen(self, _nothing: None) -> None:
        self._typed = self._saving = False
        self.changed.emit()
        self.finish()

    def _did_not(self, trouble: Trouble) -> None:
        self._saving = False
        self._failed = None if trouble.code is Code.CANCELLED else trouble
        self._show()

    def _edited(self, _words: str) -> None:
        self._typed = True
        self._show()

    # -------------------------------------------------------- drawing

    @property
    def _is_connected(self) -> bool:
        return bool(self.answers.organization_account_id)

    def _show(self) -> None:
        view, connected = self._view, self._is_connected
        self._trouble.show_trouble(self._failed)
        asking = view is None and not connected and self._failed is None
        self._asking.setVisible(asking)
        self._group.setVisible(view is not None and not connected)
        self._domain.setVisible(view is not None and not connected)
        self._other.setVisible(not connected and not asking)
        self._connected.empty()
        if connected:
            active = self.answers.organization_account_active
            self._connected.add(connection_row(self.answers.domain, active=active))
        self._connected.setVisible(connected)
        self._show_suggestion(view)
        self.head(self._heading())
        self.offer_now(self._offer())

    def _show_suggestion(self, view: WorkspacesView | None) -> None:
        public = view.public if view is not None and not self._is_connected else ""
        self._public.setVisible(bool(public))
        if view is None:
            return
        if public:
            self._public.text.say(
                t(
                    "**You signed in as {address}.** {domain} is a public mail service and no "
                    "workspace. Name the domain of your organization instead.",
                    address=view.address,
                    domain=public,
                )
            )
        hint = t("What stands after the @ in your people’s addresses.")
        if view.suggested and self._domain.value == view.suggested:
            hint = t(
                "Your address ends in {domain}. Change it if your people’s addresses end "
                "differently.",
                domain=view.suggested,
            )
        self._domain.say_hint(hint)

    def _heading(self) -> Heading:
        if self._is_connected:
            return Heading(
                lead=t("This workspace is connected. To change it, disconnect it first.")
            )
        if self._view is not None and len(self._view.providers) == 1:
            return Heading(lead=t("Is this where your people sign in every day? Check the domain."))
        return Heading()

    def _offer(self) -> Offer:
        if wants_sign_in(self._failed):
            return Offer(valid=True, words=t("Sign in again"), trouble=self._failed)
        if self._failed is not None:
            return Offer(valid=True, words=t("Try again"), icon="again", trouble=self._failed)
        if self._is_connected:
            return Offer(
                valid=True, proved=True, proof=t("**It worked:** your workspace is chosen.")
            )
        if self._saving:
            return Offer(busy=t("Saving"))
        if self._view is None:
            return Offer(busy=t("Asking"))
        return Offer(valid=True)
