"""The side sheet for reaching the outside: the system's proxy, none, or a typed one."""

from __future__ import annotations

from urllib.parse import quote

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Trouble
from wizard.services.contract import NetworkView, ProxyMode
from wizard.services.jobs import Lane
from wizard.ui.layouts import column
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["NetworkSheet"]


class NetworkSheet(Sheet):
    """Chooses the proxy and tries it before it closes."""

    saved = Signal()

    def __init__(self, desk: Desk, view: NetworkView | None = None) -> None:
        super().__init__(t("Network settings"), name="network-sheet")
        self._desk = desk
        self._lead = Text(
            t("How this program reaches the account service and Google."),
            Letters.PROSE,
            Token.INK_2,
        )
        self._modes = ChoiceGroup(
            (
                (
                    ProxyMode.SYSTEM,
                    ChoiceCard(
                        t("As this computer does"),
                        t("The proxy from the system’s own settings, where there is one."),
                        name="proxy-system",
                        tight=True,
                    ),
                ),
                (
                    ProxyMode.NONE,
                    ChoiceCard(
                        t("No proxy"), t("Straight to the outside."), name="proxy-none", tight=True
                    ),
                ),
                (
                    ProxyMode.TYPED,
                    ChoiceCard(
                        t("This proxy"), t("One that you type in."), name="proxy-typed", tight=True
                    ),
                ),
            )
        )
        self._modes.chosen.connect(self._mode_changed)
        self._field = Field(
            t("Proxy"),
            name="proxy-address",
            placeholder="proxy.example:8080",
            hint=t("Host and port."),
        )
        self._name = Field(
            t("User name"),
            name="proxy-user",
            hint=t("Only where the proxy wants one. Left empty, what was saved for it stays."),
        )
        self._word = Field(t("Password"), name="proxy-password")
        self._word.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._typed = QWidget()
        column(self._field, 12, self._name, 12, self._word, inside=self._typed)
        self._use = Button(t("Use this"), Kind.SECONDARY, name="proxy-save")
        self._use.clicked.connect(self._save)
        cancel = Button(t("Cancel"), Kind.GHOST, name="proxy-cancel")
        cancel.clicked.connect(self.closed)
        for part in (self._lead, 16, self._modes, 16, self._typed, None):
            self.put(part)
        self.put_foot(self._use, cancel)
        self._modes.choose(view.mode if view is not None else ProxyMode.SYSTEM)
        if view is not None and view.mode is ProxyMode.TYPED:
            self._field.set_value(view.proxy)

    def first_field(self) -> QWidget:
        return self._modes.chosen_card() or self._use

    def _mode_changed(self, key: str) -> None:
        self._typed.setVisible(key == ProxyMode.TYPED)

    def _save(self) -> None:
        mode = ProxyMode(self._modes.key)
        address = self._address() if mode is ProxyMode.TYPED else ""
        bench = self._desk.bench
        self._use.set_busy(t("Saving"))
        # The sheet may be closed for good meanwhile.
        there = [self]
        self.destroyed.connect(there.clear)

        def done(_nothing: None) -> None:
            if there:
                self._done()

        def refused(trouble: Trouble) -> None:
            if there:
                self._refused(trouble)

        self._desk.jobs.start(
            Lane.NET, lambda _job: bench.set_proxy(mode, address), done=done, failed=refused
        )

    def _address(self) -> str:
        """The whole address, in which signs of a name or password can't be mistaken."""
        address, name = self._field.value, self._name.value
        if not name:
            return address
        scheme, mark, host = address.rpartition("://")
        words = f"{quote(name, safe='')}:{quote(self._word.line.text(), safe='')}"
        return f"{scheme}{mark}{words}@{host.rpartition('@')[2]}"

    def _done(self) -> None:
        self._word.line.clear()
        self._use.set_busy("")
        self.saved.emit()
        self.closed.emit()

    def _refused(self, trouble: Trouble) -> None:
        self._use.set_busy("")
        words = trouble_words(trouble.code, trouble.facts)
        self._field.show_wrong(f"{words.happened} {words.to_do}")
