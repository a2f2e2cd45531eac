"""The rows of a plan, a page at a time, read off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from wizard.content.reasons import details, kind_label, why
from wizard.content.text import t
from wizard.core.runs import PersonPlan, PlanKind
from wizard.core.trouble import Trouble
from wizard.services.contract import Workbench
from wizard.services.jobs import Jobs, Lane
from wizard.ui.tips import plain_tip

__all__ = ["PlanModel"]

_PAGE = 100
_KEPT = 40
"""Pages kept in memory: four thousand people."""
Index = QModelIndex | QPersistentModelIndex


class PlanModel(QAbstractTableModel):
    """Person, plan, why. Rows that were not read yet are empty until their page is there."""

    counted = Signal(int)
    failed = Signal(object)
    COLUMNS = 3

    def __init__(self, bench: Workbench, jobs: Jobs) -> None:
        super().__init__()
        self._bench = bench
        self._jobs = jobs
        self._run_id = ""
        self._kinds: frozenset[PlanKind] = frozenset()
        self._search = ""
        self._total = 0
        self._pages: dict[int, Sequence[PersonPlan]] = {}
        self._asked: set[int] = set()
        self._generation = 0
        self._more: dict[str, tuple[tuple[str, str], ...]] = {}

    # -------------------------------------------------------- what is shown

    def show_run(self, run_id: str) -> None:
        """Show this plan from its beginning."""
        self._run_id = run_id
        self._restart()

    def filter(self, kinds: frozenset[PlanKind], search: str) -> None:
        """Show only these; no kinds: all."""
        if (kinds, search) != (self._kinds, self._search):
            self._kinds, self._search = kinds, search
            self._restart()

    def person(self, number: int) -> PersonPlan | None:
        """The row of that number, or None while its page is being read."""
        page = self._pages.get(number // _PAGE)
        if page is None:
            self._ask(number // _PAGE)
            return None
        at = number % _PAGE
        return page[at] if at < len(page) else None

    def lines(self, person: PersonPlan) -> tuple[tuple[str, str], ...]:
        """What an opened row shows of a person: labels and values."""
        told = details(person)
        more = self._more.get(person.user_id, ())
        named = {label for label, _value in told}
        kept = tuple(line for line in more if line[0] not in named)
        return (*told, *kept) or ((t("Address"), person.address),)

    def know_more(self, user_id: str, lines: tuple[tuple[str, str], ...]) -> None:
        """Show this beside what the row itself tells."""
        self._more[user_id] = lines

    def _restart(self) -> None:
        self._generation += 1
        self._more.clear()
        self.beginResetModel()
        self._pages.clear()
        self._asked.clear()
        self._total = 0
        self.endResetModel()
        if self._run_id:
            self._ask(0)

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        generation, kinds, search = self._generation, self._kinds, self._search
        run_id, bench = self._run_id, self._bench

        def arrived(answer: tuple[Sequence[PersonPlan], int]) -> None:
            if generation == self._generation:
                self._take(page, *answer)

        self._jobs.start(
            Lane.NET,
            lambda _job: bench.plan_rows(
                run_id, kinds=kinds, search=search, offset=page * _PAGE, limit=_PAGE
            ),
            done=arrived,
            failed=lambda trouble: self._did_not(page, generation, trouble),
        )

    def _did_not(self, page: int, generation: int, trouble: Trouble) -> None:
        if generation == self._generation:
            self._asked.discard(page)
            self.failed.emit(trouble)

    def _take(self, page: int, rows: Sequence[PersonPlan], total: int) -> None:
        while len(self._pages) >= _KEPT:
            oldest = next(iter(self._pages))
            del self._pages[oldest]
            self._asked.discard(oldest)
        self._pages[page] = rows
        if total != self._total:
            self.beginResetModel()
            self._total = total
            self.endResetModel()
        elif rows:
            first = self.index(page * _PAGE, 0)
            self.dataChanged.emit(first, self.index(page * _PAGE + len(rows) - 1, 2))
        self.counted.emit(total)

    # -------------------------------------------------------- Qt's questions

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (t("Person"), t("Plan"), t("Why"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in _WORDS:
            return None
        person = self.person(index.row())
        if person is None:
            return None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            told = () if index.column() else self.lines(person)
            return "; ".join(f"{label}: {value}" for label, value in told)
        return _WORDS[role](person, index.column())


def _display(person: PersonPlan, column: int) -> str:
    if column == 0:
        return f"{person.name}\n{person.address}"
    return kind_label(person.kind) if column == 1 else why(person)


def _tip(person: PersonPlan, column: int) -> str:
    return plain_tip(person.address if column == 0 else why(person))


def _spoken(person: PersonPlan, column: int) -> str:
    if column == 0:
        return f"{person.name}, {person.address}"
    return kind_label(person.kind) if column == 1 else why(person)


_WORDS: dict[int, Callable[[PersonPlan, int], str]] = {
    Qt.ItemDataRole.DisplayRole: _display,
    Qt.ItemDataRole.ToolTipRole: _tip,
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
    Qt.ItemDataRole.AccessibleDescriptionRole: _spoken,
}
