"""What the end offers in practice: trying what goes wrong, and rehearsing from the beginning."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import Tile
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["RehearseSheet", "TryIt", "control_card"]


def control_card(control_url: str, card: str) -> str:
    """The address of one card on the control page, where the browser scrolls to it."""
    return f"{control_url}#{card}"


class TryIt(QWidget):
    """Lines that each open the very card of the control page that does it."""

    wanted = Signal(str)
    """The card that somebody wants to try."""

    def __init__(self) -> None:
        super().__init__()
        box = Box()
        for icon, title, sentence, name, card in (
            (
                "leave",
                t("Let people go at once"),
                t("See how the sync stops and asks you"),
                "go",
                "let-many-go",
            ),
            (
                "pulse",
                t("Cut the network for a minute"),
                t("See that what wasn’t read isn’t taken for gone"),
                "cut",
                "outage",
            ),
        ):
            line = QWidget()
            texts = column(
                Text(title, Letters.BODY_STRONG), Text(sentence, Letters.CAPTION, Token.INK_3)
            )
            button = Button(t("Try it"), small=True, name=f"try-{name}")
            button.setAccessibleDescription(title)
            button.clicked.connect(lambda _checked, card=card: self.wanted.emit(card))
            layout = row(Tile(icon), gap=12, margins=(16, 11, 16, 11), inside=line)
            layout.addLayout(texts, 1)
            layout.addWidget(button)
            box.add(line)
        column(20, Text(t("Try before you go on"), Letters.SECOND_STRONG), 8, box, inside=self)


class RehearseSheet(Sheet):
    """Says what a second rehearsal finds, and how the organization itself is made fresh."""

    begin = Signal()
    fresh_wanted = Signal()

    def __init__(self, *, has_control: bool) -> None:
        super().__init__(t("Rehearse again?"), name="rehearse-sheet")
        lines = [
            t("You begin at the first step, and this window forgets what you answered."),
            t(
                "**The practice organization remembers.** Its accounts and its connection are "
                "there from last time, so a second rehearsal finds most of it done."
            ),
        ]
        if has_control:
            lines.append(
                t(
                    "For a rehearsal like the first one, press “Start over” on its control page "
                    "before you begin: that makes a fresh organization."
                )
            )
        for number, words in enumerate(lines):
            line = Text(words, Letters.PROSE, Token.INK_2, strong_token=Token.INK)
            line.setObjectName(f"rehearse-words-{number}")
            self.put(line)
            self.put(10)
        if has_control:
            fresh = Button(
                t("Open the control page"), icon="outside", small=True, name="rehearse-fresh"
            )
            fresh.clicked.connect(self.fresh_wanted)
            self.put(row(fresh, None))
        self.put(None)
        self._begin = Button(t("Begin again"), name="rehearse-begin")
        self._begin.clicked.connect(self.begin)
        stay = Button(t("Stay"), Kind.GHOST, name="rehearse-stay")
        stay.clicked.connect(self.closed)
        self.put_foot(self._begin, stay)

    def first_field(self) -> QWidget:
        return self._begin
