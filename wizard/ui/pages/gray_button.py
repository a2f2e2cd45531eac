"""“The button is gray”: the likeliest causes as questions, each opening its cure."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.content.workspaces import GRAY_BUTTON, GrayCause
from wizard.ui.layouts import column
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.folds import Fold, prose
from wizard.ui.widgets.text import Text

__all__ = ["GrayButton"]


class GrayButton(QWidget):
    """One cause is open at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("gray-button")
        box = Box()
        self._folds: list[Fold] = []
        for cause in GRAY_BUTTON:
            box.add(self._cause(cause))
        column(
            Text(t("Is the button gray, or missing?"), Letters.SECOND_STRONG),
            4,
            Text(
                t("Go through these from the top. One of them is it, nearly always."),
                Letters.SECOND,
                Token.INK_2,
            ),
            8,
            box,
            margins=(0, 20, 0, 0),
            inside=self,
        )

    def _cause(self, cause: GrayCause) -> QWidget:
        fold = Fold(t(cause.question), Letters.SECOND, name=f"gray-{cause.id}", margins=(8, 8))
        cure = prose(t(cause.cure), Letters.SECOND, indent=20, below=10)
        cure.setObjectName(f"gray-{cause.id}-cure")
        cure.hide()
        fold.toggled.connect(cure.setVisible)
        fold.toggled.connect(lambda on, fold=fold: self._close_others(fold) if on else None)
        self._folds.append(fold)
        part = QWidget()
        column(fold, cure, margins=(12, 0, 12, 0), inside=part)
        return part

    def _close_others(self, opened: Fold) -> None:
        for fold in self._folds:
            if fold is not opened and fold.isChecked():
                fold.setChecked(False)
