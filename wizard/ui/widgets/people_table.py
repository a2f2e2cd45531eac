"""The table of people: a line for each, with initials, name, unit, and where the account stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from wizard.content.people import STANDINGS, row_note, standing_word
from wizard.content.text import t
from wizard.core.people import MemberRow, Standing
from wizard.ui.icons import paint_icon
from wizard.ui.members_model import MembersModel
from wizard.ui.paint import rounded
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.avatar import initials
from wizard.ui.widgets.table import PAD, Rows, Table, draw_line

__all__ = ["PeopleTable"]

_ROW = 52
_GAP, _MARK = 12, 32
_LOOKS: dict[Standing, tuple[str, Token, Token]] = {
    Standing.ACTIVE: ("ok", Token.OK, Token.INK_2),
    Standing.NEW: ("plus", Token.ACCENT_INK, Token.INK_2),
    Standing.LEAVING: ("clock", Token.WARN, Token.WARN),
    Standing.TO_DECIDE: ("warn", Token.WARN, Token.WARN),
    Standing.WAITING: ("clock", Token.INK_3, Token.INK_2),
    Standing.NO_ACCOUNT: ("minus", Token.INK_3, Token.INK_3),
    Standing.ENDED: ("skip", Token.INK_3, Token.INK_3),
}
"""Icon, its color, and the word's: a good state is plain words beside a green icon."""


class _View(Rows):
    """The rows. Opening one tells whose story is wanted."""

    opened = Signal(str)

    def __init__(self, people: MembersModel) -> None:
        super().__init__(
            people, name="members-rows", spoken=t("People"), row_height=_ROW, alike=True
        )
        self.people = people
        self.shown_id = ""
        self._letters = QFont(font(Letters.CAPTION, 600))
        self._letters.setPixelSize(12)

    def show_chosen(self, user_id: str) -> None:
        """Mark this person's row, '' for none."""
        self.shown_id = user_id
        self.viewport().update()

    def open_row(self, number: int) -> None:
        person = self.people.person(number)
        if person is not None:
            self.opened.emit(person.user_id)

    def is_chosen(self, number: int) -> bool:
        person = self.people.person(number) if self.shown_id else None
        return person is not None and person.user_id == self.shown_id

    def widths(self, whole: int) -> Sequence[int]:
        """The right column is as wide as its widest word."""
        metrics = QFontMetrics(font(Letters.SECOND_MEDIUM))
        widest = max(metrics.horizontalAdvance(t(word)) for word in STANDINGS.values())
        right = widest + 22 + _GAP
        return whole - right, right

    def draw_cell(self, painter: QPainter, area: QRectF, number: int, column: int) -> None:
        person = self.people.person(number)
        if person is None:
            return
        if column == 0:
            self._person(painter, area, person, chosen=person.user_id == self.shown_id)
        else:
            self._account(painter, area, person)

    def _person(self, painter: QPainter, area: QRectF, person: MemberRow, *, chosen: bool) -> None:
        mark = QRectF(area.left() + PAD, area.top() + (_ROW - _MARK) / 2, _MARK, _MARK)
        rounded(painter, mark, _MARK / 2, color(Token.PAGE if chosen else Token.HOVER))
        short = initials(person.name)
        if short:
            painter.setFont(self._letters)
            painter.setPen(color(Token.INK_2))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, short)
        else:
            paint_icon(painter, "person", color(Token.INK_2), mark.left() + 8, mark.top() + 8, 16)
        left = mark.right() + _GAP
        wide = area.right() - left - _GAP
        name = QRectF(left, area.top() + 8, wide, 18)
        note = QRectF(left, area.top() + 26, wide, 16)
        draw_line(painter, name, person.name, Letters.SECOND_MEDIUM, Token.INK)
        draw_line(painter, note, row_note(person), Letters.CAPTION, Token.INK_2)

    @staticmethod
    def _account(painter: QPainter, area: QRectF, person: MemberRow) -> None:
        icon, tint, ink = _LOOKS[person.standing]
        paint_icon(painter, icon, color(tint), area.left(), area.center().y() - 7, 14)
        words = area.adjusted(20, 1, 0, 0)
        letters = Letters.SECOND if ink is not Token.WARN else Letters.SECOND_MEDIUM
        draw_line(painter, words, standing_word(person.standing), letters, ink)


class PeopleTable(Table):
    """Person and account; `view` has the rows."""

    def __init__(self, people: MembersModel) -> None:
        view = _View(people)
        super().__init__(view)
        self.view = view
