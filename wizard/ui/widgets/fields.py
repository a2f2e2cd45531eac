"""Where a person types or picks: fields with an inline sentence, search, numbers and menus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QSpinBox, QStyle, QWidget

from wizard.content.text import t
from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import IconButton
from wizard.ui.widgets.lines import WrongLine
from wizard.ui.widgets.text import Text

__all__ = ["Field", "NumberField", "SearchField", "Select", "example_words"]

_HAIR = "\u200a\u200a"
"""Before an example in an empty line: else the caret stands on its first letter."""
_TYPING_MS = 160
"""How long a person must stop typing until a search begins."""


def example_words(words: str) -> str:
    """An empty line's example, a hair away from where the caret stands; '' for none."""
    return f"{_HAIR}{words}" if words else ""


class Field(QWidget):
    """A labelled line to type in, with room below for what is wrong with it."""

    changed = Signal(str)

    def __init__(self, label: str, *, name: str, hint: str = "", placeholder: str = "") -> None:
        super().__init__()
        self._label = Text(label, Letters.SECOND_MEDIUM, wrap=False)
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(example_words(placeholder))
        self.line.setFont(font(Letters.BODY))
        self.line.textEdited.connect(self._edited)
        self._hint = Text(hint, Letters.CAPTION, Token.INK_3)
        self._hint.setVisible(bool(hint))
        self._wrong = WrongLine()
        column(self._label, 6, self.line, 6 if hint else 0, self._hint, inside=self)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._wrong)

    @property
    def value(self) -> str:
        """What was typed, without spaces around it."""
        return self.line.text().strip()

    def set_value(self, value: str) -> None:
        """Show this value."""
        self.line.setText(value)

    def say_hint(self, words: str) -> None:
        """Say this below the line, in small letters; '' for nothing."""
        self._hint.say(words)
        self._hint.setVisible(bool(words))

    def show_wrong(self, sentence: str) -> None:
        """Say under the field what to correct; '' when all is well."""
        self._wrong.say(sentence)
        self.line.setAccessibleDescription(self._wrong.text.text())
        self.line.setProperty("wrong", "true" if sentence else "false")
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)

    def _edited(self, words: str) -> None:
        self.show_wrong("")
        self.changed.emit(words)


class SearchField(QLineEdit):
    """A small field that searches a moment after the last key."""

    searched = Signal(str)

    def __init__(self, placeholder: str, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("small", "true")
        self.setAccessibleName(placeholder)
        self.setPlaceholderText(example_words(placeholder))
        self.setFont(font(Letters.SECOND))
        self.setTextMargins(22, 0, 24, 0)
        self._clear = IconButton("close", t("Clear the search"), name=f"{name}-clear", parent=self)
        self._clear.setFixedSize(26, 26)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self.textChanged.connect(self._typed)

    def _typed(self, words: str) -> None:
        self._clear.setVisible(bool(words))
        self._timer.start()

    def search_now(self) -> None:
        """Search without waiting for the next key."""
        self._timer.stop()
        self.searched.emit(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.search_now()
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.search_now()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._clear.move(self.width() - 30, (self.height() - 26) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = brush_on(self)
        paint_icon(painter, "search", color(Token.INK_3), 11, (self.height() - 14) / 2, 14)


class NumberField(QSpinBox):
    """A whole number, right-aligned, with its unit behind it.

    With `typed_to` higher numbers can be typed than make sense, so that the page can say what is
    wrong with them: a field that swallows a digit leaves a number nobody meant.
    """

    def __init__(
        self,
        words: str,
        low: int,
        high: int,
        *,
        suffix: str = "",
        name: str,
        typed_to: int | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.low, self.high = low, high
        self.setRange(low if typed_to is None else 0, typed_to or high)
        self.setSuffix(suffix)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFont(font(Letters.SECOND))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        widest = f"{high}{suffix}"
        self._width = max(52, self.fontMetrics().horizontalAdvance(widest) + 26)
        self.lineEdit().setAccessibleName(words)

    @property
    def wrong(self) -> bool:
        """Whether the number counts, and makes no sense here."""
        return self.isEnabled() and not self.fits

    @property
    def fits(self) -> bool:
        """Whether the number makes sense here."""
        return self.low <= self.value() <= self.high

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lineEdit().setGeometry(8, 2, self.width() - 17, self.height() - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # only the frame: the number draws itself
        focused, enabled = self.hasFocus(), self.isEnabled()
        line = Token.ACCENT if focused else (Token.EDGE if enabled else Token.OFF)
        if self.wrong:
            line = Token.BAD
        fill = Token.PAGE if enabled else Token.OFF
        area = QRectF(self.rect())
        rounded(brush_on(self), area, 6, color(fill), color(line), 2 if focused else 1)

    def sizeHint(self) -> QSize:
        return QSize(self._width, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the page must not change a number under the pointer.
        event.ignore()


class Select(QComboBox):
    """A menu of a few values. Typed text is not taken."""

    def __init__(self, words: str, choices: Sequence[tuple[int, str]], *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setFont(font(Letters.SECOND))
        for value, label in choices:
            self.addItem(label, value)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> int:
        """What is chosen."""
        return int(self.currentData())

    def choose(self, value: int, label: str) -> None:
        """Choose a value; one that is not in the menu is added under this label."""
        at = self.findData(value)
        if at < 0:
            self.addItem(label, value)
            at = self.count() - 1
        self.setCurrentIndex(at)

    def sizeHint(self) -> QSize:
        widest = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(n)) for n in range(self.count())),
            default=80,
        )
        return QSize(widest + 10 + 8 + 12 + 10, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the page must not change the choice under the pointer.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        enabled = self.isEnabled()
        fill = Token.PAGE if enabled else Token.OFF
        focused = self.hasFocus()
        line = Token.ACCENT if focused else (Token.EDGE if enabled else Token.OFF)
        area = QRectF(self.rect())
        rounded(painter, area, 6, color(fill), color(line), 2 if focused else 1)
        ink = color(Token.INK if enabled else Token.OFF_INK)
        painter.setPen(ink)
        painter.setFont(self.font())
        words = QRectF(11, 0, self.width() - 32, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.currentText())
        top = (self.height() - 12) / 2
        paint_icon(painter, "chevron-down", color(Token.INK_3), self.width() - 20, top, 12)

    def showPopup(self) -> None:
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_DefaultFrameWidth)
        self.view().setMinimumWidth(self.width() - 2 * margin)
        super().showPopup()
