"""The side sheet that names everybody a sync could not put right, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.services.contract import ProblemView
from wizard.ui.layouts import column
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Elide, Text

__all__ = ["ProblemSheet"]

_SHOWN = 50


class ProblemSheet(Sheet):
    """One row a person: name, address, what happened, what to do."""

    def __init__(self, problems: Sequence[ProblemView]) -> None:
        super().__init__(t("People with a problem"), name="problem-sheet")
        box = Box()
        for problem in problems[:_SHOWN]:
            words = trouble_words(problem.code, dict(problem.facts))
            part = QWidget()
            column(
                Text(problem.name or problem.address, Letters.BODY_MEDIUM),
                Text(problem.address, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE),
                6,
                Text(words.happened, Letters.SECOND, Token.INK_2),
                4,
                Text(words.to_do, Letters.SECOND, Token.INK_2),
                margins=(14, 10, 14, 10),
                inside=part,
            )
            box.add(part)
        self.put(box)
        more = len(problems) - _SHOWN
        if more > 0:
            self.put(8)
            self.put(Text(t("And {count} more.", count=f"{more:,}"), Letters.SECOND, Token.INK_3))
        self.put(None)
        self._close = Button(t("Close"), name="problem-done")
        self._close.clicked.connect(self.closed)
        self.put_foot(self._close)

    def first_field(self) -> QWidget:
        return self._close
