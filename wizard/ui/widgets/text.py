"""Words on the window: exact line heights, bold parts, marked hits, declared shortening."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from wizard.ui.theme import Letters, color, font
from wizard.ui.tips import plain_tip
from wizard.ui.tokens import Token

__all__ = ["Elide", "Text", "plain"]

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_NAME = re.compile(r"(?<!\S)(?=\S*(?:@|\.\w))\S*-\S*")
"""An address, a domain or a file: a line must not end at its hyphen."""
_WHOLE_HYPHEN = "\u2011"
_NARROWEST = 56
_UNBOUNDED = 100_000.0


class Elide(StrEnum):
    """Where a single line may be shortened; the whole is then in the tool tip."""

    NEVER = "never"
    RIGHT = "right"
    MIDDLE = "middle"


def plain(words: str) -> str:
    """The words without the `**` marks."""
    return _BOLD.sub(r"\1", words)


class Text(QLabel):
    """A label that sets its own lines.

    `**…**` is bold. Without `wrap` it is one line, and only a declared `elide` may shorten it.
    """

    def __init__(
        self,
        words: str = "",
        letters: Letters = Letters.BODY,
        token: Token = Token.INK,
        *,
        wrap: bool = True,
        elide: Elide = Elide.NEVER,
        strong: int = 600,
        strong_token: Token | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._letters = letters
        self._token = token
        self._wrap = wrap and elide is Elide.NEVER
        self.elide = elide
        self._strong = strong
        self.strong_token = strong_token
        self._bold: list[tuple[int, int]] = []
        self._marks: tuple[tuple[int, int], ...] = ()
        self._natural: int | None = None
        self._heights: dict[int, int] = {}
        self.struck = False
        horizontal = QSizePolicy.Policy.Preferred if self._wrap else QSizePolicy.Policy.Maximum
        if elide is not Elide.NEVER:
            horizontal = QSizePolicy.Policy.Preferred
        policy = QSizePolicy(horizontal, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(self._wrap)
        self.setSizePolicy(policy)
        self.say(words)

    def say(self, words: str) -> None:
        """Show these words."""
        bold: list[tuple[int, int]] = []
        parts: list[str] = []
        length = end = 0
        for found in _BOLD.finditer(words):
            before, inner = words[end : found.start()], found.group(1)
            parts += [before, inner]
            bold.append((length + len(before), len(inner)))
            length += len(before) + len(inner)
            end = found.end()
        text = "".join([*parts, words[end:]])
        if text == self.text() and bold == self._bold and not self._marks:
            return
        self._bold = bold
        self._marks = ()
        self.setText(text)
        self._refresh()

    def mark(self, spans: Sequence[tuple[int, int]]) -> None:
        """Highlight these `(start, length)` parts of the plain words."""
        self._marks = tuple(spans)
        self.update()

    def tint(self, token: Token) -> None:
        """Use another color."""
        if token is not self._token:
            self._token = token
            self.update()

    def set_letters(self, letters: Letters) -> None:
        """Use another step of the type scale."""
        if letters is not self._letters:
            self._letters = letters
            self._refresh()

    def _refresh(self) -> None:
        self.setFont(font(self._letters))
        self._natural = None
        self._heights.clear()
        self._tell_whole()
        self.updateGeometry()
        self.update()

    # -------------------------------------------------------- measures

    def _lines(self, width: float) -> QTextLayout:
        words = self._whole_names(width).replace("\n", "\u2028")
        layout = QTextLayout(words, font(self._letters))
        option = QTextOption()
        # A sentence stays one of this language, also where it begins with a name in Arabic.
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
            if self._wrap
            else QTextOption.WrapMode.NoWrap
        )
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        top = 0.0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top + (self._letters.line - line.height()) / 2))
            top += self._letters.line
        layout.endLayout()
        return layout

    def _whole_names(self, width: float) -> str:
        """The words with hyphens that part no line, in names that fit into one."""
        words = self.text()
        if "-" not in words or not self._wrap:
            return words
        metrics = QFontMetricsF(font(self._letters, self._strong))
        if not metrics.inFont(_WHOLE_HYPHEN):
            return words

        def whole(found: re.Match[str]) -> str:
            name = found.group()
            fits = metrics.horizontalAdvance(name) <= width
            return name.replace("-", _WHOLE_HYPHEN) if fits else name

        return _NAME.sub(whole, words)

    def _formats(self) -> list[QTextLayout.FormatRange]:
        ranges: list[QTextLayout.FormatRange] = []
        for start, length in self._bold:
            strong = QTextCharFormat()
            strong.setFont(font(self._letters, self._strong))
            if self.strong_token:
                strong.setForeground(color(self.strong_token))
            ranges.append(_range(start, length, strong))
        for start, length in self._marks:
            hit = QTextCharFormat()
            hit.setBackground(color(Token.WARN_SOFT))
            hit.setForeground(color(Token.INK))
            hit.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            hit.setUnderlineColor(color(Token.WARN))
            ranges.append(_range(start, length, hit))
        return ranges

    def natural_width(self) -> int:
        """How wide the words are on one line."""
        if self._natural is not None:
            return self._natural
        layout = self._lines(_UNBOUNDED)
        widths = [layout.lineAt(n).naturalTextWidth() for n in range(layout.lineCount())]
        self._natural = ceil(max(widths, default=0.0))
        return self._natural

    def is_cut(self) -> bool:
        """Whether some of the words do not fit and nobody declared that they may be shortened."""
        if self.elide is not Elide.NEVER or not self.text():
            return False
        if not self._wrap:
            return self.natural_width() > self.width() or self._letters.line > self.height()
        return self.heightForWidth(self.width()) > self.height()

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        if not self._wrap:
            return self._letters.line
        known = self._heights.get(width)
        if known is None:
            one_line = width >= self.natural_width() and "\n" not in self.text()
            lines = 1 if one_line else self._lines(float(width)).lineCount()
            known = max(1, lines) * self._letters.line
            self._heights[width] = known
        return known

    def sizeHint(self) -> QSize:
        width = self.natural_width()
        return QSize(width, (self.text().count("\n") + 1) * self._letters.line)

    def minimumSizeHint(self) -> QSize:
        if self._wrap or self.elide is not Elide.NEVER:
            return QSize(min(_NARROWEST, self.natural_width()), self._letters.line)
        return self.sizeHint()

    # -------------------------------------------------------- drawing

    def _shown(self) -> str:
        if self.elide is Elide.NEVER:
            return self.text()
        mode = (
            Qt.TextElideMode.ElideMiddle
            if self.elide is Elide.MIDDLE
            else Qt.TextElideMode.ElideRight
        )
        return QFontMetricsF(font(self._letters)).elidedText(self.text(), mode, self.width())

    def _tell_whole(self) -> None:
        if self.elide is Elide.NEVER:
            return
        shortened = self.natural_width() > self.width()
        told = plain_tip(self.text()) if shortened else ""
        if told != self.toolTip():
            self.setToolTip(told)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # the whole label is drawn each time: it is small
        painter = QPainter(self)
        tint = color(self._token) if self.isEnabled() else color(Token.OFF_INK)
        painter.setPen(tint)
        align = self.alignment()
        if self.elide is not Elide.NEVER and self.natural_width() > self.width():
            painter.setFont(font(self._letters))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._shown())
            return
        layout = self._lines(float(self.width()))
        height = layout.lineCount() * self._letters.line
        top = 0.0
        if align & Qt.AlignmentFlag.AlignVCenter and height < self.height():
            top = (self.height() - height) / 2
        left = 0.0
        if align & (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter):
            free = self.width() - max(
                (layout.lineAt(n).naturalTextWidth() for n in range(layout.lineCount())),
                default=0.0,
            )
            left = free if align & Qt.AlignmentFlag.AlignRight else free / 2
        layout.draw(painter, QPointF(left, top))
        if self.struck:
            painter.setPen(QPen(tint, 1))
            middle = top + self._letters.line / 2 + 1
            painter.drawLine(QPointF(left, middle), QPointF(left + self.natural_width(), middle))


def _range(start: int, length: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = form
    return made
