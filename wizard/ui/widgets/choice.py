"""Choice cards, and the toggle, radio and check marks that stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, paint_radio, rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.text import Text

__all__ = ["ChoiceCard", "ChoiceGroup", "Radio", "Toggle"]


class ChoiceCard(QRadioButton):
    """One answer of a few: a title, one sentence, and how long it takes."""

    def __init__(
        self, title: str, sentence: str, tail: str = "", *, name: str = "", tight: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{sentence} {tail}".strip())
        pad = 11 if tight else 14
        heading = Text(title, Letters.BODY_STRONG)
        self._sentence = Text(sentence, Letters.SECOND, Token.INK_2)
        head = row(gap=12)
        head.addWidget(heading, 1)
        if tail:
            minutes = Text(tail, Letters.CAPTION, Token.INK_3, wrap=False)
            head.addWidget(minutes, 0, Qt.AlignmentFlag.AlignVCenter)
        column(head, 2, self._sentence, margins=(46, pad, 16, pad), inside=self)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pad = pad

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

    def hitButton(self, place: object) -> bool:
        del place  # the whole card answers
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # drawn whole: the height follows the words
        painter = brush_on(self)
        area = QRectF(self.rect())
        if self.isChecked():
            rounded(painter, area, 10, color(Token.ACCENT_SOFT), color(Token.ACCENT), 2)
        elif self.underMouse() and self.isEnabled():
            rounded(painter, area, 10, color(Token.SUBTLE), color(Token.EDGE))
        else:
            rounded(painter, area, 10, color(Token.PAGE), color(Token.LINE_2))
        paint_radio(painter, 16, self._pad + 1, on=self.isChecked(), enabled=self.isEnabled())


class ChoiceGroup(QWidget):
    """Choice cards below one another, of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, cards: Sequence[tuple[str, ChoiceCard]], *, gap: int = 8) -> None:
        super().__init__()
        self._cards = dict(cards)
        self._group = QButtonGroup(self)
        column(*self._cards.values(), gap=gap, inside=self)
        for key, card in self._cards.items():
            self._group.addButton(card)
            card.toggled.connect(lambda on, key=key: self.chosen.emit(key) if on else None)

    def choose(self, key: str) -> None:
        """Choose this card; an unknown key chooses none."""
        card = self._cards.get(key)
        if card is not None:
            card.setChecked(True)

    def put_below(self, key: str, part: QWidget) -> None:
        """Put what belongs to a card below it; without such a card the part stays hidden."""
        layout, card = self.layout(), self._cards.get(key)
        if isinstance(layout, QBoxLayout) and card is not None:
            layout.insertWidget(layout.indexOf(card) + 1, part)
        else:
            part.setParent(self)
            part.hide()

    def first_card(self) -> ChoiceCard:
        """The chosen card, or the first where none is."""
        return self.chosen_card() or next(iter(self._cards.values()))

    def chosen_card(self) -> ChoiceCard | None:
        """The card that is chosen."""
        return self._cards.get(self.key)

    @property
    def key(self) -> str:
        """Which is chosen, or ''."""
        return next((key for key, card in self._cards.items() if card.isChecked()), "")


class Radio(QRadioButton):
    """A radio mark with words beside it."""

    def __init__(self, words: str, *, name: str = "") -> None:
        super().__init__(words)
        self.setObjectName(name)
        self.setFont(font(Letters.SECOND))
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = self.text()
        width = self.fontMetrics().horizontalAdvance(words) + 2 + 8 if words else 0
        return QSize(18 + width, 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, place: object) -> bool:
        del place  # the words answer, too
        return True

    def is_cut(self) -> bool:
        """Whether the words do not fit."""
        return self.sizeHint().width() > self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        top = (self.height() - 18) / 2
        paint_radio(painter, 0, top, on=self.isChecked(), enabled=self.isEnabled())
        painter.setPen(color(Token.INK if self.isEnabled() else Token.OFF_INK))
        painter.setFont(self.font())
        area = QRectF(26, 0, self.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())


class Toggle(QCheckBox):
    """On or off, 40 by 22 pixels; `words` name it for a screen reader."""

    def __init__(self, words: str, *, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setFixedSize(40, 26)

    def hitButton(self, place: object) -> bool:
        del place  # all of it answers
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        if not self.isEnabled():
            painter.setOpacity(0.55)
        area = QRectF(0, 2, 40, 22)
        if self.isChecked():
            rounded(painter, area, 11, color(Token.ACCENT))
            knob, left, top = 16.0, 21.5, 5.0
            tint = Token.ON_ACCENT
        else:
            rounded(painter, area, 11, color(Token.PAGE), color(Token.EDGE), 1.5)
            knob, left, top = 14.0, 4.5, 6.0
            tint = Token.EDGE
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(color(tint))
        painter.drawEllipse(QPointF(left + knob / 2, top + knob / 2), knob / 2, knob / 2)
