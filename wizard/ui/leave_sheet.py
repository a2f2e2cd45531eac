"""The side sheet that leaves the practice organization."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract import ProfileView
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["LeaveSheet"]


class LeaveSheet(Sheet):
    """Says what stays, and how the real set-up begins with what is on this computer.

    `installed` are the profiles of real services that an administrator laid down here;
    `for_real`: the rehearsal is over, and the real set-up is what the person wants.
    """

    left = Signal()

    def __init__(self, installed: Sequence[ProfileView] = (), *, for_real: bool = False) -> None:
        title = t("Set up for real") if for_real else t("Leave practice?")
        super().__init__(title, name="leave-sheet")
        stays = t("What you rehearsed stays on this computer, apart from everything real.")
        for number, words in enumerate((stays, *_way_on(installed))):
            line = Text(words, Letters.PROSE, Token.INK_2, strong_token=Token.INK)
            line.setObjectName(f"leave-words-{number}")
            self.put(line)
            self.put(10)
        self.put(None)
        self._leave = Button(t("Leave and close"), name="leave-confirm")
        self._leave.clicked.connect(self.left)
        stay = Button(t("Stay"), Kind.GHOST, name="leave-stay")
        stay.clicked.connect(self.closed)
        self.put_foot(self._leave, stay)

    def first_field(self) -> QWidget:
        return self._leave


def _way_on(installed: Sequence[ProfileView]) -> tuple[str, str]:
    """What the real set-up needs, and what to do then."""
    if not installed:
        return (
            t(
                "**The real set-up needs a profile of your own**, and there is none on this "
                "computer yet. It is a small file that names your account service. Your vendor "
                "or your IT gives it to you."
            ),
            t(
                "When you have it, close this window and start the program with “--profile” and "
                "the name of the file. It shows which computers the file names, and asks you."
            ),
        )
    if len(installed) == 1:
        name = installed[0].name
        return (
            t("**{name} is installed on this computer** for the real set-up.", name=name),
            t("Close this window and start the program again: it opens with {name}.", name=name),
        )
    names = ", ".join(f"{one.name} ({one.id})" for one in installed)
    return (
        t("**These are installed on this computer** for the real set-up: {names}.", names=names),
        t(
            "Close this window and start the program with “--profile” and the name in brackets "
            "of the one that you want."
        ),
    )
