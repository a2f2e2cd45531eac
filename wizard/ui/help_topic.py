"""One question of the help panel with its answer, and what the answer can do here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.ui.help_source import HelpAction, HelpTopic
from wizard.ui.layouts import column
from wizard.ui.theme import color
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.folds import Fold, prose

__all__ = ["MakeAction", "TopicPart"]

MakeAction = Callable[[HelpAction], QWidget | None]
"""Makes the part that does what an answer offers; None where it can't be done now."""


class TopicPart(QWidget):
    """One question; `opened` tells that it was opened, so that the others close."""

    opened = Signal(object)

    def __init__(
        self,
        topic: HelpTopic,
        open_page: Callable[[str], None],
        make_action: MakeAction,
        *,
        ruled: bool,
    ) -> None:
        super().__init__()
        self._open_page = open_page
        self._make_action = make_action
        self.topic = topic
        self._ruled = ruled
        self.fold = Fold(topic.question, name=f"topic-{topic.id}")
        self.fold.text_part.mark(topic.marks)
        self.fold.toggled.connect(self._toggled)
        self._answer: QWidget | None = None
        self._column = column(self.fold, margins=(0, 1 if ruled else 0, 0, 0), inside=self)

    def _toggled(self, on: bool) -> None:
        if on and self._answer is None:
            self._answer = self._made()
            self._column.addWidget(self._answer)
        layout = self.fold.layout()
        if layout is not None:
            layout.setContentsMargins(20, 9, 0, 4 if on else 9)
        if self._answer is not None:
            self._answer.setVisible(on)
        if on:
            self.opened.emit(self)

    def _made(self) -> QWidget:
        answer = prose(self.topic.answer, marks=self.topic.answer_marks)
        below = answer.layout()
        action = self._make_action(self.topic.action) if self.topic.action is not None else None
        parts: list[QWidget] = [action] if action is not None else []
        for link in self.topic.links:
            button = Button(
                link.text, Kind.GHOST, icon="outside", small=True, flush="left", name="help-link"
            )
            button.clicked.connect(lambda _checked, url=link.url: self._open_page(url))
            parts.append(button)
        if below is not None:
            for part in parts:
                below.addWidget(part)
        return answer

    def pressable(self) -> list[QWidget]:
        """What the keyboard reaches within the open answer, in order."""
        if self._answer is None or not self.fold.isChecked():
            return []
        parts = self._answer.findChildren(QWidget)
        return [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # only a line
        if self._ruled:
            QPainter(self).fillRect(0, 0, self.width(), 1, color(Token.LINE))
