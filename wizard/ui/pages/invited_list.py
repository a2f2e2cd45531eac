"""“Invited so far”: everybody with where they stand, and how fresh that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract.inviting import InvitedView
from wizard.ui.layouts import column, row
from wizard.ui.pages.invited_words import person_words
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.watching import checked_words
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.person_row import PersonRow
from wizard.ui.widgets.text import Text

__all__ = ["InvitedList"]


class InvitedList(QWidget):
    """Hidden until something is known; `pressed` tells a row's action and its address."""

    pressed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(t("Invited so far"), Letters.SECOND_MEDIUM, wrap=False)
        self._checked = Text("", Letters.CAPTION, Token.INK_3)
        self._checked.setObjectName("invited-checked")
        self._checked.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._nobody = Text(
            t("Nobody yet. Whoever you invite stands here until they accept, and after."),
            Letters.SECOND,
            Token.INK_3,
        )
        self._nobody.setObjectName("invited-nobody")
        self._box = Box()
        head = row(self._title, 12)
        head.addWidget(self._checked, 1)
        column(head, 8, self._nobody, self._box, inside=self)
        self._rows: dict[str, PersonRow] = {}

    def show_people(
        self,
        people: Sequence[InvitedView] | None,
        now: datetime,
        *,
        age: float | None,
        failing: bool,
    ) -> None:
        """Show these as they stand at `now`; None where nobody knows yet."""
        self._checked.say(self._fresh(age, failing=failing))
        self._nobody.setVisible(people is not None and not people)
        self._box.setVisible(bool(people))
        if people is None:
            return
        if [one.address for one in people] != list(self._rows):
            self._make_rows(people)
        for one in people:
            self._rows[one.address].show_person(person_words(one, now))

    def forget(self) -> None:
        """Show nobody until something is known again."""
        self._box.empty()
        self._rows.clear()

    @staticmethod
    def _fresh(age: float | None, *, failing: bool) -> str:
        if age is None:
            return t("No answer yet. We keep asking.") if failing else t("Looking")
        if failing:
            return t("{checked}. No answer now, we keep asking.", checked=checked_words(age))
        return checked_words(age)

    def _make_rows(self, people: Sequence[InvitedView]) -> None:
        self._box.empty()
        self._rows.clear()
        for one in people:
            line = PersonRow(f"invited-{one.address}")
            line.pressed.connect(lambda key, address=one.address: self.pressed.emit(key, address))
            self._rows[one.address] = line
            self._box.add(line)

    def set_busy(self, address: str, key: str, words: str) -> None:
        """Show that a row's action is under way ('': no longer)."""
        line = self._rows.get(address)
        if line is not None:
            line.set_busy(key, words)
