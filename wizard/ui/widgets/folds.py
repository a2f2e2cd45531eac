"""Lines that open: a question with its answer, and details under their own heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.text import Text, plain

__all__ = ["Fold", "prose"]

_ITEM = re.compile(r"(?:[-*•]|(\d+)\.)\s+(.*)", re.DOTALL)


class Fold(QPushButton):
    """A line with a chevron that opens and closes something below it."""

    def __init__(
        self,
        words: str,
        letters: Letters = Letters.SECOND_MEDIUM,
        *,
        name: str = "",
        margins: tuple[int, int] = (9, 9),
        indent: int = 20,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(plain(words))
        self.text_part = Text(words, letters)
        self.text_part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._top = margins[0]
        column(self.text_part, margins=(indent, *_ends(margins)), inside=self)
        self._middle = letters.line / 2
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalMinimumSize() if layout is not None else super().minimumSizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # only a chevron: the words draw themselves
        painter = brush_on(self)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        tint = color(Token.INK if self.underMouse() else Token.INK_3)
        paint_icon(painter, name, tint, 0, self._top + self._middle - 6, 12)


def _hits(text: str, wanted: set[str]) -> list[tuple[int, int]]:
    """Where the wanted parts stand in one paragraph, which was joined and freed of `**`."""
    found: list[tuple[int, int]] = []
    for part in wanted:
        if part.strip():
            found += [(hit.start(), len(part)) for hit in re.finditer(re.escape(part), text)]
    return found


def _ends(margins: tuple[int, int]) -> tuple[int, int, int]:
    return margins[0], 0, margins[1]


def prose(
    words: str,
    letters: Letters = Letters.PROSE,
    token: Token = Token.INK_2,
    *,
    indent: int = 20,
    below: int = 12,
    marks: Sequence[tuple[int, int]] = (),
) -> QWidget:
    """Paragraphs and lists from plain text: blank lines part them, `-` or `1.` begin an item.

    `marks` are hits of a search, as `(start, length)` in `words`.
    """
    holder = QWidget()
    layout = column(margins=(indent, 0, 0, below), inside=holder)
    for number, block in enumerate(re.split(r"\n\s*\n", words.strip())):
        items = [line for line in re.split(r"\n(?=(?:[-*•]|\d+\.)\s)", block) if line.strip()]
        if number:
            layout.addSpacing(8)
        for place, item in enumerate(items):
            found = _ITEM.fullmatch(item.strip())
            joined = " ".join((found.group(2) if found else item).split())
            text = Text(joined, letters, token)
            text.mark(_hits(text.text(), {words[at : at + size] for at, size in marks}))
            if found is None:
                layout.addWidget(text)
                continue
            if place:
                layout.addSpacing(2)
            mark = Text(f"{found.group(1)}." if found.group(1) else "•", letters, token, wrap=False)
            mark.setFixedWidth(16)
            line = row(mark)
            line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
            line.addWidget(text, 1)
            layout.addLayout(line)
    return holder
