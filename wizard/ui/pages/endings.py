"""“What does the browser show?”: the endings that never come back to this window, with cures."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wizard.content.browser_endings import BROWSER_ENDINGS, BrowserEnding
from wizard.content.text import t
from wizard.services.contract.installing import AppView
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.folds import Fold, prose
from wizard.ui.widgets.text import Elide, Text

__all__ = ["Endings"]


class Endings(QWidget):
    """Lines to press; each opens its cure while the window goes on waiting.

    `asked` names a help topic with more, `wanted` a page to open in the browser.
    """

    asked = Signal(str)
    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("endings")
        self._box = Box()
        self._folds: list[Fold] = []
        column(
            Text(t("What does the browser show?"), Letters.SECOND_STRONG),
            4,
            Text(
                t("Google ends some sign-ins on its own page. Pick what you see there."),
                Letters.SECOND,
                Token.INK_2,
            ),
            8,
            self._box,
            margins=(0, 20, 0, 0),
            inside=self,
        )

    def use(self, app: AppView) -> None:
        """Fill the cures with what this app is called, and by which id it is trusted."""
        self._box.empty()
        self._folds.clear()
        for ending in BROWSER_ENDINGS:
            self._box.add(self._line(ending, app))

    def close_all(self) -> None:
        """Nothing is picked any more."""
        for fold in self._folds:
            fold.setChecked(False)

    def _line(self, ending: BrowserEnding, app: AppView) -> QWidget:
        fold = Fold(
            t(ending.shown), Letters.SECOND, name=f"ending-{ending.id}", margins=(8, 8), indent=20
        )
        cure = self._cure(ending, app)
        cure.hide()
        fold.toggled.connect(cure.setVisible)
        fold.toggled.connect(lambda on, fold=fold: self._close_others(fold) if on else None)
        self._folds.append(fold)
        part = QWidget()
        column(fold, cure, margins=(12, 0, 12, 0), inside=part)
        return part

    def _cure(self, ending: BrowserEnding, app: AppView) -> QWidget:
        part = QWidget()
        part.setObjectName(f"ending-{ending.id}-cure")
        words = t(ending.cure).replace("{service}", app.service)
        layout = column(prose(words, Letters.SECOND, below=8), inside=part)
        if ending.trusts and app.client_id:
            layout.addWidget(_client_id(ending.id, app.client_id))
        more = Button(
            t("More about this"),
            Kind.GHOST,
            small=True,
            flush="left",
            name=f"ending-{ending.id}-more",
        )
        more.clicked.connect(lambda: self.asked.emit(ending.topic))
        line = row(margins=(20, 8, 0, 10), gap=8)
        if ending.trusts and app.console_url:
            console = Button(
                t("Open the page of trusted apps"),
                icon="outside",
                small=True,
                name=f"ending-{ending.id}-console",
            )
            console.clicked.connect(lambda: self.wanted.emit(app.console_url))
            line.addWidget(console)
        line.addWidget(more)
        line.addStretch()
        layout.addLayout(line)
        return part

    def _close_others(self, opened: Fold) -> None:
        for fold in self._folds:
            if fold is not opened and fold.isChecked():
                fold.setChecked(False)


def _client_id(name: str, client_id: str) -> QWidget:
    """The id as it is pasted, with a button that copies it."""
    part = QWidget()
    copy = Button(t("Copy"), Kind.GHOST, icon="copy", small=True, name=f"ending-{name}-copy")
    copy.setAccessibleName(t("Copy the client ID"))

    def copied() -> None:
        QGuiApplication.clipboard().setText(client_id)
        copy.say(t("Copied"))

    copy.clicked.connect(copied)
    label = Text(t("Client ID"), Letters.SECOND_MEDIUM, wrap=False)
    code = Text(client_id, Letters.CODE, Token.INK_2, wrap=False, elide=Elide.MIDDLE)
    line = row(label, gap=8, margins=(20, 0, 0, 0), inside=part)
    line.addWidget(code, 1)
    line.addWidget(copy)
    return part
