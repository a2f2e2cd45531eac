"""The table of a plan: a line for each person, one of them opened to show old and new."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter

from wizard.content.reasons import KINDS, kind_label, why
from wizard.content.text import t
from wizard.core.runs import PersonPlan, PlanKind
from wizard.ui.icons import paint_icon
from wizard.ui.plan_model import PlanModel
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.table import PAD, Rows, Table, draw_line

__all__ = ["PlanTable"]

_ROW = 44
_GAP, _CHEVRON = 12, 12
_DETAIL_ROW = 22
_LABEL = 106
_LOOKS: dict[PlanKind, tuple[str, Token]] = {
    PlanKind.CREATE: ("plus", Token.ACCENT_INK),
    PlanKind.ADOPT: ("link", Token.ACCENT_INK),
    PlanKind.UPDATE: ("pencil", Token.INK),
    PlanKind.REACTIVATE: ("again", Token.INK),
    PlanKind.DEACTIVATE: ("leave", Token.WARN),
    PlanKind.SKIP: ("skip", Token.INK_3),
    PlanKind.UNCHANGED: ("minus", Token.INK_3),
    PlanKind.PROBLEM: ("warn", Token.WARN),
}


class _View(Rows):
    """The rows. Opening one makes room below it for old and new; opening it again closes it."""

    person_opened = Signal(object)

    def __init__(self, plan: PlanModel) -> None:
        super().__init__(plan, name="plan-rows", spoken=t("People in this plan"), row_height=_ROW)
        self.plan = plan
        self.opened = -1
        plan.modelAboutToBeReset.connect(self._forget)

    def _forget(self) -> None:
        if self.opened >= 0:
            self.setRowHeight(self.opened, _ROW)
        self.opened = -1

    # -------------------------------------------------------- opening

    def open_row(self, number: int) -> None:
        """Open this row and close any other; an open one is closed."""
        person = self.plan.person(number)
        before, self.opened = self.opened, -1
        if before >= 0:
            self.setRowHeight(before, _ROW)
        if number != before and person is not None:
            self.opened = number
            self._make_room(person)
            self.scrollTo(self.plan.index(number, 0))
            self.person_opened.emit(person)
        self.viewport().update()

    def know_more(self, user_id: str, lines: tuple[tuple[str, str], ...]) -> None:
        """Show more of a person, in their row if it is the opened one."""
        self.plan.know_more(user_id, lines)
        person = self.plan.person(self.opened) if self.opened >= 0 else None
        if person is not None and person.user_id == user_id:
            self._make_room(person)
            self.viewport().update()

    def _make_room(self, person: PersonPlan) -> None:
        told = len(self.plan.lines(person))
        self.setRowHeight(self.opened, _ROW + 22 + told * _DETAIL_ROW)

    def is_chosen(self, number: int) -> bool:
        return number == self.opened

    # -------------------------------------------------------- drawing

    def widths(self, whole: int) -> Sequence[int]:
        """The middle column is as wide as its widest word."""
        metrics = QFontMetrics(font(Letters.SECOND_MEDIUM))
        widest = max(metrics.horizontalAdvance(t(words)) for words in KINDS.values())
        middle = widest + 22 + _GAP
        free = whole - middle - _CHEVRON - 2 * PAD - 2 * _GAP
        first = PAD + round(free * 23 / 43) + _GAP
        return first, middle, whole - first - middle

    def draw_cell(self, painter: QPainter, area: QRectF, number: int, column: int) -> None:
        person = self.plan.person(number)
        if person is None:
            return
        area.setHeight(_ROW)
        if column == 0:
            self._person(painter, area, person)
        elif column == 1:
            self._plan(painter, area, person)
        else:
            self._why(painter, area, person, opened=number == self.opened)

    @staticmethod
    def _person(painter: QPainter, area: QRectF, person: PersonPlan) -> None:
        inner = area.adjusted(PAD, 6, -_GAP, 0)
        name = QRectF(inner.left(), inner.top(), inner.width(), 18)
        address = QRectF(inner.left(), inner.top() + 17, inner.width(), 16)
        draw_line(painter, name, person.name or t("No name"), Letters.SECOND_MEDIUM, Token.INK)
        middle = Qt.TextElideMode.ElideMiddle
        draw_line(painter, address, person.address, Letters.CAPTION, Token.INK_3, elide=middle)

    @staticmethod
    def _plan(painter: QPainter, area: QRectF, person: PersonPlan) -> None:
        name, token = _LOOKS[person.kind]
        paint_icon(painter, name, color(token), area.left(), area.center().y() - 7, 14)
        words = area.adjusted(20, 1, 0, 0)
        draw_line(painter, words, kind_label(person.kind), Letters.SECOND_MEDIUM, token)

    @staticmethod
    def _why(painter: QPainter, area: QRectF, person: PersonPlan, *, opened: bool) -> None:
        right = area.right() - PAD - _CHEVRON
        words = QRectF(area.left(), area.top() + 1, right - area.left() - _GAP, area.height())
        draw_line(painter, words, why(person), Letters.SECOND, Token.INK_2)
        name = "chevron-down" if opened else "chevron-right"
        top = area.center().y() - _CHEVRON / 2
        paint_icon(painter, name, color(Token.INK_3), right, top, _CHEVRON)

    def draw_over(self, painter: QPainter) -> None:
        person = self.plan.person(self.opened) if self.opened >= 0 else None
        if person is None:
            return
        top = self.rowViewportPosition(self.opened) + _ROW
        wide = self.viewport().width()
        painter.fillRect(QRectF(0, top, wide, 1), color(Token.LINE))
        for number, (label, value) in enumerate(self.plan.lines(person)):
            line = QRectF(PAD, top + 11 + number * _DETAIL_ROW, _LABEL, 18)
            draw_line(painter, line, label, Letters.SECOND, Token.INK_3)
            room = QRectF(PAD + _LABEL, line.top(), wide - 2 * PAD - _LABEL, 18)
            self._paint_value(painter, room, value)

    @staticmethod
    def _paint_value(painter: QPainter, room: QRectF, value: str) -> None:
        old, arrow, new = value.partition(" → ")
        if not arrow:
            draw_line(painter, room, value, Letters.SECOND, Token.INK)
            return
        half = QRectF(room.left(), room.top(), room.width() * 0.42, room.height())
        mode = Qt.TextElideMode.ElideMiddle
        wide = draw_line(painter, half, old, Letters.SECOND, Token.INK_2, elide=mode)
        middle = room.center().y() + 0.5
        painter.fillRect(QRectF(room.left(), middle, wide, 1), color(Token.INK_2))
        at = room.left() + wide + 10
        paint_icon(painter, "arrow-right", color(Token.INK_3), at, middle - 6, 12)
        rest = QRectF(at + 22, room.top(), room.right() - at - 22, room.height())
        draw_line(painter, rest, new, Letters.SECOND_MEDIUM, Token.INK, elide=mode)


class PlanTable(Table):
    """Person, plan and why; `view` has the rows."""

    def __init__(self, plan: PlanModel) -> None:
        view = _View(plan)
        super().__init__(view)
        self.view = view
