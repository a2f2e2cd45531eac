"""What waits for a person, on Overview: one note for each, with the button that settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract.home import HomeFacts, UnitWord
from wizard.ui.home.parts import decision
from wizard.ui.layouts import clear, column
from wizard.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from wizard.ui.home.overview_words import Decision

__all__ = ["Needs"]


class Needs(QWidget):
    """Drawn anew only where something else waits."""

    decide = Signal()
    settings = Signal()
    problems = Signal(object)
    """These problems (a tuple of `ProblemView`) are to be shown."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[object, ...] = ()
        self._column = column(gap=8, inside=self)

    def show_needs(self, facts: HomeFacts | None, unit: UnitWord | None) -> bool:
        """Show what waits; whether anything does. Who may not decide is told who can."""
        from wizard.ui.home.overview_words import decisions

        may = unit is None or unit.may_manage
        found = tuple(decisions(facts)) if facts is not None else ()
        if (found, may) != self._shown:
            self._shown = (found, may)
            clear(self._column)
            for number, one in enumerate(found):
                self._column.addWidget(self._note(one, number, None if may else unit))
        return bool(found)

    def _note(self, one: Decision, number: int, others: UnitWord | None) -> QWidget:
        held = one.held is not None
        if held and others is not None:
            from wizard.services.overview import names_in_words

            names = names_in_words(others.owners) or t("An owner")
            sentence = f"{one.sentence} {t('{names} can decide.', names=names)}"
            return decision(one.title, sentence, None)
        button = Button(t("Decide") if held else t("Show"), small=True, name=f"decide-{number}")
        button.setAccessibleDescription(one.title)
        if held:
            button.clicked.connect(self.decide)
        elif one.in_settings:
            button.clicked.connect(self.settings)
        else:
            button.clicked.connect(lambda: self.problems.emit(one.problems))
        return decision(one.title, one.sentence, button)
