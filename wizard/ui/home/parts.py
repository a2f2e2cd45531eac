"""What pages of Home are made of: the mark of a state, headed sections, lines with a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.badges import IconText, Tile
from wizard.ui.widgets.boxes import Box, Icon, Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.text import Elide, Text

__all__ = ["Line", "Lines", "Section", "StateMark", "connection_line", "decision"]

_MARK = 40


class StateMark(QWidget):
    """How things stand, as a round mark of 40 pixels beside the words that say it."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._tint, self._fill = "clock", Token.INK_2, Token.HOVER
        self.setFixedSize(_MARK, _MARK)

    def show_mark(self, icon: str, tint: Token, fill: Token) -> None:
        """Show this icon in this color on this ground."""
        if (icon, tint, fill) != (self._icon, self._tint, self._fill):
            self._icon, self._tint, self._fill = icon, tint, fill
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        rounded(painter, QRectF(self.rect()), _MARK / 2, color(self._fill))
        paint_icon(painter, self._icon, color(self._tint), 11, 11, 18)


class Section(QWidget):
    """A heading over a part, with a button at the right where there is more to see."""

    def __init__(self, title: str, part: QWidget, *, more: Button | None = None) -> None:
        super().__init__()
        self.title = Text(title, Letters.SECOND_STRONG, wrap=False)
        head = row(self.title, None)
        if more is not None:
            head.addWidget(more, 0, Qt.AlignmentFlag.AlignVCenter)
        column(24, head, 8, part, inside=self)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened: an icon, what, more about it, and when."""

    icon: str
    tint: Token
    title: str
    detail: str
    when: str


class Lines(Box):
    """A few lines in a box; drawn anew only where they are others."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        self.empty()
        for number, line in enumerate(lines):
            self.add(_line(line, first=not number, last=number == len(lines) - 1), ruled=False)


def _line(line: Line, *, first: bool, last: bool) -> QWidget:
    part = QWidget()
    words = f"**{line.title}** {line.detail}".strip()
    text = Text(words, Letters.SECOND, Token.INK_2, strong=400, strong_token=Token.INK)
    when = Text(line.when, Letters.CAPTION, Token.INK_3, wrap=False)
    icon = Icon(line.icon, line.tint, 14, drop=2)
    layout = row(gap=10, margins=(14, 12 if first else 8, 14, 12 if last else 8), inside=part)
    layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(text, 1)
    layout.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
    return part


def decision(title: str, sentence: str, button: Button | None) -> Note:
    """Something that waits for a person, with the button that settles it."""
    return Note(f"**{title}**\n{sentence}", icon="warn", warn=True, action=button, tight=True)


def connection_line(
    title: str, detail: str, state: IconText | None, *, icon: str = "people"
) -> QWidget:
    """A connection on one line: what it is, what it covers, and how it stands."""
    part = QWidget()
    texts = column(
        Text(title, Letters.BODY_STRONG, wrap=False, elide=Elide.RIGHT),
        Text(detail, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE),
    )
    line = row(Tile(icon), gap=12, margins=(16, 14, 16, 14), inside=part)
    line.addLayout(texts, 1)
    if state is not None:
        line.addWidget(state)
    return part
