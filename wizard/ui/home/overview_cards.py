"""Overview's connection card, and the note that says why the service told nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.home import AccountState, OrganizationAccountView
from wizard.ui.home.parts import connection_line
from wizard.ui.layouts import column
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button

__all__ = ["SIGNED_OUT", "ConnectionCard", "UntoldNote", "state_words"]

SIGNED_OUT = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED})


def state_words(state: AccountState | None) -> IconText:
    """How a connection stands; one that nobody was asked about was active when last seen."""
    if state is AccountState.PENDING:
        return IconText("again", t("Not active yet"), Letters.SECOND_MEDIUM, Token.WARN)
    if state is AccountState.FAILED:
        return IconText("stop", t("Not active"), Letters.SECOND_MEDIUM, Token.BAD)
    return IconText("ok", t("Active"), Letters.SECOND_MEDIUM, Token.OK)


class ConnectionCard(Box):
    """One line, drawn anew only where it is another."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overview-connection")
        self._shown: tuple[object, ...] = ()

    def show_account(
        self, account: OrganizationAccountView | None, domain: str, *, provisioning: bool | None
    ) -> None:
        """Show the connection as the service tells it, or as it was last known here."""
        state = account.state if account is not None else None
        domain = domain or (account.domain if account is not None else "")
        shown = (state, domain, provisioning)
        if shown == self._shown:
            return
        self._shown = shown
        self.empty()
        tail = domain
        if provisioning is not None:
            tail = t("provisioning is on") if provisioning else t("provisioning is off")
        detail = t("Directory and calendars · {more}", more=tail)
        self.add(connection_line(t("Google Workspace"), detail, state_words(state)))


class UntoldNote(QWidget):
    """Signed out, or the service can't be reached: the sync may go on all the same."""

    sign_in = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._button = Button(t("Sign in"), small=True, name="overview-sign-in")
        self._button.clicked.connect(self.sign_in)
        self._note = Note("", icon="info", action=self._button, tight=True)
        column(12, self._note, inside=self)

    def show_outside(self, host: str) -> None:
        """Say what only the computer that syncs knows; `host` is '' where none is known."""
        self.show()
        self._button.hide()
        where = host or t("the computer that syncs")
        self._note.text.say(
            t(
                "**You look from outside.** Who waits, who is left out and why is known on "
                "{where}. Here the account service answers for one person at a time.",
                where=where,
            )
        )

    def show_trouble(self, trouble: Trouble | None, *, here: bool) -> None:
        """Say it, None for nothing; `here`: this computer has a sync of its own."""
        self.setVisible(trouble is not None)
        if trouble is None:
            return
        from wizard.content.troubles import trouble_words

        signed_out = trouble.code in SIGNED_OUT
        self._button.setVisible(signed_out)
        if signed_out:
            goes_on = t("The sync goes on without you.") if here else ""
            self._note.text.say(f"**{t('You are signed out.')}** {goes_on}".strip())
            return
        from wizard.services.outside import OUT_OF_REACH

        words = trouble_words(trouble.code, trouble.facts)
        if trouble.code not in OUT_OF_REACH:
            self._note.text.say(f"**{words.title}.** {words.to_do}")
        elif here:
            goes_on = t("The sync on this computer tries again by itself.")
            head = t("Can’t reach the account service.")
            self._note.text.say(f"**{head}** {words.happened} {goes_on}")
        else:
            self._note.text.say(f"**{words.title}.** {words.happened} {words.to_do}")
