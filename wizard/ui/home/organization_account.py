"""The organization account: its connections, their Settings as in the guide, and their end."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtWidgets import QWidget

from wizard.content.settings_words import interval_words
from wizard.content.text import t, tn
from wizard.core.runs import Trigger
from wizard.core.settings import ProvisioningSettings, ScopeKind
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.home import DisconnectedView, OrganizationAccountView, UnitWord
from wizard.services.overview import names_in_words
from wizard.ui.home.authorize_panel import AuthorizePanel
from wizard.ui.home.disconnect_panel import DisconnectPanel
from wizard.ui.home.health_part import HealthPart, fact_row
from wizard.ui.home.ids import HomeId
from wizard.ui.home.overview_cards import state_words
from wizard.ui.home.page import HomePage
from wizard.ui.home.parts import connection_line
from wizard.ui.home.settings_part import SettingsPart
from wizard.ui.layouts import clear, column, row
from wizard.ui.page import Desk, Heading, Offer
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.text import Text

__all__ = ["OrganizationAccountPage"]


class _Mode(StrEnum):
    """What the page shows."""

    ALL = "all"
    AUTHORIZE = "authorize"
    DISCONNECT = "disconnect"
    ENDED = "ended"


class OrganizationAccountPage(HomePage):
    """Everything that a connection is, and may become."""

    home = HomeId.ORGANIZATION_ACCOUNT

    def __init__(self, desk: Desk) -> None:
        self._untold: Trouble | None = None
        self._mode = _Mode.ALL
        self._wanted = ""
        self._shown: tuple[object, ...] = ()
        self._scope_shown: tuple[object, ...] = ()
        super().__init__(desk)

    # -------------------------------------------------------- parts

    def build(self) -> None:
        self._settings = SettingsPart(self)
        self._settings.changed.connect(self._show)
        self._settings.saved.connect(self._saved)
        self._told = Note("", icon="info", below=12)
        self._told.hide()
        self._others = QWidget()
        self._others_column = column(gap=12, inside=self._others)
        self._scope = Box()
        self._scope_part = QWidget()
        column(12, self._scope, inside=self._scope_part)
        self._health = HealthPart(self)
        self._health.authorize.connect(self._authorize)
        health_title = Text(t("Health"), Letters.SECOND_STRONG)
        self._health_part = QWidget()
        column(24, health_title, 8, self._health, inside=self._health_part)
        self._end_part = self._build_end()
        self._all = QWidget()
        column(
            *(20, self._told, self._settings, self._scope_part, self._others),
            *(self._health_part, self._end_part),
            inside=self._all,
        )
        self._again = AuthorizePanel(self)
        self._again.changed.connect(self._show)
        self._again.ended.connect(self._authorized)
        self._leave = DisconnectPanel(self)
        self._leave.changed.connect(self._show)
        self._leave.left.connect(lambda: self._turn(_Mode.ALL))
        self._leave.disconnected.connect(self._disconnected)
        self._ended = Note("", icon="ok")
        self._ended.setObjectName("disconnected")
        self._panels = QWidget()
        column(20, self._again, self._leave, self._ended, inside=self._panels)
        for part in (self._all, self._panels):
            self.content.addWidget(part)
        self.content.addStretch()
        self._ended.hide()

    def _build_end(self) -> QWidget:
        button = Button(t("Disconnect"), small=True, name="account-disconnect")
        button.clicked.connect(self._disconnect)
        words = Text(
            t("Ends the connection at the account service and at Google. People keep accounts."),
            Letters.SECOND,
            Token.INK_2,
        )
        line = QWidget()
        texts = column(Text(t("Disconnect"), Letters.BODY_STRONG), words)
        layout = row(gap=16, margins=(16, 12, 16, 12), inside=line)
        layout.addLayout(texts, 1)
        layout.addWidget(button)
        box = Box()
        box.add(line)
        part = QWidget()
        column(12, box, inside=part)
        return part

    # -------------------------------------------------------- what is known

    def entered(self) -> None:
        self._mode = _Mode.ALL
        if self.answers.organization_account_id:
            self._settings.read()
            self._health.look()
        self._ask()
        self._show()

    def left(self) -> None:
        self._again.stop()
        self._wanted = ""

    def show_for(self, about: str) -> None:
        """`authorize`: send the person to Google; `settings`: switch provisioning on."""
        self._wanted = about
        if about == "authorize":
            self._wanted = ""
            self._authorize()

    def _ask(self) -> None:
        bench = self.desk.bench
        if bench.answers.signed_in_as and bench.answers.unit_seen:
            self.work(lambda job: bench.home.unit(job.cancel), self._know, self._not_told)

    def _know(self, unit: UnitWord) -> None:
        self.unit, self._untold = unit, None
        self._settings.allow(may=unit.may_manage)
        self._show()

    def _not_told(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self._untold = trouble
            self._show()

    @property
    def _connected(self) -> bool:
        return bool(self.answers.organization_account_id)

    @property
    def _may(self) -> bool:
        return self.unit is None or self.unit.may_manage

    # -------------------------------------------------------- what a person does

    def _turn(self, mode: _Mode) -> None:
        self._mode = mode
        self._show()

    def _authorize(self) -> None:
        self._turn(_Mode.AUTHORIZE)
        self._again.begin()

    def _authorized(self) -> None:
        self._again.hide()
        self._turn(_Mode.ALL)
        if self._again.worked:
            schedule = self.desk.bench.schedule
            self.work(
                lambda _job: schedule.run_now(Trigger.PERSON),
                lambda _: None,
                self.desk.troubled.emit,
            )
        self._health.look()
        self._ask()

    def _disconnect(self) -> None:
        account = self.unit.account if self.unit is not None else None
        domain = self.answers.domain or (account.domain if account is not None else "")
        self._turn(_Mode.DISCONNECT)
        self._leave.begin(domain)

    def _disconnected(self, view: DisconnectedView) -> None:
        told = [t("**Google Workspace is disconnected.** People keep their accounts.")]
        if not view.ended_at_google:
            told.append(
                t(
                    "Google could not be told. Take the app’s access away in the Admin console, "
                    "under Security, API controls."
                )
            )
        if view.erased:
            told.append(t("What was read on this computer is erased."))
        self._ended.text.say(" ".join(told))
        self.unit = None
        self._turn(_Mode.ENDED)

    def _saved(self, settings: ProvisioningSettings) -> None:
        self._ask()
        if not settings.enabled:
            return
        if not self.answers.first_sync_done:
            # There was never a first sync: the set-up says where it runs, and watches it.
            self.desk.steps_wanted.emit("")
            return
        schedule = self.desk.bench.schedule
        self.work(lambda _job: schedule.run_now(), lambda _: None, self.desk.troubled.emit)

    def apply(self) -> None:
        if self._mode is _Mode.AUTHORIZE:
            self._again.press()
        elif self._mode is _Mode.DISCONNECT:
            self._leave.press()
        elif self._mode is _Mode.ENDED or not self._connected:
            self.desk.steps_wanted.emit("")
        else:
            self._settings.save()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        mode = self._mode
        self._all.setVisible(mode is _Mode.ALL)
        self._panels.setVisible(mode is not _Mode.ALL)
        self._again.setVisible(mode is _Mode.AUTHORIZE)
        self._leave.setVisible(mode is _Mode.DISCONNECT)
        self._ended.setVisible(mode is _Mode.ENDED)
        if mode is _Mode.AUTHORIZE:
            self.head(self._again.heading())
            self.offer_now(self._again.offer())
        elif mode is _Mode.DISCONNECT:
            self.head(self._leave.heading())
            self.offer_now(self._leave.offer())
        elif mode is _Mode.ENDED:
            self.head(Heading(lead=t("Nothing is connected now.")))
            self.offer_now(Offer(valid=True, words=t("Connect again"), icon="arrow-right"))
        else:
            self._show_all()

    def _show_all(self) -> None:
        connected, unit = self._connected, self.unit
        account = unit.account if unit is not None else None
        self._settings.setVisible(connected)
        self._show_line(account)
        self._show_scope()
        self._show_others(account)
        self._health.show_account(account, may=self._may)
        self._health_part.setVisible(connected or account is not None)
        self._end_part.setVisible(connected and unit is not None and unit.may_manage)
        self._show_told(account)
        if self._wanted == "settings" and self._settings.settings is not None:
            self._wanted = ""
            self._settings.turn_on()
        self.head(Heading(lead=self._lead(account)))
        self.offer_now(self._offer(account))

    def _offer(self, account: OrganizationAccountView | None) -> Offer:
        if self._connected:
            return self._settings.offer()
        if self.unit is not None and account is None and self.unit.may_manage:
            return Offer(valid=True, words=t("Continue set-up"), icon="arrow-right")
        return Offer()

    def _lead(self, account: OrganizationAccountView | None) -> str:
        if not self._connected and account is None:
            return "" if self.unit is None else t("No workspace is connected yet.")
        return t("One connection reaches both the directory and the calendars.")

    def _show_line(self, account: OrganizationAccountView | None) -> None:
        """The connection at the top of its Settings."""
        domain = self.answers.domain or (account.domain if account is not None else "")
        state = account.state if account is not None else None
        shown = (state, domain)
        if shown == self._shown:
            return
        self._shown = shown
        holder = self._settings.form.connection_column
        clear(holder)
        holder.addWidget(_line(domain, account))

    def _show_scope(self) -> None:
        settings = self._settings.settings
        self._scope_part.setVisible(settings is not None and self._connected)
        if settings is None:
            return
        shown = (settings.scope, self._settings.in_scope, self._may)
        if shown == self._scope_shown:
            return
        self._scope_shown = shown
        self._scope.empty()
        words = Text(_scope_words(settings, self._settings.in_scope), Letters.SECOND, Token.INK_2)
        texts = column(Text(t("Who is synced"), Letters.BODY_STRONG), words)
        part = QWidget()
        line = row(gap=16, margins=(16, 12, 16, 12), inside=part)
        line.addLayout(texts, 1)
        if self._may:
            change = Button(t("Change who is synced"), small=True, name="scope-change")
            change.clicked.connect(lambda: self.desk.steps_wanted.emit(StepId.SCOPE.value))
            line.addWidget(change)
        self._scope.add(part)

    def _show_others(self, account: OrganizationAccountView | None) -> None:
        """Connections beside the one whose Settings stand above, or where none is ours."""
        clear(self._others_column)
        accounts = self.unit.accounts if self.unit is not None else ()
        for one in accounts:
            if self._connected and account is not None and one.id == account.id:
                continue
            self._others_column.addWidget(_other(one, self.unit))
        self._others.setVisible(bool(self._others_column.count()))

    def _show_told(self, account: OrganizationAccountView | None) -> None:
        """Why something is not offered, or not known."""
        words = ""
        if self._untold is not None:
            from wizard.content.troubles import trouble_words

            told = trouble_words(self._untold.code, self._untold.facts)
            words = f"**{told.title}.** {told.to_do}"
        elif self.unit is not None and not self.unit.may_manage:
            names = names_in_words(self.unit.owners) or t("An owner")
            words = t("**You can look, not change.** {names} can change this.", names=names)
        elif self.unit is not None and not self._connected and account is not None:
            words = t(
                "**This connection was authorized on another computer.** Its Settings are "
                "changed there, or here once somebody from IT signs in."
            )
        self._told.text.say(words)
        self._told.setVisible(bool(words))


def _line(domain: str, account: OrganizationAccountView | None) -> QWidget:
    state = account.state if account is not None else None
    detail = t("Directory and calendars · {more}", more=domain)
    return connection_line(t("Google Workspace"), detail, state_words(state))


def _other(account: OrganizationAccountView, unit: UnitWord | None) -> QWidget:
    """A connection that has no Settings here, and why."""
    box = Box()
    directory = "directory" in account.purposes
    title = t("Google Workspace") if directory else t("Calendars")
    detail = (
        t("Directory and calendars · {more}", more=account.domain) if directory else account.domain
    )
    icon = "people" if directory else "calendar"
    box.add(connection_line(title, detail, state_words(account.state), icon=icon))
    if not directory:
        words = t(
            "No provisioning switch here: this connection reaches calendars only. Accounts come "
            "from the directory."
        )
        note = QWidget()
        row(Text(words, Letters.SECOND, Token.INK_2), margins=(16, 10, 16, 10), inside=note)
        box.add(note)
    elif unit is not None and unit.enabled is not None:
        on = t("On") if unit.enabled else t("Off. No account is made or changed.")
        box.add(fact_row(t("Provisioning"), on))
        if unit.enabled and unit.interval_minutes:
            box.add(fact_row(t("Look for changes"), interval_words(unit.interval_minutes)))
    return box


def _scope_words(settings: ProvisioningSettings, people: int | None) -> str:
    """Who is synced, in one sentence."""
    scope = settings.scope
    counted = tn("{count} person", "{count} people", people) if people is not None else ""
    if scope.kind is ScopeKind.EVERYONE:
        parts = [t("Everyone in the directory")]
    else:
        numbers = (
            (len(scope.unit_ids), tn("{count} unit", "{count} units", len(scope.unit_ids))),
            (len(scope.group_ids), tn("{count} group", "{count} groups", len(scope.group_ids))),
            (len(scope.domains), tn("{count} domain", "{count} domains", len(scope.domains))),
            (
                len(scope.user_ids),
                tn("{count} named person", "{count} named people", len(scope.user_ids)),
            ),
        )
        parts = [words for count, words in numbers if count]
    left_out = (
        len(scope.exclude_unit_ids)
        + len(scope.exclude_group_ids)
        + len(scope.exclude_user_ids)
        + len(scope.exclude_domains)
    )
    if left_out:
        parts.append(tn("{count} exclusion", "{count} exclusions", left_out))
    words = ", ".join(parts)
    return t("{scope}: {people}", scope=words, people=counted) if counted else words
