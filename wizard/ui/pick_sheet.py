"""The side sheet for a list of people, groups, units or domains, to search and tick."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.page import Page
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.people_picker import Find, Picker
from wizard.ui.widgets.pick_list import Pick
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["PickSheet"]


class PickSheet(Sheet):
    """`chosen` tells the ids when the person is done; closing it changes nothing."""

    chosen = Signal(tuple)

    def __init__(
        self,
        page: Page,
        find: Find,
        *,
        title: str,
        lead: str,
        placeholder: str,
        picks: Iterable[Pick],
        name: str,
    ) -> None:
        super().__init__(title, name=name)
        self._picker = Picker(
            page, find, title, placeholder=placeholder, empty=t("Nothing to choose from."),
            name=f"{name}-list", rows=6,
        )  # fmt: skip
        self._picker.show_chosen(picks)
        self._picker.look()
        self.put(Text(lead, Letters.PROSE, Token.INK_2))
        self.put(14)
        self.put(self._picker)
        use = Button(t("Use this list"), name=f"{name}-use")
        use.clicked.connect(self._use)
        leave = Button(t("Cancel"), Kind.GHOST, name=f"{name}-cancel")
        leave.clicked.connect(self.closed)
        self.put_foot(use, leave)

    def first_field(self) -> QWidget:
        return self._picker.field

    def _use(self) -> None:
        self.chosen.emit(self._picker.chosen)
        self.closed.emit()
