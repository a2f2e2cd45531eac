"""The table of people with a problem: who, what is the matter, and since when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter

from wizard.content.problems import problem_words, since_words
from wizard.content.text import t
from wizard.content.times import table_words
from wizard.core.problems import PersonProblem
from wizard.ui.theme import Letters, font
from wizard.ui.tips import plain_tip
from wizard.ui.tokens import Token
from wizard.ui.widgets.table import PAD, Rows, Table, draw_line

__all__ = ["ProblemsModel", "ProblemsTable"]

_ROW = 52
_GAP = 16
_LINE = 18
_SINCE_FROM = 560
"""In a narrower table the moment stands in the sheet alone."""
Index = QModelIndex | QPersistentModelIndex


def _since(problem: PersonProblem) -> str:
    if problem.since is None:
        return t("Earlier")
    return table_words(problem.since, datetime.now(UTC))


def _told(problem: PersonProblem) -> str:
    words = problem_words(problem)
    return f"{words.title}. {words.reason}"


_CELLS: tuple[Callable[[PersonProblem], str], ...] = (
    lambda one: f"{one.name} {one.address}".strip(),
    _told,
    lambda one: since_words(one, datetime.now(UTC)),
)
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)


class ProblemsModel(QAbstractTableModel):
    """Person, problem, since; all of it in memory."""

    COLUMNS = 3

    def __init__(self) -> None:
        super().__init__()
        self._people: tuple[PersonProblem, ...] = ()

    def show_people(self, people: tuple[PersonProblem, ...]) -> None:
        """Show these."""
        if people != self._people:
            self.beginResetModel()
            self._people = people
            self.endResetModel()

    def person(self, number: int) -> PersonProblem | None:
        """Whose row that is."""
        return self._people[number] if 0 <= number < len(self._people) else None

    # -------------------------------------------------------- Qt's questions

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (t("Person"), t("Problem"), t("Since"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in _ROLES:
            return None
        person = self.person(index.row())
        if person is None:
            return None
        words = _CELLS[index.column()](person)
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words


class _View(Rows):
    """The rows. Opening one tells whose story is wanted."""

    opened = Signal(object)

    def __init__(self, people: ProblemsModel) -> None:
        super().__init__(
            people,
            name="problem-rows",
            spoken=t("People with a problem"),
            row_height=_ROW,
            alike=True,
        )
        self.people = people

    def open_row(self, number: int) -> None:
        person = self.people.person(number)
        if person is not None:
            self.opened.emit(person)

    def widths(self, whole: int) -> Sequence[int]:
        """What is the matter gets half and more."""
        face = QFontMetrics(font(Letters.SECOND))
        since = face.horizontalAdvance("September 30, 00:00") + PAD if whole >= _SINCE_FROM else 0
        person = (whole - since) * 2 // 5
        return person, whole - since - person, since

    def draw_cell(self, painter: QPainter, area: QRectF, number: int, column: int) -> None:
        person = self.people.person(number)
        if person is None:
            return
        if column == 0:
            _two_lines(painter, area.adjusted(PAD, 0, -_GAP, 0), person.name, person.address)
        elif column == 1:
            words = problem_words(person)
            inner = area.adjusted(0, 0, -_GAP, 0)
            _two_lines(painter, inner, words.title, words.reason)
        elif area.width() > PAD:
            inner = area.adjusted(0, 1, -PAD, 0)
            draw_line(painter, inner, _since(person), Letters.SECOND, Token.INK_2)


def _two_lines(painter: QPainter, area: QRectF, upper: str, lower: str) -> None:
    top = area.top() + (_ROW - 2 * _LINE) / 2
    first = QRectF(area.left(), top, area.width(), _LINE)
    second = QRectF(area.left(), top + _LINE, area.width(), _LINE)
    draw_line(painter, first, upper, Letters.SECOND_MEDIUM, Token.INK)
    draw_line(painter, second, lower, Letters.CAPTION, Token.INK_2)


class ProblemsTable(Table):
    """Person, problem and since; `view` has the rows."""

    def __init__(self, people: ProblemsModel) -> None:
        view = _View(people)
        super().__init__(view)
        self.view = view
