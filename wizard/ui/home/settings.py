"""Home's Settings: this computer, the network, sign-ins, about the program, and erasing it all."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract import NetworkView, ProxyMode, SecretsChoice
from wizard.services.contract.home import MachineView
from wizard.ui.home.erase_panel import ErasePanel
from wizard.ui.home.health_part import copied_row, fact_row
from wizard.ui.home.ids import HomeId
from wizard.ui.home.kept_row import KeptRow
from wizard.ui.home.move_panel import MovePanel
from wizard.ui.home.page import HomePage
from wizard.ui.home.parts import Section
from wizard.ui.home.report_part import ReportPart
from wizard.ui.home.sign_in_sheet import SignInSheet
from wizard.ui.layouts import column, row
from wizard.ui.network_sheet import NetworkSheet
from wizard.ui.page import Desk, Heading, Offer
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.choice import Toggle
from wizard.ui.widgets.session_start import SessionStartChoice
from wizard.ui.widgets.text import Text

__all__ = ["SettingsPage"]


class SettingsPage(HomePage):
    """Everything here counts at once; nothing waits for Save but the erasing."""

    home = HomeId.SETTINGS

    def __init__(self, desk: Desk) -> None:
        self._machine: MachineView | None = None
        self._erasing = self._moving = False
        super().__init__(desk)

    # -------------------------------------------------------- parts

    def build(self) -> None:
        self._network = Box()
        self._sign_ins = Box()
        self._about = Box()
        self._report = ReportPart(self)
        self._kept = KeptRow(self)
        self._kept_section = Section(t("History"), self._kept)
        self._move_section = Section(t("Another computer"), self._build_move())
        self._all = QWidget()
        column(
            Section(t("On this computer"), self._build_computer()),
            Section(t("Network"), self._network),
            Section(t("Sign-ins"), self._sign_ins),
            self._kept_section,
            self._move_section,
            Section(t("For your helpdesk"), self._report),
            Section(t("About"), self._about),
            Section(t("Erase"), self._build_erase()),
            inside=self._all,
        )
        self._erase = ErasePanel(self)
        self._erase.changed.connect(self._show)
        self._erase.left.connect(lambda: self._turn(erasing=False))
        self._move = MovePanel(self)
        self._move.changed.connect(self._show)
        self._move.left.connect(self._move_left)
        self._panel = QWidget()
        column(20, self._erase, self._move, inside=self._panel)
        for part in (self._all, self._panel):
            self.content.addWidget(part)
        self.content.addStretch()
        self._draw()

    def _build_computer(self) -> QWidget:
        box = Box()
        start = QWidget()
        column(SessionStartChoice(self.desk), margins=(16, 12, 16, 12), inside=start)
        box.add(start)
        title = t("Go on when the window is closed")
        self._keep = Toggle(title, name="keep-running")
        self._keep.clicked.connect(self._keep_chosen)
        texts = column(
            Text(title, Letters.BODY_MEDIUM),
            Text(
                t("The sync goes on in the background. The tray icon shows how it is."),
                Letters.SECOND,
                Token.INK_2,
            ),
            gap=3,
        )
        keep = QWidget()
        line = row(gap=16, margins=(16, 12, 16, 12), inside=keep)
        line.addLayout(texts, 1)
        line.addWidget(self._keep)
        box.add(keep)
        return box

    def _build_erase(self) -> QWidget:
        button = Button(t("Erase this set-up"), small=True, name="erase-open")
        button.clicked.connect(self._ask_erase)
        words = t("This computer forgets it. Accounts and the connection stay at the service.")
        line = QWidget()
        layout = row(gap=16, margins=(16, 12, 16, 12), inside=line)
        layout.addWidget(Text(words, Letters.SECOND, Token.INK_2), 1)
        layout.addWidget(button)
        box = Box()
        box.add(line)
        return box

    def _build_move(self) -> QWidget:
        self._move_open = Button(t("Move"), small=True, name="move-open")
        self._move_open.clicked.connect(self._ask_move)
        words = t("Let a server, or another computer, do the sync from now on.")
        line = QWidget()
        layout = row(gap=16, margins=(16, 12, 16, 12), inside=line)
        layout.addWidget(Text(words, Letters.SECOND, Token.INK_2), 1)
        layout.addWidget(self._move_open)
        box = Box()
        box.add(line)
        return box

    # -------------------------------------------------------- what is known

    def entered(self) -> None:
        self._erasing = False
        self._moving = self._move.under_way
        if not self._moving:
            self._move.forget()
        self._keep.setChecked(self.desk.bench.background.keep_running is not False)
        self._look()
        self._report.look()
        self._show()

    def _look(self) -> None:
        bench = self.desk.bench
        self.work(lambda job: bench.home.machine(job.cancel), self._know, self._did_not)

    def _know(self, machine: MachineView) -> None:
        if machine != self._machine:
            self._machine = machine
            self._draw()

    def _did_not(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self.desk.troubled.emit(trouble)

    # -------------------------------------------------------- what a person does

    def _keep_chosen(self, on: bool) -> None:
        self.desk.bench.background.choose_keep_running(on=on)

    def _change_network(self) -> None:
        machine = self._machine
        view = None
        if machine is not None:
            view = NetworkView(mode=machine.proxy_mode, proxy=machine.proxy, answers=True)
        sheet = NetworkSheet(self.desk, view)
        sheet.saved.connect(self._look)
        self.desk.sheet_wanted.emit(sheet)

    def _sign_in(self) -> None:
        sheet = SignInSheet(self.desk)
        sheet.signed_in.connect(self._look)
        self.desk.sheet_wanted.emit(sheet)

    def _sign_out(self) -> None:
        bench = self.desk.bench
        self.work(
            lambda job: bench.home.sign_out(job.cancel),
            lambda _nothing: self._look(),
            self._did_not,
        )

    def _open_logs(self) -> None:
        if self._machine is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._machine.logs)))

    def _ask_erase(self) -> None:
        self._turn(erasing=True)
        self._erase.begin(self.answers.ou_name or self.desk.bench.profile.name)

    def _turn(self, *, erasing: bool) -> None:
        self._erasing = erasing
        self._show()

    def _ask_move(self) -> None:
        self._moving = True
        self._move.begin()

    def _move_left(self) -> None:
        self._moving = False
        self._look()
        self._show()

    def apply(self) -> None:
        if self._erasing:
            self._erase.press()
        elif self._moving:
            self._move.press()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        asks = self._erasing or self._moving
        self._all.setVisible(not asks)
        self._panel.setVisible(asks)
        self._erase.setVisible(self._erasing)
        self._move.setVisible(self._moving)
        if self._moving:
            self.head(self._move.heading())
            self.offer_now(self._move.offer())
            return
        if self._erasing:
            self.head(self._erase.heading())
            self.offer_now(self._erase.offer())
            return
        self.head(
            Heading(
                lead=t("For this computer. What counts everywhere is under Organization account.")
            )
        )
        self.offer_now(Offer())

    def _draw(self) -> None:
        for box in (self._network, self._sign_ins, self._about):
            box.empty()
        machine, profile = self._machine, self.desk.bench.profile
        self._kept.show_days(machine.keep_days if machine is not None else None)
        self._kept_section.setVisible(machine is not None and machine.keep_days is not None)
        here = machine is not None and not machine.moved
        self._move_section.setVisible(here and bool(self.answers.organization_account_id))
        change = Button(t("Change"), small=True, name="network-change")
        change.clicked.connect(self._change_network)
        self._network.add(fact_row(t("Proxy"), _proxy_words(machine), change))
        self._network.add(fact_row(t("Reaches"), ", ".join(profile.hosts)))
        self._draw_sign_ins(machine)
        version = machine.version if machine is not None else "…"
        self._about.add(fact_row(t("Version"), version))
        self._about.add(fact_row(t("Profile"), f"{profile.name} ({profile.id})"))
        if machine is not None:
            self._about.add(fact_row(t("This computer"), machine.host))
            logs = Button(t("Open the folder"), small=True, name="logs-open")
            logs.clicked.connect(self._open_logs)
            self._about.add(copied_row(t("Logs"), str(machine.logs), logs))
        steps = Button(t("Show the steps"), small=True, name="show-steps")
        steps.clicked.connect(lambda: self.desk.steps_wanted.emit(StepId.DONE.value))
        self._about.add(fact_row(t("Set-up"), t("What was set up, step by step."), steps))

    def _draw_sign_ins(self, machine: MachineView | None) -> None:
        answers = self.answers
        signed_in = machine is not None and machine.signed_in
        if signed_in:
            leave = Button(t("Sign out"), small=True, name="sign-out")
            leave.clicked.connect(self._sign_out)
            self._sign_ins.add(copied_row(t("Signed in"), answers.signed_in_as, leave))
        elif machine is not None:
            told = t("Nobody. The sync goes on with its own key.")
            come = Button(t("Sign in"), small=True, name="settings-sign-in")
            come.clicked.connect(self._sign_in)
            self._sign_ins.add(fact_row(t("Signed in"), told, come))
        self._sign_ins.add(fact_row(t("Kept"), _kept_words(machine)))


def _proxy_words(machine: MachineView | None) -> str:
    if machine is None:
        return "…"
    if machine.proxy_mode is ProxyMode.NONE:
        return t("None, straight to the outside")
    if machine.proxy_mode is ProxyMode.TYPED:
        return machine.proxy
    if machine.proxy:
        return t("{proxy}, from the system’s settings", proxy=machine.proxy)
    return t("None in the system’s settings")


def _kept_words(machine: MachineView | None) -> str:
    if machine is None:
        return "…"
    return {
        SecretsChoice.KEYRING: t("Sealed, with the key in the system’s password store"),
        SecretsChoice.PASSPHRASE: t("Sealed under your passphrase"),
        SecretsChoice.MEMORY: t("In memory, until the program ends"),
        None: t("Locked for now"),
    }.get(machine.keeps, t("Sealed"))
