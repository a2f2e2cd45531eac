"""One invited person: who, where they stand in one word, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.ui.icons import paint_icon
from wizard.ui.layouts import column, row
from wizard.ui.paint import brush_on, rounded
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.avatar import Avatar
from wizard.ui.widgets.badges import IconText
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Elide, Text

__all__ = ["PersonRow", "PersonWords", "RowAction"]


@dataclass(frozen=True, kw_only=True)
class RowAction:
    """A button of the row; `key` comes back when it is pressed."""

    key: str
    words: str
    spoken: str


@dataclass(frozen=True, kw_only=True)
class PersonWords:
    """What a row shows. `who` is a name or an address, `state` one word with its icon."""

    who: str
    name: str
    state: str
    icon: str
    token: Token
    detail: str
    actions: tuple[RowAction, ...] = ()


class _Letter(QWidget):
    """A round mark for somebody of whom only the address is known."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(32, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # small enough to draw whole
        painter = brush_on(self)
        rounded(painter, QRectF(self.rect()), 16, color(Token.HOVER))
        paint_icon(painter, "mail", color(Token.INK_2), 8, 8, 16)


class PersonRow(QWidget):
    """56 pixels high; shown anew it keeps its buttons, so that the keyboard stays on them."""

    pressed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._avatar = Avatar("")
        self._letter = _Letter()
        self._who = Text("", Letters.BODY_MEDIUM, wrap=False, elide=Elide.MIDDLE)
        self._who.setObjectName(f"{name}-who")
        self._state = IconText("", "", Letters.CAPTION_MEDIUM, Token.INK_2)
        self._state.setObjectName(f"{name}-state")
        self._detail = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE)
        self._detail.setObjectName(f"{name}-detail")
        state = row(self._state, gap=6)
        state.addWidget(self._detail, 1)
        words = column(None, self._who, state, None)
        self._buttons: dict[str, Button] = {}
        self._places = row(gap=4)
        layout = row(self._avatar, self._letter, 12, margins=(14, 8, 10, 8), inside=self)
        layout.addLayout(words, 1)
        layout.addSpacing(8)
        layout.addLayout(self._places)
        layout.setAlignment(self._avatar, Qt.AlignmentFlag.AlignVCenter)
        layout.setAlignment(self._letter, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 56)

    def show_person(self, words: PersonWords) -> None:
        """Show this."""
        self._avatar.show_name(words.name)
        self._avatar.setVisible(bool(words.name))
        self._letter.setVisible(not words.name)
        self._who.say(words.who)
        self._state.say(words.state, words.icon, words.token)
        self._detail.say(words.detail)
        self.setAccessibleName(f"{words.who}, {words.state}, {words.detail}".strip(", "))
        self._offer(words.actions)

    def _offer(self, actions: Sequence[RowAction]) -> None:
        wanted = {action.key for action in actions}
        for key in [key for key in self._buttons if key not in wanted]:
            button = self._buttons.pop(key)
            self._places.removeWidget(button)
            button.hide()
            button.deleteLater()
        for action in actions:
            known = self._buttons.get(action.key)
            if known is None:
                known = Button(
                    action.words,
                    Kind.GHOST,
                    small=True,
                    name=f"{self.objectName()}-{action.key}",
                )
                known.clicked.connect(lambda _=False, key=action.key: self.pressed.emit(key))
                self._buttons[action.key] = known
                self._places.addWidget(known)
            known.setAccessibleName(action.spoken)

    def set_busy(self, key: str, words: str) -> None:
        """Show that a button's work is under way ('': no longer)."""
        for own, button in self._buttons.items():
            button.set_busy(words if own == key else "")
            button.setEnabled(not words or own == key)
