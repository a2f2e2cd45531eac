"""The table of runs: one line each, two where the window is narrow; a press opens a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter

from wizard.content.text import t
from wizard.content.times import table_words
from wizard.core.runs import RunOutcome
from wizard.services.contract.home import RunRow
from wizard.ui.home.overview_words import result_of
from wizard.ui.home.runs_model import RunsModel, result_words, took_words, what_words
from wizard.ui.icons import paint_icon
from wizard.ui.theme import Letters, color, font
from wizard.ui.tokens import Token
from wizard.ui.widgets.table import PAD, Rows, Table, draw_line

__all__ = ["RunsTable"]

_ROW, _ROW_TWO = 41, 46
_GAP = 16
_TWO_LINES_BELOW = 640
_TOOK = 2


class _View(Rows):
    """The rows. Opening one tells which run is wanted."""

    HEAD = 32
    NUMBERS = frozenset({_TOOK})
    OPENS_ON_RELEASE = True
    opened = Signal(object)

    def __init__(self, runs: RunsModel) -> None:
        super().__init__(runs, name="run-rows", spoken=t("Past syncs"), row_height=_ROW)
        self.runs = runs
        self.two_lines = False

    def open_row(self, number: int) -> None:
        row = self.runs.run(number)
        if row is not None:
            self.opened.emit(row)

    def widths(self, whole: int) -> Sequence[int]:
        """What a run came to gets what the others leave; where that is little, two lines."""
        self.two_lines = whole < _TWO_LINES_BELOW
        self.verticalHeader().setDefaultSectionSize(_ROW_TWO if self.two_lines else _ROW)
        face = QFontMetrics(font(Letters.SECOND))
        first = face.horizontalAdvance("September 30, 00:00") + PAD
        took = face.horizontalAdvance("120 min") + PAD
        strong = QFontMetrics(font(Letters.SECOND_MEDIUM))
        result = strong.horizontalAdvance(t("Cancelled")) + 20 + PAD
        return first, whole - first - took - result, took, result

    def draw_cell(self, painter: QPainter, area: QRectF, number: int, column: int) -> None:
        row = self.runs.run(number)
        if row is not None:
            (self._when, self._what, self._took, self._result)[column](painter, area, row)

    @staticmethod
    def _when(painter: QPainter, area: QRectF, row: RunRow) -> None:
        words = table_words(row.report.started_at, datetime.now(UTC))
        draw_line(painter, area.adjusted(PAD, 1, 0, 0), words, Letters.SECOND, Token.INK_2)

    def _what(self, painter: QPainter, area: QRectF, row: RunRow) -> None:
        title, detail = what_words(row)
        inner = area.adjusted(0, 1, -_GAP, 0)
        if self.two_lines and detail:
            upper = QRectF(inner.left(), inner.top() + 4, inner.width(), 18)
            lower = QRectF(inner.left(), inner.top() + 22, inner.width(), 18)
            draw_line(painter, upper, title, Letters.SECOND, Token.INK)
            draw_line(painter, lower, detail, Letters.SECOND, Token.INK_2)
            return
        wide = draw_line(painter, inner, title, Letters.SECOND, Token.INK) + 6
        rest = inner.adjusted(wide, 0, 0, 0)
        draw_line(painter, rest, detail, Letters.SECOND, Token.INK_2)

    @staticmethod
    def _took(painter: QPainter, area: QRectF, row: RunRow) -> None:
        inner = area.adjusted(0, 1, -PAD, 0)
        right = Qt.AlignmentFlag.AlignRight
        draw_line(painter, inner, took_words(row), Letters.SECOND, Token.INK_2, align=right)

    @staticmethod
    def _result(painter: QPainter, area: QRectF, row: RunRow) -> None:
        icon, tint = result_of(row.report)
        paint_icon(painter, icon, color(tint), area.left(), area.center().y() - 6, 14)
        # In a table a good state is neutral text with a green icon.
        good = row.report.outcome in {RunOutcome.DONE, RunOutcome.CANCELLED, RunOutcome.OFF}
        words = area.adjusted(20, 1, 0, 0)
        token = Token.INK_2 if good else tint
        draw_line(painter, words, result_words(row.report), Letters.SECOND_MEDIUM, token)


class RunsTable(Table):
    """When, what, took and result; `view` has the rows."""

    def __init__(self, runs: RunsModel) -> None:
        view = _View(runs)
        super().__init__(view)
        self.view = view
