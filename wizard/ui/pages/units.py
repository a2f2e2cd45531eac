"""The part of the sign-in page where the organizational unit is taken, chosen or made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract import UnitView
from wizard.ui.layouts import clear, column, row
from wizard.ui.theme import Letters
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.text import Text

__all__ = ["UnitPart"]

_LONGEST = 80


class UnitPart(QWidget):
    """Units as choice cards, and a name for a new one."""

    chosen = Signal(object)
    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(t("Organizational unit"), Letters.SECOND_STRONG)
        self._cards = column()
        self._new = Button(
            t("Make another one"),
            Kind.GHOST,
            icon="plus",
            small=True,
            flush="left",
            name="unit-new",
        )
        self._new.clicked.connect(self._show_form)
        self._field = Field(
            t("Name of your organization"),
            name="unit-name",
            placeholder="Halden Freight",
            hint=t("It is the name that your colleagues see when they sign in."),
        )
        self._field.line.setMaxLength(_LONGEST)
        self._field.line.returnPressed.connect(self._make)
        self._make_button = Button(t("Create"), name="unit-create")
        self._make_button.clicked.connect(self._make)
        self._form = QWidget()
        column(self._field, 12, row(self._make_button, None), inside=self._form)
        column(self._title, 8, self._cards, 8, row(self._new, None), self._form, inside=self)
        self._units: dict[str, UnitView] = {}

    def show_units(self, units: Sequence[UnitView], chosen: str) -> None:
        """Offer these; the only manageable one is taken already."""
        self._units = {unit.id: unit for unit in units}
        clear(self._cards)
        cards = [(unit.id, self._card(unit)) for unit in units]
        group = ChoiceGroup(cards)
        group.choose(chosen)
        group.chosen.connect(self._chose)
        self._cards.addWidget(group)
        manageable = any(unit.manageable for unit in units)
        group.setVisible(bool(units))
        self._title.setVisible(bool(units))
        self._form.setVisible(not manageable)
        self._new.setVisible(manageable)

    @staticmethod
    def _card(unit: UnitView) -> ChoiceCard:
        sentence = (
            t("You are an owner here.")
            if unit.manageable
            else t("You are a member here. Only an owner can set it up.")
        )
        card = ChoiceCard(unit.name, sentence, name=f"unit-{unit.id}")
        card.setEnabled(unit.manageable)
        return card

    def _chose(self, key: str) -> None:
        unit = self._units.get(key)
        if unit is not None:
            self.chosen.emit(unit)

    def _show_form(self) -> None:
        self._new.hide()
        self._form.show()
        self._field.line.setFocus()

    def _make(self) -> None:
        if not self._field.value:
            self._field.show_wrong(t("Type the name of your organization."))
            return
        self.wanted.emit(self._field.value)

    def set_busy(self, *, busy: bool) -> None:
        """The new unit is being made."""
        self._make_button.set_busy(t("Creating") if busy else "")
        self._field.setEnabled(not busy)
