"""What the authorize page is made of: the connection's row, the rights, the notes and questions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from wizard.content.permissions import joined_permissions, permission_words
from wizard.content.text import t
from wizard.core.network_troubles import NETWORK_TROUBLES
from wizard.core.trouble import Code
from wizard.flow.answers import Answers
from wizard.services.contract import AuthorizedView, PermissionView
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText, Tile
from wizard.ui.widgets.boxes import Box, Note
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.spinner import Bar, BarState
from wizard.ui.widgets.text import Elide, Text

__all__ = [
    "Before",
    "Rights",
    "SideDoors",
    "Whose",
    "active_soon",
    "connection_row",
]

_SCOPE_WIDTH = 224
_NO_FULL_ADMIN = frozenset({Code.NOT_A_FULL_ADMIN, Code.DELEGATED_ADMIN})


def connection_row(domain: str, *, active: bool) -> QWidget:
    """The organization account as one row: what it covers, whose it is, whether it is active."""
    part = QWidget()
    part.setObjectName("connection")
    state = (
        IconText("ok", t("Active"), Letters.SECOND_MEDIUM, Token.OK)
        if active
        else IconText("again", t("Not active yet"), Letters.SECOND_MEDIUM, Token.WARN)
    )
    covers = t("Directory and calendars · {domain}", domain=domain)
    texts = column(
        Text(t("Google Workspace"), Letters.BODY_STRONG, wrap=False),
        Text(covers, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE),
    )
    line = row(Tile("people"), gap=12, margins=(16, 14, 16, 14), inside=part)
    line.addLayout(texts, 1)
    line.addWidget(state)
    return part


def active_soon() -> QWidget:
    """The service makes the connection active: what is normal."""
    soon = Note(
        t(
            "**Google Workspace is connected.** The account service is making it active. "
            "A few minutes is normal."
        ),
        icon="again",
    )
    part = QWidget()
    bar = Bar(t("Waiting for the account service"), thin=True)
    bar.show_part(0, BarState.WAITING)
    column(soon, 12, bar, 16, inside=part)
    return part


class Before(QWidget):
    """What one should know before Google is asked: a note, where there is something to know."""

    def __init__(self) -> None:
        super().__init__()
        self._elsewhere = Note("", icon="info", below=12)
        self._elsewhere.setObjectName("connected-elsewhere")
        self._unseen = Note("", icon="info", below=12)
        self._unseen.setObjectName("app-unseen")
        column(self._elsewhere, self._unseen, inside=self)

    def show_answers(self, answers: Answers) -> None:
        """Show what these answers ask for."""
        elsewhere = answers.connected_elsewhere
        self._elsewhere.setVisible(bool(elsewhere))
        self._elsewhere.text.say(
            t(
                "**{who} authorized this on another computer.** Google’s permission stays there. "
                "To sync from this one, authorize here, too: nothing is lost.",
                who=elsewhere,
            )
        )
        unseen = answers.app_claimed and not answers.app_installed
        self._unseen.setVisible(unseen)
        self._unseen.text.say(
            t(
                "**The app hasn’t been seen yet.** You can authorize all the same. If it isn’t "
                "installed, we tell you here what is missing."
            )
        )
        self.setVisible(bool(elsewhere) or unseen)


class Rights(QWidget):
    """Every right that is asked for, with its reason."""

    def __init__(self, permissions: Sequence[PermissionView]) -> None:
        super().__init__()
        title = Text(t("What we read, and why"), Letters.SECOND_STRONG, wrap=False)
        read_only = Text(
            t("Read only. We can’t change anything."),
            Letters.CAPTION,
            Token.INK_3,
            wrap=False,
            elide=Elide.RIGHT,
        )
        read_only.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = row(title, gap=8)
        head.addWidget(read_only, 1)
        box = Box()
        for permission in permissions:
            box.add(_permission(permission))
        self.tick = Note(
            t("**Leave every box ticked** on Google’s page, and sign in as a full admin."),
            icon="info",
        )
        self._column = column(head, 8, box, 12, self.tick, inside=self)

    def keep_off(self, *, above: bool) -> None:
        """Keep a gap to what is shown above, where anything is."""
        self._column.setContentsMargins(0, 16 if above else 0, 0, 0)


def _permission(permission: PermissionView) -> QWidget:
    words = permission_words(permission.key)
    part = QWidget()
    part.setAccessibleName(f"{words.title}: {words.reason}")
    left = QWidget()
    left.setFixedWidth(_SCOPE_WIDTH)
    scope = Text(permission.short, Letters.CODE_SMALL, Token.INK_3, wrap=False, elide=Elide.MIDDLE)
    column(Text(words.title, Letters.SECOND_MEDIUM), scope, inside=left)
    reason = Text(words.reason, Letters.SECOND, Token.INK_2)
    line = row(left, gap=16, margins=(12, 7, 12, 7), inside=part)
    line.addWidget(reason, 1, Qt.AlignmentFlag.AlignTop)
    return part


class Whose(QWidget):
    """Whose directory it is, where it may be the wrong company's: nothing is connected yet."""

    refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("whose")
        self._note = Note("", icon="warn", warn=True)
        self._other = Button(t("Use another account"), name="another-account")
        self._other.clicked.connect(self.refused)
        column(self._note, 12, row(self._other, None), inside=self)
        self.hide()

    def ask(self, asked: AuthorizedView | None, *, busy: bool) -> None:
        """Ask about this directory; None: nothing is asked."""
        self.setVisible(asked is not None)
        if asked is None:
            return
        self._other.setVisible(not busy)
        self._note.text.say(
            t(
                "**This is the directory of {domain}.** {admin} signed in as its full admin. "
                "Nothing is connected yet. If that is another company, use another account.",
                domain=asked.domain,
                admin=asked.address,
            )
        )


class SideDoors(QWidget):
    """Ways on beside the page's own button, for what stopped it."""

    network = Signal()
    without = Signal()
    mail = Signal()
    leave = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._leave = Button("", name="authorize-disconnect")
        self._leave.clicked.connect(self.leave)
        self._network = Button(t("Network settings"), icon="globe", name="authorize-network")
        self._network.clicked.connect(self.network)
        self._without = Button("", Kind.SECONDARY, name="go-on-without")
        self._without.clicked.connect(self.without)
        self._mail = Button(t("Email the hand-over kit"), icon="mail", name="email-kit")
        self._mail.clicked.connect(self.mail)
        parts = (self._network, self._without, self._mail, self._leave)
        self._line = row(*parts, None, gap=8, inside=self)

    def offer(
        self, code: Code | None, without: Sequence[str], *, may_mail: bool, ends: str = ""
    ) -> None:
        """Offer what helps with this trouble, or going on without these rights.

        `ends` is the domain whose connection may be ended here, '' for none.
        """
        self._network.setVisible(code in NETWORK_TROUBLES)
        self._without.setVisible(bool(without))
        # Below the checks there is no room yet, below the panel of a trouble there is.
        self._line.setContentsMargins(0, 12 if without else 0, 0, 16)
        names = joined_permissions(", ".join(without))
        self._without.say(t("Go on without {names}", names=names))
        mails = may_mail and code in _NO_FULL_ADMIN
        self._mail.setVisible(mails)
        leaves = bool(ends) and code is Code.OTHER_CUSTOMER
        self._leave.say(t("Disconnect {domain}", domain=ends))
        self._leave.setVisible(leaves)
        self.setVisible(code in NETWORK_TROUBLES or bool(without) or mails or leaves)
