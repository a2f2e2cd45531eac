"""A story in marks: what is done, what happens now, what comes, with a note at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from wizard.ui.density import Tightens
from wizard.ui.layouts import clear, column, row
from wizard.ui.paint import brush_on, paint_mark
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.text import Elide, Text

__all__ = ["Mark", "Stop", "TrackList"]


class Mark(StrEnum):
    """How far one stop of a track is."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop: a title, a sentence below it, a short note at the right."""

    title: str
    mark: Mark
    sentence: str = ""
    note: str = ""


_LINES = {
    Mark.DONE: Token.ACCENT,
    Mark.NOW: Token.ACCENT,
    Mark.TODO: Token.EDGE,
    Mark.WARN: Token.WARN,
    Mark.BAD: Token.BAD,
}


class _Stop(QWidget):
    """One stop with its mark and the track down to the next."""

    def __init__(self, stop: Stop, *, last: bool, gap: int) -> None:
        super().__init__()
        self._mark = stop.mark
        self._last = last
        todo = stop.mark is Mark.TODO
        letters = Letters.SECOND if todo else Letters.SECOND_MEDIUM
        self._title = Text(stop.title, letters, Token.INK_2 if todo else Token.INK)
        self._note = Text(stop.note, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = row(gap=12)
        head.addWidget(self._title, 3)
        head.addWidget(self._note, 2)
        self._note.setVisible(bool(stop.note))
        parts = column(head)
        if stop.sentence:
            parts.addWidget(Text(stop.sentence, Letters.SECOND, Token.INK_2))
        parts.setContentsMargins(30, 0, 0, 0 if last else gap)
        self.setLayout(parts)
        self.setAccessibleName(f"{stop.title}. {stop.sentence} {stop.note}".strip())

    def show_note(self, note: str) -> None:
        """Change only what changes often."""
        self._note.say(note)
        self._note.setVisible(bool(note))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a mark and a line
        painter = brush_on(self)
        tint = _LINES[self._mark]
        if not self._last:
            line = Token.ACCENT if self._mark is Mark.DONE else Token.LINE_2
            painter.fillRect(QRectF(8.25, 21, 1.5, self.height() - 24), color(line))
        state = "done" if self._mark is Mark.DONE else "now"
        if self._mark is Mark.TODO:
            state = "todo"
        paint_mark(painter, 0, 0, 18, state=state, line=tint)


class TrackList(QWidget, Tightens):
    """Stops below one another."""

    def __init__(self) -> None:
        super().__init__()
        self._column = column(inside=self)
        self._stops: tuple[Stop, ...] = ()
        self._parts: list[_Stop] = []
        self._gap = 14

    def show_stops(self, stops: Sequence[Stop]) -> None:
        """Show these; where only notes differ, only they are drawn again."""
        told = tuple(stops)
        if told == self._stops:
            return
        before = self._stops
        self._stops = told
        if len(before) == len(told) and all(
            (old.title, old.mark, old.sentence) == (new.title, new.mark, new.sentence)
            for old, new in zip(before, told, strict=True)
        ):
            for part, stop in zip(self._parts, told, strict=True):
                part.show_note(stop.note)
            return
        self._make()

    def _make(self) -> None:
        clear(self._column)
        self._parts = [
            _Stop(stop, last=number == len(self._stops) - 1, gap=self._gap)
            for number, stop in enumerate(self._stops)
        ]
        for part in self._parts:
            self._column.addWidget(part)

    def set_tight(self, tight: bool) -> None:
        gap = 10 if tight else 14
        if gap != self._gap:
            self._gap = gap
            self._make()
