"""A field that takes typed and pasted lists of addresses, each as a chip of its own."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QMargins, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from wizard.content.text import t
from wizard.ui.icons import paint_icon
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tips import plain_tip
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Body
from wizard.ui.widgets.fields import example_words
from wizard.ui.widgets.flow import FlowLayout

__all__ = ["AddressField", "Chip", "ChipState"]

_CROSS = 26
"""Pixels at the right end of a chip that take it away."""
_LINE_WIDTH = 44
"""Pixels that the line needs behind the chips while nothing stands in it."""
_EXAMPLE = "name@company.example"
_PAD = 7
"""Pixels between the field's border and the chips."""
_EDGE = 2
_GUTTER = 10
_HIGHEST = 184
"""Pixels: five rows of chips; longer lists scroll."""
_ENDS_ONE = frozenset(",;\n\r\t\u2028\u2029")
_MOST_LETTERS = 100_000
"""Of what is pasted; the list of a whole company fits."""


class ChipState(StrEnum):
    """What the page thinks of an address."""

    FINE = "fine"
    BAD = "bad"
    KNOWN = "known"


_LOOKS: dict[ChipState, tuple[Token, Token | None, Token]] = {
    ChipState.FINE: (Token.HOVER, None, Token.INK),
    ChipState.BAD: (Token.BAD_SOFT, Token.BAD, Token.BAD),
    ChipState.KNOWN: (Token.WARN_SOFT, Token.WARN_LINE, Token.WARN),
}


class Chip(QPushButton):
    """One address; pressed it goes back to be typed over, at its cross or by Delete it goes."""

    removed = Signal()

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = words
        self.state = ChipState.FINE
        self.setObjectName(f"chip-{words}")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.judge(ChipState.FINE, "")

    def judge(self, state: ChipState, sentence: str) -> None:
        """Draw it so; `sentence` says why."""
        self.state = state
        self.setAccessibleDescription(
            sentence or t("Press Delete to remove it, Enter to correct it.")
        )
        self.setToolTip(plain_tip(self.words))
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(Letters.SECOND)).horizontalAdvance(self.words)
        return QSize(9 + width + 4 + _CROSS, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 28)

    def is_cut(self) -> bool:
        """Never: a long address is shortened in the middle, and whole in the tool tip."""
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isDown() and event.position().x() >= self.width() - _CROSS:
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        fill, line, ink = _LOOKS[self.state]
        if not self.isEnabled():
            ink = Token.OFF_INK
        rounded(painter, QRectF(self.rect()), 6, color(fill), color(line) if line else None)
        letters = font(Letters.SECOND)
        painter.setFont(letters)
        painter.setPen(color(ink))
        room = self.width() - 9 - 4 - _CROSS
        shown = QFontMetrics(letters).elidedText(
            self.words, Qt.TextElideMode.ElideMiddle, max(0, room) + 1
        )
        area = QRectF(9, 0, room + 4, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        tint = color(Token.INK_2 if ink is Token.INK else ink)
        paint_icon(painter, "close", tint, self.width() - _CROSS + 6, 8, 12)


class _Line(QLineEdit):
    """Where an address is typed, behind the chips."""

    entered = Signal()
    taken_back = Signal()
    focused = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.taken_back.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A menu of the line itself, such as that for pasting, is no leaving.
        self.focused.emit(event.reason() is Qt.FocusReason.PopupFocusReason)


class _Inside(QWidget):
    """What scrolls: chips and line."""

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else 0


class AddressField(QWidget):
    """Chips and a line. It parts nothing itself: `read` is told words, the page adds the chips.

    `words_ready`: these words are a list or a finished address. `removed` and `edited` tell that
    a chip went; `enter_pressed`: Enter where nothing was typed.
    """

    words_ready = Signal(str)
    changed = Signal()
    enter_pressed = Signal()

    def __init__(self, label: str, *, name: str) -> None:
        super().__init__()
        self._chips: list[Chip] = []
        self.line = _Line()
        self.line.setObjectName(name)
        self.line.setAccessibleName(label)
        self.line.setFont(font(Letters.SECOND))
        self.line.setProperty("bare", "true")
        self.line.setMaxLength(_MOST_LETTERS)
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line.textEdited.connect(self._edited)
        self.line.textChanged.connect(self._make_room)
        self.line.entered.connect(self._entered)
        self.line.taken_back.connect(self._take_back)
        self.line.focused.connect(self._focused)
        self._before = ""
        inside = _Inside()
        margins = QMargins(_PAD - _EDGE, _PAD - _EDGE, 0, _PAD - _EDGE)
        self._flow = FlowLayout(inside, gap=6, margins=margins, last_width=_LINE_WIDTH)
        self._flow.addWidget(self.line)
        self._inside = inside
        self._scroll = Body(inside)
        # Placed by hand: a layout would ask the scroll area how high it wants to be.
        self._scroll.setParent(self)
        self._wrong = False
        self.line.setPlaceholderText(example_words(_EXAMPLE))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusProxy(self.line)

    # -------------------------------------------------------- chips

    @property
    def chips(self) -> tuple[Chip, ...]:
        """All of them, in order."""
        return tuple(self._chips)

    def add(self, words: Sequence[str]) -> None:
        """Add a chip for each."""
        for one in words:
            chip = Chip(one, self._inside)
            chip.clicked.connect(lambda _=False, chip=chip: self._edit(chip))
            chip.removed.connect(lambda chip=chip: self._remove(chip))
            self._flow.insert(len(self._chips), chip)
            self._chips.append(chip)
            chip.show()
        self._arranged()

    def drop(self, chips: Sequence[Chip]) -> None:
        """Take these chips out."""
        for chip in chips:
            self._chips.remove(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._arranged()

    def show_wrong(self, *, wrong: bool, sentence: str) -> None:
        """Draw it as something to correct; `sentence` is said by a screen reader."""
        self._wrong = wrong
        self.line.setAccessibleDescription(sentence)
        self.update()

    def commit(self) -> None:
        """Take what stands in the line as it is."""
        words = self.line.text()
        if words.strip():
            self._clear_line()
            self.words_ready.emit(words)

    def _arranged(self) -> None:
        self.line.setPlaceholderText("" if self._chips else example_words(_EXAMPLE))
        self._order_tabs()
        self._inside.updateGeometry()
        self.updateGeometry()
        self.update()
        QTimer.singleShot(0, self, self._keep_in_sight)
        self.changed.emit()

    def _keep_in_sight(self) -> None:
        """Scroll to where one types."""
        self._scroll.ensureWidgetVisible(self.line, 0, _PAD)

    def _order_tabs(self) -> None:
        for first, second in zip(self._chips, self._chips[1:], strict=False):
            QWidget.setTabOrder(first, second)
        if self._chips:
            QWidget.setTabOrder(self._chips[-1], self.line)

    def _remove(self, chip: Chip) -> None:
        self.line.setFocus()
        self.drop([chip])

    def _edit(self, chip: Chip) -> None:
        words = chip.words
        self.commit()
        self.drop([chip])
        self.line.setText(words)
        self._before = words
        self.line.setFocus()
        self.changed.emit()

    def _take_back(self) -> None:
        if self._chips:
            self._edit(self._chips[-1])

    # -------------------------------------------------------- typing

    def _edited(self, words: str) -> None:
        before, self._before = self._before, words
        if _is_ready(words, pasted=len(words) - len(before) > 1):
            self._clear_line()
            self.words_ready.emit(words)
        else:
            self.changed.emit()

    def _make_room(self) -> None:
        """What is typed stays in sight: the line moves below the chips when it has to."""
        # Not the words of the signal: a list was taken out of the line before it came here.
        words = self.line.text()
        wide = QFontMetrics(self.line.font()).horizontalAdvance(words)
        self._flow.need_at_end(_LINE_WIDTH + min(wide, 260) if words else _LINE_WIDTH)

    def _clear_line(self) -> None:
        self.line.clear()
        self._before = ""

    def _entered(self) -> None:
        if self.line.text().strip():
            self.commit()
        else:
            self.enter_pressed.emit()

    def _focused(self, on: bool) -> None:
        if not on:
            self.commit()
        self.update()

    # -------------------------------------------------------- drawing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        del event  # anywhere in the field is the line
        self.line.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scroll.setGeometry(self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = self._flow.heightForWidth(width - 2 * _EDGE - _GUTTER)
        return min(_HIGHEST, inside + 2 * _EDGE)

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(320, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 28 + 2 * _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # only the frame: chips and line draw themselves
        focused = self.line.hasFocus()
        line = Token.EDGE
        if focused:
            line = Token.ACCENT
        elif self._wrong:
            line = Token.BAD
        fill = Token.PAGE if self.isEnabled() else Token.OFF
        area = QRectF(self.rect())
        rounded(brush_on(self), area, 8, color(fill), color(line), 2 if focused else 1)


def _is_ready(words: str, *, pasted: bool) -> bool:
    """Whether a finished address or a list stands there, rather than the half of one.

    While a name is typed before its address, as in “Wilk, Tomasz <…>”, nothing is finished.
    """
    if "@" not in words:
        return pasted and any(end in words for end in "\n\r\u2028\u2029;")
    if words[-1] == ">" or words[-1] in _ENDS_ONE:
        return True
    last = words.rsplit(maxsplit=1)[-1] if words.split() else ""
    if words[-1].isspace():
        return "@" in last and "<" not in words
    listed = any(end in words.strip() for end in (*_ENDS_ONE, " "))
    return pasted and (listed or "." in last.partition("@")[2])
