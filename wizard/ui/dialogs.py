"""The few questions and messages that stand outside a page: before the window, and at its end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QWidget

from wizard.content.text import t
from wizard.core.trouble import Trouble
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Text
from wizard.ui.widgets.trouble import TroublePanel

__all__ = ["ProfileQuestion", "Question", "StartTrouble"]

_WIDTH = 480


class Question(QDialog):
    """A title, a body and two buttons; `exec` is true for the primary one."""

    def __init__(
        self,
        title: str,
        parts: Sequence[QWidget],
        *,
        yes: str,
        no: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), color(Token.PAGE))
        self.setPalette(palette)
        body = column(Text(title, Letters.PANEL), 8, margins=(24, 22, 24, 20), inside=self)
        for part in parts:
            body.addWidget(part)
        body.addSpacing(20)
        buttons = row(None, gap=8)
        if no:
            other = Button(no, Kind.SECONDARY, name="dialog-no")
            other.clicked.connect(self.reject)
            buttons.addWidget(other)
        primary = Button(yes, Kind.PRIMARY, name="dialog-yes")
        primary.setDefault(True)
        primary.clicked.connect(self.accept)
        buttons.addWidget(primary)
        body.addLayout(buttons)


class ProfileQuestion(Question):
    """Shows which computers a given profile names, before anything is sent to them."""

    def __init__(self, name: str, hosts: Sequence[str]) -> None:
        lead = Text(
            t(
                "This profile was opened from a file. Setting up would sign you in at these "
                "computers. Go on only if you know them."
            ),
            Letters.SECOND,
            Token.INK_2,
        )
        box = Box()
        for host in hosts:
            line = QWidget()
            row(Text(host, Letters.CODE), margins=(12, 8, 12, 8), inside=line)
            box.add(line)
        super().__init__(
            t("Use the profile “{name}”?", name=name) if name else t("Use this profile?"),
            (lead, box),
            yes=t("Use this profile"),
            no=t("Close"),
        )


class StartTrouble(Question):
    """What kept the window from opening, in the words of a page."""

    def __init__(self, trouble: Trouble) -> None:
        panel = TroublePanel()
        panel.show_trouble(trouble)
        super().__init__(t("The set-up could not start"), (panel,), yes=t("Close"))
