"""The organizational unit as cards to choose from, and the form that makes a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract import UnitView
from wizard.ui.layouts import clear, column, row
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.fields import Field

__all__ = ["UnitPart"]

_LONGEST = 80


class UnitPart(QWidget):
    """Units as choice cards, and a name for a new one.

    Where there is nothing to choose the page's own button makes it, else one of the form.
    """

    chosen = Signal(object)
    wanted = Signal(str)
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cards = column()
        self._new = Button(
            t("Make another one"),
            Kind.GHOST,
            icon="plus",
            small=True,
            flush="left",
            name="unit-new",
        )
        self._new.clicked.connect(self.show_form)
        self._field = Field(
            t("Name of your organization"),
            name="unit-name",
            placeholder=t("Such as Halden Freight"),
            hint=t("It is the name that your colleagues see when they sign in."),
        )
        self._field.line.setMaxLength(_LONGEST)
        self._field.line.returnPressed.connect(self.make)
        self._field.changed.connect(lambda _: self.typed.emit())
        self._make_button = Button(t("Create"), name="unit-create")
        self._make_button.clicked.connect(self.make)
        self._form = QWidget()
        self._above = QWidget()
        self._above.setFixedHeight(12)
        column(self._above, self._field, 12, row(self._make_button, None), inside=self._form)
        column(self._cards, 8, row(self._new, None), self._form, inside=self)
        self._units: dict[str, UnitView] = {}
        self._group: ChoiceGroup | None = None

    def show_units(self, units: Sequence[UnitView], chosen: str) -> None:
        """Offer these; without any that can be managed, the form for a new one is open."""
        self._units = {unit.id: unit for unit in units}
        clear(self._cards)
        group = ChoiceGroup([(unit.id, self._card(unit)) for unit in units])
        group.choose(chosen)
        group.chosen.connect(self._chose)
        self._group = group
        self._cards.addWidget(group)
        group.setVisible(bool(units))
        manageable = any(unit.manageable for unit in units)
        self._form.setVisible(not units)
        self._make_button.setVisible(bool(units))
        self._above.setVisible(bool(units))
        self._new.say(t("Make another one") if manageable else t("Make one of your own"))
        self._new.setVisible(bool(units))

    def choose(self, key: str) -> None:
        """Mark this one as chosen, without telling anybody."""
        if self._group is not None:
            self._group.blockSignals(True)
            self._group.choose(key)
            self._group.blockSignals(False)

    @property
    def form_is_open(self) -> bool:
        """Whether a name can be typed."""
        return not self._form.isHidden()

    @property
    def name(self) -> str:
        """What was typed as the name of a new unit."""
        return self._field.value

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

    def show_form(self) -> None:
        """Let a name be typed."""
        self._new.hide()
        self._form.show()
        self._field.line.setFocus()

    def make(self) -> None:
        """Ask for a unit of the typed name, or say that one is missing."""
        if not self._field.value:
            self._field.show_wrong(t("Type the name of your organization."))
            self._field.line.setFocus()
            return
        self.wanted.emit(self._field.value)

    def focus_form(self) -> None:
        """Give the keyboard to the name."""
        self._field.line.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """The new unit is being made."""
        self._make_button.set_busy(t("Creating") if busy else "")
        self._field.setEnabled(not busy)
        if self._group is not None:
            self._group.setEnabled(not busy)
