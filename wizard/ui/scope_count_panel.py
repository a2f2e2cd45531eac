"""The count beside the tree: how many get an account, how that adds up, what differs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from wizard.content.text import t, tn
from wizard.flow.scope_choice import ScopeMode
from wizard.services.contract.scoping import DirectoryView, ScopeCount
from wizard.ui.durations import clock_time
from wizard.ui.layouts import column, row
from wizard.ui.scope_words import difference_words, names_words, nobody_words
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Text

__all__ = ["CountPanel"]

_WIDE = 192


class CountPanel(QWidget):
    """Announces the count to a screen reader as it changes, by its accessible name."""

    read_again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scope-count")
        self.setFixedWidth(_WIDE)
        self.figure = Text("", Letters.FIGURE, wrap=False)
        self.figure.setObjectName("scope-figure")
        self._of_what = Text("", Letters.SECOND_MEDIUM)
        self._why = Text("", Letters.SECOND, Token.WARN)
        self._why.setObjectName("scope-why-nobody")
        self._sums = [(_number(), Text("", Letters.SECOND, Token.INK_2)) for _ in range(3)]
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for place, (number, words) in enumerate(self._sums):
            grid.addWidget(number, place, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(words, place, 1)
        self._parts = QWidget()
        self._parts.setLayout(grid)
        self._difference = Text("", Letters.SECOND_STRONG, wrap=False)
        self._difference.setObjectName("scope-difference")
        self._against = Text(t("against what is saved"), Letters.CAPTION, Token.INK_3)
        self._added = Text("", Letters.CAPTION, Token.INK_2, strong=500)
        self._removed = Text("", Letters.CAPTION, Token.INK_2, strong=500)
        self._read = Text("", Letters.CAPTION, Token.INK_3)
        again = Button(
            t("Read again"), Kind.GHOST, small=True, flush="left", name="scope-read-again"
        )
        again.clicked.connect(self.read_again)
        column(
            self.figure, self._of_what, 6, self._why, 6, self._parts, 12, self._difference,
            self._against, 4, self._added, 4, self._removed, 8, self._read, row(again, None), None,
            margins=(20, 2, 0, 0), inside=self,
        )  # fmt: skip

    def show_count(self, count: ScopeCount, mode: ScopeMode, directory: DirectoryView) -> None:
        """Show these numbers."""
        self.figure.say(f"{count.people:,}")
        self.figure.tint(Token.INK)
        words = tn("person gets an account", "people get an account", count.people)
        self._of_what.say(words)
        why = nobody_words(mode, count, groups_allowed=directory.groups_allowed)
        self._why.say("" if count.people else why)
        self._why.setVisible(not count.people)
        for (number, told), (value, said) in zip(
            self._sums,
            (
                (f"{count.in_directory:,}", t("in Google")),
                (f"− {count.not_chosen:,}", t("not chosen")),
                (f"− {count.left_out:,}", t("left out")),
            ),
            strict=True,
        ):
            number.say(value)
            told.say(said)
        self._show_difference(count)
        self._read.say(t("Google was read at {time}.", time=clock_time(directory.read_at)))
        self.setAccessibleName(f"{count.people:,} {words}")

    def _show_difference(self, count: ScopeCount) -> None:
        words = difference_words(count)
        added, removed = count.added or 0, count.removed or 0
        self._difference.say(words)
        self._difference.tint(Token.WARN if removed else Token.INK)
        self._difference.setVisible(bool(words))
        self._against.setVisible(bool(added or removed))
        self._added.say(
            t("**New:** {names}", names=names_words(count.added_names, added)) if added else ""
        )
        self._removed.say(
            t("**Out:** {names}", names=names_words(count.removed_names, removed))
            if removed
            else ""
        )
        self._added.setVisible(bool(added))
        self._removed.setVisible(bool(removed))

    def show_counting(self) -> None:
        """The number is being worked out anew: what is shown is the last one."""
        self.figure.tint(Token.INK_3)
        self._read.say(t("Counting"))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a line
        QPainter(self).fillRect(0, 0, 1, self.height(), color(Token.LINE))


def _number() -> Text:
    return Text("", Letters.SECOND, Token.INK_2, wrap=False)
