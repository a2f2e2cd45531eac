"""What to do on a server so that it takes on the sync: steps with commands to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Text

__all__ = ["ServerSteps"]


_JOINER = "\u2060"
"""Zero wide, and forbids a line to end there (Unicode, WORD JOINER)."""


class _Command(QWidget):
    """One step: its number, what it does, and where there is one the command with its button."""

    def __init__(self, number: int, title: str, sentence: str, name: str = "") -> None:
        super().__init__()
        self._said = ""
        place = Text(str(number), Letters.SECOND_STRONG, Token.INK_3, wrap=False)
        place.setFixedWidth(16)
        self._code = Text("", Letters.CODE, Token.INK_2)
        self._code.setObjectName(f"{name}-command" if name else "")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._copy = Button(t("Copy"), Kind.GHOST, icon="copy", small=True, flush="right")
        self._copy.setObjectName(f"{name}-copy" if name else "")
        self._copy.setAccessibleDescription(title)
        self._copy.clicked.connect(self._to_clipboard)
        head = row(place, gap=8)
        head.addWidget(Text(title, Letters.BODY_MEDIUM), 1)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignVCenter)
        told = Text(sentence, Letters.SECOND, Token.INK_2)
        below = column(told, 4, self._code, margins=(24, 0, 0, 0))
        column(head, below, margins=(16, 10, 16, 12), inside=self)
        for part in (self._code, self._copy):
            part.setVisible(bool(name))

    def say(self, command: str) -> None:
        """Show this command."""
        if command != self._said:
            self._said = command
            # A line may end between two options, and not within one.
            self._code.say(command.replace("-", f"-{_JOINER}"))
            self._code.setAccessibleName(command)
            self._copy.say(t("Copy"))

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._said)
        self._copy.say(t("Copied"))


class ServerSteps(QWidget):
    """Install, sign in, preview, stay."""

    def __init__(self) -> None:
        super().__init__()
        install = _Command(
            1,
            t("Install this program on the server"),
            t(
                "With the same profile as here. Put a passphrase of 12 letters or more into a "
                "file “passphrase.txt” that only the account of the service may read."
            ),
        )
        self._commands = (
            _Command(
                2,
                t("Sign in there"),
                t("As an owner, then as a full admin. It prints an address to open."),
                "server-sign-in",
            ),
            _Command(
                3,
                t("Look at the preview there"),
                t("The first sync does what its own preview showed, and no more."),
                "server-preview",
            ),
            _Command(
                4,
                t("Let it stay"),
                t("Run this as a service, so that it starts with the server."),
                "server-sync",
            ),
        )
        box = Box()
        for part in (install, *self._commands):
            box.add(part)
        column(Text(t("On the server"), Letters.SECOND_STRONG), 8, box, inside=self)

    def show_commands(self, commands: Sequence[str]) -> None:
        """Show these, in order."""
        for part, command in zip(self._commands, commands, strict=True):
            part.say(command)
